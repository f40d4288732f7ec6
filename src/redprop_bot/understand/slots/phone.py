"""Phone numbers: with blanks, hyphens and Chinese digits; digits only on the way out."""

import re

from redprop_bot.understand.numerals import CHINESE, digits_only
from redprop_bot.understand.slots.span import Span

_D = rf"[0-9{CHINESE}拐]"
_GAP = r"[ \-—]{0,2}"
_EDGE = rf"(?<!{_D})(?:86{_GAP})?"
_END = rf"(?!{_D})"
# Each number begins and ends where its digits do, so that a room before it (3-1-402 139…) is not drawn in.
_MOBILE = re.compile(rf"{_EDGE}(?P<n>[1一幺壹]{_GAP}[3-9三叁四肆五伍六陆七柒拐八捌九玖](?:{_GAP}{_D}){{9}}){_END}")
_LAND = re.compile(
    rf"(?<!{_D})(?P<n>[0零〇](?:{_D}){{2,3}}[ \-—)]{{0,2}}[2-8二三四五六七八](?:{_GAP}{_D}){{6,7}}){_END}"
)
_SHORT = re.compile(rf"(?<!{_D})(?P<n>[2-8二三四五六七八](?:{_GAP}{_D}){{6,7}}){_END}")
_CUE = re.compile(r"(电话|手机|号码|联系|座机|致电|打|回电|来电|拨|找[^0-9,，。;；]{1,3})[^0-9]{0,6}$")


def find(text: str) -> list[Span]:
    """All phone numbers with their spans."""
    found = [Span(m.start("n"), m.end("n"), {"phone": digits_only(m["n"])}) for m in _MOBILE.finditer(text)]
    for pattern in (_LAND, _SHORT):
        for match in pattern.finditer(text):
            cued = pattern is _LAND or _CUE.search(text[max(0, match.start() - 8) : match.start()])
            if cued and all(match.end("n") <= s.start or s.end <= match.start("n") for s in found):
                found.append(Span(match.start("n"), match.end("n"), {"phone": digits_only(match["n"])}))
    return sorted(found, key=lambda span: span.start)
