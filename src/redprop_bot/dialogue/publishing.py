"""同意公布, 不公布: the words of the button, typed by whoever decides what is put up of wishes and offers.

Without a number they mean what waits, where only one thing does; a bare 同意 means the card that came last.
"""

import re
from typing import Any, Final

from redprop_bot.dialogue import offers, wish_acts
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.loop.offers import LISTS
from redprop_bot.notify import words
from redprop_bot.store import lists, messages
from redprop_bot.store import wishes as rows
from redprop_bot.store.tables import Resource, Service, Wish

Waiting = Wish | Resource | Service

_SHOWN: Final = 8
_END: Final = r"(?:吧|了|的|哦|啊)?[。.！!~]*"
_YES: Final = re.compile(rf"(?:(?:可以|行|好的?|嗯|没问题)[，, ]*)?(?:同意|可以)?(?:公布|上墙)(?:出去)?{_END}")
_NO: Final = re.compile(rf"(?:先|暂时?)?(?:不同意|不予|不要?|别|不能)(?:公布|上墙){_END}")
_AGREED: Final = re.compile(rf"(?:我)?(?P<not>不)?同意{_END}")
_NUMBER: Final = re.compile(r"(?P<kind>[RS])(?:\d{8}-)?(?P<tail>\d{1,12})(?!\d)\s*号?", re.IGNORECASE)


def run(turn: Turn) -> bool:
    """Decide what waits for the speaker's word, where a sentence is that word; returns whether it was."""
    text = turn.inbound.text.strip()
    number = _NUMBER.search(text)
    said = (text[: number.start()] + text[number.end() :] if number else text).strip(" ，,：:")
    agreed = _AGREED.fullmatch(said)
    if turn.speaker.role != "secretary" or not (_YES.fullmatch(said) or _NO.fullmatch(said) or agreed):
        return False
    if turn.session.asked is not None and (agreed or turn.session.asked_kind() == "wish_post"):
        return False  # it answers what was asked
    found = _waiting(turn)
    if number:
        found = [one for one in found if _is_named(one, number)] or _named(turn, number)
    elif agreed:
        found = [one for one in found if _came_last(turn, one)]
    if not found:
        return False
    yes = agreed["not"] is None if agreed else _NO.fullmatch(said) is None
    if len(found) == 1:
        _decide(turn, found[0], yes=yes)
    else:
        lines = "\n".join(f"{one.no} {words.quoted(_text(one), 30)}" for one in found[:_SHOWN])
        turn.say("offer.which", lines=lines, no=found[0].no)
    return True


def _waiting(turn: Turn) -> list[Waiting]:
    """What nobody has decided yet and the speaker may, the newest first of each kind."""
    tx = turn.tx
    wished = rows.page(tx, communities=None, statuses=["proposed"], limit=200)
    found: list[Waiting] = [one for one in wished if wish_acts.relation(turn, one) == "keeper"]
    for model in LISTS.values():
        page = lists.page(tx, model, communities=None, status="proposed", q=None, before_id=None, limit=200)  # type: ignore[type-var]
        found += [one for one in page if offers.keeps(turn, one)]
    return found


def _named(turn: Turn, number: re.Match[str]) -> list[Waiting]:
    """What was decided before, so that it can be told; the latest of a number that begins anew every day."""
    model: type[Resource | Service] = LISTS[number["kind"].upper()]
    page = lists.page(turn.tx, model, communities=None, status=None, q=None, before_id=None, limit=50)  # type: ignore[type-var]
    found: list[Waiting] = [one for one in page if _is_named(one, number) and offers.keeps(turn, one)]
    return found[:1]


def _is_named(one: Waiting, number: re.Match[str]) -> bool:
    same = one.no.startswith(number["kind"].upper()) and int(one.no.rsplit("-", 1)[-1]) == int(number["tail"])
    return one.no == number[0].strip().upper() or ("-" not in number[0] and same)


def _came_last(turn: Turn, one: Waiting) -> bool:
    """Whether the newest card that the speaker got asks for it."""
    card = messages.newest_card(turn.tx, turn.person_id)
    subject = "wish" if one.no.startswith("W") else "offer"
    return card is not None and card.state == "open" and (card.subject, card.subject_id) == (subject, one.id)


def _decide(turn: Turn, one: Waiting, *, yes: bool) -> None:
    wished = rows.by_no(turn.tx, one.no) if one.no.startswith("W") else None
    if wished is None:
        offers.decide(turn, one.no, publish=yes)
        return
    try:
        with turn.tx.savepoint():
            (wish_acts.publish if yes else wish_acts.decline)(turn, wished, "")
    except Refused as refusal:
        turn.refuse(refusal)


def _text(one: Any) -> str:
    """Its words; what comes from a list carries no type."""
    return str(one.text if one.no.startswith("W") else one.title)
