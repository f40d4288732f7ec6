"""Accounting for every promise of the simulated quarter, from what was seen of each order and not from the rules.

    seen: (moment, stage, due moment, sweeps so far) after every step      swept: the moments of all sweeps
    a due moment is broken when a sweep finds the order running past it; one, five working days later likewise

What the sweeps have noted, done and told is held against that, both ways.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from redprop_bot.content import Content
from redprop_bot.rules.flow import RUNNING, Stage
from redprop_bot.rules.quiet import is_quiet, not_before
from redprop_bot.rules.telling import Weight
from redprop_bot.store.tables import Demand, Event, Nudge, Outbox, Reminder
from redprop_bot.store.tx import Tx

Seen = tuple[datetime, str, datetime | None, int]
Mark = tuple[int, datetime, datetime]  # order, due moment, when


@dataclass
class Watch:
    """What was seen of the quarter while it went by."""

    content: Content
    seen: dict[int, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    swept: list[datetime] = field(default_factory=list)

    def note(self, at: datetime, demand: Demand) -> None:
        """An order after a step."""
        self.seen[demand.id or 0].append((at, demand.stage, demand.due_at, len(self.swept)))

    # -- what must have happened

    def late_by(self, days: float) -> set[Mark]:
        """Every due moment that some sweep found passed by so many working days, with the first such sweep."""
        found: dict[tuple[int, datetime], datetime] = {}
        for order, steps in self.seen.items():
            ends = [*(after[3] for after in steps[1:]), len(self.swept)]
            for (_at, stage, due, begin), end in zip(steps, ends, strict=True):
                if due is None or stage not in RUNNING:
                    continue
                passed = due if not days else self.content.calendar.add_days(due, days)
                place = max(bisect_left(self.swept, passed), begin)
                if place < end:
                    first = found.get((order, due))
                    found[order, due] = min(self.swept[place], first) if first else self.swept[place]
        return {(order, due, at) for (order, due), at in found.items()}

    def kept(self) -> int:
        """How many due moments were kept: told once, and nobody had to be told of them again."""
        known = {
            (order, due) for order, steps in self.seen.items() for _at, _stage, due, _n in steps if due is not None
        }
        return len(known) - len(self.late_by(0))

    def stage_at(self, order: int, at: datetime) -> str:
        """The stage that the first sweep of a moment found."""
        place = bisect_left(self.swept, at)
        steps = [stage for _when, stage, _due, swept in self.seen[order] if swept <= place]
        return steps[-1] if steps else Stage.NEW

    # -- what did happen

    def faults(self, tx: Tx) -> list[str]:
        """Everything that does not add up; empty when every promise is accounted for."""
        letters = [row for row in tx.list(Outbox) if row.state in ("sent", "merged", "waiting")]
        left = [row for row in tx.list(Nudge) if row.ripe_at <= self.swept[-1]]
        found = self.held_against(tx.list(Reminder), tx.list(Event), letters)
        return [*found, *(f"something is left to be said: {row.rule}" for row in left)]

    def held_against(self, marks: list[Reminder], events: list[Event], letters: list[Outbox]) -> list[str]:
        """The same for what is said to have fired, been done and been told."""
        return [
            *self._marks(marks),
            *self._deeds(marks, events),
            *self._told(marks, letters),
            *self._night(letters),
            *self._twice(marks, letters),
        ]

    def _marks(self, marks: list[Reminder]) -> list[str]:
        found = []
        for rule, days in (("overdue", 0), ("notice", 1), ("climb", 5)):
            must = self.late_by(days)
            has = {(row.demand_id, row.due_at, row.at) for row in marks if row.rule == rule}
            found += [f"{rule} of order {o} due {d} did not fire at {at}" for o, d, at in sorted(must - has)]
            found += [
                f"{rule} of order {o} due {d} fired at {at} and should not" for o, d, at in sorted(has - must)
            ]
        return found

    def _deeds(self, marks: list[Reminder], events: list[Event]) -> list[str]:
        """A written notice for each notice, a tabling for each climb, unless it was on the table already."""
        done = {name: Counter(e.subject_id for e in events if e.name == name) for name in ("noticed", "climbed")}
        must: dict[str, Counter[int]] = {"noticed": Counter(), "climbed": Counter()}
        climbed: set[tuple[int, datetime]] = set()
        deeds = {"notice": "noticed", "climb": "climbed", "climb_reworks": "climbed", "climb_transfers": "climbed"}
        for row in sorted(marks, key=lambda row: (row.at, row.id)):
            name = deeds.get(row.rule)
            tabled = name and (
                self.stage_at(row.demand_id, row.at) == Stage.TABLED or (row.demand_id, row.at) in climbed
            )
            if name and not tabled:
                must[name][row.demand_id] += 1
                if name == "climbed":
                    climbed.add((row.demand_id, row.at))
        return [
            f"order {order}: {name} {done[name][order]} times instead of {must[name][order]}"
            for name in must
            for order in sorted(must[name].keys() | done[name].keys())
            if done[name][order] != must[name][order]
        ]

    def _told(self, marks: list[Reminder], letters: list[Outbox]) -> list[str]:
        """Of every broken promise somebody heard within the day, unless it was mended before the morning."""
        limits, zone = self.content.limits, self.content.zone
        heard = sorted(row.created_at for row in letters if "remind:" in row.key)
        found = []
        for row in marks:
            if row.rule != "overdue":
                continue
            ripe = not_before(row.at, Weight.PLAIN, zone, limits.quiet_from, limits.quiet_until)
            stage = [stage for when, stage, _due, _n in self.seen[row.demand_id] if when <= ripe][-1]
            place = bisect_left(heard, row.at)
            in_time = place < len(heard) and heard[place] <= ripe + timedelta(days=3, hours=1)
            if stage in RUNNING and not in_time:
                found.append(f"nobody was told that order {row.demand_id} is late since {row.due_at}")
        return found

    def _night(self, letters: list[Outbox]) -> list[str]:
        limits, zone = self.content.limits, self.content.zone
        return [
            f"{row.message} left at night: {row.sent_at}"
            for row in letters
            if row.sent_at is not None
            and row.weight == Weight.PLAIN
            and is_quiet(row.sent_at, zone, limits.quiet_from, limits.quiet_until)
        ]

    @staticmethod
    def _twice(marks: list[Reminder], letters: list[Outbox]) -> list[str]:
        fired = Counter((row.demand_id, row.rule, row.due_at, row.turn) for row in marks)
        found = [f"fired {n} times: {what}" for what, n in fired.items() if n > 1]
        said: dict[tuple[str, str], datetime] = {}
        for row in sorted((row for row in letters if "remind:" in row.key), key=lambda row: row.created_at):
            last = said.get(what := (row.receiver, str(row.payload)))
            if last is not None and row.created_at - last < timedelta(minutes=9):
                found.append(f"said twice in a breath: {what}")
            said[what] = row.created_at
        return found
