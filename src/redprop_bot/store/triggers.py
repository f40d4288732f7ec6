"""Guards inside the database: the history of demands (`event`) is added to, never changed.

A batch rebuild on SQLite drops a table with its triggers, so they are made again after every migration. Rows that
retention must drop one day need a documented door here, not a connection that goes around the guard.
"""

from sqlalchemy import Connection, text

SAYS = "event is append-only"

_SQLITE = {
    f"event_no_{act.lower()}": (
        f"CREATE TRIGGER event_no_{act.lower()} BEFORE {act} ON event BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    for act in ("UPDATE", "DELETE")
}

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END $$
"""
_POSTGRES = {
    "event_no_change": "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event "
    "FOR EACH ROW EXECUTE FUNCTION event_is_append_only()",
    "event_no_truncate": "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event "
    "FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only()",
}


def ensure(connection: Connection) -> None:
    """Make the guards that are missing or have another text; to be called in the transaction of a migration."""
    if connection.dialect.name == "sqlite":
        for name in set(_SQLITE) - _standing(connection):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.execute(text(_SQLITE[name]))
        return
    connection.execute(text(_FUNCTION))
    for name in set(_POSTGRES) - _standing(connection):
        connection.execute(text(_POSTGRES[name]))


def missing(connection: Connection) -> list[str]:
    """Names of guards that do not stand."""
    wanted = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES
    return sorted(set(wanted) - _standing(connection))


def _standing(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        return {name for name, sql in rows if _SQLITE.get(name) == sql}
    rows = connection.execute(
        text("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass('event') AND tgenabled <> 'D'")
    )
    return {row.tgname for row in rows}
