"""`/console/mediations`: the cases of the secretary in charge, and nobody else's: opened, led, looked after.

The handlers of the API decide who sees what; a mediator and the two sides have their phone page.
"""

from datetime import datetime
from typing import Any, Final

from redprop_bot.council import agreement
from redprop_bot.loop.paper import TYPE
from redprop_bot.notify import words
from redprop_bot.rules.mediation import BEFORE, MAY
from redprop_bot.web.api import mediations as api
from redprop_bot.web.api.routes import Item
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import KEEPERS, Answer, Desk, Give, Goto, Page, Room, Way

PATH: Final = "/console/mediations"
_ONE: Final = f"{PATH}/{{no}}"
_TONES: Final = {"agreed": "green", "kept": "green", "broken": "red", "failed": "", "withdrawn": ""}
_SIGNED: Final = frozenset(case.value for case in agreement.SIGNED)


def listed(desk: Desk) -> Answer:
    """Cases, the newest first, and how they went this year."""
    stage = desk.query.get("stage", "")
    found = api.found(desk.asking(stage=stage, limit="30", cursor=desk.query.get("cursor", ""))).body
    figures = api.counted(desk.asking(**{"from": f"{desk.today.year}-01-01"})).body
    return Page(
        "mediations/list.html",
        {
            "items": [_shown(desk, item) for item in found["items"]],
            "onward": f"{PATH}?stage={stage}&cursor={found['next']}" if found["next"] else "",
            "stages": slips.options(list(desk.content.labels.mediation.items()), stage),
            "figures": figures,
            "year": desk.today.year,
        },
    )


def _shown(desk: Desk, item: Item) -> Item:
    def at(text: str | None) -> str:
        return words.day(datetime.fromisoformat(text), desk.tx.now, desk.content.zone) if text else ""

    return {
        **item,
        "stage_name": desk.content.labels.mediation[item["stage"]],
        "tone": _TONES.get(item["stage"], "blue"),
        "when": at(item["created_at"]),
        "agreed": at(item["agreed_at"]),
        "follow": at(item["follow_at"]),
        "sessions": [{**s, "when": at(s["starts_at"])} for s in item["sessions"]],
        "sides": [{**s, "when": at(s["accepted_at"])} for s in item["sides"]],
    }


def one(desk: Desk) -> Answer:
    """One case with what may be done now."""
    item = _shown(desk, api.item(desk, api.the_case(desk)))
    may = {step: item["stage"] in stages for step, stages in MAY.items()}
    people = sorted({p.name for p in desk.register.people.values() if p.name})
    signed, joining = item["stage"] in _SIGNED, item["stage"] in BEFORE
    return Page(
        "mediations/one.html", {"c": item, "may": may, "signed": signed, "joining": joining, "people": people}
    )


def fresh(desk: Desk) -> Answer:
    """The form for a new one; it may come from an order."""
    return Page(
        "mediations/new.html",
        {
            "demand": desk.field("demand") or desk.query.get("demand", ""),
            "communities": [c.name for c in desk.register.communities.values()]
            if desk.viewer.community_id is None
            else [],
            "units": slips.all_units(desk),
        },
    )


def opened(desk: Desk) -> Answer:
    """A new case."""
    names = ("demand", "one", "other", "matter", "community")
    given = {name: value for name in names if (value := desk.field(name))}
    made = api.opened(desk.sending(given)).body
    return Goto(f"{PATH}/{made['no']}", "mediation_opened")


def acted(desk: Desk) -> Answer:
    """What a secretary does or writes down."""
    route = asking.route("POST", "/mediations/{no}/acts")
    body: dict[str, Any] = {
        n: v for n, v in asking.sent(desk, route.body or {}).items() if v not in (None, " ", "")
    }
    route.handler(desk.sending(body))
    return Goto(f"{PATH}/{desk.path['no']}", "mediation_noted")


def paper(desk: Desk) -> Answer:
    """The agreement as a Word file."""
    case = api.the_case(desk)
    return Give(agreement.paper(desk.tx, case), f"{case.no} 调解协议.docx", TYPE)


ROOM: Final = Room(
    "mediations",
    "调解",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("GET", f"{PATH}/new", fresh),
        Way("POST", f"{PATH}/new", opened, back=fresh),
        Way("GET", _ONE, one),
        Way("POST", f"{_ONE}/act", acted, back=one),
        Way("GET", f"{_ONE}/paper.docx", paper),
    ),
    roles=KEEPERS,
    group="1议事",
    key="k",
)
