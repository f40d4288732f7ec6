"""Statements about mediations, their sides and meetings."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select, update

from redprop_bot.store import numbers
from redprop_bot.store.tables import Demand, Mediation, MediationSession, MediationSide, Outbox, Person
from redprop_bot.store.tx import Tx, among, table_of, without

_m, _side, _meeting = table_of(Mediation), table_of(MediationSide), table_of(MediationSession)
_out, _person, _demand = table_of(Outbox), table_of(Person), table_of(Demand)


def by_no(tx: Tx, no: str) -> Mediation | None:
    """The case with this number."""
    return tx.find(Mediation, _m.c.no == no)


def by_key(tx: Tx, key: int) -> Mediation | None:
    """The case with this key."""
    return tx.find(Mediation, _m.c.id == key)


def by_tail(tx: Tx, digits: str) -> list[Mediation]:
    """Recent cases whose number ends in these digits, the newest first."""
    return tx.list(Mediation, _m.c.no.in_(numbers.recent(tx, "J", digits)), order=_m.c.id.desc(), limit=20)


def of_demand(tx: Tx, demand_id: int) -> Mediation | None:
    """The case that an order came to, else the last that one of its sides came to by it."""
    if (own := tx.find(Mediation, _m.c.demand_id == demand_id)) is not None:
        return own
    sides = tx.list(MediationSide, _side.c.demand_id == demand_id, order=_side.c.id.desc(), limit=1)
    return tx.get(Mediation, sides[0].mediation_id) if sides else None


def page(
    tx: Tx,
    *,
    communities: Sequence[int | None] | None,
    stages: Sequence[str] = (),
    begin: datetime | None = None,
    end: datetime | None = None,
    before_id: int | None = None,
    limit: int | None = None,
    unseen: Collection[int] = (),
) -> list[Mediation]:
    """Cases of these communities (None among them: those of none), newest first."""
    where: list[Any] = [*without(_m.c.demand_id, unseen)]
    if communities is not None:
        inside: Any = _m.c.community_id.in_([key for key in communities if key is not None])
        where.append(or_(inside, _m.c.community_id.is_(None)) if None in communities else inside)
    if stages:
        where.append(among(_m.c.stage, list(stages)))
    if begin is not None:
        where.append(_m.c.created_at >= begin)
    if end is not None:
        where.append(_m.c.created_at < end)
    if before_id is not None:
        where.append(_m.c.id < before_id)
    return tx.list(Mediation, *where, order=_m.c.id.desc(), limit=limit)


def sides(tx: Tx, mediation_id: int) -> list[MediationSide]:
    """The two sides, first the one that came first."""
    return tx.list(MediationSide, _side.c.mediation_id == mediation_id, order=_side.c.side)


def sessions(tx: Tx, mediation_id: int) -> list[MediationSession]:
    """Its meetings in their order."""
    return tx.list(
        MediationSession,
        _meeting.c.mediation_id == mediation_id,
        order=(_meeting.c.starts_at, _meeting.c.id),
    )


def of_mediator(tx: Tx, person_id: int, stages: Sequence[str]) -> list[Mediation]:
    """Cases that somebody mediates or is asked to."""
    return tx.list(
        Mediation,
        _m.c.mediator_id == person_id,
        among(_m.c.stage, list(stages)),
        order=_m.c.id.desc(),
        limit=100,
    )


def of_party(tx: Tx, person_id: int, units: Sequence[int], stages: Sequence[str]) -> list[Mediation]:
    """Cases in which somebody, or a unit that they speak for, is a side."""
    mine = or_(_side.c.person_id == person_id, _side.c.unit_id.in_(list(units)))
    keys = select(_side.c.mediation_id).where(mine)
    return tx.list(Mediation, _m.c.id.in_(keys), among(_m.c.stage, list(stages)), order=_m.c.id.desc(), limit=100)


def loads(tx: Tx, people: Sequence[int], stages: Sequence[str]) -> dict[int, tuple[int, datetime | None]]:
    """How many cases in these stages each of them has, and when they were asked last."""
    rows = tx.rows(
        select(
            _m.c.mediator_id,
            func.sum(case((_m.c.stage.in_(list(stages)), 1), else_=0)).label("live"),
            func.max(_m.c.asked_at).label("last"),
        )
        .where(_m.c.mediator_id.in_(list(people)))
        .group_by(_m.c.mediator_id)
    )
    return {row.mediator_id: (int(row.live or 0), row.last) for row in rows}


def resident_with_phone(tx: Tx, phone: str) -> Person | None:
    """The only person with this phone who can be reached."""
    found = tx.list(Person, _person.c.phone == phone, _person.c.openid.is_not(None), limit=2)
    return found[0] if len(found) == 1 else None


def letters(tx: Tx, no: str) -> list[Outbox]:
    """What was and is to be told about a case."""
    return tx.list(Outbox, _out.c.key.startswith(f"{no}:", autoescape=True), order=_out.c.id)


def wipe_sessions(tx: Tx, mediation_id: int) -> None:
    """Their notes go; that they were held stays."""
    tx.execute(update(_meeting).where(_meeting.c.mediation_id == mediation_id).values(note="", place=""))
