"""What a correction sets right, in the words of who knows better: 1号单地点错了，应该是槐荫里5栋; 改成紧急."""

import re
from typing import Any, Final

from redprop_bot.dialogue import hearing
from redprop_bot.dialogue.turn import Turn
from redprop_bot.store.tables import Demand
from redprop_bot.understand.answers import ONLY_PLACE

FIELDS: Final = {
    "类别": "category",
    "紧急程度": "urgency",
    "急缓": "urgency",
    "小区": "estate",
    "楼栋": "building",
    "单元": "unit",
    "室号": "room",
    "地点": "place",
    "地址": "place",
    "位置": "place",
    "意图": "intent",
}
FIELD: Final = rf"\s*(?P<field>{'|'.join(FIELDS)})\s*(?P<value>\S+)"
"""Behind 更正 and the number of an order."""
_TO: Final = r"(?:[，,]?\s*(?:应该|其实|实际)?(?:改成|改为|改到|换成|更正为|是|为))"
_WRONG: Final = r"(?:[写报填搞弄记登]?错了?|不对|有误)"
_VALUE: Final = r"\s*(?P<value>(?!什么|啥|哪|不|否|谁|几|多少)[^，,。?？\s]{1,40}?)(?:才对)?[。！!]?"
SAID: Final = rf"\s*(?:的)?(?P<field>{'|'.join(FIELDS)})(?:{_WRONG}[，,\s]*)?{_TO}{_VALUE}(?<![吗么呢])"
"""Behind the number of an order."""
_NOT_IT: Final = r"不是[^，,。?？\s]{1,12}"
SLIP: Final = (
    rf"\s*(?:{_WRONG}(?:[，,\s]+{_NOT_IT})?|{_NOT_IT})[，,\s]*(?:应该|应当|其实|实际|而)*是{_VALUE}(?<![吗么呢])"
)
"""Behind the number of an order, without a word for what is wrong: 不是电梯，是楼道灯; 搞错了，应该是3栋1单元."""
_URGENCIES: Final = {"特急": "emergency", "紧急": "urgent", "加急": "urgent", "普通": "normal", "一般": "normal"}
URGENCY: Final = (
    r"\s*的?(?:紧急程度|级别)?\s*(?:请)?(?:[改调定算标升降换][成为到]?|更正为|按)"
    rf"(?P<value>{'|'.join(_URGENCIES)})(?:件|单|的|来?办|处理){{0,2}}[了吧。.！!]?"
)
_WHOSE: Final = re.compile(r"公司|单位|部门|物业|社区|街道|[局队办所]$")
"""Not what it is, but who has it."""
_INSIDE: Final = re.compile(r"(?:(?P<unit>\d{1,2})单元)?(?:(?P<room>\d{3,4})室?)?(?<=[元\d室])")
_DEEPER: Final = {"building": ("unit", "room", "place"), "place": ("building", "unit", "room")}
_CODED: Final = ("category", "urgency", "intent")


def values(turn: Turn, said: str, value: str) -> dict[str, Any]:
    """The fields that a correction changes; what lay in the other house goes with it."""
    field = FIELDS[said]
    if field in _CODED:
        return {field: _code(turn, field, value)}
    if field != "place":
        return {field: value}
    found = _place(turn, value)
    if not found:
        return {"place": value}
    first = next((name for name in _DEEPER if found.get(name)), None)
    gone = _DEEPER[first] if first is not None else ()
    return {**dict.fromkeys(gone, ""), **found}


def told_by(turn: Turn, demand: Demand, value: str) -> dict[str, Any]:
    """The fields that a value tells by itself: a place, a danger, or a thing of one category. Empty when none."""
    place = value.removesuffix("的")
    if _place(turn, place):
        return values(turn, "地点", place)
    if inner := _INSIDE.fullmatch(place):
        return {name: number for name, number in inner.groupdict().items() if number}
    if _WHOSE.search(value) or value.endswith("的"):
        return {}
    thing = turn.tx.content.labels.category.get(demand.category or "", "")
    for text in (value, f"{thing}{value}"):  # 困人了, of a lift
        heard = hearing.read(turn, text=text)
        if hearing.alarming(heard):
            return {"category": heard[0].category, "urgency": "emergency"}
    kinds = turn.reader.things(value)
    return {"category": next(iter(kinds))} if len(kinds) == 1 else {}


def _code(turn: Turn, field: str, value: str) -> str:
    """By its code or its word; a part of one word alone will do: 用电."""
    if field == "urgency" and value in _URGENCIES:
        return _URGENCIES[value]
    names = getattr(turn.tx.content.labels, field)
    exact = [code for code, word in names.items() if value in (code, word)]
    part = [code for code, word in names.items() if len(value) > 1 and value in word]
    return exact[0] if exact else part[0] if len(part) == 1 else value


def _place(turn: Turn, value: str) -> dict[str, str]:
    """A place as everybody says it, when it is one and hardly a word more."""
    acts = hearing.read(turn, asked="place", text=value)
    if acts[0].why[:1] != ONLY_PLACE[:1]:
        return {}
    names = ("estate", "building", "unit", "room", "place")
    found = {name: str(acts[0].slots[name]) for name in names if acts[0].slots.get(name)}
    named = max((name for name in turn.register.estate_names if value.startswith(name)), key=len, default="")
    rest = value.removeprefix(named)
    if rest and "building" not in found and named:
        found["place"] = rest  # 东门消防通道 and not only 东门
    return found if "building" in found or named else {}
