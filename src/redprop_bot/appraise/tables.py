"""The figures of a period as tables for other programs: one sheet each in .xlsx, one after the other in .csv.

Rates stand as numbers beside the counts that they are made of.
"""

from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.appraise.overview import Line, Overview
from redprop_bot.rules.figures import RATES, Counts, rate

_COUNTS: Final = {
    "came": "进来", "closed": "办结", "due": "到期", "on_time": "按时办好", "asked": "该接单",
    "signed": "按时接单", "to_solve": "该办好", "solved": "办好", "rated": "评价", "content": "满意",
}  # fmt: skip
RATE_NAMES: Final = {"response": "响应率", "solved": "解决率", "satisfied": "满意率"}

Sheet = tuple[str, list[list[Any]]]
"""A title, and rows with heads in the first."""


def sheets(found: Overview, name: str) -> list[Sheet]:
    """Everything of an overview; sheets without a row are left out."""
    of = (
        ("总数", "范围", [Line(name, found.total.now, found.total.before, found.total.last_year)]),
        ("社区", "社区", found.communities),
        ("单位", "单位", found.units),
        ("类别", "类别", found.categories),
        ("小区", "小区", found.estates),
    )
    made: list[Sheet] = [(title, _rows(found, head, lines)) for title, head, lines in of if lines]
    course = [[step.begin.isoformat(), step.came, step.closed] for step in found.course]
    if found.buildings:
        made.append(("楼栋", [["楼栋", "进来"], *([spot.name, spot.came] for spot in found.buildings)]))
    return [*made, ("每天", [["从这天起", "进来", "办结"], *course])]


def _rows(found: Overview, head: str, lines: Sequence[Line]) -> list[list[Any]]:
    period = found.period
    beside = [
        f"{name}{period_.title}" for period_ in (period.before, period.last_year) for name in ("进来 ", "办结 ")
    ]
    heads = [head, *_COUNTS.values(), *RATE_NAMES.values(), "名次", *beside]
    return [heads, *(_row(line) for line in lines)]


def _row(line: Line) -> list[Any]:
    counts = [getattr(line.now, name) for name in _COUNTS]
    beside = [number for one in (line.before, line.last_year) for number in (one.came, one.closed)]
    return [line.name, *counts, *(_share(line.now, name) for name in RATES), line.rank, *beside]


def _share(counts: Counts, name: str) -> float | None:
    count, of = rate(counts, name)
    return round(count / of, 4) if of else None
