"""What activities promise, as checks of `db check`: no more places than there are, nobody came without one."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, and_, func, select

from redprop_bot.store.tables import Activity, Attendance, PointEntry, SignUp
from redprop_bot.store.tx import Tx, table_of

_a, _s, _t, _e = table_of(Activity), table_of(SignUp), table_of(Attendance), table_of(PointEntry)


def _too_many(_tx: Tx) -> Select[Any]:
    going = func.count().label("going")
    return (
        select(_a.c.no, _a.c.capacity, going)
        .select_from(_a.join(_s, and_(_s.c.activity_id == _a.c.id, _s.c.state == "going")))
        .where(_a.c.capacity.is_not(None), ~_walked_in().exists())
        .group_by(_a.c.id, _a.c.no, _a.c.capacity)
        .having(going > _a.c.capacity)
        .order_by(_a.c.id)
    )


def _walked_in() -> Select[Any]:
    """Who came without a place and was entered by the organiser makes it more than there are, rightly."""
    return select(_t.c.id).where(_t.c.activity_id == _a.c.id, _t.c.corrected_by.is_not(None))


def _without_place(_tx: Tx) -> Select[Any]:
    place = select(_s.c.id).where(
        _s.c.activity_id == _t.c.activity_id, _s.c.person_id == _t.c.person_id, _s.c.state == "going"
    )
    return (
        select(_t.c.id, _a.c.no)
        .select_from(_t.join(_a, _a.c.id == _t.c.activity_id))
        .where(~place.exists())
        .order_by(_t.c.id)
    )


def _other_points(_tx: Tx) -> Select[Any]:
    return (
        select(_t.c.id, _t.c.entry_id)
        .select_from(_t.join(_e, _e.c.id == _t.c.entry_id))
        .where(_e.c.person_id != _t.c.person_id)
        .order_by(_t.c.id)
    )


CHECKS: Final[tuple[tuple[str, Callable[[Tx], Select[Any]]], ...]] = (
    ("活动 {no}：名额 {capacity}，却报上了 {going} 人", _too_many),
    ("签到 {id}（活动 {no}）：没有报上名", _without_place),
    ("签到 {id}：记的分（第 {entry_id} 笔）是别人的", _other_points),
)
