"""The office: everything that the shells (web, clock, commands) need to let a message through.

Built by `bootstrap`, the only place that decides what is in it. No rule may live here.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from redprop_bot.channels.official_account import OfficialAccount
from redprop_bot.channels.wecom import WeCom
from redprop_bot.content import Above, Content, Load, fitting
from redprop_bot.dialogue import entry, turn
from redprop_bot.dialogue.turn import Answer
from redprop_bot.errors import ContentError, Fault
from redprop_bot.ports import Channel, Clock, Inbound, MediaStore, Sender
from redprop_bot.settings import Settings
from redprop_bot.store import editions
from redprop_bot.store.tables import Inbox
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store
from redprop_bot.understand.reader import Reader

log = logging.getLogger(__name__)


@dataclass
class Office:
    """Everything a process works with. `senders` is filled by the shell that owns the HTTP session.

    `hears` gives the reader; it is made when somebody first speaks, where `building.build` did not make it before.
    `load` reads the content anew; `seen` is the mark of what it was read with last; `unfit` are the faults of
    what was edited and does not fit any more, by path of the file or key of the reply.
    """

    settings: Settings
    content: Content
    hears: Callable[[], Reader]
    store: Store
    clock: Clock
    secret_key: bytes
    official_account: OfficialAccount | None = None
    wecom: WeCom | None = None
    senders: Mapping[Channel, Sender] = field(default_factory=dict)
    media: MediaStore | None = None  # without it nothing that people send is fetched
    load: Load | None = None
    seen: int = 0
    unfit: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        """Who understands what people say; raises ContentError where it is made only now and from wrong files."""
        return self.hears()

    def take(self, tx: Tx, inbound: Inbound, *, replay_key: str = "", body_hash: str = "") -> Answer:
        """Take in one message: the whole way from words to reply, inside one transaction."""
        return turn.take(tx, inbound, entry.handle, self.reader, replay_key=replay_key, body_hash=body_hash)

    async def receive(self, inbound: Inbound, *, replay_key: str = "", body_hash: str = "") -> Answer:
        """The same from the shell: one hop to the database worker."""
        return await self.store.write(
            lambda tx: self.take(tx, inbound, replay_key=replay_key, body_hash=body_hash)
        )

    def take_up(self) -> bool:
        """Work from now on with what was edited at any console; whether that was something new."""
        return self._take_up(*self.store.look(lambda tx: (editions.mark(tx), editions.above(tx))))

    async def refresh(self) -> bool:
        """The same from the shell; one small look where nothing is new."""
        if await self.store.read(editions.mark) == self.seen:
            return False
        mark, above = await self.store.read(lambda tx: (editions.mark(tx), editions.above(tx)))
        return await asyncio.to_thread(self._take_up, mark, above)

    def _take_up(self, mark: int, above: Above) -> bool:
        if self.load is None or mark == self.seen:
            return False
        self.seen = mark  # what cannot be read is told once, and not tried again until somebody edits it
        try:
            found = fitting(self.load, above)
        except ContentError as error:
            log.error("the content files are wrong, what held before goes on: %s", error)  # noqa: TRY400
            return False
        for name, faults in found.unfit.items():
            log.error(
                "what was edited at the console does not fit any more, %s: %s", name, "; ".join(map(str, faults))
            )
        self.content, self.unfit = found.content, found.unfit
        self.store.content = found.content
        return True

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def replay(self, tx: Tx, row: Inbox) -> Answer:
        """Handle a failed message of the inbox once more."""
        return turn.replay(tx, row, entry.handle, self.reader)
