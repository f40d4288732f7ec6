"""Days of the week, in Chinese and English, as dates near the message."""

import re
from datetime import date, timedelta

from redprop_bot.understand.numerals import to_int

WEEK = re.compile(
    r"(?P<p>大上|大下|上上|下下|上个?|下个?|这个?|本|每个?|逢|隔)?(?:(?<![老小姓])周(?!天天)|星期|礼拜|禮拜)(?P<d>[一二三四五六日天末1-6])(?![0-9]?[次遍回圈期单])"
)
_NEXT = re.compile(r"下个?(?:周|星期|礼拜)(?P<d>[一二三四五六1-6])")
_DEADLINE = re.compile(r"(?:之|以)?前")
_PAST = re.compile(
    r"(?:[上中下]午|早上|晚上)?(?:[0-9一二两三四五六七八九十]{1,3}点半?)?(?:(?:就|已经?|我们)?(?:修|办|弄|换|装|做|清|搞|通|处理)[好完定掉通](?:了|的|过)"
    r"|就?(?:说(?:好|来|过|要|的|是)|报(?!名|到|销)|反[映应]|来过|来?[修弄办换看装清查]过|到现在|到今天|答应|承诺|那[次回]|就(?:没|坏|停|断|堵)))"
)
_SINCE = ("从", "打", "自")  # 从周一黑到现在; 从周一开始巡逻 is to come
_SO_FAR = re.compile(r"[^,，。;；!！?？]{0,8}(?:到现在|到今天|至今|到这会儿?|就没|一直)")
ENGLISH = re.compile(
    r"(?<![a-z])(?P<p>next ?)?(?P<d>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])"
)
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def week_day(match: re.Match[str], today: date) -> date | None:
    """周五, 下周三, 上礼拜天; None for 每周 and 周末."""
    prefix, sign = match["p"] or "", match["d"]
    if prefix[:1] in ("每", "逢", "隔") or sign == "末":
        return None
    target = {"日": 7, "天": 7}.get(sign) or to_int(sign) or 7
    monday = today - timedelta(days=today.isoweekday() - 1)
    weeks = {"上": -1, "下": 1, "大": 0}.get(prefix[:1], 0)
    if prefix[:2] in ("上上", "大上"):
        weeks = -2
    if prefix[:2] in ("下下", "大下"):
        weeks = 2
    if not prefix and _follows_next(match, target):
        weeks = 1
    found = monday + timedelta(days=target - 1, weeks=weeks)
    past = _PAST.match(match.string, match.end()) or (
        match.string.endswith(_SINCE, 0, match.start()) and _SO_FAR.match(match.string, match.end())
    )
    if not prefix and found < today and not past:
        found += timedelta(days=7)
    return found


def _follows_next(match: re.Match[str], target: int) -> bool:
    """下周三没人，周四来: the Thursday behind that Wednesday; 下周三开会，周五前报名 is this week's Friday."""
    before = list(_NEXT.finditer(match.string, 0, match.start()))
    if not before or _DEADLINE.match(match.string, match.end()):
        return False
    return (to_int(before[-1]["d"]) or 7) < target


def english(match: re.Match[str], today: date) -> date:
    """Friday is the next one there is."""
    target = _ENGLISH_DAYS.index(match["d"][:3]) + 1
    ahead = (target - today.isoweekday()) % 7
    return today + timedelta(days=ahead + (7 if match["p"] and ahead < 3 else 0))
