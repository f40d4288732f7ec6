"""What was written into the outbox, in the order in which it was: without one a database may give it in any."""

from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx, table_of


def told(tx: Tx) -> list[Outbox]:
    """All messages, the oldest first."""
    return tx.list(Outbox, order=table_of(Outbox).c.id)
