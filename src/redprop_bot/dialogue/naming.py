"""What a sentence calls the order that it means (漏水那单, 灯的事), held against what was reported."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from redprop_bot.store.tables import Demand

_NAMED: Final = re.compile(
    r"(?P<what>[^，,。！!？?；;、\s\d号栋楼幢元]{1,10}?)的?(?:[那这]一?[个单件张事]|的(?:事|单子?|活儿?)(?!情况))"
)
_EMPTY: Final = re.compile(
    r"刚才|刚刚|上面|前面|后面|最后|最近|昨天|今天|前天|早上|上午|下午|晚上|我们|你们|他们|自己|[把将请给就是说还再先也都那这我你他的和跟与第]"
)
_FOREIGN: Final = re.compile(
    r"活动|讲座|义诊|演出|联欢|培训|上课|课程|[^，。]{1,2}费|体检|轮椅|快递|字帖|心愿|积分|兑换|预约|志愿|开会|会议|(?<![烧做炒煮蒸吃])[菜饭]"
    r"|(?<!好了)(?:不用|别|不要)(?:再)?(?:回复?我|打电话|联系|告诉|通知)"
)
_DROPPED: Final = re.compile(
    r"(?P<what>[^，,。！!？?；;\s]{2,8}?)(?:就|都|也)?(?:不用|不要|不借|不取|不去|取消|撤销)"
)
_WHOEVER: Final = re.compile(
    r"师傅|物业|工人|电工|水工|维修|社区|书记|单子|工单|报修|报事|报的|报了|反映|诉求|投诉|问题|事情?|东西|已经|现在|暂时|应该"
    r"|可能|那就|算了|好了|修好|今天|明天|家里?|人|不好意思|谢谢|麻烦|帮忙?|单|刚才|之前|上次|昨天|早上|一下|真的|了|要|想|[把将请给就是说还再先也都那这我你您他们自己个件的和跟与第一二三号0-9]"
)


_THING: Final = re.compile(
    r"(?:[那这]个?|我?家里?的?|[,，。! ！])?(?P<what>[\u4e00-\u9fff]{1,6}?)(?:[那这]个|的事?)?"
    r"(?:[都也还就]|已经|现在|倒是){0,2}(?:[没不](?:有|用|要)?)?(?:[修弄换办装漏堵响亮通停]|[好行坏]了|好啦|满意|正常|没好)"
)
_DEGREE: Final = re.compile(r"[不没未无太很真挺蛮好大还又也都就非常比较十分特别点]")
"""不满意 names nothing, though a report has 不亮."""
_CLAUSE: Final = re.compile(r"[，,。！!？?；;、\s]+")
_OF_ORDERS: Final = re.compile(r"(?:不用|不要|别)再?(?:来|修|管|派|跑|弄|换|倒|查)|[修换弄搞]好了")
"""Only of an order it is said that nobody need come."""


def called(text: str, likely: Sequence[Demand]) -> list[Demand] | None:
    """Those that are called by words of their report; all when none is, None when nothing is called anything."""
    match = _NAMED.search(text)
    what = _EMPTY.sub("", match["what"]) if match else ""
    if not what:
        return None
    scores = [_score(what, demand.text) for demand in likely]
    best = max(scores, default=0)
    return [d for d, score in zip(likely, scores, strict=True) if score == best]


def of_thing(text: str, likely: Sequence[Demand]) -> list[Demand]:
    """灯好了: those whose report has the thing of which it is said; all when none has."""
    match = _THING.match(text)
    what = _DEGREE.sub("", _EMPTY.sub("", match["what"])) if match else ""
    return [d for d in likely if what and what in d.text] or [*likely]


def _score(what: str, text: str) -> int:
    if what in text:
        return 100
    return sum(pair in text for pair in map("".join, pairwise(what)))


def of_another(text: str, demand: Demand) -> bool:
    """字帖不要了, 昨天的活动真好: whether a sentence speaks of a thing that the report knows nothing of."""
    meant = [clause for clause in _CLAUSE.split(text) if _OF_ORDERS.search(clause)]
    foreign = _FOREIGN.search("，".join(meant) or text)
    if foreign and foreign[0] not in demand.text:
        return True
    if meant:
        return False
    for match in _DROPPED.finditer(text):
        what = _WHOEVER.sub("", match["what"])
        if len(what) > 1 and not set(what) & set(demand.text):
            return True
    return False
