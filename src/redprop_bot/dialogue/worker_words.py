"""How people ask for sheets of work: 我这个月的工作, 看孙网格员十月的工作. Whole sentences only."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from redprop_bot.dialogue.period_words import period_said
from redprop_bot.rules import workers
from redprop_bot.rules.workers import Span

_SPACE: Final = re.compile(r"[\s“”\"「」]+")
_END: Final = re.compile(r"[。！!？?，,]+$")
_YEAR: Final = r"(?:20\d\d年|今年|去年|全年|年度|本年)"
_MONTH: Final = rf"(?:这个?月|本月|当月|上个?月|{_YEAR}?(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?)"
_WHEN: Final = rf"(?P<when>{_MONTH}|{_YEAR})"
_LOOK: Final = r"(?:请|帮我|我想|我要)?(?:看一?看?下?|查一?查?下?|打开)"
_RECORD: Final = r"(?:(?:月|年|年度|工作)?考核(?:表|意见|情况|结果|记录)?)"
_WORK: Final = rf"(?:{_RECORD}|工作(?:情况|记录|数据)?)"
_HOW: Final = r"(?:怎么样|如何|咋样)?了?[吗呢啊呀]?"
_OWN: Final = re.compile(rf"{_LOOK}?我(?:自己)?的?(?:{_WHEN}的?{_WORK}|{_RECORD}){_HOW}")
_OTHER: Final = re.compile(rf"{_LOOK}(?P<who>[\u4e00-\u9fff·]{{2,8}}?)的?(?:{_WHEN}的?{_WORK}|{_RECORD}){_HOW}")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose sheet: `who` is empty for one's own; `span` None where no time was named."""

    who: str
    span: Span | None


def asked(text: str, today: date) -> Asked | None:
    """What a sentence asks for; None where it is about something else."""
    plain = _END.sub("", _SPACE.sub("", text))
    found = _OWN.fullmatch(plain)
    if found is not None:
        return Asked("", _span(found["when"], today))
    found = _OTHER.fullmatch(plain)
    if found is None or found["who"].startswith(("我的", "我们", "大家")):
        return None
    return Asked(found["who"], _span(found["when"], today))


def _span(when: str | None, today: date) -> Span | None:
    if when is None:
        return None
    if year := re.match(r"20\d\d", when):
        month = re.search(r"年(.+)", when)
        said = period_said(month[1], date(int(year[0]), 12, 31)) if month else None
        return workers.month_of(said.begin) if said is not None else workers.span(year[0])
    said = period_said(when, today)
    if said is None:
        return None
    return workers.span(f"{said.begin.year}") if re.fullmatch(_YEAR, when) else workers.month_of(said.begin)
