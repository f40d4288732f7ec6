"""积分 in chat: one's own balance and entries, points by hand with another's yes, corrections.

Nobody else's points are told, and there is no ranking unless the community has switched one on for itself.
"""

import re
from collections.abc import Callable
from typing import Final

from redprop_bot.dialogue import tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Forbidden, NotFound, Refused
from redprop_bot.notify import outbox
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.store import messages, people
from redprop_bot.store import points as rows
from redprop_bot.store.tables import Card, Person, PointEntry, PointRequest
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.volunteers import by_hand, countering, ledger

SHOWN: Final = 5
TOP: Final = 10
_RANKING: Final = ("排名", "排行", "榜", "第几")
_OPEN: Final = {"积分公开": True, "我的积分公开": True, "积分不公开": False, "我的积分不公开": False}
_HIDE: Final = re.compile(
    r"(?:请|麻烦|以后)?(?:我的)?积分(?:的?公示)?(?:请|以后|先)?(?:不要|不用|不想|不愿意?|别|不能|不许|不再|不)(?:再)?(?:公开|公示|写我(?:的)?名字?)了?"
    r"|(?:请|麻烦|以后)?(?:不要|不用|不想|不愿意?|不同意|别|取消|停止)(?:再)?(?:公开|公示)(?:我的?)?积分了?"
    r"|(?:公示)?积分(?:公示)?(?:的?时候?)?(?:不要|不用|别)(?:再)?写我的?名字了?"
)
"""Not to be named is said in any way; to be named only in the one that was offered."""


def query(turn: Turn, heard: Heard) -> None:
    """How many, and the last entries."""
    text = heard.text or turn.inbound.text
    balance = ledger.balance(turn.tx, turn.person_id)
    if any(word in text for word in _RANKING):
        _ranking(turn, balance)
        return
    entries = rows.page(turn.tx, person_id=turn.person_id, limit=SHOWN)
    if not entries:
        turn.say("points.none")
        return
    lines = "\n".join(_line(turn, entry) for entry in entries)
    turn.say("points.mine", balance=str(balance), lines=lines, link=f"{turn.tx.content.address}/m/points")


def _line(turn: Turn, entry: PointEntry) -> str:
    local = entry.at.astimezone(turn.tx.content.zone)
    say = turn.tx.content.replies.say
    return say("points.line", day=f"{local.month}月{local.day}日", delta=f"{entry.delta:+d}", reason=entry.reason)


def _ranking(turn: Turn, balance: int) -> None:
    community = tasks.community_of(turn)
    name = turn.register.community_name(community)
    if community is None or name not in turn.tx.content.points.ranking:
        turn.say("points.no_ranking", balance=str(balance))
        return
    found = rows.ranking(turn.tx, community, limit=TOP)
    lines = "\n".join(f"{n}. {who or RESIDENT_NAME} {number}分" for n, (who, number) in enumerate(found, 1))
    turn.say("points.ranking", lines=lines, balance=str(balance))


def run(turn: Turn) -> bool:
    """Strict sentences about points; returns whether it was one."""
    text = turn.inbound.text.strip().rstrip("。")
    shown = _OPEN.get(text, False if _HIDE.fullmatch(text.rstrip("！!吧")) else None)
    if shown is not None:
        rows.show_name(turn.tx, turn.person_id, shown=shown)
        turn.say("points.open_names" if shown else "points.hidden_names")
        return True
    if not turn.speaker.posts or len(text) > 200:
        return False
    if (match := _WORD.fullmatch(text)) and _gives(turn):
        try:
            with turn.tx.savepoint():
                return _word(turn, match.groupdict())
        except Refused as refusal:
            turn.refuse(refusal)
            return True
    for pattern, command in _COMMANDS:
        if match := pattern.fullmatch(text):
            try:
                with turn.tx.savepoint():
                    command(turn, match.groupdict())
            except Refused as refusal:
                turn.refuse(refusal)
            return True
    return False


# -- by hand


def _gives(turn: Turn) -> bool:
    return any(post.organisation_id is None for post in turn.speaker.posts)


def _ask(turn: Turn, said: dict[str, str | None]) -> None:
    if not _gives(turn):
        raise Forbidden("forbidden")
    person = turn.register.person_named(said["name"] or "") or people.by_name(turn.tx, said["name"] or "")
    if person is None or person.id is None:
        raise NotFound("no_person_called", name=said["name"])
    number = int(said["number"] or 0)
    community = tasks.community_of(turn)
    made = by_hand.ask(turn.tx, person.id, number, said["reason"] or "", turn.actor, community_id=community)
    turn.say("points.asked", name=person.name or RESIDENT_NAME, points=str(number), reason=made.reason)


def decided(turn: Turn, card: Card, verb: str, key: str) -> bool:
    """Somebody else's tap; returns whether the card is settled."""
    if str(card.subject_id) != key or verb not in ("agree", "disagree"):
        turn.say("error.card_unknown")
        return False
    try:
        with turn.tx.savepoint():
            request = by_hand.decide(turn.tx, int(key), turn.actor, approve=verb == "agree")
    except Refused as refusal:
        turn.refuse(refusal)
        return refusal.code == "points_decided"
    person = turn.tx.get(Person, request.person_id)
    done = "points.approved" if verb == "agree" else "points.refused"
    turn.say(done, name=person.name or RESIDENT_NAME, points=str(request.points))
    return True


def _word(turn: Turn, said: dict[str, str | None]) -> bool:
    """同意, 不同意 without a tap: on the one request that was put to them, never on their own."""
    community = tasks.community_of(turn)
    waiting = [
        one
        for one in rows.requests(turn.tx, None if community is None else [community], limit=TOP)
        if not said["name"] or _called(turn, one) == said["name"]
    ]
    mine = [one for one in waiting if turn.person_id in (one.by_id, one.person_id)]
    cards = [(one, card) for one in waiting for card in _cards(turn, one)]
    if len(cards) == 1 and (said["about"] or not turn.session.asked):
        request, card = cards[0]
        verb = "disagree" if said["no"] else "agree"
        if decided(turn, card, verb, str(request.id)):
            outbox.settle_card(turn.tx, card, turn.speaker.person, turn.tx.content.labels.button[verb])
        return True
    if mine and not cards and not said["no"]:
        raise Forbidden("points_own_approval")
    return False


def _called(turn: Turn, request: PointRequest) -> str | None:
    return turn.tx.get(Person, request.person_id).name


def _cards(turn: Turn, request: PointRequest) -> list[Card]:
    found = messages.cards_about(turn.tx, "points", request.id or 0)
    return [card for card in found if card.person_id == turn.person_id]


def _counter(turn: Turn, said: dict[str, str | None]) -> None:
    entry = rows.entry(turn.tx, int(said["id"] or 0))
    mine = {p.community_id for p in turn.speaker.posts if p.duty == "secretary"}
    street = any(p.street_id for p in turn.speaker.posts)
    if entry is None or not (street or entry.community_id in mine):
        raise NotFound
    back = countering.counter(turn.tx, entry, said["reason"] or "", turn.actor)
    person = turn.tx.get(Person, back.person_id)
    balance = ledger.balance(turn.tx, back.person_id)
    turn.say("points.countered", id=str(entry.id), name=person.name or RESIDENT_NAME, balance=str(balance))


_WORD: Final = re.compile(
    r"(?P<no>不)?同意(?P<about>给?(?P<name>[\u4e00-\u9fff·]{2,8}?)?(?:的)?(?:手工)?(?:加(?:积)?分|积分))?[!！]?"
)
_COMMANDS: tuple[tuple[re.Pattern[str], Callable[[Turn, dict[str, str | None]], None]], ...] = (
    (
        re.compile(r"给(?P<name>\S{2,20}?)加(?P<number>-?\d{1,9})(?:个?积分|分)[，,：:\s]*(?P<reason>.*)"),
        _ask,
    ),
    (re.compile(r"冲销(?:积分)?\s*(?P<id>\d{1,12})[，,：:\s]+(?P<reason>.+)"), _counter),
)
