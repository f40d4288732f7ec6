"""Local accounts of the console: making them, letting somebody in, keeping guessers out.

A try is counted before the password is looked at, so that many at once are not many tries for free; it is counted
by name, whether or not there is such an account, so that nobody learns which there are.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from redprop_bot.errors import Conflict, Invalid, NotFound
from redprop_bot.registry.register import register
from redprop_bot.store import access, events
from redprop_bot.store.tables import Account, Person
from redprop_bot.store.tx import Tx
from redprop_bot.web import passwords
from redprop_bot.web.access import ROLES, community_called, organisation_called

TRIES: Final = 5
LOCKED: Final = timedelta(minutes=15)
LONGEST_NAME: Final = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """What an account may see: names out of the register, or None."""

    role: str
    community: str | None = None
    organisation: str | None = None


def create(tx: Tx, name: str, limits: Limits, digest: str) -> Account:
    """Make an account whose password has this digest. Raises Invalid or Conflict with the field."""
    called = _called(name)
    if not called or len(called) > LONGEST_NAME:
        raise Invalid("account_name", field="name")
    if limits.role not in ROLES:
        raise Invalid("role_name", field="role", name=limits.role)
    if (limits.role == "provider") != bool(limits.organisation):
        code = "organisation_needed" if limits.role == "provider" else "organisation_unneeded"
        raise Invalid(code, field="organisation")
    reg = register(tx)
    made = access.add_account(
        tx,
        name=called,
        password=digest,
        role=limits.role,
        community_id=community_called(reg, limits.community),
        organisation_id=organisation_called(reg, limits.organisation),
    )
    if made is None:
        _open_one(tx, called)
        raise Conflict("name_taken", field="name", name=called)
    return made


def named(tx: Tx, name: str) -> Account:
    """The account of this name; raises NotFound."""
    found = access.account(tx, _called(name))
    if found is None:
        raise NotFound("no_account", field="name", name=name[:LONGEST_NAME])
    return found


def _open_one(tx: Tx, name: str) -> Account:
    """The account of this name; a closed one is refused with what opens it: what is changed there helps nobody."""
    found = named(tx, name)
    if found.closed_at is not None:
        raise Conflict("account_closed", field="name", name=found.name)
    return found


def renew(tx: Tx, name: str, digest: str) -> None:
    """Another password; whoever is signed in is so no more, and a lock is off. Conflict: it is closed."""
    found = _open_one(tx, name)
    tx.update(Account, found.id, password=digest, epoch=found.epoch + 1)
    access.forget_tries(tx, _mark(name))


def close(tx: Tx, name: str) -> bool:
    """Let nobody in by it any more; False when it was closed already."""
    found = named(tx, name)
    if found.closed_at is not None:
        return False
    tx.update(Account, found.id, closed_at=tx.now, epoch=found.epoch + 1)
    return True


def reopen(tx: Tx, name: str) -> bool:
    """Let somebody in by it again, with the password that it had; False when it was open."""
    found = named(tx, name)
    if found.closed_at is None:
        return False
    tx.update(Account, found.id, closed_at=None)
    return True


def second_factor(tx: Tx, name: str, secret: bytes, *, on: bool) -> str | None:
    """Switch the second factor on, anew each time, or off; the address for the authenticator."""
    found = _open_one(tx, name)
    seed = passwords.new_seed() if on else None
    tx.update(Account, found.id, totp_seed=seed, totp_last=0, epoch=found.epoch + 1)
    return passwords.address_of(secret, found.id or 0, seed, found.name) if seed else None


# -- letting in


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted: the account, if there is one; `locked_until` when no more are taken."""

    account: Account | None
    locked_until: datetime | None


def begin(tx: Tx, name: str) -> Try:
    """Count a try. Called in a transaction of its own: what follows takes time."""
    mark = _mark(name)
    before = access.tries(tx, mark)
    if before.locked_until is not None and before.locked_until > tx.now:
        return Try(None, before.locked_until)
    failures = 1 if before.locked_until is not None else before.failures + 1
    locked = tx.now + LOCKED if failures >= TRIES else None
    access.count_tries(tx, mark, failures=failures, locked_until=locked)
    found = access.account(tx, _called(name))
    if locked and found is not None:
        events.note(tx, "account", found.id or 0, "account_locked", by=found.name, data={})
    return Try(found if found is not None and found.closed_at is None else None, None)


def end(tx: Tx, account: Account, step: int | None) -> Account | None:
    """The password was right: the tries are forgotten. None when the code was used meanwhile."""
    held = tx.get(Account, account.id or 0, lock=True)
    if held.epoch != account.epoch or (step is not None and held.totp_last >= step):
        return None
    access.forget_tries(tx, _mark(account.name))
    events.note(tx, "account", held.id or 0, "signed_in", by=held.name, data={}, community_id=held.community_id)
    return tx.update(Account, held.id, totp_last=held.totp_last if step is None else step)


def by_wecom(tx: Tx, person_id: int) -> None:
    """Somebody of the register has come in by WeCom: a sign-in like those with a password."""
    person = tx.get(Person, person_id)
    events.note(tx, "account", person_id, "signed_in", by=person.name or "", data={"by": "wecom"})


def _called(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def _mark(name: str) -> str:
    return hashlib.sha256(_called(name).casefold().encode("utf-8", "surrogatepass")).hexdigest()
