"""How people speak of 评选表彰: to open one, to put it to the vote, to vote by number, to stand or not, to ask.

The name of the title is taken out first; what is left must be one of a few forms as a whole, so that a complaint
(投诉) and a report that happens to hold such a word stay what they are.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from redprop_bot.content.commendation import Award, Awards
from redprop_bot.understand.numerals import to_int

LONGEST: Final = 200
_S: Final = "\ue000"  # stands for the title; nobody types it
_SPACE: Final = re.compile(r"[\s“”\"「」『』]+")
_END: Final = re.compile(r"[。！!？?，,]+$")
_ASKS: Final = re.compile(r"[？?][。！!]*$")
_YEAR: Final = r"(?:(?P<year>20\d\d)年度?的?|今年的?|本年度?的?)?"
_OPEN: Final = re.compile(
    rf"(?:我们?想?要?|请|帮我|现在)?(?:(?:开始?|开展|发起|启动|组织)(?:一个)?(?:评选)?{_YEAR}{_S}?的?(?:评选|表彰)?|(?:(?P<year2>20\d\d)年度?的?|今年的?)?{_S}?评选开始)(?:吧|了)?"
)
_BEGIN: Final = re.compile(
    rf"{_S}的?(?:评选)?(?:现在)?(?:开始|可以|开)投票(?:了|吧)?[，,]?"
    r"(?:投?(?:到|至)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号](?:(?P<hour>\d{1,2})[点时:：](?:00)?整?)?(?:截止|为止|结束)?)?"
)
_CONFIRM: Final = re.compile(rf"确认{_S}的?(?:评选|投票)?的?结果|{_S}的?(?:评选|投票)?结果(?:确认|就这样定)了?")
_VOTE: Final = re.compile(
    rf"(?:我|我想|我要|我家)?(?:给)?{_S}?(?:评选)?[，,]?(?:我)?投票?给?(?!诉)[：:，,]?(?P<numbers>\d{{1,2}}号?(?:[、，,和跟及]?第?\d{{1,2}}号?)*)(?:(?<=号)一?票)?(?:吧|了)?"
)
_VOTE_FOR: Final = re.compile(r"(?:我)?给(?P<numbers>\d{1,2})号投(?:一)?票(?:吧|了)?")
_VOTE_BY_NAME: Final = re.compile(
    r"(?:我)?(?:想|要)?(?:给|为|支持)(?P<name>[\u4e00-\u9fff·]{2,16}?)(?:的)?投(?:上)?(?:一|1)?票(?:吧|了)?"
    r"|(?:我)?(?:想|要)?投(?:票)?给(?P<name2>[\u4e00-\u9fff·]{2,16}?)(?:吧|了)?"
)
_CHANGE: Final = re.compile(
    rf"(?:我)?(?:的票)?(?:刚才|刚刚|之前)?(?:投|选|点)错(?:了|人了)?[，,]?(?:我)?(?:想|要|应该)?(?:(?:改|换)(?:成|为|投|到)?|是|投)?{_S}?"
    r"(?:第?(?P<number>\d{1,2})号?)?(?:吧|了)?"
    r"|(?:我)?(?:想|要)?(?:把票)?(?:改|换)(?:成|为|投|到|投给)?第?(?P<number2>\d{1,2})号(?:吧|了)?"
)
_RETRACT: Final = re.compile(
    rf"(?:我)?(?:想|要)?(?:{_S})?(?:我)?(?:不投(?:票)?了[，,]?)?(?:(?:请)?(?:把)?(?:我的|我投的|那张)票?(?:撤|收)(?:回|销|掉)(?:来)?"
    r"|(?:撤|收)(?:回|销|掉)(?:我的?|我投的|投的|那张)?票|我的票(?:不要|不算|作废|不投)了?|取消(?:我的)?投票)(?:吧|了)?"
    rf"|(?:我)?(?:{_S})?(?:我)?不投(?:票)?了"
)
_PICKED: Final = re.compile(
    r"(?:我)?(?:就)?(?:选|要|投|给)?(?P<numbers>第?\d{1,2}(?:号|个)?(?:[、，,和跟及]第?\d{1,2}(?:号|个)?)*)(?:吧|了)?"
)
_SPOKEN: Final = re.compile(r"[一二两三四五六七八九十]{1,3}(?=号)")
_WANT: Final = re.compile(
    rf"(?:我|我想|我要|怎么|如何|在哪里?|去哪里?|可以)?(?:给|参加)?{_S}?的?(?:评选)?(?:的)?(?:怎么|在哪里?|如何|去投)?投(?:[\d一两三]{{0,2}})票(?:吗|呢|去)?"
    rf"|{_S}(?:评选)?怎么投|(?:看看?|有哪些|有什么|现在有什么)(?:评选|{_S}候选人?|{_S}评选|投票)(?:吗|呢)?|{_S}?候选人?有(?:谁|哪些)"
)
_HOW: Final = re.compile(
    rf"(?:看看?|查一?下?|问一?下|请问)?{_S}?的?(?:评选|投票)?的?(?:结果|票数)(?:出来|公布)?(?:了|啦)?(?:吗|呢|没有|没|怎么样|如何)?"
    rf"|{_S}(?:评选)?(?:现在)?到哪一?步(?:了|啦)?|{_S}(?:评选)?(?:谁|哪家|哪些人?)(?:评上|当选)了?"
)
_AGREE: Final = re.compile(
    rf"(?:我)?(?:同意|愿意|可以)参评{_S}?(?P<hide>[，,]?(?:但是?|不过)?(?:不要?|别)(?:公示|公布|上公示栏))?(?:的)?"
)
_DECLINE: Final = re.compile(rf"(?:我)?(?:不|不想|不愿意?|不同意|退出|别|拒绝)参评{_S}?(?:了)?")
_JOIN: Final = re.compile(
    rf"(?:我)?(?:想|要|想要)?(?:报名|参评|参加|自荐){_S}的?(?:评选)?(?:[：:，,](?P<rest>.{{2,200}}))?"
)
_NUMBER: Final = re.compile(r"\d{1,2}")

What = Literal["open", "begin", "confirm", "vote", "change", "retract", "want", "how", "agree", "decline", "join"]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said. `award` None: none was named. shown: the board may name them; until: as it was said.

    name: of whom a vote is for, instead of a number.
    """

    what: What
    award: Award | None
    numbers: tuple[int, ...] = ()
    year: int | None = None
    shown: bool = True
    until: tuple[int, int, int | None] | None = None
    rest: str = ""
    name: str = ""


def read(text: str, awards: Awards) -> Said | None:
    """What a sentence says of a selection; None where it is about something else."""
    if len(text) > LONGEST:
        return None
    spaced = re.sub(r"(?<=\d)\s+(?=\d)", "、", text.strip())  # 投 1 3: two numbers, not thirteen
    plain = _plain(spaced)
    if (
        not any(
            word in plain for word in ("投", "选", "评", "票", "改", "换", "确认", "报名", "参加", "结果", "自荐")
        )
        and awards.spoken_of(plain) is None
    ):
        return None
    named = awards.spoken_of(plain) if plain else None
    award, word = named if named is not None else (None, "")
    shape = plain.replace(word, _S, 1) if word else plain
    said = _shaped(shape, award)
    return _in_question(said) if said is not None and _ASKS.search(text.strip()) else said


def _plain(text: str) -> str:
    """Without spaces and the end of a sentence, 四号 as 4号."""
    plain = _END.sub("", _SPACE.sub("", text))
    return _SPOKEN.sub(lambda found: str(to_int(found[0]) or found[0]), plain)


def picked(text: str) -> tuple[int, ...]:
    """Numbers as an answer to the list of who can be voted for: 1号, 选2, 1号和3号; none where it is no answer."""
    found = _PICKED.fullmatch(_plain(text.strip()))
    return tuple(int(number) for number in _NUMBER.findall(found["numbers"])) if found is not None else ()


def _in_question(said: Said) -> Said | None:
    """可以投票了？ opens nothing, 投2号？ is no vote: who asks is told how it stands."""
    if said.what in ("want", "how"):
        return said
    if said.what in ("vote", "change", "retract") and not said.name:
        return Said("want", said.award)
    return Said("how", said.award) if said.award is not None else None


def _shaped(shape: str, award: Award | None) -> Said | None:
    if (m := _VOTE.fullmatch(shape) or _VOTE_FOR.fullmatch(shape)) is not None:
        return Said("vote", award, tuple(int(n) for n in _NUMBER.findall(m["numbers"])))
    if (m := _CHANGE.fullmatch(shape)) is not None:
        return Said("change", award, tuple(int(n) for n in (m["number"], m["number2"]) if n))
    if _RETRACT.fullmatch(shape):
        return Said("retract", award)
    if (m := _VOTE_BY_NAME.fullmatch(shape)) is not None:
        return Said("vote", award, name=m["name"] or m["name2"])
    if (m := _AGREE.fullmatch(shape)) is not None:
        return Said("agree", award, shown=m["hide"] is None)
    if _DECLINE.fullmatch(shape):
        return Said("decline", award)
    if award is None:
        return _unnamed(shape)
    if (m := _BEGIN.fullmatch(shape)) is not None:
        hour = int(m["hour"]) if m["hour"] else None
        return Said("begin", award, until=(int(m["month"]), int(m["day"]), hour) if m["month"] else None)
    if _CONFIRM.fullmatch(shape):
        return Said("confirm", award)
    if (m := _JOIN.fullmatch(shape)) is not None:
        return Said("join", award, rest=(m["rest"] or "").strip())
    if (m := _OPEN.fullmatch(shape)) is not None:
        year = next((int(m[name]) for name in ("year", "year2") if m[name]), None)
        return Said("open", award, year=year)
    if _HOW.fullmatch(shape):
        return Said("how", award)
    return Said("want", award) if _WANT.fullmatch(shape) else None


def _unnamed(shape: str) -> Said | None:
    """Without a title only what nothing else can mean."""
    if re.fullmatch(r"(?:我要?)?(?:开|发起|启动|组织|开展)(?:一个)?评选(?:表彰)?(?:吧)?", shape):
        return Said("open", None)
    if re.fullmatch(r"(?:看看?|查一?下?)?(?:评选|投票)的?结果(?:出来|公布)?(?:了|啦)?(?:吗|呢|没有|没)?", shape):
        return Said("how", None)
    if re.fullmatch(
        r"(?:我要?|我想|怎么|如何|在哪里?)?(?:评选)?投[\d一两三]{0,2}票(?:吗|呢)?|看评选|有(?:什么|哪些)评选",
        shape,
    ):
        return Said("want", None)
    return None


def ends(until: tuple[int, int, int | None], now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment that was said, the next such day; the end of the day without an hour. None for no such day."""
    month, day, hour = until
    today = now.astimezone(zone).date()
    try:
        on = date(today.year, month, day)
        on = on if on >= today else date(today.year + 1, month, day)
        at = time(23, 59) if hour is None or hour == 24 else time(hour)
    except ValueError:
        return None
    return datetime.combine(on, at, zone)
