"""What a short word points at: 2 or 第二个 of what was listed, 电梯那个 of several, 0001 of what was reported.

Only the pointing is understood here; what follows is the business of whoever asked.
"""

import re
from collections.abc import Mapping

from redprop_bot.dialogue import finding
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules import flow
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.numerals import to_int

_ORDINAL = re.compile(r"(?:是|就|选|要|看)?第(?P<n>[1-9一二三四五六七八九])(?:个|件|条|单|项|家)?(?:吧|啊|的)?")
_LAST = re.compile(r"(?:是|就|选|要|看)?最后(?:那|一)?[个件条单项家](?:吧|啊|的)?")
_NUMBER = re.compile(r"[#＃]?(?P<n>\d{3,6}|[A-Za-z]\d{8}-\d{4,6})(?:号单?|单)?")
_OF_AN_ORDER = re.compile(
    r"(?:单号|单子|订单)[:： ]?(?P<said>\d{1,6})(?:号|单)?|(?P<n>\d{1,6})号?单子?"
    r"|(?P<whole>[Dd]\d{8}-\d{4,6})(?:号|单|号单)?"
)
"""A number that can be nothing but an order's."""
_POINTS = re.compile(
    r"(?:就|是|选|要|看|说的是|我说的是)?[^,，。!！?？]{1,8}(?:那|这)?(?:一)?(?:个|单|件|条|的)(?:吧|啊|呀)?"
)
_THING = re.compile(
    r"(?:就是|是|那个|这个|我说的是|说的是|[,，])?(?P<what>[^,，。!！?？\s坏漏不没停堵断灭又还了关困着火爆冒掉响黑臭吵第一二两三四五0-9]{1,5}?)"
    r"(?:的事|的|[那这][个件单])?[吧啊呀呢]?"
)
"""电梯, 那个灯, and not what is wrong with it: that may be reported anew."""
_HOW_LONG = re.compile(
    r"(?:那|那个|请问|你好|师傅|他们?|到底|大概|[,， ]){0,3}"
    r"(?:几点|啥时候?|什么时候|谁来|哪个来|(?:是)?(?:谁|哪个|哪家)(?:来|给)?(?:修|弄|办|管|负责)|(?:几点|几号|什么时候|啥时候|啥时|几时|哪天|多会儿?)(?:能|会|才)?(?:来|到|修|弄|好|办|上门)(?:人|好|完|修|得)?"
    r"|要?等?(?:多久|多长时间|几天)(?:能|才)?(?:好|来|修好|弄好|办好|完)?|来不来|(?:到|修到|办到|弄到)哪(?:了|儿了|一步了)?)"
    r"(?:呢|啊|呀|吗|嘛|了|不|么|[?？。,，])*"
)
_SHORT = 12  # characters


def option(asked: Mapping[str, object], text: str) -> str | None:
    """The option that a number, 第二个 or its own name chooses; None when it is none of them."""
    options = asked.get("options")
    if not isinstance(options, list):
        return None
    position = to_int(text) if len(text) == 1 else _ordinal(text, len(options))
    if position and position <= len(options):
        return str(options[position - 1])
    return next((str(o) for o in options if text == str(o)), None)


def _ordinal(text: str, count: int) -> int | None:
    if _LAST.fullmatch(text):
        return count
    found = _ORDINAL.fullmatch(text)
    return to_int(found["n"]) if found else None


def counted(names: list[str], text: str) -> str | None:
    """第二个 of names that were told without numbers; a bare 2 may be a building."""
    position = _ordinal(text, len(names))
    return names[position - 1] if position is not None and position <= len(names) else None


def described(turn: Turn, options: list[str], text: str) -> str | None:
    """电梯那个: the one order among those listed that a short description fits."""
    listed = [demand for no in options if (demand := demands.by_no(turn.tx, no)) is not None]
    found: list[Demand] = []
    if bare := _THING.fullmatch(text):
        found = finding.of_thing(turn, bare["what"], listed)
    if not found and len(text) <= _SHORT and _POINTS.fullmatch(text):  # 漏水那个修好了 says more than which one
        found = finding.of_kind(turn, text, listed)
    return found[0].no if len(found) == 1 else None


def tails(options: list[str], text: str, numbers: str) -> str:
    """1号单, 1和2: the orders that nothing but numbers names, by order number or by place in the list."""
    named = re.search("[号单尾D]", text.upper()) is not None
    found = []
    for number in numbers.split(","):
        ends = [no for no in options if number.isdigit() and no.endswith(number.zfill(4))]
        listed = [] if named or not number.isdigit() else options[int(number) - 1 : int(number)]
        found += listed or ends[:1] or [number]
    return ",".join(found)


def asks_after(turn: Turn) -> list[Heard]:
    """A bare number or 几点来: how something is. Empty when it is neither."""
    return _number(turn) or _how_long(turn)


def _how_long(turn: Turn) -> list[Heard]:
    """几点来, 谁来修, 要多久: of what is being talked about they ask how it is. Empty when it is not that."""
    said = _HOW_LONG.fullmatch(turn.inbound.text.strip())
    if said is None or turn.session.asked or turn.speaker.role not in ("resident", "member"):
        return []
    talked = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if talked is None or not flow.is_open(talked.stage) or talked.reporter_id != turn.person_id:
        return []
    return [Heard("progress.query", slots={"order": talked.no}, text=turn.inbound.text)]


def _number(turn: Turn) -> list[Heard]:
    """3号单, or 0001 of something that they know, and not a word more: they ask how it is. Else empty."""
    text = turn.inbound.text.strip().rstrip("。.!！?？")
    if turn.session.asked:
        return []
    if plainly := _OF_AN_ORDER.fullmatch(text):
        number = next(filter(None, plainly.groups())).upper()
    else:
        said = _NUMBER.fullmatch(text)
        number = said["n"].upper() if said else ""
        if not number or not finding.by_number(turn, number):
            return []
    return [Heard("progress.query", slots={"order": number}, text=turn.inbound.text)]
