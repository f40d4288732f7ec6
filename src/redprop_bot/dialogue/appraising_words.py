"""How people speak of 考评: points of a company in one sentence, what waits, the result, an appeal.

The whole sentence must be of one of these forms: a report that names a company and a number stays a report.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from redprop_bot.content.appraisal import Sheet, Sheets
from redprop_bot.registry.register import Register
from redprop_bot.store.tables import Appraisal as Round
from redprop_bot.store.tables import Organisation

LONGEST: Final = 300
_PERIOD: Final = (
    r"(?:(?:(?P<year>20\d\d)年)?(?:第?(?P<quarter>[一二三四1-4])季度|(?P<month>1[0-2]|[1-9])月份?)"
    r"|(?P<whole>20\d\d)年(?:度|全年)?)"
)
_WAITING: Final = re.compile(r"(?:我要|我来|看看|查看|打开)?(?:物业)?考评(?:打分|评分)表?[。！!]?")
_RESULT: Final = re.compile(
    rf"(?:看看|查看|看一下|查一下|查|看)?(?:我们)?(?:公司|物业)?的?{_PERIOD}?的?考评(?:结果|得分|星级)"
    r"(?:怎么样|出来了吗|出来没有|是多少|几星|多少分)?[。？?]?"
)
_APPEAL: Final = re.compile(rf"(?:我们?要?)?{_PERIOD}?的?考评申诉[：:，,\s](?P<reason>.+)", re.DOTALL)
_GAP: Final = r"[\s，,、；;：:。]*"
_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class When:
    """The period that is named; nothing where none is."""

    year: str = ""
    quarter: int = 0
    month: int = 0
    whole: str = ""

    def fits(self, row: Round) -> bool:
        """Whether a round may be meant."""
        year, _, rest = row.period.partition("-")
        if self.whole:
            return row.period == self.whole
        if self.year and self.year != year:
            return False
        if self.quarter:
            return rest == f"Q{self.quarter}"
        return not self.month or rest == f"{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said; `marks` are points by what the items were called."""

    what: Literal["score", "waiting", "result", "appeal"]
    when: When = When()
    unit: Organisation | None = None
    sheet: Sheet | None = None
    marks: tuple[tuple[str, int], ...] = field(default=())
    reason: str = ""


def read(text: str, known: Sheets, reg: Register) -> Said | None:
    """What a sentence says of 考评; None where it is about something else."""
    plain = text.strip()
    if len(plain) > LONGEST or not known.all:
        return None
    if _WAITING.fullmatch(plain):
        return Said("waiting")
    if (found := _APPEAL.fullmatch(plain)) is not None:
        return Said("appeal", _when(found), reason=found["reason"].strip())
    unit = _unit(plain, reg)
    rest = plain.removeprefix(unit.name) if unit is not None else plain
    if (found := _RESULT.fullmatch(rest)) is not None:
        return Said("result", _when(found), unit)
    return _scored(rest, unit, known) if unit is not None else None


def _unit(plain: str, reg: Register) -> Organisation | None:
    """The property company that the sentence begins with, the longest name first."""
    fitting = [u for name, u in reg.organisation_names.items() if u.kind == "property" and plain.startswith(name)]
    return max(fitting, key=lambda unit: len(unit.name), default=None)


def _scored(rest: str, unit: Organisation, known: Sheets) -> Said | None:
    names = {name: one for one in known.all for name in one.names}
    words = {word for one in known.all for item in one.items for word in item.names}
    sheet, item = _any(names), _any(words)
    mark = rf"(?:{item})[：:]?\s*\d{{1,3}}分?"
    whole = rf"的?{_PERIOD}?的?(?P<sheet>{sheet})?{_GAP}(?P<marks>{mark}(?:{_GAP}{mark})*){_GAP}"
    found = re.fullmatch(whole, rest)
    if found is None:
        return None
    pairs = re.findall(rf"({item})[：:]?\s*(\d{{1,3}})", found["marks"])
    marks = tuple((word, int(points)) for word, points in pairs)
    when = _when(found)
    if when == When() and found["sheet"] is None and len(marks) < 2:
        return None  # 万和物业服务1分 is a word about them, and no sheet
    return Said("score", when, unit, names.get(found["sheet"] or ""), marks)


def _any(words: "set[str] | dict[str, Sheet]") -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _when(found: "re.Match[str]") -> When:
    quarter = found["quarter"] or ""
    number = _QUARTERS.get(quarter) or int(quarter or 0)
    return When(found["year"] or "", number, int(found["month"] or 0), found["whole"] or "")
