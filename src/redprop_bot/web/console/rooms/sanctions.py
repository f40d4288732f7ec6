"""`/console/sanctions`: 黑名单 and 退出: opened, answered by the company, decided, step by step."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.appraise import sanction_grounds
from redprop_bot.appraise import sanction_rights as rights
from redprop_bot.appraise.sanction_grounds import ROOM as PATH
from redprop_bot.appraise.sanction_telling import shown, written
from redprop_bot.appraise.scorers import posted
from redprop_bot.content.discipline import SanctionKind
from redprop_bot.registry.care import companies, looked_after
from redprop_bot.rules.sanctions import State
from redprop_bot.web.api import sanctions as api
from redprop_bot.web.api.appraisals_shown import hand
from redprop_bot.web.api.routes import Item
from redprop_bot.web.console import histories, slips
from redprop_bot.web.console.room import EVERYBODY, KEEPERS, Answer, Desk, Goto, Page, Room, Way, whole

_ONE: Final = f"{PATH}/{{id}}"
_TONES: Final = {"hearing": "amber", "running": "blue", "listed": "red", "done": "green"}
_ACTING: Final = EVERYBODY - {"viewer"}


def listed(desk: Desk) -> Answer:
    """All of them, the newest first, and the form that opens one."""
    state = desk.query.get("state", "open")
    found = api.found(desk.asking(state=state, limit="40", cursor=desk.query.get("cursor", ""))).body
    say = desk.content.replies.say
    states = [(one, say(f"sanction.state.{one}")) for one in ("open", *State)]
    choices = _choices(desk)
    units = {key.split("|")[1] for key, _ in choices}
    wanted = desk.field("about") or _asked(desk, choices)
    values = {
        "items": [_shown(desk, item) for item in found["items"]],
        "onward": f"{PATH}?{urlencode({'state': state, 'cursor': found['next']})}" if found["next"] else "",
        "states": slips.options(states, state),
        "all_chosen": state == "",
        "about": slips.options(choices, wanted),
        "grounds": _grounds(desk, units),
        "company": desk.viewer.role == "provider",
    }
    return Page("sanctions/list.html", values)


def _choices(desk: Desk) -> list[tuple[str, str]]:
    """What whoever looks may open: key of the choice (kind, company, estate) and its words."""
    if desk.viewer.role not in KEEPERS:
        return []
    return [choice for kind in desk.content.sanctions.kinds for choice in _of_kind(desk, kind)]


def _of_kind(desk: Desk, kind: SanctionKind) -> list[tuple[str, str]]:
    who, reg, mine = hand(desk), desk.register, desk.viewer.community_id
    found: dict[str, str] = {}
    for key in reg.communities:
        about = None if kind.scope == "street" else key
        if mine not in (None, key) or not rights.may_run(reg, kind.by, about, who):
            continue
        for unit in companies(reg, key):
            if unit.id in posted(reg, who.person_id):
                continue
            if kind.scope == "street":
                found[f"{kind.key}|{unit.name}|"] = f"{kind.name}：{unit.name}"
                continue
            for estate in looked_after(reg, unit, key):
                found[f"{kind.key}|{unit.name}|{estate.name}"] = f"{kind.name}：{unit.name}（{estate.name}）"
    return list(found.items())


def _asked(desk: Desk, choices: list[tuple[str, str]]) -> str:
    """The choice that a message or another page led to."""
    unit = desk.register.organisations.get(whole(desk.query.get("unit", "")) or 0)
    start = f"{desk.query.get('kind', '')}|{unit.name}|" if unit is not None else "-"
    return next((key for key, _ in choices if key.startswith(start)), "")


def _grounds(desk: Desk, units: set[str]) -> list[str]:
    """What was counted of each company that something can be opened about, where anything was."""
    keys = {name: desk.register.organisation_names[name].id or 0 for name in sorted(units)}
    counted = sanction_grounds.counted_of(desk.tx, list(keys.values())) if keys else {}
    lines = []
    for name, key in keys.items():
        found = counted[key]
        if found["failures"] or found["overdues"] or found["black"]:
            lines.append(f"{name}：{sanction_grounds.said(desk.tx, found)}")
    return lines


def _shown(desk: Desk, item: Mapping[str, Any]) -> Item:
    say = desk.content.replies.say
    state = shown(item["state"], listing=item["listing"])
    waits = next((one["name"] for one in item["steps"] if one["on"] is None), "")
    return {
        **item,
        "state_name": say(f"sanction.state.{state}"),
        "tone": "red" if item["late"] else _TONES.get(state, ""),
        "until": slips.when(desk, item["answer_until"]),
        "due": slips.when(desk, item["due_at"]),
        "closed": slips.when(desk, item["closed_at"]),
        "next": waits if item["state"] == State.RUNNING else "",
        "counted": say("sanction.grounds", **{name: str(count) for name, count in item["grounds"].items()}),
    }


def opened(desk: Desk) -> Answer:
    """A case is begun."""
    kind, _, rest = desk.field("about").partition("|")
    unit, _, estate = rest.partition("|")
    body = {"kind": kind, "unit": unit, "estate": estate, "reason": desk.field("reason")}
    made = api.opened(desk.sending({name: value for name, value in body.items() if value})).body
    return Goto(f"{PATH}/{made['id']}", "sanction_opened")


def one(desk: Desk) -> Answer:
    """One of them, with what may be done with it."""
    item = _shown(desk, api.one(desk).body)
    note = next((one["note"] for one in item["steps"] if one["on"] is None), "")
    steps = [{**one, "on": written(one["on"], desk.content.zone)} for one in item["steps"]]
    values = {
        "s": {**item, "steps": steps},
        "address": f"{PATH}/{item['id']}",
        "acts": item["acts"],
        "note": note,
        "history": histories.timeline(desk, "sanction", item["history"]),
        "today": str(desk.today),
        "company": desk.viewer.role == "provider",
    }
    return Page("sanctions/one.html", values)


def acted(desk: Desk) -> Answer:
    """Whatever goes on with it."""
    body = {name: desk.field(name) for name in ("act", "text", "on", "reason") if desk.field(name)}
    now = api.acted(desk.sending(body)).body
    return Goto(f"{PATH}/{now['id']}", f"sanction_{body['act']}")


ROOM: Final = Room(
    "sanctions",
    "黑名单",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, opened, back=listed, roles=KEEPERS),
        Way("GET", _ONE, one),
        Way("POST", f"{_ONE}/act", acted, back=one, roles=_ACTING),
    ),
    group="1清单",
)
