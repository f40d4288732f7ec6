"""Making the index of matching: under which words and in which areas each resource, service and member is found.

    areas   e7 of one estate, c3 of a community, * of all, g3133:11837 a square of the map for what is near
    words   rw轮椅, sw理发 a known word, rcconvenience a category, rb投影 a pair of characters; r things, s people

What is made stands in `store.fits`; what is done with it in `candidates` and `places`.
"""

import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from redprop_bot.registry import near
from redprop_bot.registry.register import Register, register
from redprop_bot.rules import positions
from redprop_bot.rules.fitting import NEAR, Words, words_in
from redprop_bot.rules.positions import Position
from redprop_bot.store import bookings, fits, messages, numbers, pairings, people
from redprop_bot.store.tables import Member, Person, Place, Resource, Service
from redprop_bot.store.tx import Tx

BATCH: Final = 500
AGAIN: Final = "pairing_again"
"""A timer: look once more for whom nobody was found."""
_AROUND, _WOKEN_AT, _WOKEN = 20, 400, 50
_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
_REVISION: Final = "fit_vocabulary"

Offer = Resource | Service


def refresh(tx: Tx) -> None:
    """Have all looked at anew when the community calls things otherwise than at the last look."""
    mark = zlib.crc32(repr((tx.content.matching.vocabulary, tx.content.booking.kinds)).encode()) >> 1
    if numbers.revision(tx, _REVISION) != mark:
        fits.mark_all(tx)
        numbers.put_revision(tx, _REVISION, mark)


def settle(tx: Tx, *, most: int = BATCH) -> dict[str, set[int]]:
    """Bring what has changed into the index; what it was, by subject. One process does it at a time."""
    marks, subjects = fits.marked(tx, most)
    if marks:
        rows = [row for subject, ids in subjects.items() for row in _rows(tx, subject, ids)]
        fits.settled(tx, marks, subjects, rows)
        _wake(tx, {row["area"] for row in rows if row["word"] != NEAR})
    return subjects


def _wake(tx: Tx, areas: set[str]) -> None:
    """What was sought in vain around here is looked at once more: there is something new."""
    reg, found = register(tx), set[int]()
    for area in areas:
        if area[0] == "e" and (estate := reg.estates.get(int(area[1:]))) is not None:
            around = near.around(reg, estate, tx.content.matching.near_km, most=_AROUND)
            found |= {key for one in (estate, *(other for other, _ in around)) if (key := one.id) is not None}
        elif area[0] == "c":
            found |= {key for key, one in reg.estates.items() if f"c{one.community_id}" == area}
    for pairing in pairings.in_vain(tx, sorted(found)[:_WOKEN_AT], limit=_WOKEN):
        messages.plan_anew(tx, f"pairing:{pairing.id}:again", AGAIN, tx.now, pairing.id)


def _rows(tx: Tx, subject: str, ids: Iterable[int]) -> list[dict[str, Any]]:
    found = fits.rows_of(tx, subject, sorted(ids))
    owners = {owner for row in found if (owner := owner_of(row)) is not None}
    resting = pairings.resting(tx, owners)
    turns = fits.last_turns(tx, owners)
    reg = register(tx)
    made: list[dict[str, Any]] = []
    if subject == "member":
        known = people.named(tx, {row.person_id for row in found})
        keyed = [(row, _helping(tx, reg, row, known[row.person_id])) for row in found]
    else:
        found = [row for row in found if row.status == "published"]
        there = bookings.places(tx, [row.id for row in found]) if subject == "resource" else {}
        keyed = [(row, [*_offered(tx, row), *_near(tx, reg, row, there)]) for row in found]
    for row, keys in keyed:
        owner = owner_of(row)
        for area, word in dict.fromkeys(keys):
            if owner in resting and word != NEAR:
                continue
            turn = turns.get(owner, _NEVER) if owner is not None else _NEVER
            made.append({"area": area, "word": word, "turn_at": turn, "subject": subject, "subject_id": row.id})
    return made


def owner_of(row: Any) -> int | None:
    """Whose it is, or who it is; None for what belongs to a unit or the community."""
    found: int | None = row.owner_id if hasattr(row, "owner_id") else row.person_id
    return found


def words_of(tx: Tx, row: Offer | Member) -> Words:
    """What a row offers, in words."""
    vocabulary = tx.content.matching.vocabulary
    if hasattr(row, "skills"):
        return words_in("，".join(row.skills), vocabulary)
    return words_in(f"{row.title} {row.note}", vocabulary, row.kind)


def areas_of(reg: Register, member: Member, person: Person) -> list[str]:
    """Where a member helps: at home; else where their branch is by its name; else everywhere."""
    if person.estate_id is not None:
        return [f"e{person.estate_id}"]
    branch = member.branch or ""
    if named := [f"e{estate.id}" for name, estate in reg.estate_names.items() if name in branch]:
        return list(dict.fromkeys(named))
    if named := [f"c{key}" for key, community in reg.communities.items() if community.name in branch]:
        return named
    only = reg.community_of(None)
    return [f"c{only}"] if only is not None else ["*"]


def _helping(tx: Tx, reg: Register, member: Member, person: Person) -> list[tuple[str, str]]:
    return [(area, f"s{key}") for area in areas_of(reg, member, person) for key in words_of(tx, member).keys]


def _area(row: Offer) -> str:
    if row.estate_id is not None:
        return f"e{row.estate_id}"
    return f"c{row.community_id}" if row.community_id is not None else "*"


def _offered(tx: Tx, row: Offer) -> list[tuple[str, str]]:
    side = "r" if row.no[0] == "R" else "s"
    return [(_area(row), f"{side}{key}") for key in words_of(tx, row).keys]


def where_is(reg: Register, row: Offer, place: Place | None) -> Position | None:
    """The position of an offer: its own, else that of its estate."""
    if place is not None and place.lat is not None and place.lng is not None:
        return place.lat, place.lng
    estate = reg.estates.get(row.estate_id or 0)
    return (estate.lat, estate.lng) if estate and estate.lat is not None and estate.lng is not None else None


def _near(tx: Tx, reg: Register, row: Offer, there: Mapping[int, Place]) -> list[tuple[str, str]]:
    place = there.get(row.id or 0)
    if row.no[0] != "R" or (row.kind not in tx.content.booking.kinds and (place is None or place.lat is None)):
        return []
    here = where_is(reg, row, place)
    square = [(f"g{positions.cell(here)}", NEAR)] if here else []
    return [(_area(row), NEAR), *square]
