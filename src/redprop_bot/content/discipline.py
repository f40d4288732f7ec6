"""The shapes of `data/discipline/`: by when companies put things right, colours of boards, 黑名单 and 退出.

Only shapes and their checks; what is done with the values is decided in `appraise`.
"""

from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from redprop_bot.content.appraisal import Sheets
from redprop_bot.content.reading import Reading
from redprop_bot.content.shapes import Shape
from redprop_bot.errors import Fault


class RectificationTerms(Shape):
    """All of `rectification.yaml`. days, longest, remind, check, extension: calendar days.

    talk_overdue: a missed deadline proposes a talk. talk_failures: so does every failed re-check from this one on.
    """

    days: int = Field(ge=1, le=365)
    longest: int = Field(ge=1, le=365)
    remind: int = Field(ge=1, le=30)
    check: int = Field(ge=1, le=30)
    extension: int = Field(ge=1, le=180)
    talk_overdue: bool
    talk_failures: int = Field(ge=1, le=20)

    @field_validator("longest")
    @classmethod
    def _holds_days(cls, longest: int, info: ValidationInfo) -> int:
        if longest < info.data.get("days", 0):
            raise ValueError("不能小于 days")
        return longest

    @field_validator("remind")
    @classmethod
    def _before_the_end(cls, remind: int, info: ValidationInfo) -> int:
        if remind >= info.data.get("days", remind + 1):
            raise ValueError("要小于 days")
        return remind


class Colour(Shape):
    """A colour of a board: of the top by places and points, or of the bottom."""

    key: Literal["red", "yellow", "black"]
    name: str = Field(min_length=2, max_length=8)
    top: int | None = Field(default=None, ge=1, le=100)
    least: int | None = Field(default=None, ge=0, le=100)
    bottom: int | None = Field(default=None, ge=1, le=100)
    below: int | None = Field(default=None, ge=1, le=100)

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        good, bad = (self.top, self.least) != (None, None), (self.bottom, self.below) != (None, None)
        if good == bad:
            raise ValueError("写 top、least 或者 bottom、below，只写一头")
        return self


class BoardTerms(Shape):
    """All of `board.yaml`. sheets: keys of score sheets; days: how long companies look before it is published."""

    title: str = Field(min_length=2, max_length=12)
    words: tuple[str, ...] = ()
    sheets: tuple[str, ...] = Field(min_length=1, max_length=10)
    days: int = Field(ge=1, le=60)
    colours: tuple[Colour, ...] = Field(min_length=1, max_length=3)

    @field_validator("colours")
    @classmethod
    def _once(cls, colours: tuple[Colour, ...]) -> tuple[Colour, ...]:
        if len({one.key for one in colours}) != len(colours):
            raise ValueError("有一个颜色写了两次")
        return colours


class Step(Shape):
    """One step of a case: what it is called, in how many days it is done, what is written down of it."""

    name: str = Field(min_length=2, max_length=16)
    days: int = Field(ge=1, le=365)
    note: str = Field(default="", max_length=80)


class Suggested(Shape):
    """When the street is asked to look at a company: either number, within so many months."""

    within: int = Field(ge=1, le=36)
    failures: int | None = Field(default=None, ge=1, le=50)
    black: int | None = Field(default=None, ge=1, le=20)

    @model_validator(mode="after")
    def _any(self) -> Self:
        if (self.failures, self.black) == (None, None):
            raise ValueError("写 failures 或者 black")
        return self


class SanctionKind(Shape):
    """A kind of case. by: who opens and decides, the street always may. answer: days for the company to speak.

    Either it holds for `months`, or it goes on by `steps`.
    """

    key: str = Field(pattern=r"^[a-z_]{2,20}$")
    name: str = Field(min_length=2, max_length=8)
    by: Literal["street", "secretary"]
    scope: Literal["street", "estate"]
    answer: int = Field(ge=1, le=60)
    months: int | None = Field(default=None, ge=1, le=60)
    steps: tuple[Step, ...] = Field(default=(), max_length=12)
    public: bool = False
    suggest: Suggested | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.months is None) == (not self.steps):
            raise ValueError("写 months 或者 steps，只写一样")
        if self.public and self.months is None:
            raise ValueError("public 只有写了 months 的才有")
        if self.scope == "street" and self.by != "street":
            raise ValueError("scope 是 street 的，by 也要写 street")
        if self.scope == "estate" and self.months is not None:
            raise ValueError("一个小区的不能列入几个月，写 steps")
        return self


class SanctionTerms(Shape):
    """All of `sanctions.yaml`."""

    kinds: tuple[SanctionKind, ...] = Field(min_length=1, max_length=4)

    @field_validator("kinds")
    @classmethod
    def _once(cls, kinds: tuple[SanctionKind, ...]) -> tuple[SanctionKind, ...]:
        if len({one.key for one in kinds}) != len(kinds) or len({one.name for one in kinds}) != len(kinds):
            raise ValueError("有一种写了两次")
        return kinds

    def of(self, name: str) -> SanctionKind | None:
        """The kind with this key or name."""
        return next((one for one in self.kinds if name in (one.key, one.name)), None)


def read_discipline(reading: Reading, sheets: Sheets) -> tuple[RectificationTerms, BoardTerms, SanctionTerms]:
    """All files; the sheets of a board must be there. What does not fit is None, and a fault."""
    terms, line_of, where = reading.placed(BoardTerms, "data/discipline/board.yaml")
    for n, key in enumerate(terms.sheets if terms is not None else ()):
        if all(one.key != key for one in sheets.all):
            said = f"sheets.{n} 没有叫 {key} 的打分表"
            reading.faults.append(Fault(f"{where}:{line_of(('sheets', str(n)))}", said))
    return (
        reading.shaped(RectificationTerms, "data/discipline/rectification.yaml"),
        terms,
        reading.shaped(SanctionTerms, "data/discipline/sanctions.yaml"),
    )
