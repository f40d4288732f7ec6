"""吹哨会商单: what departments said to the whistles of a quarter, a matter a row with all units that were called.

One sheet for the page, the file and the API: who came, by when, how far it is, what is done and how it was rated.
"""

from collections.abc import Sequence
from typing import Final

from redprop_bot.notify import words
from redprop_bot.rules.whistle import WhistleState
from redprop_bot.store.tables import Demand, WhistleCall
from redprop_bot.web.api import sight
from redprop_bot.web.api.calls import Call, Reply
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.whistles import in_quarter

HEADS: Final = (
    "单号", "社区", "事项", "谁吹的哨", "单位", "应答", "应答时间", "办到哪一步", "期限",
    "办好时间", "评分", "到不了的原因",
)  # fmt: skip


def sheet(call: Call) -> Reply:
    """The sheet of a quarter, or of all time: newest matter first, its units in the order they were called."""
    return Reply({"quarter": call.query.get("quarter"), "items": matters(call)})


def matters(call: Call) -> list[Item]:
    """The matters with their units."""
    groups: dict[int, list[WhistleCall]] = {}
    for row in in_quarter(call):
        groups.setdefault(row.demand_id, []).insert(0, row)
    return [_matter(call, call.tx.get(Demand, key), rows) for key, rows in groups.items()]


def _matter(call: Call, demand: Demand, rows: Sequence[WhistleCall]) -> Item:
    masked, own = call.viewer.role == "viewer", call.viewer.organisation_id
    return {
        "demand": demand.no,
        "stage": demand.stage,
        "community": call.register.community_name(demand.community_id),
        "where": words.where(call.register, demand, room=False),
        "what": words.what(call.tx, demand),
        "text": "" if own is not None else sight.readable(call.tx, call.viewer, demand, demand.text),
        "by": rows[0].by_name,
        "units": [_unit(call, row, masked=masked) for row in rows],
    }


def _unit(call: Call, row: WhistleCall, *, masked: bool) -> Item:
    return {
        "unit": call.register.organisations[row.organisation_id].name,
        "state": row.state,
        "state_name": state_name(call, row),
        "answered_at": iso(call, row.answered_at),
        "answer_by": iso(call, row.answer_by),
        "late": row.answered_at is None and row.answer_by < call.tx.now,
        "progress": "" if masked else row.progress_note or row.done_note or "",
        "limit_at": iso(call, row.limit_at),
        "done_at": iso(call, row.done_at),
        "stars": row.stars,
        "reason": None if masked else row.reason,
    }


def state_name(call: Call, row: WhistleCall) -> str:
    """What became of a call, in words."""
    unheard = row.tabled_at is not None and row.state == WhistleState.CALLED
    return call.content.labels.whistle_state["tabled" if unheard else row.state]


def rows(call: Call) -> list[list[str]]:
    """The sheet as rows of a file, heads first; the matter stands only beside its first unit."""
    found: list[list[str]] = [list(HEADS)]
    for matter in matters(call):
        about = [matter["demand"], matter["community"] or "", f"{matter['where']} {matter['what']}", matter["by"]]
        for n, unit in enumerate(matter["units"]):
            found.append(
                [
                    *(about if n == 0 else [""] * 4),
                    unit["unit"],
                    unit["state_name"],
                    _minute(unit["answered_at"]),
                    unit["progress"],
                    _minute(unit["limit_at"]),
                    _minute(unit["done_at"]),
                    f"{unit['stars']}星" if unit["stars"] else "",
                    unit["reason"] or "",
                ]
            )
    return found


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") if moment else ""


ROUTES: Final = (
    Route(
        "GET",
        "/whistles/sheet",
        sheet,
        "吹哨会商单：一件事一行，几家单位的应答和进展",
        "WhistleSheet",
        query={"quarter": "such as 2026Q4", "unit": "full name", "state": ", ".join(WhistleState)},
    ),
)
