"""How a secretary puts an order off and takes it up again: 挂账两周，等配件; 配件到了，接着办.

Pure. What stops or starts an order only where it names the pause is a command at any time; 恢复 and 继续办 are
said of much else as well and mean this only of an order that is put off.
"""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from redprop_bot.dialogue.rest_words import DAYS
from redprop_bot.understand.numerals import to_int
from redprop_bot.understand.slots import when

NO: Final = r"(?P<no>D\d{8}-\d{4,}|\d{1,6})号?单?"
END: Final = r"[了吧。.!！]?"

_STOP: Final = r"(?:先|把它)?(?:挂账|暂停|暂缓|挂)(?:办理|处理|一下)?"
_SPAN: Final = r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})个?(?:天|周|星期|礼拜|月)"
_DAY: Final = rf"(?:到\s*(?P<until>[^，,。；;\s]{{2,14}}?)|(?P<span>{_SPAN}))"
_WHY: Final = r"(?:[，,。；;\s]+|(?=[等因]))(?P<reason>[^，,。；;\s].*)"

PAUSE: Final = (
    re.compile(rf"(?:把|将)?{NO}[，,\s]*{_STOP}\s*{_DAY}{_WHY}", re.DOTALL),
    re.compile(rf"{_STOP}\s*{NO}[，,\s]*{_DAY}{_WHY}", re.DOTALL),
    re.compile(
        rf"(?:把|将)?{NO}[，,\s]*{_STOP}[，,\s]+(?P<reason>[等因].*?)[，,\s]+先?挂?{_DAY}(?:再[说看办议]|为止)?{END}"
    ),
)
"""Until when, and why; in any order."""

UNCLEAR: Final = re.compile(rf"(?:把|将)?{NO}[，,\s]*先?(?P<word>暂停|暂缓|挂)\s*{_DAY}.*", re.DOTALL)
"""It is to be put off, and the day or the reason is not there."""

_LIFTED: Final = (
    rf"(?:(?:可以|请)?(?:(?:解除|取消|撤销|结束|不用|不再)挂账|不挂账?了)|挂账(?:解除|取消|撤销|结束)){END}{END}"
)
RESUME: Final = (
    re.compile(rf"(?:把|将)?{NO}的?[，,\s]*{_LIFTED}"),
    re.compile(rf"(?:解除|取消|撤销|结束)挂账\s*{NO}{END}"),
    re.compile(rf"(?:解除|取消|撤销|结束)\s*{NO}的?挂账{END}"),
)
"""The pause ends."""

_GO_ON: Final = r"(?:恢复(?:办理)?|(?:继续|接着|重新)(?:办理?|处理))"
_CAME: Final = (
    r"(?:(?![^，,。]*(?:等|没|未|不|[以之]?后|如果|要是|明天|后天|下[周个月]))[^，,。\s]{1,14}[了齐][，,。\s]+)?"
)
GO_ON: Final = (
    re.compile(rf"(?:把|将)?{NO}[，,\s]*{_CAME}(?:可以|请)?{_GO_ON}{END}"),
    re.compile(rf"{_GO_ON}\s*{NO}{END}"),
)
"""It goes on; said of an order that is put off."""

_AFTER: Final = re.compile(r"(?:(?:[以之]?后)?再[说看办议]|[以之]后|为止|左右)$")


def until(said: str, at: datetime, zone: ZoneInfo) -> datetime | None:
    """明年1月15日, 下周五, 两周: the end of that working day; None where the words name no day of their own."""
    now = at.astimezone(zone)
    words = _AFTER.sub("", said.strip())
    if match := DAYS.fullmatch(words):
        day = now.date() + timedelta(days=_days(match["n"], match["unit"]))
    elif (
        (found := when.find(words, now)) and len(found) == 1 and (found[0].start, found[0].end) == (0, len(words))
    ):
        day = found[0].day
    else:
        return None
    return datetime(day.year, day.month, day.day, 18, tzinfo=zone)


def _days(number: str, unit: str) -> int:
    length = {"天": 1, "日": 1, "月": 30}.get(unit, 7)
    return length // 2 if number == "半" else (to_int(number) or 0) * length
