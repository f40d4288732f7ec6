# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Learn where another matter begins: `python -m redprop_bot.understand.train_seams [--root DIR] [--out FILE]`.

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

from redprop_bot.understand import apart, seams
from redprop_bot.understand.acts import CATEGORY_INTENTS
from redprop_bot.understand.lexicon import Example, Lexicon
from redprop_bot.understand.load import SEAMS, load_lexicon
from redprop_bot.understand.model import Model
from redprop_bot.understand.packing import OneAgainstRest, pack
from redprop_bot.understand.split import with_substance
from redprop_bot.understand.train import STRENGTH, fit, fold_of, masked, rows
from redprop_bot.understand.unsaid import without_markup, without_past

PARTS = 3  # weights that the sides are weighed with: each has learnt from the files of the others
STRENGTH_OF_SEAMS = 0.3
_MOST = 9  # pieces of a message whose seams are searched for the best way to part it
_CLEAR_CUT = 0.5  # how much sooner a seam is taken where a sentence ends or 另外 stands
_UNLIKELY = 1e-4


@dataclass(frozen=True, slots=True)
class Seam:
    """One seam of an example: what is seen of it and whether another matter begins there."""

    features: list[str]
    new: bool


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
        told = sum(_CLEAR_CUT for i in ends[1:-1] if message.pieces[i].cue in ("hard", "word"))
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
            found = seams.features(message, start, i)
            out.append(Seam(found, i in new))
            start = i if i in new else start
    return out


def learn(found: Sequence[Seam], out: Path) -> None:
    """Fit the head of the seams and write it."""
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415 - only to train
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only to train

    vectoriser = CountVectorizer(analyzer=list, min_df=3, binary=True)
    matrix = vectoriser.fit_transform([seam.features for seam in found])
    model = LogisticRegression(C=STRENGTH_OF_SEAMS, solver="liblinear", max_iter=300, random_state=1)
    model.fit(matrix, [seam.new for seam in found])
    # Half of it for, half against: shares as fitted.
    weights, bias = model.coef_[0] / 2, float(model.intercept_[0]) / 2
    head = OneAgainstRest([seams.NEW, seams.SAME], [weights, -weights], [bias, -bias])
    pack({seams.HEAD: (vectoriser, head)}, out)


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="由例句学会在哪里另起一件事")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="含 intents/ 和 data/words/ 的文件夹")
    parser.add_argument("--out", type=Path, help=f"默认写到 {SEAMS}")
    args = parser.parse_args(argv)
    lexicon = load_lexicon([args.root], with_model=False)
    with tempfile.TemporaryDirectory() as folder:
        found = gather(lexicon, lexicon.examples, weigh_apart(lexicon, Path(folder)))
    learn(found, args.out or args.root / SEAMS)
    sys.stdout.write(f"seams={len(found)} new={sum(seam.new for seam in found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
