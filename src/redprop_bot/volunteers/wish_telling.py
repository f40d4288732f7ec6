"""Who hears what of a wish: the secretary who says yes, who wished, who gives. A message each, once.

The wall and the givers learn nothing of who wished; the community, which brings them together, knows whom to call.
"""

from collections.abc import Sequence

from redprop_bot.notify import outbox, words
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.registry.register import register
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import people
from redprop_bot.store.tables import Person, Wish
from redprop_bot.store.tx import Tx


def ask_secretary(tx: Tx, wish: Wish, *, by: int | None) -> None:
    """May it hang on the wall? Never asked of who wished it (`by`)."""
    text = tx.content.replies.say(
        "wish.tell.asked", no=wish.no, text=words.quoted(wish.text, 200), shown=words.quoted(wish.shown, 200)
    )
    rows = (("编号", wish.no), ("来自", _name(_wisher(tx, wish))))
    _queue(tx, wish, "asked", _secretaries(tx, wish, but=by), text, buttons=("publish", "decline"), rows=rows)


def decided(tx: Tx, wish: Wish, *, by: int | None) -> None:
    """Who wished hears what was decided."""
    _to_wisher(tx, wish, wish.status, by=by, shown=words.quoted(wish.shown, 100))


def claimed(tx: Tx, wish: Wish, *, by: int | None) -> None:
    """Who wished hears that somebody comes; the community whom to bring together."""
    giver = giver_name(tx, wish)
    _to_wisher(tx, wish, "claimed", by=by, giver=giver)
    text = tx.content.replies.say(
        "wish.tell.claimed_staff",
        no=wish.no,
        giver=giver,
        text=words.quoted(wish.text, 200),
        contact=_contact(tx, wish),
    )
    _queue(tx, wish, "claimed_staff", _secretaries(tx, wish, but=by), text)


def released(tx: Tx, wish: Wish, *, by: int | None) -> None:
    """It hangs on the wall again."""
    _to_wisher(tx, wish, "released", by=by)


def delivered(tx: Tx, wish: Wish, *, by: int | None) -> None:
    """Has it arrived? A tap answers."""
    _to_wisher(
        tx, wish, "delivered", by=by, buttons=("got", "missed"), rank=Rank.MATTERS, giver=giver_name(tx, wish)
    )


def received_first(tx: Tx, wish: Wish, *, by: int | None) -> None:
    """The other side has said so already; the giver's word is still missing."""
    _to_giver(tx, wish, "received_first", by=by, buttons=("delivered",))


def missed(tx: Tx, wish: Wish, *, by: int | None) -> None:
    """It has not arrived."""
    _to_giver(tx, wish, "missed", by=by)


def fulfilled(tx: Tx, wish: Wish, *, by: int | None, points: int = 0) -> None:
    """Thanks to who gave, with what was said and the points; who wished hears that it is on record."""
    _to_giver(tx, wish, "fulfilled", by=None, thanks=wish.thanks or "", points=str(points) if points else "")
    _to_wisher(tx, wish, "closed", by=by, giver=giver_name(tx, wish))


def withdrawn(tx: Tx, wish: Wish, *, by: int | None) -> None:
    """Who gives need not any more."""
    _to_giver(tx, wish, "withdrawn", by=by)


def remind(tx: Tx, wish: Wish) -> None:
    """It was taken on some time ago."""
    _to_giver(tx, wish, "remind", by=None, buttons=("delivered",))


def lapsed(tx: Tx, wish: Wish) -> None:
    """It was taken on too long ago, and is somebody else's to give now."""
    _to_giver(tx, wish, "lapsed", by=None)


def ask_for_word(tx: Tx, wish: Wish) -> None:
    """The giver says it is there, the other side says nothing: the community asks."""
    text = tx.content.replies.say(
        "wish.tell.silent", no=wish.no, giver=giver_name(tx, wish), contact=_contact(tx, wish)
    )
    told = [person for person in _secretaries(tx, wish, but=None) if person.id != wish.claimer_id]
    _queue(tx, wish, "silent", told, text, buttons=("got", "missed"))


def giver_name(tx: Tx, wish: Wish) -> str:
    """The unit, or the person, that makes it come true."""
    if wish.claimer_unit_id is not None:
        return register(tx).organisations[wish.claimer_unit_id].name
    return _name(_person(tx, wish.claimer_id))


def _secretaries(tx: Tx, wish: Wish, *, but: int | None) -> list[Person]:
    return [person for person in register(tx).secretaries(wish.community_id) if person.id != but]


def _person(tx: Tx, person_id: int | None) -> Person | None:
    return people.named(tx, {person_id}).get(person_id) if person_id is not None else None


def _wisher(tx: Tx, wish: Wish) -> Person | None:
    return _person(tx, wish.wisher_id)


def _name(person: Person | None) -> str:
    return (person.name if person else None) or RESIDENT_NAME


def _contact(tx: Tx, wish: Wish) -> str:
    """Name, phone and home of who wished, for the community alone."""
    person = _wisher(tx, wish)
    if person is None:
        return ""
    estate = register(tx).estates.get(person.estate_id or 0)
    parts = ((person.building, "栋"), (person.unit, "单元"), (person.room, ""))
    home = (estate.name if estate else "") + "".join(f"{value}{word}" for value, word in parts if value)
    return " ".join(part for part in (_name(person), person.phone or "", home) if part)


def _to_wisher(
    tx: Tx,
    wish: Wish,
    what: str,
    *,
    by: int | None,
    buttons: Sequence[str] = (),
    rank: Rank = Rank.SMALL,
    **slots: str,
) -> None:
    person = _wisher(tx, wish)
    if person is None or person.id == by:
        return
    text = tx.content.replies.say(f"wish.tell.{what}", no=wish.no, **slots)
    _queue(tx, wish, what, [person], text, buttons=buttons, rank=rank)


def _to_giver(tx: Tx, wish: Wish, what: str, *, by: int | None, buttons: Sequence[str] = (), **slots: str) -> None:
    person = _person(tx, wish.claimer_id)
    told = [person] if person is not None else []
    if person is None and wish.claimer_unit_id is not None:
        told = register(tx).staff(wish.claimer_unit_id)
    shown = words.quoted(wish.shown, 100)
    text = tx.content.replies.say(f"wish.tell.{what}", no=wish.no, shown=shown, **slots)
    _queue(tx, wish, what, [one for one in told if one.id != by], text, buttons=buttons)


def _queue(
    tx: Tx,
    wish: Wish,
    what: str,
    told: Sequence[Person],
    text: str,
    *,
    buttons: Sequence[str] = (),
    rows: Sequence[tuple[str, str]] = (),
    rank: Rank = Rank.SMALL,
) -> None:
    labels = tx.content.labels.button
    keys = tuple((f"{verb}:{wish.no}", labels[verb]) for verb in buttons)
    draft = outbox.Draft(
        key=f"{wish.no}:{what}:{wish.version}",
        message=f"wish_{what}",
        text=text,
        weight=Weight.PLAIN,
        rows=rows or (("编号", wish.no),),
        buttons=keys,
        menu=keys,
        link=f"{tx.content.address}/m/wishes",
        subject="wish",
        subject_id=wish.id,
        rank=rank,
    )
    outbox.queue(tx, [(person, draft) for person in told])
