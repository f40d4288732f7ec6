"""Which earlier rulings are like a matter: the same words of the list, the same estate, similar sentences.

Pure rules over what was kept of a ruling; keeping it is `loop.precedents`, quoting it `notify.quoting`.
"""

import re
from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar

SIMILAR = 0.2
"""Share of two-character groups that two sentences must have in common when no word of the list does."""

_WHERE = ("单元", "小区", "号楼", "门口", "我们", "家里", "楼上", "楼下")
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")


class Ruling(Protocol):
    """What must be known of a ruling."""

    @property
    def id(self) -> int | None: ...  # noqa: D102
    @property
    def estate_id(self) -> int | None: ...  # noqa: D102
    @property
    def words(self) -> Collection[str]: ...  # noqa: D102
    @property
    def matter(self) -> str: ...  # noqa: D102


R = TypeVar("R", bound=Ruling)


def words_in(text: str, known: Iterable[str]) -> list[str]:
    """Which of the known words of a matter a text holds, in order and once."""
    return [word for word in dict.fromkeys(known) if word in text]


def most_like(
    rulings: Iterable[R],
    *,
    text: str,
    estate_id: int | None,
    words: Collection[str],
    most: int,
    places: Collection[str] = (),
) -> list[R]:
    """The rulings that are like a matter, the most like first; of two alike the newer.

    `places` are names that say where, not what: they make no two matters alike.
    """
    ranked = []
    for ruling in rulings:
        shared = len(set(words) & set(ruling.words))
        near = _near(_pairs(text, places), _pairs(ruling.matter, places))
        if shared or near >= SIMILAR:
            here = estate_id is not None and ruling.estate_id == estate_id
            ranked.append(((shared, here, near, ruling.id or 0), ruling))
    return [ruling for _, ruling in sorted(ranked, key=lambda item: item[0], reverse=True)[:most]]


def _near(one: set[str], other: set[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0


def _pairs(text: str, places: Collection[str]) -> set[str]:
    for name in (*places, *_WHERE):
        text = text.replace(name, " ")
    return {run[n : n + 2] for run in _RUN.findall(text) for n in range(len(run) - 1)}
