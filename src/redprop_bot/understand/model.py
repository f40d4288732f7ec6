# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""The linear model as it serves: a table of small integers, read from a packed text file (gzip). Trained by `train`.

First line `# heads` in JSON: {"head": {"labels": […], "bias": […], "scale": s}}. Every other line: feature
(a sign for how many characters it shares with the one before, "!" none, and the rest), and for each head with weights a tab, the digit of the head, and two signs for each label: its number (from "!") and its weight ("P" is
0, "Q" 1, "O" -1, …) — a third of the room that numbers would take.
"""

import gzip
import json
import math
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STEPS = 46  # the largest weight in steps: what one printable sign can say to either side of "P"
_LABEL, _ZERO, _LAST = ord("!"), ord("P"), ord("~")

# All weights of a feature stand in one integer, 16 bits a label: adding two such integers adds all labels at once. A
# negative one borrows from its neighbour, which `_lanes` undoes; it is exact as long as no label leaves ±2^15.
_LANE = 16
_HALF = 1 << (_LANE - 1)
_AT_ONCE = (_HALF - 1) // STEPS  # features that may be added before a label could leave its lane


@dataclass(frozen=True, slots=True)
class Head:
    """One question the model answers: its labels, their bias and the size of one step of a weight."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    scale: float


class Model:
    """Scores the labels of a head from the features of a piece."""

    def __init__(self, heads: Mapping[str, Head], weights: Mapping[str, Mapping[int, int]]) -> None:
        self.heads = dict(heads)
        # By the hash of a feature, which is 64 bits: 190 000 texts take five megabytes more.
        self._weights = weights

    @staticmethod
    def empty() -> "Model":
        """No head at all: patterns alone decide."""
        return Model({}, {})

    @staticmethod
    def load(path: Path) -> "Model":
        """Read a weight file; ValueError, EOFError or OSError when it is damaged."""
        heads: dict[str, Head] = {}
        weights: dict[str, dict[int, int]] = {}
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for name, row in json.loads(file.readline().removeprefix("# ")).items():
                heads[name] = Head(tuple(row["labels"]), tuple(row["bias"]), float(row["scale"]))
                weights[name] = {}
            order = list(heads)
            feature = ""
            weight_of = cache(_take_apart)  # two of three features weigh what others weigh, and share one number
            for line in file:
                written, *columns = line.rstrip("\n").split("\t")
                feature = feature[: ord(written[0]) - _LABEL] + written[1:]
                key = hash(feature)
                for column in columns:
                    weights[order[int(column[0])]][key] = weight_of(column[1:])
        return Model(heads, weights)

    def scores(self, head: str, features: Sequence[str], size: int) -> dict[str, float]:
        """Raw scores (log-odds up to a constant) of all labels; `size` is the number of features before pruning."""
        info = self.heads.get(head)
        if info is None:
            return {}
        count = len(info.labels)
        totals = _lanes(self.total(head, features[:_AT_ONCE]), count)
        for start in range(_AT_ONCE, len(features), _AT_ONCE):
            more = _lanes(self.total(head, features[start : start + _AT_ONCE]), count)
            totals = [one + other for one, other in zip(totals, more, strict=True)]
        factor = info.scale / math.sqrt(max(size, 1))
        return {
            label: bias + total * factor for label, bias, total in zip(info.labels, info.bias, totals, strict=True)
        }

    def total(self, head: str, features: Sequence[str]) -> int:
        """The packed sum of the weights of up to `_AT_ONCE` features; sums of parts may be added within that bound."""
        return sum(filter(None, map(self._weights[head].get, map(hash, features))))

    def shares(self, head: str, total: int, size: int) -> list[float]:
        """The shares of all labels, in their order, for a packed sum over `size` features."""
        info = self.heads[head]
        factor = info.scale / math.sqrt(max(size, 1))
        lanes = _lanes(total, len(info.labels))
        return _as_shares([bias + lane * factor for bias, lane in zip(info.bias, lanes, strict=True)])

    def evidence(self, head: str, label: str, features: Sequence[str], top: int = 4) -> list[str]:
        """The features that spoke most for a label, for an explanation."""
        info = self.heads.get(head)
        if info is None or label not in info.labels:
            return []
        index, count, table = info.labels.index(label), len(info.labels), self._weights[head]
        keyed = [(key, feature) for feature in features if (key := hash(feature)) in table]
        spoken = [(_lanes(table[key], count)[index], feature) for key, feature in keyed]
        return [feature for weight, feature in sorted(spoken, reverse=True)[:top] if weight > 0]


_BIAS: dict[int, int] = {}


def _lanes(total: int, count: int) -> list[int]:
    """The sums of `count` labels that stand in one integer."""
    bias = _BIAS.get(count)
    if bias is None:
        bias = _BIAS[count] = sum(_HALF << (_LANE * index) for index in range(count))
    lanes = memoryview((total + bias).to_bytes(count * _LANE // 8, sys.byteorder)).cast("H").tolist()
    return [lane - _HALF for lane in (lanes if sys.byteorder == "little" else reversed(lanes))]


def shorten(before: str, feature: str) -> str:
    """A feature as it stands after the one before it."""
    shared = 0
    while shared < min(len(before), len(feature), _LAST - _LABEL) and before[shared] == feature[shared]:
        shared += 1
    return chr(_LABEL + shared) + feature[shared:]


def pair_up(pairs: Iterable[tuple[int, int]]) -> str:
    """Label numbers and their weights as signs."""
    return "".join(chr(_LABEL + index) + chr(_ZERO + weight) for index, weight in pairs)


class _Parts(dict[str, int]):
    """Two signs → a label's weight in its lane; a few thousand pairs make up all that is read."""

    def __missing__(self, pair: str) -> int:
        if len(pair) != 2 or not all(_LABEL <= ord(sign) <= _LAST for sign in pair):
            raise ValueError(pair)
        part = self[pair] = (ord(pair[1]) - _ZERO) << (_LANE * (ord(pair[0]) - _LABEL))
        return part


_PART = _Parts()


def _take_apart(packed: str) -> int:
    if not packed:
        raise ValueError(packed)
    return sum([_PART[packed[at : at + 2]] for at in range(0, len(packed), 2)])


def softmax(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores to shares that add up to one."""
    if not scores:
        return {}
    return dict(zip(scores, _as_shares(scores.values()), strict=True))


def _as_shares(scores: Collection[float]) -> list[float]:
    peak = max(scores)
    weights = [math.exp(score - peak) for score in scores]
    total = sum(weights)
    return [weight / total for weight in weights]


def share(scores: Mapping[str, float], label: str, temperature: float = 1.0) -> float:
    """The share of one label, with all scores divided by a temperature before."""
    own = scores[label]
    return 1.0 / sum([math.exp(min((score - own) / temperature, _FAR)) for score in scores.values()])


_FAR = 700.0  # what `exp` can still say
