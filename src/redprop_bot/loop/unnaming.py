"""Words without the people in them whom we know: their names, phones and rooms, and what looks like any of these.

For what is kept when somebody is forgotten, or when it has grown old. Addresses and keys stay as they are.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from redprop_bot.notify.covering import PHONE, covered, numberless, roomless, told_of
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.store import history
from redprop_bot.store.tables import Demand, Event, Person
from redprop_bot.store.tx import Tx

_KEPT: Final = re.compile(r"([a-z]+://[!-~]+|[A-Z]\d{8}-\d{4,}|\d{4}-\d\d-\d\d(?:[T ]\d[\d:.+Z-]+)?)")
"""Addresses, numbers of orders and moments: no room stands in them."""


@dataclass(frozen=True, slots=True)
class Known:
    """What tells who somebody is; `ids` are their keys."""

    ids: frozenset[int]
    names: tuple[str, ...]
    phones: tuple[str, ...]
    rooms: tuple[str, ...]

    def called(self, names: Iterable[str]) -> "Known":
        """The same with other names of theirs."""
        return replace(self, names=_longest([*self.names, *names]))

    def words(self, text: str) -> str:
        """A text without them, and without whatever looks like a name, a phone or a room."""
        said = _KEPT.split(self.told(text))
        said[::2] = [covered(words) for words in said[::2]]
        return "".join(said)

    def told(self, text: str) -> str:
        """What others were told, without them."""
        said = _KEPT.split(text)  # words and what is kept by turns
        said[::2] = [self._nobodys(words) for words in said[::2]]
        return "".join(said)

    def _nobodys(self, words: str) -> str:
        for phone in self.phones:
            words = numberless(words.replace(phone, PHONE), phone)
        for name in self.names:
            words = words.replace(name, RESIDENT_NAME)
        for room in self.rooms:
            words = roomless(words, room)
        return words

    def payload(self, value: Any, *, wholly: bool = False) -> Any:
        """The texts in a message or in what an event holds, as `told`; `wholly` as `words`."""
        if isinstance(value, Mapping):
            return {key: self.payload(one, wholly=wholly) for key, one in value.items()}
        if isinstance(value, list):
            return [self.payload(one, wholly=wholly) for one in value]
        if not isinstance(value, str):
            return value
        return self.words(value) if wholly else self.told(value)


def known(*people: Person, orders: Iterable[Demand] = (), also: Sequence[str] = ()) -> Known:
    """What is known of these people, and of who reported these orders; `also` are other names of theirs."""
    names, phones = [*(person.name for person in people), *also], [person.phone for person in people]
    rooms = [person.room for person in people]
    for order in orders:
        told = told_of(order.text)
        names += told[0]
        phones += [order.phone, *told[1]]
        rooms.append(order.room)
    return Known(
        frozenset(person.id for person in people if person.id is not None),
        _longest(name for name in names if name and len(name) > 1),
        _longest(phones),
        _longest(rooms),
    )


def _longest(values: Any) -> tuple[str, ...]:
    """Each once, the longer ones first: a part of one must not be covered before it."""
    return tuple(sorted({str(value) for value in values if value}, key=lambda value: (-len(value), value)))


def past(tx: Tx, demand_id: int, who: Known) -> int:
    """Cover them in what has happened to a demand; how many events had to be."""
    number = 0
    for event in history.of_demand(tx, demand_id):
        theirs = event.by_id in who.ids
        note, data = who.words(event.note), _data(event, who)
        by_id, by_name = (None, RESIDENT_NAME) if theirs else (event.by_id, event.by_name)
        if (note, data, by_id, by_name) != (event.note, event.data, event.by_id, event.by_name):
            history.cover(tx, event, note=note, data=data, by_id=by_id, by_name=by_name)
            number += 1
    return number


def _data(event: Event, who: Known) -> dict[str, Any]:
    """What an event holds; how a report was said before it was read is words of theirs."""
    found: dict[str, Any] = who.payload(event.data)
    heard = found.get("heard")
    if isinstance(heard, Mapping) and "said" in heard:
        found["heard"] = {**heard, "said": who.words(str(heard["said"]))}
    return found
