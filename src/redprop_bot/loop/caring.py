"""各小区怎么管: of each estate kind, mode, company or caretaker, trial, open orders, what nobody has said.

A trial that ends soon, or is over, is told to the secretary once each: planned as timers whenever the register has
changed, done by the sweep of that day. What the register says by then goes first.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zlib import crc32

from redprop_bot.notify import outbox
from redprop_bot.registry.care import cared
from redprop_bot.registry.register import Register, register
from redprop_bot.registry.roster import CARES, ESTATE_KINDS
from redprop_bot.rules import care as rules
from redprop_bot.rules.care import Cared, Trial
from redprop_bot.rules.telling import Weight
from redprop_bot.store import care as rows
from redprop_bot.store import messages, numbers
from redprop_bot.store.tables import Estate, Timer
from redprop_bot.store.tx import Tx

KIND: Final = "care_trial"
PAGE: Final = "/console/care"
_PLANNED: Final = "care_trials"


@dataclass(frozen=True, slots=True)
class State:
    """How one estate is looked after, in words; what is not known is empty, and `unclear` says what that is."""

    estate: Estate
    cared: Cared
    kind: str
    mode: str
    taker: str
    until: date | None
    days: int | None
    open: int
    late: int
    unclear: str

    @property
    def bare(self) -> bool:
        """Whether it has no property company, as far as the register says."""
        return self.cared.company is None

    @property
    def fallback(self) -> bool:
        """Whether a caretaker takes what is reported there."""
        return bool(self.taker) or self.cared.care == rules.Care.FALLBACK


def states(tx: Tx, communities: Collection[int] | None) -> list[State]:
    """Every estate of these communities, of all with None; those of which something is unclear first."""
    reg = register(tx)
    mine = [e for e in reg.estates.values() if communities is None or e.community_id in communities]
    counts = rows.open_at(tx, [key for e in mine if (key := e.id) is not None])
    found = [_state(tx, reg, estate, counts.get(estate.id or 0, (0, 0))) for estate in mine]
    return sorted(found, key=lambda one: (not one.unclear, one.estate.community_id, one.estate.id or 0))


def _state(tx: Tx, reg: Register, estate: Estate, counts: tuple[int, int]) -> State:
    one = cared(reg, estate)
    taker, unclear = one.taker() or "", one.unclear()
    if taker and taker not in reg.organisation_names:
        unclear = "taker_gone"
    today = tx.now.astimezone(tx.content.zone).date()
    say = tx.content.replies.say
    return State(
        estate=estate,
        cared=one,
        kind=ESTATE_KINDS.get(estate.kind, estate.kind),
        mode=CARES.get(one.care or "", ""),
        taker=taker,
        until=one.trial_until,
        days=(one.trial_until - today).days if one.trial_until else None,
        open=counts[0],
        late=counts[1],
        unclear=say(f"care.unclear.{unclear}", taker=taker, company=one.company or "") if unclear else "",
    )


def slots(tx: Tx, state: State) -> dict[str, Any]:
    """What messages and lists say of it."""
    say = tx.content.replies.say
    return {
        "estate": state.estate.name,
        "kind": state.kind,
        "mode": state.mode,
        "keeper": say("care.keeper", company=state.cared.company or "", taker=state.taker),
        "trial": _trial(tx, state),
        "open": str(state.open),
        "late": str(state.late),
        "nobody": say("care.nobody") if state.bare and not (state.taker or state.unclear) else "",
        "unclear": state.unclear,
        "link": f"{tx.content.address}{PAGE}",
    }


def line(tx: Tx, state: State) -> str:
    """The same in a line."""
    return "，".join(tx.content.replies.say("care.line", **slots(tx, state)).splitlines())


def _trial(tx: Tx, state: State) -> str:
    """试行到2026年12月31日，还有36天; empty where there is none."""
    if state.until is None or state.days is None:
        return ""
    day = f"{state.until.year}年{state.until.month}月{state.until.day}日"
    stands = "over" if state.days < 0 else "last_day" if state.days == 0 else "on"
    return tx.content.replies.say(f"care.on_trial.{stands}", until=day, days=str(abs(state.days)))


# -- the clock


def plan(tx: Tx) -> None:
    """Plan what is to be told of the trials of the register; one look where it is as it was."""
    terms, reg = tx.content.care, register(tx)
    mark = crc32(f"{reg.revision}:{terms.warn_days}:{terms.hour}".encode()) >> 1
    if numbers.revision(tx, _PLANNED) == mark:
        return
    numbers.put_revision(tx, _PLANNED, mark)
    for key, estate in reg.estates.items():
        if estate.trial_until is None:
            continue
        for trial, day in rules.told(date.fromisoformat(estate.trial_until), terms.warn_days).items():
            at = datetime.combine(day, time(terms.hour), tx.content.zone)
            data = {"until": estate.trial_until, "trial": trial.value}
            name = f"{KIND}:{key}:{estate.trial_until}:{trial}"
            messages.plan(tx, name, KIND, at, key, **data)
            messages.move(tx, name, at)


def _tell(tx: Tx, timer: Timer) -> None:
    """Tell the secretary, unless the register says something else by now."""
    reg, trial = register(tx), Trial(timer.data["trial"])
    estate = reg.estates.get(timer.subject_id or 0)
    if estate is None or estate.trial_until != timer.data["until"]:
        return
    today = tx.now.astimezone(tx.content.zone).date()
    if not rules.still(trial, date.fromisoformat(timer.data["until"]), today):
        return
    state = _state(tx, reg, estate, rows.open_at(tx, [estate.id or 0]).get(estate.id or 0, (0, 0)))
    say, known = tx.content.replies.say, slots(tx, state)
    known |= {"mode": state.mode or say("care.no_mode"), "keeper": known["keeper"] or say("care.no_keeper")}
    text = say(f"care.trial.{trial}", **known)
    draft = outbox.Draft(key=f"{timer.key}:told", message=f"care_trial_{trial}", text=text, weight=Weight.PLAIN)
    outbox.queue(tx, [(person, draft) for person in reg.secretaries(estate.community_id)])


DO: Final = {KIND: _tell}
