"""微心愿: wished, published after the secretary's yes, claimed once, delivered, and confirmed by both sides.

    proposed → published → claimed → delivered → fulfilled      refused, withdrawn: it ends before

Each step holds the wish first, so that of two who claim at once the second is told. Points are given only by the
word of who received it, never by the giver's own. Whoever is concerned is told in the same transaction.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.actor import Actor
from redprop_bot.notify import words
from redprop_bot.notify.covering import phoneless
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.store import events, messages, numbers, people, wishes
from redprop_bot.store.tables import Wish
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import ledger, word_of_others
from redprop_bot.volunteers import wish_telling as telling
from redprop_bot.volunteers.public_words import introduces, public

TEXT_LIMIT: Final = 300
THANKS_LIMIT: Final = 200
_ENDED: Final = ("fulfilled", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Wished:
    """What was wished. `wisher_id`: who will say that it has come true, and so may not give it."""

    text: str
    wisher_id: int | None
    community_id: int | None
    estate_id: int | None = None
    visit_id: int | None = None


def make(tx: Tx, wished: Wished, by: Actor, *, published: bool = False) -> Wish:
    """Enter a wish; the same words of a person again are the wish that is there. Raises Invalid, Conflict."""
    text = " ".join(wished.text.split())[:TEXT_LIMIT]
    if len(text) < 2:
        raise Invalid("wish_words", field="text")
    if (twin := _open_already(tx, wished, text)) is not None:
        return twin
    known = people.named(tx, {wished.wisher_id}) if wished.wisher_id is not None else {}
    shown = public(tx, text, persons=tuple(known.values()))
    published = published and not introduces(shown)  # somebody looks at it first, and gives it other words
    wish = tx.insert(
        Wish,
        no=numbers.take(tx, "W", tx.now, tx.content.zone),
        community_id=wished.community_id,
        estate_id=wished.estate_id,
        text=text,
        shown=shown,
        wisher_id=wished.wisher_id,
        visit_id=wished.visit_id,
        status="published" if published else "proposed",
        created_at=tx.now,
        updated_at=tx.now,
    )
    _note(tx, wish, "wished", by)
    if not published:
        telling.ask_secretary(tx, wish, by=by.person_id)
    return wish


def _open_already(tx: Tx, wished: Wished, text: str) -> Wish | None:
    """The same wish, where it is there; refuses one more than a person may have. Visits are not counted."""
    if wished.wisher_id is None:
        return None
    live = wishes.of_wisher(tx, wished.wisher_id, statuses=wishes.LIVE, limit=100)
    if twin := next((one for one in live if one.text == text), None):
        return twin
    most = tx.content.wishes.open_per_person
    if wished.visit_id is None and sum(one.visit_id is None for one in live) >= most:
        raise Conflict("wish_many", most=most)
    return None


def decide(tx: Tx, wish: Wish, by: Actor, *, publish: bool, shown: str | None = None) -> Wish:
    """The secretary's word, said once; `shown` are other words for the wall. Who may say it is the caller's."""
    wish = _held(tx, wish)
    if wish.status != "proposed":
        raise Conflict("wish_decided", no=wish.no)
    if not publish:
        refused = _change(tx, wish, "refused", by, status="refused")
        telling.decided(tx, refused, by=by.person_id)
        return refused
    said = public(tx, shown) if shown else wish.shown
    if len(said) < 2:
        raise Invalid("wish_words", field="shown")
    published = _change(tx, wish, "published", by, status="published", shown=said)
    telling.decided(tx, published, by=by.person_id)
    return published


def reword(tx: Tx, wish: Wish, by: Actor, shown: str) -> Wish:
    """Other words for the wall."""
    wish, said = _held(tx, wish), public(tx, shown)
    if len(said) < 2:
        raise Invalid("wish_words", field="shown")
    return _change(tx, wish, "reworded", by, shown=said)


def claim(tx: Tx, wish: Wish, by: Actor, *, person_id: int | None, unit_id: int | None = None) -> Wish:
    """Take it on, as a person or for a unit. Raises Conflict: taken, not on the wall, one's own, too many."""
    wish = _held(tx, wish)
    if wish.status in wishes.GIVING or wish.status == "fulfilled":
        if _gives(wish, person_id, {unit_id} if unit_id is not None else set()):
            raise Conflict("wish_claimed_own", no=wish.no)
        raise Conflict("wish_claimed", no=wish.no)
    if wish.status != "published":
        raise Conflict("wish_not_open", no=wish.no)
    if person_id is not None and person_id == wish.wisher_id:
        raise Conflict("wish_own", no=wish.no)
    most = tx.content.wishes.claims_at_once
    if wishes.given_by(tx, unit_id=unit_id, person_id=person_id) >= most:
        raise Conflict("wish_claims_many", most=most)
    values = {"claimer_id": person_id, "claimer_unit_id": unit_id, "claimed_at": tx.now}
    claimed = _change(tx, wish, "claimed", by, status="claimed", **values)
    _plan(tx, claimed)
    telling.claimed(tx, claimed, by=by.person_id)
    return claimed


def release(tx: Tx, wish: Wish, by: Actor) -> Wish:
    """It cannot be done after all: back to the wall, for somebody else."""
    wish = _held(tx, wish)
    _must_be_given(wish)
    nobody = dict.fromkeys(("claimer_id", "claimer_unit_id", "claimed_at", "delivered_at", "received_at"))
    released = _change(tx, wish, "released", by, status="published", **nobody)
    telling.released(tx, released, by=by.person_id)
    return released


def deliver(tx: Tx, wish: Wish, by: Actor) -> Wish:
    """The giver's word. With the other side's it is fulfilled."""
    wish = _held(tx, wish)
    if wish.status == "delivered":
        raise Conflict("wish_delivered", no=wish.no)
    _must_be_given(wish)
    if wish.received_at is not None:
        return _fulfilled(tx, wish, by, delivered_at=tx.now)
    done = _change(tx, wish, "delivered", by, status="delivered", delivered_at=tx.now)
    asked = tx.now + timedelta(days=tx.content.wishes.ask_days)
    at = tx.now.isoformat()
    messages.plan(tx, f"wish:{done.id}:{done.version}:ask", "wish_ask", asked, wish.id, delivered_at=at)
    telling.delivered(tx, done, by=by.person_id)
    return done


def receive(tx: Tx, wish: Wish, by: Actor, *, thanks: str | None = None) -> Wish:
    """The word of who received it, or of the community for them; not the giver's own. `thanks` is passed on."""
    wish = _held(tx, wish)
    _must_be_given(wish)
    if by.person_id is not None and by.person_id == wish.claimer_id:
        raise Forbidden("wish_own_word", no=wish.no)
    said = phoneless(words.quoted(thanks, THANKS_LIMIT)) if thanks else wish.thanks
    if wish.status == "delivered":
        return _fulfilled(tx, wish, by, received_at=tx.now, thanks=said)
    if wish.received_at is not None:
        raise Conflict("wish_received", no=wish.no)
    received = _change(tx, wish, "received", by, received_at=tx.now, thanks=said)
    telling.received_first(tx, received, by=by.person_id)
    return received


def _fulfilled(tx: Tx, wish: Wish, by: Actor, **values: Any) -> Wish:
    done = _change(tx, wish, "fulfilled", by, status="fulfilled", **values)
    telling.fulfilled(tx, done, by=by.person_id, points=_rewarded(tx, done))
    return done


def _rewarded(tx: Tx, wish: Wish) -> int:
    """Points for who gave as a person, as far as the caps leave some; a unit is thanked with its card."""
    worth = tx.content.points.kinds["wish"].points or 0
    if wish.claimer_id is None or wish.claimer_unit_id is not None or worth == 0:
        return 0
    entry = word_of_others.give(
        tx,
        ledger.Booking(
            key=f"wish:{wish.id}",
            person_id=wish.claimer_id,
            points=worth,
            kind="wish",
            source=_source(wish),
            reason=f"圆微心愿 {wish.no}",
            community_id=wish.community_id,
        ),
    )
    return entry.delta if entry is not None else 0


def miss(tx: Tx, wish: Wish, by: Actor) -> Wish:
    """It has not arrived: the giver's word is taken back, and the other side's, if it was said by mistake.

    What was fulfilled may be taken back for some days; the points go with it and come again with the next word.
    """
    wish = _held(tx, wish)
    if wish.status == "fulfilled":
        return _unfulfilled(tx, wish, by)
    _must_be_given(wish)
    if wish.status != "delivered":
        raise Conflict("wish_not_delivered", no=wish.no)
    missed = _change(tx, wish, "missed", by, status="claimed", delivered_at=None)
    telling.missed(tx, missed, by=by.person_id)
    return missed


def _unfulfilled(tx: Tx, wish: Wish, by: Actor) -> Wish:
    ended = [at for at in (wish.delivered_at, wish.received_at) if at is not None]
    given = wish.claimer_id is not None or wish.claimer_unit_id is not None
    if not given or not ended or tx.now > max(ended) + timedelta(days=tx.content.wishes.missed_days):
        raise Conflict("wish_over", no=wish.no)
    if by.person_id is not None and by.person_id == wish.claimer_id:
        raise Forbidden("wish_own_word", no=wish.no)
    nothing = {"delivered_at": None, "received_at": None, "thanks": None}
    missed = _change(tx, wish, "missed", by, status="claimed", claimed_at=tx.now, **nothing)
    _plan(tx, missed)
    telling.missed(tx, missed, by=by.person_id)
    word_of_others.take_back(
        tx, _source(wish), ("wish",), tx.content.replies.say("points.because_missed", no=wish.no)
    )
    return missed


def _source(wish: Wish) -> str:
    return f"wish:{wish.no}"


def _plan(tx: Tx, wish: Wish) -> None:
    """Who has taken it on is reminded once; after its time it is on the wall again."""
    assert wish.claimed_at is not None
    terms, mark = tx.content.wishes, f"wish:{wish.id}:{wish.version}"
    data = {"claimed_at": wish.claimed_at.isoformat()}
    messages.plan(tx, f"{mark}:remind", "wish_remind", tx.now + timedelta(days=terms.remind_days), wish.id, **data)
    messages.plan(
        tx, f"{mark}:release", "wish_release", tx.now + timedelta(days=terms.release_days), wish.id, **data
    )


def withdraw(tx: Tx, wish: Wish, by: Actor) -> Wish:
    """Not wished any more."""
    wish = _held(tx, wish)
    if wish.status in _ENDED:
        raise Conflict("wish_over", no=wish.no)
    withdrawn = _change(tx, wish, "withdrawn", by, status="withdrawn")
    telling.withdrawn(tx, withdrawn, by=by.person_id)
    return withdrawn


def _must_be_given(wish: Wish) -> None:
    if wish.status in _ENDED:
        raise Conflict("wish_over", no=wish.no)
    if wish.status not in wishes.GIVING:
        raise Conflict("wish_not_claimed", no=wish.no)


def _gives(wish: Wish, person_id: int | None, units: set[int]) -> bool:
    if wish.claimer_unit_id is not None:
        return wish.claimer_unit_id in units or (person_id is not None and wish.claimer_id == person_id)
    return person_id is not None and wish.claimer_id == person_id


def gives(wish: Wish, person_id: int | None, units: set[int]) -> bool:
    """Whether this person, or one of these units, makes it come true just now."""
    return wish.status in wishes.GIVING and _gives(wish, person_id, units)


def _held(tx: Tx, wish: Wish) -> Wish:
    assert wish.id is not None
    return wishes.held(tx, wish.id)


def _change(tx: Tx, wish: Wish, name: str, by: Actor, **values: Any) -> Wish:
    changed = tx.update(Wish, wish.id, **values, version=wish.version + 1, updated_at=tx.now)
    _note(tx, changed, name, by)
    return changed


def _note(tx: Tx, wish: Wish, name: str, by: Actor) -> None:
    assert wish.id is not None
    wished = by.person_id is not None and by.person_id == wish.wisher_id
    who = RESIDENT_NAME if wished else by.name
    events.note(tx, "wish", wish.id, name, by=who, data={"no": wish.no}, community_id=wish.community_id)
