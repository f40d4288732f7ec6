"""Keeping the figures: what a demand had added is taken back, what it adds now is added, in one transaction.

    a change ──trigger──▶ recount ──settle──▶ figure (sums)  +  tally (what each demand has added to them)

Run twice, late or after a crash it comes to the same. `waiting_change` is what `settle` would do, for who reads.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import delete, func, insert, select

from redprop_bot.rules import tallies
from redprop_bot.rules.flow import Act
from redprop_bot.rules.tallies import NOTHING, Added, Cell
from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Demand, Event, Figure, Recount, Supporter, Tally
from redprop_bot.store.tx import Tx, dialect_insert, table_of

_d, _e, _s = table_of(Demand), table_of(Event), table_of(Supporter)
_f, _t, _r = table_of(Figure), table_of(Tally), table_of(Recount)

BATCH: Final = 200  # messages wait as long as one batch takes
PART: Final = 500
MANY: Final = 5000
"""So many waiting demands are counted by who reads; with more a page says that it is behind."""
SETTLE_LOCK: Final = 0x72640F16
KEY: Final = ("place", "face", "grain", "day", "name")
COUNTS: Final = tuple(name for name in _f.c.keys() if name not in KEY)  # noqa: SIM118 - columns, not a dictionary
_ROW: Final = (
    _d.c.id, _d.c.stage, _d.c.intent, _d.c.category, _d.c.community_id, _d.c.estate_id, _d.c.building,
    _d.c.handler_id, _d.c.released, _d.c.reported_at, _d.c.respond_by, _d.c.due_at, _d.c.done_at, _d.c.closed_at,
    _d.c.close_reason, _d.c.stars,
)  # fmt: skip
_NOTHING: Final = dict.fromkeys(COUNTS, 0)

Change = dict[Cell, dict[str, int]]


def settle(tx: Tx, *, most: int = BATCH) -> int:
    """Bring some demands into the figures; how many they were. Of several processes one does it at a time."""
    if _postgres(tx) and not tx.scalar(select(func.pg_try_advisory_xact_lock(SETTLE_LOCK))):
        return 0
    marks = tx.rows(select(_r.c.id, _r.c.demand_id).order_by(_r.c.id).limit(most))
    ids = {int(row[1]) for row in marks} | set(_by_time(tx, most))
    if not ids:
        return 0
    change, now_added = _counted(tx, ids)
    _apply(tx, change)
    _keep(tx, now_added)
    for part in _parts(int(row[0]) for row in marks):
        tx.execute(delete(_r).where(_r.c.id.in_(part)))
    return len(ids)


def begin_anew(tx: Tx) -> int:
    """Forget all figures and mark every demand to be counted; how many there are. `settle` does the rest."""
    if _postgres(tx):
        tx.scalar(select(func.pg_advisory_xact_lock(SETTLE_LOCK)))
    for table in (_f, _t, _r):
        tx.execute(delete(table))
    tx.execute(insert(_r).from_select(["demand_id"], select(_d.c.id).order_by(_d.c.id)))
    return int(tx.scalar(select(func.count()).select_from(_r)) or 0)


def waiting(tx: Tx) -> int:
    """How many demands are to be counted, up to one more than MANY."""
    some = select(_r.c.id).limit(MANY + 1).subquery()
    return int(tx.scalar(select(func.count()).select_from(some)) or 0) + len(_by_time(tx, MANY + 1))


def waiting_change(tx: Tx, *, exact: bool) -> Change:
    """What `settle` would change; nothing where more than MANY wait, unless it must be exact."""
    key = ("figures", int(tx.scalar(select(func.max(_r.c.id))) or 0), exact)
    if key not in tx.cache:
        tx.cache[key] = {} if not exact and waiting(tx) > MANY else _counted(tx, _all_waiting(tx))[0]
    return cast("Change", tx.cache[key])


def _all_waiting(tx: Tx) -> set[int]:
    return {int(row[0]) for row in tx.rows(select(_r.c.demand_id).distinct())} | set(_by_time(tx, None))


def _by_time(tx: Tx, most: int | None) -> list[int]:
    """Demands whose figures time has changed since they were counted."""
    statement = select(_t.c.demand_id).where(_t.c.again_at < tx.now).order_by(_t.c.again_at).limit(most)
    return [int(row[0]) for row in tx.rows(statement)]


def came(tx: Tx) -> set[int]:
    """How many demands came, once by each of the grains and faces; more than one number is a fault."""
    faces = [
        (face, grain) for face in (tallies.ALL, tallies.BY_CATEGORY) for grain in (tallies.DAY, tallies.MONTH)
    ]
    found = dict.fromkeys(faces, 0)
    rows = select(_f.c.face, _f.c.grain, func.sum(_f.c.came)).where(_f.c.place == tallies.EVERYBODY)
    for face, grain, number in tx.rows(rows.group_by(_f.c.face, _f.c.grain)):
        found[face, grain] += int(number or 0)
    for cell, counts in waiting_change(tx, exact=True).items():
        if cell.place == tallies.EVERYBODY:
            found[cell.face, cell.grain] += counts.get("came", 0)
    return set(found.values())


# -- one count


def _counted(tx: Tx, ids: Collection[int]) -> tuple[Change, dict[int, Added]]:
    """What changes in the figures, and what each of the demands adds now."""
    change: Change = {}
    now_added: dict[int, Added] = {}
    for part in _parts(ids):
        before = {
            int(row[0]): row[1]
            for row in tx.rows(select(_t.c.demand_id, _t.c.added).where(_t.c.demand_id.in_(part)))
        }
        found = _added(tx, part)
        for key in part:
            was, now = tallies.stored(before.get(key, {})), found.get(key, NOTHING)
            now_added[key] = now
            if was.kept() != now.kept():
                _put(change, was, -1)
                _put(change, now, 1)
    return {cell: counts for cell, counts in change.items() if any(counts.values())}, now_added


def _put(change: Change, what: Added, sign: int) -> None:
    for cell, counts in what.cells():
        here = change.setdefault(cell, {})
        for name, number in counts.items():
            here[name] = here.get(name, 0) + sign * number


def _added(tx: Tx, ids: list[int]) -> dict[int, Added]:
    accepted = (_e.c.subject == "demand", _e.c.subject_id.in_(ids), _e.c.act == Act.ACCEPT.value)
    first = select(_e.c.subject_id, func.min(_e.c.at).label("at")).where(*accepted).group_by(_e.c.subject_id)
    signed: dict[int, Any] = {int(row[0]): row[1] for row in tx.rows(first)}
    stars: dict[int, list[int]] = {}
    given = select(_s.c.demand_id, _s.c.stars).where(_s.c.demand_id.in_(ids), _s.c.stars.is_not(None))
    for row in tx.rows(given):
        stars.setdefault(int(row[0]), []).append(int(row[1]))
    rows: list[Any] = tx.rows(select(*_ROW).where(_d.c.id.in_(ids)))
    zone, now = tx.content.zone, tx.now
    return {
        row.id: tallies.added(row, signed_at=signed.get(row.id), stars=stars.get(row.id, ()), now=now, zone=zone)
        for row in rows
    }


def _apply(tx: Tx, change: Change) -> None:
    """Add to the sums; a sum that was nothing begins."""
    rows = [{**cell._asdict(), **_NOTHING, **counts} for cell, counts in change.items()]
    tx.execute_many(_adding(tx.connection.dialect.name), rows)


def _keep(tx: Tx, now_added: Mapping[int, Added]) -> None:
    rows = [
        {"demand_id": key, "added": one.kept(), "again_at": one.again_at} for key, one in sorted(now_added.items())
    ]
    tx.execute_many(_keeping(tx.connection.dialect.name), rows)


@cache
def _adding(dialect: str) -> Prepared:
    statement = dialect_insert(_f, dialect)
    summed = {name: _f.c[name] + statement.excluded[name] for name in COUNTS}
    return Prepared(statement.on_conflict_do_update(index_elements=list(KEY), set_=summed))


@cache
def _keeping(dialect: str) -> Prepared:
    statement = dialect_insert(_t, dialect)
    taken = {name: statement.excluded[name] for name in ("added", "again_at")}
    return Prepared(statement.on_conflict_do_update(index_elements=["demand_id"], set_=taken))


def _parts(ids: Iterable[int]) -> Iterator[list[int]]:
    """Keys in portions that a statement takes."""
    many = sorted(ids)
    for start in range(0, len(many), PART):
        yield many[start : start + PART]


def _postgres(tx: Tx) -> bool:
    return tx.connection.dialect.name == "postgresql"
