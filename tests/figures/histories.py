"""Random histories of demands, written as rows: whatever can stand in one, in any order, whoever wrote it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from tests.support import rows

from redprop_bot.rules.flow import Stage
from redprop_bot.store.tables import Demand, Supporter
from redprop_bot.store.tx import Tx, table_of

HOURS = st.integers(-24 * 70, 24 * 20)
_d, _s = table_of(Demand), table_of(Supporter)


@dataclass
class World:
    """What a history plays in."""

    communities: list[int]
    estates: list[int]
    units: list[int]
    people: list[int]
    origin: datetime


def world(tx: Tx) -> World:
    communities = [rows.community(tx, name).id for name in ("梧桐社区", "白杨社区")]
    return World(
        communities,
        [rows.estate(tx, communities[0], "梧桐苑").id, rows.estate(tx, communities[1], "白杨里").id],
        [rows.unit(tx, "和顺物业").id, rows.unit(tx, "永宁物业").id],
        [rows.person(tx).id for _ in range(3)],
        tx.now,
    )


def moment(place: World, hours: int | None) -> datetime | None:
    return None if hours is None else place.origin + timedelta(hours=hours)


@st.composite
def values(draw: Any) -> dict[str, Any]:
    """Some of what a demand may be; numbers stand for what the world has."""
    maybe = st.none() | HOURS
    whole = {
        "stage": st.sampled_from([s.value for s in Stage]),
        "intent": st.sampled_from(["demand.report", "complaint", "suggestion"]),
        "category": st.sampled_from([None, "elevator", "noise"]),
        "place": st.integers(0, 2),
        "building": st.sampled_from([None, "1", "3"]),
        "handler": st.integers(0, 2),
        "released": st.booleans(),
        "reported_at": HOURS,
        "respond_by": maybe,
        "due_at": maybe,
        "done_at": maybe,
        "closed_at": maybe,
        "close_reason": st.sampled_from([None, "solved", "no_answer", "other"]),
        "stars": st.none() | st.integers(1, 5),
    }
    names = draw(st.sets(st.sampled_from(sorted(whole)), min_size=1))
    return {name: draw(whole[name]) for name in sorted(names)}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("new"), values()),
        st.tuples(st.just("change"), st.integers(0, 9), values()),
        st.tuples(st.just("sign"), st.integers(0, 9)),
        st.tuples(st.just("support"), st.integers(0, 9), st.integers(0, 2), st.none() | st.integers(1, 5)),
        st.tuples(st.just("leave"), st.integers(0, 9)),
        st.tuples(st.just("later"), st.integers(1, 24 * 12)),
        st.tuples(st.just("settle"), st.booleans()),
    ),
    min_size=1,
    max_size=14,
)


def columns(place: World, given: dict[str, Any]) -> dict[str, Any]:
    """The values as columns."""
    found = {
        name: moment(place, value) if name.endswith(("_at", "_by")) else value for name, value in given.items()
    }
    if "place" in found:
        here = found.pop("place")
        found |= {"community_id": [*place.communities, None][here], "estate_id": [*place.estates, None][here]}
    if "handler" in found:
        found["handler_id"] = [*place.units, None][found.pop("handler")]
    return found


def play(tx: Tx, place: World, step: tuple[Any, ...]) -> None:
    """One step on the rows."""
    kind, *rest = step
    ids = [int(row[0]) for row in tx.rows(select(_d.c.id).order_by(_d.c.id))]
    if kind == "new":
        rows.demand(tx, **columns(place, rest[0]))
        return
    if not ids:
        return
    key = ids[rest[0] % len(ids)]
    if kind == "change":
        tx.update(Demand, key, **columns(place, rest[1]))
    elif kind == "sign":
        rows.happen(tx, tx.get(Demand, key), "accepted", "accept")
    elif kind == "support":
        person, stars = place.people[rest[1]], rest[2]
        if tx.insert_new(Supporter, demand_id=key, person_id=person, at=tx.now, stars=stars) is None:
            tx.execute(_s.update().where(_s.c.demand_id == key, _s.c.person_id == person).values(stars=stars))
    elif kind == "leave":
        tx.execute(delete(_s).where(_s.c.id == select(func.min(_s.c.id)).scalar_subquery()))
