"""Projects on the board: what was achieved, and what is under way; units by name, nobody in person."""

from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.council import measure_telling as telling
from redprop_bot.rules import projects as rules
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store import projects
from redprop_bot.store.tables import Project
from redprop_bot.web.board.place import Here

SHOWN: Final = 8


def achieved(at: Here) -> Mapping[str, Any]:
    """Projects of the community and of the street: those that ended last, and those that run."""
    found = projects.on_board(at.tx, at.community.id or 0, limit=SHOWN)
    return {"done": [_row(at, p) for p in found["done"]], "open": [_row(at, p) for p in found["open"]]}


def _row(at: Here, project: Project) -> dict[str, Any]:
    key = project.id or 0
    steps = [m for m in projects.measures(at.tx, [key])[key] if m.stage != ProjectStage.CANCELLED]
    lead = at.reg.organisations.get(project.lead_id or 0)
    known = at.tx.content.projects.kinds.get(project.kind)
    return {
        "no": project.no,
        "title": at.said(project.title),
        "kind": known.name if known else "",
        "lead": lead.name if lead else "",
        "end": telling.day(at.tx, project.finished_at or project.ends_at),
        "percent": rules.percent(steps),
        "steps": len(steps),
        "done": sum(m.stage == ProjectStage.DONE for m in steps),
        "result": at.said(project.result),
    }
