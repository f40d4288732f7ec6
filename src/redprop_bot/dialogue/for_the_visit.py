"""敲门敲重点, 钥匙在门卫, 狗不咬人: what those who come for an order have to know, no matter and hardly a danger.

Only what nobody has named a danger, what is a guess at best, and what tells of nobody who does not answer.
"""

import re
from collections.abc import Sequence
from typing import Final

from redprop_bot.dialogue import residents, slips
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import RUNNING
from redprop_bot.understand.acts import DANGER
from redprop_bot.understand.acts import Act as Heard

_SECONDS: Final = 24 * 3600
_GUESS: Final = 0.6
_HINT: Final = re.compile(
    r"敲门|门铃|钥匙|门卫|门禁|来之前|来的时候|上门|耳朵?[背聋]|听不见|打.{0,2}电话|一个人在家"
)
_AT_THE_DOOR: Final = re.compile(
    r"[狗猫]不(?:咬|凶)|(?:家|屋里)[^，,。]{0,4}[狗猫][^，,。没不]{0,4}(?:[拴关牵](?:好|着|起来|住了?|了))|别(?:走|敲|按|跑)错"
    r"|(?:门铃|门)(?:坏|不响)[^，,。]{0,4}[，,]?(?:直接)?(?:敲|喊|打)"
)
"""What is told of the way to the door."""
_TROUBLE: Final = re.compile(r"[叫吵臭尿屎乱怕吓]|楼[道下上]|过道|小区|投诉|管管")
"""Somebody's dog is a matter of its own."""
_DANGER: Final = re.compile(
    r"没人?应|没动静|没声|没回|不应|不开门|敲不开|不接|[叫喊]不|联系不上|倒|摔|晕|昏|血|疼|痛|病|烧|火|烟|喘|不动|不醒|不行|出事|救|急"
)


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Add it to the last order, and say what to do if it is a danger after all. Returns whether it was that."""
    text = turn.inbound.text
    if len(heard) != 1 or any(why.startswith(DANGER) for why in heard[0].why) or _DANGER.search(text):
        return False
    guessed = heard[0].urgency == "emergency"
    if not (heard[0].confidence < _GUESS and _HINT.search(text) if guessed else _at_the_door(text)):
        return False
    demand = slips.last(turn, _SECONDS)
    if demand is None or demand.urgency == "emergency" or demand.stage not in RUNNING:
        return False
    slots = {**heard[0].slots, "order": demand.no}
    residents.supplement(turn, Heard("demand.supplement", slots=slots, text=text.strip()))
    if guessed:
        turn.say("done.if_hurt")
    return True


def _at_the_door(text: str) -> bool:
    return _AT_THE_DOOR.search(text) is not None and _TROUBLE.search(text) is None
