"""What a sentence says of a meeting: whether it is about one at all, where, what about, and who is asked besides.

Pure. The understanding hears a day and a verb; 停水改到后天 and 12月3号街道来检查 have both and are no meeting.
"""

import re
from collections.abc import Collection
from typing import Final

_ROOMS: Final = (
    r"(?:会议室|活动室|议事厅|会客厅|办公室|多功能厅|大厅|广场|凉亭|门口|中心|服务站|驿站|院子|架空层"
    r"|[一二三四五六七八九十\d]+楼)"
)
PLACE: Final = re.compile(
    rf"(?:[在到]|[，,；;\s]|换成)?(?:地点|地方)?[是为在:：]?(?P<place>[^，,。；;、\s在到]{{0,12}}{_ROOMS})"
)
_OUTSIDE: Final = re.compile(
    r"(?:(?P<named>地点|地方)[是为在:：]?|[在到])(?P<place>[^，,。；;、\s在到]{1,14}?"
    r"(?:楼[下前后栋道]|树下|空地|亭子|球场|花园|草坪|院坝|坝子|礼堂|食堂|车棚))(?=里?(?:开|召开|举行|组织|办|碰|[，,。；;！!\s]|$))"
)
_LISTED: Final = r"(?:议题|议一议|议议|议(?=一?下)|讨论|商量|说[下说]|谈谈|聊一?聊|研究)"
_TOPICS: Final = re.compile(rf"{_LISTED}(?:一?下)?(?!会)(?:是|为|有|[:：])?\s*(?P<topics>[^。]{{2,300}})")
_JOINED: Final = re.compile(
    r"[、；;，,\n]|和(?=\S{2,})|(?:^|(?<=[\s，,、；;：:]))(?:\d{1,2}[.．、)）]|[（(]\d{1,2}[）)]|[一二三四五六七八九十][是、])"
    r"|\s(?=\d{1,2}[.．、)）])"
)
_NO_TOPIC: Final = re.compile(r"请|望|务必|地点|时间|到时|届时|各位|大家|辛苦|谢")
_NUMBERED: Final = re.compile(r"^(?:\d{1,2}[.．、)）]|[一二三四五六七八九十][是、])\s*")
_ASKED: Final = re.compile(
    r"(?:并|还|另|再|也)?(?:请|邀请|通知|叫上?|喊上?|让)(?P<who>[^，,。；;：:]{2,40}?)(?:都|也|一起|一块儿?|准时|务必|派人|来)*"
    r"(?:参加|出席|到会|列席|参会|来开会|到场)"
)
_BETWEEN: Final = re.compile(r"[、，,/\s]|以及|和|与|及|跟")

_MEETING: Final = re.compile(
    r"(?<![委社学工协商妇党机聚都不])会(?!员|计|费|客厅|展|诊|馆|所|不会|把|要|有|被|让|给|再|在|去|来|很|影响)|会议|议事厅"
)
_GATHER: Final = re.compile(
    r"开[个场次一]{0,3}.{0,8}会|召开|召集|碰[个一]?[下个]?[头面]|聚[一到]|坐下来|坐[一]?坐|商量|商议|协商|议[一]?[议下]|[谈说][一]?[谈说]|讨论|研究"
)
_GATHERING: Final = re.compile(
    r"义诊|志愿|清扫|大扫除|讲座|比赛|演出|放电影|报名|名额|招募|招\s*[\d一二三四五六七八九十两]+\s*[个名]?人|搞.{0,6}活动(?!室)"
)
_OPENS: Final = re.compile(r"开|举行|组织|安排|召集|定[在于]|放在|[点时]|\d[:：]\d")
_PAST: Final = re.compile(
    r"开[了过完不没]|[了过]$|决定|决议|定了|通过|上次|昨[天晚]|前天|[?？吗]|[加提]一?[个条]?$"
)
_AWAY: Final = re.compile(
    r"我(?!们).{0,16}(?:去|到|上)\S{0,8}开|(?:去|到|上)(?:区|市|县|省|镇)\S{0,6}开|(?:外出|出差)"
)
_LATER: Final = re.compile(r"等.{1,20}?(?:再|才)[说议定看办]|先?放(?:着|[一]放)|(?:会|时|天)再[说议定看]")
_SPOKEN: Final = (
    r"(?:一[下并起]|再|也|去|统一)*(?:说|讲|议|提|谈|定|研究|讨论|商量|解决)(?:一?[下说讲议]|吧|呗|了)*[。！!]*$"
)
_AT_ONE: Final = re.compile(
    rf"(?:例会|(?<![委社学工协商妇党机聚都不])会议?)(?:上(?:面|头)?|的?时候?|里)的?{_SPOKEN}"
    rf"|开[完个场次]*会[,，]?(?:上|的?时候?)?(?:的话)?[,，]?再{_SPOKEN}"
)
_CALLED: Final = re.compile(r"开.{0,8}会[，,](?!会上|再).{4}")
_ABOUT_NOTHING: Final = re.compile(r"开[个场次]?会[,，]?(?:说|讲|提|定)(?:吧|呗|了)?[。！!~ ]*$")
_HOUR: Final = re.compile(r"[\d一二两三四五六七八九十]点|\d[:：]\d")
_THING: Final = re.compile(
    r"\d+号?单|单子|工单|D\d{8}|措施|项目(?!推进|调度)|P\d{8}|期限|办理时限|整改|检修|停[水电气]|活动(?!室)|通知"
)
_BARE: Final = re.compile(
    r"(?:[那就还是先再把请将吧的都给我们咱这场次个到了一下啊呢]|时间|日期|地点|原定|今[天晚]|明[天晚]|后天|下?(?:周|星期|礼拜)[一二三四五六日天]?"
    r"|\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号]|[上下中]午|[早晚]上|[零一二两三四五六七八九十\d半]+个?(?:小时|分钟?|天|点钟?|刻)半?"
    r"|\d\d?[:：]\d\d|[，,\s]|不变|另行通知|再说)*"
)


def speaks_of_one(head: str) -> bool:
    """Whether the words before a change are about a meeting, and about nothing that is named after it."""
    found = [match.start() for match in _MEETING.finditer(head)]
    things = [match.start() for match in _THING.finditer(head)]
    return bool(found) and max(found) > max(things, default=-1)


def is_bare(head: str) -> bool:
    """改到周五, 时间推迟到: nothing is said of what is changed."""
    return _BARE.fullmatch(head) is not None


def for_later(text: str) -> bool:
    """先放着，周一开会说 / 例会上再议: a matter is kept for a meeting, and nobody is called to one.

    With an hour and what it is about, 周一下午三点开会说停车, it is called.
    """
    if _CALLED.search(text):  # 周五开议事会，停车的事会上说
        return False
    if _AT_ONE.search(text):
        return True
    return _HOUR.search(text) is None and bool(_ABOUT_NOTHING.search(text) or _LATER.search(text))


def calls_one(text: str, *, numbered: bool, street: bool) -> bool:
    """Whether people are to come together; to a meeting of somebody else, or some day, nobody is called."""
    if for_later(text) or (numbered and _LATER.search(text)) or (_AWAY.search(text) and not street):
        return False
    return bool(_GATHER.search(text) or _MEETING.search(text))


def opens(head: str) -> bool:
    """召开联席会, and not what was held, or whether one is."""
    return _OPENS.search(head) is not None and _PAST.search(head) is None


def is_gathering(text: str) -> bool:
    """周日搞义诊，招20人: people come of their own will, nobody is summoned."""
    return "会" not in text and _GATHERING.search(text) is not None


def place_in(text: str) -> str | None:
    """Where it is to be."""
    match = PLACE.search(text) or _OUTSIDE.search(before_topics(text))
    if match is None:  # behind the topics only what is called the place
        match = next((found for found in _OUTSIDE.finditer(text) if found["named"]), None)
    return match["place"] if match else None


def before_topics(text: str) -> str:
    """A sentence without what is to be talked about."""
    match = _TOPICS.search(text)
    return text[: match.start()] if match else text


def topics_in(text: str) -> list[str]:
    """What is to be talked about, one by one."""
    match = _TOPICS.search(_ASKED.sub("", text))
    if match is None:
        return []
    parts = [
        _NUMBERED.sub("", part.strip(" ：:")).strip(" .．，,：:")
        for part in _JOINED.split(match["topics"])
        if part
    ]
    return [part for part in parts if part and _NO_TOPIC.match(part) is None]


def asked_in(text: str, known: Collection[str]) -> list[str]:
    """Who is asked to come, by the names that were said; those that are known first, whatever stands in them."""
    found: list[str] = []
    for match in _ASKED.finditer(text):
        rest = match["who"]
        for name in sorted((name for name in known if name in rest), key=len, reverse=True):
            if name in rest:
                found.append(name)
                rest = rest.replace(name, "、")
        found += [name for name in _BETWEEN.split(rest) if name]
    return list(dict.fromkeys(found))
