"""Who may use the API and the console, and answers kept for repeated requests."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from redprop_bot.store.tables.base import Table, json_list, key, moment, ref


class ApiToken(Table, table=True):
    """A bearer token; only its digest is kept."""

    __tablename__: ClassVar[Any] = "api_token"
    __table_args__ = (UniqueConstraint("digest"),)
    id: int | None = key()
    digest: str
    role: str
    community_id: int | None = ref("community.id")
    organisation_id: int | None = ref("organisation.id")
    created_at: datetime = moment(nullable=False)
    revoked_at: datetime | None = moment()


class Account(Table, table=True):
    """A local console account; `password` is a digest that argon2 made.

    epoch: sessions of an older one are over. totp_seed: what the second factor is made of, with the key of the
    house; totp_last: the last step of it that was used.
    """

    __tablename__: ClassVar[Any] = "account"
    __table_args__ = (UniqueConstraint("name"),)
    id: int | None = key()
    name: str
    password: str
    role: str
    community_id: int | None = ref("community.id")
    organisation_id: int | None = ref("organisation.id")
    created_at: datetime = moment(nullable=False)
    closed_at: datetime | None = moment()
    epoch: int = 1
    totp_seed: str | None = None
    totp_last: int = 0


class LoginTry(Table, table=True):
    """Tries to sign in under one name since the last success, whether or not there is such an account."""

    __tablename__: ClassVar[Any] = "login_try"
    name_digest: str = Field(primary_key=True)
    failures: int = 0
    locked_until: datetime | None = moment()
    at: datetime = moment(index=True, nullable=False)


class Answer(Table, table=True):
    """The first answer to a request that carried an Idempotency-Key."""

    __tablename__: ClassVar[Any] = "answer"
    key: str = Field(primary_key=True)
    request_hash: str
    status: int
    body: str
    at: datetime = moment(index=True, nullable=False)


class PlatformToken(Table, table=True):
    """An access token of a platform, shared by all processes; `value` comes sealed and is opaque here.

    claimed_until: somebody is fetching. fetched: ISO moments of the last fetches, for the limit of all processes.
    """

    __tablename__: ClassVar[Any] = "platform_token"
    name: str = Field(primary_key=True)
    value: str = ""
    expires_at: datetime = moment(nullable=False)
    claimed_until: datetime | None = moment()
    fetched: list[str] = json_list()


class PlatformStop(Table, table=True):
    """An API of a platform whose quota is used up: nobody calls it before `until`. `name` is account and API."""

    __tablename__: ClassVar[Any] = "platform_stop"
    name: str = Field(primary_key=True)
    account: str
    api: str
    errcode: int
    until: datetime = moment(nullable=False)
