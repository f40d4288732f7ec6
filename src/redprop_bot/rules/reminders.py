"""When an order is looked at again: the moments of its reminders and of the ladder, from rules that are data.

Pure rules: no I/O and no clock of its own. Which clocks an order has lives in `spans`; how rules are read from
their files, in `reminder_table`; who is told how, in `notify`; what is done, in `loop`.

    Rule ── clock of the order (start, due) ──▶ Occasion (rule, due, turn) at a moment ──▶ fired once, ever

What has its moment in the past:
- a warning (`50%`, `due-24h`, `start+10min`) whose moment is not after the order's last step (`clocked_at`) does
  not happen: that step has just told the date;
- a warning about a due moment that has passed does not happen either;
- everything else (`due`, `due+1wd`, counts) happens late rather than never, also when it was past from the start.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from redprop_bot.rules.deadlines import LEVELS, UNIT_HOURS, ClockKind, Duration, Level, level
from redprop_bot.rules.flow import RUNNING, Stage
from redprop_bot.rules.spans import ClockName, Order, Span, Time, span
from redprop_bot.rules.telling import Audience, Weight
from redprop_bot.rules.workdays import WorkCalendar, utc


class Anchor(StrEnum):
    """What a moment is counted from."""

    START = "start"
    PERCENT = "percent"
    BEFORE = "before"
    DUE = "due"


class Deed(StrEnum):
    """What the ladder does besides telling."""

    NOTICE = "notice"  # 催办通知: stands in the history of the order
    ESCALATE = "escalate"  # tabled for the street's joint meeting


@dataclass(frozen=True, slots=True)
class When:
    """A moment of a clock: `start+10min`, `50%`, `due-24h`, `due`, `due+1wd`; `counted` where not by the level."""

    anchor: Anchor
    amount: Duration | None = None
    percent: float = 0
    counted: ClockKind | None = None

    @property
    def warns(self) -> bool:
        """Whether it comes before the clock has run out, as a rule."""
        return self.anchor != Anchor.DUE


@dataclass(frozen=True, slots=True)
class Recipient:
    """One audience of a rule, with its message `remind.<message>` and the buttons of its card."""

    to: Audience
    message: str
    buttons: tuple[str, ...] = ()
    weight: Weight = Weight.PLAIN


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `data/reminders/` or `data/ladder/`; `name` is what is remembered as fired."""

    name: str
    tell: tuple[Recipient, ...]
    clock: ClockName = ClockName.SOLVE
    levels: tuple[Level, ...] = LEVELS
    when: When = When(Anchor.DUE)
    every: Duration | None = None
    times: int = 1
    idle: bool = False  # only as long as nobody has accepted it or told any progress
    deed: Deed | None = None
    reason: str = ""
    reworks: int = 0  # a counted rule: as soon as so many are reached, and at each further one
    transfers: int = 0

    @property
    def counts(self) -> bool:
        """Whether it hangs on a number instead of a clock."""
        return bool(self.reworks or self.transfers)

    def reached(self, *, reworks: int, transfers: int) -> int:
        """The number that a counted rule hangs on, once it is large enough; 0 before."""
        number, least = (reworks, self.reworks) if self.reworks else (transfers, self.transfers)
        return number if number >= least else 0


Key = tuple[str, datetime, int]
"""What a firing is remembered by, for one order: the name of the rule, the due moment, the turn."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One firing of a rule: happens once for each (order, rule name, due, turn)."""

    rule: Rule
    due: datetime
    turn: int
    at: datetime

    @property
    def key(self) -> Key:
        """What it is remembered by, for its order."""
        return self.rule.name, self.due, self.turn


class _Clocks:
    """The clocks of one order, each worked out once: a dozen rules hang on the same few."""

    __slots__ = ("_spans", "level", "order", "time", "usual")

    def __init__(self, order: Order, time: Time) -> None:
        self.order, self.time = order, time
        self.level = level(order.intent, order.urgency)
        self.usual = time.counted(order)
        self._spans: dict[ClockName, Span | None] = {}

    def span(self, name: ClockName) -> Span | None:
        if name not in self._spans:
            self._spans[name] = span(name, self.order, self.time)
        return self._spans[name]


def occasions(rule: Rule, order: Order, time: Time) -> Iterator[Occasion]:
    """Everything that a rule has in store for an order as it stands, in order of time, fired or not."""
    return _in_store(rule, _Clocks(order, time))


def _in_store(rule: Rule, clocks: _Clocks) -> Iterator[Occasion]:
    if clocks.level not in rule.levels:
        return
    if rule.counts:
        yield from _counted(rule, clocks.order)
        return
    running = clocks.span(rule.clock)
    if running is None:
        return
    kind, since = rule.when.counted or clocks.usual, clocks.order.clocked_at
    at = _moment(rule.when, running, clocks.time.calendar, kind)
    for turn in range(rule.times):
        if not (rule.when.warns and since is not None and at <= since):
            yield Occasion(rule, running.due, turn, at)
        if rule.every is not None and turn + 1 < rule.times:
            at = rule.every.after(at, clocks.time.calendar, kind)


def _counted(rule: Rule, order: Order) -> Iterator[Occasion]:
    number = rule.reached(reworks=order.reworks, transfers=order.transfers)
    if number and order.stage in RUNNING and order.stage != Stage.TABLED:
        # the report never changes: one firing for each number reached
        yield Occasion(rule, utc(order.reported_at), number, utc(order.clocked_at or order.created_at))


def _moment(when: When, running: Span, calendar: WorkCalendar, kind: ClockKind) -> datetime:
    if when.anchor == Anchor.PERCENT and running.due <= running.start:
        return running.due  # over before it began: there is no share of it
    if when.anchor == Anchor.PERCENT:
        if kind == "calendar":
            return running.start + (running.due - running.start) * when.percent / 100
        return calendar.add(running.start, calendar.between(running.start, running.due) * when.percent / 100)
    if when.amount is None:
        return running.due
    if when.anchor == Anchor.START:
        return when.amount.after(running.start, calendar, kind)
    if when.anchor == Anchor.BEFORE:
        return _before(when.amount, running.due, calendar, kind)
    return when.amount.after(running.due, calendar, kind)


def _before(amount: Duration, due: datetime, calendar: WorkCalendar, kind: ClockKind) -> datetime:
    if amount.unit == "wd":
        return calendar.subtract(due, calendar.day_length * amount.amount)
    hours = timedelta(hours=amount.amount * UNIT_HOURS[amount.unit])
    return calendar.subtract(due, hours) if kind == "working" and amount.unit != "d" else due - hours


def upcoming(rules: tuple[Rule, ...], order: Order, time: Time, *, done: Container[Key] = ()) -> datetime | None:
    """The earliest moment of anything that is not in `done` (keys of occasions), past or to come; or None."""
    clocks = _Clocks(order, time)
    earliest = None
    for rule in rules:
        if clocks.level in rule.levels and (rule.counts or clocks.span(rule.clock) is not None):
            first = next((o.at for o in _in_store(rule, clocks) if not done or o.key not in done), None)
            if first is not None and (earliest is None or first < earliest):
                earliest = first
    return earliest


def matured(
    rules: tuple[Rule, ...], order: Order, time: Time, *, now: datetime, done: Container[Key] = ()
) -> list[Occasion]:
    """What is due by `now` and not in `done`, in order of time."""
    clocks = _Clocks(order, time)
    found = [o for rule in rules for o in _in_store(rule, clocks) if o.at <= now and o.key not in done]
    return sorted(found, key=lambda o: o.at)


def worth_telling(found: list[Occasion], now: datetime) -> list[Occasion]:
    """Of what is due at once, what is still worth a word: each rule's last turn, no warning of what has passed."""
    last = {o.rule.name: o for o in found}
    early = (Anchor.PERCENT, Anchor.BEFORE)
    return [o for o in last.values() if o.rule.counts or o.rule.when.anchor not in early or now < o.due]


def rank(order: Order) -> int:
    """The place of an order's level, the most urgent first."""
    return LEVELS.index(level(order.intent, order.urgency))


def weight(recipient: Recipient, order: Order) -> Weight:
    """How it behaves at night: only danger and what is urgent may wake anybody, and never a resident."""
    if recipient.to == Audience.REPORTERS or level(order.intent, order.urgency) not in ("red", "orange"):
        return Weight.PLAIN
    return recipient.weight
