"""What is known of an estate by itself when it is held against a standard: a number, and where it comes from.

What the register does not say is not known: None, never zero.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.rules import tallies
from redprop_bot.rules.coverage import BRANCHES
from redprop_bot.rules.standards import Figure
from redprop_bot.store import figures, standards
from redprop_bot.store.figures import Asked
from redprop_bot.store.tables import Estate
from redprop_bot.store.tx import Tx

YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known: the value, or None, and a sentence that says where it comes from."""

    value: int | None
    said: str


@dataclass(frozen=True, slots=True)
class _Year:
    """The local days of the past year, today included; `end` is the day behind it."""

    begin: date
    end: date


def known(tx: Tx, estate: Estate, figure: Figure) -> Known:
    """The figure of an estate as of now."""
    today = tx.now.astimezone(tx.content.zone).date()
    return _FIGURES[figure](tx, estate, _Year(today - YEAR + timedelta(days=1), today + timedelta(days=1)))


def _moment(tx: Tx, day: date) -> datetime:
    return datetime.combine(day, time(0), tx.content.zone)


def _counted(tx: Tx, figure: Figure, year: _Year, number: int, **slots: str) -> Known:
    days = {
        "begin": words.full_date(_moment(tx, year.begin), tx.content.zone),
        "end": words.full_date(tx.now, tx.content.zone),
    }
    return Known(number, tx.content.replies.say(f"standard.figure.{figure}", number=str(number), **days, **slots))


def _closed(tx: Tx, estate: Estate, year: _Year) -> Known:
    asked = Asked([tallies.estate(estate.id or 0)], year.begin, year.end)
    return _counted(tx, Figure.CLOSED, year, figures.total(tx, asked).closed, estate=estate.name)


def _visits(tx: Tx, estate: Estate, year: _Year) -> Known:
    number = standards.visits_at(tx, estate.id or 0, _moment(tx, year.begin), _moment(tx, year.end))
    return _counted(tx, Figure.VISITS, year, number, estate=estate.name)


def _meetings(tx: Tx, estate: Estate, year: _Year) -> Known:
    number = standards.held_meetings(tx, estate.community_id, _moment(tx, year.begin), _moment(tx, year.end))
    return _counted(tx, Figure.MEETINGS, year, number, community=_community(tx, estate))


def _activities(tx: Tx, estate: Estate, year: _Year) -> Known:
    number = standards.held_activities(tx, estate.community_id, _moment(tx, year.begin), _moment(tx, year.end))
    return _counted(tx, Figure.ACTIVITIES, year, number, community=_community(tx, estate))


def _community(tx: Tx, estate: Estate) -> str:
    return register(tx).community_name(estate.community_id) or ""


def _committee(tx: Tx, estate: Estate, _year: _Year) -> Known:
    say = tx.content.replies.say
    found = [
        unit.name
        for unit in register(tx).organisation_names.values()
        if unit.kind == "committee" and unit.estate_id == estate.id
    ]
    if not found:
        lacks = "committee" in estate.lacks  # said, and not only left out
        return Known(
            0 if lacks else None,
            say(f"standard.figure.{'lacks' if lacks else 'no'}_committee", estate=estate.name),
        )
    return Known(len(found), say("standard.figure.committee", units="、".join(sorted(found))))


def _property_party(tx: Tx, estate: Estate, _year: _Year) -> Known:
    say, name = tx.content.replies.say, estate.property_name
    if not name:
        return Known(None, say("standard.figure.no_property", estate=estate.name))
    unit = register(tx).organisation_names.get(name)
    if unit is None or unit.party not in BRANCHES:
        return Known(None, say("standard.figure.no_party", unit=name))
    return Known(1, say(f"standard.figure.{unit.party}", unit=name))


_FIGURES: Final[Mapping[Figure, Callable[[Tx, Estate, _Year], Known]]] = {
    Figure.CLOSED: _closed,
    Figure.VISITS: _visits,
    Figure.MEETINGS: _meetings,
    Figure.ACTIVITIES: _activities,
    Figure.COMMITTEE: _committee,
    Figure.PROPERTY_PARTY: _property_party,
}
