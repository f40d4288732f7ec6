"""The sound of characters without tone, in the way that voice input and southern speakers mix them up."""

import unicodedata
from functools import cache

_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@cache
def _table() -> dict[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415 - a quarter of a second, only when first needed

    return pinyin_dict


def _plain(syllable: str) -> str:
    base = "".join(
        c for c in unicodedata.normalize("NFD", syllable) if not unicodedata.combining(c) or c == "\u0308"
    )
    return unicodedata.normalize("NFC", base)


def _fuzzy(syllable: str) -> str:
    for long, short in _FUZZY:
        if syllable.startswith(long):
            syllable = short + syllable[2:]
    if syllable.endswith("ng") and syllable[-3:-2] in ("i", "e"):
        syllable = syllable[:-1]
    return syllable


@cache
def sounds(char: str) -> tuple[str, ...]:
    """All toneless fuzzy readings of a character; empty for what is not Chinese."""
    listed = _table().get(ord(char)) if "\u4e00" <= char <= "\u9fff" else None
    if not listed:
        return ()
    return tuple(dict.fromkeys(_fuzzy(_plain(item)) for item in listed.split(",")))


@cache
def sound(char: str) -> str:
    """The most usual reading, or the character itself."""
    found = sounds(char)
    return found[0] if found else char


def key(word: str) -> str:
    """The sound of a word, one reading per character."""
    return " ".join(map(sound, word))
