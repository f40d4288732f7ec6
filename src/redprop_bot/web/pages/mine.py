"""`/m/mine`: what the person of the session reported or supports, each with its page.

Only their own; without a session the way leads through `login`.
"""

import re
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from redprop_bot.notify import words
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.flow import RUNNING, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.web import sessions
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login, shown
from redprop_bot.web.pages.rendering import shown_to

_PAGE: Final = 30
_KEY: Final = re.compile(r"\d{1,15}")


@dataclass(frozen=True, slots=True)
class Row:
    """One matter of one's own; `key` is where a next page begins."""

    key: int
    no: str
    address: str
    matter: str
    place: str
    unit: str
    stage: str
    waits: bool
    due: str
    late: bool


async def mine(request: web.Request) -> web.StreamResponse:
    """The list."""
    person_id = sessions.person_of(request)
    asked = request.query.get("below", "")
    below = int(asked) if _KEY.fullmatch(asked) else None
    rows = await request.app[OFFICE].store.read(lambda tx: _rows(tx, person_id, below))
    if rows is None:
        raise web.HTTPFound(login.login_address(login.HOME))
    return shown_to(
        request,
        "mine.html",
        rows=rows[:_PAGE],
        onward=rows[_PAGE - 1].key if len(rows) > _PAGE else "",
        later=bool(below),
    )


def _rows(tx: Tx, person_id: int | None, below: int | None) -> list[Row] | None:
    if person_id is None or sessions.viewer(tx, person_id) is None:
        return None
    reg = register(tx)
    return [
        _row(tx, reg, demand, person_id)
        for demand in demands.of_reporter(tx, person_id, limit=_PAGE + 1, below=below)
    ]


def _row(tx: Tx, reg: Register, demand: Demand, person_id: int) -> Row:
    due = demand.due_at if demand.stage in RUNNING else None
    return Row(
        key=demand.id or 0,
        no=demand.no,
        address=f"/m/orders/{demand.no}",
        matter=words.what(tx, demand),
        place=words.where(reg, demand, room=False) or "地点待补",
        unit=shown.unit(reg, demand),
        stage=tx.content.labels.stage[demand.stage],
        waits=demand.stage == Stage.DONE and demand.reporter_id == person_id,
        due=words.day(due, tx.now, tx.content.zone) if due else "",
        late=bool(due and due < tx.now),
    )
