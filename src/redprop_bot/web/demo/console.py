"""`/console` of the demo: what is open, read-only. The real console comes later; this page says so."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.notify import links, words
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.deadlines import is_late
from redprop_bot.rules.flow import OPEN, RUNNING, Stage
from redprop_bot.store import demands, lists
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import shown
from redprop_bot.web.pages.rendering import page

_LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One demand on the list."""

    no: str
    link: str
    stage: str
    urgency: str
    where: str
    matter: str
    text: str
    unit: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """One task of a secretary."""

    no: str
    kind: str
    text: str


async def console(request: web.Request) -> web.Response:
    """The list."""
    office = request.app[OFFICE]
    running, closed, tasks = await office.store.read(lambda tx: _listed(tx, office))
    return page("demo/console.html", running=running, closed=closed, tasks=tasks)


def _listed(tx: Tx, office: Office) -> tuple[list[Entry], list[Entry], list[TaskEntry]]:
    reg = register(tx)
    everywhere = [*reg.communities, None]
    running = demands.of_community(tx, everywhere, OPEN, limit=_LIMIT)
    closed = demands.of_community(tx, everywhere, {Stage.CLOSED}, limit=20)
    names = tx.content.labels.intent
    tasks = [
        TaskEntry(t.no, names.get(t.kind, t.kind), t.text) for t in lists.open_tasks(tx, everywhere, limit=_LIMIT)
    ]
    return [_entry(tx, reg, d, office) for d in running], [_entry(tx, reg, d, office) for d in closed], tasks


def _entry(tx: Tx, reg: Register, demand: Demand, office: Office) -> Entry:
    labels, due = tx.content.labels, demand.due_at if demand.stage in RUNNING else None
    return Entry(
        no=demand.no,
        link=links.order_page("", demand.no, office.secret_key),
        stage=labels.stage[demand.stage],
        urgency=labels.urgency.get(demand.urgency or "", ""),
        where=words.where(reg, demand, room=True) or "地点待补",
        matter=shown.matter(labels, demand),
        text=demand.text,
        unit=shown.unit(reg, demand),
        due=words.day(due, tx.now, tx.content.zone) if due else "",
        late=is_late(demand.stage, due, tx.now),
    )
