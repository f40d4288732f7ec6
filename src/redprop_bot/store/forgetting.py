"""Statements with which a resident is forgotten: who they are, what they wrote to us, their pictures.

What was done about their orders stays; see `loop.forgetting` for what is told.
"""

from collections.abc import Iterator

from sqlalchemy import and_, or_, select, update

from redprop_bot.ports import Channel
from redprop_bot.store import commendations, points, views
from redprop_bot.store.tables import (
    Attachment,
    Booking,
    Budget,
    Conversation,
    Demand,
    Edition,
    Grant,
    Inbox,
    Mediation,
    MediationSide,
    Member,
    Outbox,
    PairingAsk,
    Resource,
    Respite,
    Service,
    SignUp,
    Supporter,
    Task,
)
from redprop_bot.store.tx import Tx, table_of

_d, _a, _in, _out = table_of(Demand), table_of(Attachment), table_of(Inbox), table_of(Outbox)
_BATCH = 200


def orders(tx: Tx, person_id: int) -> Iterator[Demand]:
    """All that a resident reported, a batch at a time."""
    below: int | None = None
    while True:
        where = [_d.c.reporter_id == person_id, *([_d.c.id < below] if below is not None else [])]
        found = tx.list(Demand, *where, order=_d.c.id.desc(), limit=_BATCH)
        yield from found
        if len(found) < _BATCH:
            return
        below = found[-1].id


def pictures(tx: Tx, person_id: int) -> list[str]:
    """The names of the files that a resident sent; their rows do not know them any more."""
    mine = _a.c.by_id == person_id
    names = [row.name for row in tx.rows(select(_a.c.name).where(mine, _a.c.name.is_not(None)))]
    gone = {"state": "expired", "name": None, "media_id": None, "url": None, "latitude": None, "longitude": None}
    tx.execute(update(_a).where(mine).values(**gone))
    return names


def letters(tx: Tx, openid: str, person_id: int, alias: str) -> None:
    """What was said and answered: the rows stay as marks against repeats, without words and under another name."""
    mine = _in.c.channel == Channel.OA.value, _in.c.sender == openid
    tx.execute(update(_in).where(*mine, _in.c.status != "failed").values(sender=alias, payload={}, reply=""))
    tx.execute(update(_in).where(*mine).values(sender=alias, status="ignored", payload={}, reply=""))
    sent = or_(_out.c.person_id == person_id, _out.c.receiver == openid) & (_out.c.channel == Channel.OA.value)
    owed = _out.c.state.in_(["pending", "merged", "waiting"])
    tx.execute(update(_out).where(sent, owed).values(state="dead", error="forgotten"))
    tx.execute(update(_out).where(sent, _out.c.state != "claimed").values(receiver=alias, payload={}))


def told_about(tx: Tx, demand_id: int) -> list[Outbox]:
    """What was and is to be told to others about an order: its words may name who reported it."""
    return tx.list(Outbox, _out.c.demand_id == demand_id, order=_out.c.id)


def rest(tx: Tx, openid: str, person_id: int) -> None:
    """Where they and the bot were, what they might still be sent, photos that wait, the words of their ratings.

    They are no volunteer any more, their places are free, their points lapse.
    """
    talk, budget, grant = table_of(Conversation), table_of(Budget), table_of(Grant)
    tx.execute(talk.delete().where(talk.c.person_id == person_id))
    tx.execute(budget.delete().where(budget.c.openid == openid))
    tx.execute(grant.delete().where(grant.c.openid == openid))
    views.drop_uploads(tx, views.resident(person_id))
    member, place = table_of(Member), table_of(SignUp)
    tx.execute(member.delete().where(member.c.person_id == person_id, member.c.source == "self"))
    tx.execute(update(place).where(place.c.person_id == person_id, place.c.state != "left").values(state="left"))
    points.lapse(tx, person_id)
    commendations.forget(tx, person_id)
    supporter = table_of(Supporter)
    tx.execute(update(supporter).where(supporter.c.person_id == person_id).values(rating_reason=None))


def mediations(tx: Tx, person_id: int) -> list[Mediation]:
    """Cases in which they are a side."""
    side, case = table_of(MediationSide), table_of(Mediation)
    keys = select(side.c.mediation_id).where(side.c.person_id == person_id)
    return tx.list(Mediation, case.c.id.in_(keys), order=case.c.id)


def names_in(tx: Tx, mediation_id: int, person_id: int) -> list[MediationSide]:
    """Their side of a case, with what they are called there."""
    side = table_of(MediationSide)
    return tx.list(MediationSide, side.c.mediation_id == mediation_id, side.c.person_id == person_id)


def leave_mediation(tx: Tx, mediation_id: int, person_id: int) -> None:
    """The side stays with what it said, without who it was."""
    side = table_of(MediationSide)
    mine = side.c.mediation_id == mediation_id, side.c.person_id == person_id
    tx.execute(update(side).where(*mine).values(person_id=None, name="", accepted_by=""))


def offers(tx: Tx, person_id: int) -> list[Resource | Service]:
    """What they had offered to others."""
    found: list[Resource | Service] = []
    for model in (Resource, Service):
        table = table_of(model)
        found += tx.list(model, table.c.owner_id == person_id, order=table.c.id)
    return found


def versions(tx: Tx, no: str) -> list[Edition]:
    """Every version of something that was offered."""
    edition = table_of(Edition)
    kind = {"R": "resource", "S": "service"}[no[0]]
    return tx.list(Edition, edition.c.kind == kind, edition.c.subject == no, order=edition.c.id)


def supported(tx: Tx, person_id: int) -> list[int]:
    """Keys of what they reported after others."""
    supporter = table_of(Supporter)
    mine = select(supporter.c.demand_id).where(supporter.c.person_id == person_id)
    return [row.demand_id for row in tx.rows(mine.order_by(supporter.c.id))]


def helping(tx: Tx, person_id: int) -> None:
    """Who has a room is nobody's to know any more, what they booked is free again; nobody asks them for help."""
    booking, ask, respite = table_of(Booking), table_of(PairingAsk), table_of(Respite)
    mine = booking.c.person_id == person_id
    still = and_(mine, booking.c.state == "booked", booking.c.ends_at > tx.now)
    tx.execute(update(booking).where(still).values(state="cancelled", cancelled_at=tx.now))
    tx.execute(update(booking).where(mine).values(person_id=None, name=None, purpose="", reason=None))
    waiting = and_(ask.c.person_id == person_id, ask.c.state.in_(["waiting", "silent"]))
    tx.execute(update(ask).where(waiting).values(state="void"))
    tx.execute(update(ask).where(ask.c.person_id == person_id).values(reason=None, title=""))
    tx.execute(respite.delete().where(respite.c.person_id == person_id))


def tasks(tx: Tx, person_id: int) -> list[Task]:
    """What they asked of the community."""
    task = table_of(Task)
    return tx.list(Task, task.c.person_id == person_id, order=task.c.id)
