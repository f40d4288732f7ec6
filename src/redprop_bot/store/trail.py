"""Statements about the trail: everything that happened, whatever it happened to, the newest first."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import or_, select

from redprop_bot.store.tables import (
    Activity,
    Appraisal,
    Commendation,
    Demand,
    Event,
    Mediation,
    Meeting,
    Opinion,
    Posting,
    Project,
    Ranking,
    Rectification,
    Sanction,
    StandardApplication,
    Wish,
)
from redprop_bot.store.tx import Tx, among, table_of, without

_e, _m = table_of(Event), table_of(Mediation)
_CALLED: Final[Mapping[str, tuple[Any, str, str]]] = {
    "demand": (table_of(Demand), "no", "no"),
    "wish": (table_of(Wish), "no", "no"),
    "mediation": (table_of(Mediation), "no", "no"),
    "project": (table_of(Project), "no", "title"),
    "meeting": (table_of(Meeting), "no", "title"),
    "activity": (table_of(Activity), "no", "title"),
    "posting": (table_of(Posting), "id", "title"),
    "standard": (table_of(StandardApplication), "id", "title"),
    "opinion": (table_of(Opinion), "id", "year"),
    "commendation": (table_of(Commendation), "id", "title"),
    "appraisal": (table_of(Appraisal), "id", "title"),
    "ranking": (table_of(Ranking), "id", "title"),
    "rectification": (table_of(Rectification), "id", "id"),
    "sanction": (table_of(Sanction), "id", "name"),
}
"""Where things are found and what they are called; what residents said is no name: those have their number."""


def page(
    tx: Tx,
    communities: Sequence[int] | None,
    *,
    unseen: Collection[int] = (),
    before_id: int | None,
    limit: int,
) -> list[Event]:
    """A page of events, without those of the demands with the keys `unseen`."""
    where: list[Any] = []
    if unseen:
        cases = select(_m.c.id).where(_m.c.demand_id.in_(sorted(unseen)))
        where = [
            or_(_e.c.subject != "demand", *without(_e.c.subject_id, unseen)),
            or_(_e.c.subject != "mediation", _e.c.subject_id.not_in(cases)),
        ]
    if communities is not None:
        where.append(among(_e.c.community_id, communities))
    if before_id is not None:
        where.append(_e.c.id < before_id)
    return tx.list(Event, *where, order=_e.c.id.desc(), limit=limit)


def called(tx: Tx, events: Collection[Event]) -> dict[tuple[str, int], tuple[str, str]]:
    """What these are about: the key of an address and a name, by kind and key; one statement a kind."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for kind, (table, key, name) in _CALLED.items():
        if ids := sorted({one.subject_id for one in events if one.subject == kind}):
            asked = select(table.c.id, table.c[key].label("key"), table.c[name].label("name"))
            for row in tx.rows(asked.where(table.c.id.in_(ids))):
                found[kind, row.id] = str(row.key), str(row.name)
    return found
