"""The shapes of `data/wishes/`, `data/visits/`, `data/shop/`, `data/partners/`: terms and kinds.

Only shapes and their checks; what is done with the values is decided in `volunteers`.
"""

from datetime import timedelta
from typing import Literal

from pydantic import Field, field_validator

from redprop_bot.content.shapes import Shape


class WishTerms(Shape):
    """How many wishes and claims at once, and after how many days somebody is reminded."""

    open_per_person: int = Field(ge=1, le=50)
    claims_at_once: int = Field(ge=1, le=50)
    remind_days: int = Field(ge=1, le=365)
    release_days: int = Field(ge=1, le=365)
    ask_days: int = Field(ge=1, le=365)
    keep_days: int = Field(ge=90, le=3650)
    missed_days: int = Field(ge=0, le=60)


class VisitKind(Shape):
    """One kind of visit, and words by which it is known."""

    code: str = Field(pattern=r"^[a-z_]{2,32}$")
    name: str = Field(min_length=2, max_length=10)
    words: tuple[str, ...] = ()


class Visits(Shape):
    """All of `visits.yaml`; the first kind is the usual one."""

    kinds: tuple[VisitKind, ...] = Field(min_length=1)
    most_households: int = Field(ge=1, le=10_000)
    keep_days: int = Field(ge=90, le=3650)

    @field_validator("kinds")
    @classmethod
    def _once(cls, kinds: tuple[VisitKind, ...]) -> tuple[VisitKind, ...]:
        codes = [kind.code for kind in kinds]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"“{'、'.join(twice)}” 写了两次")
        return kinds

    def kind_of(self, text: str) -> VisitKind:
        """The kind that words tell."""
        told = (kind for kind in self.kinds if any(word in text for word in kind.words))
        return next(told, self.kinds[0])

    def name_of(self, code: str) -> str:
        """What people call a kind; one that is not on the list any more by its code."""
        return next((kind.name for kind in self.kinds if kind.code == code), code)


class ShopTerms(Shape):
    """How long something is held, and how much at once."""

    hold_days: int = Field(ge=1, le=365)
    most_at_once: int = Field(ge=1, le=1000)
    waiting: int = Field(ge=1, le=1000)

    @property
    def hold(self) -> timedelta:
        """How long something is held."""
        return timedelta(days=self.hold_days)


UnitKind = Literal["property", "committee", "department", "partner", "volunteer_team", "party"]


class Partners(Shape):
    """Which units are partners, and when their cards are made."""

    kinds: tuple[UnitKind, ...] = Field(min_length=1)
    hour: int = Field(ge=8, le=20)
