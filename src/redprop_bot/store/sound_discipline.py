"""What 整改 and 约谈 promise, as checks of `db check`: what is over is over, what is open is there once."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select

from redprop_bot.rules.discipline import RUNNING, TalkState
from redprop_bot.store.tables import Rectification, Talk
from redprop_bot.store.tx import Tx, table_of

_r, _t = table_of(Rectification), table_of(Talk)


def _over_and_open(_tx: Tx) -> Select[Any]:
    runs = _r.c.state.in_([state.value for state in RUNNING])
    kept = and_(_r.c.once_key.is_not(None), _r.c.closed_at.is_(None))
    gone = and_(_r.c.once_key.is_(None), _r.c.closed_at.is_not(None))
    off = or_(and_(runs, ~kept), and_(~runs, ~gone))
    return select(_r.c.id, _r.c.state).where(off).order_by(_r.c.id)


def _talks_without_words(_tx: Tx) -> Select[Any]:
    proposed = and_(_t.c.open_key.is_not(None), _t.c.recorded_at.is_(None))
    over = and_(_t.c.open_key.is_(None), _t.c.recorded_at.is_not(None), _t.c.agreed != "")
    is_open = _t.c.state == TalkState.PROPOSED.value
    off = or_(and_(is_open, ~proposed), and_(~is_open, ~over))
    return select(_t.c.id, _t.c.state).where(off).order_by(_t.c.id)


CHECKS: Final[tuple[tuple[str, Callable[[Tx], Select[Any]]], ...]] = (
    ("整改第 {id} 号：记的是 {state}，和结束没结束对不上", _over_and_open),
    ("约谈第 {id} 号：记的是 {state}，和记没记下来对不上", _talks_without_words),
)
