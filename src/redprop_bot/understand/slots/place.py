# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Places outdoors, in the speaker's words: 东门, 地下车库, 中心花园, 3栋后面那块空地."""

import re
from collections.abc import Iterable

_SIDE = r"(?:[东西南北]{1,2}[边侧面角头]?|[前后左右][边面侧]|旁边|中心|中央|中间|儿童|一期|二期|三期|[a-z]区|[一二三四负地][一二三]?层?|地下|老|大|小|新|正|侧|[一二三123]号)"
_TAIL = r"(?:门口|入口|出口|旁边|旁|对面|拐角处?|拐弯处?|附近|那边|这边|那块|那里|西侧|东侧|南侧|北侧|里头|里面|角落|边上|后面|前面)"


class PlaceWords:
    """The nouns of places; `firm` ones are places wherever they stand, the others only with 在, 到 or a direction."""

    def __init__(self, firm: Iterable[str] = (), loose: Iterable[str] = ()) -> None:
        firm_body = "|".join(sorted(map(re.escape, firm), key=len, reverse=True)) or "(?!)"
        loose_body = "|".join(sorted(map(re.escape, loose), key=len, reverse=True)) or "(?!)"
        self._firm = re.compile(rf"(?:{_SIDE})?(?:{firm_body})(?:{_TAIL})?")
        self._loose = re.compile(
            rf"(?:(?:{_SIDE})的?那?[块片个]?(?:{loose_body})(?:{_TAIL})?|(?<=[在到从去])(?:{loose_body})(?:{_TAIL})?|(?:{loose_body})(?:{_TAIL}))"
        )
        self._slot = re.compile(r"(?:车位|产权位|位)(?P<n>[a-z]\d?-?\d{2,4})")

    def find(self, text: str) -> tuple[int, int] | None:
        """The span of the first place named."""
        slot = self._slot.search(text)
        if slot:
            return slot.start("n"), slot.end("n")
        spans = [m.span() for p in (self._firm, self._loose) if (m := p.search(text))]
        return min(spans) if spans else None
