"""换了个灯泡, 1号单没材料: what only sounds like 完成 or 退单 is asked, or noted as progress, and ends nothing.

Both end the work of a unit, and nobody there can take it back; progress loses nothing.
"""

import re
from typing import Any, Final

from redprop_bot.dialogue import finding, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import returning, whistle
from redprop_bot.loop.acts import perform
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands, whistles
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

ASKED: Final = "done_or_going"
_SURE: Final = 0.6
_ANSWERS: Final = 120
"""Seconds in which 好的 is said to the bot."""
_ENDS: Final = {"order.fulfil": (Act.FULFIL, "办好了"), "order.return": (Act.RETURN, "退单")}
_GOING: Final = "还在办"
_ONLY_NAMES: Final = re.compile(r"(?:照片|图片|视频|地址|电话|联系方式|材料|资料)[呢啊]?[。.]?$")
_NOBODY_HOME: Final = re.compile(
    r"不在家|(?:敲门|家里|屋里|上门|叫门|门口)[^，,。]{0,4}(?:没人|无人)|(?:没|无)人(?:开门|应门?|在家)|敲不开"
)
_ON_THE_WAY: Final = re.compile(
    r"电话|(?:明[天早晚]|后天|[周期拜][一二三四五六日天]|今[天晚]|[上下]午|晚上|[点号日]|马上|一会|等下)"
    r"[^，,。]{0,4}[来去到修弄看](?![了过完好的不])"
)
_GOES_ON: Final = frozenset({"进展", "是进展", "有进展", "还没", "还没好", "没办好", "没有", "没呢", "在办"})

_UNDERSTOOD: Final = re.compile(r"(?:知道|晓得|了解|明白)了?[啊呀哈。.!！~]{0,2}")


def nodded(turn: Turn) -> list[Heard]:
    """好的, 知道了, 👌 of who got the card of an order that waits: that it is taken, never that it is done.

    Else empty.
    """
    text = turn.inbound.text.strip()
    understood = _UNDERSTOOD.fullmatch(text) is not None
    if turn.speaker.role != "provider" or not providers.NOD.fullmatch(text):
        return []
    waits = providers.sent(turn)
    if understood:  # to several cards it may be no more than that they were read
        one = len(waits) == 1 and not _just_acted(turn)
        return [Heard("order.accept" if one else "greeting", text=text)]
    called = whistles.waiting_for(turn.tx, whistle.units_of(turn.tx, turn.actor), ["called"])
    waiting = (bool(waits) or ("收到" in text and bool(called))) and ("收到" in text or not _just_acted(turn))
    return [Heard("order.accept" if waiting else "greeting", text=text)]


def _just_acted(turn: Turn) -> bool:
    """Whether a nod may answer what the bot has just said of another order, and takes none."""
    talked = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    last = demands.history(turn.tx, talked.id or 0)[-1] if talked is not None else None
    return bool(last and last.by_id == turn.person_id and (turn.tx.now - last.at).total_seconds() <= _ANSWERS)


def doubtful(heard: Heard) -> bool:
    """Whether an act without its verb is hardly more than a guess at the end of the work."""
    if heard.intent not in _ENDS:
        return False
    return heard.confidence < _SURE or _ONLY_NAMES.search(heard.text) is not None


def settled(turn: Turn, heard: Heard) -> bool:
    """Note it or ask what it is; False where no order of the speaker's unit can be meant by it."""
    said = heard.text or turn.inbound.text
    if going(said):
        return noted(turn, heard)
    if heard.intent == "order.return" and returning.reason_of(turn.tx, said) is None:
        return False  # why is asked before anything is returned
    return ask(turn, heard)


def ask(turn: Turn, heard: Heard) -> bool:
    """Whether it is over or goes on; False where no order of the speaker's unit can be meant."""
    said = heard.text or turn.inbound.text
    act, ends = _ENDS[heard.intent]
    mine = providers.own(turn, *flow.AT_WORK)
    found = [d for d in finding.meant(turn, heard, act, fits=mine) if mine(d)]
    if found:
        turn.session.ask(ASKED, nos=[d.no for d in found], options=[ends, _GOING], intent=heard.intent, words=said)
        turn.say("ask.ended_or_going", no="、".join(d.no for d in found), ends=ends, going=_GOING)
    return bool(turn.said)


def going(said: str) -> bool:
    """Whether the words tell how it stands: nobody was at home, somebody was called, somebody comes tomorrow."""
    return _NOBODY_HOME.search(said) is not None or _ON_THE_WAY.search(said) is not None


def nobody_home(said: str) -> bool:
    """敲门没人应: of who came to mend something."""
    return _NOBODY_HOME.search(said) is not None


def noted(turn: Turn, heard: Heard) -> bool:
    """Take it as progress of the speaker's order; False where there is none."""
    mine = providers.own(turn, *flow.AT_WORK)
    found = [d for d in finding.meant(turn, heard, Act.PROGRESS, fits=mine) if mine(d)]
    for demand in found:
        _progress(turn, demand, heard.text or turn.inbound.text)
    return bool(turn.said)


def answered(turn: Turn, asked: dict[str, Any], text: str, option: str | None) -> bool:
    """The answer: it is over, or it goes on. Whatever else is said is read as it stands."""
    option = _GOING if text in _GOES_ON else option
    if option is None:
        return False
    turn.session.asked = None
    for no in asked["nos"]:
        demand = demands.by_no(turn.tx, str(no))
        if demand is None:
            continue
        if option == _GOING:
            _progress(turn, demand, str(asked["words"]))
        else:
            slots: dict[str, str | int] = {"order": demand.no, "reason": str(asked["words"])}
            step = providers.fulfil if asked["intent"] == "order.fulfil" else providers.give_back
            step(turn, Heard(str(asked["intent"]), slots=slots, text=str(asked["words"])))
    return True


def _progress(turn: Turn, demand: Demand, words: str) -> None:
    note = finding.unnumbered(words) or words
    done = turn.attempt(lambda: perform(turn.tx, demand, Act.PROGRESS, turn.actor, {"note": note}))
    if done is not None:
        turn.session.demand = done.no
        turn.say(providers.worded(done, "done.progress"), **turn.about(done))
