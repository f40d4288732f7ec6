"""Finding demands by what was said: an index of character pairs, kept in the transaction that enters the demand.

    SQLite      demand_words, an FTS5 table; its row id is the key of the demand
    PostgreSQL  demand_words(demand_id, words tsvector) with a GIN index

Both are made by `ensure` after the migrations and filled from the demands that are there, so that no row is ever
outside. What goes in is the number and the words of the report; whoever adds to the words or takes some out puts
them in anew, with `keep`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, column, select, table, text

from redprop_bot.rules import bigrams
from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx

TABLE: Final = "demand_words"
_BATCH: Final = 1000

_MAKE: Final[Mapping[str, tuple[str, ...]]] = {
    # To the tokenizer called ascii all beyond ASCII is part of a word: no table of Unicode that ends somewhere.
    "sqlite": ("CREATE VIRTUAL TABLE demand_words USING fts5(words, tokenize = 'ascii', columnsize = 0)",),
    "postgresql": (
        "CREATE TABLE demand_words (demand_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX ix_demand_words_words ON demand_words USING gin (words) WITH (gin_pending_list_limit = 256)",
    ),
}
_KEEP: Final = {
    "sqlite": Prepared(text("INSERT OR REPLACE INTO demand_words (rowid, words) VALUES (:id, :words)")),
    "postgresql": Prepared(
        text(
            "INSERT INTO demand_words (demand_id, words) VALUES (:id, CAST(:words AS tsvector)) "
            "ON CONFLICT (demand_id) DO UPDATE SET words = excluded.words"
        )
    ),
}
_FIND: Final = {
    "sqlite": text(
        "SELECT rowid FROM demand_words WHERE demand_words MATCH :wish AND rowid < :before "
        "ORDER BY rowid DESC LIMIT :most"
    ),
    "postgresql": text(
        "SELECT demand_id FROM demand_words WHERE words @@ CAST(:wish AS tsquery) AND demand_id < :before "
        "ORDER BY demand_id DESC LIMIT :most"
    ),
}
_THERE: Final = {
    "sqlite": text("SELECT 1 FROM sqlite_master WHERE name = 'demand_words'"),
    "postgresql": text("SELECT 1 WHERE to_regclass('demand_words') IS NOT NULL"),
}
_LOST: Final = {
    "sqlite": text(
        "SELECT no FROM demand d WHERE NOT EXISTS (SELECT 1 FROM demand_words_content c WHERE c.id = d.id) LIMIT 1"
    ),
    "postgresql": text(
        "SELECT no FROM demand d WHERE NOT EXISTS (SELECT 1 FROM demand_words w WHERE w.demand_id = d.id) LIMIT 1"
    ),
}
_NEWEST: Final = 1 << 62


def keep(tx: Tx, demand: Demand) -> None:
    """Put a demand into the index, or what it says now in place of what it said."""
    dialect = tx.connection.dialect.name
    tx.execute(_KEEP[dialect], _row(dialect, demand.id or 0, demand.no, demand.text))


def keep_many(tx: Tx, demands: Sequence[tuple[int, str, str]]) -> None:
    """The same for many: key, number and words of each."""
    _keep_many(tx.connection, demands)


def _keep_many(connection: Connection, demands: Sequence[tuple[int, str, str]]) -> None:
    dialect = connection.dialect.name
    _KEEP[dialect].run_many(connection, [_row(dialect, *demand) for demand in demands])


def found(tx: Tx, words: str, *, before: int | None, most: int) -> list[int]:
    """Keys of the demands whose words or number hold all of this, newest first, below the key `before`."""
    rows = bigrams.wish(words)
    if not rows:
        return []
    dialect = tx.connection.dialect.name
    values = {"wish": _wish(dialect, rows), "before": before or _NEWEST, "most": most}
    return [int(row[0]) for row in tx.rows(_FIND[dialect], values)]


def near_first(tx: Tx) -> bool:
    """Whether a search looks through the newest rows itself, with `among`, before it asks the index.

    PostgreSQL takes the words of a phrase for independent, a common one for a rare one, and fetches every row
    that ever said it; what is said often stands among the newest. SQLite reads its index from the newest.
    """
    return tx.connection.dialect.name == "postgresql"


def among(tx: Tx, words: str, keys: Select[Any]) -> list[int]:
    """Of a few thousand keys those whose words hold all of this, newest first; only where `near_first`."""
    rows = bigrams.wish(words)
    if not rows:
        return []
    some, said = keys.subquery(), table(TABLE, column("demand_id"), column("words"))
    # The offset keeps the rows apart from the question: put together, the planner takes a common phrase for a rare
    # one and reads all words there are. `IS TRUE` keeps the index out: these few are looked at one by one.
    near = select(said).join(some, some.c[0] == said.c.demand_id).offset(0).subquery("near")
    holds = text("(near.words @@ CAST(:wish AS tsquery)) IS TRUE").bindparams(wish=_wish("postgresql", rows))
    asked = select(near.c.demand_id).where(holds).order_by(near.c.demand_id.desc())
    return [int(row[0]) for row in tx.rows(asked)]


def lost(tx: Tx) -> str | None:
    """The number of a demand that the index does not hold; None when all is well."""
    found_one = tx.scalar(_LOST[tx.connection.dialect.name])
    return str(found_one) if found_one is not None else None


def ensure(connection: Connection) -> None:
    """Make the index if it is missing, with all demands in it; in the transaction of a migration."""
    if not missing(connection):
        return
    for statement in _MAKE[connection.dialect.name]:
        connection.execute(text(statement))
    for batch in _demands(connection):
        _keep_many(connection, batch)


def missing(connection: Connection) -> bool:
    """Whether there is no index."""
    return connection.execute(_THERE[connection.dialect.name]).first() is None


def is_part(name: str | None) -> bool:
    """Whether a table belongs to the index: it stands in no migration."""
    return name is not None and name.startswith(TABLE)


def _demands(connection: Connection) -> Iterator[list[tuple[int, str, str]]]:
    last = 0
    page = text("SELECT id, no, text FROM demand WHERE id > :last ORDER BY id LIMIT :most")
    while rows := connection.execute(page, {"last": last, "most": _BATCH}).all():
        yield [(int(row[0]), str(row[1]), str(row[2])) for row in rows]
        last = int(rows[-1][0])


def _row(dialect: str, key: int, no: str, said: str) -> dict[str, Any]:
    made = bigrams.tokens(f"{no} {said}")
    if dialect == "sqlite":
        # The characters stand behind the pairs, none beside another that it stands beside in the text.
        return {"id": key, "words": " ".join([*made.pairs, *made.singles])}
    positions: dict[str, list[int]] = {}
    for place, pair in enumerate(made.pairs, 1):
        positions.setdefault(pair, []).append(min(place, 16383))
    lexemes = [f"'{pair}':{','.join(map(str, places[:256]))}" for pair, places in positions.items()]
    return {"id": key, "words": " ".join([*lexemes, *(f"'{single}'" for single in made.singles)])}


def _wish(dialect: str, rows: list[tuple[str, ...]]) -> str:
    """The wish as each engine spells it; letters, digits and characters only, so that nothing needs escaping."""
    if dialect == "sqlite":
        return " AND ".join(f'"{" ".join(row)}"' for row in rows)
    return " & ".join("(" + " <-> ".join(f"'{pair}'" for pair in row) + ")" for row in rows)
