"""整改 by API: orders to property companies, what the company says, the re-check, talks.

The community and the street read theirs, a manager those of their own company, without the names of who acted.
Who may do what is decided in `appraise`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from redprop_bot.appraise import rectification as steps
from redprop_bot.appraise import rectification_rights as rights
from redprop_bot.appraise import talks
from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.rules.discipline import RUNNING, Extension, State
from redprop_bot.store import appraisals, rectifications
from redprop_bot.store.tables import Rectification, Talk
from redprop_bot.web.access import organisation_called, the_community
from redprop_bot.web.api import fields, histories, paging, sight
from redprop_bot.web.api.appraisals_shown import hand
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, TEXT, WHEN, WHOLE, YES_NO, Schema, listed, shaped

_OPEN: Final[Shape] = {
    "unit": Field("text", "the company", required=True, longest=64),
    "community": Field("text", "its name; not needed where the token has one", longest=64),
    "items": Field("texts", "what is to be put right", required=True, longest=steps.ITEMS),
    "due": Field("text", "the day, 2026-12-10; the usual days where it is left out", longest=10),
    "reason": Field("text", "where it comes from; not needed with appraisal", longest=1000),
    "appraisal": Field("whole", "number of the round of 考评 it comes from", least=1),
}
ACT: Final[Shape] = {
    "act": Field(
        "text",
        required=True,
        one_of=("report", "extend", "grant", "refuse", "pass", "fail", "talk", "no_talk", "withdraw"),
        code="unknown_act",
    ),
    "text": Field("text", "what was done, for report", longest=1000),
    "until": Field("text", "the day that is asked for, for extend", longest=10),
    "due": Field("text", "the new day, for fail", longest=10),
    "reason": Field("text", "for extend, refuse, fail, no_talk, withdraw", longest=1000),
    "on": Field("text", "the day of the talk", longest=10),
    "by": Field("text", "who talked, as a post", longest=talks.POST),
    "agreed": Field("text", "what was agreed", longest=1000),
}


def _sees(call: Call, row: Rectification) -> bool:
    """The community and the street see theirs; of a company, who speaks for it."""
    if call.viewer.role == "provider":
        return rights.answers(row, hand(call))
    return call.viewer.community_id in (None, row.community_id)


def found(call: Call) -> Reply:
    """A page of orders, the newest first."""
    viewer, state, size = call.viewer, call.query.get("state"), paging.limit(call)
    if state is not None and state not in (*State, "running"):
        raise Invalid("choice", field="state")
    unit = organisation_called(call.register, call.query.get("unit") or None)
    theirs = hand(call).units if viewer.role == "provider" else None
    wanted = theirs if unit is None else frozenset({unit}) if theirs is None else theirs & {unit}
    own = viewer.community_id
    rows = rectifications.page(
        call.tx,
        communities=None if own is None or viewer.role == "provider" else [own],
        organisations=wanted,
        states=RUNNING if state == "running" else [state] if state else (),
        before_id=paging.before(call, "rectifications"),
        limit=size + 1,
    )
    return paging.page("rectifications", size, rows, items(call, rows[:size]))


def the_order(call: Call) -> Rectification:
    """The one of the address, if it is there for whoever asks. Raises NotFound."""
    row = rectifications.one(call.tx, key_in(call))
    if row is None or not _sees(call, row):
        raise NotFound("no_rectification")
    return row


def one(call: Call) -> Reply:
    """One order with its history."""
    return Reply(_fresh(call, the_order(call)))


def opened(call: Call) -> Reply:
    """A company has to put something right."""
    sight.must_act(call.viewer)
    if call.viewer.role == "provider":
        raise Forbidden("rectification_open")
    given = read(call.body, _OPEN)
    unit = organisation_called(call.register, given["unit"])
    assert unit is not None
    row = appraisals.one(call.tx, given["appraisal"]) if "appraisal" in given else None
    if "appraisal" in given and row is None:
        raise Invalid("rectification_round", field="appraisal")
    made = steps.open_order(
        call.tx,
        hand(call),
        community_id=the_community(call.register, call.viewer, given.get("community")),
        unit=unit,
        items=given["items"],
        due=_day(given, "due"),
        reason=given.get("reason"),
        appraisal=row,
    )
    return Reply(_fresh(call, made), 201)


def acted(call: Call) -> Reply:
    """Report, ask for more days, answer that, re-check, talk, take back."""
    sight.must_act(call.viewer)
    row, given = the_order(call), read(call.body, ACT)
    _ACTS[given["act"]](call, row, given)
    return Reply(_fresh(call, row))


Given = Mapping[str, Any]


def _day(given: Given, name: str) -> date | None:
    return fields.day(given[name], name) if given.get(name) else None


def _the_day(given: Given, name: str) -> date:
    if not given.get(name):
        raise Invalid("missing", field=name)
    return fields.day(given[name], name)


def _reported(call: Call, row: Rectification, given: Given) -> None:
    steps.report(call.tx, row, hand(call), text=given.get("text"))


def _more(call: Call, row: Rectification, given: Given) -> None:
    steps.ask_more(call.tx, row, hand(call), until=_the_day(given, "until"), reason=given.get("reason"))


def _answered(call: Call, row: Rectification, given: Given) -> None:
    yes = given["act"] == "grant"
    steps.answer_more(call.tx, row, hand(call), granted=yes, reason=given.get("reason"))


def _checked(call: Call, row: Rectification, given: Given) -> None:
    due = _day(given, "due")
    steps.check(call.tx, row, hand(call), passed=given["act"] == "pass", reason=given.get("reason"), due=due)


def _talked(call: Call, row: Rectification, given: Given) -> None:
    on = _the_day(given, "on")
    talks.record(call.tx, row, hand(call), on=on, by_post=given.get("by"), agreed=given.get("agreed"))


def _not_talked(call: Call, row: Rectification, given: Given) -> None:
    talks.decline(call.tx, row, hand(call), reason=given.get("reason"))


def _withdrawn(call: Call, row: Rectification, given: Given) -> None:
    steps.withdraw(call.tx, row, hand(call), reason=given.get("reason"))


_ACTS: Final[Mapping[str, Callable[[Call, Rectification, Given], None]]] = {
    "report": _reported,
    "extend": _more,
    "grant": _answered,
    "refuse": _answered,
    "pass": _checked,
    "fail": _checked,
    "talk": _talked,
    "no_talk": _not_talked,
    "withdraw": _withdrawn,
}


# -- as it is shown


def _fresh(call: Call, row: Rectification) -> Item:
    now = rectifications.one(call.tx, row.id or 0) or row
    (item,) = items(call, [now])
    return item | {"history": [histories.event(call, one) for one in rectifications.history(call.tx, now.id or 0)]}


def items(call: Call, rows: list[Rectification]) -> list[Item]:
    """Orders as they are shown to whoever asks, without their history."""
    talks_ = rectifications.talks(call.tx, [row.id or 0 for row in rows])
    return [_item(call, row, talks_[row.id or 0]) for row in rows]


def _item(call: Call, row: Rectification, theirs: list[Talk]) -> Item:
    reg, tx = call.register, call.tx
    proposed = any(one.open_key is not None for one in theirs)
    may = call.viewer.role != "viewer"
    return {
        "id": row.id,
        "unit": reg.organisations[row.organisation_id].name,
        "community": reg.community_name(row.community_id),
        "items": list(row.items),
        "state": row.state,
        "late": row.state == State.OPEN and tx.now > row.due_at,
        "appraisal": row.appraisal_id,
        "reason": row.reason,
        "due_at": iso(call, row.due_at),
        "failures": row.failures,
        "overdues": row.overdues,
        "extension": row.extension,
        "extension_until": iso(call, row.extension_until),
        "extension_why": row.extension_why,
        "report": row.report,
        "reported_at": iso(call, row.reported_at),
        "failed": row.failed,
        "talks": [_talk(call, one) for one in theirs],
        "acts": rights.acts(tx, reg, row, hand(call), proposed=proposed) if may else [],
        "history": [],
        "opened_at": iso(call, row.opened_at),
        "updated_at": iso(call, row.updated_at),
        "closed_at": iso(call, row.closed_at),
    }


def _talk(call: Call, talk: Talk) -> Item:
    return {
        "cause": talk.cause,
        "state": talk.state,
        "on": talk.held_on.astimezone(call.content.zone).date().isoformat() if talk.held_on else None,
        "by": talk.by_post,
        "agreed": talk.agreed,
        "proposed_at": iso(call, talk.proposed_at),
    }


_STATES: Final = {**TEXT, "enum": list(State)}
_TALK: Final = shaped(cause=TEXT, state=TEXT, on=MAY, by=TEXT, agreed=TEXT, proposed_at=WHEN)
ITEMS: Final[Mapping[str, Schema]] = {
    "Rectification": shaped(
        id=WHOLE,
        unit=TEXT,
        community=MAY,
        items=listed(TEXT),
        state=_STATES,
        late=YES_NO,
        appraisal=MAY_WHOLE,
        reason=TEXT,
        due_at=WHEN,
        failures=WHOLE,
        overdues=WHOLE,
        extension={**TEXT, "enum": list(Extension)},
        extension_until=WHEN,
        extension_why=TEXT,
        report=TEXT,
        reported_at=WHEN,
        failed=TEXT,
        talks=listed(_TALK),
        acts=listed(TEXT),
        history=listed(histories.EVENT),
        opened_at=WHEN,
        updated_at=WHEN,
        closed_at=WHEN,
    )
}
_FILTERS: Final = {"unit": "name of the company", "state": f"running, {', '.join(State)}", **paging.QUERY}
ROUTES: Final = (
    Route("GET", "/rectifications", found, "整改", "Rectification", query=_FILTERS, listed=True),
    Route("POST", "/rectifications", opened, "下整改", "Rectification", body=_OPEN, status=201),
    Route("GET", "/rectifications/{id}", one, "一次整改", "Rectification"),
    Route(
        "POST",
        "/rectifications/{id}/acts",
        acted,
        "整改：报完成、申请延期、复查、约谈、撤回",
        "Rectification",
        body=ACT,
    ),
)
