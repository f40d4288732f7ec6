"""到了，里面老人喘不过气: what staff say of the one alarm that is under way there.

It is news of that alarm for those who wait, and no second one without a place. Another house, another kind of
danger, or more than one alarm: that goes its own way.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from redprop_bot.dialogue import finding, on_the_spot, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.rules.flow import AT_WORK, Act
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_LATELY: Final = timedelta(hours=6)
_LONGEST: Final = 40  # characters
_OF_A_PERSON: Final = frozenset({"aid", "elder_child"})
_THERE: Final = re.compile(r"里[面头]|被困|到了|到现场|出来|门打不开|^[他她]|病|疼|喘|孕")
_HOLLOW: Final = frozenset({"unknown", "consult", "checkin", "greeting"})
_SAYS: Final = re.compile(r"到|赶|来|去|人|门|没事|按错|误|现场|分钟|味|关|断|困|在")
_ASKS: Final = re.compile(r"[?？]|[吗么没]$|谁|哪|几|多少|怎么|什么|啥")
_ANOTHER: Final = re.compile(r"又(?!没)|另|第[二三]|隔壁|别的|还有一|有个|有一?位|路边|马路|门口|广场|花园")
_ENDS: Final = re.compile(r"不归|退|派|转|办结|提级|哨|改")


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Tell it to those who wait for that alarm; returns whether it was of it."""
    text = turn.inbound.text.strip()
    if turn.speaker.role not in ("provider", "secretary") or turn.session.asked or len(text) > _LONGEST:
        return False
    if not heard or _ASKS.search(text) or _ANOTHER.search(text) or _ENDS.search(text):
        return False
    dangers = all(act.urgency == "emergency" for act in heard)
    hollow = turn.speaker.role == "provider" and all(
        act.intent in _HOLLOW and not act.slots.get("order") for act in heard
    )
    if not (dangers or hollow) or finding.numbers_in(text):
        return False
    if hollow and not _SAYS.search(text):
        return False  # 早上好
    found = _under_way(turn)
    if len(found) != 1 or not all(_may_be_there(turn, act, found[0]) for act in heard):
        return False
    if turn.speaker.role == "secretary":
        on_the_spot.noted(turn, found[0], text)
    else:
        _told(turn, found[0], text)
    return bool(turn.said)


def _under_way(turn: Turn) -> list[Demand]:
    theirs = on_the_spot.theirs(turn) if turn.speaker.role == "secretary" else providers.own(turn, *AT_WORK)
    return [
        demand
        for demand in finding.reach(turn)
        if demand.urgency == "emergency"
        and demand.controlled_at is None
        and turn.tx.now - demand.created_at <= _LATELY
        and theirs(demand)
    ]


def _may_be_there(turn: Turn, act: Heard, demand: Demand) -> bool:
    of_whoever_is_there = act.category in _OF_A_PERSON and _THERE.search(act.text) is not None
    if act.urgency == "emergency" and act.category != demand.category and not of_whoever_is_there:
        return False
    estate = turn.register.estate(str(act.slots.get("estate") or ""))
    if estate is not None and estate.id != demand.estate_id:
        return False
    return all(
        act.slots.get(name) in (None, getattr(demand, name)) for name in ("building", "unit", "room", "place")
    )


def _told(turn: Turn, demand: Demand, text: str) -> None:
    note = {"note": text[:NOTE_LIMIT]}
    done = turn.attempt(partial(perform, turn.tx, demand, Act.PROGRESS, turn.actor, note))
    if done is not None:
        turn.session.demand = done.no
        turn.say("done.alarm_noted", **turn.about(done))
