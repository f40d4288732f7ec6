"""`/console/duties`: the responsibility list, and a look at what a change would re-route before it is made."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.content.codes import CATEGORIES
from redprop_bot.errors import Invalid, Refused
from redprop_bot.loop import rerouting
from redprop_bot.loop.dispatch import caretaker_for
from redprop_bot.loop.rerouting import Line, Moved
from redprop_bot.rules.flow import Act, can
from redprop_bot.store import sifting
from redprop_bot.store.sifting import Sieve
from redprop_bot.store.tables import Demand, Responsibility
from redprop_bot.web.api import duties as api
from redprop_bot.web.api import sight
from redprop_bot.web.api.fields import Shape, read
from redprop_bot.web.api.routes import Route
from redprop_bot.web.console import acting, asking, slips
from redprop_bot.web.console.room import KEEPERS, Answer, Desk, Goto, Page, Room, Way
from redprop_bot.web.console.slips import Slip

PATH: Final = "/console/duties"
LOOKED_AT: Final = 400
"""So many of the newest demands of each category are looked at: what it does to them is what it will do."""
SHOWN: Final = 8
_NAMES: Final = {
    "unit": "谁负责",
    "match": "只管说到这些话的",
    "respond_hours": "多久内接单",
    "resolve_hours": "多久内办结",
}
"""Elsewhere a unit is the part of a building."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: of so many looked at, how many would go from where to where.

    open_ones: those at work, which stay put, by the unit that they would go to.
    """

    looked_at: int
    flows: Sequence[tuple[str, str, int]]
    examples: Sequence[tuple[Slip, str, str]]
    open_ones: Mapping[str, Sequence[Slip]]


def listed(desk: Desk) -> Answer:
    """The list, by category."""
    estate, category = desk.query.get("estate", ""), desk.query.get("category", "")
    wanted = desk.register.estate(estate)
    labels = desk.content.labels.category
    rows = [
        row
        for row in desk.register.responsibilities
        if sight_of(desk, row)
        and (wanted is None or row.estate_id in (None, wanted.id))
        and category in ("", row.category)
    ]
    grouped = [(labels[code], [_row(desk, r) for r in rows if r.category == code]) for code in CATEGORIES]
    return Page(
        "duties/list.html",
        {
            "groups": [(name, members) for name, members in grouped if members],
            "estates": slips.options([(name, name) for name in slips.estates(desk)], estate),
            "categories": slips.options(list(labels.items()), category),
            "lost": _uncovered(desk),
            "may": desk.viewer.role in KEEPERS,
        },
    )


def sight_of(desk: Desk, row: Responsibility) -> bool:
    """Whether a row concerns who looks: of their community, or of all."""
    if row.estate_id is None or desk.viewer.community_id is None:
        return True
    return desk.register.estates[row.estate_id].community_id == desk.viewer.community_id


def _row(desk: Desk, row: Responsibility) -> dict[str, Any]:
    reg = desk.register
    return {
        "id": row.id,
        "may": desk.viewer.role in KEEPERS and (row.estate_id is not None or desk.viewer.community_id is None),
        "estate": reg.estates[row.estate_id].name if row.estate_id is not None else "各小区",
        "match": "、".join(row.match),
        "unit": reg.organisations[row.unit_id].name,
        "respond": hours(row.respond_hours),
        "resolve": hours(row.resolve_hours),
        "version": row.version,
    }


def hours(number: float | None) -> str:
    """Hours in words, as `_typed` reads them; without any the general terms hold."""
    if number is None:
        return ""
    even = number >= 1 and round(number, 2) == number
    return f"{number:g} 小时" if even else f"{round(number * 60)} 分钟"


_TERM: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?:(?P<minutes>分钟?)|个?小时)")


def _typed(desk: Desk, shape: Shape) -> dict[str, Any]:
    """The body of a form, in which terms stand as the list says them: 15 分钟, 4 小时; a bare number is hours."""
    body = asking.sent(desk, shape)
    for name in ("respond_hours", "resolve_hours"):
        term = body.get(name)
        if isinstance(term, str) and (match := _TERM.fullmatch(term)):
            body[name] = float(match["number"]) / (60 if match["minutes"] else 1)
    return body


def _uncovered(desk: Desk) -> list[str]:
    """Categories that nobody answers for anywhere: what comes there waits for the secretary."""
    held = {row.category for row in desk.register.responsibilities}
    return [name for code, name in desk.content.labels.category.items() if code not in held and code != "other"]


def one(desk: Desk) -> Answer:
    """One row, to be edited."""
    item = api.one(desk.sending({})).body
    return _form(desk, item, _effect_again(desk, asking.route("PATCH", "/responsibilities/{id}"), int(item["id"])))


def fresh(desk: Desk) -> Answer:
    """A new row."""
    empty: dict[str, Any] = {
        "id": None,
        "category": desk.query.get("category", ""),
        "estate": None,
        "unit": "",
        "match": [],
    }
    item = empty | {"respond_hours": None, "resolve_hours": None, "active": True, "version": 0}
    return _form(desk, item, _effect_again(desk, asking.route("POST", "/responsibilities"), None))


def _effect_again(desk: Desk, route: Route, row_id: int | None) -> Effect | None:
    """What was looked at, where a form with ticks was refused: they are still there. None for every other page."""
    if desk.wrong is None or not desk.fields("pick"):
        return None
    try:
        return _effect(desk, read(_typed(desk, route.body or {}), route.body or {}), row_id)
    except Refused:
        return None


def _form(desk: Desk, item: Any, effect: Effect | None) -> Answer:
    labels = desk.content.labels.category
    typed = desk.body or {}
    mine = desk.viewer.community_id
    chosen = {name: typed.get(name, item[name] or "") for name in ("category", "estate", "unit")}
    values = {
        "item": item,
        "effect": effect,
        "typed": typed,
        "match": typed.get("match", "、".join(item["match"])),
        "categories": slips.options(list(labels.items()), chosen["category"]),
        "estates": slips.options([(name, name) for name in slips.estates(desk)], chosen["estate"]),
        "units": slips.options([(name, name) for name in slips.all_units(desk)], chosen["unit"]),
        "versions": asking.history(desk, "responsibility", item["id"], _NAMES) if item["id"] else [],
        "every": "各小区" if mine is None or item["id"] else "选一个",
        "may": desk.viewer.role in KEEPERS and (mine is None or not _is_for_all(item)),
        "picks": desk.fields("pick"),
        "hours": hours,
        "field_names": _NAMES,
    }
    return Page("duties/one.html", values)


def _is_for_all(item: Any) -> bool:
    """Whether a row is that of the whole street: no community changes it for the others."""
    return item["id"] is not None and item["estate"] is None


def entered(desk: Desk) -> Answer:
    """A new row is looked at, or entered."""
    route = asking.route("POST", "/responsibilities")
    body = _typed(desk, route.body or {})
    if desk.field("step") == "preview":
        found = fresh(desk)
        assert isinstance(found, Page)
        return _form(desk, found.values["item"], _effect(desk, read(body, route.body or {}), None))
    return _saved(desk, route, body, None) or Goto(PATH, "entered")


def edited(desk: Desk) -> Answer:
    """A change is looked at, or made; taking a row off the list is a change, too."""
    route = asking.route("PATCH", "/responsibilities/{id}")
    item = api.one(desk.sending({})).body
    if desk.field("step") == "retire":
        route.handler(desk.sending({"version": desk.version, "active": False}))
        return Goto(PATH, "retired")
    body = _typed(desk, route.body or {})
    if desk.field("step") == "preview":
        return _form(desk, item, _effect(desk, read(body, route.body or {}), int(item["id"])))
    return _saved(desk, route, body, int(item["id"])) or Goto(f"{PATH}/{item['id']}", "edited")


def _saved(desk: Desk, route: Route, body: dict[str, Any], row_id: int | None) -> Answer | None:
    """Save the rule, and dispatch what was ticked; a page where there is more to say than that it is saved.

    Where each goes is what the rule says that is saved, not the one that was looked at before.
    """
    picked = acting.picked(desk)
    effect = _effect(desk, read(body, route.body or {}), row_id) if picked else None
    route.handler(desk.sending(body))
    if effect is None:
        return None
    goes = {slip.no: to for to, members in effect.open_ones.items() for slip in members}
    stay = [(no, desk.content.replies.say("console.duty_stays")) for no, _ in picked if no not in goes]
    moving = [(no, version, goes[no]) for no, version in picked if no in goes]
    done, refused = acting.dispatched(desk, moving)
    units = "、".join(dict.fromkeys(goes[no] for no in done))
    values = {"done": done, "refused": [*refused, *stay], "to": units, "saved": True, "after": PATH}
    return Page("demands/bulk.html", values)


# -- what it would do


def _effect(desk: Desk, given: dict[str, Any], row_id: int | None) -> Effect:
    """The change held against the newest demands of the categories that it touches."""
    reg, before = desk.register, list(desk.register.responsibilities)
    old = next((row for row in before if row.id == row_id), None)
    unit = reg.organisation_names.get(given.get("unit") or "")
    if unit is None or unit.id is None:
        raise Invalid("unknown_unit", field="unit", name=str(given.get("unit") or ""))
    estate = reg.estate(given.get("estate"))
    if estate is None and given.get("estate"):
        raise Invalid("unknown_estate", field="estate", name=given["estate"])
    estate_id = estate.id if estate else None
    line = Line(row_id, given["category"], estate_id, unit.id, given.get("match", []))
    after = [row for row in before if row.id != row_id]

    def keeper(demand: Demand) -> int | None:
        return caretaker_for(desk.tx, category=demand.category, estate_id=demand.estate_id)

    found: list[Moved] = []
    looked_at = 0
    for category in dict.fromkeys([*([old.category] if old else []), line.category]):
        page = sifting.sift(
            desk.tx, sight.scope(desk.viewer), Sieve(category=category), below=None, limit=LOOKED_AT
        )
        looked_at += len(page.rows)
        found += rerouting.moved(page.rows, before, [*after, line], otherwise=keeper)
    return _told(desk, found, looked_at)


def _told(desk: Desk, found: list[Moved], looked_at: int) -> Effect:
    def name(unit_id: int | None) -> str:
        return desk.register.organisations[unit_id].name if unit_id is not None else "没人（等书记派）"

    flows = Counter((name(m.before), name(m.after)) for m in found)
    waiting = [
        m
        for m in found
        if m.after is not None and m.demand.handler_id == m.before and can(Act.DISPATCH, m.demand.stage)
    ]
    open_ones: dict[str, list[Slip]] = {}
    for m in waiting[:50]:
        open_ones.setdefault(name(m.after), []).append(slips.slip(desk, m.demand))
    return Effect(
        looked_at,
        [(old, new, number) for (old, new), number in flows.most_common()],
        [(slips.slip(desk, m.demand), name(m.before), name(m.after)) for m in found[:SHOWN]],
        open_ones,
    )


ROOM: Final = Room(
    "duties",
    "责任清单",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("GET", f"{PATH}/new", fresh, roles=KEEPERS),
        Way("POST", f"{PATH}/new", entered, back=fresh, roles=KEEPERS),
        Way("GET", f"{PATH}/{{id}}", one),
        Way("POST", f"{PATH}/{{id}}", edited, back=one, roles=KEEPERS),
    ),
    group="1清单",
    key="z",
)
