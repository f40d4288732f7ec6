"""Which rates of coverage a sentence asks for: 党组织覆盖率, 哪些小区没有业委会. Pure: words in, codes out.

Only questions of figures are meant. 我们小区没有业委会 is a report, 怎么成立业委会 a question of how; both go on.
"""

import re
from typing import Final, NamedTuple

_GO: Final = (
    r"(?:请问|麻烦|你好|您好)?[，,]?(?:帮我?|给我|我想|想)?(?:再)?"
    r"(?:看一?看|看一?下|查一?查|查一?下|查询一?下?|统计一?下?|报一?下|说一?下|了解一?下?|列一?下|发一?下|要)?一?下?"
)
_PAST: Final = r"上个?月|上个?季度?|去年|前年|上半年|20\d\d年"
_WHEN: Final = rf"现在|目前|今年|本年度?|年度|本月|这个月|本季度|这个季度|(?P<past>{_PAST})"
_WHERE: Final = rf"(?P<where>.{{0,12}}?)的?(?:{_WHEN})?的?"
_END: Final = (
    r"(?:现在|目前)?(?:是|有|到|达到)?(?:多少|怎么?样|咋样|如何|多高|百分之几|几成)?了?[吗呢啊呀吧]?[？?。！!]*"
)
_WHICH: Final = r"(?:还?都?有)?(?:哪些|哪几[个家]|哪[个家]|几[个家]|多少[个家]?|有没有)"
_NOT: Final = r"(?:还)?(?:没有|没|未|缺)(?:有|成立|组建|建立|建|选|设立|设)?(?:过|起|出)?(?:来)?"
_COMMITTEE: Final = r"(?:业委会|业主委员会)"
_FIRM: Final = r"物业(?:服务)?(?:公司|企业)?"
_PARTY: Final = r"(?:党组织|党支部|支部)"
_NUMBER: Final = r"(?:百分之)?(?:[0-9]{1,3}|[一二三四五六十]{1,3})(?:%|％)?|一半|半数"

CODES: Final = {
    "all": ("organised", "covered", "due", "branch", "committee", "seats", "mark", "reviewed"),
    "company": ("organised", "covered", "due"),
    "due": ("due",),
    "branch": ("branch",),
    "committee": ("committee",),
    "seats": ("seats", "mark"),
    "reviewed": ("reviewed",),
}
"""Which rates are told for what is asked."""

_TOPICS: Final = {
    "seats": (
        rf"{_COMMITTEE}(?:的)?(?:里面|里|中|成员|委员)?(?:的)?(?:里|中)?(?:的)?党员(?:的)?(?:成员|委员)?(?:的)?(?:比例|占比|比率|比重|覆盖率)",
        rf"{_COMMITTEE}(?:的)?(?:里面|里|中|成员|委员)(?:中|里)?(?:的)?党员占(?:多少|几成|百分之几|比)",
        rf"{_WHICH}{_COMMITTEE}(?:的)?党员(?:比例|占比)?(?:还)?(?:没到|不到|不足|没达到|低于|没过|不够|没超过)(?:{_NUMBER})?",
    ),
    "reviewed": (
        rf"(?:{_COMMITTEE})?(?:成员|委员)?候选人(?:的)?联审(?:的)?(?:率|情况|进度|结果)?",
        rf"{_COMMITTEE}(?:成员|委员)?(?:的)?联审(?:的)?(?:率|情况|进度)",
        rf"{_WHICH}{_COMMITTEE}(?:的)?(?:候选人)?(?:还)?(?:没有|没|未)(?:做|经)?过?联审",
    ),
    "committee": (
        rf"{_WHICH}小区{_NOT}{_COMMITTEE}的?",
        rf"{_NOT}{_COMMITTEE}的小区(?:{_WHICH})?",
        rf"{_COMMITTEE}(?:的)?(?:成立|组建|覆盖|建立)(?:率|情况)",
        rf"{_COMMITTEE}(?:成立|组建)了(?:{_WHICH})",
        rf"{_WHICH}小区(?:成立|组建|有)了?{_COMMITTEE}",
    ),
    "branch": (
        rf"{_WHICH}小区{_NOT}(?:小区)?{_PARTY}的?",
        rf"{_NOT}(?:小区)?{_PARTY}的小区(?:{_WHICH})?",
        r"小区(?:党支部|支部)(?:的)?(?:组建|覆盖|建立|成立|建设)(?:率|情况)",
    ),
    "due": (
        rf"(?:三|3)[名个]以上党员(?:的)?(?:物业(?:公司|企业)?)?应建未建(?:的)?(?:{_WHICH})?",
        rf"应建未建(?:的)?(?:{_PARTY}|{_FIRM}|单位|企业|公司|名单)?(?:{_WHICH})?",
        r"应建尽建(?:的)?(?:率|情况|落实情况|完成情况)",
    ),
    "company": (
        rf"{_WHICH}{_FIRM}{_NOT}(?:{_PARTY}|(?:党建)?指导员)的?",
        rf"{_NOT}(?:{_PARTY}|(?:党建)?指导员)的{_FIRM}(?:{_WHICH})?",
        rf"{_FIRM}(?:的)?(?:{_PARTY}|党建)(?:的)?(?:组建|覆盖|建立|建设)(?:率|情况)",
        rf"{_FIRM}(?:{_PARTY}|党建)(?:组建|覆盖)了?{_WHICH}",
        rf"{_PARTY}?组建率|{_PARTY}组建情况",
    ),
    "all": (
        r"(?:党的?组织|党的工作|党建|组织|两个|双)(?:和(?:党的?)?工作|建设)?(?:的)?(?:全?覆盖)(?:率|面|情况|台账|统计|数据)",
        r"(?:两个|党的?组织|党的工作)(?:和(?:党的?)?工作)?覆盖",
        r"覆盖率",
    ),
}
"""How each is asked for, the narrower before the wider."""
_ASKED: Final = tuple(
    (topic, re.compile(rf"{_GO}{_WHERE}(?:{form}){_END}")) for topic, forms in _TOPICS.items() for form in forms
)
_LONGEST: Final = 40
_OURS: Final = re.compile(
    r"(?:我们?|咱们?|俺们?|本|全|这个|这|各|所有)?(?:的)?(?:街道|社区|小区|辖区|这里|这儿|这边|片区|网格)?(?:里|内|上|下|各)?"
)
"""Words for where that name no place."""


class Asked(NamedTuple):
    """A key of `CODES`; the words in front of it, which may name a place; whether it is asked of the past."""

    topic: str
    where: str
    past: bool


def asked(text: str) -> Asked | None:
    """What a sentence asks for; None where it asks for no rate."""
    if len(text) > _LONGEST:
        return None
    for topic, form in _ASKED:
        match = form.fullmatch(text)
        if match is not None:
            return Asked(topic, match["where"].strip(), match["past"] is not None)
    return None


def nowhere(where: str) -> bool:
    """Whether these words name no place of their own: 我们社区, 全街道."""
    return _OURS.fullmatch(where) is not None
