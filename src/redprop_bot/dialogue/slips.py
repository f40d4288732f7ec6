"""A slip set right: 说错了，是5栋, 是3栋不是2栋, 不是停电，是停水. Of what the same person reported last."""

import re
from collections.abc import Sequence

from redprop_bot.dialogue import hearing, reporting, whereabouts
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import placing
from redprop_bot.loop.acts import perform
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.answers import ONLY_PLACE
from redprop_bot.understand.numerals import to_int

_SLIP = re.compile(
    r"(?:[啊哦呀哎唉]|不好意思|对不起|抱歉|刚才|刚刚|我|地址|位置|楼号|[，,。.! ！]){0,5}"
    r"(?:不对|不是(?!吗)|[说写打发搞弄记报填]错|错了|更正|纠正|口误)"
)
_SLIP_AFTER = re.compile(
    r"(?:我|刚才|刚刚|地址|位置|楼号|[,，。 ]){0,3}(?:[说写打发搞弄记填]错了?|口误)[啊哦呀。.!！~ ]{0,3}$"
)
_SLIP_MINUTES = 60
_DENIED = re.compile(
    r"(?:[啊哦哎唉]|不好意思|说错了|写错了|打错了|[,，。! ！]){0,4}不是(?P<what>[^,，。]{1,10})[,，。 ]{0,2}是"
)
_OTHER_WAY = re.compile(
    r"不是(?!吗)(?:[^,，。0-9]{0,6}?)(?P<no>[0-9]{1,4}|[一二三四五六七八九十]{1,3})"
    r"(?:栋|幢|号楼|单元|室|号|楼|座|的)?[啊哦呀哈的,，。 ]*"
)
"""是3栋不是2栋: what it is not stands behind what it is, or between."""
_IN_BETWEEN = re.compile(r"(?:[说写打发搞弄记填]错了?|口误)[,，。 ]?(?:应该|应当|其实|实际)?是")
_DENIED_SECONDS = 24 * 3600  # what it is not is what was reported: no doubt of which order it is
_SLOTS = ("building", "unit", "room")


def set_right(turn: Turn, heard: Sequence[Heard]) -> bool:
    """说错了，是5栋: the place of what was reported last is what is said now. Returns whether it was that."""
    text = turn.inbound.text.strip()
    before, after = _SLIP.match(text), _SLIP_AFTER.search(text)
    demand = last(turn, _SLIP_MINUTES * 60) if before or after else None
    if demand is None:
        return _corrected(turn, text)
    if after and not before:  # 是5栋 我打错了: a place and not a word more
        said = place_said(turn, text[: after.start()])
        return said is not None and said.why == ONLY_PLACE and move(turn, demand, said)
    said = place_said(turn)
    if said is None:
        return _renamed(turn, demand, heard)
    return move(turn, demand, said)


def _corrected(turn: Turn, text: str) -> bool:
    """是3栋不是2栋, 301写错了应该是401: the same kind of place twice, one of them the one that was reported."""
    other_way = _OTHER_WAY.search(text)
    demand = last(turn, _DENIED_SECONDS) if other_way or _IN_BETWEEN.search(text) else None
    said = place_said(turn) if demand is not None else None
    if demand is None or said is None:
        return False
    was = str(to_int(other_way["no"]) or "") if other_way else None
    changed = [
        name
        for name in _SLOTS
        if said.slots.get(name) not in (None, getattr(demand, name)) and getattr(demand, name) is not None
    ]
    if not any(was in (None, getattr(demand, name)) for name in changed):
        return False
    return move(turn, demand, said)


def _renamed(turn: Turn, demand: Demand, heard: Sequence[Heard]) -> bool:
    """不是停电，是停水: what was reported is taken back, and what is meant is a report of its own.

    Returns whether all that was said is done; else the words go on to be reported.
    """
    denied = _DENIED.match(text := turn.inbound.text.strip())
    if denied is None or not flow.can(Act.WITHDRAW, demand.stage):
        return False
    if demand.category not in turn.reader.things(denied["what"]):
        return False
    meant = [act for act in heard if act.intent == demand.intent]
    if any(act.category == demand.category for act in meant):  # read by what was denied
        meant = [act for act in hearing.read(turn, text=text[denied.end() :]) if act.intent == demand.intent]
        heard = []
    if not meant or any(act.category == demand.category for act in meant):
        return False
    done = turn.attempt(lambda: perform(turn.tx, demand, Act.WITHDRAW, turn.actor, {"reason": text[:200]}))
    if done is None:
        return False
    turn.say("done.renamed", no=demand.no)
    if not heard:
        reporting.report(turn, meant)
    return not heard


def move(turn: Turn, demand: Demand, said: Heard) -> bool:
    """Put it where it is said to be. Returns whether there is nothing more to do: always."""
    said = whereabouts.beside_offer(turn, said)
    report = reporting.report_of(turn, said, about=demand)
    done = turn.attempt(lambda: placing.put_right(turn.tx, demand, turn.actor, report))
    if done is not None:
        turn.session.demand = done.no
        if done.estate_id is not None:
            turn.session.asked = None
        turn.say("done.moved", **turn.about(done))
    return True


def last(turn: Turn, within_seconds: int) -> Demand | None:
    """What this resident reported last, if that was a moment ago and is theirs and open."""
    if turn.speaker.role not in ("resident", "member"):
        return None
    no = turn.session.just_reported(within_seconds)
    demand = demands.by_no(turn.tx, no) if no else None
    if demand is None or demand.reporter_id != turn.person_id or not flow.can(Act.SUPPLEMENT, demand.stage):
        return None
    return demand


def place_said(turn: Turn, text: str | None = None) -> Heard | None:
    """The message, or `text` of it, when it is a place and hardly a word more."""
    found = hearing.read(turn, asked="place", text=text)
    return found[0] if found[0].why[:1] == ONLY_PLACE[:1] else None
