"""Leases: of several processes one does something for all, as long as it renews; the others wait until it ran out.

A row with an expiry works alike on both engines and survives a lost connection. Holding a lease is a courtesy, not
a guard: whatever is done under it must also be right when two do it at once.
"""

from datetime import timedelta

from sqlalchemy import delete, or_, update

from redprop_bot.store.tables import Lease
from redprop_bot.store.tx import Tx, table_of

_lease = table_of(Lease)


def take(tx: Tx, name: str, owner: str, term: timedelta) -> bool:
    """Take or renew a lease until `term` from now; whether it is `owner`'s now.

    Taken over where it has run out, and where it ends later than anybody could have set it by now: the clock was
    put back, and its holder may be long gone. Two holders for a moment harm nobody.
    """
    until = tx.now + term
    free = or_(_lease.c.owner == owner, _lease.c.until < tx.now, _lease.c.until > until)
    mine = update(_lease).where(_lease.c.name == name, free).values(owner=owner, until=until)
    if tx.execute(mine) == 1:
        return True
    return tx.mark(Lease, name=name, owner=owner, until=until)


def release(tx: Tx, name: str, owner: str) -> None:
    """Let go of it, so that nobody has to wait."""
    tx.execute(delete(_lease).where(_lease.c.name == name, _lease.c.owner == owner))
