"""Words of people without what tells who it is: phones, rooms, the names that they gave.

One place for messages, pages and the API, so that none of them forgets one. Phones and rooms are found as the
reader finds them, in every notation, and what only looks like one. What is covered leaves a mark that says what
stood there. Who must not read what is decided by the callers.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from redprop_bot.understand import scrub
from redprop_bot.understand.normalise import fold
from redprop_bot.understand.numerals import CHINESE, DIGITS, NUMBER, digits_only, to_int
from redprop_bot.understand.slots import address
from redprop_bot.understand.slots.span import Span, mask
from redprop_bot.understand.surnames import COMMON, DOUBLE, ELDERS, GIVEN, NOT_PLAIN, SURNAME

PHONE: Final = "〔电话〕"
ROOM: Final = "〔室号〕"
NAME: Final = "〔报事人〕"
OTHER: Final = "〔人名〕"

_COUNTS = "共约近达及民众主"  # before a number of households
# a flat before 室, or lived in; and beside a flat, or before a name: 楼下602, 602李建华
_ROOM = re.compile(
    r"(?<![\da-z.])(?<!\d[-/:])"
    rf"(?:[1-9]\d?(?:0[1-9]|1[0-2])(?=签[了字]|没人|不在家|不[给肯]|那[家户]|同意|要求)"
    rf"|\d{{3,4}}(?=室|房(?!子|租|屋)|号房|住户|业主)|(?<![{_COUNTS}])\d{{3,4}}(?=户|家)"
    rf"|(?<=[楼隔对][上下壁门])\d{{3,4}}(?![\d.,]|[元块天平个年人次])|[1-9]\d?(?:0[1-9]|1[0-2])(?=的?{SURNAME}{GIVEN}))"
)
_NAMED = re.compile(rf"的?({SURNAME}{GIVEN}{{1,2}})")
_RUN = re.compile(rf"{NUMBER}+")
_CALLED = f"(?:{SURNAME}|单(?![元位独身]))"  # behind 联系人
_EMERGENCY = frozenset({"110", "119", "120", "122"})
_LOTS = ("户", "家")
_COUNTED = re.compile(
    r" ?(?:[元块平个年人次米斤度瓦万辆㎡%％分条份盏天多]|[号]?文|[（(]?(?:物业|社区|居委|会议|活动|办公|教室))"
)  # 50-100元 is no flat

_TITLE = f"(?:先生|女士|小姐|大姐|老师|叔叔|某某?|{ELDERS})"
_HAN = "[\u4e00-\u9fff]"
# whom it is about stays named, and so do units: 江南社区 is nobody
_ABOUT = "(?!.{0,2}(?:经理|主任|书记|队长|班长|主管|管家|保安|客服|前台|师傅|总|物业|社区|街道|小区|公司|中心))"
_WHOLE = f"{_ABOUT}{SURNAME}(?:{_TITLE}|{_HAN}{{1,2}}(?!{_HAN}))"  # nothing follows that could belong to it
_PART = f"{_ABOUT}{SURNAME}(?:{_TITLE}|{_HAN}{{1,2}}?)"

_SAID_SO = tuple(  # even what the staff writes for everybody says so of a person only
    re.compile(pattern)
    for pattern in (
        rf"()(?:我|本人)(?:姓|名叫|名字是|叫(?![了过他她你人物])){NOT_PLAIN}{_HAN}{{1,3}}(?!{_HAN})",
        rf"((?:姓名|联系人|投诉人|反映人|报事人|署名|户主)[是为叫：:\s]*){_ABOUT}{_CALLED}(?:{_TITLE}|{_HAN}{{1,2}}(?!{_HAN}))",
        rf"((?:户主|联系人)[是为叫：:\s]*){_ABOUT}{_CALLED}{GIVEN}{{1,2}}",
        rf"(){_PART}(?=(?:[，,：:\s]|的?(?:电话|手机)号?码?是?)*{PHONE})",
    )
)
_NAMES = (
    *_SAID_SO,
    *(
        re.compile(pattern)
        for pattern in (
            rf"(本人|(?:我|本人|这里|我们)是(?:[^，。！？,.!?\s]{{0,10}}的)?){_ABOUT}{_CALLED}(?:{_TITLE}|{_HAN}{{1,2}}(?!{_HAN}))",
            rf"(^|[^\u4e00-\u9fff]){SURNAME}{GIVEN}{{1,2}}(?=家(?:门口|里|楼|住|的))",
            rf"((?:业主|住户)[是为叫：:\s]*){_WHOLE}",
            rf"((?:业主|住户)){SURNAME}{_TITLE}",
            rf"((?:{ROOM}[室房户]?(?:的|住的)?|联系|通知|告诉|[问找跟和给约])[了过到好]?){SURNAME}(?:先生|女士|小姐)",
            rf"(^|[^\u4e00-\u9fff]|的){_PART}(?=[要想来]?(?:投诉|反映|举报))",
            rf"([—\-，。！,.!\s]){_WHOLE}[。.\s]*$",
            rf"(^|[^\u4e00-\u9fff]){SURNAME}{_HAN}?(?:{ELDERS})",
        )
    ),
)

# Third persons, of whom only the words of residents tell: 找李翠花开门, 隔壁陈桂芳, 2单元李翠花家.
# A title tells who works here, 苑 and 店 that it is a place; 叫 behind 保安 names whom it is about.
_NOBODY = (
    r"(?!.{0,3}(?:[^家]长|工程师|师傅|医生|护士|老师|大夫|警官|律师|网格|支书|书记|主任|经理|委员|同志|物业|社区|街道"
    r"|小区|公司|中心|物管|客服|保安|前台|超市|幼儿|学校|医院|银行))(?!.{1,2}[苑园里村城庭府湾街路巷队局所站厂店馆铺摊总工姐哥嫂叔姨爷奶伯婶妈爸老某])"
    "(?!尤其|钱[包归]|丰巢|秋千|支[书部]|冷库|白[内车]|安[而保]|伊|惠民|扶|高头|林场|方言|向您|罗威纳|谢完|祝阖)"
)
_THEN = "开来去帮说看接过等出进到敲取做教"
_FULL = f"{NOT_PLAIN}(?:{DOUBLE}|[{COMMON}]){GIVEN}(?![{_THEN}]){GIVEN}"
_OTHER = rf"{_NOBODY}(?:{_FULL}|{SURNAME}{GIVEN}{{1,2}}?(?=$|[^\u4e00-\u9fff]|[{_THEN}家那报在的]))"
_OTHERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"((?:找|问|喊|(?<![安洁傅理员工管人个的位])叫)(?:一?下|[了过])?){_OTHER}",
        rf"((?:家属|业主|住户|租户|隔壁|对门|邻居|老伴|爱人|老公|老婆|丈夫|妻子|儿子|女儿|母亲|父亲)[叫是的]?){_OTHER}",
        rf"(^|[^\u4e00-\u9fff]|单元|楼[上下]|对[门面]|隔壁|[零〇一二三四五六七八九]{{3,4}}|[栋幢楼室层]|[帮给去到是在]){_OTHER}(?=家)",
        rf"([在到去给]|放){_NOBODY}{_FULL}(?=那[里儿边])",
        rf"(^|[^\u4e00-\u9fff]){_OTHER}(?=报(?:[修事的]|$|[^\u4e00-\u9fff])|反映)",
    )
)

_SELF = re.compile("^(?:我|本人)(?:姓|名叫|名字是|叫)")
_TITLED = re.compile(f"{SURNAME}?{_TITLE}")


def phoneless(text: str) -> str:
    """Without phone numbers, in whatever notation."""
    return _put(text, ((span, PHONE) for span in scrub.phones(_folded(text))))


def roomless(text: str, room: str | None) -> str:
    """Without this room: 501, 五零一, 五百零一."""
    if not room:
        return text
    text = re.sub(rf"(?<![\dA-Za-z]){re.escape(room)}(?![\dA-Za-z])", ROOM, text)
    found = (Span(m.start(), m.end()) for m in _RUN.finditer(_folded(text)) if _reads(m[0], room))
    return _put(text, ((span, ROOM) for span in found))


def numberless(text: str, number: str | None) -> str:
    """Without this phone, also where it is too short to be taken for one."""
    return _spelt(number).sub(PHONE, text) if number and number.isdecimal() else text


def nameless(text: str, known: str | None = None, *, staff: bool = False) -> str:
    """Without the name that their speaker gave, as far as words show it, and the one that is `known`."""
    if known and len(known) > 1:
        text = text.replace(known, NAME)
    for pattern in _SAID_SO if staff else _NAMES:
        text = pattern.sub(rf"\1{NAME}", text)
    for pattern in () if staff else _OTHERS:
        text = pattern.sub(rf"\1{OTHER}", text)
    return text


def told_of(text: str) -> tuple[list[str], list[str]]:
    """The names and the phones that somebody gave in these words, for finding them elsewhere as well."""
    spans = scrub.phones(_folded(text))
    phones = [told for span in spans for told in (text[span.start : span.end], str(span.slots["phone"]))]
    plain = phoneless(text)
    names = [match[0][len(match[1]) :] for pattern in (*_NAMES, *_OTHERS) for match in pattern.finditer(plain)]
    names += [plain[span.start : span.end] for span, sign in _homes(plain) if sign == NAME]
    bare = [_SELF.sub("", name).strip("，,：: 。.") for name in names]
    return [name for name in bare if len(name) > 1 and not _TITLED.fullmatch(name)], phones


def covered(
    text: str, *, room: str | None = None, name: str | None = None, phone: str | None = None, staff: bool = False
) -> str:
    """Without all of it: phones, rooms, names.

    `staff`: they wrote it for everybody, so that a bare number is a number and who does something is no secret.
    """
    text = scrub.accountless(phoneless(numberless(text, phone)))
    text = scrub.plateless(_put(text, _homes(text, staff=staff)))
    return nameless(roomless(text, room), name, staff=staff)


def _homes(text: str, *, staff: bool = False) -> list[tuple[Span, str]]:
    """The rooms in a text, and the names of those who live there."""
    norm = _folded(text)
    found: list[tuple[Span, str]] = []
    for home in address.find(norm, staff=staff):
        runs = [run for run in _RUN.finditer(norm, home.start, home.end) if len(run[0]) > 1]
        if "room" not in home.slots or not runs or _is_number(norm, home, runs[-1][0]):
            continue
        found.append((Span(runs[-1].start(), runs[-1].end()), ROOM))
        if (name := scrub.called(norm, home)) is not None:
            found.append((name, NAME))
    left = mask(norm, (span for span, _ in found))
    for match in _ROOM.finditer(left):
        found.append((Span(match.start(), match.end()), ROOM))
        if (who := _NAMED.match(left, match.end())) is not None:
            found.append((Span(who.start(1), who.end(1)), NAME))
    return found


def _is_number(norm: str, home: Span, run: str) -> bool:
    """85/100, 110, 50-100元, 居民1203户: what is counted, not a flat."""
    if "building" not in home.slots:
        return run in _EMERGENCY or (
            norm[home.start - 1 : home.start] in tuple(_COUNTS) and norm[home.end : home.end + 1] in _LOTS
        )
    ratio = "/" in norm[home.start : home.end] and "unit" not in home.slots
    return ratio or _COUNTED.match(norm, home.end) is not None


def _put(text: str, found: Iterable[tuple[Span, str]]) -> str:
    for span, sign in sorted(found, key=lambda item: item[0].start, reverse=True):
        text = text[: span.start] + sign + text[span.end :]
    return text


def _folded(text: str) -> str:
    """In one script and in small letters, every sign where it was."""
    return "".join(map(fold, text))


def _reads(run: str, room: str) -> bool:
    return len(run) > 1 and (digits_only(run) == room or str(to_int(run)) == room)


@lru_cache(maxsize=256)
def _spelt(number: str) -> re.Pattern[str]:
    signs = ("".join(sign for sign in DIGITS if str(DIGITS[sign]) == digit) for digit in number)
    return re.compile(rf"(?<![0-9{CHINESE}])" + r"[^\w]{0,3}".join(f"[{sign}]" for sign in signs))
