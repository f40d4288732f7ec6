"""Words of people without what tells who they are: phones, rooms, the names that they gave.

One place for messages, pages and the API, so that none of them forgets one. What is covered leaves a mark that
says what stood there. Who must not read what is decided by the callers.
"""

import re
from typing import Final

PHONE: Final = "〔电话〕"
ROOM: Final = "〔室号〕"
NAME: Final = "〔报事人〕"

# not numbers of orders, where a letter stands first, nor dates
_PHONE = re.compile(r"(?<!\d)(?<![A-Z])(?!20\d\d-\d{1,2}-\d{1,2}(?!\d))(?:\+86[ -]?)?\d(?:[\s-]?\d){6,}")
_DOOR = r"(?:\d{3,4}|[零〇一二三四五六七八九]{3})(?![\d零〇一二三四五六七八九年月元块万米平人只盏个次%.-])"
_ROOM = re.compile(
    r"(?<![\dA-Za-z])\d{3,4}(?=室|房|号房|户|家)"
    rf"|(?:(?<=[栋幢座#])|(?<=号楼)|(?<=单元)){_DOOR}"  # 3栋501, 2单元501
    r"|(?:(?<=\d-\d-)|(?<=\d-\d\d-))\d{3,4}(?![\d-])"  # 3-2-501
)

_SURNAME = (
    "(?:欧阳|司马|上官|诸葛|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温常])"
)
_TITLE = "(?:先生|女士|小姐|大爷|大妈|大姐|阿姨|奶奶|爷爷|老师|叔叔|婆婆|某某?)"
_HAN = "[\u4e00-\u9fff]"
_OTHERS = (  # and words that begin like a name
    "(?!.{0,2}(?:经理|主任|书记|队长|班长|主管|管家|保安|客服|前台|师傅|总))"  # whom it is about stays named
    "(?!谢谢|方便|马[上路桶]|万一|常[常年]|白[天费忙搭洗干]|钱[照紧也]|谢[啦了]|严[重厉]|任[何意]"
    "|于是|高[层空压温]|何[时况必]|陈旧|周[一二三四五六日天末边围]"
    "|石[头板]|金[额属]|毛病|龙头|汤水|温[度水]|顾[客不]|范围|向[来上下前后]|黄[灯色]|余[额下]|程[度序]|贺[卡礼])"
)
_WHOLE = f"{_OTHERS}{_SURNAME}(?:{_TITLE}|{_HAN}{{1,2}}(?!{_HAN}))"  # nothing follows that could belong to it
_PART = f"{_OTHERS}{_SURNAME}(?:{_TITLE}|{_HAN}{{1,2}}?)"

_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"()(?:我|本人)(?:姓|名叫|名字是|叫(?![了过他她你人物])){_HAN}{{1,3}}(?!{_HAN})",
        rf"((?:我|本人|这里|我们)是(?:[^，。！？,.!?\s]{{0,10}}的)?){_WHOLE}",
        rf"((?:姓名|联系人|投诉人|反映人|报事人|署名|业主|住户)[是为叫：:\s]*){_WHOLE}",
        rf"((?:业主|住户)){_SURNAME}{_TITLE}",
        rf"({ROOM}(?:室|房|户)?(?:住的|的|业主|住户)?){_PART}(?=家|的|门口|[，,。.！!；;、\s]|$)",
        rf"(){_PART}(?=(?:[，,：:\s]|的?(?:电话|手机)号?码?是?)*{PHONE})",
        rf"(^|[^\u4e00-\u9fff]|的){_PART}(?=[要想来]?(?:投诉|反映|举报))",
        rf"([—\-，。！,.!\s]){_WHOLE}[。.\s]*$",
    )
)

_SELF = re.compile("^(?:我|本人)(?:姓|名叫|名字是|叫)")
_TITLED = re.compile(f"{_SURNAME}?{_TITLE}")


def phoneless(text: str) -> str:
    """Without phone numbers."""
    return _PHONE.sub(PHONE, text)


def roomless(text: str, room: str | None) -> str:
    """Without this room."""
    return re.sub(rf"(?<![\dA-Za-z]){re.escape(room)}(?![\dA-Za-z])", ROOM, text) if room else text


def nameless(text: str, known: str | None = None) -> str:
    """Without the name that their speaker gave, as far as words show it, and the one that is `known`."""
    if known and len(known) > 1:
        text = text.replace(known, NAME)
    for pattern in _NAMES:
        text = pattern.sub(rf"\1{NAME}", text)
    return text


def told_of(text: str) -> tuple[list[str], list[str]]:
    """The names and the phones that somebody gave in these words, for finding them elsewhere as well."""
    phones = _PHONE.findall(text)
    names = [match[0][len(match[1]) :] for pattern in _NAMES for match in pattern.finditer(phoneless(text))]
    bare = [_SELF.sub("", name).strip("，,：: 。.") for name in names]
    return [name for name in bare if len(name) > 1 and not _TITLED.fullmatch(name)], phones


def covered(text: str, *, room: str | None = None, name: str | None = None) -> str:
    """Without all of it: phones, rooms, names."""
    return nameless(_ROOM.sub(ROOM, roomless(phoneless(text), room)), name)


def softened(text: str, *, room: str | None = None) -> str:
    """For neighbours, who share an order: without phones and rooms."""
    return _ROOM.sub(ROOM, roomless(phoneless(text), room))
