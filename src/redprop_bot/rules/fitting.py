"""How well somebody's offer fits somebody's need: by skill, place, time, load and turn; each with its reason.

Pure: vocabulary, weights and what is known of both sides are handed in. A part is worth up to its weight; the
words about it are chosen by its `code`, so that people read why, and never a number alone. Which offers are looked
at is `store.fits`, who is asked `volunteers.matching`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from redprop_bot.rules import bigrams
from redprop_bot.rules.opening import Opening

PARTS: Final = ("skill", "place", "time", "load", "turn")
NEAR: Final = "near"
"""The word under which places stand that somebody nearby may want to know of."""
MOST_PAIRS: Final = 24
"""So many pairs of characters of one offer are keys of it; what stands later in its text hardly names it."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a community calls things, and pairs of characters that say nothing of a matter.

    words: by category, groups of words that mean one trade or thing; the first of each stands for all.
    """

    words: Mapping[str, tuple[tuple[str, ...], ...]]
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """What of a text can be matched, the surest first: known words, pairs of characters, categories."""

    words: tuple[str, ...]
    categories: tuple[str, ...]
    pairs: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """All of it as keys of the index."""
        return (
            *(f"w{word}" for word in self.words),
            *(f"b{pair}" for pair in self.pairs),
            *(f"c{category}" for category in self.categories),
        )


def words_in(text: str, vocabulary: Vocabulary, category: str | None = None) -> Words:
    """What a text offers or needs; `category` is what somebody has sorted it under."""
    plain = text.casefold()
    found = [
        (group[0], of)
        for of, groups in vocabulary.words.items()
        for group in groups
        if any(word in plain for word in group)
    ]
    sorted_under = [category] if category is not None and category in vocabulary.words else []
    categories = dict.fromkeys([*sorted_under, *(of for _, of in found)])
    pairs = (pair for run in bigrams.runs(text) for pair in bigrams.pairs_of(run))
    telling = dict.fromkeys(
        p for p in pairs if p not in vocabulary.empty and not any(sign.isdigit() for sign in p)
    )
    words = sorted(dict.fromkeys(word for word, _ in found), key=len, reverse=True)
    return Words(tuple(words), tuple(categories), tuple(telling)[:MOST_PAIRS])


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of one who could help. `km` None: no position known; `helped_at` None: never asked yet."""

    words: Words
    same_estate: bool
    km: float | None
    times: Opening | None
    helping: int
    helped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: what it is worth of at most `most`, and the wording (`code`) with its slots."""

    name: str
    points: int
    most: int
    code: str
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measures:
    """Weights in points by part; `near_km` is as far as somebody goes, `rested_days` after which all are equal."""

    weights: Mapping[str, int]
    near_km: float
    rested_days: int
    most_helping: int


def score(need: Words, times: Opening | None, side: Side, measures: Measures, now: datetime) -> list[Part]:
    """The parts of a score in the order of `PARTS`; their sum is what counts."""
    shares = (
        _skill(need, side.words),
        _place(side, measures),
        _time(times, side.times),
        _load(side, measures),
        _turn(side, measures, now),
    )
    return [
        Part(name, round(share * measures.weights[name]), measures.weights[name], code, slots)
        for name, (share, code, slots) in zip(PARTS, shares, strict=True)
    ]


def total(parts: Sequence[Part]) -> int:
    """The whole score."""
    return sum(part.points for part in parts)


_Share = tuple[float, str, dict[str, str]]


def _skill(need: Words, offer: Words) -> _Share:
    words = [word for word in need.words if word in offer.words]
    if words:
        return 1.0, "skill_word", {"words": "、".join(words[:3])}
    pairs = [pair for pair in need.pairs if pair in offer.pairs]
    if any(category in offer.categories for category in need.categories):
        return min(0.6 + 0.1 * len(pairs), 0.9), "skill_kind", {}
    return min(0.25 * len(pairs), 0.75), "skill_pairs" if pairs else "skill_none", {"words": "、".join(pairs[:3])}


def fits(need: Words, offer: Words) -> bool:
    """Whether an offer is about the need at all: a word in common, or more than one pair of characters.

    A kind in common is enough where one of them names nothing: who wants a haircut is not helped by a tailor.
    """
    if set(need.words) & set(offer.words) or len(set(need.pairs) & set(offer.pairs)) > 1:
        return True
    silent = not need.words or not offer.words
    return silent and bool(set(need.categories) & set(offer.categories))


def _place(side: Side, measures: Measures) -> _Share:
    if side.same_estate:
        return 1.0, "place_same", {}
    if side.km is None:
        return 0.4, "place_unknown", {}
    share = max(0.0, 0.9 * (1 - side.km / measures.near_km))
    return share, "place_km", {"km": f"{side.km:.1f}"}


def _time(wanted: Opening | None, given: Opening | None) -> _Share:
    if wanted is None or given is None:
        return 0.5, "time_unsaid", {}
    return (1.0, "time_meets", {}) if wanted.meets(given) else (0.0, "time_misses", {})


def _load(side: Side, measures: Measures) -> _Share:
    share = max(0.0, 1 - side.helping / measures.most_helping)
    return share, "load" if side.helping else "load_none", {"helping": str(side.helping)}


def _turn(side: Side, measures: Measures, now: datetime) -> _Share:
    if side.helped_at is None:
        return 1.0, "turn_never", {}
    days = max((now - side.helped_at).days, 0)
    return min(days / measures.rested_days, 1.0), "turn_days" if days else "turn_today", {"days": str(days)}
