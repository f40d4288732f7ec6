"""APIs of the platforms that nobody calls until a quota resets; seen by all processes, kept over a restart.

Moments come from outside, as with tokens: a quota is the platform's, whatever clock a scenario runs on.
"""

from datetime import datetime

from redprop_bot.store.tables import PlatformStop
from redprop_bot.store.tx import Tx, table_of

_stop = table_of(PlatformStop)


def of(tx: Tx, account: str, *, now: datetime) -> dict[str, tuple[int, datetime]]:
    """Errcode and end of every stop of an account that is not over, by API."""
    rows = tx.list(PlatformStop, _stop.c.account == account, _stop.c.until > now)
    return {row.api: (row.errcode, row.until) for row in rows}


def put(tx: Tx, account: str, api: str, errcode: int, until: datetime) -> None:
    """Nobody calls it before that moment."""
    tx.put(PlatformStop, f"{account} {api}", account=account, api=api, errcode=errcode, until=until)


def forget(tx: Tx, before: datetime) -> int:
    """Drop those that were over then."""
    return tx.execute(_stop.delete().where(_stop.c.until < before))
