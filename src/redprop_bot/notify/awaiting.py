"""What waits for the yes of who keeps a community: wishes, offers, activities, points by hand, ended votes."""

from collections.abc import Sequence
from typing import Any

from redprop_bot.store import activities, commendations, lists, points, wishes
from redprop_bot.store.tables import Resource, Service
from redprop_bot.store.tx import Tx

_MOST = 50


def lines(tx: Tx, communities: Sequence[int] | None, *, but: int | None = None) -> list[str]:
    """One line each, the oldest of a kind first; `but` asked for the points themselves and cannot say yes."""
    says = tx.content.replies.say

    def ours(community: int | None) -> bool:
        return communities is None or community in communities

    wished = wishes.page(tx, communities=communities, statuses=["proposed"], limit=_MOST)
    found = [
        says("list.wish", no=one.no, title=one.shown[:20]) for one in reversed(wished) if ours(one.community_id)
    ]
    asks: dict[str, Any] = {
        "communities": communities,
        "status": "proposed",
        "q": None,
        "before_id": None,
        "limit": _MOST,
    }
    offered: list[Resource | Service] = [*lists.page(tx, Resource, **asks), *lists.page(tx, Service, **asks)]
    found += [
        says("list.offer", no=one.no, title=one.title) for one in reversed(offered) if ours(one.community_id)
    ]
    planned = activities.planned(tx, communities, limit=_MOST)
    found += [says("list.activity", no=one.no, title=one.title) for one in planned]
    asked = [row for row in points.requests(tx, communities, limit=_MOST) if row.by_id is None or row.by_id != but]
    over = commendations.over(tx, communities, limit=_MOST)
    found += [says("list.commendation", title=one.title, year=str(one.year)) for one in over]
    return [*found, *(says("list.points", points=str(row.points), reason=row.reason[:20]) for row in asked)]
