"""`/console/commendations`: 评选表彰: titles of a year, who stands and why, the vote, its result."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.appraise import commendation_telling, company_figures
from redprop_bot.rules.commendation import LIVE, Kind, Stand, State
from redprop_bot.web.api import commendations as api
from redprop_bot.web.api.routes import Item
from redprop_bot.web.api.standards import reviewer
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import COMMUNITY, KEEPERS, Answer, Desk, Goto, Page, Room, Way, whole

PATH: Final = "/console/commendations"
_ONE: Final = f"{PATH}/{{id}}"
_TONES: Final = {"gathering": "amber", "voting": "blue", "confirmed": "green", "stopped": ""}
_STANDS: Final = {"asked": "amber", "agreed": "green", "declined": "", "dropped": ""}
_MARKS: Final = {"met": "green", "not_met": "red", "unknown": "amber"}
_SAID: Final = {
    "name": "commendation_named",
    "admit": "commendation_admitted",
    "drop": "commendation_dropped",
    "vote": "commendation_vote",
    "confirm": "commendation_confirmed",
    "stop": "commendation_stopped",
}


def listed(desk: Desk) -> Answer:
    """All of them, the newest first, and the form that opens one."""
    wanted = {name: desk.query[name] for name in ("state",) if desk.query.get(name)}
    found = api.found(desk.asking(**wanted, limit="30", cursor=desk.query.get("cursor", ""))).body
    say, now = desk.content.replies.say, company_figures.this_year(desk.tx)
    states = [(state.value, say(f"commendation.state.{state}")) for state in State]
    known = desk.content.awards.all
    values = {
        "items": [_shown(desk, item) for item in found["items"]],
        "onward": f"{PATH}?{urlencode({**wanted, 'cursor': found['next']})}" if found["next"] else "",
        "states": slips.options(states, wanted.get("state", "")),
        "awards": slips.options([(one.key, one.title) for one in known], desk.field("award")),
        "about": [(one.title, one.about, [row.title for row in one.conditions], one.years) for one in known],
        "communities": _communities(desk),
        "years": [str(now), str(now - 1)],
    }
    return Page("commendations/list.html", values)


def _communities(desk: Desk) -> list[str]:
    """Those for which whoever looks may open one."""
    who, mine = reviewer(desk), desk.viewer.community_id
    if desk.viewer.role not in KEEPERS:
        return []
    found = desk.register.communities.items()
    return [one.name for key, one in found if mine in (None, key) and who.secretary_of(desk.register, key)]


def _shown(desk: Desk, item: Mapping[str, Any]) -> Item:
    say = desk.content.replies.say
    return {
        **item,
        "state_name": say(f"commendation.state.{item['state']}"),
        "tone": _TONES[item["state"]],
        "when": slips.when(desk, item["updated_at"]),
        "begin": slips.when(desk, item["starts_at"]) if item["starts_at"] else "",
        "end": slips.when(desk, item["ends_at"]) if item["ends_at"] else "",
        "won": [one["name"] for one in item["candidates"] if one["wins"]],
    }


def opened(desk: Desk) -> Answer:
    """One is opened."""
    body: dict[str, Any] = {name: desk.field(name) for name in ("award", "community") if desk.field(name)}
    made = api.opened(desk.sending({**body, "year": whole(desk.field("year")) or 0})).body
    return Goto(f"{PATH}/{made['id']}", "commendation_opened")


def one(desk: Desk) -> Answer:
    """One of them: who stands with each reason, and the forms of what may be done now."""
    row = api.the_commendation(desk)
    item = _shown(desk, api.item(desk, row))
    leads = desk.viewer.role in KEEPERS and reviewer(desk).secretary_of(desk.register, row.community_id)
    gathers = leads and row.state == State.GATHERING
    values = {
        "c": item,
        "address": f"{PATH}/{row.id}",
        "vote_page": commendation_telling.page(desk.tx, row) if row.state == State.VOTING else "",
        "stand": [_candidate(desk, one) for one in item["candidates"]],
        "gathers": gathers,
        "names": gathers and row.kind != Kind.COMPANY,
        "ready": sum(one["state"] == Stand.AGREED for one in item["candidates"]),
        "confirms": leads and row.state == State.VOTING and item["over"],
        "stops": leads and row.state in LIVE,
        "days": row.days,
        "today": desk.today.isoformat(),
    }
    return Page("commendations/one.html", values)


def _candidate(desk: Desk, one: Item) -> Item:
    say = desk.content.replies.say
    rows = [
        {**row, "mark_name": say(f"commendation.verdict.{row['mark']}"), "tone": _MARKS[row["mark"]]}
        for row in one["verdicts"]
    ]
    missed = any(row["mark"] == "not_met" for row in rows)
    return {
        **one,
        "state_name": say(
            f"commendation.stand.{'unsure' if rows and one['state'] == Stand.ASKED else one['state']}"
        ),
        "tone": _STANDS[one["state"]],
        "verdicts": rows,
        "admits": bool(rows) and not missed and one["state"] != Stand.AGREED,
        "drops": one["state"] in (Stand.AGREED, Stand.ASKED),
    }


def acted(desk: Desk) -> Answer:
    """Whatever goes on with it."""
    names = ("act", "person", "called", "about", "note", "starts_at", "ends_at", "reason")
    body: dict[str, Any] = {name: desk.field(name) for name in names if desk.field(name)}
    if (candidate := whole(desk.field("candidate"))) is not None:
        body["candidate"] = candidate
    api.acted(desk.sending(body))
    return Goto(f"{PATH}/{desk.path['id']}", _SAID[body["act"]])


ROOM: Final = Room(
    "commendations",
    "评选表彰",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, opened, back=listed, roles=KEEPERS),
        Way("GET", _ONE, one),
        Way("POST", f"{_ONE}/act", acted, back=one, roles=KEEPERS),
    ),
    roles=COMMUNITY,
    group="1清单",
)
