"""群众点单: a matter becomes a demand at once, is joined to a neighbour's like report, or waits for its place."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from redprop_bot.errors import Invalid
from redprop_bot.loop.actor import RULE, Actor
from redprop_bot.loop.dispatch import answering_row, handed
from redprop_bot.loop.record import change, happened
from redprop_bot.registry.register import register
from redprop_bot.rules import deadlines, flow, roles
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands, events, messages, numbers
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand, Responsibility, Supporter
from redprop_bot.store.tx import Tx

TO_SECRETARY_FIRST = {"complaint", "mediation"}


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a new matter; codes of the taxonomy, keys of the register."""

    text: str
    reported_at: datetime
    intent: str = "demand.report"
    category: str | None = None
    urgency: str | None = None
    estate_id: int | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    place: str | None = None
    phone: str | None = None
    party: str | None = None
    community_id: int | None = None  # where it belongs when no place says so

    @property
    def is_emergency(self) -> bool:
        """Whether lives are at stake."""
        return self.urgency == "emergency"


@dataclass(frozen=True, slots=True)
class Ordered:
    """The outcome: the demand, and whether it was there before."""

    demand: Demand
    joined: bool = False  # a neighbour's like report was there first
    repeated: bool = False  # the same person said it again
    needs_estate: bool = False


def order(
    tx: Tx,
    actor: Actor,
    report: Report,
    *,
    reporter_id: int | None,
    ask_first: bool = False,
    first: bool = False,
) -> Ordered:
    """Take a report in. Nothing is ever lost here: whatever is unknown is asked afterwards.

    With `ask_first` the secretary looks before it is dispatched, unless lives are at stake. `first` says that the
    reporter has never reported anything, so that nothing need be looked for.
    """
    roles.require(Act.ORDER, actor.capacities(tx, None))
    if not report.text.strip():
        raise Invalid("missing", field="text")
    if reporter_id is not None:
        if not first and (again := _said_before(tx, report, reporter_id)):
            return Ordered(_repeat(tx, again, actor, report), repeated=True)
        if twin := _neighbours(tx, report, reporter_id):
            return Ordered(support(tx, twin, actor, reporter_id, report), joined=True)
    return _create(tx, actor, report, reporter_id, ask_first=ask_first and not report.is_emergency)


def _create(tx: Tx, actor: Actor, report: Report, reporter_id: int | None, *, ask_first: bool) -> Ordered:
    reg = register(tx)
    community_id = reg.community_of(report.estate_id) or report.community_id
    waits = report.estate_id is None and reg.only_estate is None and not report.is_emergency
    row = None
    if report.intent not in TO_SECRETARY_FIRST and not waits and not ask_first:
        row = answering_row(tx, category=report.category, estate_id=report.estate_id, text=report.text)
    happenings = [_ordered(actor, report, waits=waits, found=row is not None, ask_first=ask_first)]
    values = {
        "stage": Stage.NEW.value,
        "due_at": deadlines.due(
            tx.content.deadlines,
            tx.content.calendar,
            intent=report.intent,
            urgency=report.urgency,
            reported_at=report.reported_at,
        ),
    }
    if row is not None:
        given, happening = handed(tx, RULE, _Fresh(report), unit_id=row.unit_id, row=row)
        values |= given
        happenings.append(happening)
    demand = tx.insert(
        Demand,
        no=numbers.take(tx, "D", report.reported_at, tx.content.zone),
        community_id=community_id,
        estate_id=report.estate_id,
        building=report.building,
        unit=report.unit,
        room=report.room,
        place=report.place,
        intent=report.intent,
        category=report.category,
        urgency=report.urgency,
        text=report.text,
        phone=report.phone,
        party=report.party,
        reporter_id=reporter_id,
        reported_at=report.reported_at,
        created_at=tx.now,
        updated_at=tx.now,
        **values,
    )
    events.append(tx, demand, happenings)
    if waits:
        due = tx.content.deadlines.place_question.after(tx.now, tx.content.calendar)
        messages.plan(tx, f"place:{demand.no}", "place_wait", due, demand.id)
    return Ordered(demand, needs_estate=report.estate_id is None and reg.only_estate is None)


def _ordered(actor: Actor, report: Report, *, waits: bool, found: bool, ask_first: bool) -> Happening:
    if report.intent in TO_SECRETARY_FIRST:
        name = "complained"
    elif ask_first:
        name = "asked_first"
    elif found:
        name = "ordered"
    elif waits:
        name = "questioned"
    else:
        name = "alarmed_unplaced" if report.is_emergency else "unplaced"
    return happened(name, Act.ORDER, actor, report.text[:200])


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A report seen as the demand it is about to be, for the step that hands it to a unit."""

    report: Report
    handler_id: None = None
    former_id: None = None
    assignee_id: None = None
    dispatches: int = 0
    transfers: int = 0
    complex: bool = False

    @property
    def intent(self) -> str:
        return self.report.intent

    @property
    def urgency(self) -> str | None:
        return self.report.urgency

    @property
    def reported_at(self) -> datetime:
        return self.report.reported_at


# -- the same matter said twice


def _said_before(tx: Tx, report: Report, reporter_id: int) -> Demand | None:
    """An open demand of the same person for the same matter: alarms within minutes, like words within days."""
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
                return known
        elif known.stage != Stage.DONE and _words_alike(report.text, known.text):
            return known
    return None


def _words_alike(one: str, other: str, share: float = 0.7) -> bool:
    a, b = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one.strip(), other.strip()))
    return one.strip() == other.strip() or bool(a and b and len(a & b) / len(a | b) >= share)


def _repeat(tx: Tx, demand: Demand, actor: Actor, report: Report) -> Demand:
    return change(
        tx, demand, happened("supplemented", Act.SUPPLEMENT, actor, report.text[:200]), **_filled(demand, report)
    )


def _filled(demand: Demand, report: Report) -> dict[str, object]:
    names = ("building", "unit", "room", "place", "phone")
    return {n: getattr(report, n) for n in names if getattr(report, n) and not getattr(demand, n)}


def _neighbours(tx: Tx, report: Report, reporter_id: int) -> Demand | None:
    """Another resident's open report of the same shared thing at the same place."""
    joining = tx.content.joining
    if report.intent != "demand.report" or report.category not in joining.shared or report.estate_id is None:
        return None
    limits = tx.content.limits
    since = tx.now - (
        timedelta(minutes=limits.repeat_minutes) if report.is_emergency else timedelta(hours=limits.support_hours)
    )
    for twin in demands.alike(
        tx, estate_id=report.estate_id, category=report.category, building=report.building, since=since
    ):
        if twin.reporter_id != reporter_id and _same_matter(tx, twin, report):
            return twin
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
        return _words_alike(report.text, twin.text, 0.4)
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


def place(tx: Tx, demand: Demand, actor: Actor, report: Report) -> Demand:
    """The answer to "where?": completes the demand, and gives it to whoever answers for it there."""
    estate_id = report.estate_id or demand.estate_id
    found: dict[str, object] = {**_filled(demand, report), "estate_id": estate_id}
    if demand.estate_id is None:
        found["community_id"] = register(tx).community_of(estate_id)
    note = "、".join(str(v) for k, v in found.items() if k in ("building", "unit", "room", "place"))
    if estate_id is None:
        return change(tx, demand, happened("placed", Act.SUPPLEMENT, actor, note), **found)
    messages.cancel(tx, f"place:{demand.no}")
    row = _row_there(tx, demand, estate_id)
    values: dict[str, object] = {}
    if row is not None:
        values, given = handed(tx, RULE, demand, unit_id=row.unit_id, row=row)
        told = [happened("answered", Act.SUPPLEMENT, actor, note), given]
    elif demand.stage == Stage.NEW and demand.intent not in TO_SECRETARY_FIRST:
        name = "alarmed_unplaced" if demand.urgency == "emergency" else "unplaced"
        told = [happened(name, Act.SUPPLEMENT, actor, note)]
    else:
        told = [happened("placed", Act.SUPPLEMENT, actor, note)]
    if demand.urgency == "emergency" and demand.estate_id is None and demand.stage != Stage.NEW:
        told.append(happened("alarm_spread", Act.SUPPLEMENT, actor, note))  # the people there know only now
    return change(tx, demand, *told, **(found | values))


def _row_there(tx: Tx, demand: Demand, estate_id: int) -> Responsibility | None:
    """The row by which the demand goes to a unit now that its estate is known; None when it stays where it is."""
    if demand.intent in TO_SECRETARY_FIRST or not flow.can(Act.DISPATCH, demand.stage):
        return None
    if demand.stage != Stage.NEW and demand.estate_id is not None:
        return None
    row = answering_row(tx, category=demand.category, estate_id=estate_id, text=demand.text)
    return None if row is None or row.unit_id == demand.handler_id else row


def with_estate(report: Report, estate_id: int | None) -> Report:
    """The same report at this estate."""
    return replace(report, estate_id=estate_id)
