"""社区工作者考核: from what happened to the facts of each worker. Nothing is entered by hand, nothing is weighed.

A complaint is nobody's praise or blame here: what residents say of orders counts for plain ones alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.appraise.workers import named
from redprop_bot.rules.flow import CONTENT_STARS, Act
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.rules.workers import Fact, Figure
from redprop_bot.store import worker_facts as rows
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker_facts import Asked

_WORK: Final = frozenset(
    {
        *(Act.DISPATCH, Act.ASSIGN, Act.ACCEPT, Act.PROGRESS, Act.FULFIL, Act.GRANT, Act.PAUSE, Act.RESUME),
        *(Act.REOPEN, Act.MERGE, Act.ESCALATE, Act.CORRECT, Act.CLOSE, Act.URGE),
    }
)
"""Acts by which somebody deals with an order."""
_TENDED: Final = "tended"  # the same by who was there, in words
_LOOKED: Final = _WORK | {Act.ORDER, Act.RETURN, Act.EXTEND, Act.SUPPLEMENT}
_ANSWERS: Final = frozenset({"granted", "extension_refused"})
_MINUTE: Final = timedelta(minutes=1)

Facts = dict[int, dict[Figure, list[Fact]]]
"""By person and figure."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating of an order that a worker dealt with; `note` are the words as they were said."""

    at: datetime
    demand_id: int
    by_name: str
    stars: int
    note: str


@dataclass(frozen=True, slots=True)
class Praised:
    """Praise that names a worker."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Found:
    """What happened in a span: facts, ratings and praise by person."""

    facts: Facts
    ratings: Mapping[int, Sequence[Rated]]
    praise: Mapping[int, Sequence[Praised]]


def found(tx: Tx, asked: Asked, called: Mapping[int, Sequence[str]]) -> Found:
    """Everything about these people; `called` are the names by which residents praise each of them."""
    facts: Facts = {key: defaultdict(list) for key in asked.people}
    for row in rows.visits(tx, asked):
        facts[row.worker_id][Figure.VISITS].append(Fact(row.at))
        facts[row.worker_id][Figure.HOUSEHOLDS].append(Fact(row.at, row.households))
    for figure, held in (
        (Figure.MEETINGS, rows.meetings(tx, asked)),
        (Figure.ACTIVITIES, rows.activities(tx, asked)),
    ):
        for row in held:
            facts[row.by_id][figure].append(Fact(row.at))
    for row in rows.calls(tx, asked):
        taken = _minutes(row.called_at, row.received_at) if row.received_at is not None else None
        facts[row.person_id][Figure.ALARMS].append(Fact(row.called_at, 1, taken, taken is not None))
    ratings = _orders(tx, asked, facts)
    praise: dict[int, list[Praised]] = defaultdict(list)
    for row in rows.praise(tx, asked):
        for key in sorted(named(row.text, called) & set(asked.people)):
            praise[key].append(Praised(row.at, row.text))
            facts[key][Figure.PRAISE].append(Fact(row.at))
    return Found(facts, ratings, praise)


def _orders(tx: Tx, asked: Asked, facts: Facts) -> dict[int, list[Rated]]:
    """What they did with orders; gives the ratings of those that each dealt with."""
    steps, reminded, rated = rows.steps(tx, asked), rows.reminders(tx, asked), rows.ratings(tx, asked)
    ids = [row.subject_id for row in (*steps, *rated)] + [row.demand_id for row in reminded]
    past = rows.histories(tx, ids, _LOOKED)
    for step in steps:
        before = [one for one in past.get(step.subject_id, ()) if one.id < step.id]
        for figure, fact in _of_step(tx, step, before):
            facts[step.by_id][figure].append(fact)
    within = timedelta(hours=tx.content.workers.terms.heeded_hours)
    for row in reminded:
        met = any(
            one.by_id == row.person_id and row.at < one.at <= row.at + within
            for one in past.get(row.demand_id, ())
            if _deals(one)
        )
        facts[row.person_id][Figure.HEEDED].append(Fact(row.at, met=met))
    ratings: dict[int, list[Rated]] = defaultdict(list)
    for row in rated:
        if row.intent in CONFIDENTIAL:
            continue
        stars = int(row.data.get("stars", 0))
        for key in _who(past.get(row.subject_id, ()), asked, but=row.by_id):
            facts[key][Figure.RATED].append(Fact(row.at, met=stars >= CONTENT_STARS))
            ratings[key].append(Rated(row.at, row.subject_id, row.by_name, stars, row.note))
    return ratings


def _of_step(tx: Tx, step: Any, before: Sequence[Any]) -> Iterable[tuple[Figure, Fact]]:
    if step.act == Act.ORDER:
        if any(one.act == Act.ORDER for one in before):
            return  # it was set right into a complaint
        yield Figure.ENTERED, Fact(step.at)
    elif step.act == Act.DISPATCH:
        yield Figure.DISPATCHED, Fact(step.at, minutes=_waited(tx, step, before))
    elif step.name in _ANSWERS:
        asked = next((one.at for one in reversed(before) if one.act == Act.EXTEND), None)
        yield Figure.ANSWERED, Fact(step.at, minutes=_worked(tx, asked, step.at))
    if (
        step.urgency == "emergency"
        and _deals(step)
        and not any(one.by_id == step.by_id and _deals(one) for one in before)
    ):
        yield Figure.ALARMS, Fact(step.at, 1, _minutes(step.reported_at, step.at), met=True)


def _deals(step: Any) -> bool:
    return step.act in _WORK or step.name == _TENDED


def _waited(tx: Tx, step: Any, before: Sequence[Any]) -> int | None:
    """How long it waited for somebody to send it; a unit that is only changed for another kept nobody waiting."""
    last = next((one for one in reversed(before) if one.act in (Act.DISPATCH, Act.RETURN)), None)
    if last is None:
        return _worked(tx, step.reported_at, step.at)
    return _worked(tx, last.at, step.at) if last.act == Act.RETURN else None


def _who(past: Iterable[Any], asked: Asked, *, but: int | None) -> list[int]:
    """Who of these people entered or dealt with an order; nobody rates themselves."""
    hands = {one.by_id for one in past if one.act == Act.ORDER or _deals(one)}
    return [key for key in asked.keys if key in hands and key != but]


def _worked(tx: Tx, begin: datetime | None, end: datetime) -> int | None:
    """Minutes of working time."""
    return max(0, tx.content.calendar.between(begin, end) // _MINUTE) if begin is not None else None


def _minutes(begin: datetime, end: datetime) -> int:
    return max(0, (end - begin) // _MINUTE)
