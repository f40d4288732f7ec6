"""走访 (三访三问): a visit is logged as it was told; who was visited is known only where no doubt is left."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from redprop_bot.errors import Invalid
from redprop_bot.loop.actor import Actor
from redprop_bot.notify import outbox
from redprop_bot.registry.register import register
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import numbers, visits
from redprop_bot.store.tables import Person, Visit
from redprop_bot.store.tx import Tx
from redprop_bot.understand.numerals import CHINESE, to_int

TEXT_LIMIT: Final = 2000
_CALLED: Final = re.compile(
    r"([\u4e00-\u9fff])(?:奶奶|爷爷|阿姨|大爷|大妈|大娘|大叔|大伯|大姐|大哥|叔叔|婆婆|老师|师傅|先生|女士)"
)
_HOUSEHOLDS: Final = re.compile(rf"(\d{{1,4}}|[{CHINESE}十百]{{1,5}})\s*(?:多)?户")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was, as far as it was said."""

    community_id: int | None
    estate_id: int | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    phone: str | None = None


def resident_of(tx: Tx, place: Place, text: str) -> Person | None:
    """The one resident that was visited, by phone, or by home and surname; None where it could be another.

    A home by itself is nobody: whoever of a family talks with us may be whom the one visited complains of.
    """
    called = {match[1] for match in _CALLED.finditer(text)}
    if place.phone:
        found = visits.residents_with(tx, place.phone)
        if found:
            fits = not (called and found[0].name) or found[0].name[0] in called
            return found[0] if len(found) == 1 and fits else None
    found = _at_home(tx, place)
    if len(found) != 1 or len(called) != 1 or not found[0].name:
        return None
    return found[0] if found[0].name[0] in called else None


def _at_home(tx: Tx, place: Place) -> list[Person]:
    """Those of this home; of nobody's where the building has several with this number."""
    if place.estate_id is None or not place.building or not place.room:
        return []
    found = visits.residents_at(
        tx, estate_id=place.estate_id, building=place.building, unit=place.unit, room=place.room
    )
    buildings = register(tx).buildings.get(place.estate_id, [])
    units = next((one.units for one in buildings if one.no == place.building), None)
    if place.unit is not None or units == 1:
        return found
    return [] if units else [person for person in found if person.unit is None]


def households_in(tx: Tx, text: str) -> int:
    """走访了5户: how many, at least one."""
    most = tx.content.visits.most_households
    counted = [to_int(match[1]) for match in _HOUSEHOLDS.finditer(text)]
    return max(1, min(most, max((n for n in counted if n), default=1)))


def log(tx: Tx, text: str, place: Place, by: Actor, *, visited_at: datetime, resident: Person | None) -> Visit:
    """Enter a visit. Raises Invalid without words."""
    said = text.strip()[:TEXT_LIMIT]
    if not said:
        raise Invalid("missing", field="text")
    return tx.insert(
        Visit,
        no=numbers.take(tx, "V", tx.now, tx.content.zone),
        community_id=place.community_id,
        estate_id=place.estate_id,
        building=place.building,
        unit=place.unit,
        room=place.room,
        kind=tx.content.visits.kind_of(said).code,
        households=households_in(tx, said),
        text=said,
        worker_id=by.person_id,
        worker_name=by.name,
        resident_id=resident.id if resident else None,
        visited_at=min(visited_at, tx.now),
        created_at=tx.now,
    )


def correct(tx: Tx, visit: Visit, *, households: int | None, place: Place | None) -> Visit:
    """Another count or another home of the same visit; None: as it stood."""
    fields: dict[str, object] = {} if households is None else {"households": households}
    if place is not None:
        resident = resident_of(tx, place, visit.text)
        where = {name: getattr(place, name) for name in ("community_id", "estate_id", "building", "unit", "room")}
        fields |= {**where, "resident_id": resident.id if resident else None}
    return tx.update(Visit, visit.id, **fields)


def noted(tx: Tx, visit: Visit, line: str) -> Visit:
    """A line below what was told, which itself is never cut away for it."""
    return tx.update(Visit, visit.id, text=f"{visit.text}\n{line}")


def brought(tx: Tx, visit: Visit, matters: Sequence[str]) -> Visit:
    """The numbers of what people asked for."""
    fresh = list(dict.fromkeys([*visit.matters, *matters]))
    return tx.update(Visit, visit.id, matters=fresh, brought=len(fresh))


def tell_resident(tx: Tx, visit: Visit, resident: Person, lines: str) -> bool:
    """Tell who was visited what was reported for them; whether they can be reached here."""
    text = tx.content.replies.say("visit.tell.reported", who=visit.worker_name, lines=lines, no=visit.no)
    draft = outbox.Draft(
        key=f"{visit.no}:reported",
        message="visit_reported",
        text=text,
        weight=Weight.PLAIN,
        subject="visit",
        subject_id=visit.id,
        rank=Rank.MATTERS,
    )
    outbox.queue(tx, [(resident, draft)])
    return outbox.address(resident) is not None
