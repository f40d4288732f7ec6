# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Order numbers that nobody calls orders: 尾号0024, and what residents and members write bare (1027都九天了, 撤掉1067).

Told apart from rooms, phones, plates and buses by what stands beside them; the staff's bare numbers are `orders.weak`.
"""

import re

from redprop_bot.understand.numerals import CHINESE
from redprop_bot.understand.slots.orders import numbers
from redprop_bot.understand.slots.span import Span

_TAIL = re.compile(
    r"(?<!手机)(?<![她他])(?<!电话)(?<!号码)(?<!车牌)(?<!卡号)(?<!身份证)(?<!微信)(?:单号)?尾号[是为:： ]?(?P<n>[0-9]{2,6}(?:[、,，和跟][0-9]{2,6}){0,6})"
    r"(?!\s?的?(?:手机|电话|号码|车|卡|微信|用户|那辆|这辆|那位|机主|[0-9]))"
)
_CAR = re.compile(r"(?:车|摩托|面包|轿车|皮卡)[^。!！?？]{0,4}$")  # 那辆面包车，尾号3017
_HEAD = r"(?:^|(?<=[,，。;；！!？?、 ]))"
_N = r"(?P<n>[1-9][0-9]{1,3}(?:[、,，和跟][1-9][0-9]{1,3}){0,6})"
_MINE = (
    r"补充|补一[句下条]|再?追加|更正|(?:再|帮忙?|麻烦)?催|撤|作废|取消|不用(?:来|修|办)|销[掉了]|给个?[好差中]评|给?[一二三四五1-5]颗?星|[好差]评|不?满意"
    r"|办[得到]|进展|进度|走?到哪|走哪|有(?:没有?)?(?:结果|消息|信儿?|下文|进展)|怎么样|怎样|啥情况|什么情况|倒是|[那这][一]?[单件条]|号?单|[那这]个(?:单|报修|事|不用|别来|不要|取消|撤|先别|修好|弄好|好了|可以了|还没|到底|怎么|咋)"
    r"|(?:[我咱]们?)?[^,，。；;]{0,8}认[领了下]|(?:[我咱]们?)?(?:来|去|可以|能)?(?:助力|搭把手|接了|接下)"
)
_DONE = (
    r"的?(?:那个|那位)?师傅|都?(?:快|已经?|整整|等了|过了|拖了)?[0-9一二三四五六七八九十两半几]{1,3}(?:多|来)?(?:天|个?星期|个?礼拜|周|个月)了?"
    r"|都?(?:说是|说)?(?:修|弄|办|换|处理|解决|搞|补|清|通)(?:了|好|完|过|是|得|的)|还没|没人(?:来|理|管|接单)|一直没|拖|没动静|没下文|没着落|没消息|说是"
)
_DAYS = 31  # what is more is no day of a month
_CN_N = f"[{CHINESE.replace('两', '')}十百]"
_THAT_ONE = rf"(?:[那这]个|(?<=催)|(?<=取消)|(?<=撤掉)|(?<=报修))(?P<n>[1-9][0-9]{{1,3}}|{_CN_N}{{2,5}})号(?![0-9楼栋幢院座线店厅车口台门的生日会]|单元|[上下]午)"
_ROOM = re.compile(r"[1-3]?[0-9](?:0[1-9]|1[0-2])")  # a floor and a door
_SPOKEN = (
    (re.compile(rf"{_HEAD}{_N}(?= ?[:：,，]? ?(?:{_MINE}))"), True),
    (re.compile(rf"{_HEAD}{_N}(?= ?[:：,，]? ?(?:{_DONE}))"), False),
    (  # 0001 我来帮忙, as the last four signs of a number are written
        re.compile(
            rf"{_HEAD}(?P<n>0[0-9]{{3}})(?= ?[:：,，]? ?(?:号|单)?(?:的事)?[我咱]们?[^,，。；;]{{0,4}}(?:帮|搭|出把力))"
        ),
        True,
    ),
    (
        re.compile(
            rf"(?:撤掉?|撤销|撤回|催催?|催一[下催]|催下|认领|[我们]认)[ :：]?{_N}(?=[,，。;；!！?？ 吧了的那这到、]|$)"
        ),
        True,
    ),
    (  # 把107往前提, 那个四百零二号, 我报过的九十七号
        re.compile(rf"把[ :：]?{_N}(?=号?[单件]?(?:往前|提前|提一提|加急|优先|催|撤|取消|销|先))"),
        True,
    ),
    (re.compile(rf"(?P<n>[1-9][0-9]{{1,3}}|{_CN_N}{{2,5}})(?=号(?:的?报修|[那这][个单件张]))"), None),
    (re.compile(rf"(?:取消|撤掉|催|报过?|查一?下|问一?下)?(?:的|一下)?{_THAT_ONE}"), True),
    (re.compile(rf"(?:取消|查一?[下查]|查|销掉)[ :：]?{_N}(?=[,，。;；!！?？ 吧了那这到、]|$)"), False),
)


def tails(text: str) -> list[Span]:
    """尾号0024, whoever says it; a phone's or a car's last signs are none."""
    told = (m for m in _TAIL.finditer(text) if not _CAR.search(text[max(0, m.start() - 8) : m.start()]))
    return [Span(m.start(), m.end(), {"order": numbers(m["n"])}) for m in told]


def spoken(text: str) -> list[Span]:
    """Numbers that a resident or a member names without calling them orders.

    What could be a room is one only beside words that nothing but an order has (补充, 催, 评, 认领).
    """
    found: list[Span] = []
    for pattern, certain in _SPOKEN:
        for match in pattern.finditer(text):
            start, end = match.span("n")
            if certain is None:  # 三十一号那个活动 is a day
                likely = not numbers(match["n"]).isdigit() or int(numbers(match["n"])) > _DAYS
            else:
                likely = certain or not any(
                    _ROOM.fullmatch(n) or len(n) < 3 for n in re.findall(r"[0-9]+", match["n"])
                )
            if likely and all(end <= span.start or span.end <= start for span in found):
                found.append(Span(start, end, {"order": numbers(match["n"])}))
    return sorted(found, key=lambda span: span.start)
