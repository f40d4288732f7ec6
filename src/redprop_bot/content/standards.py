"""The shape of `data/standards/`: checklists that an estate is held against, and who reviews them in which order.

A file is a standard. Only shapes and their checks; what is done with the values is decided in `appraise`.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import Field

from redprop_bot.content.named import KEY, Folder, Named, read_folder
from redprop_bot.content.shapes import Shape
from redprop_bot.content.yaml import Lines
from redprop_bot.errors import Fault
from redprop_bot.rules.standards import Figure


class Item(Shape):
    """One item; `figure` is what the system knows by itself, `least` how much of it is enough."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=2, max_length=30)
    evidence: str = Field(min_length=2, max_length=100)
    figure: Figure | None = None
    least: int = Field(default=1, ge=1, le=100_000)


class Level(Shape):
    """One review; `by` is who decides. named: the street writes down who decided elsewhere."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=2, max_length=12)
    by: Literal["secretary", "street"]
    named: bool = False


class Standard(Named):
    """One checklist; `least` items must be met, all where it is left out."""

    what: Literal["estate"] = Field(alias="for")
    about: str = Field(default="", max_length=100)
    items: tuple[Item, ...] = Field(min_length=1, max_length=40)
    least: int | None = Field(default=None, ge=1)
    levels: tuple[Level, ...] = Field(min_length=1, max_length=8)


Standards = Folder[Standard]


def read_standards(sources: Sequence[tuple[str, Any, Lines]], faults: list[Fault]) -> Standards:
    """The standards of these files."""
    return read_folder(Standard, sources, faults, _within)


def _within(one: Standard, where: str, line_of: Lines) -> Iterable[Fault]:
    """What is wrong inside one standard though every part of it is right."""
    for part in ("items", "levels"):
        seen: set[str] = set()
        for n, row in enumerate(getattr(one, part)):
            for field in ("key", "title" if part == "items" else "name"):
                said = getattr(row, field)
                if f"{field}:{said}" in seen:
                    at = line_of((part, str(n), field))
                    yield Fault(f"{where}:{at}", f"{part}.{n}.{field} “{said}” 写了两次")
                seen.add(f"{field}:{said}")
    if one.least is not None and one.least > len(one.items):
        yield Fault(f"{where}:{line_of(('least',))}", f"least 不能大于 {len(one.items)}，一共就这么多条")
    for n, item in enumerate(one.items):
        if item.figure is None and item.least != 1:
            yield Fault(f"{where}:{line_of(('items', str(n), 'least'))}", f"items.{n}.least 写了 figure 才用得上")
