"""What 电话回访 promises, as checks of `db check`: lists are no longer than what was closed."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select

from redprop_bot.rules.survey import Result
from redprop_bot.store.tables import Demand, Survey, SurveyCall
from redprop_bot.store.tx import Tx, table_of

_s, _c, _d = (table_of(model) for model in (Survey, SurveyCall, Demand))


def _more_than_closed(_tx: Tx) -> Select[Any]:
    picked = func.count().label("picked")
    return (
        select(_s.c.key, _s.c.closed, picked)
        .select_from(_s.join(_c, _c.c.survey_id == _s.c.id))
        .group_by(_s.c.id, _s.c.key, _s.c.closed)
        .having(picked > _s.c.closed)
        .order_by(_s.c.id)
    )


def _results_without_calls(_tx: Tx) -> Select[Any]:
    open_ = _c.c.state == Result.OPEN.value
    off = or_(and_(open_, _c.c.tries > 0), and_(~open_, or_(_c.c.tries < 1, _c.c.called_at.is_(None))))
    return (
        select(_d.c.no, _c.c.state)
        .select_from(_c.join(_d, _d.c.id == _c.c.demand_id))
        .where(off)
        .order_by(_c.c.id)
    )


CHECKS: Final[tuple[tuple[str, Callable[[Tx], Select[Any]]], ...]] = (
    ("回访名单 {key}：办结 {closed} 件，要打的却有 {picked} 件", _more_than_closed),
    ("需求 {no}：电话回访记的是 {state}，和打没打过对不上", _results_without_calls),
)
