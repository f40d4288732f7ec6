"""The golden town's roster in a database of its own, for tests of single steps."""

from collections.abc import Iterator

import pytest
from tests.golden.play import enrol

from redprop_bot.content import Content
from redprop_bot.notify import telling
from redprop_bot.ports import FrozenClock
from redprop_bot.store.worker import Store


@pytest.fixture
def town_store(database_url: str, clock: FrozenClock, content: Content) -> Iterator[Store]:
    """A database with the roster, on each engine; events are told as in the product."""
    store = Store(database_url, clock=clock, content=content, listeners=[telling.tell])
    enrol(store)
    yield store
    store.close()
