# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Fitted weights to the file that serves: small integers, one line per feature, packed, within a bound of bytes.

Only training comes here; how the file is read stands in `model`.
"""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redprop_bot.understand.model import STEPS, pair_up, shorten

# Shares of the largest weight of a head below which a weight, or a feature with all its weights, is dropped. What is
# dropped here is missing when serving: the more examples, the more small weights carry a label, so keep these low.
_WEIGHT, _FEATURE = 0.015, 0.03
_BESIDE = 0.15  # share of a feature's own largest weight below which it says nothing of a label: mostly noise
_WHOLE = frozenset({"urgency"})  # heads that give nothing up for room: the small signs of danger stay
ROOM = 2_000_000  # bytes of the weight file; of more, the weakest features are dropped first


class OneAgainstRest:
    """One logistic regression per label: as good as the joint one here, and many times faster to train."""

    def __init__(self, labels: list[str], weights: list[Any], bias: list[float]) -> None:
        self.classes_ = labels
        self.coef_ = weights
        self.intercept_ = bias

    def predict(self, matrix: Any) -> list[str]:
        """The best label of each row."""
        import numpy as np  # noqa: PLC0415 - only to train

        scores = matrix @ np.asarray(self.coef_).T + np.asarray(self.intercept_)
        return [self.classes_[int(i)] for i in scores.argmax(axis=1)]


def pack(fitted: dict[str, tuple[Any, OneAgainstRest]], path: Path, room: int = ROOM) -> None:
    """Write the weights as small integers, one line per feature, packed, without the weakest until there is room."""
    info: dict[str, Any] = {}
    columns: list[
        tuple[str, float, str]
    ] = []  # feature, share of the largest weight, number of the head and weights
    for number, (name, (vectoriser, model)) in enumerate(fitted.items()):
        labels, coefficients, bias = model.classes_, model.coef_, model.intercept_
        largest = max(float(abs(row).max()) for row in coefficients)
        scale = largest / STEPS
        info[name] = {"labels": labels, "bias": [round(float(b), 3) for b in bias], "scale": scale}
        for feature, column in vectoriser.vocabulary_.items():
            pairs = [(i, float(row[column])) for i, row in enumerate(coefficients)]
            share = max(abs(w) for _, w in pairs) / largest
            least_weight = max(_WEIGHT, _BESIDE * share) * largest
            packed = pair_up(
                (i, round(w / scale)) for i, w in pairs if abs(w) >= least_weight and round(w / scale)
            )
            if share >= _FEATURE and packed:
                columns.append((feature, 1.0 if name in _WHOLE else share, f"{number}{packed}"))
    head, least = "# " + json.dumps(info, ensure_ascii=False) + "\n", _FEATURE
    while len(table := gzip.compress((head + _table(columns, least)).encode(), mtime=0)) > room and least < 1:
        least *= 1.05
    path.write_bytes(table)


def _table(columns: Sequence[tuple[str, float, str]], least: float) -> str:
    lines: dict[str, list[str]] = {}
    for feature, share, column in columns:
        if share >= least:
            lines.setdefault(feature, []).append(column)
    out, before = [], ""
    for feature in sorted(lines):
        out.append("\t".join([shorten(before, feature), *lines[feature]]) + "\n")
        before = feature
    return "".join(out)
