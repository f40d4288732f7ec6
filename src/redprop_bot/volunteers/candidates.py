"""Who could help with a need: found by place and word, scored, the best first. Nobody is asked here.

Only a bounded number is looked at, so that the search costs the same with a hundred offers and a hundred thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.notify import outbox
from redprop_bot.registry import near
from redprop_bot.registry.register import register
from redprop_bot.rules import opening, positions
from redprop_bot.rules.fitting import Part, Side, Words, fits, score, total, words_in
from redprop_bot.store import bookings, pairings, people
from redprop_bot.store import fits as index
from redprop_bot.store.tables import Member, Person
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers.indexing import areas_of, owner_of, where_is, words_of

LOOKED_AT: Final = 48
EACH: Final = 8
ESTATES: Final = 8
_WORDS, _PAIRS = 4, 6

SUBJECTS: Final = {"resource": ("resource",), "service": ("service", "member")}
"""What is asked of whom, by side; the letter of a side stands before its words in the index."""


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody needs, whatever it came from. `but` are people who are never asked for it."""

    kind: str
    id: int
    no: str
    side: str
    text: str
    category: str | None = None
    community_id: int | None = None
    estate_id: int | None = None
    but: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be asked, and why."""

    subject: str
    subject_id: int
    title: str
    person: Person
    parts: tuple[Part, ...]

    @property
    def score(self) -> int:
        """The whole score, of 100."""
        return total(self.parts)


def find(tx: Tx, need: Need) -> list[Candidate]:
    """All who fit among those that were looked at, the best first; each person once."""
    words = words_in(need.text, tx.content.matching.vocabulary, need.category)
    areas = _areas(tx, need)
    keys = Words(words.words[:_WORDS], words.categories, words.pairs[:_PAIRS]).keys
    found = index.seek(tx, areas, [f"{need.side[0]}{key}" for key in keys], each=EACH, most=LOOKED_AT)
    sides = _sides(tx, found, need, words)
    best: dict[int, Candidate] = {}
    for candidate in sorted(sides, key=lambda one: (-one.score, one.subject, one.subject_id)):
        best.setdefault(candidate.person.id or 0, candidate)
    return list(best.values())


def _areas(tx: Tx, need: Need) -> list[str]:
    """Where it is looked: the estate, the community, everywhere, then the estates around, the nearest first."""
    reg = register(tx)
    estate = reg.estates.get(need.estate_id or 0)
    found = [f"e{estate.id}"] if estate else []
    found += [f"c{need.community_id}"] if need.community_id is not None else []
    found.append("*")
    if estate is not None:
        around = near.around(reg, estate, tx.content.matching.near_km, most=ESTATES)
        found += [f"e{other.id}" for other, _km in around]
    return found


def _sides(tx: Tx, found: Sequence[tuple[str, int]], need: Need, words: Words) -> list[Candidate]:
    rows = [
        (subject, row, offered)
        for subject in SUBJECTS[need.side]
        for row in index.rows_of(tx, subject, [key for of, key in found if of == subject])
        if fits(words, offered := words_of(tx, row))
    ]
    people.named(tx, {key for _s, row, _o in rows if (key := owner_of(row)) is not None})
    asked = [(subject, row, offered, person) for subject, row, offered in rows for person in _contacts(tx, row)]
    ids = sorted({person.id for *_, person in asked if person.id is not None})
    busy = pairings.asked_for(tx, need.kind, need.id) | pairings.waiting_people(tx, ids) | need.but
    busy |= pairings.resting(tx, ids)
    turns, helping = index.last_turns(tx, ids), pairings.helping(tx, ids)
    there = bookings.places(tx, [row.id for subject, row, _o in rows if subject == "resource"])
    times, measures = opening.read(need.text), tx.content.matching.measures
    made = []
    for subject, row, offered, person in asked:
        if person.id in busy or person.id is None:
            continue
        same, km = _distance(tx, need, row, person, there.get(row.id) if subject == "resource" else None)
        hours = opening.read(" ".join(row.skills) if subject == "member" else f"{row.hours or ''} {row.note}")
        side = Side(offered, same, km, hours, helping.get(person.id, 0), turns.get(person.id))
        parts = tuple(score(words, times, side, measures, tx.now))
        title = "、".join(row.skills) if subject == "member" else row.title
        made.append(Candidate(subject, row.id, title[:60], person, parts))
    return made


def _contacts(tx: Tx, row: Any) -> list[Person]:
    """Who is asked for it: the member, the owner, somebody of the unit; else the community's secretary."""
    reg = register(tx)
    if (key := owner_of(row)) is not None:
        found = list(people.named(tx, {key}).values())
    elif row.organisation_id is not None:
        found = reg.managers(row.organisation_id) or reg.staff(row.organisation_id)
    else:
        found = reg.secretaries(row.community_id)
    return [person for person in found if outbox.address(person) is not None][:1]


def _distance(tx: Tx, need: Need, row: Any, person: Person, place: Any) -> tuple[bool, float | None]:
    """Whether it is at the same estate, and how far it is in kilometres, as far as anybody knows."""
    reg = register(tx)
    here = near.position(reg.estates.get(need.estate_id or 0))
    if hasattr(row, "skills"):
        member: Member = row
        homes = [int(a[1:]) for a in areas_of(reg, member, person) if a[0] == "e"]
        there = [p for key in homes if (p := near.position(reg.estates.get(key))) is not None]
        same = need.estate_id is not None and need.estate_id in homes
    else:
        at = where_is(reg, row, place)
        there = [at] if at is not None else []
        same = need.estate_id is not None and row.estate_id == need.estate_id
    if same or here is None or not there:
        return same, None
    return False, min(positions.km(here, one) for one in there)
