"""决议: what was decided becomes an order with a unit and a date, or is answered on the spot and closed.

A tabled order is handed back to work; a matter that nobody has reported becomes an order by the decision. Nothing
is half done: what does not fit is refused before anything is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from redprop_bot.content.codes import CATEGORIES
from redprop_bot.council import agenda
from redprop_bot.council.chair import Chair, led
from redprop_bot.council.convening import kind_of
from redprop_bot.errors import Conflict, Invalid, NotFound
from redprop_bot.loop.arrange import close
from redprop_bot.loop.entrust import entrust, hand_over
from redprop_bot.loop.record import held, needed, optional
from redprop_bot.loop.report import Report
from redprop_bot.registry.register import Register, register
from redprop_bot.rules import flow
from redprop_bot.store import demands, events, meetings
from redprop_bot.store.tables import Decided, Demand, Helper, Meeting, Organisation, Resolution
from redprop_bot.store.tx import Tx

TEXT: Final = 300
FARTHEST: Final = timedelta(days=3 * 366)
MOST: Final = 100
"""Orders that one resolution may be about."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. `answer`: what was said on the spot; then nobody need do anything.

    demands: numbers. handler, helpers: names. vote: the number of the question by which it was decided.
    """

    text: str
    demands: Sequence[str] = ()
    handler: str | None = None
    helpers: Sequence[str] = ()
    due_at: datetime | None = None
    answer: str | None = None
    category: str | None = None
    vote: int | None = None


def resolve(tx: Tx, meeting: Meeting, chair: Chair, decision: Decision) -> Resolution:
    """Write a resolution down and set it to work. Raises Forbidden, Invalid, NotFound, Conflict."""
    meeting = led(tx, meeting, chair)
    assert meeting.id is not None
    text = needed(decision.text, "text")
    if len(text) > TEXT:
        raise Invalid("too_long", field="text", limit=TEXT)
    if decision.category is not None and decision.category not in CATEGORIES:
        raise Invalid("category", field="category")
    unit, helpers, due = _owner(tx, meeting, decision)
    orders = _orders(tx, meeting, decision.demands)
    vote_id = _vote(tx, meeting, decision.vote)
    meeting = agenda.opened(tx, meeting)
    number = len(meetings.resolutions(tx, [meeting.id or 0]).get(meeting.id or 0, [])) + 1
    row = tx.insert(
        Resolution,
        meeting_id=meeting.id,
        community_id=meeting.community_id,
        number=number,
        kind="assigned" if unit else "answered",
        text=text,
        handler_id=unit.id if unit else None,
        helpers=[one.id for one in helpers],
        due_at=due,
        vote_id=vote_id,
        by_name=chair.actor.name,
        at=tx.now,
    )
    for order in orders:
        _link(tx, row, order)
    if unit is None or due is None:
        for order in orders:
            close(tx, held(tx, order), chair.actor, reason="solved", note=optional(decision.answer, "answer"))
    else:
        work = _Work(meeting, row, chair, unit, helpers, due)
        for order in orders:
            work.hand_over(tx, order)
        if not orders:
            _link(tx, row, work.make(tx, decision.category), made=True)
    data = {"number": number, "unit": unit.name if unit else ""}
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


def unit_meant(reg: Register, name: str) -> Organisation | None:
    """The unit that a name means: its own, or that of the only unit in which a person of this name works."""
    if unit := reg.organisation(name):
        return unit
    person = reg.person_named(name)
    posts = reg.posts.get(person.id or 0, []) if person else []
    units = {post.organisation_id for post in posts if post.organisation_id is not None}
    return reg.organisations[units.pop()] if len(units) == 1 else None


def _owner(
    tx: Tx, meeting: Meeting, decision: Decision
) -> tuple[Organisation | None, list[Organisation], datetime | None]:
    if decision.answer is not None:
        needed(decision.answer, "answer")
        return None, [], None
    if not (decision.handler or "").strip():
        raise Invalid("resolution_owner", field="handler")
    reg = register(tx)
    units = []
    for field, name in (("handler", decision.handler or ""), *(("helpers", name) for name in decision.helpers)):
        unit = unit_meant(reg, name.strip())
        if unit is None:
            raise Invalid("unknown_unit", field=field, name=name[:40])
        units.append(unit)
    begins = max(tx.now, meeting.starts_at)
    due = decision.due_at or tx.content.calendar.add_days(begins, kind_of(tx, meeting).resolve)
    if not tx.now < due <= tx.now + FARTHEST:
        raise Invalid("resolution_due", field="due_at")
    helpers = [unit for unit in dict.fromkeys(u.id for u in units[1:]) if unit != units[0].id]
    return units[0], [reg.organisations[key] for key in helpers if key is not None], due


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
    chair: Chair
    unit: Organisation
    helpers: Sequence[Organisation]
    due_at: datetime

    def note(self, tx: Tx) -> str:
        names = "、".join(unit.name for unit in self.helpers)
        say = tx.content.replies.say
        return say("resolution.note", title=self.meeting.title, text=self.row.text, helpers=names)

    def hand_over(self, tx: Tx, order: Demand) -> None:
        given = hand_over(tx, order, self.chair.actor, self.unit.id or 0, due_at=self.due_at, note=self.note(tx))
        _helped(tx, given, self.helpers)

    def make(self, tx: Tx, category: str | None) -> Demand:
        reg, home = register(tx), self.meeting.community_id
        named = [e for name, e in reg.estate_names.items() if name in self.row.text]
        inside = [e for e in named if home in (None, e.community_id)]
        report = Report(
            self.row.text,
            tx.now,
            category=category or "other",
            urgency="normal",
            community_id=home,
            estate_id=inside[0].id if inside else None,
            place=None if inside else reg.community_name(home),
        )
        made = entrust(tx, self.chair.actor, report, self.unit.id or 0, due_at=self.due_at, note=self.note(tx))
        _helped(tx, made, self.helpers)
        return made


def _helped(tx: Tx, demand: Demand, helpers: Sequence[Organisation]) -> None:
    assert demand.id is not None
    there = {helper.organisation_id for helper in demands.helpers(tx, demand.id)}
    for unit in helpers:
        if unit.id not in there:
            tx.insert(Helper, demand_id=demand.id, organisation_id=unit.id, name=unit.name, at=tx.now)
