"""Statements about meetings, their seats, topics, votes and resolutions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from redprop_bot.rules.meetings import MeetingState
from redprop_bot.store.tables import (
    Ballot,
    Decided,
    Demand,
    Meeting,
    Resolution,
    Seat,
    Topic,
    Voice,
    Vote,
)
from redprop_bot.store.tx import Tx, table_of

_m, _seat, _topic, _voice = table_of(Meeting), table_of(Seat), table_of(Topic), table_of(Voice)
_vote, _ballot, _r, _dec, _d = (table_of(t) for t in (Vote, Ballot, Resolution, Decided, Demand))

_STANDS = (MeetingState.CALLED.value, MeetingState.HELD.value)
Where = int | None
"""A community, or None: the street."""


def _at(community_id: Where) -> Any:
    return _m.c.community_id.is_(None) if community_id is None else _m.c.community_id == community_id


# -- meetings


def by_no(tx: Tx, no: str) -> Meeting | None:
    """The meeting with this number."""
    return tx.find(Meeting, _m.c.no == no)


def by_key(tx: Tx, key: int) -> Meeting | None:
    """The meeting with this key."""
    return tx.find(Meeting, _m.c.id == key)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None = None,
    people: Collection[int] | None = None,
    kind: str | None = None,
    but: Collection[str] = (),
    state: str | None = None,
    quarter: int | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[Meeting]:
    """Meetings of these communities (None: all), newest first; `people`: those in which one of them has a seat.

    but: kinds that are left out.
    """
    where: list[Any] = []
    if communities is not None:
        where.append(_m.c.community_id.in_(list(communities)))
    if people is not None:
        sits = select(_seat.c.meeting_id).where(_seat.c.person_id.in_(sorted(people)))
        where.append(_m.c.id.in_(sits))
    for column, value in ((_m.c.kind, kind), (_m.c.state, state), (_m.c.quarter, quarter)):
        if value is not None:
            where.append(column == value)
    if but:
        where.append(_m.c.kind.not_in(sorted(but)))
    if before_id is not None:
        where.append(_m.c.id < before_id)
    return tx.list(Meeting, *where, order=_m.c.id.desc(), limit=limit)


def standing(
    tx: Tx, community_id: Where, *, since: datetime, until: datetime | None = None, kind: str | None = None
) -> list[Meeting]:
    """Meetings there that were called and not cancelled, by when they begin."""
    where: list[Any] = [_at(community_id), _m.c.state.in_(_STANDS), _m.c.starts_at >= since]
    if until is not None:
        where.append(_m.c.starts_at < until)
    if kind is not None:
        where.append(_m.c.kind == kind)
    return tx.list(Meeting, *where, order=(_m.c.starts_at, _m.c.id))


def of_quarter(tx: Tx, community_id: Where, kind: str, quarter: int) -> list[Meeting]:
    """Meetings of a kind in a quarter, cancelled ones and proposals too, by when they begin."""
    where = (_at(community_id), _m.c.kind == kind, _m.c.quarter == quarter)
    return tx.list(Meeting, *where, order=(_m.c.starts_at, _m.c.id))


def before(tx: Tx, meeting: Meeting) -> Meeting | None:
    """The meeting of the same kind there before this one, if it was held."""
    found = tx.list(
        Meeting,
        _at(meeting.community_id),
        _m.c.kind == meeting.kind,
        _m.c.state.in_(_STANDS),
        or_(_m.c.begun_at.is_not(None), _m.c.approved_at.is_not(None)),
        _m.c.starts_at < meeting.starts_at,
        _m.c.id != meeting.id,
        order=_m.c.starts_at.desc(),
        limit=1,
    )
    return found[0] if found else None


def by_code(tx: Tx, code: str, *, since: datetime) -> list[Meeting]:
    """Meetings with this code for attendance that end after a moment."""
    return tx.list(Meeting, _m.c.code == code, _m.c.state.in_(_STANDS), _m.c.ends_at >= since)


def overlapping(tx: Tx, begin: datetime, end: datetime) -> list[Meeting]:
    """Meetings that share a moment with a span."""
    return tx.list(Meeting, _m.c.state.in_(_STANDS), _m.c.starts_at < end, _m.c.ends_at > begin, order=_m.c.id)


def of_person(tx: Tx, person_id: int, since: datetime) -> list[Meeting]:
    """Meetings that somebody was invited to and that begin after a moment, cancelled ones too."""
    sits = select(_seat.c.meeting_id).where(_seat.c.person_id == person_id)
    where = (_m.c.id.in_(sits), _m.c.starts_at >= since, _m.c.state != MeetingState.PROPOSED.value)
    return tx.list(Meeting, *where, order=_m.c.starts_at)


def since(tx: Tx, communities: Sequence[int] | None, moment: datetime) -> list[Meeting]:
    """All meetings that begin after a moment but proposals; None: of all communities and the street."""
    where: list[Any] = [_m.c.starts_at >= moment, _m.c.state != MeetingState.PROPOSED.value]
    if communities is not None:
        where.append(_m.c.community_id.in_(list(communities)))
    return tx.list(Meeting, *where, order=_m.c.starts_at)


# -- seats


def seats(tx: Tx, meeting_id: int) -> list[Seat]:
    """Who sits there, in the order of the invitations."""
    return tx.list(Seat, _seat.c.meeting_id == meeting_id, order=_seat.c.id)


def seats_of(tx: Tx, ids: Collection[int]) -> dict[int, list[Seat]]:
    """The same for many meetings."""
    found: dict[int, list[Seat]] = {}
    for seat in tx.list(Seat, _seat.c.meeting_id.in_(sorted(ids)), order=_seat.c.id) if ids else []:
        found.setdefault(seat.meeting_id, []).append(seat)
    return found


def seat_of(tx: Tx, meeting_id: int, person_id: int) -> Seat | None:
    """Somebody's seat."""
    return tx.find(Seat, _seat.c.meeting_id == meeting_id, _seat.c.person_id == person_id)


def deputy_of(tx: Tx, seat_id: int) -> Seat | None:
    """The seat of whoever sits there in place of another."""
    return tx.find(Seat, _seat.c.for_id == seat_id)


def leave(tx: Tx, seat_id: int) -> None:
    """A deputy is none any more."""
    tx.execute(_seat.delete().where(_seat.c.id == seat_id))


# -- votes


def votes(tx: Tx, meeting_id: int) -> list[Vote]:
    """What was put to the vote, in order."""
    return tx.list(Vote, _vote.c.meeting_id == meeting_id, order=_vote.c.id)


def votes_of(tx: Tx, ids: Collection[int]) -> dict[int, list[Vote]]:
    """The same for many meetings."""
    found: dict[int, list[Vote]] = {}
    for vote in tx.list(Vote, _vote.c.meeting_id.in_(sorted(ids)), order=_vote.c.id) if ids else []:
        found.setdefault(vote.meeting_id, []).append(vote)
    return found


def has_voted(tx: Tx, vote_id: int, seat_id: int) -> bool:
    """Whether the vote of a seat was given."""
    return tx.find(Ballot, _ballot.c.vote_id == vote_id, _ballot.c.seat_id == seat_id) is not None


def counted(tx: Tx, vote_id: int) -> dict[str, int]:
    """How many gave which vote."""
    rows = tx.rows(
        select(_ballot.c.choice, func.count().label("n"))
        .where(_ballot.c.vote_id == vote_id)
        .group_by(_ballot.c.choice)
    )
    return {row.choice: int(row.n) for row in rows}


# -- resolutions


def resolutions(tx: Tx, ids: Iterable[int]) -> dict[int, list[Resolution]]:
    """What these meetings decided and did not take back, each in order."""
    wanted = sorted(set(ids))
    where = (_r.c.meeting_id.in_(wanted), _r.c.undone_at.is_(None))
    found: dict[int, list[Resolution]] = {}
    for row in tx.list(Resolution, *where, order=_r.c.number) if wanted else []:
        found.setdefault(row.meeting_id, []).append(row)
    return found


def next_number(tx: Tx, meeting_id: int) -> int:
    """The number of a meeting's next resolution; that of one which was taken back is not given again."""
    return int(tx.scalar(select(func.max(_r.c.number)).where(_r.c.meeting_id == meeting_id)) or 0) + 1


def of_measures(tx: Tx, measure_ids: Iterable[int]) -> dict[int, Resolution]:
    """The resolutions by which measures came about, by measure."""
    wanted = sorted(set(measure_ids))
    where = (_r.c.measure_id.in_(wanted), _r.c.undone_at.is_(None))
    rows = tx.list(Resolution, *where, order=_r.c.id) if wanted else []
    return {row.measure_id: row for row in rows if row.measure_id is not None}


def sources(tx: Tx, measure_ids: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Where measures were decided: number of the meeting and of the resolution, by measure."""
    rows = of_measures(tx, measure_ids)
    wanted = sorted({row.meeting_id for row in rows.values()})
    known = {m.id: m.no for m in tx.list(Meeting, _m.c.id.in_(wanted))} if wanted else {}
    return {key: (known[row.meeting_id], row.number) for key, row in rows.items()}


def links(tx: Tx, resolution_id: int) -> list[Decided]:
    """Which orders a resolution is about."""
    return tx.list(Decided, _dec.c.resolution_id == resolution_id, order=_dec.c.id)


def unlink(tx: Tx, resolution_id: int) -> None:
    """Its orders may be decided about anew."""
    tx.execute(_dec.delete().where(_dec.c.resolution_id == resolution_id))


def decided(tx: Tx, resolution_ids: Iterable[int]) -> dict[int, list[Demand]]:
    """The orders of these resolutions."""
    wanted = sorted(set(resolution_ids))
    if not wanted:
        return {}
    links = tx.list(Decided, _dec.c.resolution_id.in_(wanted), order=_dec.c.id)
    rows = tx.list(Demand, _d.c.id.in_(sorted({link.demand_id for link in links}))) if links else []
    known = {row.id: row for row in rows}
    found: dict[int, list[Demand]] = {}
    for link in links:
        found.setdefault(link.resolution_id, []).append(known[link.demand_id])
    return found


def decided_here(tx: Tx, meeting_id: int) -> set[int]:
    """Keys of the orders that this meeting has decided about."""
    return {row.demand_id for row in tx.rows(select(_dec.c.demand_id).where(_dec.c.meeting_id == meeting_id))}


def of_demand(tx: Tx, demand_id: int) -> list[tuple[Resolution, Meeting]]:
    """What meetings have decided about an order, oldest first."""
    links = tx.list(Decided, _dec.c.demand_id == demand_id, order=_dec.c.id)
    return [(tx.get(Resolution, one.resolution_id), tx.get(Meeting, one.meeting_id)) for one in links]
