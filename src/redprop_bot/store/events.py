"""What happened to a demand, as steps say it and listeners hear it; stored append-only in `event`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from redprop_bot.rules.discipline import Side
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand, Event, Rectification, Sanction
from redprop_bot.store.tx import Tx, table_of


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: `name` in the past tense decides who is told, `act` is the verb of the contract."""

    name: str
    act: Act
    by_id: int | None
    by_name: str
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def note(
    tx: Tx,
    subject: str,
    subject_id: int,
    name: str,
    *,
    by: str,
    data: Mapping[str, Any],
    community_id: int | None = None,
) -> None:
    """Write down what happened to something that is no demand; nobody listens. `data` holds nothing personal."""
    tx.insert(
        Event,
        subject=subject,
        subject_id=subject_id,
        community_id=community_id,
        at=tx.now,
        name=name,
        act=subject,
        by_id=None,
        by_name=by,
        data=dict(data),
    )


def note_step(  # noqa: PLR0917 - the parts of one step, always passed together
    subject: str,
    tx: Tx,
    row: Rectification | Sanction,
    name: str,
    by: str,
    side: Side,
    *,
    text: str = "",
    due: datetime | None = None,
) -> None:
    """Write a step of an order or a case into its history: on which side, in whose words, until when."""
    data: dict[str, Any] = {"side": side.value, "reason": text}
    if due is not None:
        data["due"] = due.astimezone(tx.content.zone).isoformat()
    note(tx, subject, row.id or 0, name, by=by, data=data, community_id=row.community_id)


def last(tx: Tx, subject: str, subject_id: int, name: str) -> Event | None:
    """The newest event of this name about one thing."""
    event = table_of(Event)
    found = tx.list(
        Event,
        event.c.subject == subject,
        event.c.subject_id == subject_id,
        event.c.name == name,
        order=event.c.id.desc(),
        limit=1,
    )
    return found[0] if found else None


def append(tx: Tx, demand: Demand, happenings: Sequence[Happening], *, at: datetime | None = None) -> None:
    """Add events to the history of a demand and let the listeners act on them, in order."""
    assert demand.id is not None
    tx.insert_many(
        Event,
        [
            {
                "subject": "demand",
                "subject_id": demand.id,
                "community_id": demand.community_id,
                "at": at or tx.now,
                "name": h.name,
                "act": h.act.value,
                "by_id": h.by_id,
                "by_name": h.by_name,
                "note": h.note,
                "data": dict(h.data),
            }
            for h in happenings
        ],
    )
    for happening in happenings:
        for listener in tx.listeners:
            listener(tx, happening, demand)


def of(tx: Tx, subject: str, subject_id: int, *, limit: int | None = None) -> list[Event]:
    """What happened to one thing, oldest first; of more than `limit` the newest."""
    event = table_of(Event)
    where = (event.c.subject == subject, event.c.subject_id == subject_id)
    return tx.list(Event, *where, order=event.c.id.desc(), limit=limit)[::-1]
