"""Phone numbers: with blanks, hyphens and Chinese digits; digits only on the way out."""

import re

from redprop_bot.understand.numerals import CHINESE, DIGITS
from redprop_bot.understand.slots.span import Span

_RUN = re.compile(rf"[0-9{CHINESE}拐][0-9{CHINESE}拐 \-—]{{5,24}}")
_MOBILE = re.compile(r"(?<!\d)(?:86)?(1[3-9]\d{9})(?!\d)")
_LAND = re.compile(r"(?<!\d)(0\d{2,3}[2-8]\d{6,7})(?!\d)")
_SHORT = re.compile(r"(?<!\d)([2-8]\d{6,7})(?!\d)")
_CUE = re.compile(r"(电话|手机|号码|联系|座机|致电|打)[^0-9]{0,6}$")


def find(text: str) -> list[Span]:
    """All phone numbers with their spans."""
    found: list[Span] = []
    for run in _RUN.finditer(text):
        places = [i for i in range(run.start(), run.end()) if text[i] in DIGITS]
        digits = "".join(str(DIGITS[text[i]]) for i in places)
        if len(digits) < 7:
            continue
        match = _MOBILE.search(digits) or _LAND.search(digits)
        if match is None and _CUE.search(text[max(0, run.start() - 8) : run.start()]):
            match = _SHORT.search(digits)
        if match:
            found.append(Span(places[match.start(1)], places[match.end(1) - 1] + 1, {"phone": match[1]}))
    return found
