"""1号好了，2号明天，墙皮的退掉: what a worker says of each of several orders in one message.

Every clause is taken with the orders that it names, by number, place, thing or rank, and done for them alone; what
it says is told to their residents and to nobody else's. A message of which one clause stays unclear, or that says
the same of all, is left to language.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from redprop_bot.dialogue import coming, finding, handing, hearing, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.rules.flow import AT_WORK, Act, Stage
from redprop_bot.rules.intended import Said, how
from redprop_bot.rules.roles import may
from redprop_bot.store.tables import Demand, Person
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.numerals import to_int

_LONGEST: Final = 80  # characters
_CLAUSE: Final = re.compile(  # 1号好了2号等配件, 1给老丁2给小葛
    r"[，,。；;！!\s]+|、(?!\d+[号、])"
    r"|(?<=[\u4e00-\u9fff])(?=\d{1,4}给)|(?<=[了好完退接天])(?=D?[\d-]{1,14}号(?!楼|院|线))"
)
_NUMBER: Final = re.compile(r"D\d{8}-\d{4,}|(?<![\d.点:：月])\d{1,4}(?=号(?!楼|院|线|门)|给|、\d{1,4}号)")
_SAYS_NUMBER: Final = re.compile(r"^(?:D\d{8}-\d{4,}|\d{1,4}号)(?:单子?)?[，,：:\s]*")
_HOUSE: Final = re.compile(r"(\d{1,3}|[一二三四五六七八九十]{1,3})(?:栋|号楼|幢)")
_ROOM: Final = re.compile(r"(?<!\d)\d{3,4}(?![\d号年天块元])")
_RANK: Final = re.compile(
    r"(?P<first>前)(?P<n>[两俩二三四五])[个单件]|第(?P<nth>[一二三四五])[个单件]|(?P<last>最后|最末)[一那这]{0,2}[个单件]"
)
_REST: Final = re.compile(r"其[他它余]|别的|剩下|另外|(?<!好)都|全部?|统统")
_RETURNS: Final = re.compile(
    r"退(?:单|回|给)|退掉?(?:了|吧)?(?=$|[，,。 ])|打回|不归|不属于"
    r"|不是(?:我们?|咱们?)(?:这边)?(?:该)?[管干做弄的]|不接(?!水|电)"
    r"|(?<!今天)(?<!现在)(?<!暂时)(?<!下午)[接干做管]不了"
)
_WAITS: Final = re.compile(
    r"没(?:有?(?:去|修|弄|好|搞|来得?及|办|动|开始|时间|空|配件|人))|[差缺欠](?!不多)|先(?:不|别|放|等|缓)|等|再说|不急"
    r"|明[天早晚儿]|后天|改天|今[晚天]|[上中下]午|晚上|下?(?:周|星期|礼拜)[一二三四五六日天]|还在|正在|一会|待会|点(?:钟|半|到|去|来)"
)
_TELLS: Final = re.compile(
    rf"{coming.TIME}|[等缺差没](?:着)?(?:厂家|配件|材料|货|零件|审批|[\u4e00-\u9fff]{{2,4}}到)|没人|不在家|电话|到货|订|没[修弄搞办]好"
)
"""What a resident is helped by to know; 没去 and 先放着 are not told."""
_COMES: Final = re.compile(rf"{coming.TIME}[^，,]{{0,6}}(?:[去来到]|上门|修|弄|换|处理)")
_NOTHING: Final = re.compile(
    r"没(?:有?(?:去|修|弄|来得?及|办|动|开始|时间|空))|先(?:不|别|放|等|缓)|再说|等[会下]|[差缺欠](?!不多)|[别不]急|留着"
)
_TAKES: Final = re.compile(
    r"接(?![着触口头线]|水(?!管)|电(?!梯))|收到|认领|领了|(?:我们?|咱)(?:马上|这就)?[去来修弄]"
)


@dataclass(slots=True)
class _Part:
    """What is said of some orders; `act` None where the clause only tells how they stand."""

    demands: list[Demand]
    act: Act | None
    text: str
    to: Person | None = None


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Do what each clause says of its own orders; returns whether the message was of that kind."""
    text = turn.inbound.text.strip()
    if turn.speaker.role != "provider" or len(text) > _LONGEST or hearing.alarming(heard):
        return False
    clauses = [clause for clause in _CLAUSE.split(text) if clause]
    if len(clauses) < 2 or how("order.fulfil", text) is Said.ASKED:
        return False
    held = sorted(providers.held(turn, *AT_WORK), key=lambda demand: demand.id or 0)
    parts = _parts(turn, clauses, held) if len(held) > 1 else []
    kinds = {part.act for part in parts}
    if len(parts) < 2 or (len(kinds) == 1 and not kinds & {None, Act.ASSIGN}):
        return False
    for act, step in _STEPS.items():
        for part in parts:
            if part.act is act:
                step(turn, part)
    return True


def _parts(turn: Turn, clauses: list[str], held: list[Demand]) -> list[_Part]:
    """The orders of each clause; empty where one cannot be told, or is spoken of twice."""
    parts, rest = list[_Part](), None
    for clause in clauses:
        to = handing.sent_in(turn, clause)
        act = Act.ASSIGN if to is not None else _act(clause)
        named = _named(turn, clause, held, act)
        if named is None:
            return []
        if named:
            parts.append(_Part(named, act, clause, to))
        elif _REST.search(clause) and act is not None and rest is None:
            rest = _Part([], act, clause)
            parts.append(rest)
        elif parts:
            parts[-1].text += f"，{clause}"
            parts[-1].act = parts[-1].act or act
        else:
            return []
    taken = [demand.id for part in parts for demand in part.demands]
    if rest is not None:
        stages = _OF[rest.act] if rest.act is not None else AT_WORK
        rest.demands = [d for d in held if d.id not in taken and d.stage in stages]
    if len(taken) != len(set(taken)) or not all(part.demands for part in parts):
        return []
    return parts if all(_fits(part) for part in parts) else []


def _fits(part: _Part) -> bool:
    return part.act is None or all(demand.stage in _OF[part.act] for demand in part.demands)


def _act(clause: str) -> Act | None:
    if _RETURNS.search(clause):
        return Act.RETURN
    if how("order.fulfil", clause) is Said.MEANT:
        return Act.FULFIL
    if not _WAITS.search(clause) and _TAKES.search(clause):
        return Act.ACCEPT
    return None


def _named(turn: Turn, clause: str, held: list[Demand], act: Act | None) -> list[Demand] | None:
    """The orders that a clause names; empty where it names none, None where what it names is not there."""
    if numbers := _NUMBER.findall(clause):
        known = {demand.id for number in numbers for demand in finding.by_number(turn, number)}
        found = [demand for demand in held if demand.id in known]
        return found if len(found) == len(set(numbers)) else None
    if (rank := _RANK.search(clause)) is not None:
        return _ranked(turn, rank, [d for d in held if act is None or d.stage in _OF[act]])
    house, room, kinds = _HOUSE.search(clause), _ROOM.search(clause), turn.reader.things(clause)
    found = held
    if house is not None:
        found = [demand for demand in found if demand.building == str(to_int(house[1]))]
    if room is not None and any(demand.room == room[0] for demand in found):
        found = [demand for demand in found if demand.room == room[0]]
    elif house is None and not kinds:
        return []
    of_kind = [demand for demand in found if demand.category in kinds]
    if kinds and not of_kind and house is None and room is None:
        return []  # 换了灯泡, of an order for something else
    found = of_kind or found
    several = len(found) > 1 and len(found) != len(kinds)
    return None if several or not found else found


def _ranked(turn: Turn, rank: re.Match[str], among: list[Demand]) -> list[Demand] | None:
    """前两个, 最后一个: as they were listed, else as they came."""
    listed = turn.session.just_listed()
    if listed:
        among = sorted((d for d in among if d.no in listed), key=lambda demand: listed.index(demand.no))
    if rank["last"]:
        return among[-1:] or None
    count = {"俩": 2}.get(rank["n"] or "", to_int(rank["n"] or rank["nth"]) or 0)
    if count > len(among):
        return None
    return among[:count] if rank["first"] else among[count - 1 : count]


def _heard(part: _Part, intent: str, **slots: str) -> Heard:
    numbers = ",".join(demand.no for demand in part.demands)
    return Heard(intent, slots={"order": numbers, **slots}, text=_SAYS_NUMBER.sub("", part.text) or part.text)


def _fulfil(turn: Turn, part: _Part) -> None:
    providers.fulfil(turn, _heard(part, "order.fulfil"))


def _accept(turn: Turn, part: _Part) -> None:
    providers.accept(turn, _heard(part, "order.accept"))


def _return(turn: Turn, part: _Part) -> None:
    providers.give_back(turn, _heard(part, "order.return", reason=_reason(part.text)))


def _reason(text: str) -> str:
    """退掉，不归我们管: what is said besides that it is returned."""
    said = [piece for piece in text.split("，") if not re.fullmatch(r".{0,8}退[掉回单了吧]*", piece)]
    return _SAYS_NUMBER.sub("", "，".join(said))


def _assign(turn: Turn, part: _Part) -> None:
    """1号给老丁，2号给小葛: of who may; what a worker says of a colleague hands nothing on."""
    for demand in part.demands:
        if part.to is not None and may(Act.ASSIGN, turn.actor.capacities(turn.tx, demand)):
            handing.hand(turn, demand, part.to, takes=True)
        else:
            turn.say("done.left_out", nos=demand.no)


def _goes_on(turn: Turn, part: _Part) -> None:
    """When they come, or what is waited for, is told; of the rest nothing is done, and that is said."""
    words = _SAYS_NUMBER.sub("", part.text).strip()
    told = _TELLS.search(words) is not None or not _NOTHING.search(words)
    going = part.demands if told else []
    if going and _COMES.search(words) and (new := [d for d in going if d.stage == Stage.DISPATCHED]):
        providers.accept(turn, _heard(_Part(new, None, words), "order.accept"))
        going = [demand for demand in going if demand not in new]
    note = turn.tx.content.replies.say("event.expected", when=words) if re.fullmatch(coming.TIME, words) else words
    for demand in going:
        done = turn.attempt(lambda d=demand: perform(turn.tx, d, Act.PROGRESS, turn.actor, {"note": note}))  # type: ignore[misc]
        if done is not None:
            turn.say(providers.worded(done, "done.progress"), **turn.about(done))
    if not told:
        turn.say("done.left_out", nos="、".join(demand.no for demand in part.demands))


_OF: Final = {
    Act.FULFIL: {Stage.DISPATCHED, Stage.ACCEPTED},
    Act.ACCEPT: {Stage.DISPATCHED},
    Act.RETURN: {Stage.DISPATCHED, Stage.ACCEPTED},
    Act.ASSIGN: {Stage.DISPATCHED, Stage.ACCEPTED},
}
_STEPS: Final = {
    Act.FULFIL: _fulfil,
    Act.ACCEPT: _accept,
    Act.ASSIGN: _assign,
    None: _goes_on,
    Act.RETURN: _return,
}
"""In this order: why something is returned may be asked, and that stands last."""
