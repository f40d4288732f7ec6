"""What secretaries and grid workers say: dispatch, merge, close, escalate, list."""

import re
from collections.abc import Callable
from typing import Final

from redprop_bot.dialogue import finding, helping_words, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Invalid
from redprop_bot.loop.acts import perform
from redprop_bot.loop.arrange import table_called
from redprop_bot.loop.helping import beside
from redprop_bot.notify import awaiting, telling
from redprop_bot.rules import flow
from redprop_bot.rules.deadlines import is_late
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.roles import CONFIDENTIAL, may
from redprop_bot.store import demands, lists
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_CLOSE_WORDS = (
    ("duplicate", ("重复",)),
    ("not_ours", ("不属", "不归", "不是我们")),
    ("no_action", ("无法", "没法", "办不了", "搬走", "联系不上")),
    ("solved", ("修好", "解决", "满意", "好了", "办结", "完成", "回访", "锦旗")),
)


_CONFIDED: Final = re.compile(r"投诉|举报|调解|纠纷|那件事|这件事|那单|这单|^(?:就)?[派转给交]")
_HURRY: Final = re.compile(r"抓紧|赶紧|尽快|赶快|快[点些]|马上|立刻|催|加[快急]|别拖")
_PROPERTY: Final = re.compile(r"(?:小区|[这那]边)?的?物业(?:公司|[这那]边)?")


def of_mine(turn: Turn) -> Callable[[Demand], bool]:
    """What is in the speaker's communities; the street has all."""
    communities = {p.community_id for p in turn.speaker.posts if p.community_id}
    street = any(p.street_id for p in turn.speaker.posts)
    return lambda demand: street or demand.community_id in communities


def unit_meant(turn: Turn, party: str) -> str | None:
    """The unit that words mean: its name, or the unit of a person named in them."""
    reg = turn.register
    if unit := reg.organisation(party):
        return unit.name
    persons = [person.id or 0 for person in reg.people.values() if person.name and person.name in party]
    units = {post.organisation_id for key in persons for post in reg.posts.get(key, []) if post.organisation_id}
    if units:  # two of the same name in two units: nobody guesses
        return reg.organisations[units.pop()].name if len(units) == 1 else None
    hits = [o.name for o in reg.organisation_names.values() if len(party) >= 2 and party[:2] in o.name]
    return hits[0] if len(hits) == 1 else None


def dispatch(turn: Turn, heard: Heard) -> None:
    """派单、转派."""
    party = str(heard.slots.get("party") or "")
    found = finding.meant(turn, heard, Act.DISPATCH, fits=_open_to_units(turn, heard))
    if not found:
        if not turn.said:
            _nothing_to_send(turn, party)
        return
    unit = unit_meant(turn, party) if party else None
    leads, named = beside_meant(turn, heard.text or turn.inbound.text)
    if named and leads and unit not in leads:
        unit = leads[0]
    for demand in found:
        has = turn.register.organisations.get(demand.handler_id or 0)
        others = [name for name in named if has is None or name != has.name]
        if others and has is not None and leads in ([], [has.name]):
            _helped(turn, demand, others)
            continue
        if unit is None and party:
            unit = caretaker(turn, demand.estate_id, party)
        if named and not leads:  # 请万和物业帮忙修一下, which nobody has yet: then it is theirs
            unit = named[0]
        helpers = [name for name in named if name != unit]
        if unit is None:
            names = [unit.name for unit in telling.candidates(turn.tx, demand)]
            turn.session.ask("unit", no=demand.no, options=names)
            lines = "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))
            turn.say("ask.unit" if party else "ask.which_unit", no=demand.no, party=party, lines=lines)
            return
        if has is not None and unit == has.name and _HURRY.search(heard.text or turn.inbound.text):
            _do(turn, demand, Act.URGE, "done.urge")
            continue
        turn.session.demand = demand.no  # also where it is refused: 催一下 is said of it next
        _do(turn, demand, Act.DISPATCH, "done.dispatch", to=unit)
        given = demands.by_no(turn.tx, demand.no)
        if helpers and given is not None and given.handler_id is not None:
            _helped(turn, given, helpers)


def _open_to_units(turn: Turn, heard: Heard) -> Callable[[Demand], bool]:
    """What may be meant without its number: a complaint only by the word for it, for it then goes to a unit."""
    ours, text = of_mine(turn), heard.text or turn.inbound.text
    named = _CONFIDED.search(text) is not None
    return lambda demand: ours(demand) and (named or demand.intent not in CONFIDENTIAL)


def _nothing_to_send(turn: Turn, party: str) -> None:
    """There is no such order: how to name one, or to have a new one."""
    reg, ours = turn.register, {p.community_id for p in turn.speaker.posts}
    estates = [one for one in reg.estates.values() if one.community_id in ours] or [*reg.estates.values()]
    unit = unit_meant(turn, party) or (estates[0].property_name if estates else None) or "物业"
    turn.say("ask.no_order_to_send", unit=unit, estate=estates[0].name if estates else "")


def caretaker(turn: Turn, estate_id: int | None, party: str) -> str | None:
    """物业: the company of the estate where it is."""
    estate = turn.register.estates.get(estate_id or 0)
    return estate.property_name if estate is not None and _PROPERTY.fullmatch(party) else None


def beside_meant(turn: Turn, text: str) -> tuple[list[str], list[str]]:
    """Units of the register to whom it goes, and those that help, by their full names."""
    names = turn.register.organisation_names
    leads, helpers = helping_words.beside(text, names)
    return [names[name].name for name in leads], [names[name].name for name in helpers]


def _helped(turn: Turn, demand: Demand, names: list[str]) -> None:
    """These units help from now on; who leads it stays."""
    units = [turn.register.organisation_names[name] for name in names]
    if demand.intent in CONFIDENTIAL:  # only the unit that answers for it hears of it
        turn.say("error.helper_confidential", no=demand.no)
        return
    if not flow.can(Act.ASSIST, demand.stage):
        turn.say("error.stage", no=demand.no, act="请人配合", stage=turn.about(demand)["stage"])
        return
    if not may(Act.DISPATCH, turn.actor.capacities(turn.tx, demand)):
        turn.say("error.not_your_post", what=turn.tx.content.labels.intent["order.dispatch"])
        return
    beside(turn.tx, demand, units)
    turn.session.demand = demand.no
    turn.session.asked = None
    turn.say("done.beside", units="、".join(names), **turn.about(demand))


def _do(turn: Turn, demand: Demand, act: Act, key: str, **fields: object) -> None:
    done = turn.attempt(lambda: perform(turn.tx, demand, act, turn.actor, fields))
    if done is not None:
        turn.session.demand = done.no
        turn.session.asked = None
        slots = turn.about(done)
        turn.say(providers.worded(done, key), into=fields.get("into", ""), **slots)


def merge(turn: Turn, heard: Heard) -> None:
    """并单: into the one that is named, else into the oldest."""
    numbers = [n for n in str(heard.slots.get("order", "")).split(",") if n]
    target = str(heard.slots.get("into") or "")
    found: list[Demand] = []
    for number in [*numbers, *([target] if target else [])]:
        known = finding.by_number(turn, number)
        several = [d for d in known if flow.can(Act.MERGE, d.stage)]
        if not several and number == target and len(known) == 1:
            into = finding.kept(turn, known[0])
            several = [into] if flow.can(Act.MERGE, into.stage) and of_mine(turn)(into) else []
        if len(several) > 1:
            tails = "、".join(d.no for d in several[: finding.SHOWN])
            turn.say("error.which_number", number=number, numbers=tails)
            return
        if not several and len(known) == 1 and (into := finding.kept(turn, known[0])).id != known[0].id:
            turn.say("done.merged_before", no=known[0].no, into=into.no)
            return
        if not several:
            turn.say("error.no_such_order", number=number)
            return
        found.append(several[0])
    if len({demand.id for demand in found}) < 2:
        turn.say("ask.merge_numbers")
        return
    into = found[-1] if target else min(found, key=lambda d: d.id or 0)
    for demand in found:
        if demand.id != into.id:
            _do(turn, demand, Act.MERGE, "done.merge", into=into.no)


def close(turn: Turn, heard: Heard) -> None:
    """办结、归档, with a reason of the list found in what was said."""
    text = str(heard.slots.get("reason") or heard.text or turn.inbound.text)
    code = next((code for code, marks in _CLOSE_WORDS if any(m in text for m in marks)), "other")
    numbers = heard.slots.get("order")
    but = {demand.no for demand in finding.left_out(turn, heard)}
    if but and not numbers:
        ours = of_mine(turn)
        found = [d for d in finding.reach(turn) if d.stage == Stage.DONE and ours(d) and d.no not in but]
        if not found:
            turn.say("ask.none_done", nos="、".join(sorted(but)))
            return
    else:
        found = finding.meant(turn, heard, Act.CLOSE, fits=of_mine(turn))
    for demand in found:
        note = str(heard.slots.get("reason") or "") or None
        _do(turn, demand, Act.CLOSE, "done.close", reason=code, note=note)
    if but and found:
        turn.say("done.left_out", nos="、".join(sorted(but)))
    if not turn.said:
        turn.say("ask.no_order_here")


def sent_back(turn: Turn, heard: Heard) -> bool:
    """1号单还没修好，重新办: a secretary rates nothing that others reported; the unit has it again."""
    ours = of_mine(turn)
    numbers = [number for number in str(heard.slots.get("order") or "").split(",") if number]
    named = [demand for number in numbers for demand in finding.by_number(turn, number)]
    found = [d for d in named if ours(d) and d.reporter_id != turn.person_id and flow.can(Act.REOPEN, d.stage)]
    for demand in found:
        reason = (heard.text or turn.inbound.text)[:200]
        _do(turn, demand, Act.REOPEN, "done.reopen", reason=reason)
    return bool(found)


def escalate(turn: Turn, heard: Heard) -> None:
    """提级: on the list of the joint meeting, with the reason."""
    reason = str(heard.slots.get("reason") or heard.text or turn.inbound.text)
    party = str(heard.slots.get("party") or "")
    ours = of_mine(turn)
    to, unit = _raised_to(turn, party)
    found = finding.meant(turn, heard, Act.ESCALATE, fits=lambda d: ours(d) and d.stage != Stage.TABLED)
    for demand in found:
        if demand.stage == Stage.TABLED:  # once is enough: the street was told
            turn.say("error.tabled_already", no=demand.no)
            continue
        _do(turn, demand, Act.ESCALATE, "done.escalate", reason=reason[:500], to=to)
        if unit and turn.said[-1].key == "done.escalate":  # on the list it is; the unit hears of it by a whistle
            turn.say("done.escalate_unit", no=demand.no, unit=unit)
    if not turn.said:
        turn.say("ask.no_order_here")


def _raised_to(turn: Turn, party: str) -> tuple[str | None, str | None]:
    """The street or the meeting it is raised to, where one is named; and the unit that is."""
    try:
        return table_called(turn.tx, party), None
    except Invalid:
        return None, unit_meant(turn, party)


def _task_homes(turn: Turn) -> list[int | None]:
    """Whose tasks the speaker sees: their communities'; those of none are the street's, else everybody's."""
    homes: list[int | None] = [p.community_id for p in turn.speaker.posts if p.community_id]
    if any(p.street_id for p in turn.speaker.posts) or not turn.register.street_staff:
        homes.append(None)
    return homes


_LATE_ONES: Final = re.compile("超期|逾期|过期|超时")


def listing(turn: Turn, _heard: Heard) -> None:
    """看待办: what is open, what is late, and tasks; 看超期: what is late alone."""
    reach = [d for d in finding.reach(turn) if flow.is_open(d.stage)]
    if turn.speaker.role == "secretary":
        ours, own = of_mine(turn), providers.own(turn)  # 交叉任职
        reach = [d for d in reach if ours(d) or own(d)]
    late = [d for d in reach if is_late(d.stage, d.due_at, turn.tx.now)]
    if _LATE_ONES.search(turn.inbound.text) and reach:
        lines = finding.listing(turn, late[:8], numbered=False)
        name = "list.late" if late else "list.none_late"
        turn.say(name, number=str(len(late)), open=str(len(reach)), lines=lines)
        return
    tasks = lists.open_tasks(turn.tx, _task_homes(turn)) if turn.speaker.role == "secretary" else []
    if not reach and not tasks:
        helping, waiting = _helping(turn), _waiting(turn)
        if not helping and not waiting:
            turn.say("list.empty")
        return
    turn.say(
        "list.open",
        number=str(len(reach)),
        late=str(len(late)),
        tasks=str(len(tasks)),
        lines=finding.listing(turn, (late + [d for d in reach if d not in late])[:8], numbered=False),
        task_lines="\n".join(
            f"{t.no} {turn.tx.content.labels.task_name(t.kind)}：{t.text[:20]}" for t in tasks[:5]
        ),
    )
    _helping(turn)
    _waiting(turn)


def _waiting(turn: Turn) -> bool:
    """What waits for the speaker's yes beside orders; whether there is any."""
    if turn.speaker.role != "secretary":
        return False
    communities = [p.community_id for p in turn.speaker.posts if p.community_id]
    street = any(p.street_id for p in turn.speaker.posts)
    found = awaiting.lines(turn.tx, None if street else communities, but=turn.person_id)
    if found:
        link = f"{turn.tx.content.address}/console"
        turn.say("list.waiting", number=str(len(found)), lines="\n".join(found[:8]), link=link)
    return bool(found)


def _helping(turn: Turn) -> bool:
    """What the speaker's units help with beside another; whether there is any."""
    units = sorted({p.organisation_id for p in turn.speaker.posts if p.organisation_id is not None})
    found = demands.helped_by(turn.tx, units)
    if found:
        lines = finding.listing(turn, found[:8], numbered=False)
        turn.say("list.helping", number=str(len(found)), lines=lines)
    return bool(found)
