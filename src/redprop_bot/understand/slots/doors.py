"""Building, unit and room written into fields of their own: `8栋`, `２单元`, `五零一室` are 8, 2 and 501.

Messages are read in `address`; what stands here turns one value into the same short form, so that 栋 is not said
twice and neighbours find each other. What is no number (综合楼, 门面房) stays as it was written.
"""

import re
from collections.abc import Mapping
from typing import Final

from redprop_bot.understand.normalise import fold
from redprop_bot.understand.numerals import CHINESE, digits_only, to_int

_WORDS: Final[Mapping[str, str]] = {
    "building": "号院?楼|号|栋|幢|座|棟|楼|#楼?",
    "unit": "单元|单员|门洞|门栋|门",
    "room": "号房|房间|室|房|号",
}
_SHORT: Final = re.compile(rf"(?P<n>[a-z]?[0-9]{{1,5}}[a-z]?|[a-z]|[甲乙丙丁]|[{CHINESE}十百拾佰]{{1,6}})")


def bare(field: str, said: str) -> str:
    """The value of `building`, `unit` or `room` without its word, its number in digits; others as they are."""
    word = _WORDS.get(field)
    if word is None:
        return said
    text = re.sub(rf"\s*(?:{word})$", "", "".join(map(fold, said.strip())))
    match = _SHORT.fullmatch(text)
    return _written(field, match["n"]) if match else said


def _written(field: str, text: str) -> str:
    if text[0] in "甲乙丙丁" or re.fullmatch(r"[a-z]?\d*[a-z]?", text):
        return text.upper() if field == "room" else text.upper().lstrip("0") or text
    # Rooms are read digit by digit, 五零一; of buildings and units nobody does that.
    tens = any(c in "十百拾佰" for c in text)
    value = to_int(text) if tens or field != "room" else None
    return str(value) if value is not None else digits_only(text) or text
