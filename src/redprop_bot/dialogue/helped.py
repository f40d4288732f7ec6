"""修好了, 弄好了 of who helps: closing is the unit's; they and who asked are told."""

import re
from typing import Final

from redprop_bot.dialogue import providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands, pairings
from redprop_bot.store.tables import Demand, Pairing, PairingAsk
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.volunteers import pairing_telling

_DONE: Final = re.compile(
    r"(?:(?:我们?|我这边|我这里|[他她]家的?|那边|人|东西|活儿?|都|已经?|刚刚?|刚才|给|帮|替|把"
    r"|[他她]|老人家?|事情?|[，, ])*"
    r"(?:弄|修|办|做|忙|搞|帮|理|剪|送|搬|装|换|教|陪)(?:完|好)(?:了|啦)?[。！!~ ]*)"
)
_NUMBER: Final = re.compile(r"D\d{8}-\d{4,}|(?<!\d)\d{1,6}(?=号)")


def run(turn: Turn) -> bool:
    """A short word that it is done, of who agreed to the help that was spoken of last."""
    if turn.session.asked is not None or not _DONE.fullmatch(turn.inbound.text.strip()):
        return False
    found = [ask for ask in _agreed(turn) if _pairing(turn, ask).need_no == turn.session.demand]
    return bool(found) and _done(turn, found[0])


def said(turn: Turn, heard: Heard) -> bool:
    """报完成 of who holds no post for it and helps; returns whether they do."""
    text = heard.text or turn.inbound.text
    agreed = _agreed(turn)
    if number := _NUMBER.search(text):
        agreed = [a for a in agreed if _pairing(turn, a).need_no.endswith(number[0].zfill(4))]
    if len(agreed) == 1:
        return _done(turn, agreed[0])
    if not demands.of_helper(turn.tx, turn.person_id):
        return False
    providers.progress(turn, heard)
    return True


def _agreed(turn: Turn) -> list[PairingAsk]:
    found = pairings.agreed(turn.tx, turn.person_id)
    return [ask for ask in found if _pairing(turn, ask).need == "demand"]


def _pairing(turn: Turn, ask: PairingAsk) -> Pairing:
    return turn.tx.get(Pairing, ask.pairing_id)


def _done(turn: Turn, ask: PairingAsk) -> bool:
    pairing = _pairing(turn, ask)
    demand = turn.tx.get(Demand, pairing.need_id)
    noted = None
    if demand.stage == Stage.ACCEPTED:  # it stands in the order then, and its reporter hears of it
        note = {"note": turn.inbound.text.strip()}
        noted = turn.attempt(lambda: perform(turn.tx, demand, Act.PROGRESS, turn.actor, note))
        if noted is None:
            return True
    pairing_telling.helped(turn.tx, pairing, ask, reporter=noted is None)
    turn.say("pairing.helped", no=pairing.need_no)
    return True
