# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Who is meant: the unit an order goes to, or the one complained of; in the speaker's words."""

import re
from collections.abc import Iterable

_NAME = r"(?P<n>[\u4e00-\u9fffa-z]{2,10}?)"
_STOP = r"(?=去|来|处理|负责|办|弄|跟|看|接|解决|修|落实|安排|对接|核实|牵头|协调|上门|联系|抓紧|马上|今天|明天|尽快|\u25f7|,|，|。|！|!|;|；|:|：| |吧|哈|啊|呗|嘛|就|了|$|[0-9\u2116]|那边|让他|他们|赶|下午|上午|再|先|马)"
_GIVE = re.compile(
    rf"(?:派单给|改派给?|转派给?|派给|转给|交给|交由|分给|发给|推给|排给|拍给|指派给?|划给|给到|拨给|转交给?|转到|派到|派往|移交给?|挂给|丢给|转|派|@|由|请|让|喊|叫|找|归|给|应该是|换成?)(?:一下|咱们?|我们)?{_NAME}(?:的人|的)?{_STOP}"
)
_BAD = re.compile(
    r"^(?:我|你|他|她|它|这|那|一|个|单|谁|人|大家|居民|业主|老人|群众|派|转|他们|您|先|再|急|马|赶|尽|处理|领导)"
)


class PartyWords:
    """The words for units, trades and posts."""

    def __init__(self, units: Iterable[str] = ()) -> None:
        self._list = sorted(set(units), key=len, reverse=True)
        body = "|".join(map(re.escape, self._list)) or "(?!)"
        self._units = re.compile(
            rf"(?:[\u4e00-\u9fff]{{0,1}}[东西南北]门|夜班|白班|新来的|[a-z])?(?:{body})(?:的?[老小][\u4e00-\u9fff](?![区门])|[\u4e00-\u9fff]?(?:经理|主任|队长|师傅|大姐|阿姨))?"
        )

    def receiver(self, text: str, known: str | None) -> str | None:
        """The unit an order is given to."""
        candidates = [m for m in _GIVE.finditer(text) if not _BAD.match(m["n"])]
        for match in candidates:
            if known and known in match["n"]:
                return known
            if self._units.search(match["n"]):
                return match["n"]
        if known:
            return known
        unit = self._units.search(text)
        if unit:
            return unit[0]
        return candidates[0]["n"] if candidates else None

    def blamed(self, text: str, known: str | None) -> str | None:
        """The unit or person complained of: the first one named."""
        unit = self._units.search(text)
        if known and (unit is None or text.find(known) <= unit.start()):
            return known
        return unit[0] if unit else known
