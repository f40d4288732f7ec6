"""`/console/rectifications`: 整改: what companies have to put right, by when, the re-check, talks."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.appraise import rectification_rights as rights
from redprop_bot.appraise.rectification_telling import ROOM as PATH
from redprop_bot.appraise.scorers import posted
from redprop_bot.errors import NotFound
from redprop_bot.registry.care import companies
from redprop_bot.rules.discipline import State
from redprop_bot.web.api import appraisals
from redprop_bot.web.api import rectifications as api
from redprop_bot.web.api.appraisals_shown import hand
from redprop_bot.web.api.routes import Item
from redprop_bot.web.console import histories, slips
from redprop_bot.web.console.room import EVERYBODY, KEEPERS, Answer, Desk, Goto, Page, Room, Way, whole

_ONE: Final = f"{PATH}/{{id}}"
_TONES: Final = {"open": "blue", "reported": "amber", "passed": "green", "void": ""}
_ACTING: Final = EVERYBODY - {"viewer"}
_SAID: Final = {
    "report": "rectification_reported",
    "extend": "rectification_more",
    "grant": "rectification_granted",
    "refuse": "rectification_refused",
    "pass": "rectification_passed",
    "fail": "rectification_failed",
    "talk": "talk_held",
    "no_talk": "talk_declined",
    "withdraw": "rectification_withdrawn",
}


def listed(desk: Desk) -> Answer:
    """All of them, the newest first, and the form that opens one."""
    state = desk.query.get("state", "running")
    found = api.found(desk.asking(state=state, limit="40", cursor=desk.query.get("cursor", ""))).body
    say = desk.content.replies.say
    states = [(one.value, say(f"rectification.state.{one}")) for one in State]
    choices = [("running", say("rectification.state.running")), *states]
    units = _companies(desk)
    comes = _round(desk)
    values = {
        "items": [_shown(desk, item) for item in found["items"]],
        "onward": f"{PATH}?{urlencode({'state': state, 'cursor': found['next']})}" if found["next"] else "",
        "states": slips.options(choices, state),
        "all_chosen": state == "",
        "opens": desk.viewer.role in KEEPERS and bool(units),
        "units": slips.options(units, desk.field("unit") or comes.get("key", "")),
        "comes": comes,
        "due": desk.field("due") or str(desk.today + timedelta(days=desk.content.rectification.days)),
        "company": desk.viewer.role == "provider",
    }
    return Page("rectifications/list.html", values)


def _companies(desk: Desk) -> list[tuple[str, str]]:
    """Companies to which whoever looks may give an order: key of the choice, and its words."""
    who, reg, mine = hand(desk), desk.register, desk.viewer.community_id
    return [
        (f"{one.name} {unit.name}", f"{unit.name}（{one.name}）")
        for key, one in reg.communities.items()
        if mine in (None, key) and rights.may_run(reg, key, who)
        for unit in companies(reg, key)
        if unit.id not in posted(reg, who.person_id)
    ]


def _round(desk: Desk) -> Item:
    """The round of 考评 from whose page somebody came."""
    key = whole(desk.field("appraisal") or desk.query.get("appraisal", ""))
    if key is None:
        return {}
    try:
        item = appraisals.one(desk.sending({}, id=str(key))).body
    except NotFound:
        return {}
    return {**item, "key": f"{item['community']} {item['unit']}"}


def _shown(desk: Desk, item: Mapping[str, Any]) -> Item:
    say = desk.content.replies.say
    return {
        **item,
        "state_name": say(f"rectification.state.{'late' if item['late'] else item['state']}"),
        "tone": "red" if item["late"] else _TONES[item["state"]],
        "due": slips.when(desk, item["due_at"]),
        "reported": slips.when(desk, item["reported_at"]),
        "until": slips.when(desk, item["extension_until"]),
        "closed": slips.when(desk, item["closed_at"]),
        "talk_waits": any(one["state"] == "proposed" for one in item["talks"]),
    }


def opened(desk: Desk) -> Answer:
    """A company gets an order."""
    community, _, unit = desk.field("unit").partition(" ")
    body: dict[str, Any] = {
        "community": community,
        "unit": unit,
        "items": [line.strip() for line in desk.field("items").splitlines() if line.strip()],
        "due": desk.field("due"),
        "reason": desk.field("reason"),
        "appraisal": whole(desk.field("appraisal")),
    }
    made = api.opened(desk.sending({name: value for name, value in body.items() if value})).body
    return Goto(f"{PATH}/{made['id']}", "rectification_opened")


def one(desk: Desk) -> Answer:
    """One of them, with what may be done with it."""
    item = _shown(desk, api.one(desk).body)
    values = {
        "r": item,
        "address": f"{PATH}/{item['id']}",
        "acts": item["acts"],
        "talks": [_talk(desk, one) for one in item["talks"]],
        "history": histories.timeline(desk, "rectification", item["history"]),
        "today": str(desk.today),
        "next_due": str(desk.today + timedelta(days=desk.content.rectification.days)),
        "company": desk.viewer.role == "provider",
    }
    return Page("rectifications/one.html", values)


def _talk(desk: Desk, talk: Mapping[str, Any]) -> Item:
    say = desk.content.replies.say
    return {
        **talk,
        "why": say(f"rectification.cause.{talk['cause']}", failures=""),
        "state_name": say(f"rectification.talk.{talk['state']}"),
    }


def acted(desk: Desk) -> Answer:
    """Whatever goes on with it."""
    names = ("act", "text", "until", "due", "reason", "on", "by", "agreed")
    body = {name: desk.field(name) for name in names if desk.field(name)}
    now = api.acted(desk.sending(body)).body
    return Goto(f"{PATH}/{now['id']}", _SAID[body["act"]])


ROOM: Final = Room(
    "rectifications",
    "整改",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, opened, back=listed, roles=KEEPERS),
        Way("GET", _ONE, one),
        Way("POST", f"{_ONE}/act", acted, back=one, roles=_ACTING),
    ),
    group="1清单",
)
