# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""What is said of visits: one that was made, or is denied, still to come, asked about or taken back. Pure.

The reader hears what a sentence is about; 今天没走访 and 明天走访3栋 are about visits and are none.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from redprop_bot.rules.intended import clauses


class Said(StrEnum):
    """How a visit was said."""

    MADE = "made"
    ASKED = "asked"
    NOT_YET = "not_yet"


_VISIT: Final = r"(?:走访|入户|家访|上门|看望|探望|慰问)"
_MADE: Final = re.compile(rf"{_VISIT}(?:了|过|完|结束|中|时|：|:)")
_DENIED: Final = re.compile(rf"(?:没有?|未|不|别)(?:能|去|时间|空|来得及|安排)*{_VISIT}")
_LATER: Final = re.compile(
    rf"(?:明[天早晚后儿]|后天|大后天|下个?(?:周|星期|礼拜|月)|改天|过[两几]天|待会|等会|[一晚]会儿?去|打算|计划|准备|要去|想去)[^，。]*{_VISIT}"
    rf"|^(?:请|让|叫|安排|麻烦|派|要求|通知)[^，。]{{1,12}}{_VISIT}"
)
_ASKED: Final = re.compile(r"(?:吗|么|没有?|呢)[啊呀]?[?？]?$|[?？]$|谁|哪[些几家栋户]|几[户家次]|多少")
_SHORT: Final = 20
_SAYS: Final = re.compile(r"[说讲问]|反映|反应|提出")
_WHICH: Final = (
    r"(?:请|帮我|帮忙|麻烦|把|我的?|刚才|刚刚|刚|上一?|今天|昨天|最后一?|[那这一1][条个次笔]?|[条个次笔]|的)"
)
_NO: Final = r"(?P<{0}>V(?:\d{{8}}-)?\d{{1,6}})"
_AWAY: Final = r"(?:删除?|撤[销回]?|去掉|作废|取消|移除)"
_REMOVE: Final = (
    re.compile(
        rf"{_WHICH}{{0,4}}{_AWAY}[了掉]?(?:一下)?{_WHICH}{{0,4}}(?:走访(?:记录)?)?{_NO.format('a')}?[吧。！!]?"
    ),
    re.compile(
        rf"{_WHICH}{{0,4}}(?:走访(?:记录)?)?{_NO.format('a')}?(?:走访(?:记录)?)?[我是都给]{{0,2}}"
        rf"(?:[记登写录弄说填]错|[多重]复?记|记?重复|不算|{_AWAY})[^，。,]{{0,3}}(?:[，,。 ]{{0,2}}(?:请|帮我)?{_AWAY}[^，。]{{0,6}})?[。！!]?"
    ),
)
_MENDED: Final = r"(?:应该?是|改[成为到]|更正[为成]|其实是|实际是?|不是)"
_CORRECTED: Final = (
    re.compile(
        rf"{_WHICH}{{0,4}}(?:走访(?:记录)?)?{_NO.format('a')}?(?:走访(?:记录)?)?(?:里|户数|门牌|地址)?[我是都给的]{{0,2}}"
        rf"(?:[记登写录弄说填报数]错|不对)了?[，,。；;：:\s]+(?P<rest>.{{1,60}})"
    ),
    re.compile(
        rf"{_WHICH}{{0,4}}(?:走访(?:记录)?)?{_NO.format('a')}?(?:走访(?:记录)?)?(?:的?(?:户数|门牌|地址))?[，,\s]*(?P<rest>{_MENDED}.{{1,60}})"
    ),
    re.compile(rf"更正(?:一下)?走访(?:记录)?{_NO.format('a')}?[，,：:\s]*(?P<rest>.{{1,60}})"),
)
_RIGHT: Final = re.compile(rf"{_MENDED}|是")


def corrected(text: str) -> tuple[str, str] | None:
    """走访记错了，是12户: the number of the visit ("" for the last) and what is right; None where nothing is corrected."""
    said = text.strip()
    for pattern in _CORRECTED:
        match = pattern.fullmatch(said)
        if match is not None and (match["a"] or "走访" in said):
            return match["a"] or "", _RIGHT.split(match["rest"])[-1].strip(" ，,。的吧")
    return None


def how(text: str) -> Said:
    """Made, unless every clause that names a visit denies it, puts it off, has it done by another, or asks."""
    parts = [part for part in clauses(text) if re.search(_VISIT, part)]
    if any(_MADE.search(p) and not _DENIED.search(p) and not _question(p, text) for p in parts) or not parts:
        return Said.MADE
    if all(_question(part, text) for part in parts):
        return Said.ASKED
    return Said.NOT_YET if all(_DENIED.search(p) or _LATER.search(p) for p in parts) else Said.MADE


def _question(part: str, text: str) -> bool:
    return len(text) <= _SHORT and not _SAYS.search(text) and _ASKED.search(part) is not None


def removed(text: str) -> str | None:
    """撤销走访V3, 刚才走访记错了: the number of what is taken back ("" for the last); None where nothing is."""
    said = text.strip()
    for pattern in _REMOVE:
        match = pattern.fullmatch(said)
        if match is not None and (match["a"] or "走访" in said):
            return match["a"] or ""
    return None


# -- who said what, where several were visited

TITLES: Final = r"(?:奶奶|爷爷|阿姨|大爷|大妈|大娘|大叔|大伯|大姐|大哥|叔叔|婆婆|老师|师傅|先生|女士)"
_NAME: Final = rf"[\u4e00-\u9fff]{TITLES}"
_HOME: Final = re.compile(
    rf"(?P<building>\d{{1,3}})(?:栋|幢|号楼)(?:(?P<unit>\d)单元)?(?:(?P<room>\d{{3,4}})室?)?(?:住户|居民|独居|老人|的){{0,3}}(?P<name>{_NAME})"
)
_WHO: Final = re.compile(
    rf"(?P<name>{_NAME})(?:家|那边|[她他]|也|还|都|就|又){{0,2}}(?:说|讲|反映|反应|提出|想|要|希望)?"
)


def homes(text: str) -> dict[str, dict[str, str]]:
    """Who was visited where, by name, as far as it was said: 1栋的李奶奶、2栋的张大爷."""
    found: dict[str, dict[str, str]] = {}
    for match in _HOME.finditer(text):
        place = {key: match[key] for key in ("building", "unit", "room") if match[key]}
        found.setdefault(match["name"], place)
    return found


def told_by(text: str, matter: str) -> str | None:
    """Who of those visited told of a matter: the name last said before it, or first in it."""
    at = text.find(matter)
    inside = [*_WHO.finditer(matter)]
    before = [*_WHO.finditer(text[:at])] if at >= 0 else []
    named = inside[-1:] or before[-1:]
    return named[0]["name"] if named else None


# -- what was said there

_FINE: Final = re.compile(
    r"没有?(?:什么|啥|别的|其他|特别)?(?:需求|要求|诉求|困难|问题|意见|事)|(?:还|都|挺|很)好|硬朗|正常|不错|一切好|平安|没人在家|家里没人|不在家"
)
_LEAD: Final = re.compile(rf"{_VISIT}|去了|到了|家里?$|^.{{1,4}}$")
_OWN_WORK: Final = re.compile(
    r"^(?:顺便|并|给[她他]|帮[她他]|还|又|也|向?[她他]们?)?(?:宣传|讲解|送了?|带了|慰问|了解了|登记|发放|张贴|介绍|陪[她他]?|聊了?)"
)
_QUIET: Final = re.compile(r"(?:别|不要|不想|不让|千万别)[^，。]{0,4}(?:告诉|说|讲|让|透露)|保密")
_TOLD: Final = re.compile(r"^.*?(?:反映|反应|提出|说起|说是|[她他]们?说|都说|说|讲|提到|念叨)[:：，, ]?")
_AMISS: Final = re.compile(r"没[修弄办换处解]|坏|漏|堵|不[亮通行动热]|打[她他我]|吵|没人|希望|想|要|求")

_BEFORE: Final = re.compile(r"^(?:上[次回]|之前|前几天|早先|以前)(?:[报反说][映过]?)?的?|还没[修弄处]好?[理过]?$")


def fine(part: str) -> bool:
    """没什么困难, 给她送了水果: all is well, or what the worker did there; nobody has to do anything."""
    return _FINE.search(part) is not None or _OWN_WORK.search(part.strip()) is not None


def leads(part: str) -> bool:
    """走访了3栋: where they were."""
    return _LEAD.search(part) is not None or (_HOME.search(part) is not None and not _AMISS.search(part))


def left(parts: Sequence[str]) -> tuple[str, bool]:
    """What is neither where they were nor that all is well; and whether somebody asked for something in it."""
    found: list[str] = []
    asked = False
    for part in parts:
        told = _TOLD.sub("", part, count=1) if not _QUIET.search(part) else part
        heard = told != part
        if _QUIET.search(part):
            found += [part] if found else []
            continue
        if len(told) < 3 or fine(told) or (leads(part) and not heard):
            continue
        asked = asked or heard or _AMISS.search(told) is not None
        found.append(told)
    return "，".join(found), asked


def spoken(text: str) -> str:
    """Without the wish that somebody must not hear of it and the time before: neither says what the matter is."""
    return "，".join(_BEFORE.sub("", part) for part in clauses(text) if not _QUIET.search(part))


_PASSED: Final = re.compile(
    rf"(?P<who>[\u4e00-\u9fff]{{0,2}}{TITLES}|老人家?|住户|业主|居民|[她他])(?:家里?)?(?:刚才?|今天|来电话?|打电话|回话|又){{0,2}}"
    r"(?:说|讲|反映|反馈|告诉我)[:：，, ]?(?P<told>[^\n]{1,40})"
)


def passed_on(text: str) -> tuple[str, str] | None:
    """李奶奶说修好了: who said it and what; None where nobody's words are passed on."""
    match = _PASSED.fullmatch(text)
    return (match["who"], match["told"]) if match is not None else None
