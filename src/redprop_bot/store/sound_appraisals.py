"""What 考评 promises, as checks of `db check`: a result where there should be one, one round for a period."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select

from redprop_bot.rules.grades import RESULTS, State
from redprop_bot.store.tables import Appraisal
from redprop_bot.store.tx import Tx, table_of

_a = table_of(Appraisal)


def _results_without_scores(_tx: Tx) -> Select[Any]:
    has = _a.c.state.in_([state.value for state in RESULTS])
    whole = and_(_a.c.score.is_not(None), _a.c.stars.is_not(None), _a.c.published_at.is_not(None))
    nothing = and_(_a.c.score.is_(None), _a.c.stars.is_(None), _a.c.published_at.is_(None))
    off = or_(and_(has, ~whole), and_(~has, ~nothing))
    return select(_a.c.id, _a.c.state).where(off).order_by(_a.c.id)


def _void_and_counted(_tx: Tx) -> Select[Any]:
    void = _a.c.state == State.VOID.value
    off = or_(and_(void, _a.c.once_key.is_not(None)), and_(~void, _a.c.once_key.is_(None)))
    return select(_a.c.id, _a.c.state).where(off).order_by(_a.c.id)


CHECKS: Final[tuple[tuple[str, Callable[[Tx], Select[Any]]], ...]] = (
    ("考评第 {id} 号：记的是 {state}，和有没有结果对不上", _results_without_scores),
    ("考评第 {id} 号：记的是 {state}，和占没占着这一期对不上", _void_and_counted),
)
