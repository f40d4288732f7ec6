"""Ledgers (台账) as files: the items of the API's lists, a row each.

What an item holds is decided by the API's own handlers; here only rows, columns and file formats.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from redprop_bot.dialogue.office import Office
from redprop_bot.store.tx import Tx
from redprop_bot.web import spreadsheets
from redprop_bot.web.access import Viewer
from redprop_bot.web.api.calls import Call
from redprop_bot.web.api.table import ROUTES

Row = Mapping[str, Any]

ADMIN: Final = Viewer(0, "admin", None, None, "导出")
PAGE: Final = "100"
TITLES: Final = {
    "demands": "需求清单",
    "resources": "资源清单",
    "services": "服务清单",
    "responsibilities": "责任清单",
    "points": "积分台账",
    "ratings": "评价台账",
    "whistles": "吹哨台账",
    "projects": "项目台账",
}
_HEADS: Final = {
    "no": "单号", "stage": "阶段", "intent": "类型", "category": "类别", "urgency": "紧急程度", "text": "内容",
    "community": "社区", "estate": "小区", "building": "楼栋", "unit": "单元", "room": "室号", "place": "地点",
    "reporter": "报事人", "supporters": "附议", "reported_at": "报事时间", "respond_by": "接单期限",
    "due_at": "办结期限", "handler": "承办单位", "helpers": "助力", "escalated_to": "提级到", "rating": "评价",
    "events": "经过", "attachments": "附件", "title": "名称", "kind": "种类", "owner": "提供者", "hours": "时间",
    "status": "状态", "match": "事项词", "respond_hours": "接单小时", "resolve_hours": "办结小时",
    "version": "版本", "stars": "星级", "reason": "原因", "note": "说明",
}  # fmt: skip


def rows(office: Office, tx: Tx, kind: str) -> list[Row]:
    """All items of a list as an administrator sees them, newest first. A list that has no room yet is empty."""
    route = next((r for r in ROUTES if r.method == "GET" and r.path == f"/{kind}"), None)
    found: list[Row] = []
    cursor: str | None = None
    while route is not None:
        query = {"limit": PAGE} | ({"cursor": cursor} if cursor else {})
        body = route.handler(Call(tx, ADMIN, office, {}, query, {})).body
        found += body["items"]
        cursor = body["next"]
        if cursor is None:
            break
    return found


def _columns(found: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in found for name in row)) or ["no"]


def _plain(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value


def as_csv(_kind: str, found: Sequence[Row]) -> bytes:
    """CSV whose heads are the field names of the API."""
    names = _columns(found)
    return spreadsheets.as_csv([names, *([_plain(row.get(name)) for name in names] for row in found)])


def as_xlsx(kind: str, found: Sequence[Row]) -> bytes:
    """An .xlsx with one sheet; heads in Chinese with the field name of the API behind."""
    names = _columns(found)
    heads = [f"{_HEADS[name]} {name}" if name in _HEADS else name for name in names]
    rows = [[_plain(row.get(name)) for name in names] for row in found]
    return spreadsheets.as_xlsx([(TITLES[kind], [heads, *rows])])
