"""The composition root: builds everything once, from settings; the only place where doubles enter.

No rule, wording or SQL may live here, only who gets what.
"""

import logging
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Final

from redprop_bot.channels.official_account import OfficialAccount
from redprop_bot.channels.wecom import WeCom
from redprop_bot.content import Above, Content, load_content, roots
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError, ContentError, Fault
from redprop_bot.media import FileMedia
from redprop_bot.notify import telling
from redprop_bot.ports import Channel, Clock, Sender, SystemClock
from redprop_bot.settings import Settings
from redprop_bot.store.engine import is_sqlite, open_engine, sqlite_path
from redprop_bot.store.tx import Listener
from redprop_bot.store.worker import Store
from redprop_bot.understand.load import load_reader
from redprop_bot.understand.reader import Reader
from redprop_bot.volunteers import clocks, earning

log = logging.getLogger(__name__)

LISTENERS: Final[tuple[Listener, ...]] = (telling.tell, clocks.listen, earning.hear)
"""What hears of every event of a demand, in this order."""


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    senders: Mapping[Channel, Sender] | None = None,
    hears: bool = True,
) -> Office:
    """Build the office; ConfigError lists everything that is wrong, and nothing has been touched then.

    Without `hears` the reader, which takes most of the time, is made and checked only when somebody speaks.
    """
    clock = clock or SystemClock()
    faults: list[Fault] = []
    given = settings.secret_key.get_secret_value().encode()
    if not given and not is_sqlite(settings.database_url):
        faults.append(Fault("REDPROP_SECRET_KEY", "用 PostgreSQL 时必须设置，几个进程要用同一个"))
    reader = cache(partial(load_reader, roots(settings.content_dir)))
    content = _load(settings, reader if hears else None, faults)
    if faults or content is None:
        raise ConfigError(faults)
    engine = open_engine(settings.database_url)
    kept = key_file(settings)
    secret = given if kept is None else _kept_key(kept)
    content = replace(content, secret=secret)

    def load(above: Above) -> Content:
        folders = roots(settings.content_dir)
        return load_content(folders, zone=settings.zone, address=settings.address, secret=secret, above=above)

    store = Store(settings.database_url, clock=clock, content=content, listeners=LISTENERS, engine=engine)
    return Office(
        settings=settings,
        content=content,
        hears=reader,
        store=store,
        clock=clock,
        secret_key=secret,
        official_account=OfficialAccount(settings.oa, clock) if settings.oa else None,
        wecom=WeCom(settings.work, clock) if settings.work else None,
        senders=senders or {},
        media=FileMedia(settings.media_dir),
        load=load,
    )


def _load(settings: Settings, hears: Callable[[], Reader] | None, faults: list[Fault]) -> Content | None:
    content: Content | None = None
    try:
        content = load_content(roots(settings.content_dir), zone=settings.zone, address=settings.address)
    except ContentError as error:
        faults += error.faults
    try:
        if hears is not None:
            hears()
    except ContentError as error:
        faults += error.faults
    return content


def key_file(settings: Settings) -> Path | None:
    """Where the key of signed links and sessions is kept; None where one is configured."""
    if settings.secret_key.get_secret_value() or not is_sqlite(settings.database_url):
        return None
    return sqlite_path(settings.database_url).with_suffix(".key")


def prove_media(folder: Path) -> None:
    """Raise ConfigError unless files can be put there: else each photo would be lost one by one, and late."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder, prefix=".") as probe:
            probe.write(b"probe")
    except OSError as error:
        says = f"照片放不进 {folder}（{error.strerror}），请换一个能写的文件夹"
        raise ConfigError([Fault("REDPROP_MEDIA_DIR", says)]) from None


def _kept_key(path: Path) -> bytes:
    """The key of signed links and sessions where none is configured: made once, kept beside the database."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_private(path, secrets.token_hex(32))
        return path.read_text("ascii").strip().encode()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Fault("REDPROP_SECRET_KEY", f"没有设置，{path} 又读写不了")]) from error


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(text, "ascii")
