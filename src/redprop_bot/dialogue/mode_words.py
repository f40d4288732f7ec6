"""Turning an emergency on and off as people say it: 台风来了，我们社区转应急; 雨停了，解除应急.

Pure. A sentence is one only where a clause of it is nothing but the place and the switch: 启动应急电源 is none,
nor a question, nor what somebody else has done already.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WHOLE: Final = re.compile(
    r"(?:全|整个|我们|咱们?|本)*街道(?:范围|全域|各社区|所有社区|全部社区)?|(?:各|所有|全部)社区"
)
"""The whole street, without its name."""
_LONGEST: Final = 120
_OWN: Final = r"(?:我们|咱们?|本|全|整个)*社区|全辖区|辖区"
_FILL: Final = r"现在|即刻|即日|马上|立即|立刻|全面|全部|统一|正式|请|从|起|开始|起始|的|都|[、和\s]"
_KIND: Final = r"(?:防汛|防台风?|防灾|抗台|抗洪|[一二三四1234ⅠⅡⅢⅣ]级|模式)*"
_STATE: Final = r"(?:模式|状态|响应|机制|预案)"
_ON: Final = re.compile(
    rf"(?:平转急|转入?应急{_STATE}?|(?:转为|转成|切换[到为成]|切到){_KIND}应急{_STATE}?"
    rf"|(?:启动|进入|开启|打开){_KIND}应急(?:{_STATE}|(?![\u4e00-\u9fff]))|应急{_STATE}启动)[了吧]?"
    r"(?P<rest>.*)",
    re.DOTALL,
)
_OFF: Final = re.compile(
    rf"(?:急转平|(?:解除|结束|退出|终止|撤销|关闭|停止){_KIND}(?:应急|平急){_STATE}?"
    rf"|应急{_STATE}?(?:已经?|可以|就|都|到此)*(?:解除|结束|终止)|(?:恢复|转回?|回到|转入|转为)平时(?:状态|模式)?)"
    r"[了吧啦]*"
)
_BACK: Final = re.compile(r"(?:恢复|回到)(?:正常|常态)(?:状态|模式|秩序)?[了吧啦]*")
_CLAUSE: Final = re.compile(r"[，,。；;！!\n]+")
_ASKS: Final = re.compile(
    r"[?？]|[吗么呢]$|要不要|是不是|是否|能不能|该不该|怎么|如何|什么|几点|何时|没有?$|如果|要是|万一"
)


@dataclass(frozen=True, slots=True)
class Switch:
    """Where, as the register calls it; `rest` is what else was said."""

    on: bool
    places: tuple[str, ...] = ()
    whole: bool = False
    rest: str = ""


def read(text: str, names: Iterable[str]) -> Switch | None:
    """The switch that a sentence asks for; `names` are those of streets, communities and estates."""
    if len(text) > _LONGEST or _ASKS.search(text):
        return None
    known = sorted(names, key=len, reverse=True)
    lead = re.compile(rf"(?:(?P<name>{'|'.join(map(re.escape, known)) or '(?!)'})|{WHOLE.pattern}|{_OWN}|{_FILL})")
    starts = [0, *(match.end() for match in _CLAUSE.finditer(text))]
    for start in starts:
        before = text[:start].strip("，,。；;！! \n")
        places, whole, end = _led(text, start, lead)
        if match := _ON.match(text, end):
            said = match["rest"].strip(" ：:，,。；;！!\n")
            return Switch(on=True, places=places, whole=whole, rest=said or before)
        clause = _CLAUSE.split(text[end:])[0].strip()
        if _OFF.fullmatch(clause) or (_BACK.fullmatch(clause) and (places or whole)):
            return Switch(on=False, places=places, whole=whole)
    return None


def _led(text: str, start: int, lead: re.Pattern[str]) -> tuple[tuple[str, ...], bool, int]:
    """The places that a clause begins with, whether the street as a whole is one, and where they end."""
    places: list[str] = []
    whole = False
    while match := lead.match(text, start):
        if match["name"]:
            places.append(match["name"])
        whole = whole or WHOLE.fullmatch(match[0]) is not None
        start = match.end()
    return tuple(places), whole, start
