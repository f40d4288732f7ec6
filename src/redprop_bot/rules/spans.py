"""The clocks of an order that reminders and the ladder hang on: which run, from when, until when.

Pure: the order as it is or is about to be is handed in. What is done at their moments stands in `reminders`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from redprop_bot.rules.deadlines import ANYTHING, About, ClockKind, DeadlineTable, Terms
from redprop_bot.rules.flow import AT_WORK, RUNNING, Stage
from redprop_bot.rules.workdays import WorkCalendar, utc


class ClockName(StrEnum):
    """The clocks of an order that a rule may hang on."""

    DISPATCH = "dispatch"  # nobody has it: from the step that left it so, for the sign-for term
    SIGN_FOR = "sign_for"
    FIRST_CONTACT = "first_contact"  # until the reporter has heard from the unit, taken it or not
    CONTROL = "control"  # until the unit says that the danger is over
    SOLVE = "solve"
    PAUSE = "pause"  # until the date on which somebody wanted to look again
    EXTENSION = "extension"  # more time was asked for: from the asking to the due moment
    RATING = "rating"  # done and not rated: from then until it closes by itself
    PLACE = "place"  # nobody has said where: from the report, for the term of the question


class Standing(Protocol):
    """Where an order stands and since when, as far as clocks and cards ask."""

    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def intent(self) -> str: ...  # noqa: D102
    @property
    def urgency(self) -> str | None: ...  # noqa: D102
    @property
    def estate_id(self) -> int | None: ...  # noqa: D102
    @property
    def created_at(self) -> datetime: ...  # noqa: D102
    @property
    def dispatched_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def due_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def paused_until(self) -> datetime | None: ...  # noqa: D102


class Order(Standing, Protocol):
    """What rules look at, of a demand as it is or is about to be."""

    @property
    def reported_at(self) -> datetime: ...  # noqa: D102
    @property
    def due_decided(self) -> bool: ...  # noqa: D102
    @property
    def respond_by(self) -> datetime | None: ...  # noqa: D102
    @property
    def contact_by(self) -> datetime | None: ...  # noqa: D102
    @property
    def contacted_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def control_by(self) -> datetime | None: ...  # noqa: D102
    @property
    def controlled_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def begun_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def done_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def paused_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def extension_days(self) -> int | None: ...  # noqa: D102
    @property
    def reworks(self) -> int: ...  # noqa: D102
    @property
    def transfers(self) -> int: ...  # noqa: D102
    @property
    def clocked_at(self) -> datetime | None: ...  # noqa: D102


WATCHED = (
    "stage", "handler_id", "estate_id", "intent", "urgency", "respond_by", "contact_by", "control_by", "due_at",
    "paused_until", "extension_days", "reworks", "transfers", "category", "complex",
)  # fmt: skip
"""Columns of a demand whose change moves a reminder; `clocked_at` is when one of them last changed."""


@dataclass(frozen=True, slots=True)
class Time:
    """The terms and the working time that one order is counted with."""

    table: DeadlineTable
    calendar: WorkCalendar
    about: About = ANYTHING

    def terms(self, order: Order) -> Terms:
        """The terms of this order, special ones included."""
        return self.table.terms(order.intent, order.urgency, self.about)

    def counted(self, order: Order) -> ClockKind:
        """How minutes, hours and percentages of this order are counted, where a rule does not say."""
        return self.terms(order).clock


@dataclass(frozen=True, slots=True)
class Span:
    """A clock that runs: from when to when."""

    start: datetime
    due: datetime


def span(clock: ClockName, order: Order, time: Time) -> Span | None:
    """The clock of an order, or None while it does not run."""
    found = _SPANS[clock](order, time)
    return None if found is None or found[0] is None or found[1] is None else Span(utc(found[0]), utc(found[1]))


_Ends = tuple[datetime | None, datetime | None] | None


def _dispatch(order: Order, time: Time) -> _Ends:
    if order.stage not in (Stage.NEW, Stage.RETURNED) or _kept(order) or _place(order, time):
        return None  # as long as nobody knows where, that is what is asked
    start = order.clocked_at or order.created_at
    terms = time.terms(order)
    return start, terms.sign_for.after(start, time.calendar, terms.clock)


def _sign_for(order: Order, _time: Time) -> _Ends:
    return (order.dispatched_at, order.respond_by) if order.stage == Stage.DISPATCHED else None


def _first_contact(order: Order, _time: Time) -> _Ends:
    if order.stage not in AT_WORK or order.contacted_at is not None:
        return None
    if order.stage == Stage.DISPATCHED and _at_once(order.respond_by, order.contact_by):
        return None  # to take it is what is asked by then
    return order.dispatched_at, order.contact_by


def _at_once(respond_by: datetime | None, contact_by: datetime | None) -> bool:
    return respond_by is not None and contact_by is not None and respond_by >= contact_by


def _control(order: Order, _time: Time) -> _Ends:
    if order.stage not in RUNNING or order.controlled_at is not None:
        return None
    return order.begun_at or order.reported_at, order.control_by


def _solve(order: Order, _time: Time) -> _Ends:
    if order.stage not in RUNNING:
        return None
    return order.begun_at or order.reported_at, order.due_at


def _pause(order: Order, _time: Time) -> _Ends:
    return (order.paused_at, order.paused_until) if order.stage == Stage.SUSPENDED else None


def _extension(order: Order, _time: Time) -> _Ends:
    if order.stage not in AT_WORK or order.extension_days is None:
        return None
    return order.clocked_at or order.created_at, order.due_at


def _rating(order: Order, time: Time) -> _Ends:
    if order.stage != Stage.DONE or order.done_at is None:
        return None
    return order.done_at, time.table.auto_close.after(order.done_at, time.calendar)


def _kept(order: Order) -> bool:
    """Whether a meeting left it to the community itself: no unit is missing, and nobody is asked for a place."""
    return order.stage == Stage.NEW and order.due_decided


def _place(order: Order, time: Time) -> _Ends:
    if order.stage != Stage.NEW or order.estate_id is not None or order.urgency == "emergency" or _kept(order):
        return None
    return order.created_at, time.table.place_question.after(order.created_at, time.calendar)


_SPANS: Mapping[ClockName, Callable[[Order, Time], _Ends]] = {
    ClockName.DISPATCH: _dispatch,
    ClockName.SIGN_FOR: _sign_for,
    ClockName.FIRST_CONTACT: _first_contact,
    ClockName.CONTROL: _control,
    ClockName.SOLVE: _solve,
    ClockName.PAUSE: _pause,
    ClockName.EXTENSION: _extension,
    ClockName.RATING: _rating,
    ClockName.PLACE: _place,
}
