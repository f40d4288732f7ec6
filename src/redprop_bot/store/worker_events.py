"""Statements about what was written down of a worker: grades, assessments, answers. Nothing here changes a row."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select

from redprop_bot.store.tables import WorkerEvent
from redprop_bot.store.tx import Tx, table_of

ROSTER: Final = "名册"
_BATCH: Final = 500
_w = table_of(WorkerEvent)


def graded(tx: Tx, person_id: int, community_id: int, data: Mapping[str, Any]) -> None:
    """Their post or grade has changed with the roster, which one process at a time takes in."""
    last = select(func.max(_w.c.number)).where(_w.c.person_id == person_id, _w.c.kind == "graded")
    tx.insert(
        WorkerEvent,
        person_id=person_id,
        community_id=community_id,
        kind="graded",
        number=int(tx.scalar(last) or 0) + 1,
        data=dict(data),
        by_name=ROSTER,
        at=tx.now,
    )


def add(tx: Tx, **values: Any) -> WorkerEvent | None:
    """Write one down; None where the same number of the same kind is there already."""
    return tx.insert_new(WorkerEvent, **values, at=tx.now)


def of_people(tx: Tx, people: Collection[int], community_id: int, kinds: Collection[str]) -> list[WorkerEvent]:
    """What was written of these people in a community, oldest first."""
    where = (_w.c.person_id.in_(sorted(people)), _w.c.community_id == community_id, _w.c.kind.in_(sorted(kinds)))
    return tx.list(WorkerEvent, *where, order=_w.c.id) if people else []


def forget(tx: Tx, before: datetime) -> int:
    """What is older is gone; how many rows of one portion went."""
    keys = [int(row.id) for row in tx.rows(select(_w.c.id).where(_w.c.at < before).limit(_BATCH))]
    return tx.execute(delete(_w).where(_w.c.id.in_(keys))) if keys else 0
