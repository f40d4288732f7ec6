"""What partner units and members gave in a stretch of time, counted from what they did; and their cards."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, or_, select, union

from redprop_bot.store.tables import (
    Activity,
    Attendance,
    Helper,
    Measure,
    Project,
    Resource,
    Service,
    ThanksCard,
    Wish,
)
from redprop_bot.store.tx import Tx, table_of

_r, _s, _w, _h = table_of(Resource), table_of(Service), table_of(Wish), table_of(Helper)
_a, _t, _p, _m, _c = (table_of(model) for model in (Activity, Attendance, Project, Measure, ThanksCard))

OF_UNITS: Final = ("offers", "wishes", "helped", "activities", "projects")
"""What is counted for a unit: offers that stand, wishes come true, orders it helped with, activities, projects."""
OF_MEMBERS: Final = ("wishes", "helped", "activities")

Counts = dict[int, dict[str, int]]


def of_units(tx: Tx, begin: datetime, end: datetime) -> Counts:
    """By unit, what it gave from `begin` to before `end`; units that gave nothing are left out."""
    found: Counts = {}
    for name, statement in (
        ("offers", _offers(_r, end)),
        ("offers", _offers(_s, end)),
        ("wishes", _came_true(_w.c.claimer_unit_id, begin, end)),
        ("helped", _helped(_h.c.organisation_id, begin, end)),
        ("activities", _held(begin, end)),
        ("projects", _taken(begin, end)),
    ):
        _add(found, name, tx.rows(statement))
    return found


def of_members(tx: Tx, begin: datetime, end: datetime) -> Counts:
    """By person, what they gave as themselves, not for a unit."""
    found: Counts = {}
    alone = _w.c.claimer_unit_id.is_(None)
    came = (
        select(_t.c.person_id, func.count())
        .where(_t.c.came_at >= begin, _t.c.came_at < end)
        .group_by(_t.c.person_id)
    )
    _add(found, "wishes", tx.rows(_came_true(_w.c.claimer_id, begin, end).where(alone)))
    _add(found, "helped", tx.rows(_helped(_h.c.person_id, begin, end).where(_h.c.organisation_id.is_(None))))
    _add(found, "activities", tx.rows(came))
    return found


def _add(found: Counts, name: str, rows: Sequence[Any]) -> None:
    for key, number in rows:
        if key is not None and number:
            counts = found.setdefault(int(key), {})
            counts[name] = counts.get(name, 0) + int(number)


def _offers(table: Any, end: datetime) -> Select[Any]:
    stands = table.c.status == "published", table.c.created_at < end
    return select(table.c.organisation_id, func.count()).where(*stands).group_by(table.c.organisation_id)


def _came_true(who: Any, begin: datetime, end: datetime) -> Select[Any]:
    then = _w.c.status == "fulfilled", _w.c.received_at >= begin, _w.c.received_at < end
    return select(who, func.count()).where(*then, who.is_not(None)).group_by(who)


def _helped(who: Any, begin: datetime, end: datetime) -> Select[Any]:
    return select(who, func.count()).where(_h.c.at >= begin, _h.c.at < end, who.is_not(None)).group_by(who)


def _held(begin: datetime, end: datetime) -> Select[Any]:
    then = _a.c.state.in_(("published", "over")), _a.c.ends_at >= begin, _a.c.ends_at < end
    return select(_a.c.organisation_id, func.count()).where(*then).group_by(_a.c.organisation_id)


def _taken(begin: datetime, end: datetime) -> Select[Any]:
    """Projects that ran then, led by the unit or with a measure of its own; each counts once."""
    ran = (
        _p.c.stage != "cancelled",
        _p.c.starts_at < end,
        or_(_p.c.finished_at.is_(None), _p.c.finished_at >= begin),
    )
    led = select(_p.c.lead_id.label("unit"), _p.c.id.label("project")).where(*ran)
    shared = (
        select(_m.c.unit_id.label("unit"), _p.c.id.label("project"))
        .select_from(_m.join(_p, _p.c.id == _m.c.project_id))
        .where(*ran, _m.c.stage != "cancelled")
    )
    both = union(led, shared).subquery()
    return select(both.c.unit, func.count()).group_by(both.c.unit)


# -- cards


def keep(tx: Tx, quarter: str, figures: Mapping[str, int], *, unit_id: int | None, person_id: int | None) -> Any:
    """The card of a quarter; None when it is there already."""
    return tx.insert_new(
        ThanksCard,
        quarter=quarter,
        organisation_id=unit_id,
        person_id=person_id,
        figures=dict(figures),
        at=tx.now,
    )


def card(tx: Tx, card_id: int) -> ThanksCard | None:
    """One card."""
    return tx.find(ThanksCard, _c.c.id == card_id)


def cards(tx: Tx, quarter: str) -> list[ThanksCard]:
    """All cards of a quarter that units got."""
    return tx.list(ThanksCard, _c.c.quarter == quarter, _c.c.organisation_id.is_not(None), order=_c.c.id)
