"""`/m/mine`: what the person of the session reported or supports, each with its page.

Only their own; without a session the way leads through `login`.
"""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from redprop_bot.notify import words
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.flow import RUNNING
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.web import sessions
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login, shown
from redprop_bot.web.pages.rendering import page

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One matter of one's own."""

    no: str
    address: str
    matter: str
    place: str
    unit: str
    stage: str
    due: str
    late: bool


async def mine(request: web.Request) -> web.StreamResponse:
    """The list."""
    person_id = sessions.person_of(request)
    rows = await request.app[OFFICE].store.read(lambda tx: _rows(tx, person_id))
    if rows is None:
        raise web.HTTPFound(login.login_address(login.HOME))
    return page("mine.html", rows=rows)


def _rows(tx: Tx, person_id: int | None) -> list[Row] | None:
    if person_id is None or sessions.viewer(tx, person_id) is None:
        return None
    reg = register(tx)
    return [_row(tx, reg, demand) for demand in demands.of_reporter(tx, person_id, limit=_MOST)]


def _row(tx: Tx, reg: Register, demand: Demand) -> Row:
    due = demand.due_at if demand.stage in RUNNING else None
    return Row(
        no=demand.no,
        address=f"/m/orders/{demand.no}",
        matter=words.what(tx, demand),
        place=words.where(reg, demand, room=False) or "地点待补",
        unit=shown.unit(reg, demand),
        stage=tx.content.labels.stage[demand.stage],
        due=words.day(due, tx.now, tx.content.zone) if due else "",
        late=bool(due and due < tx.now),
    )
