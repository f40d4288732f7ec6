# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""What is named only to be put aside: 不是电梯坏了，是门禁坏了 says nothing of lifts; what was mended last month is not told now.

Only forms in which what is meant follows at once; the words are blanked, their room is kept.
"""

import re

_MARKUP = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")  # <着火了> is said
_DENIED = re.compile(
    r"(?<![是还要])不是(?!吗|说|我|非|想|要|没|故意)(?:[^，,。.!！?？;；不是吗吧]{2,10}[，,]\s?|[^，,。.!！?？;；不是吗吧]{2,4})(?<!就)(?<!只)(?<!都)"
    r"(?:而|这回|这次|其实)?是(?=[^，,。.!！?？;；]{2})"
)
_OVER = re.compile(
    r"(?:上个?(?:月|周|次|回|礼拜|星期)|前(?:几天|阵子|段时间|些天)|去年|以前|之前|早先)[^，,。.!！?？;；]{0,14}(?:修好|弄好|解决|处理好|处理完|通好|换好)(?:了|过)?[，,。；; ]{1,2}"
    r"(?=(?:但是?|可是?|不过)?(?:这次|这回|现在|今天|如今)(?![^，,。]{0,6}(?:又|再|还|也|一样|同样|老样子)))"
)
_UNSEEN = re.compile(
    r"(?:没有?|未)(?:[看瞧瞅]|闻|听|发)?(?:见|到|着|出|现)?(?:明火|着火|起火|火苗|火星子?|火花|火光|火|烟味|烟|焦味|[焦煳糊]味|煤气味|燃气味|煤气|燃气)(?!表|灶|费|管|卡)"
)


def without_markup(text: str) -> str:
    """The text with blanks for tags as in HTML: no words of anybody, unless there are no others."""
    rest = _MARKUP.sub(_blank, text)
    return rest if any(char.isalnum() for char in rest) else text


def without_past(text: str) -> str:
    """The text with blanks for what was mended before; 上次修好了，这次又坏了 stays whole: there the past is the point."""
    return _OVER.sub(_blank, text)


def without_denied(text: str) -> str:
    """The text with blanks for what it is said not to be. That something is denied may matter, what it is does not."""
    return _DENIED.sub(_blank, text) if "不是" in text else text


def without_unseen(text: str) -> str:
    """The text with blanks for the danger that nobody saw or smelt: 一直滴滴叫，没见着火 is an alarm that needs a look."""
    return _UNSEEN.sub(_blank, text) if "没" in text or "未" in text else text


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
