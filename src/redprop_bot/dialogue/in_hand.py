# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""可以用了, 业主电话多少, 明天安排: what a worker says or asks of the order in hand, without naming it.

Short whole sentences that language takes for an offer, a question to the community or a greeting. Which order is
meant is found, or asked, as ever; without any in hand they are left to language.
"""

import re
from collections.abc import Sequence
from typing import Final

from redprop_bot.dialogue import coming, doubted, hearing, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import AT_WORK, Stage
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_LONGEST: Final = 24  # characters
_SHOWN: Final = 3
_LEAD: Final = r"(?:(?:收到|好的?|行|嗯|那|哎|现在|目前|这[个单]|电梯|水管|灯|已经?|[，,。 ]){0,4})"
_END: Final = r"[了啦啊呀哈吧。.!！~ ]{0,4}"
_WORKS: Final = re.compile(
    rf"{_LEAD}(?:[都又]?(?:可以|能)(?:正常)?(?:用|使用|开|坐)了|没(?:什么)?问题了|好了[，, ]?好了|弄好了?[，, ]?弄好了|恢复(?:正常|运行|供[水电气暖])?了|正常了|不[漏堵滴响闪]了|(?<!手)通了|亮了){_END}"
)
_PERHAPS: Final = re.compile(
    rf"{_LEAD}(?:(?:应该|估计|大概|可能)(?:都|也|是)?(?:没事|没问题|好|可以|行|能用|修好|正常)了?|(?:看着|看样子|暂时)?没问题|看着?(?:还)?(?:行|正常)){_END}"
)
_WORK: Final = "(?:修|弄|搞|办|做|干|换|装|整|清|通|处理|解决)"
_STANDS: Final = re.compile(
    rf"{_LEAD}(?:(?:大概|争取|尽量|预计|估计|我们?|会|就|[，, ])*{coming.TIME}(?:前|之前|左右)?(?:再|会|就|给[他她您你]|去|来|能|过去|过来|安排|派人|[，, ])*(?:{_WORK}(?:好|完|掉|一下)?|安排|去|来|到|过去|过来|完成|完工|派人|看看?)"
    rf"|(?:今天|今晚|上午|下午)?(?:恐怕|可能|怕是)?{_WORK}不(?:完|了|好)(?:今天)?|暂时(?:先)?{_WORK}?好了?(?:[，, ]?(?:可能|估计|怕)?还?会?(?:再)?(?:停|坏|漏|堵|响)?)?"
    r"|(?:先)?挂(?:一下|起来?|着)[，, ]?(?:等|配件|材料|厂家)[^，,。]{1,12}"
    r"|(?:已经?)?[打报拨]了?(?:1(?:10|19|20)|警)了?|(?:已经?)?打了?(?:好?几|[一两二三四五六0-9]{1,2})?(?:个|次|遍|通)?(?:个)?电话[，, ]?(?:都|也|一直)?(?:没人接|不接|没接|打不通|关机)|电话(?:都|也|一直)?(?:没人接|不接|没接|打不通|关机)"
    rf"|(?:楼上)?[0-9]{{3,4}}(?:家|室)?(?:的?[水管]?)?(?:漏下来|漏|渗下来|渗)的?|配件(?:还)?没到|等配件|{_WORK}到一半(?:没材料|缺配件|停电|下班)?了?){_END}"
)
_PUT_OFF: Final = re.compile(r"(?:先)?挂")
_SOON: Final = re.compile(rf"{_LEAD}(?:马上|这就|立刻|立马)(?:去|来|到|过去|过来|安排|处理|弄|修)?{_END}")
_PEOPLE: Final = r"(?:业主|住户|居民|户主|报修的?人?|报事的?人?|人家|对方|[他她])"
_ASKS: Final = re.compile(
    rf"{_LEAD}(?:{_PEOPLE}?的?(?:联系)?(?:电话|手机号?|联系方式|号码)(?:号码)?(?:是?多少|呢|有吗|有没有|发我|给我|发一下|给一下)|(?:{_PEOPLE}|这单)?(?:是|在|住|到底在)?(?:(?<=在)哪|几[栋幢]几单元|哪一?[户家栋幢层里儿]|几[楼层栋号]|什么(?:位置|地方)|哪个(?:位置|单元|房间|小区))(?:的|漏|坏)?|(?:具体)?(?:地址|位置)(?:是?(?:啥|什么|哪里?|在哪)|呢|发我|发一下)?"
    rf"|(?:是)?(?:谁|哪个)(?:家)?报的(?:修|事)?|(?:几号|哪天|什么时候|啥时候|几点)(?:之?前)?(?:到期|截止|超期|要?[办修弄]完|必须[办修弄]完)|(?:期限|时限)(?:是?(?:哪天|几号|多久|什么时候)|呢)?|还有(?:几天|多久|多长时间)(?:到期|超期)?"
    r"|(?:这个?单?)?(?:很?[着]?急[不吗]|急不急|着不着急|要不要紧|紧急吗)|(?:是)?(?:什么|啥|怎么个?)(?:问题|情况|毛病|故障|坏法)|(?:具体)?(?:是?(?:什么|啥)|怎么)(?:坏|漏|堵)了?(?:的|法)?)[啊呀呢的]?[?？。]?"
)
_TO_THEM: Final = re.compile(
    rf"(?:麻烦|请|帮我?|给我|能不能|你们?|[，, ]){{0,3}}(?:问|联系)(?:一?下|问|问看)?{_PEOPLE}(?P<what>(?![了们说没过的])[^，,。说]{{1,16}}(?:吗|么|不(?:在|行|方便|可以)?|没有?|几点|时候|哪天|多久)(?:在?家|有空|方便|来|开门)?[?？。]?)"
)
_CANNOT: Final = re.compile(
    rf"(?:这个?|我们?|现在|实在|今天|[，, ]){{0,3}}(?:不会(?:修|弄|搞|做)|没空|没时间|忙不过来|走不开|请假了?|(?:修|弄|搞|做)不来|去不了|换个?人|来不及){_END}"
)


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Take such a sentence for what it is; returns whether it was one. A danger goes its own way."""
    text = turn.inbound.text.strip()
    if turn.speaker.role != "provider" or len(text) > _LONGEST or hearing.alarming(heard):
        return False
    if not any(pattern.fullmatch(text) for pattern in _ALL):
        return False
    held = providers.held(turn, *AT_WORK)
    if not held:
        return False
    taken = [demand for demand in held if demand.stage == Stage.ACCEPTED]
    if _ASKS.fullmatch(text):
        _told(turn, held)
    elif _CANNOT.fullmatch(text):
        meant = _of(turn, held)
        if len(meant) == 1:
            turn.say("work.cannot", no=meant[0].no)
        else:
            turn.say("work.cannot_any")
    elif asked := _TO_THEM.fullmatch(text):
        words = turn.tx.content.replies.say("work.asked", what=asked["what"].rstrip("?？。"))
        doubted.noted(turn, Heard("order.progress", text=words))
    elif not taken or (len(taken) < len(held) and text.startswith("收到")):
        return False  # said of what waits, it takes it: language knows
    elif _WORKS.fullmatch(text):
        providers.fulfil(turn, Heard("order.fulfil", text=text))
    elif _PERHAPS.fullmatch(text):
        doubted.ask(turn, Heard("order.fulfil", text=text))
    elif doubted.noted(turn, Heard("order.progress", text=text)) and _PUT_OFF.match(text):
        turn.say("work.put_off", no=_of(turn, held)[0].no)
    return bool(turn.said)


_ALL: Final = (_WORKS, _PERHAPS, _STANDS, _SOON, _ASKS, _TO_THEM, _CANNOT)


def _of(turn: Turn, held: list[Demand]) -> list[Demand]:
    """The one talked about; else what is theirs to do, else all."""
    talked = [demand for demand in held if demand.no == turn.session.demand]
    return talked or [demand for demand in held if demand.assignee_id == turn.person_id] or held


def _told(turn: Turn, held: list[Demand]) -> None:
    """Where it is, whom to call, what was said and until when: all that the card says, for whoever asks one of it."""
    found = _of(turn, held)
    for demand in found[:_SHOWN]:
        turn.say("work.about", **turn.about(demand, contact=True))
    if len(found) == 1:
        turn.session.demand = found[0].no
    elif len(found) > _SHOWN:
        turn.say("work.more", number=str(len(found) - _SHOWN))
