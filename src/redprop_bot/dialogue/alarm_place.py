"""An alarm that nobody can find yet: the first place that is named is its place, whatever its words sound like.

河湾新村9栋楼顶, after 有人要跳楼, is no roof to be mended. What is told besides is done after it.
"""

import re
from collections.abc import Sequence
from typing import Final

from redprop_bot.dialogue import alarms, asking_where, hearing, reporting, slips, spots, whereabouts
from redprop_bot.dialogue.turn import Turn
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import DANGER, DANGER_GUESSED
from redprop_bot.understand.acts import Act as Heard

_PLACE: Final = ("estate", "building", "unit", "room", "place", "phone")
_OTHER_WORK: Final = ("order.", "meeting.", "visit.", "activity.", "demand.withdraw")
_ASKS: Final = re.compile(r"[?？]|[吗么呢]$|什么|哪|几点|多少")
_SURE, _CLEAR = 0.6, 0.67


def run(turn: Turn) -> bool:
    """Give the alarm the place that was named, then do what else was told. Returns whether one was named."""
    waits = [demand for demand in asking_where.waiting(turn) if _is_not_found(demand)]
    if not waits or alarms.is_safe(turn.inbound.text.strip()):
        return False
    plain = hearing.read(turn)
    kinds = {(demand.intent, demand.category) for demand in waits}
    if any(_is_of_other_work(act) or _is_other_danger(act, kinds) for act in plain):
        return False
    said = slips.place_said(turn) or _named(turn, plain)
    if said is None or not _finds(turn, said, waits):
        return False
    told = [act for act in plain if _is_other_trouble(act, kinds)]
    if len(told) == len(plain) and all(demand.estate_id for demand in waits):
        return False  # 2栋1单元灯不亮, where the estate is known: the danger may be in any other house of it
    if not whereabouts.placed(turn, said, besides=len(told) < len(plain)):
        return False
    if told:
        reporting.report(turn, told)
    return True


def _is_not_found(demand: Demand) -> bool:
    nowhere = demand.estate_id is None or not (demand.building or demand.place)
    return demand.urgency == "emergency" and demand.controlled_at is None and nowhere


def _is_of_other_work(act: Heard) -> bool:
    return act.intent.startswith(_OTHER_WORK) and act.confidence >= _SURE


def _is_other_danger(act: Heard, kinds: set[tuple[str, str | None]]) -> bool:
    """槐荫里2栋着火了, after 电梯困人: named in so many words, it may be anywhere else than the first one."""
    named = any(why.startswith(DANGER) and why != DANGER_GUESSED for why in act.why)
    return act.urgency == "emergency" and named and (act.intent, act.category) not in kinds


def _is_other_trouble(act: Heard, kinds: set[tuple[str, str | None]]) -> bool:
    """槐荫里3栋电梯坏了: clear by itself. A danger that is only guessed is more of the alarm."""
    if act.intent not in reporting.INTENTS or act.urgency == "emergency" or act.category == "other":
        return False
    if (act.intent, act.category) in kinds or act.confidence < _CLEAR:
        return False
    return not spots.only(act.text) and not spots.guides(act.text)


def _named(turn: Turn, plain: Sequence[Heard]) -> Heard | None:
    """The place in a message that says a good deal more."""
    for act in plain:
        slots = {name: act.slots[name] for name in _PLACE if act.slots.get(name)}
        if slots:
            return Heard("demand.supplement", slots=slots, text=turn.inbound.text)
    return None


def _finds(turn: Turn, said: Heard, waits: Sequence[Demand]) -> bool:
    """Whether somebody could go there: an estate, a building; a gate or a floor of an estate that is known."""
    if said.slots.get("building"):
        return True
    if said.slots.get("estate"):
        text = turn.inbound.text.strip()
        return bool(said.slots.get("place")) or not _ASKS.search(text) or whereabouts.answers_first(text, said)
    return all(demand.estate_id for demand in waits) and any(said.slots.get(n) for n in ("unit", "room", "place"))
