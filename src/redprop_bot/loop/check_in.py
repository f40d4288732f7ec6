"""报平安: residents say of themselves, grid workers of the elders on their list, how they are. Nobody has to.

A cry for help becomes a demand in `dialogue`, where the number to call is said first; here it is only noted.
"""

from collections.abc import Sequence
from typing import Final

from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop.scope import of_mode
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.registry.register import register
from redprop_bot.store import events, modes
from redprop_bot.store.tables import CheckIn, Mode, Person
from redprop_bot.store.tx import Tx

SAFE: Final = "safe"
HELP: Final = "help"
OPEN: Final = "open"
NAME_LIMIT: Final = 30


def mode_at(tx: Tx, estate_id: int | None) -> Mode | None:
    """The emergency that is on where somebody lives."""
    if estate_id is None:
        return None
    community = register(tx).estates[estate_id].community_id
    return next((m for m in modes.active(tx) if of_mode(m).covers(community, estate_id)), None)


def said(tx: Tx, mode: Mode, person: Person, state: str, *, demand_id: int | None = None) -> CheckIn:
    """A resident's own word; a later one replaces it, a demand that came of it stays noted."""
    assert mode.id is not None
    assert person.id is not None
    made = tx.insert_new(
        CheckIn, mode_id=mode.id, person_id=person.id, state=state, by_id=person.id, at=tx.now, demand_id=demand_id
    )
    if made is None:
        known = modes.check_of(tx, mode.id, person.id)
        assert known is not None
        if known.state == state and demand_id in (None, known.demand_id):
            return known  # the same again
        made = tx.update(CheckIn, known.id, state=state, at=tx.now, demand_id=demand_id or known.demand_id)
    events.note(
        tx,
        "mode",
        mode.id,
        "mode_checked_in",
        by=RESIDENT_NAME,
        data={"state": state},
        community_id=mode.community_id,
    )
    return made


def before(tx: Tx, mode: Mode, person: Person) -> CheckIn | None:
    """What a resident said earlier."""
    assert mode.id is not None
    assert person.id is not None
    return modes.check_of(tx, mode.id, person.id)


# -- elders who live alone, by their grid worker


def listed(tx: Tx, mode: Mode, names: Sequence[str], by: Person) -> int:
    """Put elders on the list of an emergency; returns how many were new. Raises Conflict (over), Invalid."""
    _must_be_on(mode)
    wanted = list(dict.fromkeys(_name(name) for name in names))
    assert mode.id is not None
    known = {c.name for c in modes.checks(tx, mode.id) if c.elder}
    fresh = [name for name in wanted if name not in known]
    most = tx.content.emergency_mode.most_elders
    if len(known) + len(fresh) > most:
        raise Invalid("elders_many", field="names", most=most)
    added = sum(_elder(tx, mode, name, by, OPEN) is not None for name in fresh)
    if added:
        events.note(
            tx,
            "mode",
            mode.id,
            "mode_elders",
            by=by.name or "",
            data={"number": added},
            community_id=mode.community_id,
        )
    return added


def visited(tx: Tx, mode: Mode, name: str, by: Person, state: str, *, demand_id: int | None = None) -> CheckIn:
    """What the grid worker found; an elder who was not on the list is put there."""
    _must_be_on(mode)
    name = _name(name)
    assert mode.id is not None
    row = _elder(tx, mode, name, by, state, demand_id)
    if row is None:
        known = modes.elder(tx, mode.id, name)
        assert known is not None
        row = tx.update(
            CheckIn, known.id, state=state, by_id=by.id, at=tx.now, demand_id=demand_id or known.demand_id
        )
    events.note(
        tx,
        "mode",
        mode.id,
        "mode_checked_in",
        by=by.name or "",
        data={"state": state, "elder": True},
        community_id=mode.community_id,
    )
    return row


def _elder(  # noqa: PLR0917 - the columns of one row
    tx: Tx, mode: Mode, name: str, by: Person, state: str, demand_id: int | None = None
) -> CheckIn | None:
    return tx.insert_new(
        CheckIn, mode_id=mode.id, name=name, elder=True, state=state, by_id=by.id, at=tx.now, demand_id=demand_id
    )


def _must_be_on(mode: Mode) -> None:
    if mode.ended_at is not None:
        raise Conflict("mode_ended", no=mode.no)


def _name(name: str) -> str:
    text = "".join(name.split())
    if not text:
        raise Invalid("missing", field="name")
    if len(text) > NAME_LIMIT:
        raise Invalid("too_long", field="name", limit=NAME_LIMIT)
    return text
