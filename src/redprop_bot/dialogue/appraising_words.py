"""How people speak of 考评: points of a company in one sentence, what waits, the result, an appeal.

The whole sentence must be of one of these forms: a report that names a company and a number stays a report.
Whoever was asked to score may say the points in other words, too (`loosely`): short names, numerals, what changes.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from redprop_bot.content.appraisal import Sheet, Sheets
from redprop_bot.registry.register import Register
from redprop_bot.store.tables import Appraisal as Round
from redprop_bot.store.tables import Organisation
from redprop_bot.understand.numerals import CHINESE, to_int

LONGEST: Final = 300
_PERIOD: Final = (
    r"(?:(?:(?P<year>20\d\d)年)?(?:第?(?P<quarter>[一二三四1-4])季度|(?P<month>1[0-2]|[1-9])月份?)"
    r"|(?P<whole>20\d\d)年(?:度|全年)?)"
)
_WAITING: Final = re.compile(
    r"(?:我要|我来|看看|查看|打开)?(?:物业)?考评(?:打分|评分)表?[。！!]?"
    r"|(?:还有|有)?(?:什么|哪些|哪家|哪几家)?(?:在?等|需?要|该)我(?:来)?打分(?:的|吗|呢)*(?:有哪些|有什么|还有吗)?[。？?]?"
)
_RESULT: Final = re.compile(
    rf"(?:看看|查看|看一下|查一下|查|看)?(?:我们)?(?:公司|物业)?的?{_PERIOD}?的?"
    r"考评(?:(?:结果|得分|星级)(?:怎么样|出来了吗|出来没有|是多少|几星|多少分)?"
    r"|(?:了|是|得了?|打了?|有)?(?:多少分|几分|几颗?星)|(?:怎么样|出来了吗|出来没有))[。？?]?"
)
_APPEAL: Final = re.compile(rf"(?:我们?要?)?{_PERIOD}?的?考评申诉[：:，,\s](?P<reason>.+)", re.DOTALL)
_GAP: Final = r"[\s，,、；;：:。]*"
_MARK: Final = rf"\d{{1,3}}(?:\.\d{{1,2}})?|[{CHINESE}十百]{{1,4}}"
_OTHER: Final = r"(?!\s*[\d栋幢号单楼层室户元块天次辆人件个家位年月日点周%])"
"""What follows a number that is no points: 秩序3栋门口."""
_GIVEN: Final = r"(?:这[一]?[项条])?(?:分数?)?(?:都|也)?(?:[改换]?[成为到]|改|打|给|是|应该是)?[：:]?\s*"
_EVERY: Final = re.compile(
    rf"(?:每一?[项条个]|各[项条个]?|全部?|所有的?)(?:都|各|全)?(?:打|给|是|[改换]?[成为])?(?:了)?\s*(?P<n>{_MARK})分?{_OTHER}"
)
_CHANGED: Final = re.compile(r"改|更正|换成")
_SCORING: Final = re.compile(r"打的?分|评的?分|考评|测评")
_FILLER: Final = re.compile(
    r"(?:我们?|给|对|把|请|麻烦|帮|重新|上次|刚才|刚刚|之前|的|考评|测评|物业|公司|社区|党委|这家?|那家?|打|评|分数?|改|更正|换"
    r"|[成为到]|一下|应该|是|都|各|其[他它余]|不[变动]|照旧|一样|本|度|吧|了|错|[\s，,、；;：:。！!（）()“”])*"
)
_SHORTEST: Final = 2
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
    """What was said; `marks` are points by what the items were called, `every` those of each of them.

    Of what `changes` points, the others stay as they were given.
    """

    what: Literal["score", "unclear", "waiting", "result", "appeal"]
    when: When = When()
    unit: Organisation | None = None
    sheet: Sheet | None = None
    marks: tuple[tuple[str, float], ...] = field(default=())
    reason: str = ""
    every: float | None = None
    changes: bool = False


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


def loosely(text: str, known: Sheets, reg: Register) -> Said | None:
    """Points in other words, of somebody who was asked for them; "unclear" is what is about points and no more."""
    plain = text.strip()
    names = {name: one for one in known.all for name in one.names}
    words = {word for one in known.all for item in one.items for word in item.names}
    if len(plain) > LONGEST or not (any(word in plain for word in words) or _EVERY.search(plain)):
        return None
    unit, rest = _mentioned(plain, reg)
    scoring = _SCORING.search(plain) is not None
    if unit is None and not scoring:
        return None
    sheet = re.search(_any(names), rest)
    rest = rest.replace(sheet[0], " ", 1) if sheet is not None else rest
    period = re.search(_PERIOD, rest)
    rest = rest[: period.start()] + " " + rest[period.end() :] if period is not None else rest
    every = _EVERY.search(rest)
    rest = _EVERY.sub(" ", rest)
    mark = re.compile(rf"(?P<item>{_any(words)}){_GIVEN}(?P<n>{_MARK})分?{_OTHER}")
    marks = tuple((found["item"], _number(found["n"])) for found in mark.finditer(rest))
    changes = _CHANGED.search(plain) is not None
    if not marks and every is None:
        return None
    what: Literal["score", "unclear"] = "score"
    if _FILLER.fullmatch(mark.sub(" ", rest)) is None:
        what = "unclear"
    if len(marks) < 2 and not scoring and (what == "unclear" or not (changes or every)):
        return None  # one number beside the name of a company is a word about them
    return Said(
        what,
        _when(period) if period is not None else When(),
        unit,
        names[sheet[0]] if sheet is not None else None,
        marks,
        every=_number(every["n"]) if every is not None else None,
        changes=changes,
    )


def _mentioned(plain: str, reg: Register) -> tuple[Organisation | None, str]:
    """The one property company that is named, in full or by the name before 物业, and what is said beside it."""
    called = {
        word: unit
        for name, unit in reg.organisation_names.items()
        if unit.kind == "property"
        for word in (name, name.partition("物业")[0])
        if len(word) >= _SHORTEST and word in plain
    }
    if not called:
        return None, plain
    word = max(called, key=len)
    return called[word], plain.replace(word, " ", 1)


def _number(said: str) -> float:
    """Points as they were said; nobody may give a part of one, but is told so."""
    if said[0].isdigit():
        return float(said) if "." in said else int(said)
    return to_int(said) or 0


def _any(words: "set[str] | dict[str, Sheet]") -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _when(found: "re.Match[str]") -> When:
    quarter = found["quarter"] or ""
    number = _QUARTERS.get(quarter) or int(quarter or 0)
    return When(found["year"] or "", number, int(found["month"] or 0), found["whole"] or "")
