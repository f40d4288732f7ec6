"""Words about an act are not the act: what is asked, denied or put off changes no order."""

import re
from collections.abc import Callable
from dataclasses import replace

from redprop_bot.dialogue import (
    dispatch_words,
    doubted,
    finding,
    hearing,
    meeting_guests,
    progress_asked,
    providers,
    secretaries,
)
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import Act
from redprop_bot.rules.intended import Said, clauses, how
from redprop_bot.understand.acts import Act as Heard

_SURE = 0.6
_GUESSED = 0.5
_ACTS = {"order.close": Act.CLOSE, "order.escalate": Act.ESCALATE}
_CLOSES = re.compile(r"办结|归档|结案|了结|闭环|终止")
_SUPPOSED = re.compile(r"(?:要是|如果|假如|万一|除非)[^，,。]{1,14}[再就才]?(?:派|转|交)给?")
"""万和要是不接就派给康居: nobody is sent yet."""
_DONE_AND = re.compile(r"(?<=了)(?=[^了]{1,8}[也都](?:通|好|修|换|弄|清|装|亮|搞))")
"""电梯修好了下水道也通了: without a comma."""


def guarded(outcome: Callable[[Turn, Heard], None]) -> Callable[[Turn, Heard], None]:
    """Do what is said only where it is meant; else answer, note it, or say what to say."""

    def checked(turn: Turn, heard: Heard) -> None:
        for act in _apart(turn, heard):
            said = how(act.intent, act.text or turn.inbound.text)
            if said is Said.ASKED:
                _tell(turn, act)
            elif act.intent == "order.dispatch":
                _dispatched(turn, act, outcome)
            elif said is Said.LATER and act.intent == "order.fulfil":
                providers.progress(turn, replace(act, intent="order.progress"))
            elif said is Said.NOT and _doubted(turn, act):
                continue
            elif _is_meant(act, said):
                outcome(turn, act)
            elif act.intent in _ACTS and said is Said.MEANT:
                _ask(turn, act)
            else:
                turn.say(f"untouched.{act.intent.removeprefix('order.')}")

    return checked


def _doubted(turn: Turn, heard: Heard) -> bool:
    """Whether a guess at the end of the work was noted or asked; 关了阀 of a danger is what was waited for."""
    return doubted.doubtful(heard) and not providers.calms(turn, heard) and doubted.settled(turn, heard)


def _dispatched(turn: Turn, heard: Heard, outcome: Callable[[Turn, Heard], None]) -> None:
    text = heard.text or turn.inbound.text
    meant = None if _SUPPOSED.search(text) else dispatch_words.meant(turn, heard)
    if meant is None:
        turn.say("untouched.dispatch")
    else:
        outcome(turn, meant)


def _is_meant(heard: Heard, said: Said) -> bool:
    """Whether the act is to be done; what closes, merges or tables by a mere guess is not."""
    if heard.intent == "order.close" and "挂账" in heard.text and not _CLOSES.search(heard.text):
        return False  # 解除挂账 goes on with it, and ends nothing
    numbered = bool(heard.slots.get("order"))
    if heard.intent in ("order.close", "order.escalate", "order.merge"):
        if said is Said.NOT:
            return heard.confidence >= _SURE
        return said is Said.MEANT and (numbered or heard.confidence >= _GUESSED)
    return said in (Said.MEANT, Said.NOT)


def _apart(turn: Turn, heard: Heard) -> list[Heard]:
    """1号修好了，2号没修好 is two things; a sentence that says one of all its orders stays one."""
    text = heard.text or turn.inbound.text
    if heard.intent == "order.fulfil" and not heard.slots.get("order") and (each := _things(turn, text)):
        return each
    if "," not in str(heard.slots.get("order") or "") or how(heard.intent, text) is not Said.MEANT:
        return [heard]
    parts = clauses(text)
    if all(how(heard.intent, part) in (Said.MEANT, Said.NOT) for part in parts):
        return [heard]
    acts = [act for part in parts for act in hearing.read(turn, text=part)]
    numbers = {n for act in acts for n in str(act.slots.get("order") or "").split(",") if n}
    same = numbers == set(str(heard.slots["order"]).split(","))
    return [replace(act, intent=heard.intent) for act in acts if act.slots.get("order")] if same else [heard]


def _things(turn: Turn, text: str) -> list[Heard]:
    """电梯修好了，漏水也修好了: each clause is of the thing that it names, where all do and each of another."""
    parts = [piece for part in clauses(text) for piece in _DONE_AND.split(part)]
    kinds = [turn.reader.things(part) for part in parts]
    apart = len(parts) > 1 and all(kinds) and len(frozenset().union(*kinds)) == sum(map(len, kinds))
    said = [how("order.fulfil", part) for part in parts]
    if not apart or Said.MEANT not in said or any(one not in (Said.MEANT, Said.NOT) for one in said):
        return []
    held = [demand.category for demand in finding.able(turn, Act.FULFIL, providers.own(turn))]
    if not all(any(category in kind for category in held) for kind in kinds):
        return []  # 灯换好了，开关也修好了, of one order
    acts = [(part, hearing.read(turn, text=part)[0].slots) for part in parts]
    return [Heard("order.fulfil", slots=slots, text=part) for part, slots in acts]


def _tell(turn: Turn, heard: Heard) -> None:
    """Asked whether it is done: how the order stands, or the list; a meeting's records where those are meant."""
    if heard.intent == "order.escalate" and "会" in heard.text and not heard.slots.get("order"):
        meeting_guests.query(turn, heard)
    else:
        progress_asked.answer(turn, replace(heard, intent="progress.query"))


def _ask(turn: Turn, heard: Heard) -> None:
    """A guess, and no number: even of one it is asked."""
    act = _ACTS[heard.intent]
    likely = finding.able(turn, act, secretaries.of_mine(turn))
    if likely:
        finding.ask_which(turn, heard, act, finding.described(turn, heard, likely) or likely)
    else:
        turn.say("ask.no_order_here")
