"""`/console/matching`: what is sought for whom, who was asked and why, the three parties; asking, calling off."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.volunteers import matching
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import KEEPERS, Answer, Desk, Goto, Page, Room, Way

PATH: Final = "/console/matching"
_READERS: Final = frozenset({"admin", "street", "secretary", "clerk"})
_TONES: Final = {"seeking": "blue", "paired": "green", "none": "amber", "yes": "green", "waiting": "blue"}
_SIDES: Final = {"resource": "找东西、场地", "service": "找人"}


def listed(desk: Desk) -> Answer:
    """The needs, newest first, and a form to begin with another one."""
    wanted = {name: desk.query[name] for name in ("state",) if desk.query.get(name)}
    found = asking.handler("GET", "/matches")(
        desk.asking(**wanted, limit="30", cursor=desk.query.get("cursor", ""))
    )
    onward = f"{PATH}?{urlencode({**wanted, 'cursor': found.body['next']})}" if found.body["next"] else ""
    states = [(state, desk.content.replies.say(f"pairing.state.{state}")) for state in matching.STATES]
    return Page(
        "matching/list.html",
        {
            "rows": [_shown(desk, item) for item in found.body["items"]],
            "states": slips.options(states, wanted.get("state", "")),
            "wanted": wanted,
            "onward": onward,
            "may": desk.viewer.role in KEEPERS,
            "demand": desk.query.get("demand", ""),
            "sides": slips.options(list(_SIDES.items()), ""),
        },
    )


def one(desk: Desk) -> Answer:
    """One need: its parties, who was asked, who could be asked next."""
    item = asking.handler("GET", "/matches/{id}")(desk).body
    going = item["state"] in (matching.SEEKING, matching.NONE)
    candidates = asking.handler("GET", "/matches/{id}/candidates")(desk).body["items"] if going else []
    say = desk.content.replies.say
    for side in ("resources", "services"):
        for party in item["parties"][side]:
            party["says"] = say(f"pairing.asked_state.{party['state']}")
            party["tone"] = _TONES.get(party["state"], "")
    return Page(
        "matching/one.html",
        {
            "item": _shown(desk, item),
            "going": going,
            "candidates": candidates[:8],
            "may": desk.viewer.role in KEEPERS,
        },
    )


def _shown(desk: Desk, item: Mapping[str, Any]) -> dict[str, Any]:
    say = desk.content.replies.say
    asks = [
        dict(ask)
        | {
            "says": say(f"pairing.asked_state.{ask['state']}"),
            "tone": _TONES.get(ask["state"], ""),
            "until": slips.when(desk, ask["answer_by"]),
        }
        for ask in item["asks"]
    ]
    return dict(item) | {
        "state_name": say(f"pairing.state.{item['state']}"),
        "tone": _TONES.get(item["state"], ""),
        "side_name": _SIDES[item["side"]],
        "asks": asks,
        "opened": slips.when(desk, item["opened_at"]),
    }


def begun(desk: Desk) -> Answer:
    """Seek for a demand that somebody names."""
    body = {"demand": desk.field("demand"), **({"side": desk.field("side")} if desk.field("side") else {})}
    item = asking.handler("POST", "/matches")(desk.sending(body)).body
    return Goto(f"{PATH}/{item['id']}", "match_begun")


def acted(desk: Desk) -> Answer:
    """Ask somebody who was chosen, write down an answer, seek once more, call it off."""
    act = desk.field("act")
    body: dict[str, Any] = {"act": act}
    if act == "ask":
        subject, _, key = desk.field("candidate").partition(":")
        body |= {"subject": subject, "subject_id": int(key) if key.isdigit() and len(key) < 15 else 0}
    elif act == "answer":
        key = desk.field("ask")
        body |= {"ask": int(key) if key.isdigit() and len(key) < 15 else 0, "yes": desk.field("yes") == "true"}
    if desk.field("reason"):
        body["reason"] = desk.field("reason")
    asking.handler("POST", "/matches/{id}/acts")(desk.sending(body))
    return Goto(f"{PATH}/{desk.path['id']}", f"match_{act}")


ROOM: Final = Room(
    "matching",
    "匹配",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, begun, back=listed, roles=KEEPERS),
        Way("GET", f"{PATH}/{{id}}", one),
        Way("POST", f"{PATH}/{{id}}", acted, back=one, roles=KEEPERS),
    ),
    roles=_READERS,
    group="2助力",
)
