"""Decisions told in a sentence: what, who does it, until when; what is not said is asked.

A meeting that nobody called beforehand is written down by its first decision.
"""

import re
from datetime import datetime
from typing import Any, Final

from redprop_bot.council import resolving, tracking
from redprop_bot.council.matter_words import bare_matter
from redprop_bot.council.ourselves import own_meant
from redprop_bot.council.resolving import Decision
from redprop_bot.dialogue import finding, hearing, plain_orders, secretaries
from redprop_bot.dialogue.decision_words import (
    helping,
    into_project,
    is_matter,
    nobody_need,
    nobodys,
    order_numbers,
)
from redprop_bot.dialogue.meeting_meant import deciding
from redprop_bot.dialogue.meeting_times import due_said
from redprop_bot.dialogue.meeting_words import for_later
from redprop_bot.dialogue.meetings import chair, home
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Invalid, NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.registry.register import Register
from redprop_bot.store.tables import Resolution
from redprop_bot.understand.acts import Act as Heard

_SHOWN: Final = 8
_KINDS: Final = (
    r"(?:街道|社区|党建|周末|书记|楼宇)*(?:联席会议?|议事[会厅]|居民代表会议?|居民会议?|会议|会上|大家(?:投票)?|代表会议?"
    r"|协商会议?|碰头会|恳谈会|听证会|调解会|板凳会议?|院坝会|凉亭会)"
)
_LEAD: Final = re.compile(
    r"^(?:记录?一?下?|今天|今晚|刚才|刚刚)?(?:[，,：:\s]*(?P<kind>" + _KINDS + r")(?:上|里)?)?"
    r"(?:(?:决定|决议|定了|定的|说好了?|通过了?|形成一致意见|交办|议定(?:事项)?|一致同意|表决通过|结论是?)[，,：:\s]*)+"
)
_COUNTED: Final = re.compile(r"^\d{1,2}[.、．)）]\s*(?!\d)")
_SPOT: Final = re.compile(
    r"(?:当场|现场|会上)(?:就)?(?:答复|解释|说明|解决|回复)(?:了|过)?[，,：:\s]*(?P<answer>.*)"
)
_WHERE: Final = ("会上", "现场", "会议上", "今天会上")
_COMMAND: Final = re.compile(r"\d号|D\d{8}-|改派|转派|挂账|延期|提级|^办结|纪要|签到|表决|计票|议程")
_BARE: Final = frozenset({"unknown", "greeting", "order.dispatch", "order.accept", "meeting.resolve"})
"""What a bare name may be read as."""
_SURE: Final = 0.5
_HANDED: Final = re.compile(r"^(?:就|还是)?(?:由|归|让|请|交给|派给|给)(?=.{2})")
_AGAINST: Final = re.compile(r"没有?通过|未通过|不予通过|否决|反对多")


def resolve(turn: Turn, heard: Heard) -> None:
    """记决议、交办: one a matter."""
    text = (heard.text or turn.inbound.text).strip()
    try:
        if for_later(text) and deciding(turn, None, met=False) is None:  # of no meeting that there was
            turn.say("meeting.for_later")
            return
        orders = _orders(turn, order_numbers(text, str(heard.slots.get("order") or "")))
        spot = _SPOT.search(text)
        if spot is not None or _AGAINST.search(text):
            answer = (spot["answer"].strip() if spot else "") or text
            about = _matter(text[: spot.start()] if spot else text)
            said = answer if about in answer or about in _WHERE else f"{about}：{answer}"
            _resolved(turn, Decision(said[: resolving.TEXT], orders, answer=answer), heard)
            return
        _assign(turn, heard, text, orders)
    except Refused as refusal:
        turn.refuse(refusal)


def _assign(turn: Turn, heard: Heard, text: str, orders: list[str]) -> None:
    """Something is to be done: by a unit, or as a measure of a project by whoever owns it."""
    found = into_project(turn.inbound.text)
    project, text = found if found is not None else (None, text)
    helpers, text = _helpers(turn, text)
    party = str(heard.slots.get("party") or "")
    party = "" if any(party in name for name in helpers) else party
    own = _own(turn, party, text) if project is None and not orders else None
    who = own or owner(turn.register, party, text) or (_person(turn, text) if project else None)
    matter = _matter(text)
    due = due_said(turn, heard)
    about = category_of(turn, bare_matter(turn.register, matter))
    decision = Decision(matter, orders, who, helpers, due_at=due, category=about, project=project)
    if who is None and project is None and nobodys(text):
        _resolved(turn, Decision(matter, orders, plain=True), heard)
        return
    if who is None:
        ask_owner(turn, decision, party)
        return
    _resolved(turn, decision, heard)


def _helpers(turn: Turn, text: str) -> tuple[list[str], str]:
    """Units that help beside the one that leads, and the sentence without them."""
    said, rest = helping(text)
    named = sorted((said.index(name), name) for name in turn.register.organisation_names if name in said)
    units = list(dict.fromkeys(turn.register.organisation_names[name].name for _, name in named))
    return (units, rest) if units else ([], text)


def _own(turn: Turn, party: str, text: str) -> str | None:
    """The community, the street or somebody of theirs, where it is given to them: 由小姚负责, 社区自己做."""
    given = re.search(r"(?:由|归|让|请|交给)" + re.escape(party), text) if party else None
    place = home(turn, text)
    if party and own_meant(turn.register, place, party) is not None:
        return party if given or owner(turn.register, "", text) is None else None
    if party and resolving.unit_meant(turn.register, party) is not None:
        return None
    name = _person(turn, text)
    return name if name and own_meant(turn.register, place, name) is not None else None


def _person(turn: Turn, text: str) -> str | None:
    """Somebody of the register of whom a sentence says that they lead it: 由秦书记领办."""
    for name in sorted({p.name for p in turn.register.people.values() if p.name}, key=len, reverse=True):
        if re.search(rf"(?:由|请)?{re.escape(name)}(?:来|牵头|负责|领办|主抓|包保|办)", text):
            return name
    return None


def category_of(turn: Turn, matter: str) -> str | None:
    """What a matter is about, read as if a resident had reported it."""
    return next((act.category for act in hearing.as_resident(turn, matter) if act.category), None)


def _matter(text: str) -> str:
    """What was decided, without the words that say that it was."""
    rest = _COUNTED.sub("", _LEAD.sub("", text).strip(" ，,：:。；;\n"))
    return (rest if len(rest) >= 4 else text)[: resolving.TEXT]


def owner(reg: Register, party: str, text: str) -> str | None:
    """The unit that is to do it: as it was understood, else the first that is named in the sentence."""
    if party and (unit := resolving.unit_meant(reg, party)):
        return unit.name
    named = [(text.index(name), -len(name), name) for name in reg.organisation_names if name in text]
    if named:
        return min(named)[2]
    if len(party) >= 2:
        hits = [name for name in reg.organisation_names if party[:2] in name]
        if len(hits) == 1:
            return hits[0]
    return None


def _orders(turn: Turn, numbers: list[str]) -> list[str]:
    found = []
    for number in numbers:
        hits = [d for d in finding.by_number(turn, number) if secretaries.of_mine(turn)(d)]
        if not hits:
            raise NotFound("no_such_order", number=number)
        found.append(hits[0].no)
    return found


def ask_owner(turn: Turn, decision: Decision, party: str) -> None:
    """Nobody was named, or nobody known: likely units by number. Nothing is written down yet.

    What is no matter at all, a vote that is not asked for or a question, is told so.
    """
    if not is_matter(_LEAD.sub("", decision.text)):
        turn.say("meeting.no_matter", text=words.quoted(turn.inbound.text, 40))
        return
    reg = turn.register
    likely = [o.name for o in reg.organisations.values() if o.active and o.kind in ("property", "department")]
    names = likely[:_SHOWN]
    turn.session.ask(
        "meeting_owner",
        options=names,
        text=decision.text,
        demands=list(decision.demands),
        due=decision.due_at.isoformat() if decision.due_at else None,
        helpers=list(decision.helpers),
        category=decision.category,
        project=decision.project,
        met=plain_orders.of_a_meeting(turn, turn.inbound.text),
    )
    lines = "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))
    key = "meeting.unknown_owner" if party else "meeting.ask_owner"
    turn.say(key, text=words.quoted(decision.text, 60), party=party, lines=lines)


def owner_answered(turn: Turn, asked: dict[str, Any], text: str, chosen: str | None) -> bool:
    """The unit after the question; returns whether it was one."""
    if chosen is None and (_LEAD.match(text) or _COMMAND.search(text)):
        return False  # another decision or a command, which leaves the one that waits unwritten
    kinds = turn.reader.things(text)
    if chosen is None and kinds and not kinds & turn.reader.things(str(asked["text"])):
        return False  # another matter, which leaves the one that waits unwritten, too
    text = _HANDED.sub("", text)
    plain = chosen is None and not asked.get("project") and nobody_need(text)
    own = (
        None
        if chosen or asked.get("project") or asked.get("demands")
        else own_meant(turn.register, home(turn, text), text)
    )
    unit = chosen or (text if own is not None else owner(turn.register, text, text))
    if unit is None and asked.get("project") and turn.register.person_named(text.strip()) is not None:
        unit = text.strip()
    if unit is None and not plain:
        if len(text) > 20 or _AGAINST.search(text) or _elsewhere(turn):
            return False
        turn.refuse(Invalid("unknown_unit", name=text[:40]))
        return True
    due = asked.get("due")
    decision = Decision(
        str(asked["text"]),
        [str(no) for no in asked.get("demands", [])],
        unit,
        [str(name) for name in asked.get("helpers", [])],
        due_at=datetime.fromisoformat(due) if due else None,
        category=asked.get("category"),
        project=asked.get("project"),
        plain=plain,
    )
    try:
        _resolved(turn, decision, Heard("meeting.resolve"), met=bool(asked.get("met")))
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _elsewhere(turn: Turn) -> bool:
    """Whether words that are no unit say something else: 这个月多少单, 出纪要."""
    heard = hearing.read(turn)[0]
    return heard.intent not in _BARE and heard.confidence >= _SURE


def _resolved(turn: Turn, decision: Decision, heard: Heard, *, met: bool | None = None) -> None:
    if met is None:
        met = plain_orders.of_a_meeting(turn, turn.inbound.text)
    with turn.tx.savepoint():
        meeting = deciding(turn, _LEAD.match(turn.inbound.text.strip()), met=met)
        if meeting is None:
            plain_orders.give(turn, decision, heard)
            return
        row = resolving.resolve(turn.tx, meeting, chair(turn), decision)
    turn.session.asked = None
    way = tracking.ways(turn.tx, [row])[0]
    nos = "、".join(order.no for order in way.orders)
    slots = {"title": meeting.title, "number": str(row.number), "text": words.quoted(row.text, 100), "nos": nos}
    if row.kind in ("answered", "noted"):
        turn.say(f"meeting.resolved_{row.kind}", **slots)
        return
    turn.session.demand = way.orders[-1].no if way.orders else turn.session.demand
    helpers = "、".join(turn.register.organisations[key].name for key in row.helpers)
    slots |= {"helpers": helpers, "unit": tracking.who(turn.tx, way), "due": _day(turn, row)}
    if way.step is None:
        turn.say("meeting.resolved" if row.handler_id is not None else "meeting.resolved_own", **slots)
        return
    link = f"{turn.tx.content.address}/m/projects/{way.step.project.no}"
    step = str(way.step.measure.position)
    turn.say("meeting.resolved_measure", project=way.step.project.title, step=step, link=link, **slots)


def _day(turn: Turn, row: Resolution) -> str:
    return words.date(row.due_at, turn.tx.content.zone) if row.due_at is not None else ""
