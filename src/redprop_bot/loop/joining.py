"""The same matter said twice: by the same person again, or by a neighbour who sees the same thing."""

from collections.abc import Iterator
from datetime import timedelta

from redprop_bot.loop.actor import Actor
from redprop_bot.loop.record import change, happened, held
from redprop_bot.loop.report import Report
from redprop_bot.rules.flow import RUNNING, Act
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand, Supporter
from redprop_bot.store.tx import Tx


def said_before(tx: Tx, report: Report, reporter_id: int) -> Demand | None:
    """An open demand of the same person for the same matter: alarms within minutes, like words within days."""
    return next((now for known in _said(tx, report, reporter_id) if (now := still_running(tx, known))), None)


def still_running(tx: Tx, demand: Demand) -> Demand | None:
    """The demand held, unless somebody has ended it since it was looked up: then this is a new matter."""
    now = held(tx, demand)
    return now if now.stage in RUNNING else None


def _said(tx: Tx, report: Report, reporter_id: int) -> Iterator[Demand]:
    limits = tx.content.limits
    since = tx.now - timedelta(hours=max(limits.support_hours, 1))
    for known in demands.of_person_since(tx, reporter_id, since):
        fresh = known.created_at >= tx.now - timedelta(minutes=limits.repeat_minutes)
        same_place = not report.estate_id or not known.estate_id or report.estate_id == known.estate_id
        same_place = same_place and all(
            not a or not b or a == b for a, b in ((report.building, known.building), (report.unit, known.unit))
        )
        if known.intent != report.intent or not same_place:
            continue
        if known.category != report.category:
            continue
        if report.is_emergency:  # like words of yesterday may be a new danger: only minutes join alarms
            if fresh and known.urgency == "emergency":
                yield known
        elif words_alike(report.text, known.text):
            yield known


def words_alike(one: str, other: str, share: float = 0.7) -> bool:
    """Whether two reports are worded alike: the share of signs, two by two, that they have in common."""
    a, b = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one.strip(), other.strip()))
    return one.strip() == other.strip() or bool(a and b and len(a & b) / len(a | b) >= share)


def neighbours(tx: Tx, report: Report, reporter_id: int) -> Demand | None:
    """Another resident's open report of the same shared thing at the same place."""
    joining = tx.content.joining
    if report.intent != "demand.report" or report.category not in joining.shared or report.estate_id is None:
        return None
    demands.in_turn(tx, report.estate_id, report.category)
    limits = tx.content.limits
    since = tx.now - (
        timedelta(minutes=limits.repeat_minutes) if report.is_emergency else timedelta(hours=limits.support_hours)
    )
    for twin in demands.alike(
        tx, estate_id=report.estate_id, category=report.category, building=report.building, since=since
    ):
        if twin.reporter_id != reporter_id and _same_matter(tx, twin, report) and (now := still_running(tx, twin)):
            return now
    return None


def _same_matter(tx: Tx, twin: Demand, report: Report) -> bool:
    if twin.unit != report.unit or (report.building is None and (twin.place or None) != (report.place or None)):
        return False
    if report.is_emergency and twin.urgency != "emergency":
        return False  # an alarm is never folded into something calmer
    if report.building is None and report.place is None:
        return False  # nothing says that it is the same spot
    groups = tx.content.joining.words.get(report.category or "", ())
    if not groups:
        return words_alike(report.text, twin.text, 0.4)
    return any(any(w in report.text for w in g) and any(w in twin.text for w in g) for g in groups)


def support(tx: Tx, demand: Demand, actor: Actor, person_id: int, report: Report) -> Demand:
    """Join a resident to a demand as one more voice."""
    assert demand.id is not None
    added = tx.insert_new(Supporter, demand_id=demand.id, person_id=person_id, at=tx.now)
    if added is None:
        return change(tx, demand, happened("supplemented", Act.SUPPLEMENT, actor, report.text[:200]))
    return change(
        tx,
        demand,
        happened("supported", Act.SUPPLEMENT, actor, report.text[:200]),
        supporters=demand.supporters + 1,
    )
