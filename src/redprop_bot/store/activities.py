"""Statements about activities: what there is, who has a place, who came."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, func, or_, select, update

from redprop_bot.store import numbers
from redprop_bot.store.tables import Activity, ActivityPhoto, Attendance, SignUp
from redprop_bot.store.tx import Tx, among, table_of

_a, _s, _t, _f = table_of(Activity), table_of(SignUp), table_of(Attendance), table_of(ActivityPhoto)


def by_no(tx: Tx, no: str, *, lock: bool = False) -> Activity | None:
    """The activity with this number; with `lock` nobody else changes it or its places before this job ends."""
    return tx.find(Activity, _a.c.no == no, lock=lock)


def by_key(tx: Tx, key: int, *, lock: bool = False) -> Activity | None:
    """The activity with this key, as `by_no`."""
    return tx.find(Activity, _a.c.id == key, lock=lock)


def by_tail(tx: Tx, digits: str) -> list[Activity]:
    """Recent activities whose number ends in these digits, the soonest first."""
    return tx.list(Activity, _a.c.no.in_(numbers.recent(tx, "A", digits)), order=_a.c.starts_at.desc(), limit=20)


def _inside(communities: Sequence[int] | None) -> list[Any]:
    if communities is None:
        return []
    return [or_(among(_a.c.community_id, communities), _a.c.community_id.is_(None))]


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    states: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    organisation_id: int | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[Activity]:
    """A page of activities, newest first; `communities` None: all. What is for all communities is everybody's."""
    where = _inside(communities)
    if states is not None:
        where.append(among(_a.c.state, states))
    if since is not None:
        where.append(_a.c.ends_at >= since)
    if until is not None:
        where.append(_a.c.starts_at < until)
    if organisation_id is not None:
        where.append(_a.c.organisation_id == organisation_id)
    if before_id is not None:
        where.append(_a.c.id < before_id)
    return tx.list(Activity, *where, order=_a.c.id.desc(), limit=limit)


def between(
    tx: Tx,
    communities: Sequence[int] | None,
    since: datetime,
    until: datetime,
    *,
    states: Sequence[str] = ("published",),
    limit: int = 100,
) -> list[Activity]:
    """Activities that are on between two moments, the soonest first."""
    where = [*_inside(communities), among(_a.c.state, states), _a.c.ends_at > since, _a.c.starts_at < until]
    return tx.list(Activity, *where, order=(_a.c.starts_at, _a.c.id), limit=limit)


def planned(tx: Tx, communities: Sequence[int] | None, *, limit: int) -> list[Activity]:
    """Plans that wait for a yes and are not past, the soonest first."""
    where = [*_inside(communities), _a.c.state == "planned", _a.c.ends_at > tx.now]
    return tx.list(Activity, *where, order=(_a.c.starts_at, _a.c.id), limit=limit)


def of_diary(tx: Tx, person_id: int, since: datetime, *, limit: int) -> list[Activity]:
    """What somebody has a place at or organises, from a moment on, what was called off as well."""
    mine = select(_s.c.activity_id).where(_s.c.person_id == person_id, _s.c.state.in_(("going", "waiting")))
    where = or_(_a.c.id.in_(mine), _a.c.organiser_id == person_id), _a.c.ends_at >= since, _a.c.state != "planned"
    return tx.list(Activity, *where, order=(_a.c.starts_at, _a.c.id), limit=limit)


# -- places


def sign_up(tx: Tx, activity_id: int, person_id: int, *, lock: bool = False) -> SignUp | None:
    """Somebody's place."""
    return tx.find(SignUp, _s.c.activity_id == activity_id, _s.c.person_id == person_id, lock=lock)


def of_both(tx: Tx, one_id: int, other_id: int) -> list[int]:
    """Activities at which both of two people have or had a place, in order."""
    other = _s.alias()
    both = _s.join(other, other.c.activity_id == _s.c.activity_id)
    where = _s.c.person_id == one_id, other.c.person_id == other_id
    return [
        row.activity_id
        for row in tx.rows(select(_s.c.activity_id).select_from(both).where(*where).order_by(_s.c.activity_id))
    ]


def swap(tx: Tx, one: SignUp, other: SignUp) -> None:
    """Each has the place of the other; the activity is held."""
    tx.update(SignUp, one.id, state=other.state, at=other.at)
    tx.update(SignUp, other.id, state=one.state, at=one.at)


def give_up(tx: Tx, place: SignUp) -> None:
    """Nobody's place any more, whatever it was; the activity is held."""
    tx.update(SignUp, place.id, state="left")


def going(tx: Tx, activity_id: int) -> int:
    """How many have a place."""
    where = _s.c.activity_id == activity_id, _s.c.state == "going"
    return int(tx.scalar(select(func.count()).select_from(_s).where(*where)))


def first_waiting(tx: Tx, activity_id: int) -> SignUp | None:
    """Who has waited longest."""
    where = _s.c.activity_id == activity_id, _s.c.state == "waiting"
    found = tx.list(SignUp, *where, order=(_s.c.at, _s.c.id), limit=1)
    return found[0] if found else None


def ahead(tx: Tx, row: SignUp) -> int:
    """How many wait before somebody who waits."""
    earlier = or_(_s.c.at < row.at, (_s.c.at == row.at) & (_s.c.id < row.id))
    where = _s.c.activity_id == row.activity_id, _s.c.state == "waiting", earlier
    return int(tx.scalar(select(func.count()).select_from(_s).where(*where)))


def sign_ups(tx: Tx, activity_id: int, *states: str) -> list[SignUp]:
    """Who is on the list, in the order in which they came."""
    where = _s.c.activity_id == activity_id, among(_s.c.state, states or ("going", "waiting"))
    return tx.list(SignUp, *where, order=(_s.c.at, _s.c.id))


def of_person(tx: Tx, person_id: int, since: datetime, *, limit: int = 20) -> list[tuple[Activity, str]]:
    """What somebody is on the list of, from a moment on, the soonest first; with the state of their place."""
    statement = (
        select(_a, _s.c.state.label("place_state"))
        .select_from(_a.join(_s, _s.c.activity_id == _a.c.id))
        .where(
            _s.c.person_id == person_id,
            _s.c.state.in_(("going", "waiting")),
            _a.c.ends_at >= since,
            _a.c.state == "published",
        )
        .order_by(_a.c.starts_at, _a.c.id)
        .limit(limit)
    )
    return [(cast("Activity", row), row.place_state) for row in tx.rows(statement)]


def missed(tx: Tx, row: SignUp) -> None:
    """They have said a wrong code."""
    tx.execute(update(_s).where(_s.c.id == row.id).values(misses=_s.c.misses + 1))


# -- who came


def attendance(tx: Tx, activity_id: int, person_id: int, *, lock: bool = False) -> Attendance | None:
    """Whether somebody came."""
    where = _t.c.activity_id == activity_id, _t.c.person_id == person_id
    return tx.find(Attendance, *where, lock=lock)


def attendances(tx: Tx, activity_id: int) -> list[Attendance]:
    """Who came, in the order of coming."""
    return tx.list(Attendance, _t.c.activity_id == activity_id, order=(_t.c.came_at, _t.c.id))


def unbooked(tx: Tx, activity_id: int) -> list[Attendance]:
    """Who came and did not check out; locked, without who does so just now."""
    where = _t.c.activity_id == activity_id, _t.c.left_at.is_(None), _t.c.booked.is_(False)
    return cast("list[Attendance]", tx.rows(select(_t).where(*where).order_by(_t.c.id).with_for_update()))


def counts(tx: Tx, ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Of these activities: how many are going, waiting, came."""
    found: dict[int, dict[str, int]] = {key: {"going": 0, "waiting": 0, "came": 0} for key in ids}
    if not ids:
        return found
    wanted = list(ids)
    number = func.count().label("n")
    places = select(_s.c.activity_id, _s.c.state, number).where(among(_s.c.activity_id, wanted))
    for row in tx.rows(places.group_by(_s.c.activity_id, _s.c.state)):
        found[row.activity_id][row.state] = int(row.n)
    came = select(_t.c.activity_id, number).where(among(_t.c.activity_id, wanted)).group_by(_t.c.activity_id)
    for row in tx.rows(came):
        found[row.activity_id]["came"] = int(row.n)
    return found


def strike(tx: Tx, row: Attendance) -> None:
    """They did not come."""
    tx.execute(delete(_t).where(_t.c.id == row.id))


def forget_people(tx: Tx, activity_id: int) -> None:
    """Drop the lists of who signed up and who came, and the pictures of them."""
    tx.execute(delete(_f).where(_f.c.activity_id == activity_id))
    tx.execute(delete(_t).where(_t.c.activity_id == activity_id))
    tx.execute(delete(_s).where(_s.c.activity_id == activity_id))


def photos(tx: Tx, activity_id: int) -> list[ActivityPhoto]:
    """Its pictures, in the order in which they were added."""
    return tx.list(ActivityPhoto, _f.c.activity_id == activity_id, order=_f.c.id)


def photo(tx: Tx, activity_id: int, photo_id: int) -> ActivityPhoto | None:
    """One of them."""
    return tx.find(ActivityPhoto, _f.c.activity_id == activity_id, _f.c.id == photo_id)


def drop_photo(tx: Tx, row: ActivityPhoto) -> None:
    """It is shown no more; the sweep of loose files removes what it was."""
    tx.execute(delete(_f).where(_f.c.id == row.id))
