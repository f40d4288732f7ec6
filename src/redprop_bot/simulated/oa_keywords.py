"""Judging the values of template and subscription messages as a real account does: 47003 names the one at fault.

Written from the published limits without a look at the product's own rules, so that the two check each other.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from redprop_bot.simulated.server import ApiError

_KEY = re.compile(r"([a-z_]+?)[0-9]+$")
_LONGEST = {
    "thing": 20,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "character_string": 32,
    "amount": 14,
    "phone_number": 17,
    "car_number": 8,
    "name": 20,
    "phrase": 5,
    "const": 20,
}
_SIGNS = {
    "number": r"[-+]?\d*\.?\d+",
    "letter": r"[A-Za-z]+",
    "symbol": r"[^\w\s]+",
    "character_string": r"[\x21-\x7e]+",
    "amount": r"[^\d\s]?\d{1,10}(\.\d+)?元?",
    "phone_number": r"[-+()\d ]+",
    "phrase": r"[\u4e00-\u9fff]+",
    "time": r".*\d{1,2}:\d{2}.*|\d{4}年.*日",
    "date": r"\d{4}(年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}).*",
}


def judge(data: Mapping[str, Any], consts: Mapping[str, Sequence[str]]) -> None:
    """Raise 47003 for a value that the platform would not take. consts: the approved values by key."""
    for key, item in data.items():
        value = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, str) or not value.strip():
            raise ApiError(47003, f"argument invalid! data.{key}.value is emtpy")  # spelt so by the platform
        if not _fits(key, value) or value not in consts.get(key, (value,)):
            raise ApiError(47003, f"argument invalid! data.{key}.value invalid")


def _fits(key: str, value: str) -> bool:
    match = _KEY.match(key)
    kind = match.group(1) if match else ""
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in value) or len(value) > _LONGEST.get(kind, 200):
        return False
    if kind == "name" and re.search(r"[\u4e00-\u9fff]", value) and len(value) > 10:
        return False
    return re.fullmatch(_SIGNS.get(kind, ".*"), value) is not None
