"""Statements about how estates are looked after: what is open there."""

from collections.abc import Collection

from sqlalchemy import and_, case, func, select

from redprop_bot.rules.flow import OPEN, RUNNING
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx, table_of

_d = table_of(Demand)


def open_at(tx: Tx, estates: Collection[int]) -> dict[int, tuple[int, int]]:
    """By estate, orders that are open, and how many of these are late; estates without any are out."""
    if not estates:
        return {}
    late = case((and_(_d.c.stage.in_(sorted(RUNNING)), _d.c.due_at < tx.now), 1))
    counted = select(_d.c.estate_id, func.count(), func.count(late))
    where = (_d.c.stage.in_(sorted(OPEN)), _d.c.estate_id.in_(sorted(estates)))
    rows = tx.rows(counted.where(*where).group_by(_d.c.estate_id))
    return {int(key): (int(number), int(behind)) for key, number, behind in map(tuple, rows)}
