"""Statements about the ledger of points: what was booked, what is left, what waits for approval."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from redprop_bot.rules.points import Book, House
from redprop_bot.store import one_person
from redprop_bot.store.tables import Activity, Attendance, Person, PointBalance, PointEntry, PointRequest
from redprop_bot.store.tx import Tx, among, table_of

_b, _e, _r, _p = (table_of(model) for model in (PointBalance, PointEntry, PointRequest, Person))


def in_turn(tx: Tx, person_id: int) -> None:
    """Until this job ends nobody else books for this person: sums that are read now stay true."""
    tx.mark(PointBalance, person_id=person_id)
    tx.find(PointBalance, _b.c.person_id == person_id, lock=True)


def move(tx: Tx, person_id: int, delta: int) -> bool:
    """Change what a person has; False, and nothing changes, where it would fall below zero."""
    enough = _b.c.balance + delta >= 0
    changed = update(_b).where(_b.c.person_id == person_id, enough).values(balance=_b.c.balance + delta)
    return tx.execute(changed) == 1


def balance(tx: Tx, person_id: int) -> int:
    """What a person has."""
    return int(tx.scalar(select(_b.c.balance).where(_b.c.person_id == person_id)) or 0)


def by_key(tx: Tx, key: str) -> PointEntry | None:
    """The booking of this key, if it was made."""
    return tx.find(PointEntry, _e.c.key == key)


def given(tx: Tx, source: str, kinds: Sequence[str], *, person_id: int | None = None) -> list[PointEntry]:
    """What was given from one source, oldest first, whether or not it was taken back since."""
    where = [_e.c.source == source, _e.c.kind.in_(list(kinds)), _e.c.reverses_id.is_(None), _e.c.delta > 0]
    if person_id is not None:
        where.append(_theirs(person_id))
    return tx.list(PointEntry, *where, order=_e.c.id)


def reversal(tx: Tx, entry_id: int) -> PointEntry | None:
    """The entry that took this one back."""
    return tx.find(PointEntry, _e.c.reverses_id == entry_id)


def _theirs(person_id: int) -> Any:
    """What was booked for a person, also for the row that they had before they were known to be one."""
    before = select(_p.c.id).where(_p.c.merged_into_id == person_id)
    return or_(_e.c.person_id == person_id, _e.c.person_id.in_(before))


def carried(tx: Tx, person_id: int) -> int:
    """How often points went from or to a row as that of one person."""
    where = _e.c.person_id == person_id, _e.c.against == House.JOINED.value
    return int(tx.scalar(select(func.count()).select_from(_e).where(*where)))


def earned(tx: Tx, person_id: int, *, first: str, last: str, kind: str | None = None) -> int:
    """What a person has earned from one day to another, both included; what was taken back does not count."""
    where = [_theirs(person_id), _e.c.against == House.ISSUED.value, _e.c.day.between(first, last)]
    if kind is not None:
        where.append(_e.c.kind == kind)
    return int(tx.scalar(select(func.coalesce(func.sum(_e.c.delta), 0)).where(*where)))


def earned_from(tx: Tx, person_id: int, source: str) -> int:
    """What a person has earned from one source."""
    where = [_theirs(person_id), _e.c.against == House.ISSUED.value, _e.c.source == source]
    return int(tx.scalar(select(func.coalesce(func.sum(_e.c.delta), 0)).where(*where)))


def times(tx: Tx, person_id: int, source: str) -> int:
    """How often something was booked for a person from one source, counter-entries included."""
    where = _e.c.person_id == person_id, _e.c.source == source
    return int(tx.scalar(select(func.count()).select_from(_e).where(*where)))


def page(
    tx: Tx,
    *,
    person_id: int | None = None,
    communities: Sequence[int] | None = None,
    ledger: str | None = None,
    kind: str | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[PointEntry]:
    """A page of the ledger, newest first; `communities` None: all of them.

    Of one person all that was ever booked for them, under whichever row; what only went from one to the other is
    left out, as it adds up to nothing.
    """
    where: list[Any] = []
    if person_id is not None:
        one = [f"person:{key}" for key in (person_id, *(p.id for p in one_person.merged_from(tx, person_id)))]
        where += [_theirs(person_id), or_(_e.c.against != House.JOINED.value, _e.c.source.not_in(one))]
    if communities is not None:
        where.append(or_(among(_e.c.community_id, communities), _e.c.community_id.is_(None)))
    if ledger is not None:
        where.append(_e.c.ledger == ledger)
    if kind is not None:
        where.append(_e.c.kind == kind)
    if before_id is not None:
        where.append(_e.c.id < before_id)
    return tx.list(PointEntry, *where, order=_e.c.id.desc(), limit=limit)


def requests(tx: Tx, communities: Sequence[int] | None, *, limit: int) -> list[PointRequest]:
    """What waits for approval, oldest first."""
    where: list[Any] = [_r.c.state == "open"]
    if communities is not None:
        where.append(or_(among(_r.c.community_id, communities), _r.c.community_id.is_(None)))
    return tx.list(PointRequest, *where, order=_r.c.id, limit=limit)


def request(tx: Tx, request_id: int) -> PointRequest | None:
    """One request; nobody else decides it before this job ends."""
    return tx.find(PointRequest, _r.c.id == request_id, lock=True)


def entry(tx: Tx, entry_id: int) -> PointEntry | None:
    """One booking."""
    return tx.find(PointEntry, _e.c.id == entry_id)


def show_name(tx: Tx, person_id: int, *, shown: bool) -> None:
    """Whether somebody's name may stand on the quarterly list."""
    tx.mark(PointBalance, person_id=person_id)
    tx.execute(update(_b).where(_b.c.person_id == person_id).values(named=shown))


def ranking(tx: Tx, community_id: int, *, limit: int) -> list[tuple[str | None, int]]:
    """Who has agreed to be named, with what they have earned in a community; the most first."""
    person = table_of(Person)
    number = func.sum(_e.c.delta).label("number")
    statement = (
        select(person.c.name, number)
        .select_from(_e.join(_b, _b.c.person_id == _e.c.person_id).join(person, person.c.id == _e.c.person_id))
        .where(_e.c.community_id == community_id, _e.c.against == House.ISSUED.value, _b.c.named.is_(True))
        .group_by(person.c.id, person.c.name)
        .order_by(number.desc(), person.c.id)
        .limit(limit)
    )
    return [(row.name, int(row.number)) for row in tx.rows(statement)]


def lapse(tx: Tx, person_id: int) -> None:
    """Somebody wished to be forgotten: what is left of their points goes to nobody, and their name on no list."""
    in_turn(tx, person_id)
    left = balance(tx, person_id)
    tx.execute(update(_b).where(_b.c.person_id == person_id).values(named=False, balance=0))
    if left:
        tx.insert(
            PointEntry,
            key=f"lapsed:{person_id}:{int(tx.now.timestamp())}",
            at=tx.now,
            day=tx.now.astimezone(tx.content.zone).date().isoformat(),
            person_id=person_id,
            delta=-left,
            against=House.LAPSED.value,
            kind="lapsed",
            ledger=Book.MACHINE.value,
            source="forgotten",
            reason="本人要求删除资料",
            by_name="本人",
        )


def times_between(tx: Tx, since: datetime, until: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Who was where between two moments: person_id, came_at, left_at, no, community_id, ends_at of each."""
    a, t = table_of(Activity), table_of(Attendance)
    statement = (
        select(t.c.person_id, t.c.came_at, t.c.left_at, a.c.no, a.c.community_id, a.c.ends_at)
        .select_from(t.join(a, a.c.id == t.c.activity_id))
        .where(a.c.starts_at >= since - timedelta(days=1), t.c.came_at >= since, t.c.came_at < until)
        .order_by(t.c.person_id, t.c.came_at)
    )
    return tx.rows(statement)


def asked_between(tx: Tx, since: datetime, until: datetime) -> list[PointRequest]:
    """Points that were asked for by hand between two moments."""
    return tx.list(PointRequest, _r.c.at >= since, _r.c.at < until, order=_r.c.id)


def one_handed(tx: Tx, since: datetime, until: datetime) -> list[PointEntry]:
    """Entries between two moments by a hand that is also the receiver's, or that has approved itself."""
    person = table_of(Person)
    where = [
        _e.c.at >= since,
        _e.c.at < until,
        _e.c.reverses_id.is_(None),
        _e.c.ledger == Book.HAND.value,
        or_(
            _e.c.approved_by == _e.c.by_name,
            _e.c.person_id.in_(select(person.c.id).where(person.c.name == _e.c.by_name)),
            _e.c.person_id.in_(select(person.c.id).where(person.c.name == _e.c.approved_by)),
        ),
    ]
    return tx.list(PointEntry, *where, order=_e.c.id)


def own_corrections(tx: Tx, since: datetime, until: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Attendances of organisers that were entered under the organiser's own name: no, name, community_id."""
    a, t, person = table_of(Activity), table_of(Attendance), table_of(Person)
    statement = (
        select(a.c.no, t.c.corrected_by, a.c.community_id)
        .select_from(t.join(a, a.c.id == t.c.activity_id).join(person, person.c.id == t.c.person_id))
        .where(t.c.came_at >= since, t.c.came_at < until, t.c.corrected_by == person.c.name)
        .order_by(t.c.id)
    )
    return tx.rows(statement)


def earned_by_all(tx: Tx, community_id: int, first: str, last: str, *, limit: int) -> list[Row[*tuple[Any, ...]]]:
    """What each person has earned in a community in some days, both ends included: person_id, number, named."""
    number = func.sum(_e.c.delta).label("number")
    statement = (
        select(_e.c.person_id, number, _b.c.named)
        .select_from(_e.join(_b, _b.c.person_id == _e.c.person_id))
        .where(
            _e.c.community_id == community_id,
            _e.c.against == House.ISSUED.value,
            _e.c.day.between(first, last),
        )
        .group_by(_e.c.person_id, _b.c.named)
        .order_by(number.desc(), _e.c.person_id)
        .limit(limit)
    )
    return tx.rows(statement)


def is_named(tx: Tx, person_id: int) -> bool:
    """Whether somebody's name may stand on the quarterly list."""
    return bool(tx.scalar(select(_b.c.named).where(_b.c.person_id == person_id)))
