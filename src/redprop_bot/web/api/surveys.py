"""电话回访 by API: the lists of who to call, the calls of a list, and what came of each.

Whom to call is there for who may know the reporter; what they said, too.
"""

import re
from typing import Final

from redprop_bot.appraise import survey as steps
from redprop_bot.errors import Invalid, NotFound
from redprop_bot.notify import words
from redprop_bot.rules.survey import Result, Why
from redprop_bot.store import demands
from redprop_bot.store import surveys as rows
from redprop_bot.store.tables import Demand, Survey, SurveyCall
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, TEXT, WHEN, WHOLE, YES_NO, shaped

_RESULTS: Final = tuple(result.value for result in Result if result != Result.OPEN)
_BODY: Final[Shape] = {
    "result": Field("text", required=True, one_of=_RESULTS, code="call_result"),
    "note": Field("text", "what they said; needed for unhappy", longest=1000),
}
_MONTH: Final = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])", re.ASCII)
ITEMS: Final = {
    "Survey": shaped(
        id=WHOLE,
        month=TEXT,
        community=MAY,
        closed=WHOLE,
        calls=WHOLE,
        open=WHOLE,
        satisfied=WHOLE,
        unhappy=WHOLE,
        not_reached=WHOLE,
        drawn_at=WHEN,
    ),
    "SurveyCall": shaped(
        demand=TEXT,
        why={**TEXT, "enum": list(Why)},
        state={**TEXT, "enum": list(Result)},
        where=TEXT,
        category=MAY,
        contact=MAY,
        phone=MAY,
        tries=WHOLE,
        note=MAY,
        reopened=YES_NO,
        by=MAY,
        called_at=WHEN,
    ),
}


def _item(call: Call, survey: Survey) -> Item:
    counts = rows.counts_of(call.tx, survey)
    return {
        "id": survey.id,
        "month": survey.month,
        "community": call.register.community_name(survey.community_id),
        "closed": survey.closed,
        "calls": counts.picked,
        "open": counts.open,
        "satisfied": counts.satisfied,
        "unhappy": counts.unhappy,
        "not_reached": counts.not_reached,
        "drawn_at": iso(call, survey.at),
    }


def found(call: Call) -> Reply:
    """A page of lists, the newest first."""
    sight_of_all(call)
    month, size = call.query.get("month"), paging.limit(call)
    if month is not None and not _MONTH.fullmatch(month):
        raise Invalid("period", field="month")
    own = None if call.viewer.community_id is None else [call.viewer.community_id]
    page = rows.page(call.tx, own, month=month, before_id=paging.before(call, "surveys"), limit=size + 1)
    return paging.page("surveys", size, page, [_item(call, survey) for survey in page[:size]])


def sight_of_all(call: Call) -> None:
    """Lists are the community's own: for a unit there are none."""
    if call.viewer.role == "provider":
        raise NotFound


def the_survey(call: Call) -> Survey:
    """The list of the address, if it is there for this token."""
    sight_of_all(call)
    survey, own = rows.one(call.tx, key_in(call)), call.viewer.community_id
    if survey is None or own not in (None, survey.community_id):
        raise NotFound
    return survey


def one(call: Call) -> Reply:
    """One list, with its counts."""
    return Reply(_item(call, the_survey(call)))


def calls(call: Call) -> Reply:
    """A page of the calls of a list, in the order they were picked."""
    survey, state, size = the_survey(call), call.query.get("state"), paging.limit(call)
    if state is not None and state not in list(Result):
        raise Invalid("choice", field="state")
    after = paging.before(call, "survey-calls")
    unseen = call.viewer.unseen
    found_ = rows.calls(call.tx, survey.id or 0, state=state, after=after, limit=size + 1, unseen=unseen)
    items = [_called(call, one_, demand) for one_, demand in found_[:size]]
    return paging.page("survey-calls", size, [one_ for one_, _demand in found_], items)


def _called(call: Call, one_: SurveyCall, demand: Demand) -> Item:
    knows = sight.knows_reporter(call.viewer, demand)
    return {
        "demand": demand.no,
        "why": one_.why,
        "state": one_.state,
        "where": words.where(call.register, demand, room=knows),
        "category": demand.category,
        "contact": (steps.contact(call.tx, demand) or None) if knows else None,
        "phone": steps.reporter(call.tx, demand)[1] if knows else None,
        "tries": one_.tries,
        "note": one_.note if knows else None,
        "reopened": one_.reopened,
        "by": one_.by_name or None,
        "called_at": iso(call, one_.called_at),
    }


def recorded(call: Call) -> Reply:
    """What came of a call; who is unhappy has it done again where that may be."""
    survey = the_survey(call)
    sight.must_edit(call.viewer, survey.community_id)
    given, no = read(call.body, _BODY), call.path["no"][:64]
    demand = sight.seen(call.tx, call.viewer, demands.by_no(call.tx, no), no)
    newest = rows.newest_of(call.tx, demand.id or 0)
    if newest is None or newest.survey_id != survey.id:
        raise NotFound("no_call", no=demand.no)
    done = steps.record(call.tx, demand, call.viewer.actor, result=given["result"], note=given.get("note"))
    return Reply(_called(call, done.call, done.demand))


_FILTERS: Final = {"month": "such as 2026-11", **paging.QUERY}
_STATES: Final = {"state": ", ".join(Result), **paging.QUERY}
ROUTES: Final = (
    Route("GET", "/surveys", found, "电话回访的名单", "Survey", query=_FILTERS, listed=True),
    Route("GET", "/surveys/{id}", one, "一份回访名单", "Survey"),
    Route("GET", "/surveys/{id}/calls", calls, "名单上的单子", "SurveyCall", query=_STATES, listed=True),
    Route("POST", "/surveys/{id}/calls/{no}", recorded, "记一次回访", "SurveyCall", body=_BODY),
)
