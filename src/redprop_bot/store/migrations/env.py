"""What Alembic runs for each command: our tables, on the connection that `store.migrate` opened and locked."""
# ruff: noqa: INP001 - a script of Alembic's, not a module of ours: importing it would run it

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from redprop_bot.store import finding
from redprop_bot.store.tables import metadata
from redprop_bot.store.tables.base import Utc


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    # Revisions outlive libraries: they name our own type and plain ones, not what SQLModel wraps around a string.
    if kind != "type":
        return False
    return "Utc()" if isinstance(item, Utc) else "sa.String()" if isinstance(item, AutoString) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by building it anew
    render_item=_render,
    include_name=lambda name, kind, _parents: not (kind == "table" and finding.is_part(name)),
)
with context.begin_transaction():
    context.run_migrations()
