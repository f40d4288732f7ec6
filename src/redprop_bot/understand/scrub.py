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
from redprop_bot.understand.slots import address, phone
from redprop_bot.understand.slots.span import Span, mask

PERSON = "某某"
STANDS_FOR = {"〔电话〕": PHONE, "〔地址〕": ADDRESS, "〔小区〕": ESTATE, "〔人名〕": PERSON}
"""What stands in a scrubbed text, and what it counts as when the text is learnt from."""

_WRITTEN = {sign: written for written, sign in STANDS_FOR.items()}
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?!20\d{6}-)\d(?:[ -]?\d){6,30}[Xx]?"
)  # order numbers have a letter before them
_ROOM = re.compile(r"(?<![0-9A-Za-z.])[A-Za-z]?\d{3,4}(?=室|房|号房|户|家|住户|业主|的(?:住户|业主|人|邻居))")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·. ]?[0-9A-Za-z]{5,6}(?![0-9A-Za-z])"
)
_ACCOUNT = re.compile(
    r"(?<![A-Za-z])((?:微信|支付宝|QQ|qq|Q|vx|VX|wx|wechat)号?码?[:： 是]{0,2})[\w@.+-]{5,40}", re.ASCII
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,24}){1,4}|https?://[!-~]{1,300}", re.ASCII)

_COMMON = "王李张刘陈杨赵周吴徐孙胡朱何郭罗宋郑谢韩唐冯董程曹袁邓许沈曾彭吕苏卢蒋蔡贾丁魏薛潘杜戴钟汪姜姚谭廖邹熊陆郝孔崔邱秦侯邵孟葛茅"
_RARE = "黄马林梁萧傅叶阎余夏田任范方石金康毛江史顾段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁翁柴庄柯祝詹耿关焦柳左甘霍裴尤盛覃齐宁梅向欧祁"
_SELDOM = "冉牟岳褚卫於裘邬臧戚葛奚项滕屠蓝闵席麻强路娄江童郭梅盛钟骆樊凌霍虞支柯昝管卢莫经房缪干应宗宣邓郁单杭洪诸石崔吉钮龚程嵇邢裴荣荀羊惠甄曲封芮储靳汲邴糜段巫乌焦巴弓牧隗谷侯宓蓬郗班仰秋仲伊宫仇栾暴甘厉戎祖符景詹束叶幸司韶黎薄印宿怀蒲邰鄂索咸籍卓蔺蒙池乔苍闻莘党翟谭贡劳逄姬申扶堵宰郦雍桑桂牛寿边扈燕冀浦尚农温别晏瞿阎充慕连茹习宦艾鱼容古易慎戈庾终暨居衡步耿匡寇广禄东欧殳沃利蔚越隆巩聂晁勾敖融冷訾辛阚那简饶曾沙养鞠须丰关查荆红游竺权盖桓公万俟仉督"
# without those that are more often a word or the end of one than a surname
_ANY = "".join(
    dict.fromkeys(
        c
        for c in _COMMON + _RARE + _SELDOM + "高白龙"
        if c not in "卫巴党公东农路区别那干应居养广连步束利经管单怀强越红党边须查池权盖督古容终充"
    )
)
_TITLE = "阿姨|大爷|大妈|大娘|大叔|大伯|大哥|大姐|奶奶|爷爷|婆婆|叔叔|伯伯|嬢嬢|师傅|先生|女士|小姐|老师|医生|护士|主任|经理|书记|队长|站长|所长|局长|科长|组长|会长|校长|网格员|同志|老太太|老太|老爷子|嫂子|老板"
_NAMES = (
    re.compile(rf"[{_ANY}](?:{_TITLE})"),
    re.compile(rf"[{_COMMON}][\u4e00-\u9fff](?:阿姨|大爷|大妈|奶奶|爷爷|师傅|先生|女士|小姐|老师|医生|主任|经理|书记|同志|网格员)"),
    re.compile(rf"[{_ANY}][哥姐嫂叔伯姨婶爷婆](?![\u4e00-\u9fff]?[妹弟])"),
    re.compile(r"(?<![施高金民农员职竣])[王李张刘陈杨赵周吴徐孙朱郭冯钱](?:工|总)(?![程地作人是在不得共会能要没])"),
    re.compile(rf"(?<![大中最很太多幼弱从古养敬尊])[老小][{_COMMON}](?![子女末围边树车店路区])"),
    re.compile(r"(?:(?<=我叫)|(?<=本人)|(?<=姓名)|(?<=名叫)|(?<=户主)|(?<=业主)|(?<=我是)|(?<=联系人)|(?<=邻居)|(?<=姓名[:：])|(?<=联系人[:：])|(?<=户主[:：])|(?<=业主[:：]))"
               rf"[{_ANY}][\u4e00-\u9fff]{{1,2}}(?=$|[^\u4e00-\u9fff]|的|家|在|住)"),
    re.compile(rf"(?:(?<=我姓)|(?<=免贵姓)|(?<=本人姓))[{_ANY}]"),
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
    out = _ROOM.sub(_WRITTEN[ADDRESS], _MAIL.sub(_WRITTEN[PHONE], _PLATE.sub("〔车牌〕", out)))
    out = _NUMBER.sub(_WRITTEN[PHONE], _ACCOUNT.sub(rf"\1{_WRITTEN[PHONE]}", out))
    return _nameless(out, names, guess)


def _places(norm: str, gazetteer: Gazetteer) -> list[tuple[Span, str]]:
    phones = phone.find(norm)
    text = mask(norm, phones, PHONE)
    estates = [Span(start, end) for start, end, _ in gazetteer.find_estates(text)]
    text = mask(text, estates, ESTATE)
    found = [(span, PHONE) for span in phones] + [(span, ESTATE) for span in estates]
    return found + [(span, ADDRESS) for span in address.find(text)]


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
        if len(name) > 1 and name[0] in _ANY:
            text = text.replace(name, mark)
    return text


def as_read(text: str) -> str:
    """A scrubbed text with the signs that the reader would have put in the same places; any other text as it is."""
    if "〔" in text:
        for written, sign in STANDS_FOR.items():
            text = text.replace(written, sign)
    return text
