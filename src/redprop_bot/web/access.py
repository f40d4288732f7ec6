"""Who holds a token of the API: making, listing and revoking tokens, and who stands behind one.

A token is 256 bits of chance, shown once; kept is only its digest, so that neither the database nor a backup lets
anybody in. What a role may then see and do is decided in `api.sight` and in `loop.actor`.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from redprop_bot.errors import Invalid, NotFound
from redprop_bot.loop.actor import Actor, holding, speaking
from redprop_bot.registry.people import Speaker
from redprop_bot.registry.register import Register, register
from redprop_bot.store import access
from redprop_bot.store.tables import ApiToken
from redprop_bot.store.tx import Tx

ROLES: Final = ("admin", "street", "secretary", "clerk", "provider", "viewer")
_PREFIX: Final = "rp_"
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever asks: a token or an account with its role and its limits; `name` is what histories show.

    `speaker` is the person of the register, where it is one: they are to a demand what they are in chat;
    `posts` are keys and places of what they could sit there as; `unseen` the keys of complaints about them, which
    are not there for them. A token or a local account is nobody of the register: nothing complains of it.
    """

    token_id: int
    role: str
    community_id: int | None
    organisation_id: int | None
    name: str
    speaker: Speaker | None = None
    posts: tuple[tuple[int, str], ...] = ()
    unseen: frozenset[int] = frozenset()

    @property
    def actor(self) -> Actor:
        """The same as the loop sees them."""
        if self.speaker is not None:
            return speaking(self.speaker)
        return holding(
            self.role, name=self.name, community_id=self.community_id, organisation_id=self.organisation_id
        )


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token as it may be shown: everything but the token."""

    id: int
    role: str
    community: str | None
    organisation: str | None
    created_at: datetime
    revoked_at: datetime | None


def create(tx: Tx, role: str, *, community: str | None = None, organisation: str | None = None) -> str:
    """Make a token and return it, for the only time. Raises Invalid with the field that is wrong."""
    if role not in ROLES:
        raise Invalid("role_name", field="role", name=role)
    reg = register(tx)
    if (role == "provider") != bool(organisation):
        raise Invalid(
            "organisation_needed" if role == "provider" else "organisation_unneeded", field="organisation"
        )
    token = _PREFIX + secrets.token_urlsafe(32)
    access.add_token(
        tx,
        digest=digest(token),
        role=role,
        community_id=community_called(reg, community),
        organisation_id=organisation_called(reg, organisation),
    )
    return token


def listed(tx: Tx) -> list[TokenInfo]:
    """All tokens in the order they were made."""
    reg = register(tx)
    return [
        TokenInfo(
            id=row.id or 0,
            role=row.role,
            community=reg.community_name(row.community_id),
            organisation=reg.organisations[row.organisation_id].name if row.organisation_id else None,
            created_at=row.created_at,
            revoked_at=row.revoked_at,
        )
        for row in access.tokens(tx)
    ]


def revoke(tx: Tx, token_id: int) -> bool:
    """Make a token useless; False when it was already. Raises NotFound."""
    found = access.token(tx, token_id)
    if found is None:
        raise NotFound("no_token", field="id")
    if found.revoked_at is not None:
        return False
    tx.update(ApiToken, token_id, revoked_at=tx.now)
    return True


def viewer_of(tx: Tx, token: str) -> Viewer | None:
    """Who holds this token; None when nobody does, or does no more."""
    if not token.startswith(_PREFIX) or len(token) > _LONGEST:
        return None
    wanted = digest(token)
    row = access.token_by_digest(tx, wanted)
    if row is None or not hmac.compare_digest(row.digest, wanted) or row.revoked_at is not None:
        return None
    assert row.id is not None
    return Viewer(row.id, row.role, row.community_id, row.organisation_id, _name(tx, row))


def digest(token: str) -> str:
    """What is kept of a token. No salt and no stretching: there is nothing to guess in 256 bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def community_called(reg: Register, name: str | None) -> int | None:
    """The key of a community by its name; raises Invalid."""
    if name is None:
        return None
    found = next((c.id for c in reg.communities.values() if c.name == name), None)
    if found is None:
        raise Invalid("unknown_community", field="community", name=name)
    return found


def the_community(reg: Register, viewer: Viewer, name: str | None) -> int:
    """The community that is meant: the one of whoever asks, else the one that is named, else the only one."""
    own, all_ = viewer.community_id, reg.communities
    named = next((key for key, one in all_.items() if one.name == name), None) if name else own
    if named is None and not name and len(all_) == 1:
        named = next(iter(all_))
    if named is None or own not in (None, named):
        raise Invalid("choice" if name else "missing", field="community")
    return named


def organisation_called(reg: Register, name: str | None) -> int | None:
    """The key of a unit by its name; raises Invalid."""
    if name is None:
        return None
    found = reg.organisation_names.get(name)
    if found is None:
        raise Invalid("unknown_unit", field="organisation", name=name)
    return found.id


def _name(tx: Tx, row: ApiToken) -> str:
    reg = register(tx)
    if row.organisation_id is not None:
        return reg.organisations[row.organisation_id].name
    post = tx.content.replies.say(f"api.role.{row.role}")
    return f"{reg.community_name(row.community_id) or ''}{post}"
