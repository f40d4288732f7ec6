"""星级: what a unit was graded in a year, as far as it is known."""

from dataclasses import dataclass

from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Grade:
    """A year's grade: stars 1..5, score in hundredths."""

    stars: int
    score: int


def year_grade(_tx: Tx, _organisation_id: int, _year: int) -> Grade | None:
    """The grade of a unit in a year; None where it is not known (yet)."""
    return None
