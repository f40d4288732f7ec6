"""The access token of one account: fetched once for all who wait, ahead of its end, never in a loop.

Lifetimes are the platform's, so the clock here is the machine's even where a scenario's clock stands still.
How a token is fetched is given from outside; so is the place where all processes of an installation share it. Who
is to fetch is settled there, too: one process at a time, three times a minute at most among all of them.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from redprop_bot.errors import CredentialError, PlatformAway, PlatformBusy, PlatformError, RedpropError
from redprop_bot.ports import Clock

AHEAD_SECONDS = 300
FETCHES_PER_MINUTE = 3
LEASE = timedelta(seconds=30)  # longer than any fetch takes: its process is dead then
POLL_SECONDS = 0.25

Fetch = Callable[[], Awaitable[tuple[str, int]]]  # the token and its seconds to live
Sleep = Callable[[float], Awaitable[None]]


class Turn(StrEnum):
    """Whose turn it is to fetch a token."""

    OURS = "ours"
    TAKEN = "taken"  # somebody is fetching
    SPENT = "spent"  # it was fetched as often as is decent within a minute


class TokenStore(Protocol):
    """A place that all processes of an installation see; `name` tells the accounts apart."""

    async def get(self, name: str) -> tuple[str, datetime] | None:
        """The token and the moment until which it is used."""
        ...

    async def turn(self, name: str, now: datetime) -> Turn:
        """Ask to fetch: OURS holds for LEASE or until `put` or `yield_turn`."""
        ...

    async def put(self, name: str, token: str, use_until: datetime, now: datetime) -> None:
        """Keep the token in place of the one before: ends the turn, counts as a fetch."""
        ...

    async def yield_turn(self, name: str, now: datetime, *, counted: bool) -> None:
        """End the turn without a token. counted: whether the platform judged us."""
        ...


class OwnTokens:
    """The tokens of a process that shares them with nobody."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, datetime]] = {}
        self._taken: dict[str, datetime] = {}
        self._fetched: dict[str, deque[datetime]] = {}

    async def get(self, name: str) -> tuple[str, datetime] | None:
        """As the protocol says."""
        return self._kept.get(name)

    async def turn(self, name: str, now: datetime) -> Turn:
        """As the protocol says."""
        if now < self._taken.get(name, now):
            return Turn.TAKEN
        if is_spent(self._fetched.get(name, ()), now):
            return Turn.SPENT
        self._taken[name] = now + LEASE
        return Turn.OURS

    async def put(self, name: str, token: str, use_until: datetime, now: datetime) -> None:
        """As the protocol says."""
        self._kept[name] = token, use_until
        await self.yield_turn(name, now, counted=True)

    async def yield_turn(self, name: str, now: datetime, *, counted: bool) -> None:
        """As the protocol says."""
        self._taken.pop(name, None)
        if counted:
            self._fetched.setdefault(name, deque(maxlen=FETCHES_PER_MINUTE)).append(now)


def is_spent(fetched: "deque[datetime] | list[datetime] | tuple[datetime, ...]", now: datetime) -> bool:
    """Whether these fetches are as many as may be within a minute."""
    return sum(now - at < timedelta(minutes=1) for at in fetched) >= FETCHES_PER_MINUTE


class TokenManager:
    """Holds one token; `token` for the present one, `renew` when the platform refused it."""

    def __init__(
        self,
        name: str,
        fetch: Fetch,
        clock: Clock,
        store: TokenStore | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._name, self._fetch, self._clock, self._sleep = name, fetch, clock, sleep
        self._store: TokenStore = store or OwnTokens()
        self._token, self._use_until = "", datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._flight: asyncio.Task[str] | None = None

    async def token(self) -> str:
        """The present token, fetched when there is none or its end is near; raises PlatformError."""
        return self._token if self._usable() else await self._shared("")

    async def renew(self, refused: str) -> str:
        """A token other than the refused one, if one can be had; raises PlatformError."""
        if self._usable() and self._token != refused:
            return self._token  # somebody was faster
        return await self._shared(refused)

    def _usable(self) -> bool:
        return bool(self._token) and self._clock.now() < self._use_until

    async def _shared(self, refused: str) -> str:
        # One flight for all: they share its token or its failure, and none waits for another's time-out.
        if self._flight is None:
            self._flight = asyncio.create_task(self._obtain(refused))
            self._flight.add_done_callback(self._landed)
        return await asyncio.shield(self._flight)

    def _landed(self, flight: asyncio.Task[str]) -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # those who waited have it; if all were cancelled it is nobody's

    async def _obtain(self, refused: str) -> str:
        try:
            return await self._kept(refused) or await self._fetched()
        except RedpropError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the shared place is made of: callers get typed errors
            raise PlatformAway(self._name, None, f"token store: {type(error).__name__}") from None

    async def _kept(self, refused: str) -> str:
        """What somebody has put, waiting for who is fetching; empty when it is our turn."""
        for _ in range(int(LEASE.total_seconds() / POLL_SECONDS) + 1):
            if token := await self._put_by_others(refused):
                return token
            turn = await self._store.turn(self._name, self._clock.now())
            if turn is Turn.OURS:
                token = await self._put_by_others(refused)  # between the look and our turn
                if token:
                    await self._store.yield_turn(self._name, self._clock.now(), counted=False)
                return token
            if turn is Turn.SPENT:
                raise CredentialError(self._name, None, f"{FETCHES_PER_MINUTE} token fetches within a minute")
            await self._sleep(POLL_SECONDS)
        raise PlatformAway(self._name, None, "another process is fetching the token")

    async def _put_by_others(self, refused: str) -> str:
        kept = await self._store.get(self._name)
        if not kept or kept[0] == refused or self._clock.now() >= kept[1]:
            return ""
        self._token, self._use_until = kept
        return self._token

    async def _fetched(self) -> str:
        try:
            token, seconds = await self._fetch()
        except BaseException as error:
            # No answer says nothing about the secret; a no counts, for the platforms ban those who insist.
            judged = isinstance(error, PlatformError) and not isinstance(error, PlatformBusy)
            await self._store.yield_turn(self._name, self._clock.now(), counted=judged)
            raise
        now = self._clock.now()
        # A stable token may come with little life left; then half of that is used: no fetch at each call.
        use_until = now + timedelta(seconds=max(seconds - AHEAD_SECONDS, seconds // 2))
        self._token, self._use_until = token, use_until
        await self._store.put(self._name, token, use_until, now)
        return token
