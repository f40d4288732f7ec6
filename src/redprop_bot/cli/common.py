"""What the commands share: settings, the office, the database that must be current."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redprop_bot import settings as settings_module
from redprop_bot.bootstrap import building
from redprop_bot.cli.lasting import loading
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError, Fault
from redprop_bot.ports import Clock
from redprop_bot.settings import Settings
from redprop_bot.store import schema


def settings(**given: Any) -> Settings:
    """The configuration, under what the command line gave; ConfigError with every fault."""
    return settings_module.load(**given)


@contextmanager
def open_office(
    *, clock: Clock | None = None, current: bool = True, hears: bool = False, **given: Any
) -> Iterator[Office]:
    """The office over the configured database, whose schema must be current unless said otherwise.

    `hears`: people speak to it, so what it understands them with is made and checked first.
    """
    with loading():
        office = building.build(settings(**given), clock=clock, hears=hears)
    try:
        if current:
            schema.check(office.store.engine)
            office.take_up()
        yield office
    finally:
        office.close()


def write_file(path: Path, content: bytes) -> None:
    """Write what a command gives out; raises ConfigError where the file cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ConfigError([Fault(str(path), f"写不了：{error.strerror}")]) from None
