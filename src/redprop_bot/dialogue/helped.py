"""修好了, 弄好了 of who helps: closing is the unit's; they and who asked are told."""

import re
from functools import partial
from typing import Final

from redprop_bot.dialogue import coming, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import speak
from redprop_bot.loop.acts import perform
from redprop_bot.rules import flow
from redprop_bot.rules.flow import RUNNING, Act, Stage
from redprop_bot.store import activities, demands, pairings
from redprop_bot.store.tables import Demand, Pairing, PairingAsk
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.volunteers import pairing_telling

_DONE: Final = re.compile(
    r"(?:(?:我们?|我这边|我这里|[他她]家的?|那边|人|东西|活儿?|都|已经?|刚刚?|刚才|给|帮|替|把"
    r"|[他她]|老人家?|事情?|[，, ])*"
    r"(?:弄|修|办|做|忙|搞|帮|理|剪|送|搬|装|换|教|陪)(?:完|好)(?:了|啦)?[。！!~ ]*)"
)
_CANNOT: Final = re.compile(
    r"(?:不好意思|对不起|我|今天|明天|临时|突然|家里|有点?|有急?事|[，, ])*(?:来|去|到)不(?:了|成)了?[啊呀。]?"
)
_STANDS: Final = re.compile(
    rf"{_CANNOT.pattern}|(?:我|我们|大概|大约|预计|争取|[，, ])*(?:{coming.TIME}|[，, ])+(?:左右|前"
    rf"|之前)?(?:我|就)?(?:去|来|到|过去|过来|上门)(?:看看?|帮忙|一趟)?[吧。]?"
    r"|(?:我)?(?:刚才?|去了?|到了?|来了?|[，, ])*(?:敲门|家里|屋里|门口)?(?:没人|无人|没有人)(?:应|开门?|在家?"
    r"|答应)?[。]?"
    r"|(?:药|菜|东西|饭|米|油|快递|轮椅)[^，,。没不]{0,3}(?:买|拿|取|送|带)(?:好|到|来|回来|过去)?了[。]?"
)
_NUMBER: Final = re.compile(r"D\d{8}-\d{4,}|(?<!\d)\d{1,6}(?=号)")


def run(turn: Turn) -> bool:
    """A short word that it is done, of who agreed to the help that was spoken of last."""
    if turn.session.asked is None and _stands(turn):
        return True
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


def _stands(turn: Turn) -> bool:
    """明天上午九点到, 敲门没人, 来不了了 of who helps with an order: who waits for them hears it."""
    text = turn.inbound.text.strip()
    if turn.speaker.role not in ("member", "resident") or not _STANDS.fullmatch(text):
        return False
    agreed = {_pairing(turn, ask).need_id for ask in _agreed(turn)}
    helps = [
        demand
        for demand in demands.of_helper(turn.tx, turn.person_id)
        if demand.stage in RUNNING and demand.reporter_id != turn.person_id and demand.id not in agreed
    ]
    talked = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if talked is not None and talked.reporter_id == turn.person_id and flow.is_open(talked.stage):
        return False  # of what they reported themselves
    helps = [demand for demand in helps if demand.no == turn.session.demand] or helps
    if len(helps) != 1 or (_CANNOT.fullmatch(text) and activities.of_person(turn.tx, turn.person_id, turn.tx.now)):
        return False
    note = turn.tx.content.replies.say("pairing.helper_says", what=text)
    if helps[0].stage == Stage.ACCEPTED:
        done = turn.attempt(partial(perform, turn.tx, helps[0], Act.PROGRESS, turn.actor, {"note": note}))
    else:
        done = turn.attempt(partial(speak.tend, turn.tx, helps[0], turn.actor, note=note))
    if done is not None:
        turn.session.demand = done.no
        turn.say("pairing.helper_told", no=done.no)
    return bool(turn.said)
