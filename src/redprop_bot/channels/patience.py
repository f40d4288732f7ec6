"""When a call is tried again, and when an API is left alone: pauses with jitter, and stops until a quota resets.

Pure but for the clock and the pause it is given. What a call is stands in `client`; how often a *message* is tried
is the outbox's affair.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from redprop_bot.channels.errcodes import DAILY_QUOTA
from redprop_bot.errors import PlatformLimited
from redprop_bot.ports import Clock

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


class Stops:
    """The APIs of one account that have used up a quota, and until when; shared by all its calls in a process.

    `daily`: the platform counts by the day, so 45009 lasts until its midnight. Where it counts by the minute or
    the hour and does not say which, it is asked again after a minute.
    """

    def __init__(self, clock: Clock, *, daily: bool = True) -> None:
        self._clock, self._daily = clock, daily
        self._until: dict[str, tuple[int, datetime]] = {}

    def check(self, api: str) -> None:
        """Raise PlatformLimited, without a call, while the API is stopped."""
        errcode, until = self._until.get(api, (0, None))
        if until is None:
            return
        if self._clock.now() < until:
            raise PlatformLimited(api, errcode, "quota used up, not called", until=until)
        del self._until[api]

    def stop(self, api: str, errcode: int | None) -> datetime:
        """The platform said that a quota of the API is used up: the moment from which it is asked again."""
        now = self._clock.now()
        if errcode == DAILY_QUOTA and self._daily:
            local = now.astimezone(PLATFORM_ZONE)
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            until = midnight.astimezone(now.tzinfo)
        else:
            until = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        self._until[api] = errcode or 0, until
        return until
