"""Carries a delivery to the bot's callback as the platforms do: their headers, 5 s, up to three attempts.

Each attempt is signed and encrypted anew; the message inside stays the same. What an answer means is not
known here.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import aiohttp
from yarl import URL

SECONDS: Final = 5.0
"""How long the platforms wait for an answer."""
_HEADERS = {"User-Agent": "Mozilla/4.0", "Accept": "*/*", "Pragma": "no-cache", "Content-Type": "text/xml"}


class Courier:
    """Posts to one callback address; `seconds`, `attempts` and `pause` may be set by a test.

    Whether an answer that is no 200 is tried again is not settled: older pages say so, newer ones name only
    silence. `insists` is that switch.
    """

    def __init__(self) -> None:
        self.callback = ""
        self.seconds = SECONDS
        self.attempts = 3
        self.insists = True
        self.pause = 0.2  # after an attempt that failed at once; a slow one has paused enough
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Ready to carry."""
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        """No more deliveries."""
        if self._session:
            await self._session.close()
            self._session = None

    async def carry(self, pack: Callable[[], tuple[str, bytes]]) -> tuple[bytes | None, int]:
        """The body of the first 200 answer or None, and the attempts made; `pack` makes query and body."""
        for attempt in range(1, self.attempts + 1):
            query, body = pack()
            status, answer = await self._request("POST", query, data=body, headers=_HEADERS)
            if status == 200:
                return answer, attempt
            if status and not self.insists:
                return None, attempt
            if status and attempt < self.attempts:
                await asyncio.sleep(self.pause)
        return None, self.attempts

    async def ask(self, query: str) -> tuple[int, bytes]:
        """The answer to the verification GET; status 0 when there is none."""
        return await self._request("GET", query)

    async def _request(
        self, method: str, query: str, *, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        if self._session is None or not self.callback:
            raise RuntimeError("the twin is not open, or has no callback address")
        url = URL(f"{self.callback}?{query}", encoded=True)
        timeout = aiohttp.ClientTimeout(total=self.seconds)
        try:
            async with self._session.request(method, url, data=data, headers=headers, timeout=timeout) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0, b""
