"""How it stands with an alarm: which number to call, good news, help that is there, and what calls it off.

Only words that say somebody is safe, or that the report was an error, call it off; 不用管我 and 119来了 do not,
nor does good news that is asked for (人出来了没) or that leaves something over (没事了，但味道还大). They go on to
those who are on their way.
"""

import re
from collections.abc import Sequence

from redprop_bot.dialogue import alarm_words
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import confirm
from redprop_bot.loop.acts import perform
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.rules import intended
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_WHO = r"(?:(?:电梯)?里面?的人|我们?|[他她]们?|人|大家|老人|孩子|小孩|我[妈爸]|我?家里?人|火)"
_SAFE = re.compile(
    r"(?:[啊哦哎唉呀]|不好意思|对不起|抱歉|现在|刚才|多?谢谢?(?:你们|您|大家)?|[,，。! ！]){0,4}"
    r"(?:(?:[都也全]|已经){0,2}没事(?:了|啦|儿了|情了)|虚惊|安全了|误会|人?(?:已经)?(?:出来|救出来|醒过来|醒)了"
    rf"|{_WHO}?(?:已经)?找(?:到|着)(?:{_WHO})?[了啦]|火?(?:已经)?(?:灭|扑灭)了)"
)
_RELIEF = re.compile(
    r"(?:[啊哦嗯]|好的?|多?谢谢?(?:你们|您|大家)?|现在|刚才|[,，。! ！]){0,4}"
    rf"(?:{_WHO}?(?:[都也全]|已经|现在){{0,3}}"
    r"(?:安全|平安|脱险|(?:被?[救放接弄拉撤跑])?出来|救[上下]来|醒(?:过来)?|下楼|(?:被?[扑浇])?灭|送(?:到)?医院)"
    rf"|{_WHO}(?:[都也全]|已经|现在){{0,3}}没(?:什么)?事儿?)[了啦]"
    r"(?:[,，。! ！]*(?:人?都?没事了?|火也?灭了|谢谢.{0,4}|放心吧?|很?平安))*[。！!~]*"
)
_STILL = re.compile(
    r"(?:[啊哎快]|怎么|里面?的?|电梯|[,，。! ！]){0,4}"
    r"(?:人|我们?|[他她]们?|老人|孩子|小孩|我[妈爸]|大家|火|门|烟|救护车|消防(?:车|队)?|警察|师傅|物业|社区的?人?|1(?:10|19|20)的?)?"
    r"(?:怎么|咋)?(?:都|也)?(?:还|仍|依然)(?:是|都)?"
    r"(?:没(?:有)?(?:人来|人管|出来|救出来|下来|找到|找着|灭|醒|来|到|打开|开)|[困关卡][着在]"
    r"|在(?:里面|烧|着|冒|困)|不[醒动])[^,，。；;]{0,8}[。！!~]*"
)
_AWAITED = re.compile(
    r"(?:还|都|咋|怎么)(?:还|都|也)?(?:没(?:有)?|不)(?:人)?(?:见人)?[来到](?!气|电|水)|没(?:有)?人来(?!电)|多久(?:能|才)?[来到]|啥时候到|到哪[里儿]?了"
)
_MORE = re.compile(r"又(?!没|不)|还有|另[外一]|也(?!没|不|都)|[两二三几][个位]|第[二三]|楼上|楼下|隔壁|对门")
_NUMBER = r"1(?:10|19|20|2356)(?:电话)?"
_CALLED = re.compile(
    r"(?:[好嗯]的?|我们?|俺们?|[他她]们?|邻居|家里?人|已经?|早就?|都|刚刚?|现在|[,，。! ！]){0,5}"
    rf"(?:报(?:过|完)?警[了啦]|报过警|[打拨叫](?:了|过|完|通)(?:{_NUMBER}|电话|救护车)[了啦]?"
    rf"|[打拨叫](?:{_NUMBER}|救护车)[了啦]|{_NUMBER}(?:已经?|都)?[打拨](?:了|过了?|完了|通了))"
    rf"{alarm_words.CALLED_AND}"
    r"(?:[,，。! ！]*(?:在等|等着|在路上|马上[就]?到|正在来|说马上来|让等着))?[。！!~ ]*"
)
_SAID_SAFE = re.compile(
    rf"(?<![没不])(?:没事[了啦儿情]|虚惊|平安|脱险|误会|误报|安全了|醒(?:过来)?了|出来了|找[到着](?:{_WHO})?[了啦]|灭了)"
)
_LOST = re.compile(r"走丢|走失|不见|没回|未归|没影|找不[到着]")
_HOME = re.compile(
    rf"(?:好了|谢谢|多谢|没事|[啊哦,，。! ！]){{0,3}}(?:{_WHO}|人)?(?:已经|都|自己|自个儿?|刚){{0,3}}"
    r"(?:到家|(?:被?[接送带找领])?回(?:来|家){1,2})了"
)
_CALLS_OFF = re.compile(
    r"^(?:那|就|先|请|麻烦|帮我|给我){0,3}撤(?:了|掉)?吧?[。.!！]*$"
    r"|(?<![没不别])(?<!不要)(?<!没有)(?<!不是)"
    r"(?:撤销|撤单|撤回|撤掉|取消(?:报警|这单|单子)|误报|误点|谎报|[报搞弄看说写打点按发]错|闹着玩|开玩笑)"
)
_ASKED = re.compile(r"(?:[吗么吧呢]|没有?)[啊呀哦]?$|[?？]")
_DENIED = re.compile(
    r"(?:不是|没有?|哪里?是|谁说)(?:误会|误报|虚惊|没事|[报搞弄看说]错)|哪里没事|真的?(?:关|困|着火|漏|有人)"
)
_THING_FOUND = re.compile(
    rf"找[到着]了(?!$|[,，。!！~… 啊呀哦啦哈找谢多不在人就都刚正没平好回自已现]"
    rf"|(?:{_WHO})(?![的们])|我[家们]?[妈爸奶爷婆公儿女娃])"
)
_PART = r"(?:出来|灭|醒|找到|找着)了(?:[一两二三四五几\d][个人位]|一半|一部分|大半)"
_HURT = (
    r"(?<!没)(?<!没人)(?<!没有)(?<!没有人)"
    r"(?:受伤|[叫喊]不[醒应]|昏|没(?:了)?(?:呼吸|气|意识)|[摔烧砸烫]伤|疼|痛|流血|破了|断了)"
)
_REMAINS = re.compile(
    r"但|不过(?!.{0,3}(?:谢|麻烦|辛苦))|可(?!以|能|算|把|吓)|只是|就是(?!虚惊|误会|烧|炒|做饭|煮|油烟|个误)|还(?!好|[是要得让]{0,2}[你您]?们?(?:谢|感谢|麻烦|辛苦|跑|惊动))|仍|依然|另[外一]"
    rf"|又(?!好|麻烦|打扰|惊动|动|能|可|开|正常|自己)|[要得]修|(?<![吓急气])[坏停][了着](?!一下|一会)|{_PART}|{_HURT}"
)


def alarm_for(turn: Turn, demand: Demand) -> str:
    """The first sentence of an emergency: which number to call."""
    return confirm.alarm_of(turn.tx, demand).say


def is_safe(text: str, alarm: str = "") -> bool:
    """没事了, 虚惊一场: somebody says that it is over, and not a word of what is not; of whom was lost, 回来了."""
    home = _LOST.search(alarm) is not None and _HOME.match(text) is not None and _ASKED.search(text) is None
    home = home or (
        alarm_words.SMELLS.search(alarm) is not None and alarm_words.COOKING.fullmatch(text) is not None
    )
    home = home or (
        alarm_words.UNREACHED.search(alarm) is not None and alarm_words.ANSWERED.fullmatch(text) is not None
    )
    return (home or bool(_SAFE.match(text))) and _not_over(text) is None


def goes_on(turn: Turn, demand: Demand, text: str) -> bool:
    """人出来了没, 没事了不过还有味: those on their way hear it, and go on. Returns whether it was that."""
    reply = _not_over(text) if _SAFE.match(text) else None
    if reply is None:
        return False
    _tell(turn, demand, "done.stays_with_you" if confirm.stays(turn.tx, demand) else reply, turn.inbound.text)
    return True


def _not_over(text: str) -> str | None:
    """What is answered to good news that is only asked for, denied, or not all that there is to say."""
    news = [clause for clause in intended.clauses(text) if _SAID_SAFE.search(clause)]
    if any(map(_ASKED.search, news)) or _DENIED.search(text):
        return "done.still"
    if _CALLS_OFF.search(text):
        return None  # said in so many words, whatever else is said
    return "done.remains" if _REMAINS.search(text) or _THING_FOUND.search(text) else None


def passed_on(turn: Turn, demand: Demand, text: str) -> bool:
    """人出来了, 人还没出来, 报警了: those on their way hear how it stands. Returns whether it was that."""
    if alarm_words.ILL.fullmatch(text):
        smoke = demand.category in ("gas_heat", "fire_safety")
        _tell(turn, demand, "done.feel_ill" if smoke else "done.feel_ill_there", turn.inbound.text)
        return True
    if alarm_words.MAY_WE.fullmatch(text):
        reply = "done.hold_on_gas" if demand.category == "gas_heat" else "done.hold_on"
        _tell(turn, demand, reply, turn.inbound.text, alarm=alarm_for(turn, demand))
        return True
    if demand.estate_id is not None and alarm_words.WEAK_PHONE.fullmatch(text):
        _tell(turn, demand, "done.still", turn.inbound.text)
        return True
    for said, reply in (
        (alarm_words.OPENED, "done.relief"),
        (alarm_words.NOT_SO, "done.alarm_stays"),
        (_RELIEF, "done.relief"),
        (_STILL, "done.still"),
        (_CALLED, "done.called"),
    ):
        if said.fullmatch(text):
            _tell(turn, demand, reply, turn.inbound.text)
            return True
    return False


def waits(turn: Turn, demand: Demand, text: str, heard: Sequence[Heard]) -> bool:
    """人咋还没来，他脸都紫了: of the alarm that is under way, for those on their way. Returns whether it was that.

    Another danger, one more of the kind, or one in another place is an alarm of its own.
    """
    named = ("estate", "building", "unit", "room", "place")
    if not _AWAITED.search(text) or _MORE.search(text) or any(act.category != demand.category for act in heard):
        return False
    if any(act.slots.get(name) for act in heard for name in named):
        return False
    _tell(turn, demand, "done.still", turn.inbound.text)
    return True


def stays(turn: Turn, demand: Demand, text: str) -> bool:
    """别来了, 你们不用管我: words that call no alarm off go to those on their way. Returns whether it was that."""
    if demand.urgency != "emergency":
        return False
    if confirm.stays(turn.tx, demand):  # of who may harm themselves nobody is sent home by a sentence
        _tell(turn, demand, "done.stays_with_you", text)
        return True
    over = _SAID_SAFE.search(text) or _CALLS_OFF.search(text) or is_safe(text, demand.text)
    reply = _not_over(text) if over else "done.alarm_stays"
    if reply is not None:
        _tell(turn, demand, reply, text)
    return reply is not None


def _tell(turn: Turn, demand: Demand, reply: str, text: str, **more: str) -> None:
    fields = {"text": text[:NOTE_LIMIT]}
    done = turn.attempt(lambda: perform(turn.tx, demand, Act.SUPPLEMENT, turn.actor, fields))
    if done is not None:
        turn.session.demand = done.no
        turn.say(reply, **turn.about(done), **more)
