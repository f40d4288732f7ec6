"""A project as pages show it: its picture, its measures in words. What may be seen is decided before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from redprop_bot.council import measure_telling as telling
from redprop_bot.rules import projects as rules
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store.tables import Measure
from redprop_bot.store.tx import Tx
from redprop_bot.web.api.project_items import Whole
from redprop_bot.web.gantt import Line, gantt


def picture(tx: Tx, whole: Whole, owners: Mapping[int | None, str], link: str = "") -> Any:
    """The picture of its plan; empty where there are no measures. `owners` by key of the measure."""
    steps = [one for one in whole.measures if one.stage != ProjectStage.CANCELLED]
    if not steps:
        return ""
    marks = [stone.due_at for stone in whole.milestones]
    scale = rules.scale(steps, tx.content.zone, *marks)
    lines = [_line(tx, one, owners.get(one.id, ""), link) for one in steps]
    title = f"{whole.project.title}：{len(steps)} 条措施，{whole.percent}%"
    return gantt(lines, scale, tx.now, title, marks)


def _line(tx: Tx, one: Measure, owner: str, link: str) -> Line:
    late = rules.is_late(one, tx.now)
    look = "late" if late else one.stage
    says = f"{one.title}：{owner}，{telling.day(tx, one.due_at)}前，{one.percent}%{'，已逾期' if late else ''}"
    return Line(f"{one.position}. {one.title}", one, look, says, f"{link}#m{one.position}" if link else "")


def day(tx: Tx, moment: str | None) -> str:
    """A moment of an item as a day."""
    return telling.day(tx, datetime.fromisoformat(moment)) if moment else ""
