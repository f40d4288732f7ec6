"""What is open and what came of what was closed: matter, building at most, unit; never words of people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from redprop_bot.rules.deadlines import is_late
from redprop_bot.rules.flow import CONTENT_STARS
from redprop_bot.store import boards
from redprop_bot.store.tables import Demand
from redprop_bot.web.board.place import Here
from redprop_bot.web.pages import shown

FEW: Final = 8
"""On the board itself."""
PAGE: Final = 30
"""On a page of its own."""

_KEY: Final = re.compile(r"\d{1,15}")
_MOMENT: Final = re.compile(r"(\d{1,17})-(\d{1,15})")
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One matter as everybody may see it. `came`: what came of it, or how it stands."""

    no: str
    matter: str
    place: str
    unit: str
    tag: str
    tone: str
    came: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of matters, and where the next one begins; empty at the end."""

    rows: Sequence[Row]
    onward: str


def results(here: Here, *, limit: int = FEW, after: str = "") -> Listed:
    """What was closed, the newest first; `after` as it stands in an address."""
    found = boards.results(
        here.tx, here.place, shown.PUBLIC_INTENTS, limit=limit + 1, after=_moment(after) if after else None
    )
    onward = ""
    if len(found) > limit and (last := found[limit - 1]).closed_at is not None:
        onward = f"{(last.closed_at - _START) // timedelta(microseconds=1)}-{last.id}"
    return Listed([_result(here, demand) for demand in found[:limit]], onward)


def open_matters(here: Here, *, limit: int = FEW, before: str = "") -> Listed:
    """What is under way, the newest first; `before` as it stands in an address."""
    below = int(before) if _KEY.fullmatch(before) else None
    found = boards.open_matters(here.tx, here.place, shown.PUBLIC_INTENTS, limit=limit + 1, before=below)
    onward = str(found[limit - 1].id) if len(found) > limit else ""
    return Listed([_open(here, demand) for demand in found[:limit]], onward)


def _moment(after: str) -> tuple[datetime, int] | None:
    found = _MOMENT.fullmatch(after)
    if found is None:
        return None
    try:
        return _START + timedelta(microseconds=int(found[1])), int(found[2])
    except OverflowError:
        return None


def _result(here: Here, demand: Demand) -> Row:
    """解决了，用了 2 天，重办 1 次，4 星满意."""
    labels = here.tx.content.labels
    stars = demand.stars or 0
    told = [
        labels.close_reason.get(demand.close_reason or "", "办结"),
        _took(demand),
        f"重办过 {demand.reworks} 次" if demand.reworks else "",
        f"{stars} 星{'满意' if stars >= CONTENT_STARS else ''}" if stars else "还没有评价",
    ]
    return Row(
        no=demand.no,
        matter=shown.matter(labels, demand),
        place=_place(here, demand),
        unit=shown.unit(here.reg, demand),
        tag=labels.stage[demand.stage],
        tone="",
        came="，".join(part for part in [f"{here.day(demand.closed_at)}", *told] if part),
    )


def _took(demand: Demand) -> str:
    ended = demand.done_at or demand.closed_at
    if ended is None or ended < demand.reported_at:
        return ""
    hours = (ended - demand.reported_at) / timedelta(hours=1)
    return (
        "不到 1 小时"
        if hours < 1
        else f"用了 {round(hours)} 小时"
        if hours < 36
        else f"用了 {round(hours / 24)} 天"
    )


def _open(here: Here, demand: Demand) -> Row:
    labels = here.tx.content.labels
    late = is_late(demand.stage, demand.due_at, here.tx.now)
    due = here.day(demand.due_at)
    return Row(
        no=demand.no,
        matter=shown.matter(labels, demand),
        place=_place(here, demand),
        unit=shown.unit(here.reg, demand),
        tag="超期" if late else labels.stage[demand.stage],
        tone="red" if late else "",
        came=(f"该在{due}前办结" if late else f"{due}前办结") if due else "等着定由谁来办",
    )


def _place(here: Here, demand: Demand) -> str:
    """On an estate's own board its name goes without saying."""
    where = shown.place(here.reg, demand)
    if here.estate is not None and where.startswith(here.estate.name):
        return where.removeprefix(here.estate.name) or "小区里"
    return where or here.community.name
