"""`/console/audit`: who did what: acts on demands and the like, and what was edited. Nothing is ever taken out.

Words that people wrote do not stand here: they stand with the demand, for who may see it.
"""

from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.store import editions, trail
from redprop_bot.store.tables import Edition, Event
from redprop_bot.web.api import sight
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import KEEPERS, Answer, Desk, Page, Room, Way

PATH: Final = "/console/audit"
SIZE: Final = 50
_EDITED: Final = {
    "resource": ("资源清单", "/console/resources/"),
    "service": ("服务清单", "/console/services/"),
    "responsibility": ("责任清单第", "/console/duties/"),
    "organisation": ("单位", "/console/people/units/"),
    "goods": ("公益超市", "/console/shop/"),
    "roster": ("名册导入", ""),
    "content": ("设置文件", ""),
    "reply": ("回复的话", ""),
}
_ROOMS: Final = {
    "demand": "/console/demands",
    "wish": "/console/wishes",
    "mediation": "/console/mediations",
    "project": "/console/projects",
    "meeting": "/console/meetings",
    "activity": "/console/activities",
    "posting": "/console/board",
    "standard": "/console/standards",
    "opinion": "/console/opinions",
    "commendation": "/console/commendations",
    "appraisal": "/console/appraisals",
    "ranking": "/console/rankings",
    "rectification": "/console/rectifications",
    "sanction": "/console/sanctions",
}


def acts(desk: Desk) -> Answer:
    """What was done."""
    scope = sight.scope(desk.viewer)
    rows = trail.page(desk.tx, scope.communities, unseen=scope.unseen, before_id=desk.below, limit=SIZE + 1)
    called = trail.called(desk.tx, rows[:SIZE])
    lines = [_act(desk, row, called.get((row.subject, row.subject_id))) for row in rows[:SIZE]]
    onward = f"{PATH}?below={rows[SIZE - 1].id}" if len(rows) > SIZE else ""
    return Page("audit/list.html", {"lines": lines, "onward": onward, "tab": "acts"})


def _act(desk: Desk, row: Event, called: tuple[str, str] | None) -> dict[str, str]:
    labels = desk.content.labels
    key, name = called or ("", "")
    about, what = labels.told(row.subject, row.name)
    if name and row.subject == "demand":
        about, what = name, labels.act.get(row.act, "")
    elif name:
        about = f"{about} {name}"
    staff = row.by_id is None or row.by_id in desk.register.people
    return {
        "at": slips.day(desk, row.at),
        "by": row.by_name if staff else RESIDENT_NAME,
        "what": what,
        "about": about,
        "link": f"{_ROOMS[row.subject]}/{key}" if key else "",
    }


def edits(desk: Desk) -> Answer:
    """What was edited."""
    rows = editions.page(desk.tx, sight.scope(desk.viewer).communities, before_id=desk.below, limit=SIZE + 1)
    onward = f"{PATH}/edits?below={rows[SIZE - 1].id}" if len(rows) > SIZE else ""
    return Page(
        "audit/list.html", {"lines": [_edit(desk, r) for r in rows[:SIZE]], "onward": onward, "tab": "edits"}
    )


def _edit(desk: Desk, row: Edition) -> dict[str, str]:
    name, path = _EDITED.get(row.kind, (row.kind, ""))
    about = {"responsibility": f"{name}{row.subject}条", "roster": row.note or name}.get(
        row.kind, f"{name} {_called(row)}"
    )
    return {
        "at": slips.day(desk, row.at),
        "by": row.by_name,
        "what": f"改成第 {row.version} 版" if row.kind != "roster" else "导入名册",
        "about": about,
        "link": f"{path}{row.subject}" if path else "",
    }


def _called(row: Edition) -> str:
    data: Mapping[str, Any] = row.data
    return str(data.get("title") or data.get("name") or row.subject)


ROOM: Final = Room(
    "audit",
    "操作记录",
    PATH,
    (Way("GET", PATH, acts), Way("GET", f"{PATH}/edits", edits)),
    roles=KEEPERS,
    group="3管理",
    key="a",
)
