"""调解员用平常话说的几步: 约了两家明天下午三点谈, 谈过了……, 方案是……, 没谈成……. Pure.

Only of whoever leads a case; what a side says of one is read by `mediating`. What both families will be told is
taken only from words that are clearly meant for them.
"""

import re
from typing import Final

_NO: Final = r"(?:(?P<no>J\d{8}-\d{4,}|J\d{1,6})[，,：:\s]*)?"
_BOTH: Final = r"(?:双方|[两俩]家(?:人)?|[两俩]边|他们(?:[两俩][家边]?)?|当事人)"
_FIXED: Final = (
    r"(?:[定约安]排?[在到好了]{1,2}|改[在到成]|约(?=明|后|今|周|星期|下|\d)|定(?=明|后|今|周|星期|下|\d))"
)
_CLOCK: Final = (
    r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:[点时]|[：:]\d{1,2})"
    r"(?:钟|整|半|[一三]刻|\d{1,2}分?|[一二三四五]?十[一二三四五六七八九]?分?)?"
)
_MEET: Final = r"(?:见个?面|面谈|谈一?谈|碰个?头|调解|谈|见)"
_DATED: Final = re.compile(
    rf"{_NO}(?:(?:[跟和同与我]|调解|见面|面谈|时间|{_BOTH})[^，,。\d]{{0,6}}?)?{_FIXED}(?:{_BOTH})?(?P<said>.+)",
    re.DOTALL,
)
_JUST_WHEN: Final = re.compile(
    rf"{_NO}(?P<said>(?:[今明后]天|[今明]晚|大后天|(?:下|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天]|\d{{1,2}}月\d{{1,2}}[日号])"
    rf"(?:上午|中午|下午|晚上|早上)?{_CLOCK}(?:在|到)?[^，,。谈见]{{0,14}}{_MEET}(?:[，,]?(?:地点|在)[^，,。]{{2,20}})?)[吧。！!]?"
)
_DAY: Final = re.compile(rf"{_CLOCK}|[今明后]天|[今明]晚|[周号日]|星期|礼拜")
_FOR_BOTH: Final = re.compile(rf"调解|{_BOTH}")
_MOVED: Final = re.compile(rf"(?:时间)?改[在到成].*{_MEET}", re.DOTALL)
_PLACED: Final = re.compile(
    rf"(?:{_CLOCK}[，,\s]*(?:[在到去]|地点[是在：:]?)?|[，,]\s*(?:地点[是在：:]?|在))(?P<place>[^，,。]{{2,20}}?)"
    rf"{_MEET}?[吧了。！!]{{0,3}}$"
)
_NO_PLACE: Final = re.compile(r"谈|说|都|的事|我|你|他|她|行$|可以|好$|同意|另外|顺便|费")
_BESIDES: Final = re.compile(r"另外|顺便|还有|对了|坏了|漏水|堵了")
_NOTED: Final = re.compile(
    rf"{_NO}(?:今天|昨天|刚才|刚|上午|下午|晚上|跟|和|同|与|把|{_BOTH}|都|一起|坐下来){{0,6}}(?:谈|聊|调|见面?)[过了]{{1,2}}"
    r"(?:一[次回轮])?[，,：:。\s]{1,3}(?P<said>.+)",
    re.DOTALL,
)
_OFFERED: Final = re.compile(
    rf"{_NO}(?:{_BOTH})?(?:谈拢|谈成|说好|达成|商量好?|谈好|定)?了?[，,\s]*(?:调解)?(?:方案|协议)(?:[是为](?!什么|啥)|就是)?"
    r"[：:，,\s]*(?P<said>.{6,})",
    re.DOTALL,
)
_ASIDE: Final = re.compile(
    r"(?:别|不要|不能|先不)(?:告诉|跟|让|和|给)|瞒|私下|悄悄|保密|困难|病|怎么|什么|[?？]|[吗么呢]$|还没|没定"
)
"""Said beside the plan, of one family and not for the other."""
_FAILS: Final = (
    rf"(?:{_BOTH})?(?:还是|最后|实在|都)?(?:没有?[谈调]成|没有?[谈调]拢|[谈调]不[成拢]|[谈调]崩)了?"
    r"(?!之前|以前|前|的话)"
)
_FAILED: Final = re.compile(rf"{_NO}{_FAILS}(?:[，,：:。\s]{{1,3}}(?P<said>.+))?", re.DOTALL)
_GOES_ON: Final = re.compile(
    rf"{_NO}(?P<said>(?:今天|昨天|这次|上次|刚才)?{_FAILS}[，,：:。\s]{{1,3}}.*(?:再|改天|下次|下周|等|接着|继续|另约|约).*)",
    re.DOTALL,
)


def dated(text: str) -> re.Match[str] | None:
    """约了两家明天下午三点在活动室谈: the day is for the reader of days; `said` begins with it."""
    if _BESIDES.search(text):
        return None
    match = _DATED.fullmatch(text)
    meant = match is not None and (_FOR_BOTH.search(text) or _MOVED.match(text)) and _DAY.search(match["said"])
    return match if meant else _JUST_WHEN.fullmatch(text)


def place(text: str) -> str:
    """Where, behind the hour; empty when nothing is said of it."""
    found = _PLACED.search(text)
    name = found["place"].strip() if found is not None else ""
    return "" if _NO_PLACE.search(name) else name


def noted(text: str) -> re.Match[str] | None:
    """谈过了，两家都愿意修; 没谈成，下周再约: how it went, to be kept; not that it came to nothing."""
    return None if failed(text) else _GOES_ON.fullmatch(text) or _NOTED.fullmatch(text)


def offered(text: str) -> re.Match[str] | None:
    """方案是：楼上修防水，楼下自己刷墙."""
    return None if _ASIDE.search(text) else _OFFERED.fullmatch(text)


def failed(text: str) -> re.Match[str] | None:
    """没谈成，谁都不让: it ends without an agreement."""
    return None if _GOES_ON.fullmatch(text) else _FAILED.fullmatch(text)
