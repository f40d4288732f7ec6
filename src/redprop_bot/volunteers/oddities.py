"""Odd patterns in the points, shown to the secretary with the evidence; nothing is taken back by itself.

More hours than the time could hold, points by a hand for itself, the same entered again and again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from redprop_bot.notify import outbox
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.registry.register import register
from redprop_bot.rules.points import ByHand, Presence, clusters, crowded
from redprop_bot.store import people, points
from redprop_bot.store.tables import Timer
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers.ledger import WATCH


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something to look at, in words, and whose it is to look."""

    community_id: int | None
    line: str


def between(tx: Tx, since: datetime, until: datetime) -> list[Oddity]:
    """What is odd about what happened between two moments."""
    return [*_crowded(tx, since, until), *_one_handed(tx, since, until), *_clusters(tx, since, until)]


def _crowded(tx: Tx, since: datetime, until: datetime) -> list[Oddity]:
    rows = points.times_between(tx, since - timedelta(hours=24), until)
    where = {row.no: row.community_id for row in rows}
    times = [Presence(row.person_id, row.came_at, row.left_at or row.ends_at, row.no) for row in rows]
    watch = tx.content.points.watch.hours_in
    within = timedelta(hours=watch.hours)
    found = []
    for person_id, inside in crowded(times, within=within, hours=watch.points_of_hours):
        if not any(since <= one.came < until for one in inside):
            continue
        known = people.named(tx, {person_id})
        name = (known[person_id].name if person_id in known else None) or RESIDENT_NAME
        evidence = "、".join(f"{one.what} {_clock(tx, one.came)}到{_clock(tx, one.left)}" for one in inside[:4])
        line = tx.content.replies.say("odd.hours", name=name, hours=str(watch.hours), evidence=evidence)
        found.append(Oddity(where[inside[0].what], line))
    return found


def _clock(tx: Tx, moment: datetime) -> str:
    local = moment.astimezone(tx.content.zone)
    return f"{local.day}日{local.hour}:{local.minute:02d}"


def _one_handed(tx: Tx, since: datetime, until: datetime) -> list[Oddity]:
    say = tx.content.replies.say
    entries = [
        Oddity(
            entry.community_id,
            say(
                "odd.hand",
                id=str(entry.id),
                by=entry.by_name,
                approved=entry.approved_by or "",
                reason=entry.reason,
            ),
        )
        for entry in points.one_handed(tx, since, until)
    ]
    own = [
        Oddity(row.community_id, say("odd.own", no=row.no, name=row.corrected_by))
        for row in points.own_corrections(tx, since, until)
    ]
    return [*entries, *own]


def _clusters(tx: Tx, since: datetime, until: datetime) -> list[Oddity]:
    asked = points.asked_between(tx, since, until)
    where = {(one.by_name, one.points, one.reason): one.community_id for one in asked}
    rows = [ByHand(one.at, one.by_name, one.points, one.reason) for one in asked]
    watch = tx.content.points.watch.identical
    found = []
    for first, number in clusters(rows, within=timedelta(minutes=watch.minutes), least=watch.entries):
        slots = {"by": first.by, "points": str(first.points), "reason": first.reason, "at": _clock(tx, first.at)}
        line = tx.content.replies.say("odd.same", number=str(number), minutes=str(watch.minutes), **slots)
        found.append(Oddity(where[first.by, first.points, first.reason], line))
    return found


def tell(tx: Tx, found: Sequence[Oddity], mark: str) -> None:
    """One message to the secretaries of each community, not to whom it is about."""
    for community_id in dict.fromkeys(one.community_id for one in found):
        lines = "\n".join(one.line for one in found if one.community_id == community_id)
        draft = outbox.Draft(
            key=f"points:odd:{mark}:{community_id}",
            message="points_odd",
            text=tx.content.replies.say("tell.points_odd", lines=lines[:1200]),
            link=f"{tx.content.address}/console/points",
        )
        outbox.queue(tx, [(person, draft) for person in register(tx).secretaries(community_id)])


def _watch(tx: Tx, timer: Timer) -> None:
    day = date.fromisoformat(str(timer.data["day"]))
    since = datetime.combine(day, time(0), tzinfo=tx.content.zone)
    tell(tx, between(tx, since, since + timedelta(days=1)), str(timer.data["day"]))


DO: Final[Mapping[str, Callable[[Tx, Timer], None]]] = {WATCH: _watch}
