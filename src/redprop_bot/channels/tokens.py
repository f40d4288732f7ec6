"""The access token of one account: fetched once for all who wait, ahead of its end, never in a loop.

Lifetimes are the platform's, so the clock here is the machine's even where a scenario's clock stands still.
How a token is fetched is given from outside; where it is shared between processes, too.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from redprop_bot.errors import CredentialError, PlatformBusy, PlatformError
from redprop_bot.ports import Clock

AHEAD_SECONDS = 300
FETCHES_PER_MINUTE = 3

Fetch = Callable[[], Awaitable[tuple[str, int]]]  # the token and its seconds to live


class TokenStore(Protocol):
    """A place that all processes of an installation see; `name` tells the accounts apart."""

    async def get(self, name: str) -> tuple[str, datetime] | None:
        """The token and the moment until which it is used."""
        ...

    async def put(self, name: str, token: str, use_until: datetime) -> None:
        """Keep the token in place of the one before."""
        ...


class TokenManager:
    """Holds one token; `token` for the present one, `renew` when the platform refused it."""

    def __init__(self, name: str, fetch: Fetch, clock: Clock, store: TokenStore | None = None) -> None:
        self._name, self._fetch, self._clock, self._store = name, fetch, clock, store
        self._token, self._use_until = "", datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._flight: asyncio.Task[str] | None = None
        self._fetched: deque[datetime] = deque(maxlen=FETCHES_PER_MINUTE)

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
        if self._store and (kept := await self._store.get(self._name)):
            token, use_until = kept
            if token != refused and self._clock.now() < use_until:
                self._token, self._use_until = kept
                return token
        self._check_rate()
        token, seconds = await self._counted()
        # A stable token may come with little life left; then half of that is used: no fetch at each call.
        self._token = token
        self._use_until = self._clock.now() + timedelta(seconds=max(seconds - AHEAD_SECONDS, seconds // 2))
        if self._store:
            await self._store.put(self._name, token, self._use_until)
        return token

    async def _counted(self) -> tuple[str, int]:
        try:
            answer = await self._fetch()
        except PlatformBusy:
            raise  # the platform gave no answer about the token: that is not a bad token
        except PlatformError:
            self._fetched.append(self._clock.now())
            raise
        self._fetched.append(self._clock.now())
        return answer

    def _check_rate(self) -> None:
        full = len(self._fetched) == FETCHES_PER_MINUTE
        if full and self._clock.now() - self._fetched[0] < timedelta(minutes=1):
            raise CredentialError(self._name, None, f"{FETCHES_PER_MINUTE} token fetches within a minute")
