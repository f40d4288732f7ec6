"""A unit asks for more days: how many, and why; what is missing is asked."""

import re
from dataclasses import replace
from datetime import datetime
from math import ceil

from redprop_bot.dialogue import finding, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.registry import working_time
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_WHY_BESIDE = re.compile(  # 三天，没配件: what is left is why
    r"^(?:要|延|再|还要|大概|先){0,3}(?:[0-9]{1,2}|[一二两三四五六七八九十半]{1,3})"
    r"(?:个?(?:工作日|天|日|星期|礼拜|周)|(?=[，,。、 ])|$)(?:吧|左右|就行|够了)?[，,。、 ]*"
)


def extend(turn: Turn, heard: Heard) -> None:
    """Ask for more days: needs days and a reason."""
    asked = turn.session.asked or {}
    if heard.why == ("答:天数",) and asked.get("no"):  # three days of the order that was asked about
        why = asked.get("reason") or _WHY_BESIDE.sub("", turn.inbound.text.strip())
        heard = replace(heard, slots={"order": asked["no"], "reason": why, **heard.slots})
    found = finding.meant(turn, heard, Act.EXTEND, fits=providers.own(turn))
    if not found:
        if not turn.said:
            turn.say("ask.no_order_here")
        return
    demand = found[0]
    days, reason = days_said(turn, heard, demand), providers.said(heard, "reason")
    most = turn.tx.content.deadlines.extension_street
    if days is not None and not 1 <= days <= most:  # before anybody is asked why
        turn.session.ask("days", no=demand.no, days=None, reason=reason)
        turn.say("error.days", most=most)
        return
    if days is None or not reason:
        turn.session.ask("days" if days is None else "extend_reason", no=demand.no, days=days, reason=reason)
        turn.say("ask.days" if days is None else "ask.extend_reason", no=demand.no)
        return
    turn.session.asked = None  # refused or not: what is said next is no reason
    done = turn.attempt(lambda: perform(turn.tx, demand, Act.EXTEND, turn.actor, {"days": days, "reason": reason}))
    if done is not None:
        turn.say("done.extend", days=str(days), **turn.about(done))


def days_said(turn: Turn, heard: Heard, demand: Demand) -> int | None:
    """Working days asked for: as said, or up to the date that was said."""
    asked = turn.session.asked or {}
    if (days := heard.slots.get("days")) is not None:
        return int(days)
    said = providers.said(heard, "time")
    if said and demand.due_at is not None:
        zone = turn.tx.content.zone
        until = datetime.fromisoformat(said)
        until = until.replace(tzinfo=zone) if until.tzinfo is None else until
        end = until.replace(hour=18, minute=0) if len(said) <= 10 else until
        return max(1, ceil(beyond(turn, demand, end)))
    kept = asked.get("days")
    return int(kept) if kept else None


def beyond(turn: Turn, demand: Demand, end: datetime) -> float:
    """How many working days of its unit lie between the term of an order and a moment; 0 without a term."""
    if demand.due_at is None:
        return 0
    calendar = working_time.calendar(turn.tx, demand, demand.handler_id)
    return calendar.between(demand.due_at, end) / calendar.day_length
