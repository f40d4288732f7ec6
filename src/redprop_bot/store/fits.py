"""The index of who and what could help where: one row a word and area; made by `volunteers.indexing`, sought here.

    a change ──trigger──▶ fit_mark ──settle──▶ fit_key

A search takes the first few of each word in each area, those whose turn it is before those who were asked lately:
it costs the same whatever is in the list.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import TextClause, delete, func, insert, literal, select, text, update

from redprop_bot.store.tables import FitKey, FitMark, Member, PairingAsk, Resource, Service
from redprop_bot.store.tx import Tx, table_of

_k, _m, _a = table_of(FitKey), table_of(FitMark), table_of(PairingAsk)
MODELS: Final[Mapping[str, Any]] = {"resource": Resource, "service": Service, "member": Member}
SETTLE_LOCK: Final = 0x72640F17
_PART: Final = 500


def marked(tx: Tx, most: int) -> tuple[list[int], dict[str, set[int]]]:
    """Some marks, oldest first: their keys, what they mark by subject. Nothing while another settles."""
    if tx.connection.dialect.name == "postgresql" and not tx.scalar(
        select(func.pg_try_advisory_xact_lock(SETTLE_LOCK))
    ):
        return [], {}
    rows = tx.rows(select(_m.c.id, _m.c.subject, _m.c.subject_id).order_by(_m.c.id).limit(most))
    found: dict[str, set[int]] = {}
    for row in rows:
        found.setdefault(row.subject, set()).add(int(row.subject_id))
    return [int(row.id) for row in rows], found


def settled(
    tx: Tx, marks: Sequence[int], subjects: Mapping[str, Collection[int]], rows: list[dict[str, Any]]
) -> None:
    """Put these rows in the place of all keys of the subjects; the marks are done."""
    for subject, ids in subjects.items():
        for part in _parts(ids):
            tx.execute(delete(_k).where(_k.c.subject == subject, _k.c.subject_id.in_(part)))
    tx.insert_many(FitKey, rows)
    for part in _parts(marks):
        tx.execute(delete(_m).where(_m.c.id.in_(part)))


def mark(tx: Tx, subject: str, ids: Iterable[int]) -> None:
    """Have these looked at anew."""
    tx.insert_many(FitMark, [{"subject": subject, "subject_id": key} for key in ids])


def mark_all(tx: Tx) -> None:
    """Have everything looked at anew."""
    for subject, model in MODELS.items():
        there = select(literal(subject), table_of(model).c.id)
        tx.execute(insert(_m).from_select(["subject", "subject_id"], there))


def mark_of(tx: Tx, person_id: int) -> None:
    """Have everything looked at anew that is asked of this person."""
    member = table_of(Member)
    found = {"member": select(member.c.id).where(member.c.person_id == person_id)}
    for subject in ("resource", "service"):
        table = table_of(MODELS[subject])
        found[subject] = select(table.c.id).where(table.c.owner_id == person_id)
    for subject, statement in found.items():
        mark(tx, subject, [int(row[0]) for row in tx.rows(statement)])


def rows_of(tx: Tx, subject: str, ids: Iterable[int]) -> list[Any]:
    """The rows with these keys, as they are now; those that have gone are left out."""
    table = table_of(MODELS[subject])
    found: list[Any] = []
    for part in _parts(ids):
        found += tx.list(MODELS[subject], table.c.id.in_(part))
    return found


def turned(tx: Tx, subject: str, subject_id: int) -> None:
    """It was just asked for: others come first from now on."""
    mine = (_k.c.subject == subject, _k.c.subject_id == subject_id)
    tx.execute(update(_k).where(*mine).values(turn_at=tx.now))


def last_turns(tx: Tx, person_ids: Iterable[int]) -> dict[int, Any]:
    """When each of these people was last asked and did not say no; who never was is left out."""
    found: dict[int, Any] = {}
    for part in _parts(person_ids):
        asked = _a.c.person_id.in_(part) & (_a.c.state != "no")
        rows = tx.rows(select(_a.c.person_id, func.max(_a.c.asked_at)).where(asked).group_by(_a.c.person_id))
        found |= {int(row[0]): row[1] for row in rows}
    return found


def seek(tx: Tx, areas: Sequence[str], words: Sequence[str], *, each: int, most: int) -> list[tuple[str, int]]:
    """Subjects under these words in these areas, at most so many: the surest word first, then the nearest area."""
    pairs = [(area, word) for word in words for area in areas]
    found: dict[tuple[str, int], None] = {}
    for start in range(0, len(pairs), MOST_PAIRS):
        if len(found) >= most:
            break
        some = pairs[start : start + MOST_PAIRS]
        values: dict[str, Any] = {"each": each}
        for n, (area, word) in enumerate(some):
            values |= {f"a{n}": area, f"w{n}": word}
        found |= {(str(row[0]), int(row[1])): None for row in tx.rows(seeking(len(some)), values)}
    return list(found)[:most]


MOST_PAIRS: Final = 48
"""So many looks into the index are one statement."""


@cache
def seeking(number: int) -> TextClause:
    """The statement of so many looks: each walks the index from where its word and area begin."""
    return text(
        " UNION ALL ".join(
            f"SELECT * FROM (SELECT subject, subject_id FROM fit_key WHERE area = :a{n} AND word = :w{n} "  # noqa: S608 - numbers of ours
            f"ORDER BY turn_at, id LIMIT :each) AS t{n}"
            for n in range(number)
        )
    )


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    rest = list(ids)
    return (rest[start : start + _PART] for start in range(0, len(rest), _PART))
