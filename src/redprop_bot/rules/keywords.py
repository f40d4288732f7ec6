"""What the values of a template or subscription message may be, by the kind that their key names (`thing8`).

Real accounts refuse a whole message for one wrong value; test accounts accept anything, so this is where it is
found. Pure; which templates there are, and their words, stands in data.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

_KEY: Final = re.compile(r"([a-z_]+?)(\d+)")
_CLOCK: Final = r"([01]?\d|2[0-3])[:：][0-5]\d([:：][0-5]\d)?"
_DAY: Final = r"\d{4}(年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2})"
_ONE_TIME: Final = rf"({_DAY}\s*)?{_CLOCK}"
_UNSHOWABLE: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")

Check = Callable[[str], bool]


def _pattern(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


_NAME_PATTERN: Final = _pattern(r"[\u3400-\u9fff·]{1,10}|[A-Za-z .·]{1,20}|[\u3400-\u9fffA-Za-z .·]{1,10}")

KINDS: Final[Mapping[str, tuple[Check, str]]] = {
    "thing": (_pattern(r".{1,20}"), "最多 20 个字"),
    "number": (_pattern(r"(?=.{1,32}$)[+-]?\d+(\.\d+)?"), "最多 32 位数字，可带小数"),
    "letter": (_pattern(r"[A-Za-z]{1,32}"), "最多 32 个字母"),
    "symbol": (_pattern(r"[^\w\s]{1,5}"), "最多 5 个符号"),
    "character_string": (_pattern(r"[!-~]{1,32}"), "最多 32 个数字、字母或符号，不能有汉字"),
    "time": (_pattern(rf"{_ONE_TIME}(\s*~\s*{_ONE_TIME})?|{_DAY}(\s*~\s*{_DAY})?"), "24 小时制时间，可带年月日"),
    "date": (_pattern(rf"{_DAY}(\s*{_CLOCK})?(\s*~\s*{_DAY}(\s*{_CLOCK})?)?"), "年月日，可带时间"),
    "amount": (_pattern(r"[¥￥$€£]?\d{1,10}(\.\d+)?元?"), "一个币种符号加最多 10 位数字，可以“元”结尾"),
    "phone_number": (_pattern(r"[\d+\-() ]{1,17}"), "最多 17 位号码"),
    "car_number": (_pattern(r"[\u3400-\u9fffA-Za-z0-9]{1,8}"), "最多 8 位车牌"),
    "name": (_NAME_PATTERN, "最多 10 个汉字，或 20 个字母"),
    "phrase": (_pattern(r"[\u4e00-\u9fff]{1,5}"), "最多 5 个汉字"),
    "const": (_pattern(r".{1,20}"), "后台列出的选项之一，最多 20 个字"),
}


def kind_of(key: str) -> str | None:
    """The kind that a key such as `character_string2` names, or None for a key without one (`first`)."""
    match = _KEY.fullmatch(key)
    return match.group(1) if match and match.group(1) in KINDS else None


def wrong(key: str, value: str) -> str | None:
    """What is wrong with a value, in Chinese, or None. Keys of no known kind may hold any one line."""
    if not value.strip():
        return "不能为空"
    if _UNSHOWABLE.search(value):
        return "不能有换行或控制字符"
    kind = kind_of(key)
    if kind is None:
        return None
    check, what = KINDS[kind]
    return None if check(value) else what
