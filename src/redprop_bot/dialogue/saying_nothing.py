"""Lines that are read as a report and are none: 等我看看, 我耳朵不好, 1单元4楼, 我搬到2栋301了.

Where nothing is named that could be wrong, no order is opened with a matter that nobody spoke of: the words belong
to what was reported a moment ago, or it is asked what the matter is.
"""

import re
from collections.abc import Sequence
from typing import Final

from redprop_bot.dialogue import reporting, residents, slips
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import placing
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.rules.flow import Act
from redprop_bot.store import people
from redprop_bot.store.tables import Demand, Person
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.answers import ONLY_PLACE

_MINUTES: Final = 600  # seconds in which a line without a matter belongs to the last report
_LONGEST: Final = 14  # characters
_MATTER: Final = re.compile(
    r"[坏漏堵停断吵臭脏满烧裂塌丢偷挤占坑烂黑烫滑味狗猫鼠虫火烟倒打骂抢闹响亮灯水电气网门锁车梯]|不[通走动热冷转]"
    r"|摔|疼|痛|饿|晕|喘|病|死|救|怕|不行|家|楼|门口|厨房|卫生间|阳台|厕|小区|院|路|又|投诉|反映|[0-9]"
)
_ON_ONESELF: Final = re.compile(
    r"我(?:的)?(?:耳朵|眼睛|眼神|不识字|不认字|不会打字|打字|年纪|岁数|是?替|是?帮)[^,，。]{0,8}"
)
_SIGHS: Final = re.compile(
    r"(?:真是|真的|我|算|唉|哎)*(?:服了|无语|烦死|气死|受够|醉)(?:你们|他们|我|了)*[。！!~]*"
    r"|(?:今天|真|好|太|外面)*(?:热|冷|困|累|饿|渴)(?:得要命|得要死|死(?:我|个人)?了|坏了|得慌)[。！!~]*"
)
_N: Final = r"[0-9一二三四五六七八九十]{1,3}"
_FLOOR: Final = re.compile(
    rf"(?:{_N}(?:栋|号楼|幢))?(?:{_N}(?:单元|门))?第?{_N}[楼层](?:到{_N}[楼层])?(?:那个|那盏|那里|的)?"
)
_MOVED: Final = re.compile(
    r"(?:我们?家?)?(?:已经|刚刚?|最近|上个?月|昨天|前天|今天)?(?:搬到|搬去|搬来|搬家到|现在住在?)"
    r"(?P<where>[^,，。！!?？坏漏堵停断]{2,24}?)(?:住|来)?[了啦的]{0,2}[。！!]?"
)


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Take in a line that reports nothing. Returns whether it was one."""
    if turn.speaker.role not in ("resident", "member") or len(heard) != 1 or heard[0].urgency == "emergency":
        return False
    if turn.session.asked_kind() == "place":
        return False
    return _moved(turn) or _floor(turn, heard[0]) or _hollow(turn, heard[0])


def _moved(turn: Turn) -> bool:
    match = _MOVED.fullmatch(turn.inbound.text.strip())
    said = slips.place_said(turn, match["where"]) if match else None
    if said is None or said.why != ONLY_PLACE:
        return False
    person = turn.speaker.person
    estate = turn.register.estate(str(said.slots.get("estate") or ""))
    estate_id = estate.id if estate else person.estate_id
    if estate_id is None:
        return False
    home = {name: str(value) if (value := said.slots.get(name)) else None for name in ("building", "unit", "room")}
    assert person.id is not None
    people.meet(turn.tx, turn.tx.update(Person, person.id, estate_id=estate_id, **home))
    name = turn.register.estates[estate_id].name
    where = "".join(
        f"{home[n]}{sign}" for n, sign in (("building", "栋"), ("unit", "单元"), ("room", "")) if home[n]
    )
    turn.say("done.home", home=f"{name}{where}")
    return True


def _floor(turn: Turn, said: Heard) -> bool:
    """1单元4楼, after 楼道灯不亮 / 槐荫里2栋: where it is more exactly, and no lift."""
    text = turn.inbound.text.strip()
    if not _FLOOR.fullmatch(text):
        return False
    demand = slips.last(turn, _MINUTES)
    if demand is None or any(
        said.slots.get(n) is not None and getattr(demand, n) not in (None, said.slots[n])
        for n in ("building", "unit")
    ):
        return False
    _added(turn, demand, text)
    where = reporting.report_of(turn, Heard(demand.intent, slots=said.slots, text=text), about=demand)
    if placing.missing(turn.tx, demand, turn.actor, where):
        turn.attempt(lambda: placing.place(turn.tx, demand, turn.actor, where))
    return True


def _hollow(turn: Turn, said: Heard) -> bool:
    """等我看看: hardly anything, and nothing that could be wrong with a house."""
    text = turn.inbound.text.strip()
    if _SIGHS.fullmatch(text):
        turn.say("ask.what")
        return True
    oneself = _ON_ONESELF.match(text) is not None
    reports = ("demand.report", "suggestion", "demand.supplement") if oneself else ("demand.report", "suggestion")
    if said.intent not in reports or said.confidence >= reporting.VAGUE:
        return False
    named = turn.reader.things(text) or _MATTER.search(text) or any(said.slots.get(n) for n in ("room", "phone"))
    if not oneself and (named or len(text) > _LONGEST):
        return False
    demand = slips.last(turn, _MINUTES)
    if demand is None or not _added(turn, demand, text):
        turn.say("ask.what")
    return True


def _added(turn: Turn, demand: Demand, text: str) -> bool:
    return residents.do(turn, demand, Act.SUPPLEMENT, "done.supplement", text=text[:NOTE_LIMIT])
