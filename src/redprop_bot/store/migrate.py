"""Bringing a database to the present schema; `store.schema` says whether it is there.

Any number of processes may start an upgrade at once: they take turns. Each upgrade is one transaction on both
engines, so a database is at one revision or at the next, never between. `store.draft` drafts new revisions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, select, text

from redprop_bot.errors import ConfigError, Fault
from redprop_bot.store import finding, schema, triggers
from redprop_bot.store.schema import State

if TYPE_CHECKING:
    from alembic.config import Config

UPGRADE_LOCK = 0x7270_0002


def upgrade(engine: Engine) -> None:
    """Bring the schema to the present revision; does nothing when it is there. Raises ConfigError."""
    from alembic import command  # noqa: PLC0415 - ten megabytes that a service which only serves does without

    with schema.named_faults(), _alone(engine) as connection:
        if schema.state_of(connection) is State.AHEAD:
            raise ConfigError([Fault(schema.SETTING, schema.SAYS[State.AHEAD])])
        command.upgrade(config(connection), "head")
        triggers.ensure(connection)
        finding.ensure(connection)
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"PRAGMA application_id = {schema.APPLICATION_ID}"))


def config(connection: Connection) -> "Config":
    """What Alembic needs to work on an open connection."""
    from alembic.config import Config  # noqa: PLC0415 - see `upgrade`

    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(schema.MIGRATIONS).replace("%", "%%"))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return settings


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other upgrade runs beside."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(UPGRADE_LOCK)))
            yield connection
        return
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        # A table that is built anew is dropped first, which would take along what refers to it. Only outside of a
        # transaction can this be switched; what it lets through is looked for before the commit.
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():  # takes the write lock at once
                yield connection
                if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
                    raise RuntimeError(f"references broken by a migration: {broken[:5]}")
        finally:
            driver.execute("PRAGMA foreign_keys = ON")
