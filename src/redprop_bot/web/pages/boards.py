"""`/board/{community}`: the public board (公示): results, open matters, figures, duties, where to complain.

No personal data, ever: nothing that a resident wrote and no person's name comes near this page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from redprop_bot.notify import words
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.deadlines import Duration, is_late
from redprop_bot.store import boards
from redprop_bot.store.boards import Figures
from redprop_bot.store.tables import Community, Demand, Responsibility
from redprop_bot.store.tx import Tx
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import shown
from redprop_bot.web.pages.rendering import missing, page

RESULTS: Final = 20
MATTERS: Final = 50
PERIOD: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    """One matter as everybody may see it."""

    no: str
    matter: str
    place: str
    unit: str
    stage: str
    when: str
    stars: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """One row of the responsibility list."""

    estate: str
    only: str
    unit: str
    respond: str
    resolve: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page shows; `share` is the percentage of content ratings, None without ratings."""

    community: str
    street: str
    estates: Sequence[str]
    at: str
    figures: Figures
    share: int | None
    results: Sequence[Row]
    matters: Sequence[Row]
    duties: Sequence[tuple[str, Sequence[Duty]]]
    terms: Sequence[str]


async def board(request: web.Request) -> web.Response:
    """The board of the community with this name or id."""
    name = request.match_info["community"]
    found = await request.app[OFFICE].store.read(lambda tx: _board(tx, name))
    return page("board.html", b=found) if found else missing("没有找到这个社区")


def _board(tx: Tx, name: str) -> Board | None:
    reg = register(tx)
    community = called(reg, name)
    if community is None or community.id is None:
        return None
    figures = boards.figures(tx, community.id, tx.now - PERIOD)
    closed = boards.results(tx, community.id, shown.PUBLIC_INTENTS, limit=RESULTS)
    running = boards.open_matters(tx, community.id, shown.PUBLIC_INTENTS, limit=MATTERS)
    return Board(
        community=community.name,
        street=reg.streets[community.street_id].name if community.street_id else "",
        estates=[e.name for e in reg.estates.values() if e.community_id == community.id],
        at=words.day(tx.now, tx.now, tx.content.zone),
        figures=figures,
        share=round(100 * figures.content / figures.rated) if figures.rated else None,
        results=[_row(tx, reg, d, d.closed_at) for d in closed],
        matters=[_row(tx, reg, d, d.due_at) for d in running],
        duties=_duties(tx, reg, community.id),
        terms=_terms(tx),
    )


def called(reg: Register, name: str) -> Community | None:
    """The community with this name, else with this id."""
    named = next((c for c in reg.communities.values() if c.name == name), None)
    if named is None and name.isascii() and name.isdecimal() and len(name) < 10:
        return reg.communities.get(int(name))
    return named


def _row(tx: Tx, reg: Register, demand: Demand, moment: datetime | None) -> Row:
    return Row(
        no=demand.no,
        matter=shown.matter(tx.content.labels, demand),
        place=shown.place(reg, demand),
        unit=shown.unit(reg, demand),
        stage=tx.content.labels.stage[demand.stage],
        when=words.day(moment, tx.now, tx.content.zone) if moment else "",
        stars=demand.stars,
        late=is_late(demand.stage, demand.due_at, tx.now),
    )


def _duties(tx: Tx, reg: Register, community_id: int) -> list[tuple[str, Sequence[Duty]]]:
    """The responsibility list as far as it concerns the community, by category in the order of the labels."""
    here = [
        r
        for r in reg.responsibilities
        if r.estate_id is None or reg.estates[r.estate_id].community_id == community_id
    ]
    grouped: dict[str, list[Duty]] = {}
    for row in here:
        grouped.setdefault(row.category, []).append(_duty(reg, row))
    names = tx.content.labels.category
    return [(name, grouped[code]) for code, name in names.items() if code in grouped]


def _duty(reg: Register, row: Responsibility) -> Duty:
    return Duty(
        estate=reg.estates[row.estate_id].name if row.estate_id is not None else "全社区",
        only="、".join(row.match),
        unit=reg.organisations[row.unit_id].name,
        respond=_hours(row.respond_hours),
        resolve=_hours(row.resolve_hours),
    )


def _hours(hours: float | None) -> str:
    """0.25 → 15分钟内; without hours of its own the general terms hold."""
    if hours is None:
        return ""
    return f"{round(hours * 60)}分钟内" if hours < 1 else f"{hours:g}小时内"


_UNITS: Final = {"min": "分钟", "h": "小时", "wd": "个工作日", "d": "天"}


def _terms(tx: Tx) -> list[str]:
    """The terms that hold where a row names none: 特急：15分钟内接单，24小时内办结."""
    table = tx.content.deadlines
    found = ((name, table.terms("demand.report", code)) for code, name in tx.content.labels.urgency.items())
    return [f"{name}：{_term(terms.sign_for)}内接单，{_term(terms.solve)}内办结" for name, terms in found]


def _term(term: Duration) -> str:
    return f"{term.amount:g}{_UNITS[term.unit]}"
