"""Statements about 年底评价意见: versions of opinions on companies, and what is known without asking."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, text

from redprop_bot.rules.flow import Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store.tables import Demand, Meeting, Opinion, Seat, StandardApplication
from redprop_bot.store.tables.loop import ACCUSING_ROWS
from redprop_bot.store.tx import Tx, table_of

SUBJECT = "opinion"
_o, _d = table_of(Opinion), table_of(Demand)
_meeting, _seat, _standard = table_of(Meeting), table_of(Seat), table_of(StandardApplication)


def one(tx: Tx, key: int) -> Opinion | None:
    """The version with this key."""
    return tx.find(Opinion, _o.c.id == key)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    organisation_id: int | None = None,
    year: int | None = None,
    state: str | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[Opinion]:
    """Versions of these communities (None: all), the newest first."""
    where: list[Any] = [] if communities is None else [_o.c.community_id.in_(list(communities))]
    for column, value in ((_o.c.organisation_id, organisation_id), (_o.c.year, year), (_o.c.state, state)):
        if value is not None:
            where.append(column == value)
    if before_id is not None:
        where.append(_o.c.id < before_id)
    return tx.list(Opinion, *where, order=_o.c.id.desc(), limit=limit)


def versions(tx: Tx, organisation_id: int, community_id: int, year: int) -> list[Opinion]:
    """All versions of one opinion, the newest first."""
    where = _o.c.organisation_id == organisation_id, _o.c.community_id == community_id, _o.c.year == year
    return tx.list(Opinion, *where, order=_o.c.number.desc())


# -- what is known without asking


def reworked(tx: Tx, organisation_id: int, community_id: int, begin: datetime, end: datetime) -> int:
    """Orders of a unit closed in a period that had to be done again; without what is kept from it."""
    seen = or_(_d.c.intent.not_in(sorted(CONFIDENTIAL)), _d.c.released)
    where = (_d.c.handler_id == organisation_id, _d.c.community_id == community_id, _d.c.reworks > 0)
    closed = (_d.c.stage == Stage.CLOSED.value, _d.c.closed_at >= begin, _d.c.closed_at < end)
    return int(tx.scalar(select(func.count()).select_from(_d).where(*where, *closed, seen)) or 0)


def complaints(tx: Tx, community_id: int, begin: datetime, end: datetime) -> list[Any]:
    """Complaints of a community closed in a period: with what tells whom each is about, and how it was closed."""
    said = (_d.c.id, _d.c.intent, _d.c.party, _d.c.text, _d.c.community_id, _d.c.estate_id, _d.c.close_reason)
    closed = (_d.c.stage == Stage.CLOSED.value, _d.c.closed_at >= begin, _d.c.closed_at < end)
    here = (text(ACCUSING_ROWS), _d.c.intent == "complaint", _d.c.community_id == community_id)
    return tx.rows(select(*said).where(*here, *closed).order_by(_d.c.id))


def held_seats(tx: Tx, community_id: int, begin: datetime, end: datetime) -> list[Any]:
    """Seats at meetings of a community held in a period: id, meeting_id, units, for_id, present_at of each."""
    held = and_(
        _meeting.c.community_id == community_id,
        _meeting.c.state == "held",
        _meeting.c.starts_at >= begin,
        _meeting.c.starts_at < end,
    )
    columns = (_seat.c.id, _seat.c.meeting_id, _seat.c.units, _seat.c.for_id, _seat.c.present_at)
    joined = _seat.join(_meeting, _meeting.c.id == _seat.c.meeting_id)
    return tx.rows(select(*columns).select_from(joined).where(held).order_by(_seat.c.id))


def passed_standards(tx: Tx, estates: Sequence[int], begin: datetime, end: datetime) -> list[StandardApplication]:
    """Standards that these estates passed in a period."""
    passed = (_standard.c.state == "passed", _standard.c.finished_at >= begin, _standard.c.finished_at < end)
    return tx.list(StandardApplication, _standard.c.estate_id.in_(list(estates)), *passed, order=_standard.c.id)
