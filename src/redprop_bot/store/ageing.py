"""Statements by which what names somebody grows old: orders that ended long ago, letters, tasks, people.

What is looked for every time stands in an index of its own (`ix_demand_kept`); the rest is looked for once a day.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, exists, or_, select, text, update

from redprop_bot.ports import Channel
from redprop_bot.rules.flow import Stage
from redprop_bot.store.media import LEAVING
from redprop_bot.store.tables import (
    Attachment,
    Booking,
    Conversation,
    Demand,
    Inbox,
    Mediation,
    MediationSide,
    Member,
    Outbox,
    Person,
    PointBalance,
    Post,
    Resource,
    Service,
    Supporter,
    Survey,
    SurveyCall,
    Task,
    Visit,
    WhistleCall,
    Wish,
)
from redprop_bot.store.tables.loop import KEPT_ROWS
from redprop_bot.store.tx import Tx, table_of

_d, _s, _p, _out, _in = table_of(Demand), table_of(Supporter), table_of(Person), table_of(Outbox), table_of(Inbox)
_a, _t, _v, _w, _talk = (table_of(one) for one in (Attachment, Task, Visit, WhistleCall, Conversation))
_call, _list = table_of(SurveyCall), table_of(Survey)
NOBODY: Final = "unnamed"
_KEPT: Any = text(KEPT_ROWS)
_OWED: Final = ("pending", "merged", "waiting")


# -- an order


def ended(tx: Tx, *, before: datetime, limit: int) -> list[Demand]:
    """Orders that ended before a moment and still say whom they were about, the oldest first.

    What was merged goes with that into which it was merged.
    """
    old = _KEPT, _d.c.closed_at < before, _d.c.stage != Stage.MERGED.value
    return tx.list(Demand, *old, order=(_d.c.closed_at, _d.c.id), limit=limit)


def merged_into(tx: Tx, demand_id: int) -> list[Demand]:
    """What was merged into an order, and still says whom it was about."""
    return tx.list(Demand, _d.c.merged_into_id == demand_id, _d.c.unnamed_at.is_(None), order=_d.c.id)


def people_of(tx: Tx, demand: Demand) -> list[Person]:
    """Who reported it and who supports it."""
    mine = select(_s.c.person_id).where(_s.c.demand_id == demand.id)
    return tx.list(Person, or_(_p.c.id == demand.reporter_id, _p.c.id.in_(mine)), order=_p.c.id)


def drop_what_hangs_on(tx: Tx, demand_id: int) -> None:
    """Reasons of those who supported it; its pictures are about to go."""
    tx.execute(update(_s).where(_s.c.demand_id == demand_id).values(rating_reason=None))
    kept = _a.c.demand_id == demand_id, _a.c.state.not_in((LEAVING, "wanted"))
    tx.execute(update(_a).where(*kept).values(state=LEAVING))
    tx.execute(update(_a).where(_a.c.demand_id == demand_id).values(by_id=None))
    tx.execute(update(_call).where(_call.c.demand_id == demand_id).values(note=""))


def letters(tx: Tx, demand_id: int) -> list[Outbox]:
    """What was told about an order to those who worked on it."""
    mine = _out.c.demand_id == demand_id, _out.c.channel == Channel.WORK.value
    return tx.list(Outbox, *mine, order=_out.c.id)


def drop_letters_to_residents(tx: Tx, demand_id: int) -> None:
    """What residents were told about an order: that something was sent stays, not to whom and what."""
    mine = _out.c.demand_id == demand_id, _out.c.channel == Channel.OA.value
    _drop_letters(tx, *mine)


def whistles(tx: Tx, demand_id: int) -> list[WhistleCall]:
    """Calls for units about an order."""
    return tx.list(WhistleCall, _w.c.demand_id == demand_id, order=_w.c.id)


def visits(tx: Tx, demand: Demand, around: timedelta) -> list[Visit]:
    """Visits that brought an order, logged at most so long from when it was reported."""
    near = _v.c.created_at.between(demand.reported_at - around, demand.reported_at + around)
    place = _v.c.community_id == demand.community_id, near, _v.c.brought > 0
    return [visit for visit in tx.list(Visit, *place, order=_v.c.id) if demand.no in visit.matters]


def lists_to_call(tx: Tx, demand_id: int) -> list[Outbox]:
    """Messages with whom to call about an order."""
    tasks = tx.rows(
        select(_t.c.no)
        .select_from(_call.join(_list, _list.c.id == _call.c.survey_id).join(_t, _t.c.id == _list.c.task_id))
        .where(_call.c.demand_id == demand_id)
    )
    found: list[Outbox] = []
    for row in tasks:
        found += tx.list(Outbox, _out.c.key.startswith(f"{row.no}:", autoescape=True), order=_out.c.id)
    return found


# -- once a day


def drop_old_letters(tx: Tx, before: datetime, *, limit: int) -> int:
    """What was said and written long ago, where no order holds it; some of it, and how much."""
    old = select(_in.c.id).where(_in.c.received_at < before, _in.c.sender != NOBODY)
    keys = [row.id for row in tx.rows(old.order_by(_in.c.id).limit(limit))]
    if keys:
        gone = {"sender": NOBODY, "payload": {}, "reply": ""}
        failed = _in.c.id.in_(keys), _in.c.status == "failed"
        tx.execute(update(_in).where(*failed).values(status="ignored"))
        tx.execute(update(_in).where(_in.c.id.in_(keys)).values(**gone))
    told = select(_out.c.id).where(
        _out.c.created_at < before,
        _out.c.demand_id.is_(None),
        _out.c.receiver != NOBODY,
        _out.c.state != "claimed",
    )
    sent = [row.id for row in tx.rows(told.order_by(_out.c.id).limit(limit))]
    if sent:
        _drop_letters(tx, _out.c.id.in_(sent))
    return max(len(keys), len(sent))


def _drop_letters(tx: Tx, *mine: Any) -> None:
    tx.execute(update(_out).where(*mine, _out.c.state.in_(_OWED)).values(state="dead", error="too old"))
    gone: dict[str, Any] = {"receiver": NOBODY, "payload": {}, "person_id": None}
    tx.execute(update(_out).where(*mine, _out.c.state != "claimed").values(**gone))


def drop_old_tasks(tx: Tx, before: datetime) -> int:
    """That something was asked and done stays, not by whom and what."""
    old = _t.c.status == "done", _t.c.done_at < before, _t.c.text != ""
    gone: dict[str, Any] = {"text": "", "slots": {}, "person_id": None, "answer": None}
    return tx.execute(update(_t).where(*old).values(**gone))


def drop_talks(tx: Tx, before: datetime) -> int:
    """Where somebody and the bot were, who have not spoken since."""
    return tx.execute(_talk.delete().where(_talk.c.updated_at < before))


def silent(tx: Tx, before: datetime, *, limit: int) -> list[Person]:
    """Residents of whom nothing is under way, or younger than that; no volunteers, nobody who holds points."""
    known = or_(*(column.is_not(None) for column in (_p.c.name, _p.c.phone, _p.c.building, _p.c.room)))
    return tx.list(
        Person,
        _p.c.openid.is_not(None),
        _p.c.userid.is_(None),
        known,
        _p.c.created_at < before,
        *(~found for found in _bonds()),
        order=_p.c.id,
        limit=limit,
    )


def _bonds() -> Sequence[Any]:
    """What keeps a person known."""
    person = _p.c.id
    post, member, points = table_of(Post), table_of(Member), table_of(PointBalance)
    side, case, wish, booking = (table_of(one) for one in (MediationSide, Mediation, Wish, Booking))
    open_wish = wish.c.status.in_(("proposed", "published", "claimed", "delivered"))
    found = [
        exists().where(post.c.person_id == person),
        exists().where(member.c.person_id == person),
        exists().where(points.c.person_id == person, points.c.balance != 0),
        exists().where(_talk.c.person_id == person),
        exists().where(_d.c.reporter_id == person, _d.c.unnamed_at.is_(None)),
        exists().where(_s.c.person_id == person, _s.c.demand_id == _d.c.id, _d.c.unnamed_at.is_(None)),
        exists().where(side.c.person_id == person, side.c.mediation_id == case.c.id, case.c.ended_at.is_(None)),
        exists().where(or_(wish.c.wisher_id == person, wish.c.claimer_id == person), open_wish),
        exists().where(booking.c.person_id == person, booking.c.state == "booked"),
    ]
    for model in (Resource, Service):
        offer = table_of(model)
        found.append(exists().where(offer.c.owner_id == person, offer.c.status.in_(("proposed", "published"))))
    return found


def no_more(tx: Tx, keys: Collection[int]) -> None:
    """Nobody knows any more who these people are and where they live; how they are reached is their own matter."""
    gone = dict.fromkeys(("name", "phone", "estate_id", "building", "unit", "room"))
    tx.execute(update(_p).where(and_(_p.c.id.in_(list(keys)))).values(**gone))
