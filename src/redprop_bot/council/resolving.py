"""决议: what was decided becomes an order with a unit and a date or a measure of a project, or is answered.

A tabled order is handed back to work; a matter that nobody has reported becomes an order by the decision. Nothing
is half done: what does not fit is refused before anything is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from redprop_bot.content.codes import CATEGORIES
from redprop_bot.council import agenda, into_project
from redprop_bot.council.chair import Chair, led
from redprop_bot.council.convening import kind_of
from redprop_bot.council.into_project import Plan, Wish
from redprop_bot.council.ourselves import Own, own_meant
from redprop_bot.errors import Conflict, Invalid, NotFound
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.arrange import close
from redprop_bot.loop.entrust import entrust, hand_over, keep
from redprop_bot.loop.helping import beside, charged
from redprop_bot.loop.record import held, needed, optional
from redprop_bot.loop.report import Report
from redprop_bot.registry.register import Register, register
from redprop_bot.rules import flow
from redprop_bot.rules.roles import Capacity
from redprop_bot.store import demands, events, meetings
from redprop_bot.store.tables import Decided, Demand, Meeting, Organisation, Resolution
from redprop_bot.store.tx import Tx

TEXT: Final = 300
FARTHEST: Final = timedelta(days=3 * 366)
MOST: Final = 100
"""Orders that one resolution may be about."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. `answer`: what was said on the spot; then nobody need do anything.

    plain: nobody need do anything either, as with 暂不收费; orders stay as they are. demands: numbers. handler: a
    unit, the community, the street or one of their people. helpers: names. vote: the number of the question by
    which it was decided. project: number or title of the project of which it becomes a measure, owned by `owner`,
    else by the handler.
    """

    text: str
    demands: Sequence[str] = ()
    handler: str | None = None
    helpers: Sequence[str] = ()
    due_at: datetime | None = None
    answer: str | None = None
    category: str | None = None
    vote: int | None = None
    project: str | None = None
    owner: str | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True)
class _Task:
    """Who has to do what was decided, and by when; where nobody is named nobody has to."""

    unit: Organisation | None = None
    helpers: Sequence[Organisation] = ()
    due_at: datetime | None = None
    plan: Plan | None = None
    own: Own | None = None
    plain: bool = False

    @property
    def kind(self) -> str:
        if self.plan is not None:
            return "measure"
        if self.plain:
            return "noted"
        return "assigned" if self.unit is not None or self.own is not None else "answered"


def resolve(tx: Tx, meeting: Meeting, chair: Chair, decision: Decision) -> Resolution:
    """Write a resolution down and set it to work. Raises Forbidden, Invalid, NotFound, Conflict."""
    meeting = led(tx, meeting, chair)
    assert meeting.id is not None
    text = needed(decision.text, "text")
    if len(text) > TEXT:
        raise Invalid("too_long", field="text", limit=TEXT)
    if decision.category is not None and decision.category not in CATEGORIES:
        raise Invalid("category", field="category")
    orders = _orders(tx, meeting, decision.demands)
    task = _task(tx, meeting, chair, decision, orders)
    vote_id = _vote(tx, meeting, decision.vote)
    meeting = agenda.opened(tx, meeting)
    number = meetings.next_number(tx, meeting.id or 0)
    row = tx.insert(
        Resolution,
        meeting_id=meeting.id,
        community_id=meeting.community_id,
        number=number,
        kind=task.kind,
        text=text,
        handler_id=task.unit.id if task.unit else None,
        helpers=[one.id for one in task.helpers],
        due_at=task.due_at,
        vote_id=vote_id,
        measure_id=into_project.enter(tx, chair, task.plan, text, task.helpers).id if task.plan else None,
        by_name=chair.actor.name,
        at=tx.now,
    )
    for order in [] if task.plain else orders:
        _link(tx, row, order)
    if task.kind == "answered":
        for order in orders:
            close(tx, held(tx, order), as_chair(chair), reason="solved", note=optional(decision.answer, "answer"))
    elif task.own is not None and task.due_at is not None:
        report = _report(tx, meeting, row, decision.category)
        made = keep(tx, as_chair(chair), report, task.own.keeper, due_at=task.due_at)
        _link(tx, row, made, made=True)
        beside(tx, made, task.helpers)
        charged(tx, made, task.own.people, title=meeting.title, but=chair.actor.person_id)
    elif task.unit is not None and task.due_at is not None:  # else it is somebody's measure, about no order
        work = _Work(meeting, row, as_chair(chair), task.unit, task.helpers, task.due_at, task.plan)
        work.begin(tx, orders, decision.category)
    data = {"number": number, "unit": task.unit.name if task.unit else ""}
    events.note(
        tx,
        "meeting",
        meeting.id or 0,
        "resolved",
        by=chair.actor.name,
        data=data,
        community_id=meeting.community_id,
    )
    return row


def as_chair(chair: Chair) -> Actor:
    """Whoever leads the meeting, for its orders: what it decides is the community's word, also in the street's."""
    return Actor(chair.actor.name, chair.actor.person_id, None, lambda _tx, _demand: {Capacity.SECRETARY})


def unit_meant(reg: Register, name: str) -> Organisation | None:
    """The unit that a name means: its own, or that of the only unit in which a person of this name works."""
    if unit := reg.organisation(name):
        return unit
    person = reg.person_named(name)
    posts = reg.posts.get(person.id or 0, []) if person else []
    units = {post.organisation_id for post in posts if post.organisation_id is not None}
    return reg.organisations[units.pop()] if len(units) == 1 else None


def _task(tx: Tx, meeting: Meeting, chair: Chair, decision: Decision, orders: Sequence[Demand]) -> _Task:
    into = (decision.project or "").strip()
    if decision.answer is not None:
        needed(decision.answer, "answer")
        if into:
            raise Invalid("resolution_both", field="project")
        return _Task()
    if decision.plain:
        return _Task(plain=True)
    handler, owner = (decision.handler or "").strip(), (decision.owner or "").strip()
    if not handler and not (into and owner):
        raise Invalid("resolution_owner", field="handler")
    reg = register(tx)
    own = None if into or orders else own_meant(reg, meeting.community_id, handler)
    lead = unit_meant(reg, handler or owner) if own is None else None
    if lead is None and own is None and not into:
        raise Invalid("unknown_unit", field="handler", name=handler[:40])
    helpers = [one for one in _helpers(reg, decision.helpers) if lead is None or one.id != lead.id]
    if into:
        wish = Wish(into, handler, owner, decision.due_at, orders)
        plan = into_project.planned(tx, chair, meeting.community_id, wish, for_orders=lead)
        return _Task(plan.unit, helpers, plan.due_at, plan)
    begins = max(tx.now, meeting.starts_at)
    due = decision.due_at or tx.content.calendar.add_days(begins, kind_of(tx, meeting).resolve)
    if not tx.now < due <= tx.now + FARTHEST:
        raise Invalid("resolution_due", field="due_at")
    return _Task(lead, helpers, due, own=own)


def _helpers(reg: Register, names: Sequence[str]) -> list[Organisation]:
    found: dict[int | None, Organisation] = {}
    for name in names:
        unit = unit_meant(reg, name.strip())
        if unit is None:
            raise Invalid("unknown_unit", field="helpers", name=name[:40])
        found.setdefault(unit.id, unit)
    return list(found.values())


def _orders(tx: Tx, meeting: Meeting, numbers: Sequence[str]) -> list[Demand]:
    wanted = list(dict.fromkeys(no.strip() for no in numbers))
    if len(wanted) > MOST:
        raise Invalid("too_long", field="demands", limit=MOST)
    assert meeting.id is not None
    here, found = meetings.decided_here(tx, meeting.id), list[Demand]()
    for no in wanted:
        demand = demands.by_no(tx, no)
        if demand is None or meeting.community_id not in (None, demand.community_id):
            raise NotFound("no_demand", field="demands", no=no[:64])
        if demand.id in here:
            raise Conflict("decided_already", no=demand.no, meeting=meeting.no, field="demands")
        if not flow.is_open(demand.stage):
            raise Conflict("stage", no=demand.no, stage=demand.stage, act="dispatch", field="demands")
        found.append(demand)
    return found


def _vote(tx: Tx, meeting: Meeting, number: int | None) -> int | None:
    if number is None:
        return None
    vote = next((v for v in meetings.votes(tx, meeting.id or 0) if v.number == number), None)
    if vote is None:
        raise NotFound("no_vote", no=meeting.no, field="vote")
    if vote.state != "passed":
        raise Conflict("vote_not_passed", text=vote.text, field="vote")
    return vote.id


def _link(tx: Tx, row: Resolution, demand: Demand, *, made: bool = False) -> None:
    tx.insert(Decided, meeting_id=row.meeting_id, resolution_id=row.id, demand_id=demand.id, made=made)


@dataclass(frozen=True, slots=True)
class _Work:
    """What a resolution sets to work: who leads, who helps, by when, in whose name."""

    meeting: Meeting
    row: Resolution
    actor: Actor
    unit: Organisation
    helpers: Sequence[Organisation]
    due_at: datetime
    plan: Plan | None

    def begin(self, tx: Tx, orders: Sequence[Demand], category: str | None) -> None:
        """Hand the orders over; what nobody has reported and is no measure becomes an order."""
        for order in orders:
            self.hand_over(tx, order)
        if not orders and self.plan is None:
            _link(tx, self.row, self.make(tx, category), made=True)

    def note(self, tx: Tx) -> str:
        names = "、".join(unit.name for unit in self.helpers)
        into = self.plan.project.title if self.plan is not None else ""
        say = tx.content.replies.say
        return say("resolution.note", title=self.meeting.title, text=self.row.text, helpers=names, project=into)

    def hand_over(self, tx: Tx, order: Demand) -> None:
        given = hand_over(tx, order, self.actor, self.unit.id or 0, due_at=self.due_at, note=self.note(tx))
        beside(tx, given, self.helpers)

    def make(self, tx: Tx, category: str | None) -> Demand:
        report = _report(tx, self.meeting, self.row, category)
        made = entrust(tx, self.actor, report, self.unit.id or 0, due_at=self.due_at, note=self.note(tx))
        beside(tx, made, self.helpers)
        return made


def _report(tx: Tx, meeting: Meeting, row: Resolution, category: str | None) -> Report:
    """What was decided, as the report of an order."""
    reg, home = register(tx), meeting.community_id
    named = [e for name, e in reg.estate_names.items() if name in row.text]
    inside = [e for e in named if home in (None, e.community_id)]
    return Report(
        row.text,
        tx.now,
        category=category or "other",
        urgency="normal",
        community_id=home,
        estate_id=inside[0].id if inside else None,
        place=None if inside else reg.community_name(home),
    )
