"""Acts on demands from pages: the same steps as in chat, with the fields of the contract out of a form.

A form carries the version of what was looked at: whoever was overtaken is told, and nothing changes.
"""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, Refused
from redprop_bot.loop import extend, ladder
from redprop_bot.loop.acts import STEPS, perform
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands as rows
from redprop_bot.store.tables import Demand
from redprop_bot.web.api import fields, sight
from redprop_bot.web.api.demands import ACT_FIELDS, emptied
from redprop_bot.web.console import pictures
from redprop_bot.web.console.addresses import local
from redprop_bot.web.console.room import Desk, Goto, whole
from redprop_bot.web.errors import said

REFUSE: Final = "refuse"
"""Not agreeing to more days: no act of the contract, but one of the same step."""
MOST: Final = 100
_PAUSE_ENDS: Final = time(18)


def the_demand(desk: Desk, no: str) -> Demand:
    """The demand with this number, if it is there for who looks; raises NotFound."""
    return sight.seen(desk.tx, desk.viewer, rows.by_no(desk.tx, no[:64]), no[:64])


def act(desk: Desk) -> Goto:
    """Do what a form asks for, then back to where it stood."""
    sight.must_act(desk.viewer)
    demand = the_demand(desk, desk.path["no"])
    verb, transfers = desk.field("act"), demand.transfers
    must_be_fresh(desk, demand, desk.field("version"))
    if verb == REFUSE:
        extend.refuse(desk.tx, demand, desk.viewer.actor, reason=desk.field("reason") or None)
    elif verb in STEPS:
        done = perform(
            desk.tx, demand, Act(verb), desk.viewer.actor, _values(desk, Act(verb)) | _photos(desk, verb)
        )
        if verb == Act.DISPATCH and ladder.transferred_up(desk.tx, done, transfers):
            verb = "dispatch_up"
    else:
        raise Invalid("unknown_act", field="act")
    return Goto(local(desk.field("after") or f"/console/demands/{demand.no}"), f"act_{verb}")


def _photos(desk: Desk, verb: str) -> dict[str, Any]:
    """The photos that came along; only a report that it is done takes some."""
    if not desk.ready:
        return {}
    if verb != Act.FULFIL:
        raise Invalid("unknown_field", field=pictures.FIELDS[0])
    return {"kept": desk.ready}


def must_be_fresh(desk: Desk, demand: Demand, version: str) -> None:
    """Refuse what was meant for an older state; says who was faster and with what."""
    if whole(version) == demand.version:
        return
    assert demand.id is not None
    last = rows.history(desk.tx, demand.id)[-1]
    name = desk.content.labels.act.get(last.act, last.act)
    raise Conflict("overtaken", field="version", name=last.by_name, what=name, no=demand.no)


def _values(desk: Desk, act: Act) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, field in ACT_FIELDS[act].items():
        text = desk.field(name)
        if not text:
            if field.nullable and name in desk.body:
                given[name] = None  # who empties a field of the form means it
            continue
        if field.kind == "whole":
            given[name] = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text
        elif field.kind == "yes_no":
            given[name] = text == "true"
        elif field.kind != "texts":
            given[name] = text
    values = fields.read(given, ACT_FIELDS[act])
    if act == Act.PAUSE:
        values["until"] = fields.moment(values["until"], "until", desk.content.zone, at=_PAUSE_ENDS)
    if act == Act.MERGE:
        the_demand(desk, values["into"])
    if act == Act.CORRECT:
        _must_stay(desk, values)
        values = emptied(values)
    return values


def _must_stay(desk: Desk, values: Mapping[str, Any]) -> None:
    estate = desk.register.estate(values.get("estate"))
    if estate is not None and desk.viewer.community_id not in (None, estate.community_id):
        raise Forbidden("not_your_community", field="estate")


def bulk(desk: Desk) -> tuple[list[str], list[tuple[str, str]]]:
    """Dispatch what was ticked to one unit: the numbers that went, and those that did not with the reason."""
    sight.must_act(desk.viewer)
    wanted, to = picked(desk), desk.field("to")
    if not wanted:
        raise Invalid("nothing_picked", field="pick")
    if desk.register.organisation(to) is None:
        raise Invalid("unknown_unit", field="to", name=to[:64])
    return dispatched(desk, [(no, version, to) for no, version in wanted])


def picked(desk: Desk) -> list[tuple[str, str]]:
    """The demands that were ticked, each with the version that was looked at; raises Invalid for too many."""
    wanted = list(dict.fromkeys(desk.fields("pick")))
    if len(wanted) > MOST:
        raise Invalid("too_many_picked", field="pick", most=MOST)
    return [(no, version) for no, _, version in (one.partition(":") for one in wanted)]


def dispatched(desk: Desk, wanted: Iterable[tuple[str, str, str]]) -> tuple[list[str], list[tuple[str, str]]]:
    """Dispatch many (number, version, unit): those that went, and those that did not with the reason.

    Each stands for itself: what is refused for one holds back no other.
    """
    done: list[str] = []
    refused: list[tuple[str, str]] = []
    for no, version, to in wanted:
        try:
            with desk.tx.savepoint():
                demand = the_demand(desk, no)
                must_be_fresh(desk, demand, version)
                values = {"to": to, "note": desk.field("note") or None}
                perform(desk.tx, demand, Act.DISPATCH, desk.viewer.actor, values)
            done.append(no)
        except Refused as refusal:
            refused.append((no[:32], said(desk.content, refusal)))
    return done, refused
