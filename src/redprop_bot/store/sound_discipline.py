"""What 整改, 约谈 and cases promise, as checks of `db check`: what is over is over, what is open is there once."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select

from redprop_bot.rules.discipline import RUNNING, TalkState
from redprop_bot.rules.sanctions import OPEN, State
from redprop_bot.store.tables import Rectification, Sanction, Talk
from redprop_bot.store.tx import Tx, table_of

_r, _t, _s = table_of(Rectification), table_of(Talk), table_of(Sanction)


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


def _cases_over_and_open(_tx: Tx) -> Select[Any]:
    is_open = _s.c.state.in_([state.value for state in OPEN])
    kept = and_(_s.c.open_key.is_not(None), _s.c.closed_at.is_(None))
    gone = and_(_s.c.open_key.is_(None), _s.c.closed_at.is_not(None), _s.c.due_at.is_(None))
    heard = or_(_s.c.state == State.HEARING.value, _s.c.decided_at.is_not(None))
    off = or_(and_(is_open, ~kept), and_(~is_open, ~gone), ~heard)
    return select(_s.c.id, _s.c.state).where(off).order_by(_s.c.id)


CHECKS: Final[tuple[tuple[str, Callable[[Tx], Select[Any]]], ...]] = (
    ("整改第 {id} 号：记的是 {state}，和结束没结束对不上", _over_and_open),
    ("约谈第 {id} 号：记的是 {state}，和记没记下来对不上", _talks_without_words),
    ("黑名单、退出第 {id} 号：记的是 {state}，和结束没结束对不上", _cases_over_and_open),
)
