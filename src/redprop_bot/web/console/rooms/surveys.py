"""`/console/surveys`: 电话回访: who is to be called about what was closed last month, and what they said."""

from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import COMMUNITY, KEEPERS, Answer, Desk, Goto, Page, Room, Way

PATH: Final = "/console/surveys"
_TONES: Final = {"satisfied": "green", "unhappy": "red", "not_reached": "amber"}
_STATES: Final = ("open", "not_reached", "unhappy", "satisfied")
_SIZE: Final = "40"


def listed(desk: Desk) -> Answer:
    """The lists, the newest first, each with its counts."""
    query = {"limit": "24", "cursor": desk.query.get("cursor", "")}
    found = asking.handler("GET", "/surveys")(desk.asking(**query)).body
    onward = f"{PATH}?{urlencode({'cursor': found['next']})}" if found["next"] else ""
    items = [dict(item) | {"name": _month(item["month"])} for item in found["items"]]
    return Page(
        "surveys/list.html", {"items": items, "onward": onward, "percent": f"{desk.content.survey.percent:g}"}
    )


def _month(key: str) -> str:
    return f"{key[:4]}年{int(key[-2:])}月"


def one(desk: Desk) -> Answer:
    """One list: whom to call, with a form for what they say."""
    survey = asking.handler("GET", "/surveys/{id}")(desk).body
    state = desk.query.get("state", "")
    query = {"state": state, "limit": _SIZE, "cursor": desk.query.get("cursor", "")}
    found = asking.handler("GET", "/surveys/{id}/calls")(desk.asking(**query)).body
    address, say = f"{PATH}/{survey['id']}", desk.content.replies.say
    states = [(name, say(f"survey.state.{name}")) for name in _STATES]
    onward = f"{address}?{urlencode({'state': state, 'cursor': found['next']})}" if found["next"] else ""
    return Page(
        "surveys/one.html",
        {
            "survey": dict(survey) | {"name": _month(survey["month"])},
            "calls": [_shown(desk, item) for item in found["items"]],
            "states": slips.options(states, state),
            "address": address,
            "onward": onward,
            "may": desk.viewer.role in KEEPERS,
        },
    )


def _shown(desk: Desk, item: Any) -> dict[str, Any]:
    say, labels = desk.content.replies.say, desk.content.labels
    return dict(item) | {
        "called": (item["contact"] or "").removesuffix(item["phone"] or "").rstrip(),
        "what": labels.category.get(item["category"] or "", ""),
        "why_name": say(f"survey.why.{item['why']}"),
        "state_name": say(f"survey.state.{item['state']}"),
        "tone": _TONES.get(item["state"], ""),
        "still": item["state"] in ("open", "not_reached"),
        "when": slips.when(desk, item["called_at"]),
        "typed": desk.field("note") if desk.wrong and desk.path.get("no") == item["demand"] else "",
    }


def recorded(desk: Desk) -> Answer:
    """What they said."""
    body = {"result": desk.field("result"), "note": desk.field("note") or None}
    done = asking.handler("POST", "/surveys/{id}/calls/{no}")(desk.sending(body)).body
    word = "survey_again" if done["reopened"] else f"survey_{done['state']}"
    return Goto(f"{PATH}/{desk.path['id']}", word)


ROOM: Final = Room(
    "surveys",
    "电话回访",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("GET", f"{PATH}/{{id}}", one),
        Way("POST", f"{PATH}/{{id}}/calls/{{no}}", recorded, back=one, roles=KEEPERS),
    ),
    roles=COMMUNITY,
    group="1清单",
)
