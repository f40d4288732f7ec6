"""黑名单 and 退出 by API: cases against property companies, what the company says, what was decided, each step.

The street reads all, a community what concerns it, a manager those of their own company, without the names of who
acted. Who may do what is decided in `appraise`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.appraise import sanction_rights as rights
from redprop_bot.appraise import sanctions as steps
from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.registry.care import companies
from redprop_bot.rules.sanctions import OPEN, State
from redprop_bot.store import sanctions
from redprop_bot.store.tables import Sanction
from redprop_bot.web.access import organisation_called
from redprop_bot.web.api import fields, histories, paging, sight
from redprop_bot.web.api.appraisals_shown import hand
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, TEXT, WHEN, WHOLE, YES_NO, Schema, listed, shaped

_OPEN: Final[Shape] = {
    "kind": Field("text", "key or name in data/discipline/sanctions.yaml", required=True, longest=20),
    "unit": Field("text", "the company", required=True, longest=64),
    "estate": Field("text", "its name, for a kind that is about an estate", longest=64),
    "reason": Field("text", "why; the company reads it", required=True, longest=1000),
}
ACT: Final[Shape] = {
    "act": Field("text", required=True, one_of=("answer", "go", "drop", "step", "stop"), code="unknown_act"),
    "text": Field("text", "what the company says; what is kept of a step", longest=1000),
    "on": Field("text", "the day of the step, 2026-12-10", longest=10),
    "reason": Field("text", "for go, drop, stop; the company reads it", longest=1000),
}


def _sees(call: Call, row: Sanction) -> bool:
    if call.viewer.role == "provider":
        return rights.answers(row, hand(call))
    own = call.viewer.community_id
    return own is None or rights.here(call.register, row, own)


def found(call: Call) -> Reply:
    """A page of cases, the newest first."""
    viewer, state, size = call.viewer, call.query.get("state"), paging.limit(call)
    if state is not None and state not in (*State, "open"):
        raise Invalid("choice", field="state")
    theirs: frozenset[int] | None = None
    if viewer.role == "provider":
        theirs = hand(call).units
    elif viewer.community_id is not None:
        theirs = frozenset(one.id or 0 for one in companies(call.register, viewer.community_id))
    rows = sanctions.page(
        call.tx,
        organisations=theirs,
        community_id=None if viewer.role == "provider" else viewer.community_id,
        states=OPEN if state == "open" else [state] if state else (),
        before_id=paging.before(call, "sanctions"),
        limit=size + 1,
    )
    return paging.page("sanctions", size, rows, [_item(call, row) for row in rows[:size]])


def the_case(call: Call) -> Sanction:
    """The one of the address, if it is there for whoever asks. Raises NotFound."""
    row = sanctions.one(call.tx, key_in(call))
    if row is None or not _sees(call, row):
        raise NotFound("no_sanction")
    return row


def one(call: Call) -> Reply:
    """One case with its history."""
    return Reply(_fresh(call, the_case(call)))


def opened(call: Call) -> Reply:
    """A case against a company is begun."""
    sight.must_act(call.viewer)
    if call.viewer.role == "provider":
        raise Forbidden("sanction_role")
    given = read(call.body, _OPEN)
    kind = call.content.sanctions.of(given["kind"])
    if kind is None:
        raise Invalid("choice", field="kind")
    unit = organisation_called(call.register, given["unit"])
    assert unit is not None
    own = call.viewer.community_id
    if own is not None and all(one.id != unit for one in companies(call.register, own)):
        raise Invalid("sanction_company", field="unit")
    made = steps.open_case(
        call.tx, hand(call), kind, unit=unit, estate_id=_estate(call, given.get("estate")), reason=given["reason"]
    )
    return Reply(_fresh(call, made), 201)


def _estate(call: Call, name: str | None) -> int | None:
    if name is None:
        return None
    estate = call.register.estate_names.get(name)
    if estate is None or call.viewer.community_id not in (None, estate.community_id):
        raise Invalid("choice", field="estate")
    return estate.id


def acted(call: Call) -> Reply:
    """The company answers; it goes on or not; a step was taken; it is ended."""
    sight.must_act(call.viewer)
    row, given = the_case(call), read(call.body, ACT)
    _ACTS[given["act"]](call, row, given)
    return Reply(_fresh(call, row))


Given = Mapping[str, Any]


def _answered(call: Call, row: Sanction, given: Given) -> None:
    steps.answer(call.tx, row, hand(call), text=given.get("text"))


def _decided(call: Call, row: Sanction, given: Given) -> None:
    steps.decide(call.tx, row, hand(call), go=given["act"] == "go", reason=given.get("reason"))


def _stepped(call: Call, row: Sanction, given: Given) -> None:
    if not given.get("on"):
        raise Invalid("missing", field="on")
    steps.step(call.tx, row, hand(call), on=fields.day(given["on"], "on"), text=given.get("text"))


def _stopped(call: Call, row: Sanction, given: Given) -> None:
    steps.stop(call.tx, row, hand(call), reason=given.get("reason"))


_ACTS: Final[Mapping[str, Callable[[Call, Sanction, Given], None]]] = {
    "answer": _answered,
    "go": _decided,
    "drop": _decided,
    "step": _stepped,
    "stop": _stopped,
}


# -- as it is shown


def _fresh(call: Call, row: Sanction) -> Item:
    now = sanctions.one(call.tx, row.id or 0) or row
    return _item(call, now) | {
        "history": [histories.event(call, one) for one in sanctions.history(call.tx, now.id or 0)]
    }


def _item(call: Call, row: Sanction) -> Item:
    reg, taken = call.register, len(row.taken)
    may = call.viewer.role != "viewer"
    running = row.state == State.RUNNING
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "unit": reg.organisations[row.organisation_id].name,
        "community": reg.community_name(row.community_id),
        "estate": reg.estates[row.estate_id].name if row.estate_id is not None else None,
        "state": row.state,
        "listing": bool(row.plan["months"]),
        "reason": row.reason,
        "grounds": {name: row.grounds[name] for name in _GROUNDS},
        "answer_until": iso(call, row.answer_until),
        "answer": row.answer,
        "decision": row.decision,
        "stopped": row.stopped,
        "steps": [_step(one, row.taken[n] if n < taken else {}) for n, one in enumerate(row.plan["steps"])],
        "due_at": iso(call, row.due_at) if running else None,
        "late": running and row.due_at is not None and call.tx.now > row.due_at,
        "acts": rights.acts(call.tx, reg, row, hand(call)) if may else [],
        "history": [],
        "opened_at": iso(call, row.opened_at),
        "updated_at": iso(call, row.updated_at),
        "closed_at": iso(call, row.closed_at),
    }


def _step(step: Mapping[str, Any], taken: Mapping[str, Any]) -> Item:
    return {"name": step["name"], "note": step["note"], "on": taken.get("on"), "text": taken.get("text", "")}


_GROUNDS: Final = ("months", "failures", "overdues", "black")
ITEMS: Final[Mapping[str, Schema]] = {
    "Sanction": shaped(
        id=WHOLE,
        kind=TEXT,
        name=TEXT,
        unit=TEXT,
        community=MAY,
        estate=MAY,
        state={**TEXT, "enum": list(State)},
        listing=YES_NO,
        reason=TEXT,
        grounds=shaped(months=WHOLE, failures=WHOLE, overdues=WHOLE, black=WHOLE),
        answer_until=WHEN,
        answer=TEXT,
        decision=TEXT,
        stopped=TEXT,
        steps=listed(shaped(name=TEXT, note=TEXT, on=MAY, text=TEXT)),
        due_at=WHEN,
        late=YES_NO,
        acts=listed(TEXT),
        history=listed(histories.EVENT),
        opened_at=WHEN,
        updated_at=WHEN,
        closed_at=WHEN,
    )
}
_FILTERS: Final = {"state": f"open, {', '.join(State)}", **paging.QUERY}
ROUTES: Final = (
    Route("GET", "/sanctions", found, "黑名单、退出", "Sanction", query=_FILTERS, listed=True),
    Route("POST", "/sanctions", opened, "提出黑名单、退出", "Sanction", body=_OPEN, status=201),
    Route("GET", "/sanctions/{id}", one, "一次黑名单、退出", "Sanction"),
    Route("POST", "/sanctions/{id}/acts", acted, "说明、往下走、走一步、停", "Sanction", body=ACT),
)
