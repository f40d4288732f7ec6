# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Moments relative to the message: the day, and the minute where a clock time is said.

Only a part of the day (今晚, 下午) gives the day alone; recurring, vague and whole stretches (每天, 最近, 本周, 11月)
give nothing; 月底前 is the last day of the month.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise

from redprop_bot.understand.numerals import NUMBER, to_int
from redprop_bot.understand.slots import ago
from redprop_bot.understand.slots.hour import CLOCK, PART, likely_half, minute_of, past_midnight
from redprop_bot.understand.slots.lunar import day_of
from redprop_bot.understand.slots.span import Span
from redprop_bot.understand.slots.weekday import ENGLISH, WEEK, english, week_day

ZONE = timezone(timedelta(hours=8))

_N2 = f"{NUMBER}{{1,3}}"
_REL = {
    "大前天": -3, "大前日": -3, "前天": -2, "前日": -2, "前儿": -2, "前晚": -2, "前夜": -2, "前晌": -2,
    "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "昨儿": -1, "昨早": -1, "夜个": -1, "昨个": -1, "尋日": -1, "寻日": -1, "琴日": -1, "琴晚": -1, "寻晚": -1, "尋晚": -1, "昨下": -1, "昨上": -1, "昨中": -1,
    "今天": 0, "今日": 0, "今早": 0, "今晨": 0, "今晚": 0, "今夜": 0, "今儿": 0, "今个": 0, "今朝": 0, "今下": 0, "今上": 0, "今中": 0, "当天": 0, "当晚": 0, "今晌": 0,
    "明天": 1, "明日": 1, "明早": 1, "明晨": 1, "明晚": 1, "明儿": 1, "明朝": 1, "明个": 1, "听日": 1, "明下": 1, "明上": 1, "明中": 1, "赶明": 1, "明午": 1, "今午": 0, "昨午": -1,
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1,
    "明后天": 1, "明后两天": 1, "今明两天": 0, "后天": 2, "后日": 2, "后儿": 2, "后早": 2, "后晚": 2, "大后天": 3, "大后日": 3,
}  # fmt: skip
_REL_BODY = "|".join(sorted(_REL, key=len, reverse=True))
# 白天当晚上过 names no night, nor does 从前晚上看得见.
_DAY_RELATIVE = re.compile(rf"(?P<w>{_REL_BODY})(?!(?<=当晚)上)(?!(?<=从前晚)上)")
_ISO = re.compile(r"(?<!\d)(?P<y>20\d{2})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?(?!\d)")
_MONTH_DAY = re.compile(
    rf"(?P<p>明年|今年|去年)?(?<!个)(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|(?<!\d)元|本|这个|上个?|下个?|这)月份?(?P<d>{_N2})[日号]?(?![0-9个年])"
)
_SLASH = re.compile(
    r"(?<![\d/.\-])(?P<m>1[0-2]|0?[1-9])[/.](?P<d>3[01]|[12]\d|0?[1-9])(?=日|号|[ 上下早晚中（(周来]|家里|$|[，,。]|那[天次场]|的(?![费钱价]))(?![/.]\d)"
)
_DAY_ONLY = re.compile(  # 我住2号, 漫到2号 is a house
    rf"(?<![月初第周期\-0-9住])(?<!住在)(?<!我家)(?<!家在)(?<![漫淹流漏冲]到)(?P<d>[12][0-9]|3[01]|[1-9]|{NUMBER}{{1,3}})[号日](?=的[^,，。]{{0,6}}(?:会|课|活动|讲座|班|演出|义诊|植树|巡逻)|报|反[映应]|登记|我家?(?:要|想|搬|不在|[没有]人|办|请|过|得|去|来|可以|能|[没有]空)|给(?:[孤老孩娃奶爷爸妈]|大家|居民|邻居|困难)[^,，。]{{0,6}}[送过做理剪包]|开工|动工|完[工成]|验收|左右|以[前后]|那[天次]|(?!前[面头门]|[上下][面头来去边]|中间)[上下早晚中前之就开能可行吧办截到,，。 ]|$|\d|{NUMBER}点)"
)
_TODAY_PART = re.compile(
    r"^晚上(?:转|走|敲|跑|去|串|入|陪|看)了?|(?<![末天日号每个整几哪一二三四五六到至])(?:上午|下午|傍晚)(?![班场茶])[^,，。;；都总老常]{0,4}(?:来|到|去|有人|在家|报|打|说|修|派|回|过|弄|送|装|换|停|刚|才|敲|走|入户|看|跑|转|串|陪)(?!上班|开门)"
)
_LUNAR = re.compile(
    r"(?P<p>年后|正月|大年|年|腊月)?初(?P<d>[一二三四五六七八九十])(?![中高级步]|一?十五)"
    r"|(?P<m>正月|腊月)(?P<n>[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?)(?![年天个])"
)
_MONTH_END = re.compile(
    r"(?P<p>(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月[底末]|本月底|这个月底|[上下]个?月底|月底|月末|年底|年前)(?P<b>前|之前|以前)?"
)

_RECUR = re.compile(
    r"每天|天天|每日|每晚|每周|每个|每次|每逢|每月|经常|老是|总是|日日|夜夜|一到|隔三差五|平时|平常|逢"
)
_BEFORE_RANGE = re.compile(r"[到至~—-]$")
_HABIT = re.compile(r"(过了|没到|不到|一过|超过|就关|才开|才有|以后|之后都)")
_MONTHS_BACK = 6  # 三月底 said in November is next year's, 九月底 is over
_FROM = re.compile(r"从$")
_TO_CLOCK = re.compile(rf"[^,，。;；]{{0,4}}[到至](?:{PART})?(?:[01]?\d|2[0-4]|{NUMBER}{{1,3}})[点點:：]")
_UNTIL = re.compile(r"[开营放吵闹跳干响唱业玩摆搓打喝练敲亮拖钻喊拍骂叫聊弄搞刷]到$")
_SOON = re.compile(r"[前到]|[^，,。]{0,2}(?:来|去|上门|集合|开会|过来|派|见|到)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, with the minute when a clock time was said."""

    start: int
    end: int
    day: date
    minute: int | None = None
    zone: tzinfo = ZONE
    alone: bool = False  # a clock time without a day

    def text(self) -> str:
        """ISO 8601: the day alone, or the minute with the zone."""
        if self.minute is None:
            return self.day.isoformat()
        moment = datetime(self.day.year, self.day.month, self.day.day, tzinfo=self.zone)
        return (moment + timedelta(minutes=self.minute)).isoformat()

    def span(self) -> Span:
        """As a slot."""
        return Span(self.start, self.end, {"time": self.text()})


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _near(today: date, month: int, day: int, *, past: bool = False) -> date | None:
    """The month and day closest to today; half a year away at most."""
    options = [
        found for year in (today.year - 1, today.year, today.year + 1) if (found := _safe(year, month, day))
    ]
    if not options:
        return None
    if past:
        options = [o for o in options if o <= today] or options
    return min(options, key=lambda o: abs((o - today).days - 40))


def _month_day(match: re.Match[str], today: date) -> date | None:
    day = to_int(match["d"])
    word = match["m"]
    if day is None or not 1 <= day <= 31:
        return None
    if word[0] in "本这":
        return _safe(today.year, today.month, day)
    if word[0] in "上下":
        month = today.month + (1 if word[0] == "下" else -1)
        return _safe(today.year + (month - 1) // 12, (month - 1) % 12 + 1, day)
    named = 1 if word == "元" else to_int(word)
    if named is None:
        return None
    if match["p"]:
        return _safe(today.year + {"明": 1, "今": 0, "去": -1}[match["p"][0]], named, day)
    return _near(today, named, day)


def _lunar(match: re.Match[str], today: date) -> date | None:
    day = to_int(match["d"] or match["n"])
    return None if day is None else day_of(day, today, last_month="腊月" in (match["p"], match["m"]))


def _month_end(match: re.Match[str], today: date) -> date | None:
    word = match["p"]
    named = to_int(word[:-2])  # 十二月底
    if named is not None:
        year = today.year + (named < today.month - _MONTHS_BACK)
        return date(year, named, monthrange(year, named)[1])
    if word == "年前" or (
        not match["b"] and word not in ("本月底", "这个月底", "月底", "月末") and word[0] not in "上下"
    ):
        return None
    if word.startswith("年底"):
        return date(today.year, 12, 31)
    month = today.month + word.startswith("下") - word.startswith("上")
    year, month = today.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _day_only(match: re.Match[str], today: date) -> date | None:
    day = to_int(match["d"])
    if day is None or not 1 <= day <= 31:
        return None
    found = _safe(today.year, today.month, day)
    if found and found < today - timedelta(days=12):
        month = today.month % 12 + 1
        found = _safe(today.year + (today.month == 12), month, day)
    return found


def _days(text: str, today: date) -> list[Moment]:
    """Every day that is named, in order of the text, without overlap."""
    found: list[Moment] = []

    def put(start: int, end: int, day: date | None) -> None:
        if day is not None and not any(start < m.end and m.start < end for m in found):
            found.append(Moment(start, end, day))

    def add(match: re.Match[str], day: date | None) -> None:
        put(match.start(), match.end(), day)

    for match in _ISO.finditer(text):
        add(match, _safe(int(match["y"]), int(match["m"]), int(match["d"])))
    for match in _LUNAR.finditer(text):
        add(match, _lunar(match, today))
    for pattern, read in (
        (_MONTH_DAY, _month_day),
        (_SLASH, _month_day_slash),
        (WEEK, week_day),
        (ENGLISH, english),
        (_MONTH_END, _month_end),
    ):
        for match in pattern.finditer(text):
            add(match, read(match, today))
    for start, end, day in ago.days(text, today):
        put(start, end, day)
    for match in _DAY_RELATIVE.finditer(text):
        add(match, today + timedelta(days=_REL[match["w"]]))
    for match in _DAY_ONLY.finditer(text):
        add(match, _day_only(match, today))
    return sorted(found, key=lambda m: m.start)


def _month_day_slash(match: re.Match[str], today: date) -> date | None:
    return _near(today, int(match["m"]), int(match["d"]))


def _attach(day: Moment, text: str, now: datetime, until: int) -> Moment:
    """The clock time that belongs to a named day, if one stands close behind it and before the next day."""
    window = text[day.end : min(day.end + 16, until)]
    match = CLOCK.search(window)
    if match is None or "。" in window[: match.start()] or _DAY_RELATIVE.search(window[: match.start()]):
        return day
    gap = window[: match.start()]
    if len(gap) > 8 or _BEFORE_RANGE.search(gap) or re.search(r"[,，;；].*[\u4e00-\u9fff]{3}", gap):
        return day
    around = text[day.start : day.end] + gap
    minute = minute_of(match, around)
    if minute is None:
        return day
    said = bool(match["p"]) or any(p in around for p in ("早", "晚", "午", "夜", "晨", "晌"))
    same_day = day.day == now.date()
    minute = likely_half(minute, said_part=said, now=now, today_only=same_day)
    # 昨儿夜里两点 is this morning's small hours; 昨天凌晨两点 stays where it is
    small_hours = minute < 5 * 60 and past_midnight(match, around) and not (same_day and now.hour < 5)
    when = day.day + timedelta(days=1) if small_hours else day.day
    return Moment(day.start, day.end + match.end(), when, minute)


def find(text: str, now: datetime) -> list[Moment]:
    """All moments that can be told, in order."""
    here = local(now)
    days = _once(text, _days(text, here.date()))
    ends = [*(day.start for day in days[1:]), len(text)]
    moments = [_attach(day, text, here, until) for day, until in zip(days, ends, strict=False)]
    moments = [m for m in moments if not _RECUR.search(text[max(0, m.start - 4) : m.start])]
    moments = moments or [
        Moment(start, end, then.date(), then.hour * 60 + then.minute) for start, end, then in ago.clock(text, here)
    ]
    return [replace(moment, zone=here.tzinfo or ZONE) for moment in moments or _clock_alone(text, here)]


def _once(text: str, days: list[Moment]) -> list[Moment]:
    """Without days that are named as a habit: 周三周五敲架子鼓, 礼拜三和礼拜六练琴."""
    plain = [m for m in days if (week := WEEK.fullmatch(text, m.start, m.end)) and not week["p"]]
    pairs = [(a, b) for a, b in pairwise(plain) if re.fullmatch(r"[和、跟及与,，]?", text[a.end : b.start])]
    habits = {m.start for pair in pairs for m in pair}
    return [m for m in days if m.start not in habits]


def local(now: datetime) -> datetime:
    """Now as it is where the speaker lives: in the zone it is given in; bare UTC, by which nobody lives, in ours."""
    return now.astimezone(ZONE) if now.tzinfo in (None, UTC) else now


def _clock_alone(text: str, now: datetime) -> list[Moment]:
    """早上七点十分 without a day is today, unless it is a habit or a rule."""
    for match in CLOCK.finditer(text):
        around = text[max(0, match.start() - 8) : match.end() + 6]
        before = text[: match.start()]
        if _RECUR.search(before) or _HABIT.search(around) or _UNTIL.search(before[-2:]):
            continue
        if _FROM.search(before) and _TO_CLOCK.match(text, match.end()):
            break  # 从六点半跳到九点半 is what happens, not when
        minute = minute_of(match, "")
        if minute is None:
            continue
        minute = likely_half(minute, said_part=bool(match["p"]), now=now, today_only=True)
        if minute < 5 * 60 and not match["p"] and now.hour >= 7 and _SOON.match(text, match.end()):
            minute += 720  # 三点到, said in the morning
        return [Moment(match.start(), match.end(), now.date(), minute, alone=True)]
    return []


def part_of_today(text: str, now: datetime) -> str | None:
    """下午来 without a day is today; told apart from `find`, because the word stays in the text that is weighed."""
    match = _TODAY_PART.search(text)
    if match is None or _RECUR.search(text):
        return None
    return local(now).date().isoformat()
