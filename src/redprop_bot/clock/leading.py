"""Which of several processes ticks: the holder of a lease that is renewed while it lives.

A process that is killed renews no more; another takes over when the lease has run out, at most TERM and one look
(LOOK_SECONDS) later: within 30 seconds. One that stops lets go at once. `run-due` needs no lease and may run
beside: the sweep is right with any number of sweepers, the lease only spares them the work.
"""

import logging
from datetime import timedelta
from typing import Final

from redprop_bot.store import leases, owners
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

log = logging.getLogger(__name__)

NAME: Final = "scheduler"
TERM: Final = timedelta(seconds=20)
LOOK_SECONDS: Final = 5.0


class Leader:
    """One process's claim to the scheduler."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.owner = owners.this_process()
        self.leads = False
        self._gone = False

    async def look(self) -> bool:
        """Renew the lease or take it over where it is free; whether this process leads now.

        Where the database cannot be asked nobody leads: whoever can reach it will.
        """
        try:
            # As a job among the others: a second writer would wait for SQLite's one for as long as messages come.
            mine = await self._store.write(self._take)
        except Exception:
            log.exception("the lease of the scheduler could not be looked at")
            mine = False
        if mine != self.leads:
            log.info("this process %s the scheduler", "now holds" if mine else "no longer holds")
        self.leads = mine
        return mine

    def _take(self, tx: Tx) -> bool:
        # A look under way when the process stops does not take the lease back; one that is not committed yet is
        # waited for by the letting go.
        return not self._gone and leases.take(tx, NAME, self.owner, TERM)

    def let_go(self) -> None:
        """Leave the lease to others at once; to be called when the ticking has stopped."""
        self._gone, self.leads = True, False
        try:
            self._store.run(lambda tx: leases.release(tx, NAME, self.owner))
        except Exception:
            log.exception("the lease of the scheduler could not be let go; it runs out")
