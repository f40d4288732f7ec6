"""Points that come of the loop, always on the word of the other side, never on one's own.

Who helped with an order earns when the resident was content; who reported for another, once the unit has done it.
An order that is opened again has not earned them anything yet: it is taken back, and comes again with the word.
"""

from typing import Final

from redprop_bot.registry.register import Register, register
from redprop_bot.rules.points import for_another
from redprop_bot.store import demands
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand, Helper
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import word_of_others
from redprop_bot.volunteers.ledger import Booking

_AGAIN: Final = frozenset({"reopened", "reopened_unplaced"})
_KINDS: Final = ("assist", "report_for")
_PAID: Final = frozenset({"property", "department", "committee"})


def hear(tx: Tx, event: Happening, demand: Demand) -> None:
    """Book what an event of an order earns."""
    if event.name == "rated":
        _helpers(tx, event, demand)
    elif event.name == "fulfilled":
        _on_behalf(tx, event, demand)
    elif event.name in _AGAIN:
        word_of_others.take_back(
            tx, _source(demand), _KINDS, tx.content.replies.say("points.because_reopened", no=demand.no)
        )


def _helpers(tx: Tx, event: Happening, demand: Demand) -> None:
    """Whoever helped; not the one who rates, nor who reported it, nor those whose work it is."""
    assert demand.id is not None
    for helper in demands.helpers(tx, demand.id):
        if helper.person_id in (None, event.by_id, demand.reporter_id) or _works(register(tx), helper):
            continue
        assert helper.person_id is not None
        _book(tx, demand, helper.person_id, "assist")


def _works(reg: Register, helper: Helper) -> bool:
    unit = reg.organisations.get(helper.organisation_id or 0)
    office = any(post.organisation_id is None for post in reg.posts.get(helper.person_id or 0, ()))
    return office or (unit is not None and unit.kind in _PAID)


def _on_behalf(tx: Tx, event: Happening, demand: Demand) -> None:
    who = demand.reporter_id
    if who is None or who == event.by_id or not for_another(demand.text) or register(tx).posts.get(who):
        return
    _book(tx, demand, who, "report_for")


def _source(demand: Demand) -> str:
    return f"demand:{demand.no}"


def _book(tx: Tx, demand: Demand, person_id: int, kind: str) -> None:
    terms = tx.content.points.kinds[kind]
    if not terms.points:
        return
    word_of_others.give(
        tx,
        Booking(
            key=f"{kind}:{demand.no}:{person_id}",
            person_id=person_id,
            points=terms.points,
            kind=kind,
            source=_source(demand),
            reason=f"{terms.name} {demand.no}",
            community_id=demand.community_id,
        ),
    )
