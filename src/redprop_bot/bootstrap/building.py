"""The composition root: builds everything once, from settings; the only place where doubles enter.

No rule, wording or SQL may live here, only who gets what.
"""

import logging
import secrets
from collections.abc import Mapping
from pathlib import Path

from redprop_bot.channels.official_account import OfficialAccount
from redprop_bot.channels.wecom import WeCom
from redprop_bot.content import Content, load_content, roots
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError, ContentError, Fault
from redprop_bot.notify import telling
from redprop_bot.ports import Channel, Clock, Sender, SystemClock
from redprop_bot.settings import Settings
from redprop_bot.store import migrate
from redprop_bot.store.engine import is_sqlite, sqlite_path
from redprop_bot.store.worker import Store
from redprop_bot.understand.load import load_reader
from redprop_bot.understand.reader import Reader

log = logging.getLogger(__name__)


def build(
    settings: Settings, *, clock: Clock | None = None, senders: Mapping[Channel, Sender] | None = None
) -> Office:
    """Build the office; ConfigError lists everything that is wrong, and nothing has been touched then."""
    clock = clock or SystemClock()
    faults: list[Fault] = []
    secret = _secret_key(settings)
    content, reader = _load(settings, secret, faults)
    if faults or content is None or reader is None:
        raise ConfigError(faults)
    store = Store(settings.database_url, clock=clock, content=content, listeners=[telling.tell])
    return Office(
        settings=settings,
        content=content,
        reader=reader,
        store=store,
        clock=clock,
        secret_key=secret,
        official_account=OfficialAccount(settings.oa, clock) if settings.oa else None,
        wecom=WeCom(settings.work, clock) if settings.work else None,
        senders=senders or {},
    )


def _load(settings: Settings, secret: bytes, faults: list[Fault]) -> tuple[Content | None, Reader | None]:
    content: Content | None = None
    reader: Reader | None = None
    folders = roots(settings.content_dir)
    try:
        content = load_content(folders, zone=settings.zone, address=settings.address, secret=secret)
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


def ready(office: Office) -> bool:
    """Whether the schema is current."""
    return migrate.current(office.store.engine)
