# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""The linear model as it serves: a table of small integers, read from a text file. Trained by `train`.

First line `# heads` in JSON: {"head": {"labels": […], "bias": […], "scale": s}}. Every other line: feature
(a sign for how many characters it shares with the one before, "!" none, and the rest), and for each head with weights a tab, the digit of the head, and two signs for each label: its number (from "!") and its weight ("P" is
0, "Q" 1, "O" -1, …) — a third of the room that numbers would take.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Packed = tuple[tuple[int, ...], tuple[int, ...]]  # label numbers, and a weight for each
_NOTHING: Packed = ((), ())
STEPS = 46  # the largest weight in steps: what one printable sign can say to either side of "P"
_LABEL, _ZERO, _LAST = ord("!"), ord("P"), ord("~")


@dataclass(frozen=True, slots=True)
class Head:
    """One question the model answers: its labels, their bias and the size of one step of a weight."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    scale: float


class Model:
    """Scores the labels of a head from the features of a piece."""

    def __init__(self, heads: Mapping[str, Head], weights: Mapping[str, Mapping[str, Packed]]) -> None:
        self.heads = dict(heads)
        self._weights = weights

    @staticmethod
    def empty() -> "Model":
        """No head at all: patterns alone decide."""
        return Model({}, {})

    @staticmethod
    def load(path: Path) -> "Model":
        """Read a weight file; ValueError when it is damaged."""
        heads: dict[str, Head] = {}
        weights: dict[str, dict[str, Packed]] = {}
        with path.open(encoding="utf-8") as file:
            for name, row in json.loads(file.readline().removeprefix("# ")).items():
                heads[name] = Head(tuple(row["labels"]), tuple(row["bias"]), float(row["scale"]))
                weights[name] = {}
            order = list(heads)
            feature = ""
            for line in file:
                written, *columns = line.rstrip("\n").split("\t")
                feature = feature[: ord(written[0]) - _LABEL] + written[1:]
                for column in columns:
                    weights[order[int(column[0])]][feature] = _take_apart(column[1:])
        return Model(heads, weights)

    def scores(self, head: str, features: Iterable[str], size: int) -> dict[str, float]:
        """Raw scores (log-odds up to a constant) of all labels; `size` is the number of features before pruning."""
        info = self.heads.get(head)
        if info is None:
            return {}
        totals = [0] * len(info.labels)
        table = self._weights[head]
        get = table.get
        for feature in features:
            found = get(feature)
            if found:
                for index, weight in zip(*found, strict=True):
                    totals[index] += weight
        factor = info.scale / math.sqrt(max(size, 1))
        return {
            label: bias + total * factor for label, bias, total in zip(info.labels, info.bias, totals, strict=True)
        }

    def evidence(self, head: str, label: str, features: Iterable[str], top: int = 4) -> list[str]:
        """The features that spoke most for a label, for an explanation."""
        info = self.heads.get(head)
        if info is None or label not in info.labels:
            return []
        index = info.labels.index(label)
        spoken = []
        for feature in features:
            for label_index, weight in zip(*self._weights[head].get(feature, _NOTHING), strict=True):
                if label_index == index and weight > 0:
                    spoken.append((weight, feature))
        return [feature for _, feature in sorted(spoken, reverse=True)[:top]]


def shorten(before: str, feature: str) -> str:
    """A feature as it stands after the one before it."""
    shared = 0
    while shared < min(len(before), len(feature), _LAST - _LABEL) and before[shared] == feature[shared]:
        shared += 1
    return chr(_LABEL + shared) + feature[shared:]


def pair_up(pairs: Iterable[tuple[int, int]]) -> str:
    """Label numbers and their weights as signs."""
    return "".join(chr(_LABEL + index) + chr(_ZERO + weight) for index, weight in pairs)


def _take_apart(packed: str) -> Packed:
    if len(packed) % 2 or not packed or not all(_LABEL <= ord(sign) <= _LAST for sign in packed):
        raise ValueError(packed[:20])
    return (
        tuple(ord(sign) - _LABEL for sign in packed[::2]),
        tuple(ord(sign) - _ZERO for sign in packed[1::2]),
    )


def softmax(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores to shares that add up to one."""
    if not scores:
        return {}
    peak = max(scores.values())
    shares = {label: math.exp(score - peak) for label, score in scores.items()}
    total = sum(shares.values())
    return {label: share / total for label, share in shares.items()}
