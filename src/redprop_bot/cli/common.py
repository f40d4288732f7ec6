"""What the commands share: settings, the office, the database that must be current."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redprop_bot import settings as settings_module
from redprop_bot.bootstrap import building
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError, Fault
from redprop_bot.ports import Clock
from redprop_bot.settings import Settings


def settings(**given: Any) -> Settings:
    """The configuration, under what the command line gave; ConfigError with every fault."""
    return settings_module.load(**given)


@contextmanager
def open_office(*, clock: Clock | None = None, current: bool = True, **given: Any) -> Iterator[Office]:
    """The office over the configured database, whose schema must be current unless said otherwise."""
    office = building.build(settings(**given), clock=clock)
    try:
        if current and not building.ready(office):
            raise ConfigError([Fault("数据库", "结构不是最新的，请先运行 redprop-bot db upgrade")])
        yield office
    finally:
        office.close()
