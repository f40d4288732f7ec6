"""How it stands with an alarm: which number to call, good news, help that is there, and what calls it off.

Only words that say somebody is safe, or that the report was an error, call it off; 不用管我 and 119来了 do not.
They go on to those who are on their way.
"""

import re

from redprop_bot.content.shapes import Alarm
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand

_SAFE = re.compile(
    r"(?:[啊哦哎唉]|不好意思|对不起|抱歉|现在|刚才|多?谢谢?(?:你们|您|大家)?|[,，。! ！]){0,4}"
    r"(?:没事(?:了|儿了|情了)|虚惊|安全了|误会|人?(?:已经)?(?:出来|救出来|醒过来|醒)了|找(?:到|着)了|火?(?:已经)?(?:灭|扑灭)了)"
)
_WHO = r"(?:(?:电梯)?里面?的人|我们?|[他她]们?|人|大家|老人|孩子|小孩|我[妈爸]|我?家里?人|火)"
_RELIEF = re.compile(
    r"(?:[啊哦嗯]|好的?|多?谢谢?(?:你们|您|大家)?|现在|刚才|[,，。! ！]){0,4}"
    rf"(?:{_WHO}?(?:[都也全]|已经|现在){{0,3}}"
    r"(?:安全|平安|脱险|(?:被?[救放接弄拉撤跑])?出来|救[上下]来|醒(?:过来)?|下楼|(?:被?[扑浇])?灭|送(?:到)?医院)"
    rf"|{_WHO}(?:[都也全]|已经|现在){{0,3}}没(?:什么)?事儿?)[了啦]"
    r"(?:[,，。! ！]*(?:人?都?没事了?|火也?灭了|谢谢.{0,4}|放心吧?|很?平安))*[。！!~]*"
)
_STILL = re.compile(
    r"(?:[啊哎快]|怎么|里面?的?|电梯|[,，。! ！]){0,4}"
    r"(?:人|我们?|[他她]们?|老人|孩子|小孩|我[妈爸]|大家|火|门|烟)?(?:怎么)?(?:都|也)?(?:还|仍|依然)(?:是|都)?"
    r"(?:没(?:有)?(?:人来|人管|出来|救出来|下来|找到|找着|灭|醒|来|到|打开|开)|[困关卡][着在]"
    r"|在(?:里面|烧|着|冒|困)|不[醒动])[^,，。；;]{0,8}[。！!~]*"
)
_NUMBER = r"1(?:10|19|20|2356)(?:电话)?"
_CALLED = re.compile(
    r"(?:[好嗯]的?|我们?|俺们?|[他她]们?|邻居|家里?人|已经?|早就?|都|刚刚?|现在|[,，。! ！]){0,5}"
    rf"(?:报(?:过|完)?警[了啦]|报过警|[打拨叫](?:了|过|完|通)(?:{_NUMBER}|电话|救护车)[了啦]?"
    rf"|[打拨叫](?:{_NUMBER}|救护车)[了啦]|{_NUMBER}(?:已经?|都)?[打拨](?:了|过了?|完了|通了))"
    r"(?:[,，。! ！]*(?:在等|等着|在路上|马上[就]?到|正在来|说马上来|让等着))?[。！!~ ]*"
)
_SAID_SAFE = re.compile(
    r"(?<![没不])(?:没事[了儿情]|虚惊|平安|脱险|误会|安全了|醒(?:过来)?了|出来了|找[到着]了|灭了)"
)
_CALLS_OFF = re.compile(
    r"^(?:那|就|先|请|麻烦|帮我|给我){0,3}撤(?:了|掉)?吧?[。.!！]*$"
    r"|(?<![没不别])(?<!不要)(?:撤销|撤单|撤回|撤掉|取消(?:报警|这单|单子)|误报|误点|谎报|[报搞弄看说写打点按发]错|闹着玩|开玩笑)"
)


def alarm_of(turn: Turn, demand: Demand) -> Alarm:
    """What kind of danger it is: the first entry whose category and words fit."""
    for alarm in turn.tx.content.alarms:
        fits = not alarm.categories or demand.category in alarm.categories
        if fits and (not alarm.words or any(word in demand.text for word in alarm.words)):
            return alarm
    return turn.tx.content.alarms[-1]


def alarm_for(turn: Turn, demand: Demand) -> str:
    """The first sentence of an emergency: which number to call."""
    return alarm_of(turn, demand).say


def is_safe(text: str) -> bool:
    """没事了, 虚惊一场: somebody says that it is over."""
    return bool(_SAFE.match(text))


def passed_on(turn: Turn, demand: Demand, text: str) -> bool:
    """人出来了, 人还没出来, 报警了: those on their way hear how it stands. Returns whether it was that."""
    for said, reply in ((_RELIEF, "done.relief"), (_STILL, "done.still"), (_CALLED, "done.called")):
        if said.fullmatch(text):
            _tell(turn, demand, reply, turn.inbound.text)
            return True
    return False


def stays(turn: Turn, demand: Demand, text: str) -> bool:
    """别来了, 你们不用管我: words that call no alarm off go to those on their way. Returns whether it was that."""
    if demand.urgency != "emergency":
        return False
    if alarm_of(turn, demand).stays:  # of who may harm themselves nobody is sent home by a sentence
        _tell(turn, demand, "done.stays_with_you", text)
        return True
    if _SAID_SAFE.search(text) or _CALLS_OFF.search(text):
        return False
    _tell(turn, demand, "done.alarm_stays", text)
    return True


def _tell(turn: Turn, demand: Demand, reply: str, text: str) -> None:
    fields = {"text": text[:NOTE_LIMIT]}
    done = turn.attempt(lambda: perform(turn.tx, demand, Act.SUPPLEMENT, turn.actor, fields))
    if done is not None:
        turn.session.demand = done.no
        turn.say(reply, **turn.about(done))
