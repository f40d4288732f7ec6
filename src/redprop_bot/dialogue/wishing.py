"""微心愿 in chat: wishing, the wall, and what is said of one wish by who keeps, gives or receives it.

A sentence that names a wish by its number is about that wish, whatever else it could mean; what it asks for is
told by its verb and by who says it.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from redprop_bot.dialogue import tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.dialogue.wish_acts import ACTS, given, relation
from redprop_bot.dialogue.wish_words import (
    ASIDE,
    BROWSE,
    DROPPED,
    GIVEN,
    MINE,
    REWORD,
    TAKEN_BY,
    alike,
    asks,
    claims,
    shares,
    verb_in,
)
from redprop_bot.errors import Refused
from redprop_bot.notify import words
from redprop_bot.store import wishes as rows
from redprop_bot.store.tables import Card, Wish
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.answers import confirms
from redprop_bot.volunteers import wish_telling, wishes

SHOWN: Final = 8
_LONGEST: Final = 200
_SHORT: Final = 60
_FULL: Final = re.compile(r"W\d{8}-\d{4,12}", re.IGNORECASE)
_TAIL: Final = re.compile(r"(?:微?心愿|W)\s*(?P<a>\d{1,6})\s*号?|(?P<b>\d{1,6})\s*号(?:的|那个|这个)?微?心愿")


def wish(turn: Turn, heard: Heard) -> None:
    """A wish, or a question about them."""
    text = (heard.text or turn.inbound.text).strip()
    if not text or (BROWSE.search(text) and len(text) <= _SHORT):  # a menu button says no words
        wall(turn)
    elif ASIDE.search(text):
        _one_of(turn, "withdraw", rows.of_wisher(turn.tx, turn.person_id, statuses=rows.LIVE))
    elif _keeper(turn):  # theirs needs nobody else's yes, so that it is asked before everybody reads it
        turn.session.ask("wish_post", options=_POST, text=text, estate=str(heard.slots.get("estate") or ""))
        turn.say("wish.ask_post", text=words.quoted(text, 100))
    else:
        enter(turn, text, estate=str(heard.slots.get("estate") or ""))


_POST: Final = ["上墙", "是", "好"]
_LEAVE: Final = re.compile(r"(?:先|暂时?)?(?:不|别|不要)(?:上墙|贴|公布|用)了?[。！!]*")


def _keeper(turn: Turn) -> bool:
    return any(p.duty == "secretary" and p.organisation_id is None for p in turn.speaker.posts)


def enter(turn: Turn, text: str, *, estate: str = "") -> None:
    """Take a wish down and ask the secretary, who need not be asked of what they enter themselves."""
    found = turn.register.estate(estate)
    estate_id = found.id if found else turn.speaker.person.estate_id
    community_id = found.community_id if found else tasks.community_of(turn)
    keeper = _keeper(turn)
    try:
        with turn.tx.savepoint():
            made = wishes.make(
                turn.tx,
                wishes.Wished(text, turn.person_id, community_id, estate_id=estate_id),
                turn.actor,
                published=keeper,
            )
    except Refused as refusal:
        turn.refuse(refusal)
        return
    shown = words.quoted(made.shown, 100)
    if made.status == "proposed":
        turn.say("wish.entered", no=made.no, shown=shown, secretary=tasks.secretary_name(turn, made))
    elif keeper and made.status == "published":
        turn.say("wish.entered_public", no=made.no, shown=shown)
    else:
        _status(turn, made)


def wall(turn: Turn) -> None:
    """心愿墙: what waits for somebody, without who wished it; members and units may claim by a number."""
    found = rows.page(turn.tx, communities=_where(turn), statuses=["published"], limit=SHOWN + 1)
    link = f"{turn.tx.content.address}/m/wishes"
    if not found:
        turn.say("wish.wall_empty", link=link)
        return
    lines = "\n".join(f"{n}. {words.quoted(w.shown, 40)}（{w.no}）" for n, w in enumerate(found[:SHOWN], 1))
    may = turn.speaker.member is not None or bool(turn.speaker.posts)
    if may:
        turn.session.ask("wish_claim", options=[w.no for w in found[:SHOWN]])
    turn.say("wish.wall" if may else "wish.wall_look", lines=lines, link=link)


def run(turn: Turn) -> bool:
    """Do what a sentence about a known wish says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if not text or len(text) > _LONGEST:
        return False
    if (found := _named(turn, text)) is not None:
        _numbered(turn, text, found)
        return True
    if len(text) > _SHORT:
        return False
    if other := REWORD.fullmatch(text):
        _reword(turn, other["words"])
        return True
    if DROPPED.fullmatch(text) and (live := rows.of_wisher(turn.tx, turn.person_id, statuses=rows.LIVE)):
        return _one_of(turn, "withdraw", live)
    if (MINE.search(text) or TAKEN_BY.fullmatch(text)) and (
        own := rows.of_wisher(turn.tx, turn.person_id, limit=SHOWN)
    ):
        _list(turn, own)
        return True
    if (what := asks(text)) and not BROWSE.search(text):
        _asked_after(turn, what)
        return True
    return _without_number(turn, text)


def _reword(turn: Turn, other: str) -> None:
    """我的心愿改成…: of one that nobody has looked at yet; of another it is told how."""
    live = rows.of_wisher(turn.tx, turn.person_id, statuses=rows.LIVE)
    if len(live) == 1 and live[0].status == "proposed" and _do(turn, live[0], "withdraw", ""):
        enter(turn, other)
    elif live:
        turn.say("wish.reword_how", no=live[0].no)
    else:
        enter(turn, other)


def _asked_after(turn: Turn, what: str) -> None:
    """我的心愿, 收回心愿; of who keeps a community what is on its way there."""
    own = rows.of_wisher(turn.tx, turn.person_id, limit=SHOWN)
    if what == "given":
        units = {p.organisation_id for p in turn.speaker.posts if p.organisation_id}
        giving = rows.of_giver(turn.tx, turn.person_id, units)
        _list(turn, giving) if giving else wall(turn)
    elif what == "withdraw":
        _one_of(turn, "withdraw", rows.of_wisher(turn.tx, turn.person_id, statuses=rows.LIVE))
    elif _keeper(turn):
        found = rows.page(turn.tx, communities=_where(turn), statuses=sorted(rows.LIVE), limit=SHOWN)
        lines = "\n".join(_line(turn, one) for one in found) or turn.tx.content.replies.say("wish.kept_none")
        turn.say("wish.kept", lines=lines, link=f"{turn.tx.content.address}/console")
    elif own:
        _list(turn, own)
    else:
        turn.say("wish.none_of_mine")


def _where(turn: Turn) -> list[int] | None:
    community_id = tasks.community_of(turn)
    return None if community_id is None else [community_id]


def _without_number(turn: Turn, text: str) -> bool:
    """送到了, 收到了: it means a wish where one waits for the speaker's word."""
    verb = verb_in(text)
    if verb == "delivered" and GIVEN.search(text):
        units = {p.organisation_id for p in turn.speaker.posts if p.organisation_id}
        if giving := rows.of_giver(turn.tx, turn.person_id, units, ["claimed"]):
            return _one_of(turn, "delivered", giving)
    if giving := given(turn, text):
        return _one_of(turn, "delivered", giving)
    if verb not in ("got", "missed", "delivered") or not re.search(r"[收拿送]", text):
        return False
    waiting = rows.of_wisher(turn.tx, turn.person_id, statuses=rows.GIVING)
    return bool(waiting) and _one_of(turn, "missed" if verb == "missed" else "got", waiting)


def _named(turn: Turn, text: str) -> list[Wish] | None:
    """Wishes that a number may mean; None where no number of a wish is in the words."""
    if match := _FULL.search(text):
        exact = rows.by_no(turn.tx, match[0].upper())
        return [exact] if exact is not None and relation(turn, exact) else []
    if match := _TAIL.search(text):
        return [w for w in rows.by_tail(turn.tx, match["a"] or match["b"]) if relation(turn, w)]
    return None


def _numbered(turn: Turn, text: str, found: list[Wish]) -> None:
    if not found:
        turn.say("error.no_wish")
        return
    rest = _TAIL.sub("", _FULL.sub("", text)).strip(" ，,。：:")
    verb = verb_in(rest)
    fits = [w for w in found if _stands(w, verb)] or found
    if len(fits) > 1:
        _ask_which(turn, verb or "status", fits, rest)
        return
    _do(turn, fits[0], verb, rest)


def _stands(wish: Wish, verb: str) -> bool:
    """Whether a wish stands where this may be done; of two with the same tail the likelier is meant."""
    waits = {"publish": "proposed", "decline": "proposed", "claim": "published"}
    return wish.status == waits[verb] if verb in waits else wish.status in rows.LIVE


def _do(turn: Turn, wish: Wish, verb: str, said: str) -> bool:
    act = ACTS.get(verb)
    if act is None:
        _status(turn, wish)
        return True
    turn.session.asked = None
    try:
        with turn.tx.savepoint():
            done = act(turn, wish, said)
    except Refused as refusal:
        turn.refuse(refusal)
        return False
    if not done:
        _status(turn, wish)
    return done


def _one_of(turn: Turn, verb: str, found: list[Wish]) -> bool:
    if not found:
        turn.say("wish.none")
    elif len(found) > 1:
        _ask_which(turn, verb, found, turn.inbound.text.strip())
    else:
        _do(turn, found[0], verb, turn.inbound.text.strip())
    return True


def _ask_which(turn: Turn, verb: str, found: list[Wish], said: str) -> None:
    found = found[:SHOWN]
    turn.session.ask("wish_which", options=[w.no for w in found], verb=verb, said=said[:_LONGEST])
    turn.say("wish.which", lines="\n".join(f"{n}. {_line(turn, w)}" for n, w in enumerate(found, 1)))


def _line(turn: Turn, wish: Wish) -> str:
    status = turn.tx.content.labels.wish_status[wish.status]
    return f"{wish.no} {words.quoted(wish.shown, 30)}（{status}）"


def _list(turn: Turn, found: list[Wish]) -> None:
    turn.say("wish.mine", lines="\n".join(_line(turn, w) for w in found))


def _status(turn: Turn, wish: Wish) -> None:
    giver = wish_telling.giver_name(turn.tx, wish) if wish.status in rows.GIVING else ""
    status = turn.tx.content.labels.wish_status[wish.status]
    turn.say("wish.status", no=wish.no, shown=words.quoted(wish.shown, 100), status=status, giver=giver)


# -- answers, menus, cards


def answered(turn: Turn, asked: dict[str, Any], option: str | None, text: str) -> bool:
    """The answer to a question of this module; returns whether it was one."""
    if asked["kind"] == "wish_post":
        said = confirms(text) if option is None and not _LEAVE.fullmatch(text) else option is not None
        if said is None:
            return False
        turn.session.asked = None
        if said:
            enter(turn, str(asked["text"]), estate=str(asked["estate"]))
        else:
            turn.say("greeting.noted")
        return True
    found = rows.by_no(turn.tx, option) if option else None
    if found is None:
        return False
    if asked["kind"] == "wish_claim":
        _do(turn, found, "claim", "")
    else:
        _do(turn, found, str(asked["verb"]), str(asked["said"]))
    return True


def menu(turn: Turn, verb: str, no: str) -> bool:
    """A tapped line of a menu message: `got:W…`; returns whether it was one."""
    found = rows.by_no(turn.tx, no) if verb in ("got", "missed", "delivered") and no.startswith("W") else None
    if found is None or not relation(turn, found):
        return False
    _do(turn, found, verb, "")
    return True


def tapped(turn: Turn, card: Card, verb: str, no: str) -> bool:
    """A button of a wish's card; returns whether its matter is settled."""
    found = rows.by_no(turn.tx, no)
    if found is None or found.id != card.subject_id or verb not in ACTS:
        turn.say("error.card_unknown")
        return False
    return _do(turn, found, verb, "")


def or_else(otherwise: Callable[[Turn, Heard], None]) -> Callable[[Turn, Heard], None]:
    """认领, 助力: about a wish where the words say so."""

    def outcome(turn: Turn, heard: Heard) -> None:
        text = heard.text or turn.inbound.text
        if "心愿" not in text:
            if heard.slots.get("order") or not _perhaps(turn, text):
                otherwise(turn, heard)
            return
        open_ones = rows.page(turn.tx, communities=_where(turn), statuses=["published"], limit=200)
        meant = alike(text, open_ones) if claims(text) else []
        if len(meant) == 1:
            _do(turn, meant[0], "claim", "")
        else:
            wall(turn)

    return outcome


def _perhaps(turn: Turn, text: str) -> bool:
    """认领轮椅, 下棋我陪: the one wish that has these words is shown, and claimed by a number."""
    found = alike(text, rows.page(turn.tx, communities=_where(turn), statuses=["published"], limit=200))
    if len(found) != 1 or not shares(text, found[0]):
        return False
    turn.session.ask("wish_claim", options=[found[0].no])
    turn.say("wish.perhaps", shown=words.quoted(found[0].shown, 60), no=found[0].no)
    return True
