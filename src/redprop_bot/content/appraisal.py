"""The shape of `data/appraisal/`: score sheets: who scores a property company, on what, and how stars come of it.

A file is a sheet. Only shapes and their checks; what is done with the values is decided in `appraise`.
"""

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any, Final, Literal

from pydantic import Field

from redprop_bot.content.named import KEY, Folder, Named, read_folder
from redprop_bot.content.shapes import Shape
from redprop_bot.content.yaml import Lines
from redprop_bot.errors import Fault
from redprop_bot.rules.grades import SHORTER, Figure

FIGURES: Final = "figures"
"""The key of the part that the system fills in; no party may be called so."""
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


class Item(Shape):
    """An item that people score; `words` are what it is called in chat."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=2, max_length=12, pattern=r"^[^\d\s]+$")
    words: tuple[str, ...] = ()
    full: int = Field(ge=1, le=100)

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (self.title, *self.words)


class Party(Shape):
    """Who scores. named: the street or secretary writes it down for a body without an account."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=2, max_length=12)
    weight: int = Field(ge=1, le=100)
    by: Literal["secretary", "grid", "committee", "member", "street"]
    named: bool = False
    least: int = Field(default=1, ge=1, le=50)


class FigureItem(Shape):
    """An item that the system fills in."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=2, max_length=12)
    full: int = Field(ge=1, le=100)
    figure: Figure


class Figures(Shape):
    """The part that the system fills in."""

    name: str = Field(min_length=2, max_length=12)
    weight: int = Field(ge=1, le=100)
    items: tuple[FigureItem, ...] = Field(min_length=1, max_length=10)


class Prior(Shape):
    """What every sample is mixed with: `size` cases at `percent`."""

    size: int = Field(ge=0, le=1000)
    percent: int = Field(ge=0, le=100)


class Appeal(Shape):
    """Within how many days, and who decides."""

    days: int = Field(ge=1, le=90)
    by: Literal["secretary", "street"]


class Sheet(Named):
    """One score sheet. at: the hour it opens by itself; None: only by hand. least: percent of weight it takes."""

    what: Literal["property"] = Field(alias="for")
    every: Literal["month", "quarter", "year"]
    at: time | None = None
    days: int = Field(ge=1, le=90)
    remind: int = Field(default=1, ge=1, le=30)
    items: tuple[Item, ...] = Field(min_length=1, max_length=20)
    parties: tuple[Party, ...] = Field(min_length=1, max_length=12)
    figures: Figures | None = None
    damping: Prior
    least: int = Field(ge=1, le=100)
    stars: tuple[int, ...] = Field(min_length=4, max_length=4)
    appeal: Appeal

    @property
    def months(self) -> int:
        """The length of its period."""
        return _MONTHS[self.every]


Sheets = Folder[Sheet]


def read_sheets(sources: Sequence[tuple[str, Any, Lines]], faults: list[Fault]) -> Sheets:
    """The score sheets of these files."""
    return read_folder(Sheet, sources, faults, _within)


def _within(one: Sheet, where: str, line_of: Lines) -> Iterable[Fault]:
    """What is wrong inside one sheet though every part of it is right."""
    yield from _twice(one, where, line_of)
    for n, party in enumerate(one.parties):
        if party.key == FIGURES:
            yield Fault(f"{where}:{line_of(('parties', str(n), 'key'))}", f"parties.{n}.key 不能叫 {FIGURES}")
        if party.named and party.by not in ("secretary", "street"):
            at = line_of(("parties", str(n), "named"))
            yield Fault(f"{where}:{at}", f"parties.{n}.named 只有 by 是 secretary、street 才能写")
        if party.least > 1 and party.by in ("secretary", "street"):
            at = line_of(("parties", str(n), "least"))
            yield Fault(f"{where}:{at}", f"parties.{n}.least 社区、街道只打一份，不用写")
    steps = one.stars
    if list(steps) != sorted(set(steps), reverse=True) or steps[0] > 100 or steps[-1] < 0:
        yield Fault(f"{where}:{line_of(('stars',))}", "stars 要从高到低写四个数，都在 0 到 100 之间")
    if one.remind >= one.days:
        yield Fault(f"{where}:{line_of(('remind',))}", f"remind 要小于 days（{one.days} 天）")
    for n, item in enumerate(one.figures.items if one.figures is not None else ()):
        if SHORTER.get(item.figure, 0) >= one.months:
            at = line_of(("figures", "items", str(n), "figure"))
            yield Fault(f"{where}:{at}", f"figures.items.{n}.figure 要比这张表的一期短")


def _twice(one: Sheet, where: str, line_of: Lines) -> Iterable[Fault]:
    """Keys and names that stand twice where one has to be meant."""
    rows: list[tuple[tuple[str, ...], str, str]] = []
    rows += [(("items", str(n), "key"), "item", i.key) for n, i in enumerate(one.items)]
    rows += [(("items", str(n), "words"), "word", name) for n, i in enumerate(one.items) for name in i.names]
    rows += [(("parties", str(n), "key"), "party", p.key) for n, p in enumerate(one.parties)]
    rows += [(("parties", str(n), "name"), "name", p.name) for n, p in enumerate(one.parties)]
    figures = one.figures.items if one.figures is not None else ()
    rows += [(("figures", "items", str(n), "key"), "figure", f.key) for n, f in enumerate(figures)]
    seen: set[tuple[str, str]] = set()
    for path, of, said in rows:
        if (of, said) in seen:
            yield Fault(f"{where}:{line_of(path)}", f"{'.'.join(path)} “{said}” 写了两次")
        seen.add((of, said))
