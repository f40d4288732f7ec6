"""Which row of the responsibility list answers: words before estate, estate before none, longer words, older rows."""

from dataclasses import dataclass, field

import pytest

from redprop_bot.rules.matching import choose


@dataclass(frozen=True)
class Row:
    id: int
    category: str
    estate_id: int | None = None
    match: tuple[str, ...] = field(default=())


ROWS = [
    Row(1, "plumbing"),
    Row(2, "plumbing", estate_id=10),
    Row(3, "plumbing", match=("停水", "水压")),
    Row(4, "plumbing", estate_id=10, match=("停水",)),
    Row(5, "plumbing", match=("整个小区停水",)),
    Row(6, "elevator", estate_id=10),
    Row(7, "elevator", estate_id=10),
    Row(8, "parking", match=("道闸",)),
]

CASES = [
    ("plumbing", 20, "厨房漏水", 1, "nothing special: the row for everything"),
    ("plumbing", None, "厨房漏水", 1, "no estate known: only rows for all estates"),
    ("plumbing", 10, "厨房漏水", 2, "the row of the estate before the row for all"),
    ("plumbing", 20, "我家停水了", 3, "words of the matter before no words"),
    ("plumbing", 10, "我家停水了", 4, "words and estate before words alone"),
    ("plumbing", 10, "水压太小", 3, "words for all estates before the estate without words"),
    ("plumbing", 20, "整个小区停水了", 5, "the longer word"),
    ("elevator", 10, "电梯坏了", 6, "two alike: the older"),
    ("elevator", 20, "电梯坏了", None, "a row of another estate does not fit"),
    ("parking", 10, "乱停车", None, "none of the words said"),
    ("noise", 10, "太吵", None, "no row of this category"),
]


@pytest.mark.parametrize(("category", "estate", "text", "wanted", "why"), CASES)
def test_the_most_specific_row_answers(
    category: str, estate: int | None, text: str, wanted: int | None, why: str
) -> None:
    """Each case says why its row wins; the order of the rows in the list does not matter."""
    for rows in (ROWS, ROWS[::-1]):
        row = choose(rows, category=category, estate_id=estate, text=text)
        assert (row.id if row else None) == wanted, why
