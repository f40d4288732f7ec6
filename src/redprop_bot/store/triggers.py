"""Guards inside the database: history (`event`), ledger (`point_entry`), stock (`stock_move`) are only added to.

What changes a demand marks it to be counted anew (`recount`), whoever wrote the statement; `marks` does the same
for what can be matched.
A batch rebuild on SQLite drops a table with its triggers, so they are made again after every migration.

One door leads through the guard of `event`, for what has to be forgotten (`store.history`): while its row stands
in `revision`, within one transaction, words and the names of who acted may be covered, and rows about sign-ins may
go. What happened, to what and when changes for nobody.
"""

from sqlalchemy import Connection, text

from redprop_bot.store import marks

GUARDED = ("event", "point_entry", "stock_move")
DOOR = "door:event"
PASSES = "account"
"""Events about these may go through the door; all others only change their words."""

_FIXED = ("id", "subject", "subject_id", "community_id", "at", "name", "act")
_SHUT = f"NOT EXISTS (SELECT 1 FROM revision WHERE name = '{DOOR}')"  # noqa: S608 - a name of ours

_SQLITE = {
    f"{table}_no_{act.lower()}": (
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
    for table in GUARDED
    for act in ("UPDATE", "DELETE")
}
_SQLITE |= {
    name: f"CREATE TRIGGER {name} BEFORE {act} ON event WHEN {_SHUT} OR {but} "
    "BEGIN SELECT RAISE(ABORT, 'event is append-only'); END"
    for name, act, but in (
        ("event_no_update", "UPDATE", " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _FIXED)),
        ("event_no_delete", "DELETE", f"OLD.subject <> '{PASSES}'"),
    )
}

# What figures are made of; the rest of a demand (reminders, words) may change without being counted anew.
_COUNTED = (
    "stage, intent, category, community_id, estate_id, building, handler_id, released, reported_at, respond_by, "
    "due_at, done_at, closed_at, close_reason, stars"
)
_MARKS = {
    "recount_new": ("AFTER INSERT ON demand", "", "NEW.id"),
    "recount_changed": (f"AFTER UPDATE OF {_COUNTED} ON demand", "", "NEW.id"),
    "recount_gone": ("AFTER DELETE ON demand", "", "OLD.id"),
    "recount_signed": (
        "AFTER INSERT ON event",
        "NEW.subject = 'demand' AND NEW.act = 'accept'",
        "NEW.subject_id",
    ),
    "recount_supporter": ("AFTER INSERT ON supporter", "NEW.stars IS NOT NULL", "NEW.demand_id"),
    "recount_rated": ("AFTER UPDATE OF stars, demand_id ON supporter", "", "NEW.demand_id"),
    "recount_moved": ("AFTER UPDATE OF demand_id ON supporter", "", "OLD.demand_id"),
    "recount_left": ("AFTER DELETE ON supporter", "OLD.stars IS NOT NULL", "OLD.demand_id"),
}
_MARK = {
    "NEW.id": "INSERT INTO recount (demand_id) VALUES (NEW.id)",
    "OLD.id": "INSERT INTO recount (demand_id) VALUES (OLD.id)",
    "NEW.subject_id": "INSERT INTO recount (demand_id) VALUES (NEW.subject_id)",
    "NEW.demand_id": "INSERT INTO recount (demand_id) VALUES (NEW.demand_id)",
    "OLD.demand_id": "INSERT INTO recount (demand_id) VALUES (OLD.demand_id)",
}
_SQLITE |= {
    name: f"CREATE TRIGGER {name} {at} FOR EACH ROW {f'WHEN {when} ' if when else ''}BEGIN {_MARK[what]}; END"
    for name, (at, when, what) in _MARKS.items()
}
_SQLITE |= marks.SQLITE


def _function(what: str) -> str:
    return f"recount_{what.lower().replace('.', '_')}()"


_REFUSALS = [
    f"""
CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$
"""
    for table in GUARDED
    if table != "event"
]
_REFUSALS.append(
    f"""
CREATE OR REPLACE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM revision WHERE name = '{DOOR}') AND OLD.subject = '{PASSES}' THEN RETURN OLD; END IF;
ELSIF TG_OP = 'UPDATE' THEN
    IF EXISTS (SELECT 1 FROM revision WHERE name = '{DOOR}')
        AND ({", ".join(f"NEW.{column}" for column in _FIXED)}) IS NOT DISTINCT FROM
            ({", ".join(f"OLD.{column}" for column in _FIXED)}) THEN RETURN NEW; END IF;
END IF;
RAISE EXCEPTION 'event is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""  # noqa: S608 - names of ours
)
_POSTGRES = {
    f"{table}_no_{name}": f"CREATE TRIGGER {table}_no_{name} BEFORE {acts} ON {table} "
    f"FOR EACH {each} EXECUTE FUNCTION {table}_is_append_only()"
    for table in GUARDED
    for name, acts, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT"))
}
_RECOUNTS = [
    f"""
CREATE OR REPLACE FUNCTION {_function(what)} RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {mark}; RETURN NULL; END $$
"""
    for what, mark in _MARK.items()
]
_POSTGRES |= {
    name: f"CREATE TRIGGER {name} {at} FOR EACH ROW {f'WHEN ({when}) ' if when else ''}"
    f"EXECUTE FUNCTION {_function(what)}"
    for name, (at, when, what) in _MARKS.items()
}
_POSTGRES |= marks.POSTGRES
_WATCHED = (*GUARDED, "demand", "supporter", *marks.TABLES)


def ensure(connection: Connection) -> None:
    """Make the guards that are missing or have another text; to be called in the transaction of a migration."""
    if connection.dialect.name == "sqlite":
        for name in set(_SQLITE) - _standing(connection):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.execute(text(_SQLITE[name]))
        return
    for function in (*_REFUSALS, *_RECOUNTS, *marks.FUNCTIONS):
        connection.execute(text(function))
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
        text(
            "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND tgrelid IN "  # noqa: S608 - names of ours
            f"({', '.join(f'to_regclass({name!r})' for name in _WATCHED)})"
        )
    )
    return {row.tgname for row in rows}
