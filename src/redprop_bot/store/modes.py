"""Statements about emergencies: what is on, who is on duty, who said they are safe."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import CheckIn, Demand, Duty, Mode, Person
from redprop_bot.store.tx import Tx, table_of

_mode = table_of(Mode)
_duty = table_of(Duty)
_check = table_of(CheckIn)
_demand = table_of(Demand)
_person = table_of(Person)

_ACTIVE = Prepared(select(_mode).where(_mode.c.ended_at.is_(None)).order_by(_mode.c.id))


def active(tx: Tx) -> list[Mode]:
    """What is on, oldest first; few at most. Read once a job."""
    if "modes" not in tx.cache:
        tx.cache["modes"] = tx.rows(_ACTIVE)  # read with every order: prepared
    found: list[Mode] = tx.cache["modes"]
    return found


def changed(tx: Tx) -> None:
    """The next look is at the database again."""
    tx.cache.pop("modes", None)


def by_no(tx: Tx, no: str, *, lock: bool = False) -> Mode | None:
    """The emergency with this number."""
    return tx.find(Mode, _mode.c.no == no, lock=lock)


def page(tx: Tx, *, on: bool | None, before_id: int | None, limit: int) -> list[Mode]:
    """Emergencies, newest first."""
    where: list[Any] = []
    if on is not None:
        where.append(_mode.c.ended_at.is_(None) if on else _mode.c.ended_at.is_not(None))
    if before_id is not None:
        where.append(_mode.c.id < before_id)
    return tx.list(Mode, *where, order=_mode.c.id.desc(), limit=limit)


def duties(tx: Tx, mode_id: int) -> list[Duty]:
    """The duty list."""
    return tx.list(Duty, _duty.c.mode_id == mode_id, order=_duty.c.id)


def duty_of(tx: Tx, mode_id: int, person_id: int) -> Duty | None:
    """Somebody's line on the duty list, locked."""
    return tx.find(Duty, _duty.c.mode_id == mode_id, _duty.c.person_id == person_id, lock=True)


def checks(tx: Tx, mode_id: int) -> list[CheckIn]:
    """Who said how they are."""
    return tx.list(CheckIn, _check.c.mode_id == mode_id, order=_check.c.id)


def check_of(tx: Tx, mode_id: int, person_id: int) -> CheckIn | None:
    """What a resident said of themselves, locked."""
    return tx.find(CheckIn, _check.c.mode_id == mode_id, _check.c.person_id == person_id, lock=True)


def elder(tx: Tx, mode_id: int, name: str) -> CheckIn | None:
    """What a grid worker said of an elder, locked."""
    return tx.find(CheckIn, _check.c.mode_id == mode_id, _check.c.name == name, lock=True)


def forget_names(tx: Tx, mode_id: int) -> int:
    """Wipe the names of elders: after the emergency only figures are needed."""
    return tx.execute(update(_check).where(_check.c.mode_id == mode_id).values(name=None))


def residents(tx: Tx, estates: Sequence[int]) -> list[Person]:
    """Who follows the account and said that they live in one of these estates."""
    return tx.list(
        Person,
        _person.c.estate_id.in_(list(estates)),
        _person.c.openid.is_not(None),
        _person.c.following.is_(True),
        order=_person.c.id,
    )


def stages(
    tx: Tx, *, communities: Sequence[int], estates: Sequence[int] | None, since: datetime
) -> dict[str, int]:
    """Demands reported there since a moment, by stage; `estates` None counts those without an estate, too."""
    where: list[Any] = [_demand.c.created_at >= since]
    inside: Any = _demand.c.community_id.in_(list(communities))
    where.append(inside if estates is None else _demand.c.estate_id.in_(list(estates)))
    rows = tx.rows(select(_demand.c.stage, func.count().label("n")).where(*where).group_by(_demand.c.stage))
    return {row.stage: int(row.n) for row in rows}
