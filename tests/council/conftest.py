"""The golden town with its meetings: who leads, and the sweep as `run-due` does it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.golden.play import enrol

from redprop_bot.clock.kinds import ABOVE, PLANS
from redprop_bot.content import Content
from redprop_bot.council import convening
from redprop_bot.council.chair import Chair
from redprop_bot.loop import due
from redprop_bot.loop.actor import speaking
from redprop_bot.notify import telling
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.people import speaker
from redprop_bot.registry.register import register
from redprop_bot.store.tables import Meeting, Outbox
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store


class Town:
    """A store with the roster, and shorthand for what tests say again and again."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.store, self.clock = store, clock

    def run(self, job: Callable[[Tx], Any]) -> Any:
        return self.store.run(job)

    def look(self, job: Callable[[Tx], Any]) -> Any:
        return self.store.look(job)

    def at(self, *moment: int) -> None:
        """Move the clock, local time, and do what is due by then."""
        self.clock.at = datetime(*moment, tzinfo=self.store.content.zone)
        self.sweep()

    def sweep(self) -> dict[str, int]:
        """Everything that is due, as `run-due` does it."""
        self.store.run(lambda tx: due.prepare(tx, PLANS))
        done: dict[str, int] = {}
        while batch := self.store.run(lambda tx: due.sweep(tx, ABOVE)):
            done |= batch
        return done

    def told(self, message: str) -> list[str]:
        """Who was told this, in order."""
        return self.look(lambda tx: [m.receiver for m in tx.list(Outbox, order=_id()) if m.message == message])

    def call(self, chair: Chair, starts: datetime, **wish: Any) -> Meeting:
        """Call a joint meeting of the first community, unless the wish says else."""
        given = {"kind": "joint", "community_id": home(self.store), "starts_at": starts, **wish}
        return self.run(lambda tx: convening.call(tx, chair, convening.Wish(**given)))


def _id() -> Any:
    return Outbox.__table__.c.id  # type: ignore[attr-defined]


def home(store: Store, name: str = "槐荫社区") -> int:
    return store.look(lambda tx: next(c.id for c in register(tx).communities.values() if c.name == name))


def chair_in(tx: Tx, userid: str, communities: frozenset[int] | None = None) -> Chair:
    """Somebody of the register as whoever leads."""
    reg = register(tx)
    person = next(p for p in reg.people.values() if p.userid == userid)
    return Chair(speaking(speaker(reg, person, {})), communities)


def person(tx: Tx, userid: str) -> Any:
    return next(p for p in register(tx).people.values() if p.userid == userid)


@pytest.fixture
def town(database_url: str, clock: FrozenClock, content: Content) -> Iterator[Town]:
    """The town, on each engine."""
    store = Store(database_url, clock=clock, content=content, listeners=[telling.tell])
    enrol(store)
    yield Town(store, clock)
    store.close()


@pytest.fixture
def small_town(sqlite_url: str, clock: FrozenClock, content: Content) -> Iterator[Town]:
    """The town on SQLite only, for what no engine changes."""
    store = Store(sqlite_url, clock=clock, content=content, listeners=[telling.tell])
    enrol(store)
    yield Town(store, clock)
    store.close()
