# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Train the weights from the examples: `python -m redprop_bot.understand.train [--root DIR] [--out FILE] [--report FILE]`.

Needs scikit-learn (the extra `train`); serving does not. The figures are printed: cross-validated on the project's own
examples, with the confusion matrix written where `--report` says.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from redprop_bot.understand.acts import CATEGORY_INTENTS
from redprop_bot.understand.entities import take_out
from redprop_bot.understand.features import extract, tokens_of
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.judge import VISIT, VISITED
from redprop_bot.understand.lexicon import ONLY_SEAMS, Example, Lexicon
from redprop_bot.understand.load import MODEL, load_lexicon
from redprop_bot.understand.normalise import normalise
from redprop_bot.understand.packing import OneAgainstRest, pack
from redprop_bot.understand.scrub import as_read

_NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
STRENGTH = {"public": 80.0, "provider": 80.0, "secretary": 80.0, "category": 80.0, "urgency": 20.0, VISIT: 40.0}
_LOUDEST, _OWN_SHARE = 4.0, 0.1
POWER = 0.5  # how much rare labels are lifted: 0 not at all, 1 to equal shares
# A feature may weigh the more the more it tells a label from the others in plain counts (naive Bayes), by this power
# of its share in telling; never less than the floor. On files and writers held out: category .731 → .745, urgency
# .853 → .862, with less difference between heads trained on few and on many examples.
_TELLING, _TELLING_FLOOR = 0.5, 0.1


@dataclass(slots=True)
class Rows:
    """Training rows of one head."""

    features: list[list[str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, features: list[str], label: str, weight: float) -> None:
        """One row."""
        self.features.append(features)
        self.labels.append(label)
        self.weights.append(weight)


def masked(lexicon: Lexicon, text: str, role: str) -> str:
    """The sentence as the judge sees it."""
    norm = as_read(lexicon.repairer.repair(normalise(text, lexicon.dialect).norm))
    return take_out(norm, role, _NOW, Gazetteer.empty()).masked


def features_of(lexicon: Lexicon, text: str, role: str) -> list[str]:
    """The features of a whole example."""
    piece = masked(lexicon, text, role)
    return extract(piece, tokens_of(piece, lexicon.segmenter), lexicon.concepts, role)


def _one_by_one(lexicon: Lexicon, examples: Iterable[Example]) -> Iterable[Example]:
    """Examples that say one thing; of those that say several, the pieces where there are as many as things said."""
    for example in examples:
        if len(example.labels) == 1:
            yield example
            continue
        pieces = lexicon.splitter.pieces(example.text)
        opened = [i for i, piece in enumerate(pieces) if i == 0 or piece.cue in ("hard", "word")]
        starts = opened if len(opened) == len(example.labels) else list(range(len(pieces)))
        if len(starts) != len(example.labels):
            continue
        ends = [pieces[i - 1].end for i in starts[1:]] + [pieces[-1].end]
        for i, end, label in zip(starts, ends, example.labels, strict=True):
            yield replace(example, text=example.text[pieces[i].start : end], labels=(label,))


def rows(lexicon: Lexicon, examples: Iterable[Example]) -> dict[str, Rows]:
    """The training rows of every head; whether a visit is told is learnt from whole messages, all else from one thing said."""
    examples = list(examples)
    loud = loudness(examples)
    heads: dict[str, Rows] = {name: Rows() for name in STRENGTH}
    for example in examples:
        if (
            example.role == "secretary"
            and example.teaches & {"intent", ONLY_SEAMS}
            and not (example.keyword or example.template)
        ):
            told = any(label.intent == "visit.log" for label in example.labels)
            heads[VISIT].add(features_of(lexicon, example.text, example.role), VISITED if told else "other", 1.0)
    for example in _one_by_one(lexicon, examples):
        label = example.labels[0]
        features = features_of(lexicon, example.text, example.role)
        if example.keyword:
            features = [f for f in features if f[0] in "wcCk" and "^" not in f and "$" not in f]
        weight = 0.35 if example.keyword else 0.6 if example.template else 1.0
        weight *= loud if example.own else 1.0
        home = lexicon.roles.heads.get(example.role, "public")
        if label.intent and "intent" in example.teaches:
            heads[home].add(features, label.intent, weight)
            if home == "public" and example.role == "resident":
                for other in ("provider", "secretary"):
                    seen = [f"R:{other}" if f.startswith("R:") else f for f in features]
                    heads[other].add(seen, label.intent, 0.3 * weight)
        categorised = example.keyword or label.intent in CATEGORY_INTENTS
        if label.category and categorised and "category" in example.teaches:
            heads["category"].add(features, label.category, weight)
        if label.urgency and "urgency" in example.teaches:
            heads["urgency"].add(features, label.urgency, weight)
    return heads


def loudness(examples: Sequence[Example]) -> float:
    """How many times an example of the community counts: a dozen must be heard among thousands, thousands need not."""
    own = sum(example.own for example in examples)
    return max(1.0, min(_LOUDEST, _OWN_SHARE * len(examples) / own)) if own else 1.0


def fit(data: Rows, strength: float) -> tuple[Any, OneAgainstRest]:
    """A vectoriser and fitted weights; rare labels count a little more than their share."""
    from scipy.sparse import diags  # noqa: PLC0415 - only to train
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415 - only to train
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only to train

    vectoriser = CountVectorizer(analyzer=_same, min_df=3, binary=True)
    vectoriser.fit(data.features)
    matrix = _scaled(vectoriser, data.features).tocsr()
    counts = Counter(data.labels)
    usual = sum(counts.values()) / len(counts)
    sizes = [w * (usual / counts[label]) ** POWER for w, label in zip(data.weights, data.labels, strict=True)]
    labels, weights, bias = sorted(counts), [], []
    for label in labels:
        is_it = [own == label for own in data.labels]
        tells = _telling(matrix, is_it)
        one = LogisticRegression(C=strength, solver="liblinear", dual=True, tol=1.0, max_iter=400, random_state=1)
        one.fit(matrix @ diags(tells), is_it, sample_weight=sizes)
        weights.append(one.coef_[0] * tells)
        bias.append(float(one.intercept_[0]))
    return vectoriser, OneAgainstRest(labels, weights, bias)


def _telling(matrix: Any, is_it: Sequence[bool]) -> Any:
    """How much each feature tells one label from the rest, about 1 on the average."""
    import numpy as np  # noqa: PLC0415 - only to train

    seen, chosen = matrix > 0, np.asarray(is_it)
    inside = np.asarray(seen[chosen].sum(axis=0)).ravel() + 1.0
    outside = np.asarray(seen[~chosen].sum(axis=0)).ravel() + 1.0
    told = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    return np.maximum((told / max(told.mean(), 1e-9)) ** _TELLING, _TELLING_FLOOR)


def _scaled(vectoriser: Any, features: Sequence[list[str]]) -> Any:
    """Rows divided by the root of the number of all their features, known or not, as the serving model does."""
    from scipy.sparse import diags  # noqa: PLC0415 - only to train

    return diags([1 / math.sqrt(max(len(row), 1)) for row in features]) @ vectoriser.transform(features)


def _same(features: list[str]) -> list[str]:
    return features


def train(roots: Sequence[Path], out: Path) -> dict[str, int]:
    """Train all heads and write the weight file; the number of rows per head."""
    return train_on(load_lexicon(roots, with_model=False), out)


def train_on(lexicon: Lexicon, out: Path) -> dict[str, int]:
    """The same for a lexicon that has been read."""
    data = rows(lexicon, lexicon.examples)
    fitted = {name: fit(part, STRENGTH[name]) for name, part in data.items() if len(set(part.labels)) > 1}
    pack(fitted, out)
    return {name: len(part.labels) for name, part in data.items()}


FOLDS = 5


def fold_of(example: Example) -> int:
    """The fold of the file an example stands in: what one writer wrote in one sitting stays together."""
    return crc32(example.where.partition(":")[0].encode()) % FOLDS


def cross_validate(
    lexicon: Lexicon, examples: Sequence[Example]
) -> dict[str, tuple[float, Counter[tuple[str, str]]]]:
    """Share right and confusions per head, on examples that took no part in the training that judged them."""
    out: dict[str, tuple[float, Counter[tuple[str, str]]]] = {}
    said = [e for e in examples if len(e.labels) == 1 and not e.template and not e.keyword]
    helpers = [e for e in examples if e.keyword]
    templates = [e for e in examples if e.template]
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    confused: dict[str, Counter[tuple[str, str]]] = {}
    for fold in range(FOLDS):
        learn = rows(lexicon, [*helpers, *(e for e in (*templates, *said) if fold_of(e) != fold)])
        check = rows(lexicon, [e for e in said if fold_of(e) == fold])
        for name, part in learn.items():
            own = [i for i, w in enumerate(check[name].weights) if w >= 1.0]  # not those lent to other heads
            vectoriser, model = fit(part, STRENGTH[name])
            features = [check[name].features[i] for i in own]
            guesses = model.predict(_scaled(vectoriser, features)) if own else []
            for i, guess in zip(own, guesses, strict=True):
                gold = check[name].labels[i]
                seen[name] += 1
                right[name] += guess == gold
                if guess != gold:
                    confused.setdefault(name, Counter())[gold, guess] += 1
    for name, count in seen.items():
        out[name] = (right[name] / count, confused.get(name, Counter()))
    return out


def report(figures: dict[str, tuple[float, Counter[tuple[str, str]]]]) -> str:
    """The figures and the commonest confusions as a page."""
    lines = [
        "# 自测成绩与混淆",
        "",
        f"由训练命令写出：自己的例句按文件分 {FOLDS} 份，轮流留一份不学、只考：同一个文件里的话不会有的学、有的考。模式与险情规则不参加。",
        "",
    ]
    for name, (share, confused) in sorted(figures.items()):
        lines += [f"## {name}：答对 {share:.1%}", "", "| 本来是 | 看成了 | 次数 |", "|---|---|---|"]
        lines += [f"| {gold} | {guess} | {count} |" for (gold, guess), count in confused.most_common(25)]
        lines.append("")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="由 intents/ 的例句训练权重")
    parser.add_argument("--root", type=Path, action="append", help="含 intents/ 和 data/words/ 的文件夹，可给几个")
    parser.add_argument("--out", type=Path, help=f"权重文件，默认写到最后一个文件夹的 {MODEL}")
    parser.add_argument("--report", type=Path, help="自测成绩与混淆写到这里 (慢，要几分钟)")
    args = parser.parse_args(argv)
    roots = args.root or [Path.cwd()]
    sizes = train(roots, args.out or roots[-1] / MODEL)
    sys.stdout.write(" ".join(f"{name}={count}" for name, count in sizes.items()) + "\n")
    if args.report:
        lexicon = load_lexicon(roots, with_model=False)
        figures = cross_validate(lexicon, lexicon.examples)
        args.report.write_text(report(figures), "utf-8")
        sys.stdout.write(" ".join(f"{name}={share:.3f}" for name, (share, _) in sorted(figures.items())) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
