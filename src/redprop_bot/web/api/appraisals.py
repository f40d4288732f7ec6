"""考评 by API: rounds, what a party gives, the result with its working, the appeal of a company.

A community reads its own rounds, a company its own results. What others gave is not read before there is a result.
Who may do what is decided in `appraise`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.appraise import appeal, periods, scorecard, scorers
from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.rules.grades import RESULTS, Outcome, State
from redprop_bot.store import appraisals
from redprop_bot.store.tables import Appraisal
from redprop_bot.web.access import the_community
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.appraisals_shown import hand, item
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.routes import Item, Route

_OPEN: Final[Shape] = {
    "sheet": Field("text", "key or name of data/appraisal", required=True, longest=32),
    "period": Field("text", "2026-11, 2026-Q4, 2026", required=True, longest=7),
    "community": Field("text", "its name; not needed where the token has one", longest=64),
    "unit": Field("text", "one company; all of the community where it is left out", longest=64),
}
_CORRECTION: Final[Shape] = {
    "party": Field("text", "key of the part", required=True, longest=32),
    "item": Field("text", "key of the item", required=True, longest=32),
    "points": Field("number", "the right ones", required=True, least=0, most=100),
}
ACT: Final[Shape] = {
    "act": Field(
        "text",
        required=True,
        one_of=("score", "publish", "void", "appeal", "decide"),
        code="unknown_act",
    ),
    "party": Field("text", "key of the party, for score; not needed by who is of one", longest=32),
    "points": Field("object", "whole points by key of the item, for score", inner=None),
    "said_by": Field("text", "who gave them, where they are written down for others", longest=60),
    "outcome": Field("text", "for decide", one_of=tuple(Outcome)),
    "corrections": Field("objects", "for decide: correct", longest=40, inner=_CORRECTION),
    "reason": Field("text", "for void, appeal and decide", longest=1000),
}


def _sees(call: Call, row: Appraisal) -> bool:
    """The community and the street see all; a company its results; who scores, what they are asked."""
    viewer = call.viewer
    if viewer.community_id not in (None, row.community_id):
        return False
    if viewer.role != "provider":
        return True
    if row.organisation_id == viewer.organisation_id:
        return row.state in RESULTS
    return row.state == State.OPEN and bool(scorers.theirs(call.register, row, hand(call)))


def found(call: Call) -> Reply:
    """A page of rounds, the newest first."""
    viewer, state, size = call.viewer, call.query.get("state"), paging.limit(call)
    if state is not None and state not in list(State):
        raise Invalid("choice", field="state")
    unit = call.register.organisation_names.get(call.query.get("unit", ""))
    if call.query.get("unit") and unit is None:
        raise Invalid("choice", field="unit")
    which = _theirs(call) if viewer.role == "provider" else {}
    rows = appraisals.page(
        call.tx,
        **{
            "communities": None if viewer.community_id is None else [viewer.community_id],
            "organisation_id": unit.id if unit is not None else None,
            "states": [state] if state else (),
            **which,
        },
        sheet=call.query.get("sheet"),
        period=call.query.get("period"),
        before_id=paging.before(call, "appraisals"),
        limit=size + 1,
    )
    shown = [row for row in rows[:size] if _sees(call, row)]
    ballots = appraisals.ballots(call.tx, [row.id or 0 for row in shown])
    return paging.page("appraisals", size, rows, [item(call, row, ballots[row.id or 0]) for row in shown])


def _theirs(call: Call) -> dict[str, Any]:
    """Which rounds are looked through for a unit: results of a company, what a committee is asked to score."""
    unit = call.register.organisations.get(call.viewer.organisation_id or 0)
    if unit is not None and unit.kind == "property":
        asked = call.query.get("state")
        return {"organisation_id": unit.id, "states": [asked] if asked else RESULTS}
    home = call.register.community_of(unit.estate_id) if unit is not None and unit.estate_id is not None else None
    return {"communities": [] if home is None else [home], "states": [State.OPEN]}


def the_round(call: Call) -> Appraisal:
    """The one of the address, if it is there for whoever asks. Raises NotFound."""
    row = appraisals.one(call.tx, key_in(call))
    if row is None or not _sees(call, row):
        raise NotFound("no_appraisal")
    return row


def one(call: Call) -> Reply:
    """One round."""
    return Reply(_fresh(call, the_round(call)))


def opened(call: Call) -> Reply:
    """Companies of a community are to be scored."""
    sight.must_act(call.viewer)
    if call.viewer.role == "provider":
        raise Forbidden("appraisal_open")
    given = read(call.body, _OPEN)
    sheet = call.content.appraisal.of(given["sheet"])
    if sheet is None:
        raise Invalid("no_sheet", field="sheet", name=given["sheet"])
    community_id = the_community(call.register, call.viewer, given.get("community"))
    unit = call.register.organisation_names.get(given["unit"]) if "unit" in given else None
    if "unit" in given and unit is None:
        raise Invalid("appraisal_no_company", field="unit")
    period = periods.asked(given["period"], "", "", call.tx.now.astimezone(call.content.zone).date())
    made = scorecard.by_hand(
        call.tx, sheet, period, community_id, unit.id if unit is not None else None, who=hand(call)
    )
    return Reply({"items": [_fresh(call, row) for row in made]}, 201)


def acted(call: Call) -> Reply:
    """Score, bring to a result, call off, appeal, decide."""
    sight.must_act(call.viewer)
    row, given = the_round(call), dict(call.body)
    points = given.pop("points", {})
    if not isinstance(points, dict):
        raise Invalid("type", field="points")
    values = read(given, ACT)
    _ACTS[values["act"]](call, row, values | {"points": points})
    return Reply(_fresh(call, row))


Given = Mapping[str, Any]


def _scored(call: Call, row: Appraisal, given: Given) -> None:
    who = hand(call)
    scorecard.score(call.tx, row, who, given["points"], party=given.get("party"), said_by=given.get("said_by", ""))


def _published(call: Call, row: Appraisal, _given: Given) -> None:
    who = hand(call)
    scorecard.publish(call.tx, row, who, who.name)


def _voided(call: Call, row: Appraisal, given: Given) -> None:
    scorecard.void(call.tx, row, hand(call), reason=given.get("reason"))


def _appealed(call: Call, row: Appraisal, given: Given) -> None:
    appeal.appeal(call.tx, row, hand(call), reason=given.get("reason"))


def _decided(call: Call, row: Appraisal, given: Given) -> None:
    appeal.decide(
        call.tx,
        row,
        hand(call),
        outcome=given.get("outcome", ""),
        reason=given.get("reason"),
        corrections=given.get("corrections", ()),
    )


_ACTS: Final[Mapping[str, Callable[[Call, Appraisal, Given], None]]] = {
    "score": _scored,
    "publish": _published,
    "void": _voided,
    "appeal": _appealed,
    "decide": _decided,
}


def _fresh(call: Call, row: Appraisal) -> Item:
    now = appraisals.one(call.tx, row.id or 0) or row
    return item(call, now, appraisals.ballots(call.tx, [now.id or 0])[now.id or 0])


_FILTERS: Final = {
    "sheet": "key of data/appraisal",
    "period": "2026-11, 2026-Q4, 2026",
    "unit": "name of the company",
    "state": ", ".join(State),
    **paging.QUERY,
}
ROUTES: Final = (
    Route("GET", "/appraisals", found, "考评", "Appraisal", query=_FILTERS, listed=True),
    Route("POST", "/appraisals", opened, "考评：开一期", "Appraisals", body=_OPEN, status=201),
    Route("GET", "/appraisals/{id}", one, "一次考评", "Appraisal"),
    Route("POST", "/appraisals/{id}/acts", acted, "考评：打分、出结果、申诉、定申诉", "Appraisal", body=ACT),
)
