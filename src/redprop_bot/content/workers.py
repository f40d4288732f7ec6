"""The shape of `data/workers/`: posts and their grades, who assesses whom, what stands in a monthly sheet.

Only shapes and their checks; what is done with the values is decided in `appraise`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Literal

from pydantic import Field, field_validator

from redprop_bot.content.named import KEY
from redprop_bot.content.shapes import Shape
from redprop_bot.content.yaml import Lines
from redprop_bot.errors import Fault
from redprop_bot.rules.workers import Figure

Duty = Literal["secretary", "grid", "clerk", "other"]


class PostRow(Shape):
    """A post (岗): who may hold it, and its grades, both ends included."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=2, max_length=12)
    duties: tuple[Duty, ...] = Field(min_length=1)
    lowest: int = Field(ge=1, le=99)
    highest: int = Field(ge=1, le=99)


class PostTable(Shape):
    """All of `posts.yaml`."""

    posts: tuple[PostRow, ...] = Field(min_length=1, max_length=20)


class AssessorRow(Shape):
    """Who assesses a duty."""

    duty: Duty
    by: Literal["secretary", "street"]


class FigureRow(Shape):
    """A line of the sheet; `duties` None: of everybody."""

    key: Figure
    title: str = Field(min_length=2, max_length=12)
    unit: str = Field(min_length=1, max_length=4)
    means: str = Field(min_length=2, max_length=100)
    duties: tuple[Duty, ...] | None = Field(default=None, alias="for", min_length=1)


class LevelRow(Shape):
    """What an assessment may come to."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=2, max_length=8)


class RecordTerms(Shape):
    """All of `record.yaml`."""

    assessors: tuple[AssessorRow, ...] = Field(min_length=1)
    figures: tuple[FigureRow, ...] = Field(min_length=1)
    levels: tuple[LevelRow, ...] = Field(min_length=2, max_length=8)
    heeded_hours: int = Field(ge=1, le=240)
    keep_years: int = Field(ge=1, le=30)
    at: time

    @field_validator("at", mode="before")
    @classmethod
    def _time(cls, raw: object) -> object:
        # YAML reads 9:10 as 550 when it is not quoted
        return f"{raw // 60:02d}:{raw % 60:02d}" if isinstance(raw, int) else raw


@dataclass(frozen=True, slots=True)
class Workers:
    """Both files."""

    posts: tuple[PostRow, ...]
    terms: RecordTerms

    def post(self, key: str | None) -> PostRow | None:
        """The post with this key."""
        return next((one for one in self.posts if one.key == key), None)

    def level(self, key: str | None) -> LevelRow | None:
        """The level with this key or name."""
        return next((one for one in self.terms.levels if key in (one.key, one.title)), None)

    def assessed_by(self, duty: str) -> str | None:
        """Who assesses a duty; None: nobody does."""
        return next((one.by for one in self.terms.assessors if one.duty == duty), None)

    def figures(self, duty: str) -> list[FigureRow]:
        """The lines of the sheet of a duty."""
        return [one for one in self.terms.figures if one.duties is None or duty in one.duties]


Read = tuple[Any, Lines, str]
"""A value in its shape or None, where its lines are, the name of its file."""


def workers(posts: Read, terms: Read, faults: list[Fault]) -> Workers | None:
    """Both files together; what is wrong between their parts is added with file and line."""
    table, record = posts[0], terms[0]
    for value, line_of, where in (posts, terms):
        for path, what in _within(value) if value is not None else ():
            faults.append(Fault(f"{where}:{line_of(path)}", f"{'.'.join(path)} {what}"))
    return Workers(table.posts, record) if table is not None and record is not None else None


def _within(value: Any) -> Iterable[tuple[tuple[str, ...], str]]:
    parts: Mapping[str, tuple[str, ...]] = (
        {"posts": ("key", "title")}
        if isinstance(value, PostTable)
        else {"assessors": ("duty",), "figures": ("key", "title"), "levels": ("key", "title")}
    )
    for part, names in parts.items():
        seen: set[tuple[str, str]] = set()
        for n, row in enumerate(getattr(value, part)):
            for name in names:
                said = (name, str(getattr(row, name)))
                if said in seen:
                    yield (part, str(n), name), f"“{said[1]}” 写了两次"
                seen.add(said)
            if isinstance(row, PostRow) and row.lowest > row.highest:
                yield (part, str(n), "lowest"), f"比最高的 {row.highest} 级还高"
