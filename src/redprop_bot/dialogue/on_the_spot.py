"""我去看, 控制住了, 已经放了锥桶: the community's people, of a danger they were called to or what no unit has.

Where no unit was sent they are who goes: their words are how it stands, which the resident and the others hear,
and never a new order in their own name. What is reported, asked or decided clearly goes its way.
"""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from redprop_bot.dialogue import finding
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import speak
from redprop_bot.loop.record import NOTE_LIMIT, held
from redprop_bot.rules.control import under_control
from redprop_bot.rules.flow import RUNNING, Act
from redprop_bot.rules.intended import TROUBLE, clauses, comes
from redprop_bot.rules.roles import CONFIDENTIAL, Capacity
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_LATELY: Final = timedelta(hours=24)
_AFTER: Final = timedelta(hours=2)
"""So long words may be of a danger that is not over, and so long of one that is."""
_GUESS: Final = 0.5
_PLACE: Final = ("estate", "building", "unit", "room")
_NAMED: Final = frozenset({"demand.report", "complaint", "mediation", "suggestion"})
_DECIDES: Final = (
    "order.dispatch",
    "order.merge",
    "order.escalate",
    "meeting",
    "visit",
    "report.stats",
    "activity",
)
_ASKS: Final = re.compile(r"[吗么?？谁几哪]|怎么|多少|为什么|啥|呢$|没有?[.。]?$")
_ELSE: Final = re.compile(
    r"办结|归档|结案|销号|关单|派|转|交给|走访|入户|看望|慰问|巡[查逻]|会议|开会|活动|哨|延期"
)
"""What is decided, or is of another room, however weakly it is read."""
_ON_IT: Final = re.compile(
    r"去[找看问敲叫]|到了|到场|现场|找到|联系上|送[去到往]?医|救护车|[打叫报喊]了?过?(?:1[12][0-9]|警)|1[12][09]|[关断]了|没事了|安全了"
    r"|在[劝等找查看处守联]|正在|赶到|看到|没人|开了?门|进门|[接抬带扶拉背]走|好[转多]了|醒了|稳住|散了|走了|劝住|劝开"
)
_ENDED: Final = re.compile(r"满意|解决|(?:[修弄办搞换]|处理)[好完]|和解|撤|没问题")
_LATER: Final = re.compile(r"明[天早晚]|后天|(?:周|星期|礼拜)[一二三四五六日天]|下周")
"""Nobody goes to a danger tomorrow: it is of something else."""
_SENDS: Final = re.compile(r"[找叫喊让请派]")
_NUMBER: Final = re.compile(r"^\d{1,6}号[单件]?[，,：:、\s]*")
_DID: Final = re.compile(
    r"已经?(?!.*[没不])|我们?[^，,。]{0,6}了|[说谈讲约商]好|约[了双各他她]|告诉|道歉|处理[好完了]|[修弄办换搞][好完]了?|进展|联系|通知了?|劝|跟[^，,。]{1,8}[说讲谈]了"
)


def theirs(turn: Turn) -> Callable[[Demand], bool]:
    """Running orders of the speaker's communities; a unit that is complained of hears nothing of this kind."""

    def one(demand: Demand) -> bool:
        if demand.stage not in RUNNING or (demand.intent in CONFIDENTIAL and demand.handler_id is not None):
            return False
        return bool(turn.actor.capacities(turn.tx, demand) & {Capacity.SECRETARY, Capacity.GRID})

    return one


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Take such words of a secretary or grid worker for what they are; returns whether they were."""
    text = _NUMBER.sub("", finding.unnumbered(turn.inbound.text.strip()))
    if not heard or _ASKS.search(text) or _ELSE.search(text):
        return False
    if any(act.slots.get(name) for act in heard for name in _PLACE):
        return False  # 3栋也有人晕倒了: a place is named, which is a report or finds an order of its own
    if any(act.urgency == "emergency" and act.confidence >= _GUESS for act in heard):
        return False
    if _SENDS.search(text) and any(a.intent == "order.dispatch" and a.slots.get("party") for a in heard):
        return False  # 去找仁爱诊所: somebody else is sent
    of_danger = _of_danger(turn, heard, text)
    if finding.numbers_in(turn.inbound.text):
        tells = (of_danger or _DID.search(text) is not None) and not _sure(turn, heard, text)
        return tells and _told(turn, text)
    if not of_danger and not _guessed(heard, text):
        return False
    ours = theirs(turn)
    running = [demand for demand in finding.reach(turn) if ours(demand)]
    if of_danger and (dangers := _dangers(turn, running)):
        return _told(turn, text, among=dangers)
    return _guessed(heard, text) and _of_no_unit(turn, text, running)


def _dangers(turn: Turn, running: list[Demand]) -> list[Demand]:
    """Those that are not over, else those that have been for a short while."""
    now, all_ = turn.tx.now, [demand for demand in running if demand.urgency == "emergency"]
    open_ = [d for d in all_ if d.controlled_at is None and now - d.created_at <= _LATELY]
    return open_ or [d for d in all_ if d.controlled_at is not None and now - d.controlled_at <= _AFTER]


def _of_danger(turn: Turn, heard: Sequence[Heard], text: str) -> bool:
    """Whether it says that somebody goes there, how it is there, or that it is over."""
    if under_control(text, turn.tx.content.deadlines.control_words):
        return True
    if any(act.confidence >= _GUESS and act.intent.startswith(_DECIDES) for act in heard):
        return False
    return (_LATER.search(text) is None and any(map(comes, clauses(text)))) or (
        _ON_IT.search(text) is not None and all(act.confidence < _GUESS for act in heard)
    )


def _guessed(heard: Sequence[Heard], text: str) -> bool:
    """Whether a report is hardly more than a guess, and the words tell of something done."""
    weak = all(act.intent in _NAMED and act.confidence < _GUESS for act in heard)
    return weak and _DID.search(text) is not None and not TROUBLE.search(text)


def _of_no_unit(turn: Turn, text: str, running: list[Demand]) -> bool:
    """已经放了锥桶: of what it is about, where that waits with the community; else it is asked."""
    waits = [
        d for d in running if d.handler_id is None and d.urgency != "emergency" and d.intent not in CONFIDENTIAL
    ]
    kinds = turn.reader.things(text)
    found = [d for d in waits if d.category in kinds or d.no == turn.session.demand]
    if found:
        return _told(turn, text, among=found)
    if waits:
        finding.ask_which(turn, Heard("order.progress", text=text), Act.SUPPLEMENT, waits)
    else:
        turn.say("ask.whose_news")
    return True


def _sure(turn: Turn, heard: Sequence[Heard], text: str) -> bool:
    """Whether it clearly is something else; who cannot close an order tells by 修好了 how it stands."""
    named = [demand for n in finding.numbers_in(turn.inbound.text) for demand in finding.by_number(turn, n)]
    closes = any(Capacity.SECRETARY in turn.actor.capacities(turn.tx, demand) for demand in named)
    return any(
        closes and (act.confidence >= _GUESS or _ENDED.search(text) is not None)
        if act.intent == "order.close"
        else act.confidence >= _GUESS
        for act in heard
    )


def _told(turn: Turn, text: str, *, among: Sequence[Demand] = ()) -> bool:
    numbers = finding.numbers_in(turn.inbound.text)
    slots: dict[str, str | int] = {"order": ",".join(numbers)} if numbers else {}
    nos = {demand.no for demand in among}
    return progress(turn, Heard("order.progress", slots=slots, text=text), fits=lambda d: d.no in nos)


def progress(turn: Turn, heard: Heard, *, fits: Callable[[Demand], bool] | None = None) -> bool:
    """Note it on the order that is meant, without a number one that no unit has; False where none can be."""
    ours = theirs(turn)

    def unheld(demand: Demand) -> bool:
        return demand.handler_id is None and ours(demand)

    for demand in finding.meant(turn, heard, Act.SUPPLEMENT, fits=fits or unheld):
        if ours(demand):
            noted(turn, demand, heard.text or turn.inbound.text)
    return bool(turn.said)


def goes(turn: Turn, demand: Demand) -> bool:
    """Whether the speaker speaks for the community, which goes there itself."""
    return turn.speaker.role == "secretary" and demand.handler_id is None and theirs(turn)(demand)


def noted(turn: Turn, demand: Demand, words: str) -> None:
    """Write it down; whether the danger is over by it is said."""
    note = (_NUMBER.sub("", finding.unnumbered(words)) or words)[:NOTE_LIMIT]
    done = turn.attempt(lambda: speak.tend(turn.tx, held(turn.tx, demand), turn.actor, note=note))
    if done is not None:
        turn.session.demand, turn.session.asked = done.no, None
        over = done.controlled_at is not None and demand.controlled_at is None
        turn.say("done.controlled" if over else "done.tended", **turn.about(done))
