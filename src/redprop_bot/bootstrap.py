"""The composition root: builds everything once, from settings; the only place where doubles enter.

No rule, wording or SQL may live here, only who gets what.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from redprop_bot.channels.official_account import OfficialAccount
from redprop_bot.channels.wecom import WeCom
from redprop_bot.content import Content, load_content, roots
from redprop_bot.dialogue import entry, turn
from redprop_bot.dialogue.turn import Answer
from redprop_bot.errors import ConfigError, ContentError, Fault
from redprop_bot.notify import telling
from redprop_bot.ports import Channel, Clock, Inbound, Sender, SystemClock
from redprop_bot.settings import Settings
from redprop_bot.store import migrate
from redprop_bot.store.engine import is_sqlite, sqlite_path
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store
from redprop_bot.understand.load import load_reader
from redprop_bot.understand.reader import Reader

log = logging.getLogger(__name__)


@dataclass
class House:
    """Everything a process works with. `senders` is filled by the shell that owns the HTTP session."""

    settings: Settings
    content: Content
    reader: Reader
    store: Store
    clock: Clock
    secret_key: bytes
    official_account: OfficialAccount | None = None
    wecom: WeCom | None = None
    senders: Mapping[Channel, Sender] = field(default_factory=dict)

    def take(self, tx: Tx, inbound: Inbound, *, replay_key: str = "", body_hash: str = "") -> Answer:
        """Take in one message: the whole way from words to reply, inside one transaction."""
        return turn.take(tx, inbound, entry.handle, self.reader, replay_key=replay_key, body_hash=body_hash)

    async def receive(self, inbound: Inbound, *, replay_key: str = "", body_hash: str = "") -> Answer:
        """The same from the shell: one hop to the database worker."""
        return await self.store.write(
            lambda tx: self.take(tx, inbound, replay_key=replay_key, body_hash=body_hash)
        )

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()


def build(
    settings: Settings, *, clock: Clock | None = None, senders: Mapping[Channel, Sender] | None = None
) -> House:
    """Build the house; ConfigError lists everything that is wrong, and nothing has been touched then."""
    clock = clock or SystemClock()
    faults: list[Fault] = []
    content, reader = _load(settings, faults)
    if faults or content is None or reader is None:
        raise ConfigError(faults)
    store = Store(settings.database_url, clock=clock, content=content, listeners=[telling.tell])
    return House(
        settings=settings,
        content=content,
        reader=reader,
        store=store,
        clock=clock,
        secret_key=_secret_key(settings),
        official_account=OfficialAccount(settings.oa, clock) if settings.oa else None,
        wecom=WeCom(settings.work, clock) if settings.work else None,
        senders=senders or {},
    )


def _load(settings: Settings, faults: list[Fault]) -> tuple[Content | None, Reader | None]:
    content: Content | None = None
    reader: Reader | None = None
    folders = roots(settings.content_dir)
    try:
        content = load_content(folders, zone=settings.zone, address=settings.address)
    except ContentError as error:
        faults += error.faults
    try:
        reader = load_reader(folders)
    except ContentError as error:
        faults += error.faults
    return content, reader


def _secret_key(settings: Settings) -> bytes:
    """The key of signed links and sessions: configured, else made once and kept beside the embedded database."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given.encode()
    if not is_sqlite(settings.database_url):
        raise ConfigError([Fault("REDPROP_SECRET_KEY", "用 PostgreSQL 时必须设置，几个进程要用同一个")])
    path = sqlite_path(settings.database_url).with_suffix(".key")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_private(path, secrets.token_hex(32))
    return path.read_text("ascii").strip().encode()


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(text, "ascii")


def ready(house: House) -> bool:
    """Whether the schema is current."""
    return migrate.current(house.store.engine)
