"""小区怎么管: who takes what has no property company, what is not said, when a trial is spoken of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

NONE: Final = "none"
"""The kind of an estate that has no property company."""


class Care(StrEnum):
    """How an estate is looked after."""

    MARKET = "market"
    SELF = "self"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Cared:
    """What the register says of an estate; `default` is the caretaker of its community."""

    kind: str
    care: str | None = None
    company: str | None = None
    caretaker: str | None = None
    default: str | None = None
    trial_until: date | None = None

    def taker(self) -> str | None:
        """The unit that takes what no row of the responsibility list answers; None where nobody was named.

        Who has a company, or is to get one from the market, needs none. Residents who govern themselves are not
        given to the community's caretaker over their heads: only to one that is named for their estate.
        """
        if self.company is not None or self.care == Care.MARKET:
            return None
        if self.caretaker is not None:
            return self.caretaker
        if self.care == Care.SELF:
            return None
        return self.default if self.kind == NONE or self.care == Care.FALLBACK else None

    def unclear(self) -> str:
        """What nobody has said, or contradicts itself: a key of `care.unclear`; empty where all is well."""
        if self.company is None:
            if self.care is None and self.kind == NONE:
                return "mode" if self.taker() else "mode_and_taker"
            if self.care == Care.FALLBACK and self.taker() is None:
                return "taker"
            if self.care == Care.MARKET:
                return "company"
            return "" if self.care is not None or self.taker() else "company_or_mode"
        if self.kind == NONE or self.care in (Care.SELF, Care.FALLBACK):
            return "company_all_the_same"
        return ""


def takes(category: str | None, categories: Collection[str]) -> bool:
    """Whether a matter is one that a property company would have: only that goes to the caretaker."""
    return category is not None and category in categories


class Trial(StrEnum):
    """What is told of a trial, once each."""

    SOON = "soon"
    OVER = "over"


def told(until: date, warn_days: int) -> dict[Trial, date]:
    """On which day each is told: some days before the last one, and the day after it."""
    return {Trial.SOON: until - timedelta(days=warn_days), Trial.OVER: until + timedelta(days=1)}


def still(trial: Trial, until: date, today: date) -> bool:
    """Whether it is still so on the day on which it is told: what is over does not end soon any more."""
    return (today <= until) == (trial == Trial.SOON)
