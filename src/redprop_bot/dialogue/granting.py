"""只能延两天, 给他们宽限三天, 不能再延: how a secretary answers a unit that asked for more days.

It comes before language, which reads a matter or a decision of a meeting in such words. Without a request that
waits only what plainly grants days is taken, and told that nobody asked.
"""

import re
from typing import Final

from redprop_bot.dialogue import finding, more_days, order_steps, pause_words, secretaries, written_days
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand
from redprop_bot.understand.slots import amounts

_LONGEST: Final = 40
_OWN: Final = frozenset({"days", "extend_reason"})
"""Questions to a unit that asks for more days itself, which a secretary with a post there may answer."""

_NO: Final = r"(?:(?P<no>D\d{8}-\d{4,}|\d{1,6}号单?|\d{1,6}单)的?[，,\s]*)?"
_AMOUNT: Final = r"(?P<amount>(?:\d{1,3}|[一二两三四五六七八九十半俩仨]{1,3})\s?个?(?:工作日|天|周|星期|礼拜|月))"
_LONG: Final = r"(?:[^，,。]{0,10}(?:长|久|多|不行|不成|不可以|不能)了?[，,。\s]+)?"
_AGREED: Final = r"同意|批准|准了?|批了?|可以|能|行|好的?|没问题"
_YES: Final = rf"(?:(?P<yes>{_AGREED})(?:了|的|吧)?[，,。\s]*)?"
_WHO: Final = (
    r"(?:(?:再|就|先|只能|最多)?(?P<to>给|让|准|许|容|宽限|同意|批准)"
    r"(?P<who>[^，,。\d延缓宽最只]{1,12}?)(?:的|申请的?)?[，,\s]*)?"
)
_MOST: Final = r"(?P<most>(?:只能|只|最多|至多|顶多|可以|能|先|就|再|也|还是)*)"
_VERB: Final = r"(?P<verb>延长?期?|展期|宽限|宽|缓|给|批|准)?(?:他们?|她们?|你们|它)?(?:最多|个)?\s*"
_END: Final = r"(?:时间)?(?:够了|好了|就行|就够了|[了吧啊哦])?[。.!！]?"
_GRANTS: Final = tuple(
    re.compile(rf"{_LONG}{_YES}{_NO}{_WHO}{_MOST}{_VERB}{amount}{_END}")
    for amount in (_AMOUNT, r"[到至](?P<until>[^，,。\s]{2,14}?)(?:为止)?")
)
_REFUSES: Final = re.compile(
    rf"(?:不行|不成|不可以)?[，,。\s]*{_NO}(?:不(?:能|给|准|许|让|同意|批准|可以)?(?:他们?|她们?)?(?:再)?"
    r"|别再?|(?:没法|无法)再?)(?:延|缓|宽限)(?:期|时间)?[了的]?[。.!！]?"
)
_PLAIN: Final = re.compile("延|宽限|展期")


def run(turn: Turn) -> bool:
    """Grant or refuse the days that a unit asked for; returns whether the message was about that."""
    text = turn.inbound.text.strip()
    if turn.speaker.role != "secretary" or len(text) > _LONGEST or turn.session.asked_kind() in _OWN:
        return False
    if said := _REFUSES.fullmatch(text):
        return _decide(turn, _waiting(turn, said["no"], None), None, no=True)
    said = next((found for form in _GRANTS if (found := form.fullmatch(text))), None)
    if said is None or not (said["verb"] or said["most"] or said["yes"] or said["to"]):
        return False
    waiting = _waiting(turn, said["no"], said["who"])
    if not waiting:
        names = _PLAIN.search(f"{said['to'] or ''}{said['verb'] or ''}") is not None
        answers = said["yes"] or said["to"] or said["most"] or turn.session.asked is None
        if names and answers and "amount" in said.groupdict():
            turn.say("error.no_extension")
        return bool(turn.said)
    if "amount" in said.groupdict():
        return _decide(turn, waiting, amounts.days(said["amount"]), no=False)
    return _until(turn, waiting, said["until"])


def _waiting(turn: Turn, number: str | None, who: str | None) -> list[Demand]:
    """Orders for which more days are asked, of the number or the unit that is named."""
    ours = secretaries.of_mine(turn)
    waiting = [d for d in finding.able(turn, Act.GRANT) if d.extension_days and ours(d)]
    if number:
        named = {d.no for d in finding.by_number(turn, number.rstrip("号单"))}
        return [demand for demand in waiting if demand.no in named]
    unit = turn.register.organisation(secretaries.unit_meant(turn, who) or "") if who else None
    return waiting if unit is None else [demand for demand in waiting if demand.handler_id == unit.id]


def _until(turn: Turn, waiting: list[Demand], words: str) -> bool:
    """延到下周五: the days up to it, so that the new term lies on it and not behind it."""
    day = pause_words.until(words, turn.tx.now, turn.tx.content.zone) or written_days.day_of(turn, words)
    if day is None:
        return False
    days = int(more_days.beyond(turn, waiting[0], day)) if len(waiting) == 1 else 1
    if days < 1:  # no later than the term that there is
        turn.say("form.grant")
        return True
    return _decide(turn, waiting, days, no=False)


def _decide(turn: Turn, waiting: list[Demand], days: int | None, *, no: bool) -> bool:
    """Of several it is asked which."""
    if not waiting:
        return False
    number = waiting[0].no if len(waiting) == 1 else None
    order_steps.decide(turn, number, None if days is None else str(days), no=no)
    return True
