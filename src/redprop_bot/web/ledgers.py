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
from redprop_bot.web.api.document import document
from redprop_bot.web.api.routes import Route
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
    "no": "单号", "id": "编号", "stage": "阶段", "intent": "类型", "category": "类别", "urgency": "紧急程度",
    "text": "内容", "community": "社区", "estate": "小区", "building": "楼栋", "unit": "单元", "room": "室号",
    "place": "地点", "reporter": "报事人", "supporters": "附议", "reported_at": "报事时间",
    "respond_by": "接单期限", "due_at": "办结期限", "overdue": "超期", "level": "等级",
    "first_contact_by": "首次联系期限", "contacted_at": "首次联系", "control_by": "控制期限",
    "controlled_at": "控制住", "return_until": "可退单到", "complex": "复杂", "stuck": "久拖",
    "handler": "承办单位", "assignee": "经办人", "helpers": "助力", "responsibility": "责任清单",
    "caretaking": "兜底托管", "escalated_to": "提级到", "rating": "评价", "events": "经过", "attachments": "附件",
    "dispatches": "派过几次", "transfers": "转过几次", "reworks": "重办几次", "extension_days": "申请延期天数",
    "paused_until": "挂账到", "done_at": "办好时间", "closed_at": "办结时间", "close_reason": "办结理由",
    "merged_into": "并到", "created_at": "登记时间", "updated_at": "更新时间", "version": "版本",
    "title": "名称", "kind": "种类", "owner": "提供者", "hours": "时间", "status": "状态", "note": "说明",
    "lat": "纬度", "lng": "经度", "capacity": "容纳人数", "quantity": "数量", "services": "服务",
    "bookable": "可预约", "match": "事项词", "respond_hours": "接单小时", "resolve_hours": "办结小时",
    "active": "在用", "stars": "星级", "reason": "原因", "at": "时间", "person": "谁", "delta": "分",
    "source": "来源", "ledger": "哪本账", "by": "经手", "approved_by": "同意的人", "reverses": "冲销",
    "demand": "单号", "matter": "事由", "state": "状态", "called_at": "吹哨时间", "answer_by": "应答期限",
    "answered_at": "应答时间", "answered_by": "应答人", "climbed_at": "报街道时间", "tabled_at": "上会时间",
    "limit_at": "办好期限", "progress_at": "进展时间", "progress": "进展", "done_note": "办好说明",
    "rating_reason": "评价理由", "kind_name": "哪一种", "lead": "领办人", "starts_at": "开始",
    "ends_at": "结束", "percent": "进度", "late": "晚了", "result": "成果", "demands": "单子",
    "meeting": "会议", "budget": "经费", "milestones": "节点", "measures": "措施", "finished_at": "结项时间",
}  # fmt: skip
_OTHER_HEADS: Final[Mapping[str, Mapping[str, str]]] = {
    "responsibilities": {"unit": "单位"},
    "whistles": {"unit": "单位"},
    "projects": {"owner": "责任人"},
}
"""Where a field is called otherwise than in the other ledgers."""


def rows(office: Office, tx: Tx, kind: str) -> list[Row]:
    """All items of a list as an administrator sees them, newest first. A list that has no room yet is empty."""
    route = _route(kind)
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


def _route(kind: str) -> Route | None:
    return next((r for r in ROUTES if r.method == "GET" and r.path == f"/{kind}"), None)


def _columns(kind: str, found: Sequence[Row]) -> list[str]:
    """The fields of the items; of a list that is still empty, those that its items will have."""
    if found:
        return list(dict.fromkeys(name for row in found for name in row))
    route = _route(kind)
    schemas = document("", ROUTES)["components"]["schemas"]
    return [name for name in schemas[route.item]["properties"] if name != "outcome"] if route else ["no"]


def _plain(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value


def as_csv(kind: str, found: Sequence[Row]) -> bytes:
    """CSV whose heads are the field names of the API."""
    names = _columns(kind, found)
    return spreadsheets.as_csv([names, *([_plain(row.get(name)) for name in names] for row in found)])


def as_xlsx(kind: str, found: Sequence[Row]) -> bytes:
    """An .xlsx with one sheet; heads in Chinese with the field name of the API behind."""
    names = _columns(kind, found)
    words = {**_HEADS, **_OTHER_HEADS.get(kind, {})}
    heads = [f"{words[name]} {name}" if name in words else name for name in names]
    rows = [[_plain(row.get(name)) for name in names] for row in found]
    return spreadsheets.as_xlsx([(TITLES[kind], [heads, *rows])])
