"""调解员用平常话说的几步: 约了两家明天下午三点谈, 谈过了……, 方案是……, 没谈成……. Pure.

Only of whoever leads a case; what a side says of one is read by `mediating`.
"""

import re
from typing import Final

_NO: Final = r"(?:(?P<no>J\d{8}-\d{4,})[，,：:\s]*)?"
_BOTH: Final = r"(?:双方|[两俩]家(?:人)?|[两俩]边|他们(?:[两俩][家边]?)?|当事人)"
_FIXED: Final = (
    r"(?:[定约安]排?[在到好了]{1,2}|改[在到成]|约(?=明|后|今|周|星期|下|\d)|定(?=明|后|今|周|星期|下|\d))"
)
_CLOCK: Final = (
    r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:[点时]|[：:]\d{1,2})"
    r"(?:钟|整|半|[一三]刻|\d{1,2}分?|[一二三四五]?十[一二三四五六七八九]?分?)?"
)
_DATED: Final = re.compile(
    rf"{_NO}(?:(?:[跟和同与我]|调解|见面|面谈|{_BOTH})[^，,。\d]{{0,6}}?)?{_FIXED}(?:{_BOTH})?(?P<said>.+)",
    re.DOTALL,
)
_OF_TALKS: Final = re.compile(rf"调解|见面|面谈|谈|碰头|{_BOTH}")
_PLACED: Final = re.compile(
    rf"{_CLOCK}[，,\s]*(?:[在到去]|地点[是在：:]?)?(?P<place>[^，,。]{{2,30}}?)(?:见个?面|面谈|谈[一]?谈|碰个?头|调解|谈|见)?[吧了。！!]*$"
)
_NOTED: Final = re.compile(
    rf"{_NO}(?:今天|昨天|刚才|刚|上午|下午|晚上|跟|和|同|与|把|{_BOTH}|都|一起|坐下来){{0,6}}(?:谈|聊|调|见面?)(?:过|了)+"
    r"(?:一[次回轮])?[，,：:。\s]+(?P<said>.+)",
    re.DOTALL,
)
_OFFERED: Final = re.compile(
    rf"{_NO}(?:{_BOTH})?(?:谈拢|谈成|说好|达成|商量好?|谈好|定)?了?[，,\s]*(?:调解)?(?:方案|协议|一致|意见)(?:是|为|就是)?[：:，,\s]+(?P<said>.{{4,}})",
    re.DOTALL,
)
_FAILED: Final = re.compile(
    rf"{_NO}(?:{_BOTH})?(?:还是|最后|实在|都)?(?:没有?[谈调]成|没有?[谈调]拢|[谈调]不[成拢]|[谈调]崩)了?(?:[，,：:。\s]+(?P<said>.+))?",
    re.DOTALL,
)


_DAY: Final = re.compile(rf"{_CLOCK}|[今明后]天|[今明]晚|[周号日]|星期|礼拜")


def dated(text: str) -> re.Match[str] | None:
    """约了两家明天下午三点在活动室谈: the day is for the reader of days; `said` begins with it."""
    match = _DATED.fullmatch(text)
    return match if match is not None and _OF_TALKS.search(text) and _DAY.search(match["said"]) else None


def place(text: str) -> str:
    """Where, behind the hour; empty when nothing is said of it."""
    found = _PLACED.search(text)
    return found["place"].strip() if found is not None else ""


def noted(text: str) -> re.Match[str] | None:
    """谈过了，两家都愿意修: how it went, to be kept; not that it came to nothing."""
    return None if failed(text) else _NOTED.fullmatch(text)


def offered(text: str) -> re.Match[str] | None:
    """方案是：楼上修防水，楼下自己刷墙."""
    return _OFFERED.fullmatch(text)


def failed(text: str) -> re.Match[str] | None:
    """没谈成，谁都不让: it ends without an agreement."""
    return _FAILED.fullmatch(text)
