# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Learn where another matter begins: `python -m redprop_bot.understand.train_seams [--root DIR]`.

Needs scikit-learn (the extra `train`). The sides of a seam are weighed by weights that have not learnt from the file the
message stands in: those that know a sentence by heart are surer of its parts than serving ever is. Takes minutes; the
weights of `train` may change without it, since a seam is told by labels and words, not by numbers of features.
"""

import argparse
import itertools
import math
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redprop_bot.understand import apart, seams
from redprop_bot.understand.acts import CATEGORY_INTENTS
from redprop_bot.understand.lexicon import Example, Lexicon
from redprop_bot.understand.load import SEAM_TREES, SEAMS, load_lexicon
from redprop_bot.understand.model import Model
from redprop_bot.understand.packing import OneAgainstRest, pack
from redprop_bot.understand.split import with_substance
from redprop_bot.understand.train import STRENGTH, fit, fold_of, masked, rows
from redprop_bot.understand.trees import LEAF, Node, Trees
from redprop_bot.understand.unsaid import without_markup, without_past

PARTS = 3  # weights that the sides are weighed with: each has learnt from the files of the others
STRENGTH_OF_SEAMS = 0.3
_MOST = 12  # pieces of a message whose seams are searched for the best way to part it
# How much sooner a seam is taken where 另外 stands or a sentence ends.
_CLEAR_CUT = {"word": 4.0, "also": 1.0, "hard": 1.0}
_UNLIKELY = 1e-4
TREES = {"n_estimators": 60, "max_depth": 4, "learning_rate": 0.15, "subsample": 0.5, "min_samples_leaf": 40}


@dataclass(frozen=True, slots=True)
class Seam:
    """One seam of an example: what is seen of it and whether another matter begins there."""

    features: list[str]
    numbers: list[float]
    new: bool
    fold: int


def weigh_apart(lexicon: Lexicon, folder: Path) -> dict[int, Model]:
    """For each part of the files the weights that have learnt from the others."""
    found = {}
    for part in range(PARTS):
        learnt = rows(lexicon, (e for e in lexicon.examples if e.keyword or fold_of(e) % PARTS != part))
        fitted = {name: fit(data, STRENGTH[name]) for name, data in learnt.items() if name != "urgency"}
        pack(fitted, folder / f"{part}.gz")
        found[part] = Model.load(folder / f"{part}.gz")
    return found


def message_of(lexicon: Lexicon, model: Model, example: Example) -> seams.Message:
    """An example as `group` sees it."""
    text = without_past(without_markup(masked(lexicon, example.text, example.role)))
    pieces = apart.joined(text, with_substance(text, lexicon.splitter.pieces(text)), example.role)
    return seams.Message(text, pieces, lexicon, model, example.role)


def parted(message: seams.Message, example: Example) -> tuple[int, ...] | None:
    """The pieces that begin another of its matters, as the sides speak for its labels; None where it cannot be told."""
    count, labels = len(message.pieces), example.labels
    if len(labels) == 1:
        return ()
    if not len(labels) <= count <= _MOST:
        return None
    intents, categories = ({name: i for i, name in enumerate(names)} for names in message.labels)

    def speaks(ends: Sequence[int]) -> float:
        told = sum(_CLEAR_CUT.get(message.pieces[i].cue, 0.0) for i in ends[1:-1])
        for label, (start, end) in zip(labels, itertools.pairwise(ends), strict=True):
            side = message.side(start, end)
            told += math.log(side.intents[intents[label.intent]] + _UNLIKELY) if label.intent in intents else 0.0
            if label.category in categories and label.intent in CATEGORY_INTENTS:
                told += math.log(side.categories[categories[label.category]] + _UNLIKELY)
        return told

    ways = itertools.combinations(range(1, count), len(labels) - 1)
    return max(ways, key=lambda way: speaks((0, *way, count)))


def gather(lexicon: Lexicon, examples: Iterable[Example], models: dict[int, Model]) -> list[Seam]:
    """The seams of all examples that were said by somebody."""
    out = []
    for example in examples:
        if example.keyword or example.template:
            continue
        message = message_of(lexicon, models[fold_of(example) % PARTS], example)
        new = parted(message, example)
        if new is None:
            continue
        start = 0
        for i in range(1, len(message.pieces)):
            look = seams.Look(message, start, i)
            out.append(Seam(look.features(), look.numbers(), i in new, fold_of(example)))
            start = i if i in new else start
    return out


def learn(found: Sequence[Seam], out: Path, trees: Path) -> None:
    """Fit the head of the seams, grow the trees on what it says of seams it has not learnt from, and write both."""
    from sklearn.ensemble import GradientBoostingClassifier  # noqa: PLC0415 - only to train

    vectoriser, model = _fit(found)
    # Half of it for, half against: shares as fitted.
    weights, bias = model.coef_[0] / 2, float(model.intercept_[0]) / 2
    pack(
        {seams.HEAD: (vectoriser, OneAgainstRest([seams.NEW, seams.SAME], [weights, -weights], [bias, -bias]))},
        out,
    )
    asked = [[seams.odds(said), *seam.numbers] for said, seam in zip(_unlearnt(found), found, strict=True)]
    grown = GradientBoostingClassifier(random_state=1, **TREES).fit(asked, [seam.new for seam in found])
    taken(grown).save(trees)


def _fit(found: Sequence[Seam]) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415 - only to train
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only to train

    vectoriser = CountVectorizer(analyzer=list, min_df=3, binary=True)
    matrix = vectoriser.fit_transform([seam.features for seam in found])
    model = LogisticRegression(C=STRENGTH_OF_SEAMS, solver="liblinear", max_iter=300, random_state=1)
    return vectoriser, model.fit(matrix, [seam.new for seam in found])


def _unlearnt(found: Sequence[Seam]) -> list[float]:
    """What heads that have learnt from the files of the other folds say of each seam; of one fold alone, its own."""
    out = [0.0] * len(found)
    folds = {seam.fold for seam in found}
    for fold in folds:
        asked = [i for i, seam in enumerate(found) if seam.fold == fold]
        vectoriser, model = _fit([seam for seam in found if seam.fold != fold] if len(folds) > 1 else found)
        said = model.predict_proba(vectoriser.transform([found[i].features for i in asked]))[:, 1]
        for i, share in zip(asked, said, strict=True):
            out[i] = float(share)
    return out


def taken(grown: Any) -> Trees:
    """The trees of scikit-learn as they serve; what all of them start from becomes a tree of one leaf."""
    from scipy.special import logit  # noqa: PLC0415 - only to train

    start = float(logit(grown.init_.class_prior_[1]))
    nodes: list[Node] = [(LEAF, start, 0, 0)]
    roots = [0]
    for (one,) in grown.estimators_:
        tree, first = one.tree_, len(nodes)
        roots.append(first)
        for number, bound, within, above, ((value,),) in zip(
            tree.feature, tree.threshold, tree.children_left, tree.children_right, tree.value, strict=True
        ):
            if within == above:  # a leaf has no children
                nodes.append((LEAF, float(value) * grown.learning_rate, len(nodes), len(nodes)))
            else:
                nodes.append((int(number), float(bound), first + int(within), first + int(above)))
    return Trees(tuple(nodes), tuple(roots), grown.n_features_in_)


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="由例句学会在哪里另起一件事")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="含 intents/ 和 data/words/ 的文件夹")
    args = parser.parse_args(argv)
    lexicon = load_lexicon([args.root], with_model=False)
    with tempfile.TemporaryDirectory() as folder:
        found = gather(lexicon, lexicon.examples, weigh_apart(lexicon, Path(folder)))
    learn(found, args.root / SEAMS, args.root / SEAM_TREES)
    sys.stdout.write(f"seams={len(found)} new={sum(seam.new for seam in found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
