"""Statements about needs that are matched, who was asked for them, and who wants to be left alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, or_, select, update

from redprop_bot.rules.flow import OPEN
from redprop_bot.store.tables import Demand, Helper, Pairing, PairingAsk, Respite
from redprop_bot.store.tx import Tx, among, table_of

_p, _a, _r = table_of(Pairing), table_of(PairingAsk), table_of(Respite)
_h, _d = table_of(Helper), table_of(Demand)


def of_need(tx: Tx, need: str, need_id: int) -> list[Pairing]:
    """What is or was sought for a need, one for each side."""
    return tx.list(Pairing, _p.c.need == need, _p.c.need_id == need_id, order=_p.c.id)


def asks(tx: Tx, pairing_ids: Sequence[int]) -> list[PairingAsk]:
    """Who was asked, in order."""
    return tx.list(PairingAsk, _a.c.pairing_id.in_(pairing_ids), order=_a.c.id) if pairing_ids else []


def asked_for(tx: Tx, need: str, need_id: int) -> set[int]:
    """Everybody who was ever asked for a need."""
    rows = tx.rows(select(_a.c.person_id).where(_a.c.need == need, _a.c.need_id == need_id))
    return {int(row[0]) for row in rows}


def of_person(tx: Tx, person_id: int) -> list[PairingAsk]:
    """What waits for somebody's answer, newest first; what they let pass comes after it."""
    mine = (_a.c.person_id == person_id, _a.c.state.in_(["waiting", "silent"]))
    return tx.list(PairingAsk, *mine, order=(_a.c.state.desc(), _a.c.id.desc()), limit=10)


def agreed(tx: Tx, person_id: int) -> list[PairingAsk]:
    """What somebody said yes to and stands as settled with them, newest first."""
    standing = select(_p.c.ask_id).where(_p.c.state == "paired")
    mine = (_a.c.person_id == person_id, _a.c.state == "yes", _a.c.id.in_(standing))
    return tx.list(PairingAsk, *mine, order=_a.c.id.desc(), limit=10)


def last_asked(tx: Tx, person_id: int, need_no: str) -> PairingAsk | None:
    """What somebody was asked for the need with this number."""
    of_it = select(_p.c.id).where(_p.c.need_no == need_no)
    return tx.find(PairingAsk, _a.c.person_id == person_id, _a.c.pairing_id.in_(of_it))


def waiting_people(tx: Tx, person_ids: Sequence[int]) -> set[int]:
    """Who of these has a question to answer."""
    mine = (_a.c.person_id.in_(person_ids), _a.c.state == "waiting")
    return {int(row[0]) for row in tx.rows(select(_a.c.person_id).where(*mine))}


def helping(tx: Tx, person_ids: Sequence[int]) -> dict[int, int]:
    """How many open demands each of these people helps with; who helps with none is left out."""
    counted = (
        select(_h.c.person_id, func.count())
        .select_from(_h.join(_d, _d.c.id == _h.c.demand_id))
        .where(_h.c.person_id.in_(person_ids), _d.c.stage.in_(sorted(OPEN)))
        .group_by(_h.c.person_id)
    )
    return {int(row[0]): int(row[1]) for row in tx.rows(counted)}


def void(tx: Tx, pairing_id: int) -> list[PairingAsk]:
    """Questions that need no answer any more; who they were put to."""
    open_ones = tx.list(PairingAsk, _a.c.pairing_id == pairing_id, _a.c.state.in_(["waiting", "silent"]))
    keys = [row.id for row in open_ones]
    tx.execute(update(_a).where(_a.c.id.in_(keys)).values(state="void"))
    return open_ones


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    state: str | None,
    need_id: int | None,
    before_id: int | None,
    limit: int,
) -> list[Pairing]:
    """A page of the desk, newest first; with `need_id` only what is sought for that demand."""
    where: list[Any] = []
    if need_id is not None:
        where += [_p.c.need == "demand", _p.c.need_id == need_id]
    if communities is not None:
        where.append(among(_p.c.community_id, communities))
    if state is not None:
        where.append(_p.c.state == state)
    if before_id is not None:
        where.append(_p.c.id < before_id)
    return tx.list(Pairing, *where, order=_p.c.id.desc(), limit=limit)


def in_vain(tx: Tx, estate_ids: Sequence[int], *, limit: int) -> list[Pairing]:
    """Needs at these estates for which nobody was found, newest first."""
    if not estate_ids:
        return []
    return tx.list(
        Pairing, _p.c.state == "none", among(_p.c.estate_id, estate_ids), order=_p.c.id.desc(), limit=limit
    )


def resting(tx: Tx, person_ids: Iterable[int]) -> set[int]:
    """Who of these wants to be left alone now."""
    ids = list(person_ids)
    still = or_(_r.c.until.is_(None), _r.c.until > tx.now)
    return {int(row[0]) for row in tx.rows(select(_r.c.person_id).where(_r.c.person_id.in_(ids), still))}


def respite(tx: Tx, person_id: int) -> Respite | None:
    """The rest that somebody asked for, over or not."""
    return tx.find(Respite, _r.c.person_id == person_id, lock=True)


def end_respite(tx: Tx, person_id: int) -> bool:
    """They may be asked again; whether they had been resting."""
    return tx.execute(_r.delete().where(_r.c.person_id == person_id)) > 0
