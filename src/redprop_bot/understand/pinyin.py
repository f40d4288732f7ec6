"""The sound of characters without tone, in the way that voice input and southern speakers mix them up."""

import json
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@cache
def _table() -> dict[int, str]:
    """Readings of single characters, from the data file of pypinyin.

    The package itself is not imported: its phrases, which are not used here, cost 50 MiB and 0.3 s.
    """
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pypinyin")
    path = Path(spec.submodule_search_locations[0]) / "pinyin_dict.json"
    listed: dict[str, str] = json.loads(path.read_text("utf-8"))
    return {int(code): readings for code, readings in listed.items()}


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
