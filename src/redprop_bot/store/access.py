"""Statements about API tokens, local accounts, kept answers and the platforms' access tokens."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import and_, bindparam, func, or_, select

from redprop_bot.ports import Channel
from redprop_bot.store.tables import Account, Answer, ApiToken, LoginTry, Outbox
from redprop_bot.store.tx import Tx, table_of

_token = table_of(ApiToken)
_account = table_of(Account)
_try = table_of(LoginTry)
_answer = table_of(Answer)
_out = table_of(Outbox)

TRIES_KEPT = timedelta(days=1)

_BY_DIGEST = select(_token).where(_token.c.digest == bindparam("digest"))
_KEPT = select(_answer).where(_answer.c.key == bindparam("key"))


# -- API tokens


def add_token(
    tx: Tx, *, digest: str, role: str, community_id: int | None, organisation_id: int | None
) -> ApiToken:
    """Enter a token by its digest."""
    return tx.insert(
        ApiToken,
        digest=digest,
        role=role,
        community_id=community_id,
        organisation_id=organisation_id,
        created_at=tx.now,
    )


def token_by_digest(tx: Tx, digest: str) -> ApiToken | None:
    """The token with this digest, revoked or not."""
    return cast("ApiToken | None", tx.first(_BY_DIGEST, {"digest": digest}))


def tokens(tx: Tx) -> list[ApiToken]:
    """All tokens in the order they were made, revoked ones too."""
    return tx.list(ApiToken, order=_token.c.id)


def token(tx: Tx, token_id: int) -> ApiToken | None:
    """The token with this key; locked."""
    return tx.find(ApiToken, _token.c.id == token_id, lock=True)


def kept_token(tx: Tx, token_id: int) -> ApiToken | None:
    """The same, only looked at."""
    return tx.find(ApiToken, _token.c.id == token_id)


# -- local accounts of the console


def account(tx: Tx, name: str) -> Account | None:
    """The account with this name, closed or not; locked."""
    return tx.find(Account, _account.c.name == name, lock=True)


def add_account(
    tx: Tx, *, name: str, password: str, role: str, community_id: int | None, organisation_id: int | None
) -> Account | None:
    """Enter an account; `password` is a digest. None when the name is taken."""
    return tx.insert_new(
        Account,
        name=name,
        password=password,
        role=role,
        community_id=community_id,
        organisation_id=organisation_id,
        created_at=tx.now,
    )


def accounts(tx: Tx) -> list[Account]:
    """All accounts by name."""
    return tx.list(Account, order=_account.c.name)


def account_by_key(tx: Tx, account_id: int) -> Account | None:
    """The account with this key."""
    return tx.find(Account, _account.c.id == account_id)


def tries(tx: Tx, name_digest: str) -> LoginTry:
    """Tries under a name since the last success; of those at the same moment one waits for the other."""
    tx.execute(_try.delete().where(_try.c.at < tx.now - TRIES_KEPT))
    tx.insert_new(LoginTry, name_digest=name_digest, at=tx.now)
    found = tx.find(LoginTry, _try.c.name_digest == name_digest, lock=True)
    assert found is not None
    return found


def count_tries(tx: Tx, name_digest: str, *, failures: int, locked_until: datetime | None) -> None:
    """So many by now."""
    tx.put(LoginTry, name_digest, failures=failures, locked_until=locked_until, at=tx.now)


def forget_tries(tx: Tx, name_digest: str) -> None:
    """Begin anew."""
    tx.execute(_try.delete().where(_try.c.name_digest == name_digest))


# -- answers kept for repeated requests


def kept_answer(tx: Tx, key: str) -> Answer | None:
    """The first answer to a request with this key."""
    return cast("Answer | None", tx.first(_KEPT, {"key": key}))


def keep_answer(tx: Tx, *, key: str, request_hash: str, status: int, body: str) -> None:
    """Keep the first answer; a twin that was faster makes this fail, and the whole job with it."""
    tx.insert(Answer, key=key, request_hash=request_hash, status=status, body=body, at=tx.now)


def forget_answers(tx: Tx, before: datetime) -> int:
    """Drop answers that are too old to be asked for again."""
    return tx.execute(_answer.delete().where(_answer.c.at < before))


# -- messages owed, as the shell looks at them


def is_owed(tx: Tx, key: str) -> bool:
    """Whether a message with this key was ever queued."""
    return tx.scalar(select(_out.c.id).where(_out.c.key == key)) is not None


Receiver = tuple[Channel, str]
"""A person at one platform: the channel, and openid or userid."""


def sent(tx: Tx, receiver: Receiver | None = None) -> list[Outbox]:
    """All messages that have reached one receiver, or anybody, in the order they were queued."""
    return tx.list(Outbox, _out.c.state == "sent", *_to(receiver), order=_out.c.id)


def _to(receiver: Receiver | None) -> list[Any]:
    return [] if receiver is None else [_out.c.channel == receiver[0].value, _out.c.receiver == receiver[1]]


def outbox_counts(tx: Tx) -> dict[str, int]:
    """How many messages stand in each state."""
    rows: Any = tx.rows(select(_out.c.state, func.count()).group_by(_out.c.state))
    return {str(state): int(number) for state, number in rows}


def outbox_due(tx: Tx) -> int:
    """How many messages should be on their way by now: taken for sending, or free to be taken."""
    free = and_(_out.c.state == "pending", _out.c.not_before <= tx.now)
    return int(tx.scalar(select(func.count()).where(or_(_out.c.state == "claimed", free))) or 0)
