"""The same figures counted from the rows, by the conditions that the lists behind them use."""

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from redprop_bot.rules.figures import Counts
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import figure_orders
from redprop_bot.store.figure_orders import Behind
from redprop_bot.store.tables import Demand, Supporter
from redprop_bot.store.tx import Tx, table_of

_d, _s = table_of(Demand), table_of(Supporter)
NAMES = ("came", "closed", "due", "on_time", "asked", "signed", "to_solve", "solved")


def told() -> Any:
    """Complaints that the secretary has not released are nobody's orders."""
    return or_(_d.c.intent.not_in(sorted(CONFIDENTIAL)), _d.c.released.is_(True))


def counted(tx: Tx, begin: date, end: date, *where: Any) -> Counts:
    """Orders one by one, and the stars of reporters and neighbours."""
    found = {
        name: int(
            tx.scalar(
                select(func.count())
                .select_from(_d)
                .where(*where, *figure_orders.where(tx, Behind(name, begin, end)))
            )
        )
        for name in NAMES
    }
    rated = Behind("rated", begin, end)
    since, until = rated.moments(tx.content.zone)
    closed = (_d.c.closed_at >= since, _d.c.closed_at < until, *where)
    own = [row[0] for row in tx.rows(select(_d.c.stars).where(*closed, _d.c.stars.is_not(None)))]
    joined = select(_s.c.stars).select_from(_s.join(_d, _d.c.id == _s.c.demand_id))
    stars = own + [row[0] for row in tx.rows(joined.where(*closed, _s.c.stars.is_not(None)))]
    return Counts(**found, rated=len(stars), content=sum(star >= 3 for star in stars))
