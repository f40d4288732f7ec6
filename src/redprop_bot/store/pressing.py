"""What presses: short lists out of many demands, each a walk along an index that holds only such rows."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from redprop_bot.rules.flow import Stage
from redprop_bot.store.sifting import Scope
from redprop_bot.store.tables import Demand
from redprop_bot.store.tables.loop import ALARM_ROWS, ASKED_ROWS, PAUSED_ROWS, RUNNING_ROWS, URGENT_ROWS
from redprop_bot.store.tx import Tx, table_of

URGENT: Final = ("emergency", "urgent")
"""Those of URGENT_ROWS."""

_d = table_of(Demand)
_RUNNING: Any = text(RUNNING_ROWS)
_ALARM: Any = text(ALARM_ROWS)
_ASKED: Any = text(ASKED_ROWS)
_URGENT: Any = text(URGENT_ROWS)
_PAUSED: Any = text(PAUSED_ROWS)


def alarms(tx: Tx, scope: Scope, *, limit: int) -> list[Demand]:
    """Open emergencies, the newest first."""
    return tx.list(Demand, _ALARM, *scope.where(), order=_d.c.id.desc(), limit=limit)


def asked_for_time(tx: Tx, scope: Scope, *, limit: int) -> list[Demand]:
    """Where a unit asked for more days and waits, the oldest first."""
    return tx.list(Demand, _ASKED, *scope.where(), order=_d.c.id, limit=limit)


def urgent_first(tx: Tx, scope: Scope, stage: Stage, *, limit: int) -> list[Demand]:
    """What stands in an open stage: the urgent, then the others; of the oldest of each, the first due first."""
    found: list[Demand] = []
    for kind in (_URGENT, _d.c.urgency.in_(URGENT).is_not(True)):
        if left := limit - len(found):
            where = (_d.c.stage == stage.value, kind, *scope.where())
            members = tx.list(Demand, *where, order=_d.c.id, limit=left)
            found += sorted(members, key=lambda one: (one.due_at is None, one.due_at or tx.now, one.id))
    return found


def overdue(tx: Tx, scope: Scope, *, limit: int, after: tuple[datetime, int] | None = None) -> list[Demand]:
    """Whose clock to solve has run out, the longest first; below the date and key `after`."""
    return _due(tx, scope, [_d.c.due_at < tx.now], limit=limit, after=after)


def due_until(tx: Tx, scope: Scope, until: datetime, *, limit: int) -> list[Demand]:
    """Whose clock to solve runs out before a moment, but has not yet."""
    return _due(tx, scope, [_d.c.due_at >= tx.now, _d.c.due_at < until], limit=limit, after=None)


def to_look_at(tx: Tx, scope: Scope, *, limit: int) -> list[Demand]:
    """Suspended ones past the day of the next look."""
    where = (_PAUSED, _d.c.paused_until < tx.now, *scope.where())
    return tx.list(Demand, *where, order=(_d.c.paused_until, _d.c.id), limit=limit)


def _due(
    tx: Tx, scope: Scope, where: list[Any], *, limit: int, after: tuple[datetime, int] | None
) -> list[Demand]:
    if after is not None:
        moment, key = after
        where = [*where, _d.c.due_at >= moment, (_d.c.due_at > moment) | (_d.c.id > key)]
    found = [_RUNNING, *where, *scope.where()]
    return tx.list(Demand, *found, order=(_d.c.due_at, _d.c.id), limit=limit)
