"""The shape of `data/commendation/`: titles given by a vote, and what a company must reach to stand for one.

A file is a title. Only shapes and their checks; what is done with the values is decided in `appraise`.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import Field

from redprop_bot.content.named import Folder, Named, read_folder
from redprop_bot.content.shapes import Shape
from redprop_bot.content.yaml import Lines
from redprop_bot.errors import Fault
from redprop_bot.rules.commendation import RATES, CompanyFigure, Kind


class Condition(Shape):
    """A figure and its bounds: per cent of a rate, else a count. from: of fewer a rate is not held against it."""

    title: str = Field(min_length=2, max_length=30)
    figure: CompanyFigure
    least: int | None = Field(default=None, ge=0, le=1_000_000)
    most: int | None = Field(default=None, ge=0, le=1_000_000)
    from_: int = Field(default=1, ge=1, le=10_000, alias="from")


class Award(Named):
    """One title. years: each condition must hold in so many years in a row. votes: so many each may give.

    winners: so many places there are. counts: whether votes are told while it runs, or after its end. days: how
    long a vote runs where nobody says it.
    """

    title: str = Field(min_length=2, max_length=16)
    what: Kind = Field(alias="for")
    about: str = Field(default="", max_length=100)
    years: int = Field(default=1, ge=1, le=2)
    conditions: tuple[Condition, ...] = Field(default=(), max_length=20)
    votes: int = Field(default=1, ge=1, le=20)
    winners: int = Field(default=1, ge=1, le=50)
    counts: Literal["after", "during"] = "after"
    days: int = Field(default=7, ge=1, le=60)


Awards = Folder[Award]


def read_awards(sources: Sequence[tuple[str, Any, Lines]], faults: list[Fault]) -> Awards:
    """The titles of these files."""
    return read_folder(Award, sources, faults, _within)


def _within(one: Award, where: str, line_of: Lines) -> Iterable[Fault]:
    """What is wrong inside one title though every part of it is right."""
    if one.what != Kind.COMPANY and (one.conditions or one.years > 1):
        part = "conditions" if one.conditions else "years"
        yield Fault(f"{where}:{line_of((part,))}", f"{part} 只用在 for: company，人不按数来评")
    seen: set[str] = set()
    for n, row in enumerate(one.conditions):

        def fault(field: str, what: str, n: int = n) -> Fault:
            return Fault(f"{where}:{line_of(('conditions', str(n), field))}", f"conditions.{n}.{field} {what}")

        if row.title in seen:
            yield fault("title", f"“{row.title}” 写了两次")
        seen.add(row.title)
        if (row.least is None) == (row.most is None):
            yield fault("figure", "least、most 写一个，只写一个")
        if row.figure in RATES and max(row.least or 0, row.most or 0) > 100:
            yield fault("least" if row.least else "most", "是百分之几，不能大于 100")
        if row.figure not in RATES and row.from_ != 1:
            yield fault("from", "只有百分率才用得上")
