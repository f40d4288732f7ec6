# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""The only home of the segmenter.

rjieba (the dictionary and algorithm of jieba in Rust) serves; jieba itself is the fallback and, in tests, the oracle.
HMM is off: it only ever changed cuts inside numbers, which are taken out before.
"""

import logging
import warnings
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol


class Segmenter(Protocol):
    """Cuts a text into words."""

    def cut(self, text: str) -> list[str]:
        """The words of the text, in order, nothing lost."""
        ...

    def has(self, word: str) -> bool:
        """Whether the dictionary knows the word."""
        ...


class RustSegmenter:
    """rjieba with the words of the house added."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        import rjieba  # noqa: PLC0415 - loaded by whoever serves, not by whoever imports

        # The package loads a dictionary for its bare functions; the first segmenter takes it over instead of
        # holding 30 MiB beside it.
        self._jieba = vars(rjieba).pop("_DEFAULT_JIEBA", None) or rjieba.Jieba()
        for word in words:
            self._jieba.add_word(word, 20000, "n")

    def cut(self, text: str) -> list[str]:
        """The words of the text."""
        return self._jieba.cut(text, False)  # noqa: FBT003

    def has(self, word: str) -> bool:
        """Whether the dictionary knows the word."""
        return bool(self._jieba.has_word(word))


class PythonSegmenter:
    """jieba with the words of the house added."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own escapes and its use of pkg_resources
            import jieba  # noqa: PLC0415 - two seconds: only as the fallback

        jieba.setLogLevel(logging.WARNING)
        self._jieba = jieba.Tokenizer()
        for word in words:
            self._jieba.add_word(word, 20000)

    def cut(self, text: str) -> list[str]:
        """The words of the text."""
        return list(self._jieba.cut(text, HMM=False))

    def has(self, word: str) -> bool:
        """Whether the dictionary knows the word."""
        self._jieba.initialize()
        return bool(self._jieba.FREQ.get(word))


def segmenter(words: Iterable[str] = ()) -> Segmenter:
    """The segmenter that serves: rjieba, or jieba where no wheel of it exists."""
    words = list(words)
    try:
        return RustSegmenter(words)
    except ImportError:
        return PythonSegmenter(words)


def dictionary() -> list[str]:
    """The lines of the dictionary that both segmenters share: word, frequency, kind."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        return []
    return Path(spec.origin).with_name("dict.txt").read_text("utf-8").splitlines()


def people_in(text: str) -> list[str]:
    """Words that look like names of persons; slow to begin with, for work that nobody waits for."""
    try:
        import rjieba  # noqa: PLC0415 - see above

        tagged = rjieba.Jieba().tag(text, True)  # noqa: FBT003
    except ImportError:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from jieba import posseg  # noqa: PLC0415

            tagged = [tuple(pair) for pair in posseg.cut(text)]
    return [word for word, tag in tagged if tag == "nr"]
