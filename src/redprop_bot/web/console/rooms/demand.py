"""`/console/demands/{no}`: one demand: its clocks, its way, why it went where it went, what can be done now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redprop_bot.content.codes import CATEGORIES, URGENCIES
from redprop_bot.council.hands import speaks_as_secretary
from redprop_bot.loop.arrange import CLOSE_REASONS, INTENTS
from redprop_bot.notify import quoting
from redprop_bot.rules import flow, matching
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands as rows
from redprop_bot.store import mediations
from redprop_bot.store.tables import Demand
from redprop_bot.web.api import sight
from redprop_bot.web.api.hands import hand
from redprop_bot.web.api.items import carried, demand_item
from redprop_bot.web.console import acting, slips
from redprop_bot.web.console.room import Answer, Desk, Page


@dataclass(frozen=True, slots=True)
class Clock:
    """A term: what for, until when, and how it stands: kept, late, or running (empty)."""

    name: str
    when: str
    state: str


def shown(desk: Desk) -> Answer:
    """The page."""
    demand = acting.the_demand(desk, desk.path["no"])
    assert demand.id is not None
    item = demand_item(desk, demand)
    acts = slips.possible(desk, demand)
    slip = slips.slip(desk, demand)
    return Page(
        "demands/one.html",
        {
            "slip": slip,
            "item": item,
            "acts": acts,
            "clocks": _clocks(desk, demand),
            "lines": _lines(desk, demand, item),
            "why": _why(desk, demand, item),
            "pictures": _pictures(desk, demand),
            "facts": _facts(desk, demand, item),
            "mediate": _mediation(desk, demand),
            "after": f"/console/demands/{demand.no}",
            **_choices(desk, demand, acts),
        },
    )


def _mediation(desk: Desk, demand: Demand) -> tuple[str, str] | None:
    """Where its mediation is, or may be opened: for the secretary in charge, and nobody else."""
    if not speaks_as_secretary(desk.register, hand(desk.viewer), demand.community_id):
        return None
    case = mediations.of_demand(desk.tx, demand.id or 0)
    if case is not None:
        return "看调解", f"/console/mediations/{case.no}"
    may = demand.intent in CONFIDENTIAL and flow.is_open(demand.stage)
    return ("请帮帮团调解", f"/console/mediations/new?demand={demand.no}") if may else None


def _clocks(desk: Desk, demand: Demand) -> list[Clock]:
    now = desk.tx.now
    first = next((e.at for e in rows.history(desk.tx, demand.id or 0) if e.act == Act.ACCEPT), None)
    terms: list[tuple[str, datetime | None, datetime | None]] = [
        ("接单", demand.respond_by, first),
        ("联系居民", demand.contact_by, demand.contacted_at),
        ("办结", demand.due_at, demand.done_at or demand.closed_at),
    ]
    found = []
    for name, until, done in terms:
        if until is None:
            continue
        late = (done or now) > until
        state = "late" if late else "kept" if done else ""
        found.append(Clock(name, slips.day(desk, until), state))
    return found


def _facts(desk: Desk, demand: Demand, item: Mapping[str, Any]) -> list[tuple[str, str]]:
    labels = desk.content.labels
    reporter = item["reporter"] or {}
    phone = " ".join(part for part in (reporter.get("name"), reporter.get("phone")) if part)
    rating = item["rating"]
    found = [
        ("类型", labels.intent[demand.intent]),
        ("急缓", labels.urgency.get(demand.urgency or "", "普通")),
        ("社区", item["community"] or "还不知道，先由街道看着"),
        ("报事人", phone or "居民"),
        ("附议", f"还有 {demand.supporters} 位邻居报了同一件" if demand.supporters else ""),
        ("谁在办", item["handler"] or "还没派"),
        ("师傅", item["assignee"] or ""),
        ("搭把手", "、".join(item["helpers"])),
        ("提到", demand.escalated_to or ""),
        ("要延期", f"{demand.extension_days} 个工作日，等答复" if demand.extension_days else ""),
        ("挂账到", slips.day(desk, demand.paused_until) if demand.stage == Stage.SUSPENDED else ""),
        ("转派、重办", _moves(demand)),
        ("评价", f"{rating['stars']} 星 {rating['reason'] or ''}" if rating else ""),
        ("怎么结的", labels.close_reason.get(demand.close_reason or "", "")),
        ("并到", item["merged_into"] or ""),
    ]
    return [(name, text) for name, text in found if text]


def _moves(demand: Demand) -> str:
    moved = demand.transfers or demand.reworks
    return f"转派 {demand.transfers} 次，重办 {demand.reworks} 次" if moved else ""


def _lines(desk: Desk, demand: Demand, item: Mapping[str, Any]) -> list[dict[str, str]]:
    labels = desk.content.labels.act
    told = zip(item["events"], rows.history(desk.tx, demand.id or 0), strict=True)
    return [
        {
            "at": slips.when(desk, event["at"]),
            "act": labels.get(event["act"], event["act"]),
            "what": carried(desk, row.data, beside=True) if row.note else "",
            "by": event["by"],
            "note": event["note"] if event["act"] != Act.ORDER else "",
        }
        for event, row in reversed(list(told))
    ]


def _why(desk: Desk, demand: Demand, item: Mapping[str, Any]) -> dict[str, Any]:
    """Which row sent it where it is, and which others had fitted."""
    reg = desk.register
    fitting = [
        row
        for row in reg.responsibilities
        if matching.choose([row], category=demand.category or "", estate_id=demand.estate_id, text=demand.text)
    ]
    by_hand = item["handler"] is not None and item["responsibility"] is None and not item["caretaking"]
    return {
        "row": item["responsibility"]["row"] if item["responsibility"] else "",
        "care": item["caretaking"] or "",
        "by_hand": by_hand,
        "others": [
            f"{reg.organisations[row.unit_id].name}（第{row.id}条）"
            for row in fitting
            if row.id != demand.responsibility_id
        ],
    }


def _pictures(desk: Desk, demand: Demand) -> Sequence[dict[str, str]]:
    if desk.viewer.role == "viewer":
        return ()
    names = {"image": "照片", "voice": "语音", "video": "视频"}
    return [
        {
            "kind": one.kind,
            "name": names.get(one.kind, "附件"),
            "address": one.url or f"/console/demands/{demand.no}/photos/{one.id}",
            "foreign": "yes" if one.url else "",
        }
        for one in rows.attachments(desk.tx, demand.id or 0)
        if one.state in ("linked", "wanted", "kept")
    ]


def _choices(desk: Desk, demand: Demand, acts: frozenset[str]) -> dict[str, Any]:
    """What the forms offer."""
    labels, reg, viewer = desk.content.labels, desk.register, desk.viewer
    staff = []
    if Act.ASSIGN in acts and demand.handler_id is not None:
        posts = [post for post in reg.all_posts if post.organisation_id == demand.handler_id]
        staff = [(reg.people[p.person_id].userid or "", reg.people[p.person_id].name or "") for p in posts]
    here = reg.estates[demand.estate_id].name if demand.estate_id is not None else ""
    return {
        "units": slips.units(desk, demand)[:8],
        "all_units": slips.all_units(desk) if Act.DISPATCH in acts else [],
        "staff": staff,
        "return_reasons": [reason.name for reason in desk.content.return_reasons],
        "close_reasons": [(code, labels.close_reason[code]) for code in CLOSE_REASONS],
        "categories": slips.options([(c, labels.category[c]) for c in CATEGORIES], demand.category or ""),
        "urgencies": slips.options([(u, labels.urgency[u]) for u in URGENCIES], demand.urgency or ""),
        "intents": slips.options([(i, labels.intent[i]) for i in INTENTS], demand.intent),
        "estates": slips.options([(name, name) for name in slips.estates(desk)], here),
        "place": {name: getattr(demand, name) or "" for name in ("building", "unit", "place")}
        | {"room": "" if sight.hides_room(viewer, demand) else demand.room or ""},
        "precedents": quoting.precedents_of(desk.tx, demand).splitlines() if Act.DISPATCH in acts else [],
    }
