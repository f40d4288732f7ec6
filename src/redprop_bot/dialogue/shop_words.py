"""Words about the goods of 公益超市: what is wanted and how many; who asks, puts off or wants none.

Points are spent only on words that ask for goods.
"""

import re
from typing import Final

from redprop_bot.errors import Invalid
from redprop_bot.rules.bigrams import tokens
from redprop_bot.store.tables import Goods
from redprop_bot.understand.numerals import CHINESE, to_int

_NUMBER: Final = re.compile(
    rf"(?P<n>[-−]?\d+(?:\.\d+)?|[{CHINESE}十百千万半]+)\s*(?:份|个|袋|瓶|包|件|盒|条|桶|提|块|把|只|张|套|本|卷|支|双|斤|次|箱)"
)
_ALONE: Final = re.compile(
    rf"(?:^|[\s，,、×xX*换兑要来])(?P<n>\d+(?:\.\d+)?|[{CHINESE}十]{{1,3}})\s*[吧了。！!]*$"
)
"""A number behind the goods that is counted in nothing: 兑换 抽纸 3."""
_POINTS: Final = re.compile(r"(?:用|花|拿)?\s*\d+\s*(?:个)?(?:积?分)")
_MANNERS: Final = re.compile(r"能不能|可不可以|行不行|好不好|要不(?!要)|不好意思")
_POLITE: Final = re.compile(
    r"(?:能|可以|麻烦|请|帮|给)(?:你们?|您)?(?:帮|给|替)我|(?:麻烦|帮我|给我)|[，,](?:好|行|可以)[吗不]"
)
_ASKS: Final = re.compile(
    r"[吗么呢？?][。！!]?$|够不?够?|还有(?!一|个|事)|几个?积?分|多少|什么|哪|怎么|有没有|(?:能不能|可不可以)[换兑退][。？?]?$|还差"
)
_REFUSES: Final = re.compile(
    r"(?:不|别|甭|没)(?:想|要|用|打算|准备|给我?|帮我?|替我?|再)*[换兑]|不要了|[换兑].{0,6}不要|取消|撤销|退(?:掉|了|回|$)"
)
_LATER: Final = re.compile(
    r"(?:下个?[月周次回]|明[天儿年]|后天|改[天日]|过.{0,2}[天日周月]|以后|回头|等.{0,6}|到时候?|想想|攒.{0,4}).{0,3}再"
)
_HELD: Final = re.compile(r"(?<![要想])[换兑](?:的|了|好|过)|[领拿取](?!消|码)")
_HANDED_ON: Final = re.compile(
    r"(?:(?:我|自己)的?|^)(?:这|那)?(?:\d+个?)?积?分(?:能不能|能|可以|可不可以|想|要|都|全部?|是否)*"
    r"(?:转(?!人工)|送|赠|让|捐|借|给(?!错|少|多|漏|我|了|补))"
)
_SHOP: Final = re.compile(
    rf"(?:我们?|俺|咱们?|也|还|再|想|要|能|不|别|可以?|麻烦|请|帮|给|用|拿|的|积?分|爱心|公益|超市|里|[这那]个|[换兑来取领退]|取消|撤销|消|掉|把|将|点|好"
    rf"|够|有|没|什么|时候|哪里?|儿|怎么|几|多少|到|在|去|谢谢|现在"
    rf"|昨天|今天|刚才|下个?[月周次]|以后|明天|改天"
    rf"|[吧呀啊哦呢吗么了行，。！？,!? ]|\d+|[{CHINESE}十半]"
    r"|[份个袋瓶包件盒条桶提块把只张套本卷支双斤次箱])+"
)
_COUNT: Final = (
    rf"(?:各)?(?:\d{{1,3}}|[{CHINESE}十]{{1,2}})?(?:份|个|袋|瓶|包|件|盒|条|桶|提|块|只|张|套|本|卷|支|双|斤|箱)?"
)
_LISTS: Final = re.compile(
    rf"(?:我们?|想|要|用|拿|积?分|换|兑换?|来|给我|帮我|麻烦|请|[，, ])*{_COUNT}(?:的)?\|{_COUNT}"
    rf"(?:(?:[和跟与及加、，, ]|还有|再来|再要|再换|还要)*{_COUNT}\|{_COUNT})+(?:吧|了|谢谢|[。！!，, ])*"
)
_SWAPS: Final = re.compile(r"(?:换成|改成|改换|改要|改为|还是[要换]|换个别的)")
_DROPS: Final = re.compile(
    r"(?:算了|那|我|先|就|还是|[，, ]){0,3}"
    r"(?:不要了|不想要了|退掉?了?吧?|退了|退回去|给我退了|帮我退了|取消(?:吧|掉|了)?|不用了)[吧啊。.!！]{0,2}"
)
_LOST_CODE: Final = re.compile(
    r"(?:我|的|那个|取货|兑换|换货|领货|[，, ]){0,3}码(?:我)?"
    r"(?:忘了|忘记了|丢了|找不到了?|没了|删了|是?多少|看不到了?|没记住|没记)[啊呀。？?]{0,2}"
)
_ABOUT: Final = re.compile(r"[换兑领退来要]|几个?积?分|多少积?分|还有|[拿取]|够")
_SHORT: Final = 25
_WANTS: Final = re.compile(r"[换兑来]")
_REDEEMS: Final = re.compile(r"[换兑]")


def may_be_about_goods(text: str) -> bool:
    """Whether a sentence has a word of the shop at all, whatever the goods are called."""
    return len(text) <= _SHORT and _ABOUT.search(text) is not None


def about_goods(text: str, title: str) -> bool:
    """Whether a sentence says nothing but something about these goods in the shop."""
    rest = beside(text, title)
    return _SHOP.fullmatch(rest) is not None and _ABOUT.search(rest) is not None


def wants(text: str) -> bool:
    """Whether goods are asked for and not only wished for: 换, 来一瓶, not 要一瓶."""
    return _WANTS.search(text) is not None


def redeems(text: str) -> bool:
    """Whether it is said in the words of the shop, so that even who has no points means it."""
    return _REDEEMS.search(text) is not None


def handed_on(text: str) -> bool:
    """把我的分转给我老伴."""
    return _HANDED_ON.search(text) is not None


def asks(text: str) -> bool:
    """我的分够换大米吗, 洗衣液还有吗; 能给我换一袋吗 asks for it."""
    return _ASKS.search(text) is not None and not _POLITE.search(text)


def asked_for(text: str) -> str:
    """The one clause that asks for goods, where what is said before is of others and behind only of fetching."""
    parts = [part for part in re.split(r"[，,。；;！!\s]+", text) if part]
    nothing = [not redeems(p) or refuses(p) or later(p) or of_held(p) or asks(p) for p in parts]
    if nothing.count(False) != 1:
        return text
    at = nothing.index(False)
    return parts[at] if all(of_held(p) and not refuses(p) for p in parts[at + 1 :]) else text


def refuses(text: str) -> bool:
    """不换了, 大米退了, 别给我换."""
    return _REFUSES.search(_MANNERS.sub("", text)) is not None


def later(text: str) -> bool:
    """下个月再换."""
    return _LATER.search(text) is not None


def of_held(text: str) -> bool:
    """我换的大米, 在哪领: what was redeemed before."""
    return _HELD.search(text) is not None


def meant(text: str, shelf: list[Goods]) -> list[Goods]:
    """What is named, by its whole title, else by what it shares most of."""
    named = [goods for goods in shelf if goods.title in text]
    if named:
        longest = max(len(goods.title) for goods in named)
        return [goods for goods in named if len(goods.title) == longest]
    said = set(tokens(text).pairs)
    shared = [(len(said & set(tokens(goods.title).pairs)), goods) for goods in shelf]
    most = max((count for count, _goods in shared), default=0)
    return [goods for count, goods in shared if count == most and most > 0]


def beside(text: str, title: str) -> str:
    """What is said beside the name of the goods: in 大米5斤装 nobody asks for five.

    Of a name that is said in part the numbers in it are no quantity either.
    """
    if title in text:
        return text.replace(title, " ")
    for number in _NUMBER.finditer(title):
        text = text.replace(number[0], " ", 1)
    return text


def quantity(text: str, most: int) -> int:
    """How many are said, one if none. Raises Invalid for what is no whole number above nothing."""
    plain = _POINTS.sub("", text)
    match = _NUMBER.search(plain) or _ALONE.search(plain)
    if match is None:
        if re.search(r"[-−]\s*\d", text):
            raise Invalid("shop_quantity", field="quantity", most=most)
        return 1
    said = match["n"]
    number = (
        int(said) if said.isdecimal() and len(said) < 10 else to_int(said) if said[0] in CHINESE + "十" else None
    )
    if not number or number < 1:
        raise Invalid("shop_quantity", field="quantity", most=most)
    return number


def named(text: str, shelf: list[Goods]) -> list[tuple[int, Goods]]:
    """Where goods are named by their whole titles, in order; a title inside of a longer one is not named."""
    places = sorted(
        (text.find(goods.title), -len(goods.title), goods.id or 0, goods) for goods in shelf if goods.title in text
    )
    found: list[tuple[int, Goods]] = []
    for start, _length, _id, goods in places:
        if not found or start >= found[-1][0] + len(found[-1][1].title):
            found.append((start, goods))
    return found


def several(text: str, found: list[tuple[int, Goods]]) -> list[tuple[Goods, str]]:
    """洗衣液一瓶，抽纸两包: each of the named goods with the words that are of it.

    Empty where not more than one is named, or where they are not simply listed: 洗衣液或者抽纸 is one of them.
    """
    if len(found) < 2 or len({goods.title for _start, goods in found}) < len(found):
        return []
    said = text
    for _start, goods in found:
        said = said.replace(goods.title, "|", 1)
    if _LISTS.fullmatch(said) is None:
        return []
    ahead = _NUMBER.search(text[: found[0][0]]) is not None
    parts = []
    for n, (start, goods) in enumerate(found):
        end = start + len(goods.title)
        before = text[found[n - 1][0] + len(found[n - 1][1].title) if n else 0 : start]
        after = text[end : found[n + 1][0] if n + 1 < len(found) else len(text)]
        parts.append((goods, before if ahead else after))  # 一瓶洗衣液两包抽纸, 洗衣液一瓶抽纸两包
    return parts


def swapped(text: str) -> tuple[str, str] | None:
    """换成洗洁精, 大米换成抽纸: what is said of the old and of the new; None where nothing is swapped."""
    match = _SWAPS.search(text)
    return (text[: match.start()], text[match.end() :]) if match else None


def only_manners(text: str) -> bool:
    """Whether nothing is named in front of 换成: 帮我换成抽纸, 不好意思换成抽纸."""
    return (
        re.fullmatch(
            r"(?:我|想|要|那|帮|给|再|还是|能|可以|麻烦|请|不好意思|算了|刚才|那个|的|[，,。 ]){0,8}", text
        )
        is not None
    )


def drops(text: str) -> bool:
    """不要了, 退掉, and no word of what, straight after something was redeemed."""
    return _DROPS.fullmatch(text) is not None


def lost_code(text: str) -> bool:
    """码忘了, 码找不到了."""
    return _LOST_CODE.fullmatch(text) is not None
