"""Reading one mapping of a roster, key by key; every fault is noted with the path of its key, none stops it.

What a value must be is said by the caller; this room knows no kind of entry. Values come from YAML or from cells
of a sheet, so a number may stand where a text is wanted and the other way round.
"""

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from redprop_bot.registry.roster import Path
from redprop_bot.rules import written

NAME_LENGTH: Final = 64
LIST_LENGTH: Final = 200

# marks that copying from WeChat or Windows leaves around names and phones
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SEPARATORS = re.compile(r"[、,，;；\n]")
_HOME = re.compile(r"^(?:\+|00)86-?")
_MOBILE = re.compile(r"1[3-9]\d-\d{4}-\d{4}")
_YEARS = range(2000, 2101)  # 9999-12-31 is no day that a clock can count beyond
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|[48]00-?\d{3}-?\d{4}|\d{5,8}|\+\d{8,15}")
_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_YES = {"是", "在岗", "true", "yes", "y", "1", "√"}
_NO = {"否", "不在岗", "离岗", "false", "no", "n", "0", "×"}


def telephone(text: str) -> str | None:
    """A mobile or fixed number as it is dialled, without blanks; None when it is none."""
    number = _HOME.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if _MOBILE.fullmatch(number):
        number = number.replace("-", "")
    return number if _PHONE.fullmatch(number) else None


class Broken:
    """A value whose fault has been noted where it was read (a formula, an error cell): no second fault for it."""


BROKEN: Final = Broken()


class Left:
    """A list of which the file says nothing: what there is stays as it is."""


LEFT: Final = Left()


class Found:
    """Faults by path, in the order they were found."""

    def __init__(self) -> None:
        self.faults: list[tuple[Path, str]] = []

    def add(self, path: Path, what: str) -> None:
        """Note a fault."""
        self.faults.append((path, what))


class Fields:
    """One mapping: `allowed` are its keys, everything else is a fault."""

    def __init__(self, raw: Any, path: Path, allowed: Sequence[str], found: Found) -> None:
        self.path, self.found = path, found
        # YAML reads the key `no` as false
        self.raw: Mapping[Any, Any] = (
            {"no" if key is False else key: value for key, value in raw.items()}
            if isinstance(raw, Mapping)
            else {}
        )
        if not isinstance(raw, Mapping):
            found.add(path, f"应写成“键: 值”，可写 {'、'.join(allowed)}")
        for key in self.raw:
            if key not in allowed:
                found.add((*path, str(key)), f"没有“{key}”这一项" + _guess(str(key), allowed))

    def fault(self, key: str, what: str) -> None:
        """Note a fault of one key."""
        self.found.add((*self.path, key), what)

    def get(self, key: str) -> Any:
        """The value as it stands; None when there is none or its fault is already noted."""
        value = self.raw.get(key)
        return None if value is BROKEN or value == "" else value

    def text(self, key: str, *, need: bool = False, limit: int = NAME_LENGTH) -> str | None:
        """A short text on one line."""
        value = self.get(key)
        if value is None:
            if need and self.raw.get(key) is not BROKEN:
                self.fault(key, "没有填")
            return None
        text = self._text((key,), value, limit)
        if text == "" and need:
            self.fault(key, "没有填")
        return text or None

    def choice(self, key: str, choices: Mapping[str, str], *, default: str | None = None) -> str | None:
        """One of these codes, written as the code or as its Chinese name; needed when there is no default."""
        if self.get(key) is None:
            if default is None and self.raw.get(key) is not BROKEN:
                self.fault(key, "没有填，" + _options(choices))
            return default
        text = self.text(key)
        return self._code((key,), text, choices) if text else default

    def words(self, key: str, choices: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """A list of short texts, or one text with 、 between them; each counts once."""
        value = self.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            # a cell whose words hold commas themselves keeps them apart by line breaks
            value = value.split("\n") if "\n" in value else _SEPARATORS.split(value)
        if isinstance(value, Mapping):
            self.fault(key, "应为几个词，例如 [甲, 乙]")
            return ()
        if not isinstance(value, list):
            value = [value]
        if len(value) > LIST_LENGTH:
            self.fault(key, f"最多 {LIST_LENGTH} 项")
            return ()
        texts = [self._text((key, str(n)), item, NAME_LENGTH) for n, item in enumerate(value)]
        if choices is not None:
            texts = [self._code((key, str(n)), t, choices) if t else None for n, t in enumerate(texts)]
        return tuple(dict.fromkeys(text for text in texts if text))

    def number(self, key: str, low: float, high: float) -> float | None:
        """A number within bounds."""
        value = self.get(key)
        if isinstance(value, str):
            value = _number(value)
        if value is None and self.get(key) is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.fault(key, "应为数字")
            return None
        if not low <= value <= high:
            self.fault(key, f"应在 {low:g} 到 {high:g} 之间")
            return None
        return float(value)

    def whole(self, key: str, low: int, high: int) -> int | None:
        """A whole number within bounds."""
        value = self.number(key, low, high)
        if value is None:
            return None
        if value != int(value):
            self.fault(key, "应为整数")
            return None
        return int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self.get(key)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        said = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip().lower()
        if said in _YES or said in _NO:
            return said in _YES
        self.fault(key, "应为 是 或 否（YAML 里 true 或 false）")
        return default

    def day(self, key: str) -> str | None:
        """A day in ISO form; written as people do, or as a date of YAML or of a cell."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            value = value.date()
        try:
            day = written.day(str(value))
        except ValueError:
            day = None
        if day is not None and day.year in _YEARS:
            return day.isoformat()
        self.fault(key, f"“{str(value)[:20]}” 不是日期，请写成 2026-12-31 这样")
        return None

    def phone(self, key: str) -> str | None:
        """A mobile or fixed number; spaces fall away."""
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and not 10**10 <= value < 2 * 10**10:
            # YAML reads 0551… as an octal number: what was meant cannot be told any more
            self.fault(key, '电话请加引号，例如 "05515550000"')
            return None
        text = self.text(key)
        if text is None:
            return None
        number = telephone(text)
        if number is None:
            self.fault(key, f"“{text}” 不像电话号码")
        return number

    def userid(self, key: str) -> str | None:
        """The account in WeCom."""
        text = self.text(key)
        if text is not None and not _USERID.fullmatch(text):
            self.fault(key, f"“{text}” 不像企业微信账号（字母、数字和 . _ - @）")
            return None
        return text

    def items(self, key: str) -> list[tuple[Any, Path]]:
        """The entries of a list, each with its path."""
        value = self.raw.get(key)
        if value is None or value is LEFT:
            return []
        if not isinstance(value, list):
            self.fault(key, "应为列表（每行以 - 开头）")
            return []
        return [(item, (*self.path, key, str(n))) for n, item in enumerate(value)]

    def _text(self, key: Path, value: Any, limit: int) -> str | None:
        path = (*self.path, *key)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, date | datetime | time):
            self.found.add(path, "被当成了日期或时间，请改成文本（YAML 加引号，Excel 把格式设为文本）")
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.found.add(path, "应为文字（是数字或 yes/no 的请加引号）")
            return None
        text = _UNSEEN.sub("", str(value)).strip()
        if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in text):
            self.found.add(path, "含有换行或看不见的字符")
            return None
        if len(text) > limit:
            self.found.add(path, f"太长，最多 {limit} 个字")
            return None
        return text

    def _code(self, key: Path, text: str, choices: Mapping[str, str]) -> str | None:
        if text in choices:
            return text
        for code, label in choices.items():
            if text == label:
                return code
        self.found.add((*self.path, *key), f"没有“{text}”，{_options(choices)}")
        return None


def _number(text: str) -> float | str:
    try:
        return float(unicodedata.normalize("NFKC", text.strip()))
    except ValueError:
        return text


def _options(choices: Mapping[str, str]) -> str:
    return "可写 " + "、".join(choices.values())


def _guess(key: str, allowed: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(allowed), n=1)
    return f"，是不是 {near[0]}？" if near else f"，可写 {'、'.join(allowed)}"
