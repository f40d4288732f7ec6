"""People and bookings for tests of the ledger."""

import itertools
from typing import Any

from tests.support import rows

from redprop_bot.loop.actor import Actor
from redprop_bot.store.tables import Person
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers.ledger import Booking

_keys = itertools.count(1)


def person(tx: Tx, **values: Any) -> int:
    """Somebody who can have points."""
    found: Person = rows.person(tx, **values)
    assert found.id is not None
    return found.id


def booking(person_id: int, points: int = 10, **values: Any) -> Booking:
    """A booking with a key of its own, from a source of its own."""
    number = next(_keys)
    filled: dict[str, Any] = {
        "key": f"test:{number}",
        "kind": "activity",
        "source": f"activity:test{number}",
        "reason": "清理楼道",
    }
    return Booking(person_id=person_id, points=points, **(filled | values))


def somebody(name: str, person_id: int | None = None) -> Actor:
    """An actor who may do nothing in particular."""
    return Actor(name, person_id, None, lambda _tx, _demand: set())
