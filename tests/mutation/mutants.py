"""One wrong row at a time in the three tables of the loop: stages, roles, telling.

A mutant changes the tables in this process and puts them back. What cannot be told from the original by anybody is
not made, and the reason stands beside it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from redprop_bot.rules.flow import BACK, FLOW, SAME, Act, Stage
from redprop_bot.rules.roles import MAY, Capacity
from redprop_bot.rules.telling import TELLING, Audience

ALWAYS_HANDLED = {
    "dispatched", "alarmed", "redispatched", "released", "extension_refused", "granted", "paused", "resumed",
    "reopened",
}  # fmt: skip
"""Events that only happen while a unit has the demand: there "the handler" and "who holds it" are the same people."""

NEVER_HANDLED = {
    "unplaced", "alarmed_unplaced", "still_unplaced", "asked_first", "complained", "returned", "reopened_unplaced",
}  # fmt: skip
"""Events that only happen while nobody has it: there "who holds it" is the secretary."""

WHISTLED = {Audience.CALLED, Audience.WHISTLER}
"""They are told of a whistle's events only; of others "who blew it" is the secretary."""


@dataclass(frozen=True)
class Mutant:
    """A wrong row: `table` flow | roles | telling, `about` the act or event it is in."""

    table: str
    about: str
    what: str
    change: Callable[[], None]

    def __str__(self) -> str:
        return f"{self.table}: {self.what}"


@contextmanager
def loose(mutant: Mutant) -> Iterator[None]:
    """The tables with this fault in them."""
    kept: list[tuple[dict[Any, Any], dict[Any, Any]]] = [(t, dict(t)) for t in (FLOW, MAY, TELLING)]
    try:
        mutant.change()
        yield
    finally:
        for table, original in kept:
            table.clear()
            table.update(original)


def every_mutant() -> list[Mutant]:
    """All of them, in the order of the tables."""
    return [*_flow(), *_roles(), *_telling()]


def _put(table: dict[Any, Any], key: Any, value: Any) -> Callable[[], None]:
    return lambda: table.__setitem__(key, value)


def _drop(table: dict[Any, Any], key: Any) -> Callable[[], None]:
    return lambda: table.__delitem__(key)


def _flow() -> Iterator[Mutant]:
    targets = [*Stage, SAME, BACK]
    for (act, stage), to in list(FLOW.items()):
        yield Mutant("flow", act, f"{act} at {stage} removed", _drop(FLOW, (act, stage)))
        for other in targets:
            if other != to and not (SAME in (to, other) and stage in (to, other)):  # the same said in another way
                what = f"{act} at {stage} leads to {other} instead of {to}"
                yield Mutant("flow", act, what, _put(FLOW, (act, stage), other))
    for act in Act:
        if act == Act.ORDER:
            continue  # there is no stage before it: nothing ever looks for such a row
        for stage in Stage:
            if (act, stage) not in FLOW:
                yield Mutant("flow", act, f"{act} allowed at {stage}", _put(FLOW, (act, stage), SAME))


def _roles() -> Iterator[Mutant]:
    for act, held in list(MAY.items()):
        for capacity in Capacity:
            if capacity in held:
                less = held - {capacity}
                yield Mutant("roles", act, f"{act} not by {capacity}", _put(MAY, act, less))
            elif capacity != Capacity.ADMIN or act == Act.EXPIRE:  # an administrator may all the others anyway
                yield Mutant("roles", act, f"{act} also by {capacity}", _put(MAY, act, held | {capacity}))


def _telling() -> Iterator[Mutant]:
    for event, rows in list(TELLING.items()):
        for number, row in enumerate(rows):
            rest = (*rows[:number], *rows[number + 1 :])
            yield Mutant("telling", event, f"{event}: {row.to} not told {row.message}", _put(TELLING, event, rest))
            for other in Audience:
                if other != row.to and not _same_people(event, row.to, other):
                    what = f"{event}: {row.message} goes to {other} instead of {row.to}"
                    yield Mutant("telling", event, what, _with(event, number, to=other))
            for part in ("buttons", "menu"):
                if getattr(row, part):
                    what = f"{event}: {row.message} without {part}"
                    yield Mutant("telling", event, what, _with(event, number, **{part: ()}))


def _with(event: str, number: int, **values: Any) -> Callable[[], None]:
    rows = list(TELLING[event])
    rows[number] = replace(rows[number], **values)
    return _put(TELLING, event, tuple(rows))


def _same_people(event: str, one: Audience, other: Audience) -> bool:
    pair = {one, other}
    if event in ALWAYS_HANDLED and pair == {Audience.HANDLER, Audience.HOLDER}:
        return True
    if event in NEVER_HANDLED and pair == {Audience.SECRETARY, Audience.HOLDER}:
        return True
    if pair == {Audience.SECRETARY, Audience.WHISTLER} and not WHISTLED & {row.to for row in TELLING[event]}:
        return True
    if event == "assisted" and pair == {Audience.HANDLER, Audience.HOLDER}:
        return True  # the secretary is told the same words by the next row
    # a merged demand keeps its unit, so that the former unit and the handler are one
    return event == "merged" and one == Audience.FORMER and other == Audience.HANDLER
