"""Making a value fit the kind of a template's keyword (`thing8`): cleaned, cut, or None where nothing is left.

What each kind may hold is `rules.keywords`; here it is only brought about. A value is a text or a moment; texts in
ISO form are moments too. Which value goes where is data.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from redprop_bot.rules import keywords

Value = str | datetime

NO_CHINESE: Final = frozenset({"number", "letter", "symbol", "character_string", "amount", "phone_number"})
"""Kinds in which words of people have no place."""
MOMENTS: Final = frozenset({"time", "date"})
"""Kinds that hold a moment."""

_THING = 20
_LINE = 200  # where the kind is not known
# Short texts in brackets were refused by real accounts, though nothing written forbids them.
_BRACKETS: Final = re.compile(r"[()\[\]{}<>（）【】〔〕「」『』《》〈〉]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_CHINESE: Final = re.compile(r"[^\u4e00-\u9fff]+")  # rarer ones: not safe


def fitted(key: str, value: Value, zone: ZoneInfo, options: Collection[str] = ()) -> str | None:
    """The value as the platform takes it under this key; None when it cannot be made to.

    options: the approved values of a `const`, of which it must be one.
    """
    kind = keywords.kind_of(key)
    if kind in MOMENTS:
        made: str | None = _moment(kind, value, zone)
    elif isinstance(value, datetime):
        made = _MAKERS.get(kind or "", _line)(f"{value.astimezone(zone):%Y-%m-%d %H:%M}")
    elif kind == "const":
        line = _flat(value)
        made = line if line in options else None
    else:
        made = _MAKERS.get(kind or "", _line)(value)
    return made if made and keywords.wrong(key, made) is None else None


def _moment(kind: str, value: Value, zone: ZoneInfo) -> str | None:
    moment = value if isinstance(value, datetime) else _parsed(value)
    if moment is None or moment.tzinfo is None:
        return _flat(str(value))  # may be a time in the platform's own form: judged at the end
    local = moment.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日" + (f" {local:%H:%M}" if kind == "time" else "")


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _flat(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def cut(text: str, most: int) -> str:
    """At most so many characters; what is missing is owned up to where there is room for it."""
    if len(text) <= most:
        return text
    return text[:most] if most <= 10 else text[: most - 1] + "…"


def _thing(text: str) -> str:
    return cut(_flat(_BRACKETS.sub(" ", text)), _THING)


def _line(text: str) -> str:
    return cut(_flat(text), _LINE)


def _only(pattern: str, most: int) -> Callable[[str], str]:
    unfit = re.compile(pattern)
    return lambda text: unfit.sub("", text)[:most]


def _first(pattern: str) -> Callable[[str], str]:
    wanted = re.compile(pattern)

    def made(text: str) -> str:
        found = wanted.search(text)
        return found.group() if found else ""

    return made


def _name(text: str) -> str:
    letters = _flat(re.sub(r"[^\u3400-\u9fffA-Za-z .·]+", " ", text))
    return letters[:10].strip() if re.search(r"[\u3400-\u9fff]", letters) else letters[:20].strip()


_MAKERS: Final[Mapping[str, Callable[[str], str]]] = {
    "thing": _thing,
    "number": _first(r"[+-]?\d{1,20}(\.\d{1,10})?"),
    "letter": _only(r"[^A-Za-z]+", 32),
    "symbol": _only(r"[\w\s]+", 5),
    "character_string": _only(r"[^!-~]+", 32),
    "amount": _first(r"[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?"),
    "phone_number": _first(r"\+?\d[\d\-() ]{1,15}\d"),
    "car_number": _only(r"[^\u3400-\u9fffA-Za-z0-9]+", 8),
    "name": _name,
    "phrase": lambda text: _CHINESE.sub("", text)[:5],
}
