"""`/console/workers`: 社区工作者考核: the sheets of a month or a year for the assessor, and everybody's own.

Who assesses nobody finds their own sheet here and nothing of others; whoever keeps the machine finds nothing.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from redprop_bot.appraise import worker_paper
from redprop_bot.appraise import workers as steps
from redprop_bot.appraise.worker_sheets import Sheet
from redprop_bot.errors import Forbidden
from redprop_bot.loop.paper import TYPE
from redprop_bot.rules import months
from redprop_bot.rules.workers import Span, month_of
from redprop_bot.web import spreadsheets
from redprop_bot.web.api import workers as api
from redprop_bot.web.api.routes import Item
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import Answer, Desk, Give, Goto, Page, Room, Way, whole

PATH: Final = "/console/workers"
_ASSESSORS: Final = frozenset({"street", "secretary"})
_STAFF: Final = _ASSESSORS | {"clerk"}
_BACK: Final = 12
"""So many months are offered to choose from."""


def listed(desk: Desk) -> Answer:
    """Everybody whom whoever looks assesses, by name; who assesses nobody is led to their own."""
    mine = api.own(desk)
    if not api.assesses(desk):
        if mine is not None:
            return Goto(f"{PATH}/{mine.key}")  # their other communities are named there
        return Page("workers/list.html", {"sheets": None, "own": None})
    about = _span(desk)
    asked = desk.asking(period=about.key)
    found = [api.item(asked, one) for one in api.many(asked)]
    values = {
        "sheets": [_shown(one) for one in found],
        "own": mine.key if mine is not None else None,
        **_period(desk, about),
    }
    return Page("workers/list.html", values)


def _span(desk: Desk) -> Span:
    """What is asked for, else the last month that is over: that is the one to look at."""
    if desk.query.get("period"):
        return api.span(desk)
    return month_of(months.before(desk.today))


def _period(desk: Desk, about: Span) -> Item:
    """The choice of months and years, and what it is now."""
    offered, day = [], desk.today
    for _ in range(_BACK + 1):
        offered.append(month_of(day))
        day = months.before(day)
    names = [(one.key, one.title) for one in offered]
    names += [(str(year), f"{year}年") for year in (desk.today.year, desk.today.year - 1)]
    if about.key not in dict(names):
        names.append((about.key, about.title))
    return {"period": about, "periods": slips.options(names, about.key), "over": about.over(desk.today)}


def _shown(item: Mapping[str, Any]) -> Item:
    last = item["assessments"][-1] if item["assessments"] else None
    return {**item, "some": [one for one in item["figures"] if one["number"]], "last": last}


def one(desk: Desk) -> Answer:
    """One sheet; the forms of whoever may write something."""
    about = _span(desk)
    seen = api.sheet(desk, about)
    item = api.item(desk, seen)
    own = api.reviewer(desk).person_id == seen.worker.key
    may, last = steps.may_assess(desk.tx, seen.worker, api.reviewer(desk)), seen.assessment
    values = {
        "w": item,
        "address": f"{PATH}/{seen.worker.key}",
        "words": [{**word, "when": slips.when(desk, word["at"])} for word in item["words"]],
        "assessments": [_assessment(desk, row) for row in reversed(item["assessments"])],
        "grades": [{**row, "when": slips.when(desk, row["at"])} for row in reversed(item["grades"])],
        "months": _months(seen),
        "own": own,
        "others": _elsewhere(desk, seen),
        "may": may,
        "assesses": may and about.over(desk.today),
        "answers": own and last is not None and seen.answer(last.number) is None,
        "corrects": last.number if last is not None else 0,
        "levels": slips.options(
            [(row.key, row.title) for row in desk.content.workers.terms.levels], desk.field("level")
        ),
        "longest": steps.TEXT,
        **_period(desk, about),
    }
    return Page("workers/one.html", values)


def _elsewhere(desk: Desk, seen: Sheet) -> list[str]:
    """Names of the other communities in which this worker's sheet is there for whoever looks."""
    held = steps.theirs(desk.tx, api.reviewer(desk), seen.worker.key)
    others = [one.community_id for one in held if one.community_id != seen.worker.community_id]
    return [desk.register.community_name(key) or "" for key in others]


def _assessment(desk: Desk, row: Mapping[str, Any]) -> Item:
    answer = row["answer"]
    return {
        **row,
        "when": slips.when(desk, row["at"]),
        "answer": {**answer, "when": slips.when(desk, answer["at"])} if answer else None,
    }


def _months(seen: Sheet) -> list[Item]:
    """The months of a year, each with what there was in it."""
    if not seen.span.yearly:
        return []
    found = []
    for n, month in enumerate(seen.span.months):
        said = [(line.row, line.months[n]) for line in seen.lines if line.months[n].number]
        found.append({"key": month.key, "title": f"{month.begin.month}月", "said": said})
    return [month for month in found if month["said"]]


def acted(desk: Desk) -> Answer:
    """An assessment or an answer."""
    body: dict[str, Any] = {
        name: desk.field(name)
        for name in ("act", "period", "community", "level", "reason", "text")
        if desk.field(name)
    }
    if (number := whole(desk.field("corrects"))) is not None:
        body["corrects"] = number
    now = api.acted(desk.sending(body)).body
    said = "worker_answered" if body["act"] == "answer" else "worker_assessed"
    where = quote(now["community"] or "")
    return Goto(f"{PATH}/{now['id']}?period={now['period']}&community={where}&said={said}")


def again(desk: Desk) -> Answer:
    """The page of the period that the form was about."""
    return one(desk.asking(period=desk.field("period"), community=desk.field("community")))


# -- to take along, for the assessor alone


def workbook(desk: Desk) -> Answer:
    """Everybody's figures of a period."""
    about = _span(desk)
    found = worker_paper.tables(desk.tx, api.many(desk.asking(period=about.key)))
    return Give(spreadsheets.as_xlsx(found), f"工作考核表{about.title}.xlsx", spreadsheets.XLSX)


def paper(desk: Desk) -> Answer:
    """One sheet as a Word file."""
    seen = api.sheet(desk, _span(desk))
    if not steps.may_assess(desk.tx, seen.worker, api.reviewer(desk)):
        raise Forbidden("worker_others")
    name = f"{seen.worker.name}{seen.span.title}工作考核表.docx"
    return Give(worker_paper.as_docx(desk.tx, seen), name, TYPE)


ROOM: Final = Room(
    "workers",
    "工作考核",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("GET", f"{PATH}/export.xlsx", workbook, roles=_ASSESSORS),
        Way("GET", rf"{PATH}/{{id:\d{{1,15}}}}", one),
        Way("GET", rf"{PATH}/{{id:\d{{1,15}}}}/sheet.docx", paper, roles=_ASSESSORS),
        Way("POST", rf"{PATH}/{{id:\d{{1,15}}}}/act", acted, back=again),
    ),
    roles=_STAFF,
    group="2名册",
)
