"""`/console/figures`: the figures of a month, a quarter or any days, for whoever may see them; report and tables.

Every figure leads to its orders in the demand list. What is counted and how stands in `rules` and `store`.
"""

from typing import Any, Final

from redprop_bot.appraise.overview import Line, Overview, Step, overview
from redprop_bot.appraise.periods import Period, running
from redprop_bot.appraise.report import without
from redprop_bot.appraise.tables import RATE_NAMES
from redprop_bot.errors import Invalid
from redprop_bot.rules.figures import NOTHING, RATES, Counts, percent, rate, score
from redprop_bot.web.console import charts, slips
from redprop_bot.web.console.room import Answer, Desk, Page, Room, Way
from redprop_bot.web.console.rooms import taking
from redprop_bot.web.console.viewing import PATH, View, view

_MISSED: Final = {"response": "not_signed", "solved": "not_solved", "satisfied": "not_content"}
_RATE_NOTES: Final = {"response": "按时接单", "solved": "办好的", "satisfied": "评了满意"}


def shown(desk: Desk) -> Answer:
    """The page; a period that cannot be is said so beside this month."""
    wrong = ""
    try:
        seen = view(desk)
    except Invalid:
        wrong = "这段日子看不了：开始要在结束之前，最长一年。先看这个月。"
        here = {name: desk.query[name] for name in ("community", "unit", "estate") if name in desk.query}
        seen = view(desk.asking(**here))
    found = overview(desk.tx, seen.where, seen.period)
    return Page("figures/page.html", _values(desk, seen, found) | {"fault": wrong})


def _values(desk: Desk, seen: View, found: Overview) -> dict[str, Any]:
    period = seen.period
    step = "每天" if all((one.end - one.begin).days == 1 for one in found.course) else "每月"
    return {
        "o": found,
        "view": seen,
        "tiles": _tiles(desk, seen, found.total),
        "rates": [_rate(desk, seen, found.total, name) for name in RATES],
        "score": _score(desk, found.total.now),
        "weights": "、".join(f"{RATE_NAMES[name]} {desk.content.digests.weights[name]}" for name in RATES),
        "step": step,
        "chart": charts.course([_bar(seen, one) for one in found.course], f"{period.title}{step}进来和办结的件数"),
        "least": desk.content.digests.rank_from,
        "cell": lambda counts, name: percent(*rate(counts, name)),
        "score_of": lambda counts: _score(desk, counts),
        "on_time": lambda counts: percent(counts.on_time, counts.due),
        "share": charts.share,
        "counted": {name: figures[1] for name, figures in RATES.items()},
        "around": _around(desk, seen),
    }


def _tiles(desk: Desk, seen: View, line: Line) -> list[dict[str, str]]:
    now, before, last = line.now, line.before, line.last_year
    return [
        _tile(seen, "进来", "came", (str(now.came), str(before.came), str(last.came))),
        _tile(seen, "办结", "closed", (str(now.closed), str(before.closed), str(last.closed))),
        _share(desk, seen, ("按时办好", "due", "on_time"), (_on_time(now), _on_time(before), _on_time(last))),
    ]


def _tile(seen: View, title: str, figure: str, said: tuple[str, str, str]) -> dict[str, str]:
    """One figure with those beside it; the number stands apart from the counts behind it."""
    period = seen.period
    now, before, last = said
    big, _, small = now.partition("（")
    return {
        "title": title,
        "big": big,
        "none": "",
        "small": small.rstrip("）"),
        "href": seen.link(figure),
        "before": before,
        "before_href": seen.link(figure, period.before),
        "last": last,
        "last_href": seen.link(figure, period.last_year),
    }


def _share(desk: Desk, seen: View, what: tuple[str, str, str], said: tuple[str, str, str]) -> dict[str, str]:
    """A tile of parts of a whole: title, figure, name; `none` is set where there is nothing to divide by."""
    title, figure, name = what
    runs = (seen.period.running, False, False)
    now, before, last = (
        without(desk.content, name, running=still) if one == NOTHING else one
        for one, still in zip(said, runs, strict=True)
    )
    none = "yes" if said[0] == NOTHING else ""
    return _tile(seen, title, figure, (now, before, last)) | {"none": none}


def _rate(desk: Desk, seen: View, line: Line, name: str) -> dict[str, str]:
    said = tuple(percent(*rate(counts, name)) for counts in (line.now, line.before, line.last_year))
    count, of = rate(line.now, name)
    what = (RATE_NAMES[name], RATES[name][1], name)
    tile = _share(desk, seen, what, (said[0], said[1], said[2]))
    missed = {"missed": str(of - count) if of > count else "", "missed_href": seen.link(_MISSED[name])}
    return tile | missed | {"note": _RATE_NOTES[name]}


def _on_time(counts: Counts) -> str:
    return percent(counts.on_time, counts.due)


def _score(desk: Desk, counts: Counts) -> str:
    """The three rates as one number; none where there are too few orders for one."""
    if counts.came < desk.content.digests.rank_from:
        return ""
    found = score(counts, desk.content.digests.weights)
    return "" if found is None else f"{found:.1f}"


def _bar(seen: View, step: Step) -> charts.Bar:
    one = (step.end - step.begin).days == 1
    label = f"{step.begin.day}日" if one else f"{step.begin.month}月"
    day = f"{step.begin.month}月{step.begin.day}日" if one else label
    period = Period(step.begin, step.end, step.end, 0)
    return charts.Bar(
        label,
        (step.came, step.closed),
        (seen.link("came", period), seen.link("closed", period)),
        (f"{day}进来 {step.came} 件", f"{day}办结 {step.closed} 件"),
    )


def _around(desk: Desk, seen: View) -> dict[str, Any]:
    """Choices of place and period."""
    reg, viewer, period, chosen = desk.register, desk.viewer, seen.period, seen.chosen
    free = viewer.role != "provider"
    communities = [one.name for one in reg.communities.values()] if free and viewer.community_id is None else []
    month = running(desk.today, 1)
    return {
        "communities": slips.options([(n, n) for n in communities], chosen.get("community", "")),
        "estates": slips.options([(n, n) for n in slips.estates(desk) if free], chosen.get("estate", "")),
        "units": slips.options([(n, n) for n in slips.all_units(desk) if free], chosen.get("unit", "")),
        "back": _moved(seen, period.before.key) if period.months else "",
        "on": _moved(seen, period.after) if period.after else "",
        "month": _moved(seen, month.key),
        "last_month": _moved(seen, month.before.key),
        "quarter": _moved(seen, running(desk.today, 3).key),
        "kind": period.kind,
        "until": f"到{period.last.month}月{period.last.day}日" if period.running else "",
    }


def _moved(seen: View, key: str) -> str:
    return seen.address(period=key, **{"from": "", "to": ""})


ROOM: Final = Room(
    "figures",
    "统计",
    PATH,
    (
        Way("GET", PATH, shown),
        Way("GET", f"{PATH}/report", taking.report_page),
        Way("GET", f"{PATH}/report.docx", taking.report_word),
        Way("GET", f"{PATH}/figures.xlsx", taking.figures_xlsx),
        Way("GET", f"{PATH}/figures.csv", taking.figures_csv),
        Way("GET", f"{PATH}/orders.xlsx", taking.orders_xlsx),
        Way("GET", f"{PATH}/orders.csv", taking.orders_csv),
    ),
    key="f",
)
