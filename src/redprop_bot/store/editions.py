"""Statements about versions of what people edit: rows of lists, data files, single replies. Only ever added to."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import func, or_, select

from redprop_bot.content import Above
from redprop_bot.store import numbers
from redprop_bot.store.tables import Edition
from redprop_bot.store.tx import Tx, table_of

_e = table_of(Edition)

CONTENT: Final = "content"
"""A data file; its subject is the path. The name of the revision that tells all processes, too."""
REPLY: Final = "reply"
"""A single reply; its subject is the key."""


def keep(
    tx: Tx,
    kind: str,
    subject: object,
    data: Mapping[str, Any],
    *,
    by: str,
    version: int | None = None,
    community_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    note: str = "",
) -> Edition:
    """Keep a version; the next one where none is given. `before` is kept below it, if there is none yet."""
    name = str(subject)
    number = newest(tx, kind, name) + 1 if version is None else version
    common: dict[str, Any] = {"kind": kind, "subject": name, "community_id": community_id, "at": tx.now}
    if before is not None and number > 1:
        tx.insert_new(Edition, **common, version=number - 1, by_name="", data=dict(before))
    return tx.insert(Edition, **common, version=number, by_name=by, note=note, data=dict(data))


def newest(tx: Tx, kind: str, subject: str) -> int:
    """The number of the newest version; 0 where there is none."""
    return int(tx.scalar(select(func.max(_e.c.version)).where(_e.c.kind == kind, _e.c.subject == subject)) or 0)


def versions(tx: Tx, kind: str, subject: object, *, limit: int = 30) -> list[Edition]:
    """The versions of one thing, the newest first."""
    where = (_e.c.kind == kind, _e.c.subject == str(subject))
    return tx.list(Edition, *where, order=_e.c.version.desc(), limit=limit)


def version(tx: Tx, kind: str, subject: object, number: int) -> Edition | None:
    """One version of one thing."""
    return tx.find(Edition, _e.c.kind == kind, _e.c.subject == str(subject), _e.c.version == number)


def above(tx: Tx) -> Above:
    """The newest version of every file and reply that is edited, those that were taken back left out."""
    last = (
        select(_e.c.kind, _e.c.subject, func.max(_e.c.version).label("version"))
        .where(_e.c.kind.in_((CONTENT, REPLY)))
        .group_by(_e.c.kind, _e.c.subject)
        .subquery()
    )
    same = (_e.c.kind == last.c.kind) & (_e.c.subject == last.c.subject) & (_e.c.version == last.c.version)
    rows: Any = tx.rows(select(_e.c.kind, _e.c.subject, _e.c.data).select_from(_e.join(last, same)))
    found: dict[str, dict[str, str]] = {CONTENT: {}, REPLY: {}}
    for kind, subject, data in rows:
        if "text" in data:
            found[kind][subject] = data["text"]
    return Above(found[CONTENT], found[REPLY])


def mark(tx: Tx) -> int:
    """How often content was changed from the console."""
    return numbers.revision(tx, CONTENT)


def content_changed(tx: Tx) -> None:
    """Tell all processes, in the transaction of the change."""
    numbers.bump_revision(tx, CONTENT)


def page(tx: Tx, communities: Sequence[int] | None, *, before_id: int | None, limit: int) -> list[Edition]:
    """What was edited, the newest first; what belongs to no community is everybody's."""
    where: list[Any] = [_e.c.by_name != ""]
    if communities is not None:
        where.append(or_(_e.c.community_id.in_(communities), _e.c.community_id.is_(None)))
    if before_id is not None:
        where.append(_e.c.id < before_id)
    return tx.list(Edition, *where, order=_e.c.id.desc(), limit=limit)
