"""被忘记, the part of wishes, visits, the shop and cards: what of them goes with a resident, what must end before.

goes   who wished, who was visited, the words around it, cards about them
stays  that there was a wish and what became of it, the words of the wall; that there was a visit, to the building
"""

from typing import Final

from redprop_bot.loop.unnaming import Known
from redprop_bot.notify.covering import roomless
from redprop_bot.store import forgetting_help as rows
from redprop_bot.store.tables import Person, Visit, Wish
from redprop_bot.store.tx import Tx

_OPEN: Final = ("proposed", "published")


def under_way(tx: Tx, person_id: int) -> list[str]:
    """Wishes that somebody gives or is given just now, and what waits to be picked up."""
    return [
        *(wish.no for wish in rows.given(tx, person_id)),
        *(f"取货码{code}" for code in rows.held(tx, person_id)),
    ]


def forget(tx: Tx, person: Person, who: Known) -> list[str]:
    """Take them out of all of it; the numbers of wishes about which others were told."""
    assert person.id is not None
    found = rows.wishes(tx, person.id)
    for wish in found:
        _forget_wish(tx, wish, who)
    for visit in rows.visits(tx, person.id):
        text = roomless(who.words(visit.text), visit.room)
        tx.update(Visit, visit.id, text=text, resident_id=None, unit=None, room=None)
    rows.rest(tx, person.id)
    return [wish.no for wish in found]


def _forget_wish(tx: Tx, wish: Wish, who: Known) -> None:
    status = "withdrawn" if wish.status in _OPEN else wish.status
    tx.update(
        Wish,
        wish.id,
        text=who.words(wish.text),
        shown=who.told(wish.shown),
        wisher_id=None,
        thanks=None,
        status=status,
        version=wish.version + 1,
        updated_at=tx.now,
    )
