"""明天上午九点过来, 半小时到: the words with which a unit says when somebody comes."""

import re
from typing import Final

TIME: Final = (
    r"(?:(?:[今明后]|大后)[天早晚日]|[上下中]午|[早晚]上|(?:周|星期|礼拜)[一二三四五六日天]"
    r"|(?:[0-9]{1,2}|[一二两三四五六七八九十半]{1,3})个?(?:点|小时|钟头|分钟|[:：][0-9]{2})|马上|这就|一会儿?|等下|稍后)"
)
_COMES: Final = re.compile(TIME + r"[^,，。?？]{0,8}(?:[到去]|来|过去|过来|上门)[^,，。?？]{0,6}[了啊哈。！]?")
_TAKES: Final = re.compile(
    r"接|收到|受理|领|退|转|[没不]|延|[修办弄换]好|完成|完工|到场|开会|会议|活动|培训|值班|请假|社区|[吗么?？谁]"
)
_CLAUSE_ENDS: Final = re.compile(r"[，,。；;！!\s]")
_TAKING: Final = re.compile(r"(?:[^，,]{0,4}(?:接[单下]?|收到|受理|领)了?[啦啊]?|不过|但是?)")


def only(text: str) -> bool:
    """Whether it says when somebody comes, and nothing of taking or giving back."""
    return _COMES.search(text) is not None and _TAKES.search(text) is None


def beside(text: str) -> str:
    """What is said of it beside 接了 and 收到; empty where nothing is."""
    for match in _COMES.finditer(text):
        before = [end.end() for end in _CLAUSE_ENDS.finditer(text, 0, match.start())]
        rest = text[before[-1] if before else 0 :].strip()
        if taking := _TAKING.match(rest):
            rest = rest[taking.end() :].lstrip("，,、 ")
        for said in (rest, _CLAUSE_ENDS.split(rest, maxsplit=1)[0]):
            if only(said):
                return said
    return ""
