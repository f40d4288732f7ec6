"""Statements about 黑名单 and 退出: cases against companies, and what was counted of a company before one."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import and_, or_, select

from redprop_bot.rules.discipline import State as Rectified
from redprop_bot.rules.ranking import State as Ranked
from redprop_bot.rules.sanctions import OPEN, State
from redprop_bot.store import events, rectifications
from redprop_bot.store.tables import Event, Ranking, Rectification, Sanction
from redprop_bot.store.tx import Tx, table_of

SUBJECT = "sanction"
FAILED, OVERDUE = "rectification_failed", "rectification_overdue"
_s, _r, _b, _e = table_of(Sanction), table_of(Rectification), table_of(Ranking), table_of(Event)


def one(tx: Tx, key: int) -> Sanction | None:
    """The case with this key."""
    return tx.find(Sanction, _s.c.id == key)


def held(tx: Tx, key: int) -> Sanction:
    """The case as it is now; nobody else changes it before this job ends."""
    return tx.get(Sanction, key, lock=True)


def page(
    tx: Tx,
    *,
    organisations: Collection[int] | None,
    community_id: int | None = None,
    states: Collection[str] = (),
    before_id: int | None = None,
    limit: int,
) -> list[Sanction]:
    """Cases against these companies (None: all), the newest first.

    With a community: those about its estates, and those about no estate against these companies.
    """
    where: list[Any] = []
    if organisations is not None:
        whole = _s.c.organisation_id.in_(sorted(organisations))
        nowhere = and_(_s.c.community_id.is_(None), whole)
        where.append(whole if community_id is None else or_(_s.c.community_id == community_id, nowhere))
    if states:
        where.append(_s.c.state.in_([str(state) for state in states]))
    if before_id is not None:
        where.append(_s.c.id < before_id)
    return tx.list(Sanction, *where, order=_s.c.id.desc(), limit=limit)


def standing(tx: Tx, organisations: Collection[int]) -> list[Sanction]:
    """What runs against these companies, the newest first."""
    where = (_s.c.organisation_id.in_(sorted(organisations)), _s.c.state == State.RUNNING.value)
    return tx.list(Sanction, *where, order=_s.c.id.desc())


def listed_within(tx: Tx, organisation_id: int, begin: datetime, end: datetime) -> list[Sanction]:
    """Listings of a company that were decided in a period, those that are over, too."""
    where = (_s.c.organisation_id == organisation_id, _s.c.decided_at >= begin, _s.c.decided_at < end)
    rows = tx.list(Sanction, *where, _s.c.state != State.DROPPED.value, order=_s.c.id)
    return [row for row in rows if row.plan["months"]]


def is_open(tx: Tx, kind: str, organisation_id: int) -> bool:
    """Whether a case of this kind against a company is not over."""
    where = (_s.c.kind == kind, _s.c.organisation_id == organisation_id)
    return tx.find(Sanction, *where, _s.c.state.in_([state.value for state in OPEN])) is not None


def failed(tx: Tx, organisations: Collection[int], since: datetime) -> dict[int, list[tuple[int, str]]]:
    """Failed re-checks and missed days of each company since: key and name of the event; not of what is void."""
    found: dict[int, list[tuple[int, str]]] = {key: [] for key in organisations}
    about = (_e.c.subject == rectifications.SUBJECT, _e.c.name.in_([FAILED, OVERDUE]), _e.c.at >= since)
    asked = select(_e.c.id, _e.c.name, _r.c.organisation_id).join(_r, _r.c.id == _e.c.subject_id)
    whose = (_r.c.organisation_id.in_(sorted(organisations)), _r.c.state != Rectified.VOID.value)
    for row in tx.rows(asked.where(*about, *whose).order_by(_e.c.id)):
        found[row.organisation_id].append((row.id, row.name))
    return found


def boards(tx: Tx, since: datetime) -> list[Ranking]:
    """Boards that stand and were published since."""
    return tx.list(Ranking, _b.c.state == Ranked.PUBLISHED.value, _b.c.published_at >= since, order=_b.c.id)


def history(tx: Tx, key: int) -> list[Event]:
    """What happened to a case, oldest first."""
    return events.of(tx, SUBJECT, key)


note = partial(events.note_step, SUBJECT)
