"""Access tokens of the platforms, shared by all processes: the token, who is fetching, how often it was fetched.

What a value holds is sealed by who puts it. Moments come from outside: lifetimes are the platform's, whatever
clock a scenario runs on.
"""

from datetime import datetime, timedelta
from typing import Final

from redprop_bot.store.tables import PlatformToken
from redprop_bot.store.tx import Tx, table_of

OURS: Final = "ours"
TAKEN: Final = "taken"
SPENT: Final = "spent"

_MINUTE: Final = timedelta(minutes=1)
_token = table_of(PlatformToken)


def kept(tx: Tx, name: str) -> tuple[str, datetime] | None:
    """The token of one account and the moment until which it is used."""
    row = tx.find(PlatformToken, _token.c.name == name)
    return (row.value, row.expires_at) if row is not None and row.value else None


def turn(tx: Tx, name: str, *, now: datetime, lease: timedelta, per_minute: int) -> str:
    """Ask to fetch: OURS until now + lease, TAKEN while another has it, SPENT after so many in a minute."""
    until = now + lease
    if tx.insert_new(PlatformToken, name=name, expires_at=now, claimed_until=until) is not None:
        return OURS
    row = _locked(tx, name)
    if row.claimed_until is not None and now < row.claimed_until:
        return TAKEN
    if len(_recent(row, now)) >= per_minute:
        return SPENT
    tx.update(PlatformToken, name, claimed_until=until)
    return OURS


def put(tx: Tx, name: str, value: str, use_until: datetime, *, now: datetime) -> None:
    """Keep a token in place of the one before: ends the turn, counts as a fetch."""
    _open(tx, name, now)
    fetched = [*_recent(_locked(tx, name), now), now.isoformat()]
    tx.update(PlatformToken, name, value=value, expires_at=use_until, claimed_until=None, fetched=fetched)


def yield_turn(tx: Tx, name: str, *, now: datetime, counted: bool) -> None:
    """End the turn without a token; `counted` says whether this was a fetch that the platform judged."""
    _open(tx, name, now)
    fetched = _recent(_locked(tx, name), now) + ([now.isoformat()] if counted else [])
    tx.update(PlatformToken, name, claimed_until=None, fetched=fetched)


def _open(tx: Tx, name: str, now: datetime) -> None:
    tx.insert_new(PlatformToken, name=name, expires_at=now)


def _locked(tx: Tx, name: str) -> PlatformToken:
    row = tx.find(PlatformToken, _token.c.name == name, lock=True)
    if row is None:
        raise LookupError(f"platform_token {name}")
    return row


def _recent(row: PlatformToken, now: datetime) -> list[str]:
    return [at for at in row.fetched if now - datetime.fromisoformat(at) < _MINUTE]
