"""When somebody comes: a unit says it of an order it has taken, and the resident answers.

The bot asks a worker to say when they come; 明天上午九点上门 is that, and no order to take. What the resident
answers, 明天没空 or 上来按门铃, belongs to the order that is being worked on, and its unit reads it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from redprop_bot.dialogue import coming, finding, providers, residents
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.intended import TROUBLE
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_WHEN: Final = re.compile(
    rf"(?:大概|大约|预计|可能|应该|差不多|我|我们|就|在|那|[，,\s])*(?:{coming.TIME}半?[一二三]?刻?|[，,\s])+"
    r"(?:左右|前后|之?前|吧|的?时候)?[。.!！]?"
)
_SEEN: Final = re.compile(r"(?:我们?|师傅|已经?|刚刚?|去|都|[，,\s])*(?:[看查去来]|检查|上门)过了?[。.!！]?")
_READ: Final = re.compile(r"^(?:收到|好的?|行|嗯|知道了|(?i:ok))[，,。 ]{0,2}")
_BEEN: Final = re.compile(r"了|过(?![来去])|[刚已]")
_SHORT: Final = 24  # characters
_FRESH: Final = 48 * 3600  # seconds since the unit was last heard of
_HOME: Final = re.compile(
    coming.TIME + r"[^,，。?？]{0,6}(?:不行|可以|有空|没空|有事|再来|来吧|在家|不在|要去|要上班|太早|太晚)"
    r"|不在家?|在家|[没有]空|不方便|太早了|太晚了|改[到天期个]|换个?(?:时间|日子|天)|[早晚]点来|(?:上|下)班|等你们|等着你们"
    r"|^那?不行[啊呀]?$|门铃|敲门|打个?电话|来之?前|来的时候|(?:修|来|弄|换)的时候|小心|当心|带个|带上"
)
_TAKEN_BACK: Final = re.compile(r"不用|不要|不需要|撤|取消|不修|算了")
_IMPATIENT: Final = re.compile(r"还没|还不|怎么|等了|天了|没来|没人|到底|快|催")
_SURE, _UNSURE = 0.65, 0.45
_REPORTS: Final = frozenset({"demand.report", "suggestion"})
_SAID: Final = frozenset(
    {"greeting", "unknown", "activity.signup", "activity.query", "activity.cancel", "meeting.query", "demand.urge"}
) | {"demand.withdraw", "feedback.unsatisfied"}


def promised(turn: Turn, heard: list[Heard]) -> list[Heard]:
    """明天上午九点上门, 我九点到 of a unit that is at work: progress of that order, which the resident is told."""
    if len(heard) == 1 and not turn.session.asked and (said := _when_or_seen(turn)) is not None:
        return [Heard("order.progress", text=said)]
    if len(heard) != 1 or heard[0].intent not in ("order.accept", "order.fulfil", "greeting", "unknown"):
        return heard
    text = finding.unnumbered(turn.inbound.text).strip()
    bare = _READ.sub("", text)
    if len(text) > _SHORT or not coming.only(bare):
        return heard
    if heard[0].intent == "order.fulfil" and _BEEN.search(text):
        return heard
    taken, waiting = providers.own(turn, Stage.ACCEPTED), providers.own(turn, Stage.DISPATCHED)
    held = finding.reach(turn)
    if bare != text and any(waiting(demand) for demand in held):
        return heard  # 收到: it takes what waits
    if heard[0].slots.get("order"):
        return [replace(heard[0], intent="order.progress")]
    mine = {demand.no for demand in held if taken(demand)}
    if not mine or (any(waiting(demand) for demand in held) and turn.session.demand not in mine):
        return heard  # nothing is taken yet, or it may be said of what waits: with it that is taken
    return [replace(heard[0], intent="order.progress")]


def _when_or_seen(turn: Turn) -> str | None:
    """9点半, 明天上午, 看过了 of a unit with an order in hand: it answers when they come, which the bot asked."""
    text = turn.inbound.text.strip()
    seen = _SEEN.fullmatch(text) is not None
    if len(text) > _SHORT or not (seen or _WHEN.fullmatch(text)):
        return None
    if not any(map(providers.own(turn, Stage.ACCEPTED), finding.reach(turn))):
        return None
    return text if seen else turn.tx.content.replies.say("event.expected", when=text.rstrip("。.!！吧"))


def answered(turn: Turn, heard: Sequence[Heard]) -> bool:
    """明天没空, 上来按门铃, after a unit was heard of: of its order. Returns whether it was that."""
    if len(heard) != 1 or turn.speaker.role not in ("resident", "member") or not turn.inbound.text.strip():
        return False
    if turn.session.asked_kind() not in (None, "which_order", "privacy") or heard[0].urgency == "emergency":
        return False
    if not _may_be_of_a_visit(turn, heard[0]):  # most that is said is not: nothing is looked up for it
        return False
    demand = _at_work(turn)
    if demand is None or not _of_the_visit(turn, heard[0], demand):
        return False
    residents.do(turn, demand, Act.SUPPLEMENT, "done.supplement", text=turn.inbound.text.strip()[:NOTE_LIMIT])
    return True


def _at_work(turn: Turn) -> Demand | None:
    """The order of theirs of which a unit was last heard, not long ago."""
    found = []
    for demand in demands.of_reporter(turn.tx, turn.person_id, limit=20):
        if demand.stage != Stage.ACCEPTED or demand.reporter_id != turn.person_id:
            continue
        told = [e.at for e in demands.history(turn.tx, demand.id or 0) if e.act in (Act.ACCEPT, Act.PROGRESS)]
        if told and (turn.tx.now - told[-1]).total_seconds() <= _FRESH:
            found.append((told[-1], demand.id or 0, demand))
    return max(found)[2] if found else None


def _may_be_of_a_visit(turn: Turn, said: Heard) -> bool:
    """Whether a line speaks of a visit, or says so little that it can be of one; a trouble is a report."""
    text = turn.inbound.text.strip()
    if said.slots.get("estate") or said.slots.get("order") or _IMPATIENT.search(text):
        return False  # 在家等了一上午还没来: that hurries
    if said.intent in _SAID:
        sure = said.intent not in ("greeting", "unknown") and said.confidence > _SURE
        return not sure and _HOME.search(text) is not None and not _TAKEN_BACK.search(text)
    return said.intent in _REPORTS and said.confidence < _SURE and not TROUBLE.search(text)


def _of_the_visit(turn: Turn, said: Heard, demand: Demand) -> bool:
    """Whether it is of the visit for this order: of no other place nor, in few words, of another thing."""
    if any(said.slots.get(name) not in (None, getattr(demand, name)) for name in ("building", "unit", "room")):
        return False
    if said.intent in _SAID or _HOME.search(turn.inbound.text.strip()):
        return True
    foreign = turn.reader.things(turn.inbound.text.strip()) - {demand.category}
    return said.confidence < _UNSURE and not foreign
