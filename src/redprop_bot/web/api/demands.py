"""The demand list: finding, reading, reporting, acting. What an act does is `loop`."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from redprop_bot.content.codes import CATEGORIES, URGENCIES
from redprop_bot.errors import Forbidden, Invalid
from redprop_bot.loop.acts import STEPS, perform
from redprop_bot.loop.arrange import CLOSE_REASONS, INTENTS
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands as rows
from redprop_bot.store import sifting
from redprop_bot.web.api import fields, paging, sight
from redprop_bot.web.api.calls import Call, Reply, number_in
from redprop_bot.web.api.fields import Field, Shape
from redprop_bot.web.api.items import demand_item, demand_items
from redprop_bot.web.api.reports import REPORT, take_in
from redprop_bot.web.api.routes import Route

_PAUSE_ENDS: Final = time(18)
"""A pause until a date ends with that working day, as in chat."""

_TEXT: Final = Field("text", required=True)
_MAY_TEXT: Final = Field("text")
_SHORT: Final = Field("text", longest=64)
_PART: Final = Field("text", "empty or null takes it out", nullable=True, longest=64)

ACT_FIELDS: Final[Mapping[Act, Shape]] = {
    Act.DISPATCH: {"to": _TEXT, "note": _MAY_TEXT},
    Act.ASSIGN: {"person": _TEXT},
    Act.ACCEPT: {"note": _MAY_TEXT},
    Act.RETURN: {"reason": _TEXT},
    Act.PROGRESS: {"note": _TEXT},
    Act.FULFIL: {"note": _MAY_TEXT, "media": Field("texts", "addresses of pictures", longest=9)},
    Act.EXTEND: {"days": Field("whole", required=True), "reason": _TEXT},
    Act.GRANT: {"days": Field("whole", "what was asked for when left out")},
    Act.PAUSE: {"reason": _TEXT, "until": Field("moment", "a date or a moment", required=True)},
    Act.RESUME: {"note": _MAY_TEXT},
    Act.RATE: {"stars": Field("whole", "1–5", required=True), "reason": _MAY_TEXT},
    Act.REOPEN: {"reason": _TEXT},
    Act.WITHDRAW: {"reason": _MAY_TEXT},
    Act.URGE: {"note": _MAY_TEXT},
    Act.SUPPLEMENT: {"text": _TEXT},
    Act.ASSIST: {"note": _MAY_TEXT},
    Act.MERGE: {"into": Field("text", "the number that stays", required=True, longest=64), "reason": _MAY_TEXT},
    Act.ESCALATE: {"reason": _TEXT, "to": _MAY_TEXT},
    Act.CORRECT: {
        "intent": Field("text", one_of=INTENTS, code="intent"),
        "category": Field("text", one_of=CATEGORIES, code="category"),
        "urgency": Field("text", one_of=URGENCIES, code="urgency"),
        "estate": _SHORT,
        "building": _PART,
        "unit": _PART,
        "room": _PART,
        "place": _PART,
        "complex": Field("yes_no", "whether several parties are needed: more time, and to return it"),
    },
    Act.CLOSE: {"reason": Field("text", ", ".join(CLOSE_REASONS), required=True), "note": _MAY_TEXT},
}

_FILTERS: Final = {
    "stage": ", ".join(Stage),
    "category": "a category code",
    "estate": "name or alias of an estate",
    "urgency": ", ".join(URGENCIES),
    "overdue": "true or false, held against the clock",
    "stuck": "true or false: suspended and past the day of the next look",
    "q": "words of the text, or part of a number",
    **paging.QUERY,
}


def found(call: Call) -> Reply:
    """A page of the demands that are there for this token."""
    size, overdue, stuck = paging.limit(call), call.query.get("overdue"), call.query.get("stuck")
    page = sifting.search(
        call.tx,
        sight.scope(call.viewer),
        stage=_choice(call, "stage", tuple(Stage)),
        category=_choice(call, "category", CATEGORIES, code="category"),
        estate_id=_estate(call),
        urgency=_choice(call, "urgency", URGENCIES, code="urgency"),
        overdue=None if overdue is None else fields.yes_no(overdue, "overdue"),
        stuck=None if stuck is None else fields.yes_no(stuck, "stuck"),
        q=(q := call.query.get("q")),
        holds=sight.finds(call.tx, call.viewer, q),
        before_id=paging.before(call, "demands"),
        limit=size + 1,
    )
    return paging.page("demands", size, page, demand_items(call, page[:size]))


def _choice(call: Call, name: str, allowed: tuple[str, ...], *, code: str = "choice") -> str | None:
    value = call.query.get(name)
    if value is not None and value not in allowed:
        raise Invalid(code, field=name)
    return value


def _estate(call: Call) -> int | None:
    name = call.query.get("estate")
    if name is None:
        return None
    estate = call.register.estate(name)
    if estate is None:
        raise Invalid("unknown_estate", field="estate", name=name)
    return estate.id


def one(call: Call) -> Reply:
    """One demand with its whole history."""
    no = number_in(call, "D")
    return Reply(demand_item(call, sight.seen(call.tx, call.viewer, rows.by_no(call.tx, no), no)))


def reported(call: Call) -> Reply:
    """A new demand; 200 instead of 201 when it joined one that was there."""
    sight.must_act(call.viewer)
    made = take_in(call)
    outcome = "joined" if made.joined else "repeated" if made.repeated else "created"
    if outcome == "created":
        return Reply(demand_item(call, made.demand) | {"outcome": outcome}, 201)
    # What the same person said before may stand in another community: then only its number is told.
    known = demand_item(call, made.demand) if sight.sees(call.viewer, made.demand) else {"no": made.demand.no}
    return Reply(known | {"outcome": outcome})


def acted(call: Call) -> Reply:
    """An act on a demand; the demand as it is afterwards."""
    sight.must_act(call.viewer)
    no = number_in(call, "D")
    demand = sight.seen(call.tx, call.viewer, rows.by_no(call.tx, no), no)  # `perform` holds it
    verb = fields.read({"act": call.body.get("act")}, {"act": Field("text", required=True, longest=64)})["act"]
    if verb not in STEPS:
        raise Invalid("unknown_act", field="act")
    act = Act(verb)
    given = {name: value for name, value in call.body.items() if name != "act"}
    values = _prepared(call, act, fields.read(given, ACT_FIELDS[act]))
    return Reply(demand_item(call, perform(call.tx, demand, act, call.viewer.actor, values)))


def emptied(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a correction with what was emptied as an empty text: `perform` takes None for not given."""
    return {name: "" if value is None else value for name, value in values.items()}


def _prepared(call: Call, act: Act, values: dict[str, Any]) -> dict[str, Any]:
    if act == Act.PAUSE:
        values["until"] = fields.moment(values["until"], "until", call.content.zone, at=_PAUSE_ENDS)
    if act == Act.MERGE:
        sight.seen(call.tx, call.viewer, rows.by_no(call.tx, values["into"]), values["into"], field="into")
    if act == Act.FULFIL and not all(_address(item) for item in values.get("media", ())):
        raise Invalid("media", field="media")
    if act == Act.CORRECT:
        values = emptied(values)
    if act == Act.CORRECT and "estate" in values and call.viewer.community_id is not None:
        estate = call.register.estate(values["estate"])
        if estate is not None and estate.community_id != call.viewer.community_id:
            raise Forbidden("not_your_community", field="estate")
    return values


def _address(item: str) -> bool:
    return item.startswith(("https://", "http://")) and not any(c.isspace() for c in item)


ROUTES: Final = (
    Route("GET", "/demands", found, "需求清单", "Demand", query=_FILTERS, listed=True),
    Route("POST", "/demands", reported, "报一件事", "Demand", body=REPORT, status=201),
    Route("GET", "/demands/{no}", one, "一件事和它的经过", "Demand"),
    Route(
        "POST",
        "/demands/{no}/acts",
        acted,
        "对一件事做一个动作",
        "Demand",
        body={"act": Field("text", "what to do; the fields that go with it stand beside it", required=True)},
    ),
)
