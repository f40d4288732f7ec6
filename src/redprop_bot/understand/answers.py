"""A bare answer to what the conversation has just asked: 3栋2单元, 还行, 12, 三天, 没配件."""

import re

from redprop_bot.understand import visits
from redprop_bot.understand.acts import Act
from redprop_bot.understand.entities import Entities
from redprop_bot.understand.slots import address, amounts, bare, orders
from redprop_bot.understand.surnames import ELDERS, GIVEN, SURNAME

_YES = re.compile(
    r"(?:是|是的|对|对的|对啊|嗯|嗯嗯|好|好的|行|可以|没错|确认|ok|要|就是|是呀|中|得行|系|没问题|同意)[的啊呀哦吧了滴呢]{0,2}[。.!！~]{0,3}"
)
_NO = re.compile(
    r"(?:不是|不对|不|不用|不要|不用了|算了|错了|否|取消|没有|别|不行|no|唔系|不中|不得行)[的啊呀哦吧了呢]{0,2}[。.!！~]{0,3}"
)
_GOOD = re.compile(
    r"还行|还可以|可以|满意|不错|挺好|蛮好|很好|好的|好评|好(?!的?[,，]?(?:收到|知道|明白))|行|中|得行|巴适|凑合|一般|过得去|解决了|修好了|谢|赞|点赞|👍(?!👎)|👌|优秀|完美|棒|马马虎虎"
)
_BAD = re.compile(
    r"不好|不行|不满意|没有?(?:完全)?(?:好|修|解决|[弄办]好)|没人来|差|太慢|糊弄|敷衍|不咋|失望|还是(?:漏|坏|不|没|那样)|又坏|(?<!👍)👎|不怎么样|不[及合]格|垃圾|不中|没用"
)
_NOTHING_MORE = 12
_BESIDE_NUMBERS = re.compile(r"[第尾号单子张件个条那这就是选要和跟与及还有的吧啊呀了一二三四五六七八九十d]")
ONLY_PLACE = ("答:地点", "别无他话")
RATED = ("答:评价",)


def confirms(text: str) -> bool | None:
    """Yes, no, or neither."""
    text = text.strip().lower()
    if _NO.fullmatch(text):
        return False
    return True if _YES.fullmatch(text) else None


_NAMED = rf"(?:我是|我叫|我姓|俺是|本人|这里是)[小老]?{SURNAME}{GIVEN}{{0,2}}"
_CALLED = rf"(?:[小老]{SURNAME}|{SURNAME}(?:{ELDERS}|先生|女士|老师|师傅|同志|大哥|大姐|叔叔?|婶|姐|哥))"
_WHERE_I_AM = re.compile(
    rf"(?:{_NAMED}|{_CALLED}|业主|租户|住户|居民|我|我们|俺|家|住|在|就|这|那|里|边|是|的|地址|位置|小区|业主|个|门口|楼下|楼上|楼道|楼梯|大门|[东南西北]|旁|附近|外面|里面|前面|后面|对面|口)*"
)


def only_place(entities: Entities, slots: dict[str, str | int]) -> bool:
    """Whether a message names a place and not a word of what is there."""
    rest = re.sub(r"[^\u4e00-\u9fffa-z]", "", entities.masked.replace(str(slots.get("place", " ")), ""))
    return bool(slots.keys() & {"estate", "building", "unit", "room"}) and bool(_WHERE_I_AM.fullmatch(rest))


def answer(asked: str, norm: str, raw: str, entities: Entities, slots: dict[str, str | int]) -> Act | None:
    """The act of a bare answer, or None when the person speaks of something else."""
    rest = re.sub(r"[^\u4e00-\u9fffa-z]", "", entities.masked)
    if asked == "place":
        if entities.role == "secretary" and visits.went(entities.masked) is not None:
            return None  # 走访5栋李婶，都好: the next visit is not where the last one's demand is
        slots = slots if "building" in slots else slots | address.lettered(norm)
        named = slots.keys() & {"estate", "building", "unit", "room", "place"}
        if named and len(rest) <= _NOTHING_MORE:
            why = ONLY_PLACE if only_place(entities, slots) else ("答:地点",)
            return Act("demand.supplement", slots=slots, confidence=0.95, why=why, text=raw)
    elif asked == "rating":
        return _rating(norm, raw)
    elif asked == "which_order":
        found = orders.join(bare.tails(norm) or orders.strong(norm) + orders.weak(norm, [])) or _lone_number(norm)
        if found and not _BESIDE_NUMBERS.sub("", rest):  # 2号单接了 says what to do as well
            return Act("demand.supplement", slots=found, confidence=0.9, why=("答:单号",), text=raw)
    elif asked == "days":
        count = amounts.days(norm) or _lone_days(norm)
        if count and len(rest) <= _NOTHING_MORE:
            return Act("order.extend", slots={"days": count}, confidence=0.9, why=("答:天数",), text=raw)
    elif asked == "reason" and raw and confirms(norm) is not False:
        return Act("demand.supplement", slots={"reason": raw}, confidence=0.7, why=("答:理由",), text=raw)
    return None


def _rating(norm: str, raw: str) -> Act | None:
    count = amounts.bare_stars(norm)
    if count is not None and len(norm) <= 2 * _NOTHING_MORE:
        intent = "feedback.satisfied" if count >= 3 else "feedback.unsatisfied"
        return Act(intent, slots={"stars": count}, confidence=0.97, why=RATED, text=raw)
    if len(norm) > _NOTHING_MORE:
        return None
    if _BAD.search(norm) or confirms(norm) is False:
        return Act("feedback.unsatisfied", confidence=0.9, why=RATED, text=raw)
    if _GOOD.search(norm) or confirms(norm):
        return Act("feedback.satisfied", confidence=0.9, why=RATED, text=raw)
    return None


def _lone_number(norm: str) -> dict[str, str | int]:
    match = re.fullmatch(r"\D{0,3}(\d{1,6})号?\D{0,2}", norm)
    return {"order": match[1]} if match else {}


def _lone_days(norm: str) -> int | None:
    match = re.fullmatch(r"\D{0,2}(\d{1,2})\D{0,2}", norm)
    return int(match[1]) if match else None
