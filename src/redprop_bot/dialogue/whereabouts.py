"""The answer to "where?": a place, 第二个 of the estates that were named, 我家, or that somebody does not know."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

from redprop_bot.dialogue import asking_where, pointing, reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import placing
from redprop_bot.loop.report import Report
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_CONFUSED = 24  # characters
_SURE = 0.65
_BESIDE = re.compile(
    r"[^,，。;；?？]{2,20}(?:旁边?|边上|对面|附近|门口|隔壁|前面|后面|路口|桥头|交叉口)(?:那边|那里|那儿|这边|这里|这儿)?(?:吧|啊|呢)?"
)
_LEAD = re.compile(r"^(?:[好嗯哦]|应该|好像|大概|就|是|在|[,， ]){1,4}")
_NO_IDEA = re.compile(
    r"(?:不知道|不晓得|不清楚|说不清|说不上来?|忘了|记不得|记不清|没看|认不得)[^,，。]{0,8}(?:小区|哪|地址|叫啥|叫什么|名字|地方|位置|几栋)"
    r"|(?:小区|地址|名字|哪里|哪儿|位置|几栋)[^,，。]{0,6}(?:不知道|不晓得|不清楚|忘了|记不得|记不清|说不清)"
)


def placed(turn: Turn, heard: Heard) -> bool:
    """Take the answer to "where?"; returns whether it was one."""
    asked = turn.session.asked or {}
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    if estate is not None:
        reporting.learn(turn, estate)
    if estate is None and not any(heard.slots.get(name) for name in ("building", "unit", "room", "place")):
        return False
    if asked.get("landmark") and estate is None and heard.slots.get("place") and not heard.slots.get("building"):
        heard = replace(heard, slots={**heard.slots, "place": _landmark(turn.inbound.text)})
    answered(turn, heard)
    return True


def answered(turn: Turn, heard: Heard, *, but: str | None = None) -> None:
    """Complete all that wait for a place with this one, `but` what has it already."""
    found = [demand for demand in asking_where.waiting(turn) if demand.no != but]
    _complete(turn, [(demand, reporting.report_of(turn, heard, about=demand)) for demand in found])


def pointed_out(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """第二个, an estate by its place among those named; 幸福路小学旁边, where landmarks were asked for."""
    if asked.get("landmark") and _BESIDE.fullmatch(text) and not _tells_more(turn, text):
        return placed(turn, Heard("demand.supplement", slots={"place": text}, text=text))
    name = pointing.counted(list(asked.get("names", [])), text)
    return name is not None and placed(turn, Heard("demand.supplement", slots={"estate": name}, text=text))


def _tells_more(turn: Turn, text: str) -> bool:
    """有人晕倒在学校门口, 槐荫里东门口: more than what it is beside of."""
    found = turn.reader.read(
        text,
        role=turn.speaker.role,
        now=turn.inbound.created_at.astimezone(turn.tx.content.zone),
        gazetteer=turn.register.gazetteer,
    )
    return any(act.urgency == "emergency" or act.slots.get("estate") or act.confidence >= _SURE for act in found)


def lost(turn: Turn) -> bool:
    """不知道叫啥小区: what else may tell where it is; the question stands."""
    text = turn.inbound.text.strip()
    if len(text) > _CONFUSED or not _NO_IDEA.search(text):
        return False
    turn.session.asked = {**(turn.session.asked or {}), "landmark": True}
    turn.say("ask.landmark")
    return True


def _landmark(text: str) -> str:
    """The whole of what was said: a part of it is found by nobody."""
    return _LEAD.sub("", text.strip().rstrip("。.！!~ "))


def _complete(turn: Turn, told: list[tuple[Demand, Report]]) -> None:
    turn.session.asked = None
    still: list[Demand] = []
    for demand, report in told:
        done = turn.attempt(partial(placing.place, turn.tx, demand, turn.actor, report))
        if done is None:
            continue
        if done.estate_id is None:
            still.append(done)
        else:
            key = "done.placed" if done.handler_id is not None else "done.placed_unplaced"
            turn.say(key, **turn.about(done))
    if still:
        nos = [demand.no for demand in still]
        turn.session.ask("place", nos=nos)
        turn.say("ask.estate_again", **{**turn.about(still[0]), "no": "、".join(nos)})


def at_home(turn: Turn) -> None:
    """A yes: the place is where the resident lives."""
    person = turn.speaker.person

    def home(demand: Demand) -> Report:
        return Report(
            text=demand.text,
            reported_at=demand.reported_at,
            estate_id=person.estate_id,
            building=person.building,
            unit=person.unit,
            room=person.room,
        )

    _complete(turn, [(demand, home(demand)) for demand in asking_where.waiting(turn)])
