"""What the linear model sees of a piece: words, pairs, characters and short runs of them, the ideas behind words.

The same function serves training and reading; nothing here may depend on which of the two it is.
"""

import re
from collections.abc import Iterable, Mapping

from redprop_bot.understand.words import Segmenter

# Signs that stand for what was taken out: address, phone, order number, time, estate.
ADDRESS, PHONE, ORDER, TIME, ESTATE = "\u25b2\u260e\u2116\u25f7\u2302"
_SIGNS = {ADDRESS: "<地>", PHONE: "<话>", ORDER: "<单>", TIME: "<时>", ESTATE: "<区>"}
_SIGN_RUN = re.compile(f"([{ADDRESS}{PHONE}{ORDER}{TIME}{ESTATE}])\\1*")
_NUMBER_RUN = re.compile(r"\d+(?:\.\d+)?")
_SKIP = re.compile(r"[\s,，。.、;；:：\"'“”‘’()（）\[\]【】《》<>~～—\-_=|/\\*#@^`…·]+")
_MARKS = (("?", "？?"), ("!", "！!"))


class Concepts:
    """Ideas and the words that stand for them; a word is found wherever its characters stand."""

    def __init__(
        self,
        words: Mapping[str, Iterable[str]],
        clusters: Mapping[str, tuple[str, ...]] | None = None,
        kinds: Mapping[str, str] | None = None,
    ) -> None:
        self._clusters = clusters or {}
        self._kinds = kinds or {}
        self._by_pair: dict[str, list[str]] = {}
        for word in sorted(self._kinds, key=len, reverse=True):
            if len(word) > 1:
                self._by_pair.setdefault(word[:2], []).append(word)
        self._meaning: dict[str, list[tuple[str, str]]] = {}  # by the first two characters: words and ideas
        self._single: dict[str, list[str]] = {}
        for concept, listed in words.items():
            for word in listed:
                if len(word) == 1:
                    self._single.setdefault(word, []).append(concept)
                else:
                    self._meaning.setdefault(word[:2], []).append((word, concept))
        for group in self._meaning.values():
            group.sort(key=lambda item: -len(item[0]))

    def words(self) -> list[str]:
        """All words of two characters and more, for the segmenter."""
        return sorted({word for group in self._meaning.values() for word, _ in group})

    def clusters(self, token: str) -> tuple[str, ...]:
        """The groups of words of like meaning that a word belongs to, the finest first."""
        return self._clusters.get(token, ())

    def kinds(self, text: str) -> list[str]:
        """Categories of the things named in a text: L any, L2 several things, L1 no other category."""
        counts: dict[str, int] = {}
        at, last = 0, len(text) - 1
        while at < last:
            step = 1
            for word in self._by_pair.get(text[at : at + 2], ()):
                if text.startswith(word, at):
                    kind, step = self._kinds[word], len(word)
                    counts[kind] = counts.get(kind, 0) + 1
                    break
            at += step
        out = [f"L:{kind}" for kind in counts]
        out += [f"L2:{kind}" for kind, count in counts.items() if count > 1]
        return [*out, *(f"L1:{kind}" for kind in counts if len(counts) == 1)]

    def find(self, text: str, tokens: Iterable[str]) -> list[str]:
        """The ideas in a text, each once, in order of appearance."""
        found: dict[str, None] = {}
        meaning = self._meaning
        for at in range(len(text) - 1):
            for word, concept in meaning.get(text[at : at + 2], ()):
                if text.startswith(word, at):
                    found[concept] = None
        for token in tokens:
            if len(token) == 1:
                for concept in self._single.get(token, ()):
                    found[concept] = None
        return list(found)


def tokens_of(text: str, segmenter: Segmenter) -> list[str]:
    """Words without punctuation; taken-out things as one token each, numbers as one."""
    text = _NUMBER_RUN.sub("0", text)
    out: list[str] = []
    at = 0
    for match in _SIGN_RUN.finditer(text):
        out += segmenter.cut(text[at : match.start()])
        out.append(_SIGNS[match[1]])
        at = match.end()
    out += segmenter.cut(text[at:])
    return [token for token in out if not _SKIP.fullmatch(token)]


def extract(text: str, tokens: list[str], concepts: Concepts, role: str) -> list[str]:
    """The features of a masked piece, each once."""
    found: dict[str, None] = {f"R:{role}": None}
    for concept in concepts.find(text, tokens):
        found["C:" + concept] = None
    for kind in concepts.kinds(text):
        found[kind] = None
    previous = "^"
    for token in tokens:
        found["w:" + token] = None
        for cluster in concepts.clusters(token):
            found[cluster] = None
        found[f"w:{previous}_{token}"] = None
        previous = token
    found[f"w:{previous}_$"] = None
    plain = "".join(token if token[0] != "<" else "\u25a1" for token in tokens)
    size = len(plain)
    found.update(dict.fromkeys(["u:" + char for char in dict.fromkeys(plain) if char != "\u25a1"]))
    found.update(dict.fromkeys(["c:" + plain[i : i + 2] for i in range(size - 1)]))
    found.update(dict.fromkeys(["c:" + plain[i : i + 3] for i in range(size - 2)]))
    for name, signs in _MARKS:
        if any(sign in text for sign in signs):
            found["p:" + name] = None
    found[
        "n:" + ("0" if size <= 4 else "1" if size <= 10 else "2" if size <= 25 else "3" if size <= 60 else "4")
    ] = None
    return list(found)
