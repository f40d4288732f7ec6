"""厨房还在漏呢, 车库还在滴，没人管啊: an open matter of one's own said again, and no second one. 来水了: its end.

Another place, another room or another thing is a matter of its own, and so is every danger.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from redprop_bot.dialogue import rating, residents
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules import flow
from redprop_bot.rules.bigrams import tokens
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_UNSURE: Final = 0.35
_STILL: Final = re.compile(
    r"还(?:在|没(?!事)|是(?!有|去|要|请)|那[样么]|这[样么]|一直|照样|老样子|不(?![错用如止要]|好意|知))"
    r"|还[漏滴停响臭堵黑冒断](?:着|得|呢|水呢|$)|仍|依旧|依然|照旧|一直没|没(?:有)?人(?:管|来|修|理|搭理|弄|处理)"
)
_ALSO: Final = re.compile(
    r"还有|另外|再[报说]|也(?!没人|没有?(?:来|管|修|消息))|又(?!没|不见|来催)|(?:别|其他|另)[的一]?(?:处|地方|家|个|栋|层|户)"
)
_ROOMS: Final = re.compile(
    r"厨房|厕所|卫生间|洗手间|浴室|阳台|客厅|卧室|房间|走廊|楼道|楼梯|楼上|楼下|对门|隔壁|地下室|车库|大门|单元门|后门"
    r"|门口|电梯|[楼屋]顶|天花板|路灯|广场|院子|停车场|花园"
)
_BACK: Final = re.compile(
    r"(?:现在|终于|已经|总算|可算|刚刚?|好了|[啊哦,，。! ！]){0,4}(?:[有来通](?P<what>[水电气])|暖气热|网通)[了啦]"
    r"(?:[,，。!！~ ]*(?:多?谢谢?.{0,6}|辛苦.{0,4}|好了|恢复了?|正常了?))*[。！!~]*"
)
_GONE: Final = re.compile(r"[停没断无缺]|不(?:出|来|热|通)")
_PLACE: Final = ("building", "unit", "room", "place")


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Urge what is said again, or take back what was called done too early. Returns whether it was that."""
    if turn.speaker.role not in ("resident", "member") or len(heard) != 1 or turn.session.asked_kind() == "place":
        return False
    said, text = heard[0], turn.inbound.text.strip()
    if said.intent != "demand.report" or said.urgency == "emergency":
        return False
    again = _STILL.search(text) is not None and _ALSO.search(text) is None
    if not again and not _BACK.fullmatch(text):  # the words decide before anything is looked up
        return False
    own = _own(turn)
    if _is_back(text, own):
        rating.satisfied(turn, replace(said, intent="feedback.satisfied", category=None, slots={}, text=text))
        return True
    return again and _hurried(turn, said, text, own, own if _is_unsure(turn, said, own) else ())


def beside(turn: Turn, reports: Sequence[Heard]) -> list[Heard]:
    """灯亮了，垃圾还是没人倒: what is said again beside something else is urged. Returns what is new."""
    if turn.speaker.role not in ("resident", "member"):
        return list(reports)
    return [said for said in reports if not _said_again(turn, said)]


def _said_again(turn: Turn, said: Heard) -> bool:
    if said.intent != "demand.report" or said.urgency == "emergency":
        return False
    again = _STILL.search(said.text) is not None and _ALSO.search(said.text) is None
    return again and _hurried(turn, said, said.text, _own(turn))


def say_again(turn: Turn, said: Heard, text: str) -> bool:
    """Hurry the only open matter that a report can be of. Returns whether there is one."""
    return _hurried(turn, said, text, _own(turn))


def _hurried(turn: Turn, said: Heard, text: str, own: Sequence[Demand], unsure: Sequence[Demand] = ()) -> bool:
    """The same of one's own matters, else of `unsure`."""
    found = [d for d in own if d.category == said.category and _is_same_thing(turn, text, d)] or unsure
    if len(found) != 1 or _is_elsewhere(turn, said, found[0], text):
        return False
    if found[0].stage == Stage.DONE:
        named = Heard("feedback.unsatisfied", slots={"order": found[0].no}, text=text)
        rating.unsatisfied(turn, named)
    else:
        residents.hurried(turn, found[0], text)
    return True


def _own(turn: Turn) -> list[Demand]:
    return [demand for demand in demands.of_reporter(turn.tx, turn.person_id) if _waits(demand)]


def _waits(demand: Demand) -> bool:
    calm = demand.intent == "demand.report" and demand.urgency != "emergency"
    return calm and (flow.can(Act.URGE, demand.stage) or demand.stage == Stage.DONE)


def _is_back(text: str, own: Sequence[Demand]) -> bool:
    """来水了 of who had none; 有水了 of who reported a leak is no good news."""
    match = _BACK.fullmatch(text)
    if match is None:
        return False
    what = match["what"] or ""
    return any(what in demand.text and _GONE.search(demand.text) for demand in own)


def _is_unsure(turn: Turn, said: Heard, own: Sequence[Demand]) -> bool:
    """Whether another kind is hardly guessed at, and nothing is named that would be one."""
    kinds = turn.reader.things(turn.inbound.text)
    return said.confidence < _UNSURE and kinds <= {demand.category for demand in own}


def _is_same_thing(turn: Turn, text: str, demand: Demand) -> bool:
    """小广告还在贴, after 垃圾没人收, is of one kind and another thing; 还在漏呢 names nothing new."""
    groups = turn.tx.content.joining.words.get(demand.category or "", ())
    if any(any(w in text for w in g) and any(w in demand.text for w in g) for g in groups):
        return True
    if not any(w in text for g in groups for w in g) and set(tokens(text).pairs) & set(tokens(demand.text).pairs):
        return True
    return not turn.reader.things(text)


def _is_elsewhere(turn: Turn, said: Heard, demand: Demand, text: str) -> bool:
    estate = turn.register.estate(str(said.slots.get("estate") or ""))
    if estate is not None and estate.id != demand.estate_id:
        return True
    if any(said.slots.get(name) not in (None, getattr(demand, name)) for name in _PLACE):
        return True
    known = f"{demand.text} {demand.place or ''}"
    return any(room not in known for room in _ROOMS.findall(text))
