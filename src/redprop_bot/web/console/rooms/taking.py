"""What the statistics give to take along: the report as a page and as Word, the figures and the orders as tables.

Files travel, so of an order they hold what everybody may see and when: no words of people, no room, no phone.
"""

from collections.abc import Iterator
from typing import Any, Final

from redprop_bot.appraise import tables
from redprop_bot.appraise.overview import overview
from redprop_bot.appraise.report import Report, report
from redprop_bot.loop.paper import TYPE
from redprop_bot.store import figure_orders
from redprop_bot.store.figure_orders import Behind
from redprop_bot.store.sifting import Sieve
from redprop_bot.store.tables import Demand
from redprop_bot.web import spreadsheets
from redprop_bot.web.api import sight
from redprop_bot.web.console.room import Answer, Desk, Give, Page
from redprop_bot.web.console.viewing import View, view
from redprop_bot.web.pages import shown

MOST: Final = 5000
"""So many orders a file holds; a longer period is asked for in parts."""
_PART: Final = 500
_HEADS: Final = (
    "单号", "阶段", "类型", "类别", "急缓", "社区", "地点", "报上来", "接单期限", "办结期限", "办好",
    "办结", "承办单位", "附议", "评价",
)  # fmt: skip


def report_page(desk: Desk) -> Answer:
    """The report on a page to be printed."""
    seen = view(desk)
    return Page("figures/report.html", {"report": _report(desk, seen), "view": seen})


def report_word(desk: Desk) -> Answer:
    """The report as a Word file."""
    from redprop_bot.appraise.word import as_docx  # noqa: PLC0415 - not needed to start

    seen = view(desk)
    made = _report(desk, seen)
    return Give(as_docx(made, desk.tx.now), f"{made.title}{made.period}.docx", TYPE)


def _report(desk: Desk, seen: View) -> Report:
    found = overview(desk.tx, seen.where, seen.period)
    return report(desk.content, found, seen.name, desk.today)


def figures_xlsx(desk: Desk) -> Answer:
    """The figures, a sheet for each table."""
    seen = view(desk)
    sheets = tables.sheets(overview(desk.tx, seen.where, seen.period), seen.name)
    return Give(spreadsheets.as_xlsx(sheets), _name(seen, "统计", "xlsx"), spreadsheets.XLSX)


def figures_csv(desk: Desk) -> Answer:
    """The figures, one table below the other."""
    seen = view(desk)
    rows: list[list[Any]] = []
    for title, table in tables.sheets(overview(desk.tx, seen.where, seen.period), seen.name):
        rows += [[title], *table, []]
    return Give(spreadsheets.as_csv(rows), _name(seen, "统计", "csv"), spreadsheets.CSV)


def orders_xlsx(desk: Desk) -> Answer:
    """What came in the period."""
    seen = view(desk)
    rows = [list(_HEADS), *_rows(desk, seen)]
    return Give(spreadsheets.as_xlsx([("单子", rows)]), _name(seen, "单子", "xlsx"), spreadsheets.XLSX)


def orders_csv(desk: Desk) -> Answer:
    """The same as text."""
    seen = view(desk)
    rows = [list(_HEADS), *_rows(desk, seen)]
    return Give(spreadsheets.as_csv(rows), _name(seen, "单子", "csv"), spreadsheets.CSV)


def _name(seen: View, what: str, ending: str) -> str:
    return f"{seen.name}{seen.period.title}{what}.{ending}"


def _rows(desk: Desk, seen: View) -> list[list[Any]]:
    rows = [_row(desk, demand) for demand in _orders(desk, seen)]
    if len(rows) > MOST:
        rows[MOST:] = [[f"太多了，这里只有最近的 {MOST} 件；请把日子分短一点，分几次取。"]]
    return rows


def _orders(desk: Desk, seen: View) -> Iterator[Demand]:
    """Those behind the first figure of the page, the newest number first, one more than a file holds."""
    scope, where, period = sight.scope(desk.viewer), seen.where, seen.period
    sieve = Sieve(estate_id=where.estate_id, handler_id=where.unit_id)
    behind = Behind("came", period.begin, period.end, where.community_id)
    below: int | None = None
    left = MOST + 1
    while left > 0:
        page = figure_orders.page(desk.tx, scope, sieve, behind, below=below, limit=min(_PART, left))
        yield from page.rows
        below, left = page.below, left - len(page.rows)
        if below is None:
            return


def _row(desk: Desk, demand: Demand) -> list[Any]:
    reg, labels = desk.register, desk.content.labels
    moments = (demand.reported_at, demand.respond_by, demand.due_at, demand.done_at, demand.closed_at)
    zone = desk.content.zone
    return [
        demand.no,
        labels.stage[demand.stage],
        labels.intent[demand.intent],
        labels.category.get(demand.category or "", ""),
        labels.urgency.get(demand.urgency or "", ""),
        reg.community_name(demand.community_id) or "",
        shown.place(reg, demand),
        *(f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "" for moment in moments),
        reg.organisations[demand.handler_id].name if demand.handler_id is not None else "",
        demand.supporters,
        demand.stars,
    ]
