"""When a call is tried again, and when an API is left alone: pauses with jitter, and stops until a quota resets.

Pure but for the clock and the pause it is given. What a call is stands in `client`; how often a *message* is tried
is the outbox's affair.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from redprop_bot.channels.errcodes import DAILY_QUOTA
from redprop_bot.errors import PlatformLimited
from redprop_bot.ports import Clock

log = logging.getLogger(__name__)

LOOK = timedelta(seconds=5)
"""So long a process goes by what it knows of the others' stops."""
PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")  # where the platforms' day begins, wherever we run


@dataclass(frozen=True, slots=True)
class Patience:
    """How one call is tried again: a pause per further try, none begun `within` seconds after the first.

    The whole of a call stays well below the outbox's lease: nobody else takes the message meanwhile.
    """

    pauses: tuple[float, ...] = (0.3, 0.9, 1.8)
    within: float = 12.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = field(default=lambda: random.uniform(0.5, 1.5))  # noqa: S311 - parts rivals only

    async def pause(self, tried: int, began: float) -> bool:
        """Wait before the next try; False when there is none left. `began` is the loop's time of the first."""
        if tried >= len(self.pauses):
            return False
        seconds = self.pauses[tried] * self.jitter()
        if asyncio.get_running_loop().time() + seconds - began > self.within:
            return False
        await self.sleep(seconds)
        return True


class StopStore(Protocol):
    """A place that all processes of an installation see, and that outlives them."""

    async def stopped(self, account: str) -> Mapping[str, tuple[int, datetime]]:
        """Errcode and end of every stop of the account that is not over, by API."""
        ...

    async def stop(self, account: str, api: str, errcode: int, until: datetime) -> None:
        """Nobody calls this API of the account before that moment."""
        ...


class Stops:
    """The APIs of one account that have used up a quota, and until when; shared by all its calls in a process.

    With a `shared` place a restart and the other processes keep to them, too: they look there every LOOK. Where it
    cannot be asked a process goes by what it knows itself; the price is a call that is refused.

    `daily`: the platform counts by the day, so 45009 lasts until its midnight. Where it counts by the minute or
    the hour and does not say which, it is asked again after a minute.
    """

    def __init__(
        self, clock: Clock, *, daily: bool = True, account: str = "", shared: StopStore | None = None
    ) -> None:
        self._clock, self._daily, self._account, self._shared = clock, daily, account, shared
        self._until: dict[str, tuple[int, datetime]] = {}
        self._looked: datetime | None = None
        self._looking = asyncio.Lock()

    async def check(self, api: str) -> None:
        """Raise PlatformLimited, without a call, while the API is stopped."""
        if self._shared is not None and not self._knows():
            await self._look(self._shared)
        errcode, until = self._until.get(api, (0, None))
        if until is None:
            return
        if self._clock.now() < until:
            raise PlatformLimited(api, errcode, "quota used up, not called", until=until)
        del self._until[api]

    async def stop(self, api: str, errcode: int | None) -> datetime:
        """The platform said that a quota of the API is used up: the moment from which it is asked again."""
        now = self._clock.now()
        if errcode == DAILY_QUOTA and self._daily:
            local = now.astimezone(PLATFORM_ZONE)
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            until = midnight.astimezone(now.tzinfo)
        else:
            until = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        known, self._until[api] = self._until.get(api), (errcode or 0, until)
        if self._shared is not None and known != self._until[api]:  # of many calls under way one writes it down
            try:
                await self._shared.stop(self._account, api, errcode or 0, until)
            except Exception as error:  # noqa: BLE001 - whatever the place is made of: the call has its own error
                log.warning("the stop of %s could not be shared: %s", api, type(error).__name__)
        return until

    def _knows(self) -> bool:
        return self._looked is not None and abs(self._clock.now() - self._looked) < LOOK

    async def _look(self, shared: StopStore) -> None:
        async with self._looking:  # the first calls of a process wait for the answer, the rest find it
            if self._knows():
                return
            try:
                for api, (errcode, until) in (await shared.stopped(self._account)).items():
                    if api not in self._until or self._until[api][1] < until:
                        self._until[api] = errcode, until
            except Exception as error:  # noqa: BLE001 - likewise; the platform says it again
                log.warning("stops of %s could not be looked at: %s", self._account, type(error).__name__)
            self._looked = self._clock.now()
