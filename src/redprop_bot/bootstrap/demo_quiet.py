"""What the demo's data bring about was told long before a visitor came: their phones are quiet."""

from collections.abc import Iterator
from contextlib import contextmanager

from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx


@contextmanager
def quietly(tx: Tx) -> Iterator[None]:
    """Whatever is owed within counts as sent."""
    before = {message.id for message in tx.list(Outbox)}
    yield
    for message in tx.list(Outbox):
        if message.id not in before:
            tx.update(Outbox, message.id, state="sent", sent_at=tx.now)
