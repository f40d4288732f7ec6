"""The answer to "where?": a place, 第二个 of the estates that were named, 我家, or that somebody does not know."""

import re
from dataclasses import replace
from functools import partial
from typing import Any, Final

from redprop_bot.dialogue import asking_where, hearing, pointing, reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import placing, speak
from redprop_bot.loop.report import Report
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand import answers
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.answers import ONLY_PLACE

_CONFUSED = 24  # characters
_SURE = 0.65
_BESIDE = re.compile(
    r"[^,，。;；?？]{2,20}(?:旁边?|边上|对面|附近|门口|隔壁|前面|后面|路口|桥头|交叉口)(?:那边|那里|那儿|这边|这里|这儿)?(?:吧|啊|呢)?"
)
_QUESTION = re.compile(r"[?？]|[吗么][。！~ ]*$|几点|能用|多少钱|怎么[走办]|什么时候|(?:开|关)门[了没]?$")
_PAUSE = re.compile(r"[，,。；;\s]+")
_ADDRESS = re.compile(r"你好|您好|请问|那|喂|师傅")
_LEAD = re.compile(r"^(?:[好嗯哦]|应该|好像|大概|就|是|在|[,， ]){1,4}")
_FINER = re.compile(r"对[面门]|隔壁|楼[上下道梯]|[前后里外]面|旁|附近|门口")
"""Where exactly; no slot keeps it."""
_NO_IDEA = re.compile(
    r"(?:不知道|不晓得|不清楚|说不清|说不上来?|忘了|记不得|记不清|没看|认不得)[^,，。]{0,8}(?:小区|哪|地址|叫啥|叫什么|名字|地方|位置|几栋)"
    r"|(?:小区|地址|名字|哪里|哪儿|位置|几栋)[^,，。]{0,6}(?:不知道|不晓得|不清楚|忘了|记不得|记不清|说不清)"
)


def placed(turn: Turn, heard: Heard, *, besides: bool = True) -> bool:
    """Take the answer to "where?"; returns whether it was one. `besides`: what else it says belongs to it."""
    asked = turn.session.asked or {}
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    if estate is not None:
        reporting.learn(turn, estate)
    if estate is None and not any(heard.slots.get(name) for name in ("building", "unit", "room", "place")):
        return False
    heard = beside_offer(turn, heard)
    if asked.get("landmark") and estate is None and heard.slots.get("place") and not heard.slots.get("building"):
        heard = replace(heard, slots={**heard.slots, "place": _landmark(turn.inbound.text)})
    answered(turn, heard, besides=besides)
    return True


def asks(text: str, said: Heard) -> bool:
    """活动室几点开门: a question, and the place that it names is not where the trouble is."""
    houses = any(said.slots.get(name) for name in ("building", "unit", "room"))
    return not houses and _QUESTION.search(text.strip()) is not None and not answers_first(text, said)


def answers_first(text: str, said: Heard) -> bool:
    """槐荫里，什么时候能修好: where it is, and then a question."""
    head, *rest = _PAUSE.split(text.strip(), maxsplit=1)
    place = str(said.slots.get("place") or "")
    named = place in head if place else bool(said.slots.get("estate")) and _ADDRESS.fullmatch(head) is None
    return bool(rest) and named and _QUESTION.search(head) is None


def beside_offer(turn: Turn, heard: Heard) -> Heard:
    """不是1单元是2单元, when 1栋1单元 was offered: of the building nothing was denied."""
    person, asked = turn.speaker.person, turn.session.asked or {}
    other = any(heard.slots.get(name) for name in ("estate", "building", "place"))
    if turn.session.asked_kind() != "place" or not asked.get("offer") or other or not person.building:
        return heard
    home = {"building": person.building}
    if heard.slots.get("room") and not heard.slots.get("unit") and person.unit:
        home["unit"] = person.unit
    return replace(heard, slots={**home, **heard.slots})


def answered(turn: Turn, heard: Heard, *, but: str | None = None, besides: bool = True) -> None:
    """Complete all that wait for a place with this one, `but` what has it already."""
    found = [demand for demand in asking_where.waiting(turn) if demand.no != but]
    told = [(demand, reporting.report_of(turn, heard, about=demand)) for demand in found]
    _complete(turn, told, words=beside_place(turn, heard) if besides else "")


def beside_place(turn: Turn, heard: Heard) -> str:
    """What an answer says besides the place that it names: 孩子在里面, 晚上才有人, 楼上那家; or nothing."""
    text = turn.inbound.text.strip()
    finer = _FINER.search(text.replace(str(heard.slots.get("place") or " "), ""))
    return text if heard.why != ONLY_PLACE or finer else ""


def pointed_out(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """第二个, an estate by its place among those named; 幸福路小学旁边, where landmarks were asked for."""
    if asked.get("landmark") and _BESIDE.fullmatch(text) and not _tells_more(turn, text):
        return placed(turn, Heard("demand.supplement", slots={"place": text}, why=ONLY_PLACE, text=text))
    name = pointing.counted(list(asked.get("names", [])), text)
    return name is not None and placed(
        turn, Heard("demand.supplement", slots={"estate": name}, why=ONLY_PLACE, text=text)
    )


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


def _complete(turn: Turn, told: list[tuple[Demand, Report]], *, words: str = "") -> None:
    turn.session.asked = None
    still: list[Demand] = []
    alarms: list[Demand] = []
    for demand, report in told:
        done = turn.attempt(partial(placing.place, turn.tx, demand, turn.actor, report, words=words))
        if done is None:
            continue
        if done.estate_id is None:
            still.append(done)
        else:
            key = "done.placed" if done.handler_id is not None else "done.placed_unplaced"
            if key == "done.placed" and done.urgency == "emergency":
                key = "done.placed_alarm"
            turn.say(key, **turn.about(done))
            if done.urgency == "emergency" and not (done.building or done.place or done.room):
                alarms.append(done)
    if alarms and not still:  # an estate is large: those on their way have to know which house
        turn.session.ask("place", nos=[demand.no for demand in alarms])
        turn.say("ask.building", estate=turn.register.estates[alarms[0].estate_id or 0].name)
    if still:
        nos = [demand.no for demand in still]
        turn.session.ask("place", nos=nos)
        turn.say("ask.estate_again", **{**turn.about(still[0]), "no": "、".join(nos)})


_YES: Final = re.compile(
    r"(?:是|对|嗯|没错|正是|就是|是我家)(?:的|啊|呀|头|哦|呢)?[ ,，]?"
    r"(?:我家|我们家|那里|这里|楼道|门口|这栋|那栋){0,2}(?:的|啊|呀)?(?:$|[,，。！!、 ]+)"
    r"|(?:是|对)[的啊呀](?=[^,，。])"
)
_HURRIES: Final = re.compile(r"快[点些]?|麻烦|谢谢|谢|辛苦|了|吧|啊|[,，。！! ]")


def agreed(turn: Turn, text: str) -> bool:
    """是的呀, 是的，3楼那个: it is the home that was offered, and what is said besides belongs to it."""
    yes = _YES.match(text)
    rest = text[yes.end() :].strip() if yes else ""
    if yes is None and text != "1" and not answers.confirms(text):
        return False
    if rest:
        said = hearing.read(turn, text=rest)
        elsewhere = any(act.slots.get(name) for act in said for name in ("estate", "building", "unit", "room"))
        if elsewhere or any(act.intent in reporting.INTENTS and act.confidence >= _SURE for act in said):
            return False
    found = asking_where.waiting(turn)
    at_home(turn)
    if _HURRIES.sub("", rest):
        for demand in found:
            turn.attempt(partial(speak.supplement, turn.tx, _now(turn, demand), turn.actor, text=rest))
    return True


def _now(turn: Turn, demand: Demand) -> Demand:
    return demands.by_no(turn.tx, demand.no) or demand


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
