"""红黑榜 by API: made by the street, seen by each company in its own line first, read by all once published.

Objections are read by the street and the company that made them. Who may do what is decided in `appraise`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.appraise import periods, ranking_telling
from redprop_bot.appraise import ranking as steps
from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.rules import grades, ranking
from redprop_bot.rules.ranking import SHOWN, Line, Outcome, State
from redprop_bot.store import rankings
from redprop_bot.store.tables import Event, Ranking
from redprop_bot.web.access import organisation_called
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.appraisals_shown import hand
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, NUMBER, TEXT, WHEN, WHOLE, YES_NO, Schema, listed, shaped

_OPEN: Final[Shape] = {
    "sheet": Field("text", "key or name of data/appraisal", required=True, longest=32),
    "period": Field("text", "2026-Q3, 2026", required=True, longest=7),
    "street": Field("text", "its name; not needed where there is one", longest=64),
}
ACT: Final[Shape] = {
    "act": Field(
        "text", required=True, one_of=("ask", "object", "decide", "publish", "withdraw"), code="unknown_act"
    ),
    "unit": Field("text", "the company, for decide", longest=64),
    "outcome": Field("text", "for decide", one_of=tuple(Outcome)),
    "reason": Field("text", "for object, decide and withdraw", longest=1000),
}
_PUBLIC: Final = (State.PUBLISHED, State.REPLACED, State.WITHDRAWN)


def _runs(call: Call) -> bool:
    """Whether the boards are theirs to make: the street's."""
    return call.viewer.role != "provider" and hand(call).reviewer.street


def _sees(call: Call, row: Ranking) -> bool:
    """The street sees all, a company what it was asked to look at, a community what was published."""
    if _runs(call):
        return True
    if call.viewer.role != "provider":
        return row.state in _PUBLIC
    units = hand(call).units
    return row.state in SHOWN and any(line.unit in units for line in ranking.read(row.lines))


def found(call: Call) -> Reply:
    """A page of boards, the newest first."""
    state, size = call.query.get("state"), paging.limit(call)
    if state is not None and state not in list(State):
        raise Invalid("choice", field="state")
    seen = None if _runs(call) else SHOWN if call.viewer.role == "provider" else _PUBLIC
    states = seen if state is None else [one for one in (state,) if seen is None or one in seen]
    rows = rankings.page(
        call.tx,
        states=states,
        before_id=paging.before(call, "rankings"),
        limit=size + 1,
    )
    shown = [item(call, row) for row in rows[:size] if _sees(call, row)]
    return paging.page("rankings", size, rows, shown)


def the_board(call: Call) -> Ranking:
    """The one of the address, if it is there for whoever asks. Raises NotFound."""
    row = rankings.one(call.tx, key_in(call))
    if row is None or not _sees(call, row):
        raise NotFound("no_ranking")
    return row


def one(call: Call) -> Reply:
    """One board."""
    return Reply(_fresh(call, the_board(call)))


def opened(call: Call) -> Reply:
    """A draft of a board, or of its next version."""
    sight.must_act(call.viewer)
    if not _runs(call):
        raise Forbidden("ranking_street")
    given = read(call.body, _OPEN)
    sheet = call.content.appraisal.of(given["sheet"])
    if sheet is None:
        raise Invalid("no_sheet", field="sheet", name=given["sheet"])
    period = periods.asked(given["period"], "", "", call.tx.now.astimezone(call.content.zone).date())
    made = steps.draft(call.tx, hand(call), sheet, period, _street(call, given.get("street")))
    return Reply(_fresh(call, made), 201)


def _street(call: Call, name: str | None) -> int | None:
    streets = call.register.streets
    if name is None and len(streets) <= 1:
        return next(iter(streets), None)
    key = next((key for key, one in streets.items() if one.name == name), None)
    if key is None:
        raise Invalid("choice" if name else "missing", field="street")
    return key


def acted(call: Call) -> Reply:
    """Ask the companies, object, decide, publish, take down."""
    sight.must_act(call.viewer)
    row, given = the_board(call), read(call.body, ACT)
    _ACTS[given["act"]](call, row, given)
    return Reply(_fresh(call, row))


Given = Mapping[str, Any]


def _asked(call: Call, row: Ranking, _given: Given) -> None:
    steps.ask(call.tx, row, hand(call))


def _objected(call: Call, row: Ranking, given: Given) -> None:
    steps.object_(call.tx, row, hand(call), reason=given.get("reason"))


def _decided(call: Call, row: Ranking, given: Given) -> None:
    unit = organisation_called(call.register, given.get("unit"))
    if unit is None:
        raise Invalid("missing", field="unit")
    outcome = given.get("outcome", "")
    steps.decide(call.tx, row, hand(call), unit=unit, outcome=outcome, reason=given.get("reason"))


def _published(call: Call, row: Ranking, _given: Given) -> None:
    steps.publish(call.tx, row, hand(call))


def _withdrawn(call: Call, row: Ranking, given: Given) -> None:
    steps.withdraw(call.tx, row, hand(call), reason=given.get("reason"))


_ACTS: Final[Mapping[str, Callable[[Call, Ranking, Given], None]]] = {
    "ask": _asked,
    "object": _objected,
    "decide": _decided,
    "publish": _published,
    "withdraw": _withdrawn,
}


# -- as it is shown


def _fresh(call: Call, row: Ranking) -> Item:
    now = rankings.one(call.tx, row.id or 0) or row
    events = rankings.history(call.tx, now.id or 0) if _runs(call) else []
    return item(call, now) | {"history": [_event(call, one) for one in events]}


def item(call: Call, row: Ranking) -> Item:
    """A board as it is shown to whoever asks, without its history."""
    runs, units = _runs(call), hand(call).units if call.viewer.role == "provider" else frozenset[int]()
    lines = ranking.read(row.lines)
    open_to_all = row.state in (State.PUBLISHED, State.REPLACED)
    inside = row.state in _PUBLIC and call.viewer.role != "provider"
    if not (runs or open_to_all or inside):  # what was taken down is no longer for other companies
        lines = tuple(line for line in lines if line.unit in units)
    return {
        "id": row.id,
        "title": row.title,
        "sheet": row.sheet,
        "period": row.period,
        "period_title": periods.ended_by_key(row.period).title,
        "street": call.register.streets[row.street_id].name if row.street_id is not None else None,
        "number": row.number,
        "state": row.state,
        "days": row.plan["days"],
        "review_until": iso(call, row.review_until),
        "published_at": iso(call, row.published_at),
        "reason": row.reason,
        "lines": [
            _line(call, row, line, told=runs or line.unit in units, yours=line.unit in units) for line in lines
        ],
        "history": [],
        "opened_at": iso(call, row.opened_at),
        "updated_at": iso(call, row.updated_at),
    }


def _line(call: Call, row: Ranking, line: Line, *, told: bool, yours: bool) -> Item:
    """A line; `told`: what the company said of it is for whoever asks."""
    reg = call.register
    return {
        "unit": reg.organisations[line.unit].name,
        "communities": [reg.community_name(key) or "" for key in line.communities],
        "score": line.score / grades.HUNDRED if line.score is not None else None,
        "place": line.place,
        "colour": line.colour or None,
        "colour_name": ranking_telling.colour(row, line) or None,
        "apart": line.apart or None,
        "scored": line.scored,
        "parties": line.parties,
        "appraisals": list(line.rounds) if told else [],
        "objection": line.objection if told else "",
        "outcome": line.outcome if told else "",
        "decision": line.decision if told else "",
        "yours": yours,
    }


def _event(call: Call, event: Event) -> Item:
    unit = event.data.get("unit")
    return {
        "name": event.name,
        "by": event.by_name,
        "unit": call.register.organisations[unit].name if unit is not None else None,
        "text": event.data.get("reason", ""),
        "at": iso(call, event.at),
    }


_LINE: Final = shaped(
    unit=TEXT,
    communities=listed(TEXT),
    score=NUMBER,
    place=MAY_WHOLE,
    colour=MAY,
    colour_name=MAY,
    apart=MAY,
    scored=WHOLE,
    parties=WHOLE,
    appraisals=listed(WHOLE),
    objection=TEXT,
    outcome=TEXT,
    decision=TEXT,
    yours=YES_NO,
)
ITEMS: Final[Mapping[str, Schema]] = {
    "Ranking": shaped(
        id=WHOLE,
        title=TEXT,
        sheet=TEXT,
        period=TEXT,
        period_title=TEXT,
        street=MAY,
        number=WHOLE,
        state={**TEXT, "enum": list(State)},
        days=WHOLE,
        review_until=WHEN,
        published_at=WHEN,
        reason=TEXT,
        lines=listed(_LINE),
        history=listed(shaped(name=TEXT, by=TEXT, unit=MAY, text=TEXT, at=WHEN)),
        opened_at=WHEN,
        updated_at=WHEN,
    )
}
_FILTERS: Final = {"state": ", ".join(State), **paging.QUERY}
ROUTES: Final = (
    Route("GET", "/rankings", found, "红黑榜", "Ranking", query=_FILTERS, listed=True),
    Route("POST", "/rankings", opened, "红黑榜：起草一期", "Ranking", body=_OPEN, status=201),
    Route("GET", "/rankings/{id}", one, "一期红黑榜", "Ranking"),
    Route("POST", "/rankings/{id}/acts", acted, "红黑榜：给公司看、异议、公布、撤下", "Ranking", body=ACT),
)
