"""The two platforms side by side with one ledger, opened and closed together."""

import asyncio
from collections.abc import Iterable
from typing import Literal, Self

from pydantic import SecretStr

from redprop_bot.ports import Clock, SystemClock
from redprop_bot.settings import OfficialAccountSettings, WorkSettings
from redprop_bot.simulated.ledger import Entry, Ledger
from redprop_bot.simulated.official import OfficialTwin
from redprop_bot.simulated.work import WorkTwin

Mode = Literal["safe", "compat", "plain"]


class Twin:
    """Both platforms on loopback, each on a port of its own, with fresh secrets at every start."""

    def __init__(
        self, clock: Clock | None = None, *, mode: Mode = "safe", members: Iterable[str] | None = None
    ) -> None:
        clock = clock or SystemClock()
        self.ledger = Ledger(clock)
        self.oa = OfficialTwin(clock, self.ledger, mode)
        self.work = WorkTwin(clock, self.ledger, members)
        self._mode = mode

    async def open(self) -> None:
        """Start listening; the origins are known from here on."""
        for platform in (self.oa, self.work):
            await platform.open()
            await platform.phones.courier.open()

    async def close(self) -> None:
        """Stop."""
        for platform in (self.oa, self.work):
            await platform.phones.courier.close()
            await platform.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def callbacks(self, base: str) -> None:
        """Where the bot listens, without a path; the paths are the product's contract."""
        self.oa.phones.courier.callback = base.rstrip("/") + "/wechat/oa"
        self.work.phones.courier.callback = base.rstrip("/") + "/wechat/work"

    def oa_settings(self) -> OfficialAccountSettings:
        """The Official Account's values for a bot on this twin; needs `open` before."""
        return OfficialAccountSettings(
            app_id=self.oa.app_id,
            secret=SecretStr(self.oa.secret),
            token=SecretStr(self.oa.token),
            aes_key=SecretStr(self.oa.aes_key),
            mode=self._mode,
            api_base=self.oa.origin,
            authorize_base=self.oa.origin,
        )

    def work_settings(self) -> WorkSettings:
        """The WeCom application's values for a bot on this twin; needs `open` before."""
        return WorkSettings(
            corp_id=self.work.corp_id,
            agent_id=self.work.agent_id,
            secret=SecretStr(self.work.secret),
            token=SecretStr(self.work.token),
            aes_key=SecretStr(self.work.aes_key),
            api_base=self.work.origin,
            authorize_base=self.work.origin,
        )

    def subscribe(self) -> asyncio.Queue[Entry]:
        """A queue of everything that any phone shows from now on."""
        return self.ledger.subscribe()

    def unsubscribe(self, queue: asyncio.Queue[Entry]) -> None:
        """Give the queue back."""
        self.ledger.unsubscribe(queue)
