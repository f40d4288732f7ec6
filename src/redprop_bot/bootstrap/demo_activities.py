"""Activities of the demo (`data/demo/activities.yaml`), a few days after the first start, by steps of the room.

Only where there is none yet: what a visitor has planned or called off since is theirs.
"""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from redprop_bot.registry import demo
from redprop_bot.registry.register import register
from redprop_bot.store import activities as rows
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import activities
from redprop_bot.volunteers.activities import Plan
from redprop_bot.volunteers.hands import Hand

FILE: Final = "data/demo/activities.yaml"
_BY: Final = Hand("演示数据", None, None)


class _Planned(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    community: str
    title: str
    kind: str = "volunteer"
    place: str = ""
    estate: str = ""
    days: int
    begins: time
    hours: int
    capacity: int | None = None
    points: int | None = None
    note: str = ""


def load_activities(tx: Tx, root: Path) -> None:
    """Put them on the calendar; `root` holds `data/`. Raises ContentError, and Refused for what cannot be."""
    if rows.page(tx, communities=None, limit=1):
        return
    reg = register(tx)
    communities = {community.name: key for key, community in reg.communities.items()}
    today = tx.now.astimezone(tx.content.zone).date()
    for one in demo.read(root / FILE, TypeAdapter(tuple[_Planned, ...])):
        starts = datetime.combine(today + timedelta(days=one.days), one.begins, tzinfo=tx.content.zone)
        estate = reg.estate(one.estate)
        wanted = Plan(
            title=one.title,
            starts_at=starts,
            ends_at=starts + timedelta(hours=one.hours),
            kind=one.kind,
            note=one.note,
            community_id=communities.get(one.community),
            place=one.place,
            lat=estate.lat if estate else None,
            lng=estate.lng if estate else None,
            capacity=one.capacity,
            points=one.points,
        )
        activities.plan(tx, wanted, _BY, publish=True)
