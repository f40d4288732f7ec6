"""Statements about what is public beside the orders: postings with their versions, numbers to call, codes."""

from typing import Any

from sqlalchemy import func, or_, select

from redprop_bot.store.tables import Person, PhoneLine, Posting, SceneCode
from redprop_bot.store.tx import Tx, table_of

_p = table_of(Posting)
_l = table_of(PhoneLine)
_person = table_of(Person)

SHOWN = 100
"""Postings of a place that stand on the board at once; the others are reached by their links."""


def posted(tx: Tx, community_id: int, *, estate_id: int | None = None, limit: int = SHOWN) -> list[Posting]:
    """What holds now, the newest first; of an estate also what is for the whole community."""
    where: list[Any] = [_p.c.community_id == community_id, _p.c.state == "published"]
    if estate_id is not None:
        where.append(or_(_p.c.estate_id == estate_id, _p.c.estate_id.is_(None)))
    return tx.list(Posting, *where, order=_p.c.id.desc(), limit=limit)


def posting(tx: Tx, key: int, *, lock: bool = False) -> Posting | None:
    """One version."""
    return tx.find(Posting, _p.c.id == key, lock=lock)


def versions(tx: Tx, series: int) -> list[Posting]:
    """All versions of one thing, the newest first."""
    return tx.list(Posting, _p.c.series == series, order=_p.c.id.desc(), limit=SHOWN)


def lines(tx: Tx, community_id: int) -> list[PhoneLine]:
    """The numbers to call of a community and its units, in the order they were entered."""
    return tx.list(PhoneLine, _l.c.community_id == community_id, order=_l.c.id, limit=SHOWN)


def line(tx: Tx, key: int) -> PhoneLine | None:
    """One of them."""
    return tx.find(PhoneLine, _l.c.id == key)


def drop_line(tx: Tx, key: int) -> None:
    """It is nobody's number any more."""
    tx.execute(_l.delete().where(_l.c.id == key))


def tells_somebody(tx: Tx, words: str) -> bool:
    """Whether a text holds the name, the phone or an account of anybody who is known here.

    A look through all people: for the rare moment when something is posted, never for a page.
    """
    holds = func.instr if tx.connection.dialect.name == "sqlite" else func.strpos
    told = [
        (column.is_not(None)) & (func.length(column) > 1) & (holds(words, column) > 0)
        for column in (_person.c.name, _person.c.phone, _person.c.openid)
    ]
    return tx.first(select(_person.c.id).where(or_(*told)).limit(1)) is not None


def names_in(tx: Tx, words: str) -> list[str]:
    """The names of people known here that a text holds, the longest first; for the rare moment of publishing."""
    holds = func.instr if tx.connection.dialect.name == "sqlite" else func.strpos
    named = (_person.c.name.is_not(None), func.length(_person.c.name) > 1, holds(words, _person.c.name) > 0)
    found = {str(row.name) for row in tx.rows(select(_person.c.name).where(*named))}
    return sorted(found, key=len, reverse=True)


def is_somebodys(tx: Tx, digits: str) -> bool:
    """Whether a number is the phone of a person."""
    return tx.find(Person, _person.c.phone == digits) is not None


def code(tx: Tx, scene: str) -> str | None:
    """What the platform's code for a scene holds, when it was asked for before."""
    found = tx.find(SceneCode, table_of(SceneCode).c.scene == scene)
    return found.url if found is not None else None


def keep_code(tx: Tx, scene: str, url: str) -> None:
    """Remember it."""
    tx.put(SceneCode, scene, url=url, at=tx.now)
