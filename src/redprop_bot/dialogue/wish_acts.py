"""What may be done to a wish in chat, and by whom: keepers decide, members and units give, wishers confirm."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.dialogue.wish_words import DID
from redprop_bot.errors import Forbidden
from redprop_bot.notify import words
from redprop_bot.rules import flow
from redprop_bot.store import demands, pairings
from redprop_bot.store import wishes as rows
from redprop_bot.store.tables import Wish
from redprop_bot.volunteers import wishes

_OTHER_WORDS: Final = re.compile(r"(?:改成|改为|写成|内容)[：:，, ]*(?P<words>.{2,300})$")
_POINTS: Final = re.compile(r"[W\d-]")
_THANKS: Final = 4  # shorter words are no thanks


def relation(turn: Turn, wish: Wish) -> str:
    """What the speaker is to a wish: wisher | giver | keeper | staff | passer_by; empty: hidden from them."""
    if wish.wisher_id == turn.person_id:
        return "wisher"
    units = {p.organisation_id for p in turn.speaker.posts if p.organisation_id}
    if wishes.gives(wish, turn.person_id, units):
        return "giver"
    if _keeps(turn, wish):
        return "keeper"
    if any(p.community_id and p.community_id == wish.community_id for p in turn.speaker.posts):
        return "staff"
    return "passer_by" if wish.status in ("published", *rows.GIVING, "fulfilled") else ""


def _keeps(turn: Turn, wish: Wish) -> bool:
    asked = turn.register.secretaries(wish.community_id)
    return any(p.street_id for p in turn.speaker.posts) or any(person.id == turn.person_id for person in asked)


def given(turn: Turn, text: str) -> list[Wish]:
    """陪完了, 药拿回来了: what a volunteer has taken on, where nothing else of theirs can be meant."""
    if not DID.search(text) or turn.speaker.posts or pairings.agreed(turn.tx, turn.person_id):
        return []
    if any(demand.stage in flow.OPEN for demand in demands.of_reporter(turn.tx, turn.person_id)):
        return []
    return rows.of_giver(turn.tx, turn.person_id, (), ["claimed"])


def publish(turn: Turn, wish: Wish, said: str) -> bool:
    """同意公布, with other words for the wall where they are said: 改成…."""
    _must_keep(turn, wish)
    other = _OTHER_WORDS.search(said)
    if other and wish.status in ("published", *rows.GIVING):
        done = wishes.reword(turn.tx, wish, turn.actor, other["words"])
        turn.say("wish.reworded", no=done.no, shown=words.quoted(done.shown, 100))
        return True
    done = wishes.decide(turn.tx, wish, turn.actor, publish=True, shown=other["words"] if other else None)
    turn.say("wish.published", no=done.no, shown=words.quoted(done.shown, 100))
    return True


def decline(turn: Turn, wish: Wish, _said: str) -> bool:
    """暂不公布."""
    _must_keep(turn, wish)
    done = wishes.decide(turn.tx, wish, turn.actor, publish=False)
    turn.say("wish.declined", no=done.no)
    return True


def claim(turn: Turn, wish: Wish, _said: str) -> bool:
    """认领: a member as a person, staff of a unit for their unit."""
    unit = next((p.organisation_id for p in turn.speaker.posts if p.organisation_id), None)
    if unit is None and turn.speaker.member is None and not turn.speaker.posts:
        raise Forbidden("wish_claim_role", no=wish.no)
    done = wishes.claim(turn.tx, wish, turn.actor, person_id=turn.person_id, unit_id=unit)
    days = str(turn.tx.content.wishes.release_days)
    turn.say("wish.claimed", no=done.no, shown=words.quoted(done.shown, 100), days=days)
    return True


def release(turn: Turn, wish: Wish, _said: str) -> bool:
    """放弃认领."""
    if relation(turn, wish) not in ("giver", "keeper"):
        raise Forbidden("wish_not_giver", no=wish.no)
    done = wishes.release(turn.tx, wish, turn.actor)
    turn.say("wish.released", no=done.no)
    return True


def delivered(turn: Turn, wish: Wish, said: str) -> bool:
    """送到了: the giver's word; of who received it, theirs."""
    if relation(turn, wish) in ("wisher", "keeper", "staff"):
        return got(turn, wish, said)
    if relation(turn, wish) != "giver":
        raise Forbidden("wish_not_giver", no=wish.no)
    done = wishes.deliver(turn.tx, wish, turn.actor)
    turn.say("wish.fulfilled" if done.status == "fulfilled" else "wish.delivered", no=done.no)
    return True


def got(turn: Turn, wish: Wish, said: str) -> bool:
    """收到了: the word of who received it, or of the community for them."""
    if relation(turn, wish) not in ("wisher", "keeper", "staff"):
        return False
    thanks = said if len(_POINTS.sub("", said)) > _THANKS else None
    done = wishes.receive(turn.tx, wish, turn.actor, thanks=thanks)
    turn.say("wish.fulfilled" if done.status == "fulfilled" else "wish.received", no=done.no)
    return True


def missed(turn: Turn, wish: Wish, _said: str) -> bool:
    """还没收到."""
    if relation(turn, wish) not in ("wisher", "keeper", "staff"):
        return False
    done = wishes.miss(turn.tx, wish, turn.actor)
    turn.say("wish.missed", no=done.no)
    return True


def withdraw(turn: Turn, wish: Wish, said: str) -> bool:
    """不要了; said by who gives it, that they give it up."""
    held = relation(turn, wish)
    if held == "giver":
        return release(turn, wish, said)
    if held not in ("wisher", "keeper"):
        return False
    done = wishes.withdraw(turn.tx, wish, turn.actor)
    turn.say("wish.withdrawn", no=done.no)
    return True


def _must_keep(turn: Turn, wish: Wish) -> None:
    if not _keeps(turn, wish):
        raise Forbidden("wish_keeper", no=wish.no)


ACTS: Final[Mapping[str, Callable[[Turn, Wish, str], bool]]] = {
    "publish": publish,
    "decline": decline,
    "claim": claim,
    "release": release,
    "delivered": delivered,
    "got": got,
    "missed": missed,
    "withdraw": withdraw,
}
