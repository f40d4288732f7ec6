"""What stands on a board, in order. A section is a name, a template of that name and what it shows.

A later room that has something for everybody adds a `Section`; nothing else of the board changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from redprop_bot.web.board import (
    achieved,
    activities,
    commended,
    decided,
    duties,
    matters,
    posted,
    ranked,
    reviewed,
    wishes,
)
from redprop_bot.web.board.figures import COUNTED, Counted, figures
from redprop_bot.web.board.place import Here, address, here
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages.rendering import missing, shown_to

_MISSING: Final = "没有找到这个社区或小区"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the board; on a large screen `wide` takes the whole width, `tall` stands beside two others."""

    name: str
    title: str
    values: Callable[[Here], Mapping[str, Any]]
    wide: bool = False
    tall: bool = False


SECTIONS: Final[tuple[Section, ...]] = (
    Section("results", "最近办结", lambda at: {"listed": matters.results(at)}),
    Section("open", "正在办理", lambda at: {"listed": matters.open_matters(at)}),
    Section("posted", "收费、收支和承诺", posted.on_board, wide=True),
    Section(
        "duties",
        "服务承诺：什么事归谁管",
        lambda at: {"duties": duties.duties(at), "terms": duties.terms(at.tx)},
        wide=True,
    ),
    Section("activities", "社区活动", activities.section, wide=True),
    Section("wishes", "心愿墙", wishes.on_board),
    Section("phones", "常用电话", posted.phones, tall=True),
    Section("complaints", "对结果不满意怎么办", lambda _: {}),
    Section("decided", "开会定下的事", decided.on_board, wide=True),
    Section("achieved", "攻坚项目", achieved.achieved, wide=True),
    Section("reviewed", "示范创建", reviewed.reviewed, wide=True),
    Section("ranked", "物业公司红黑榜", ranked.ranked, wide=True),
    Section("commended", "评选表彰", commended.commended, wide=True),
)


def add_routes(app: web.Application) -> None:
    """A community's board and an estate's."""
    app[COUNTED] = Counted()
    app.router.add_get("/board/{community}", board)
    app.router.add_get("/board/{community}/{estate}", board)


async def board(request: web.Request) -> web.Response:
    """The board, or one list of it alone."""
    names, query = request.match_info, request.query
    counted = request.app[COUNTED]

    def job(tx: Any) -> tuple[str, dict[str, Any]] | None:
        at = here(tx, names["community"], names.get("estate"))
        if at is None:
            return None
        if "results" in query or "open" in query:
            return "board/list.html", _head(at) | _list(at, query)
        return "board/board.html", _head(at) | _whole(at, counted)

    found = await request.app[OFFICE].store.read(job)
    if found is None:
        return missing(_MISSING)
    template, values = found
    return shown_to(request, template, **values)


def _head(at: Here) -> dict[str, Any]:
    estates = [e for e in at.reg.estates.values() if e.community_id == at.community.id]
    street = at.reg.streets.get(at.community.street_id or 0)
    return {
        "name": at.name,
        "above": at.community.name if at.estate else (street.name if street else ""),
        "community_address": address(at.community),
        "is_estate": at.estate is not None,
        "address": at.address,
        "places": [(e.name, address(at.community, e)) for e in estates],
        "updated": at.day(at.tx.now),
    }


def _whole(at: Here, counted: Counted) -> dict[str, Any]:
    return {
        "figures": figures(counted.of(at)),
        "sections": [(section, section.values(at)) for section in SECTIONS],
    }


def _list(at: Here, query: Mapping[str, str]) -> dict[str, Any]:
    if "results" in query:
        listed = matters.results(at, limit=matters.PAGE, after=query["results"])
        return {"title": "办结的事", "listed": listed, "part": "results"}
    listed = matters.open_matters(at, limit=matters.PAGE, before=query["open"])
    return {"title": "正在办理的事", "listed": listed, "part": "open"}
