# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""A message without who said it and where they live, fit to be kept and shared as an example.

Places and phones are found as the reader finds them, so that the example teaches what the message would have taught;
then what only looks like one, then names. Better a word too many than a name too few: nobody checks these by hand.
"""

import re
from collections.abc import Callable, Collection, Iterable

from redprop_bot.understand.features import ADDRESS, ESTATE, PHONE
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.normalise import normalise
from redprop_bot.understand.numerals import CHINESE, digits_only
from redprop_bot.understand.slots import address, phone
from redprop_bot.understand.slots.span import Span, mask
from redprop_bot.understand.surnames import ANY, COMMON, DOUBLE, GIVEN, SURNAME

PERSON = "某某"
STANDS_FOR = {"〔电话〕": PHONE, "〔地址〕": ADDRESS, "〔小区〕": ESTATE, "〔人名〕": PERSON}
"""What stands in a scrubbed text, and what it counts as when the text is learnt from."""

_WRITTEN = {sign: written for written, sign in STANDS_FOR.items()}
_DIGIT = f"[0-9{CHINESE}拐]"
_KEPT = re.compile(  # addresses of ours, numbers of orders, days
    r"https?://[!-~]+|(?<![a-z])[a-z]20\d{6}-\d{3,}|(?<![0-9])20\d\d(?:([-/.])\d{1,2}\1\d{1,2}(?![0-9])|-\d{1,3}(?![0-9-])|-20\d\d(?![0-9-]))"
)
_MOBILE = re.compile(
    rf"(?<!{_DIGIT})[1一幺壹](?=[^\w]{{0,3}}[3-9三叁四肆五伍六陆七柒拐八捌九玖])(?:[ .·。/*_—–~-]{{0,3}}{_DIGIT}){{10}}(?!{_DIGIT})"
)
_LONG = re.compile(
    r"(?<![0-9])(?<![0-9]-)(?![0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}(?![0-9]))[0-9](?:[ \t-]?[0-9]){6,30}x?(?![0-9])(?!\.?[0-9]* ?[元万])"
)
_ROOM = re.compile(r"(?<![0-9A-Za-z.])[A-Za-z]?\d{3,4}(?=室|房|号房|户|家|住户|业主|的(?:住户|业主|人|邻居))")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·. ]?[0-9A-Za-z]{5,6}(?![0-9A-Za-z])"
)
_ACCOUNT = re.compile(
    r"(?<![A-Za-z])((?:微信|支付宝|QQ|qq|Q|vx|VX|wx|wechat)号?码?[:： 是]{0,2})[\w@.+-]{5,40}", re.ASCII
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,24}){1,4}|https?://[!-~]{1,300}", re.ASCII)

_LED_TO = re.compile(
    r"[，,、；;。 ]*(?:请?打|我?(?:家|就)?住在?|(?:我的?|本人)?(?:联系)?(?:电话|手机|座机|微信|方式)号?码?[是为：: ]*)*(?:〔(?:电话|地址)〕(?:室|号|户)?)+"
)
_OF_A_FLAT = re.compile(rf"(?:室|号|户)?(?:的|住户|业主|户主|居民|邻居)?({SURNAME}{GIVEN}{{1,2}})")
_TITLE = "阿姨|大爷|大妈|大娘|大叔|大伯|大哥|大姐|奶奶|爷爷|婆婆|叔叔|伯伯|嬢嬢|师傅|先生|女士|小姐|老师|医生|护士|主任|经理|书记|队长|站长|所长|局长|科长|组长|会长|校长|网格员|同志|老太太|老太|老爷子|嫂子|老板"
_NAMES = (
    re.compile(rf"[{ANY}](?:{_TITLE})"),
    re.compile(rf"[{COMMON}][\u4e00-\u9fff](?:阿姨|大爷|大妈|奶奶|爷爷|师傅|先生|女士|小姐|老师|医生|主任|经理|书记|同志|网格员)"),
    re.compile(rf"[{ANY}][哥姐嫂叔伯姨婶爷婆](?![\u4e00-\u9fff]?[妹弟])"),
    re.compile(r"(?<![施高金民农员职竣])[王李张刘陈杨赵周吴徐孙朱郭冯钱](?:工|总)(?![程地作人是在不得共会能要没])"),
    re.compile(rf"(?<![大中最很太多幼弱从古养敬尊])[老小][{COMMON}](?![子女末围边树车店路区])"),
    re.compile(r"(?:(?<=我叫)|(?<=本人)|(?<=姓名)|(?<=名叫)|(?<=户主)|(?<=业主)|(?<=我是)|(?<=联系人)|(?<=邻居)|(?<=姓名[:：])|(?<=联系人[:：])|(?<=户主[:：])|(?<=业主[:：]))"
               rf"[{ANY}][\u4e00-\u9fff]{{1,2}}(?=$|[^\u4e00-\u9fff]|的|家|在|住)"),
    re.compile(r"(?<=我叫)(?![了过他她你人物师保门救维电消滴])[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])"),
    re.compile(rf"(?:(?<=我叫)|(?<=我是)|(?<=本人)|(?<=户主)|(?<=联系人))(?:{DOUBLE}){GIVEN}{{1,2}}"),
    re.compile(rf"(?:(?<=户主)|(?<=我是〔地址〕的)|(?<=我是〔小区〕〔地址〕的)){SURNAME}{GIVEN}{{1,2}}"),
    re.compile(rf"(?:(?<=孙子)|(?<=孙女)|(?<=儿子)|(?<=女儿)|(?<=老伴)|(?<=老公)|(?<=老婆)|(?<=爱人)|(?<=母亲)|(?<=父亲)|(?<=妈妈)|(?<=爸爸)){SURNAME}{GIVEN}{{1,2}}(?=$|[^\u4e00-\u9fff]|的|家|在|住|想|要|上|今|没|有|是|患|生|需|喜|爱|考|读|行|缺|盼|也|一|不|两|三|刚|快|过)"),
    re.compile(rf"(?:^|(?<=[，,、；;。！!\s：:])){SURNAME}{GIVEN}{{1,2}}(?=[，,、\s]*(?:很|也|一直|特别|就)?(?:想[要请学找把买有]|要[一个几点]|需要|求[一个助]|希望|盼))"),
    re.compile(rf"(?:(?<=我姓)|(?<=免贵姓)|(?<=本人姓))[{ANY}]"),
)  # fmt: skip


def scrub(
    text: str,
    *,
    names: Collection[str] = (),
    rooms: Iterable[str] = (),
    gazetteer: Gazetteer | None = None,
    guess: Callable[[str], Iterable[str]] | None = None,
) -> str:
    """The text with 〔电话〕 〔地址〕 〔小区〕 〔人名〕 for what tells a person.

    names: names that are known, of whatever length. rooms: rooms that are known. guess: finds further names in a
    text, for those who have the time. Scrubbing what is scrubbed changes nothing.
    """
    said = normalise(text)
    found = _places(said.norm, gazetteer or Gazetteer.empty())
    out = _replace(said.raw, found)
    for room in sorted(set(rooms), key=len, reverse=True):
        out = re.sub(rf"(?<![\dA-Za-z]){re.escape(room)}(?![\dA-Za-z])", _WRITTEN[ADDRESS], out)
    out = _ROOM.sub(_WRITTEN[ADDRESS], _MAIL.sub(_WRITTEN[PHONE], plateless(out)))
    return _nameless(accountless(out), names, guess)


def unreachable(text: str) -> str:
    """The text without phones, accounts and flats, and without the words that led to them; names and houses stay."""
    said = normalise(text)
    numbers = phones(said.norm)
    flats = [span for span in address.find(mask(said.norm, numbers, PHONE), staff=True) if "room" in span.slots]
    found = [(span, PHONE) for span in numbers] + [(span, ADDRESS) for span in flats]
    out = _ROOM.sub(_WRITTEN[ADDRESS], _MAIL.sub(_WRITTEN[PHONE], accountless(_replace(said.raw, found))))
    return _LED_TO.sub("", out).strip(" ，,、；;。：:")


def phones(norm: str) -> list[Span]:
    """Phones and whatever is as long as one, however they are written; not the numbers of orders, not days."""
    left = mask(norm, (Span(m.start(), m.end()) for m in _KEPT.finditer(norm)))
    found = phone.find(left)
    for pattern in (_MOBILE, _LONG):
        left = mask(left, found)
        found += [Span(m.start(), m.end(), {"phone": digits_only(m[0])}) for m in pattern.finditer(left)]
    return sorted(found, key=lambda span: span.start)


def called(norm: str, home: Span) -> Span | None:
    """The name that stands right behind a flat: 3栋703张桂芳家."""
    found = _OF_A_FLAT.match(norm, home.end) if "room" in home.slots else None
    return Span(found.start(1), found.end(1)) if found else None


def accountless(text: str) -> str:
    """Without the accounts by which somebody is reached elsewhere."""
    return _ACCOUNT.sub(rf"\1{_WRITTEN[PHONE]}", text)


def plateless(text: str) -> str:
    """Without the plates of cars."""
    return _PLATE.sub("〔车牌〕", text)


def _places(norm: str, gazetteer: Gazetteer) -> list[tuple[Span, str]]:
    numbers = phones(norm)
    text = mask(norm, numbers, PHONE)
    estates = [Span(start, end) for start, end, _ in gazetteer.find_estates(text)]
    text = mask(text, estates, ESTATE)
    found = [(span, PHONE) for span in numbers] + [(span, ESTATE) for span in estates]
    homes = address.find(text)
    found += [(name, PERSON) for home in homes if (name := called(text, home)) is not None]
    return found + [(span, ADDRESS) for span in homes]


def _replace(raw: str, found: Iterable[tuple[Span, str]]) -> str:
    for span, sign in sorted(found, key=lambda item: item[0].start, reverse=True):
        raw = raw[: span.start] + _WRITTEN[sign] + raw[span.end :]
    return raw


def _nameless(text: str, names: Collection[str], guess: Callable[[str], Iterable[str]] | None) -> str:
    mark = _WRITTEN[PERSON]
    for name in sorted((n for n in names if len(n) > 1), key=len, reverse=True):
        text = text.replace(name, mark)
    for pattern in _NAMES:
        text = pattern.sub(mark, text)
    for name in guess(text) if guess else ():
        if len(name) > 1 and name[0] in ANY:
            text = text.replace(name, mark)
    return text


def as_read(text: str) -> str:
    """A scrubbed text with the signs that the reader would have put in the same places; any other text as it is."""
    if "〔" in text:
        for written, sign in STANDS_FOR.items():
            text = text.replace(written, sign)
    return text
