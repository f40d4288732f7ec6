"""What `db check` asks of projects and mediations: sentences and the rows that should not be there."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, and_, case, func, or_, select

from redprop_bot.store.tables import BudgetLine, Event, Measure, Mediation, MediationSide, Project
from redprop_bot.store.tx import Tx, table_of

_p, _m, _line, _e = table_of(Project), table_of(Measure), table_of(BudgetLine), table_of(Event)
_case, _side = table_of(Mediation), table_of(MediationSide)


def _half_done(_tx: Tx) -> Select[Any]:
    """A measure is done when it is at 100 with a moment, and not otherwise."""
    done = _m.c.stage == "done"
    wrong = or_(
        and_(done, or_(_m.c.percent != 100, _m.c.done_at.is_(None))),
        and_(_m.c.stage == "open", or_(_m.c.percent == 100, _m.c.done_at.is_not(None))),
        ~_m.c.percent.between(0, 100),
    )
    joined = _m.join(_p, _p.c.id == _m.c.project_id)
    return select(_p.c.no, _m.c.position, _m.c.percent).select_from(joined).where(wrong).order_by(_m.c.id)


def _ended_with_open(_tx: Tx) -> Select[Any]:
    joined = _m.join(_p, _p.c.id == _m.c.project_id)
    where = _p.c.stage != "open", _m.c.stage == "open"
    return select(_p.c.no, _m.c.position).select_from(joined).where(*where).order_by(_m.c.id)


def _without_beginning(_tx: Tx) -> Select[Any]:
    opened = select(_e.c.id).where(
        _e.c.subject == "project", _e.c.subject_id == _p.c.id, _e.c.name == "project_opened"
    )
    return select(_p.c.no).where(~opened.exists()).order_by(_p.c.id)


def _bad_money(_tx: Tx) -> Select[Any]:
    joined = _line.join(_p, _p.c.id == _line.c.project_id)
    where = or_(_line.c.planned < 0, _line.c.spent < 0)
    return select(_p.c.no, _line.c.title).select_from(joined).where(where).order_by(_line.c.id)


def _not_two_sides(_tx: Tx) -> Select[Any]:
    counted = select(_side.c.mediation_id, func.count().label("sides")).group_by(_side.c.mediation_id).subquery()
    sides = func.coalesce(counted.c.sides, 0)
    joined = _case.outerjoin(counted, counted.c.mediation_id == _case.c.id)
    return select(_case.c.no, sides.label("sides")).select_from(joined).where(sides != 2).order_by(_case.c.id)


def _signed_by_one(_tx: Tx) -> Select[Any]:
    """What is signed has the yes of both sides for the offer that stands."""
    said = case((and_(_side.c.accepted == _case.c.offer_number, _side.c.accepted_at.is_not(None)), 1), else_=0)
    joined = _case.join(_side, _side.c.mediation_id == _case.c.id)
    return (
        select(_case.c.no)
        .select_from(joined)
        .where(_case.c.stage.in_(("agreed", "kept", "broken")))
        .group_by(_case.c.no)
        .having(func.sum(said) < 2)
        .order_by(_case.c.no)
    )


def _signed_too_early(_tx: Tx) -> Select[Any]:
    early = _case.c.stage.in_(("open", "asked", "running", "offered"))
    return select(_case.c.no).where(early, _case.c.agreed_at.is_not(None)).order_by(_case.c.id)


CHECKS: Final[tuple[tuple[str, Callable[[Tx], Select[Any]]], ...]] = (
    ("项目 {no} 第 {position} 条措施：办没办完和进度 {percent}% 对不上", _half_done),
    ("项目 {no}：已经结束，第 {position} 条措施却还在办", _ended_with_open),
    ("项目 {no}：没有立项记录", _without_beginning),
    ("项目 {no} 预算“{title}”：金额是负数", _bad_money),
    ("调解 {no}：应有两方，记着 {sides} 方", _not_two_sides),
    ("调解 {no}：算签了协议，却没有双方的同意", _signed_by_one),
    ("调解 {no}：还没签，却记着签了的时间", _signed_too_early),
)
