"""Whose working time an order is counted by, and what else its terms may depend on: names out of the register.

One place for all clocks of an order: its terms, its reminders, the ladder, whistles. How time is counted stands in
`rules`; which terms there are, in the content.
"""

from typing import Protocol

from redprop_bot.registry.register import register
from redprop_bot.rules.deadlines import About
from redprop_bot.rules.spans import Time
from redprop_bot.rules.workdays import WorkCalendar
from redprop_bot.store.tx import Tx


class Placed(Protocol):
    """What terms may depend on, of a demand that is stored or about to be."""

    @property
    def category(self) -> str | None: ...  # noqa: D102
    @property
    def estate_id(self) -> int | None: ...  # noqa: D102
    @property
    def complex(self) -> bool: ...  # noqa: D102


class Handled(Placed, Protocol):
    """The same with the unit that has it."""

    @property
    def handler_id(self) -> int | None: ...  # noqa: D102


def about(tx: Tx, demand: Placed, unit_id: int | None) -> About:
    """What special terms may depend on, by the names that the data files use."""
    estate, unit = _names(tx, demand, unit_id)
    return About(demand.category, estate, unit, demand.complex)


def calendar(tx: Tx, demand: Placed, unit_id: int | None) -> WorkCalendar:
    """Working time of those who have it: of the unit, of the estate, else of the community."""
    return tx.content.calendar_for(*_names(tx, demand, unit_id))


def time_of(tx: Tx, order: Handled) -> Time:
    """What the moments of an order are counted with: its terms, in the working time of those who have it."""
    found = about(tx, order, order.handler_id)
    return Time(tx.content.deadlines, tx.content.calendar_for(found.estate, found.unit), found)


def _names(tx: Tx, demand: Placed, unit_id: int | None) -> tuple[str | None, str | None]:
    reg = register(tx)
    estate = reg.estates[demand.estate_id].name if demand.estate_id is not None else None
    return estate, reg.organisations[unit_id].name if unit_id is not None else None
