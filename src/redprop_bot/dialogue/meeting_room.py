"""What is done in a meeting by chat, for whoever leads it: decisions, votes, minutes, the code of the room.

A decision is told in a sentence; who does it and until when is read from it, and asked where it is not said. A
meeting that nobody called beforehand is written down by its first decision.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.council import agenda, minutes, resolving, sudden, voting
from redprop_bot.council.attending import present
from redprop_bot.council.resolving import Decision
from redprop_bot.dialogue import finding, secretaries
from redprop_bot.dialogue.meetings import about, chair, home, known, tell_called
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Invalid, NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.registry.register import Register
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting, Resolution
from redprop_bot.understand.acts import Act as Heard

_LEAD: Final = re.compile(
    r"^(?:记录?一?下?|今天)?(?:[，,：:\s]*(?:联席会议?|议事会|居民代表会|会议|会上|大家(?:投票)?|代表会|协商会|恳谈会|听证会))?"
    r"(?:(?:决定|决议|定了|定的|说好了?|通过了?|形成一致意见|交办|议定(?:事项)?|一致同意|表决通过|结论是?)[，,：:\s]*)+"
)
_SPOT: Final = re.compile(
    r"(?:当场|现场|会上)(?:就)?(?:答复|解释|说明|解决|回复)(?:了|过)?[，,：:\s]*(?P<answer>.*)"
)
_AGAINST: Final = re.compile(r"没有?通过|未通过|不予通过|否决|反对多")
_MONTH: Final = re.compile(r"月底|年底|年前|年内|季度末")
_SHOWN: Final = 8


# -- decisions


def resolve(turn: Turn, heard: Heard) -> None:
    """记决议、交办: one a matter."""
    text = (heard.text or turn.inbound.text).strip()
    try:
        orders = _orders(turn, str(heard.slots.get("order") or ""))
        spot = _SPOT.search(text)
        if spot is not None or _AGAINST.search(text):
            answer = (spot["answer"].strip() if spot else "") or text
            _resolved(turn, Decision(_matter(text), orders, answer=answer))
            return
        unit = owner(turn.register, str(heard.slots.get("party") or ""), text)
        matter = _matter(text)
        decision = Decision(matter, orders, unit, due_at=_due(turn, heard), category=category_of(turn, matter))
        if unit is None:
            ask_owner(turn, decision, str(heard.slots.get("party") or ""))
            return
        _resolved(turn, decision)
    except Refused as refusal:
        turn.refuse(refusal)


def category_of(turn: Turn, matter: str) -> str | None:
    """What a matter is about, read as if a resident had reported it."""
    heard = turn.reader.read(
        matter,
        role="resident",
        now=turn.inbound.created_at.astimezone(turn.tx.content.zone),
        gazetteer=turn.register.gazetteer,
        estate=None,
        asked=None,
    )
    return next((act.category for act in heard if act.category), None)


def _matter(text: str) -> str:
    """What was decided, without the words that say that it was."""
    rest = _LEAD.sub("", text).strip(" ，,：:。")
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


def _due(turn: Turn, heard: Heard) -> datetime | None:
    """Until when: the day that was said, at the end of its working hours; days are working days."""
    zone = turn.tx.content.zone
    if said := str(heard.slots.get("time") or ""):
        found = datetime.fromisoformat(said)
        if len(said) <= len("2026-11-26"):
            found = found.replace(hour=18)
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        return found if found > turn.tx.now else None
    if days := heard.slots.get("days"):
        return turn.tx.content.calendar.add_days(turn.tx.now, int(days))
    return None


def _orders(turn: Turn, numbers: str) -> list[str]:
    found = []
    for number in (n.strip() for n in numbers.split(",") if n.strip()):
        hits = [d for d in finding.by_number(turn, number) if secretaries.of_mine(turn)(d)]
        if not hits:
            raise NotFound("no_such_order", number=number)
        found.append(hits[0].no)
    return found


def ask_owner(turn: Turn, decision: Decision, party: str) -> None:
    """Nobody was named, or nobody known: likely units by number. Nothing is written down yet."""
    reg = turn.register
    likely = [o.name for o in reg.organisations.values() if o.active and o.kind in ("property", "department")]
    names = likely[:_SHOWN]
    turn.session.ask(
        "meeting_owner",
        options=names,
        text=decision.text,
        demands=list(decision.demands),
        due=decision.due_at.isoformat() if decision.due_at else None,
        category=decision.category,
    )
    lines = "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))
    key = "meeting.unknown_owner" if party else "meeting.ask_owner"
    turn.say(key, text=words.quoted(decision.text, 60), party=party, lines=lines)


def owner_answered(turn: Turn, asked: dict[str, Any], text: str, chosen: str | None) -> bool:
    """The unit after the question; returns whether it was one."""
    unit = chosen or owner(turn.register, text, text)
    if unit is None:
        if len(text) > 20:
            return False
        turn.refuse(Invalid("unknown_unit", name=text[:40]))
        return True
    due = asked.get("due")
    decision = Decision(
        str(asked["text"]),
        [str(no) for no in asked.get("demands", [])],
        unit,
        due_at=datetime.fromisoformat(due) if due else None,
        category=asked.get("category"),
    )
    try:
        _resolved(turn, decision)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _resolved(turn: Turn, decision: Decision) -> None:
    with turn.tx.savepoint():
        meeting = _for_decisions(turn)
        row = resolving.resolve(turn.tx, meeting, chair(turn), decision)
    turn.session.asked = None
    orders = meetings.decided(turn.tx, [row.id or 0]).get(row.id or 0, [])
    slots = {"title": meeting.title, "number": str(row.number), "text": words.quoted(row.text, 100)}
    nos = "、".join(order.no for order in orders)
    if row.kind == "answered":
        turn.say("meeting.resolved_answered", nos=nos, **slots)
        return
    turn.session.demand = orders[-1].no if orders else turn.session.demand
    turn.say("meeting.resolved", nos=nos, unit=decision.handler, due=_day(turn, row), **slots)


def _day(turn: Turn, row: Resolution) -> str:
    return words.date(row.due_at, turn.tx.content.zone) if row.due_at is not None else ""


def _for_decisions(turn: Turn) -> Meeting:
    """The meeting that decided; one that nobody called beforehand is written down as it is spoken of."""
    match = _NUMBER.search(turn.inbound.text)
    try:
        return current(turn, match[0] if match else None)
    except NotFound as refusal:
        if refusal.code != "no_meeting_now":
            raise
    text = turn.inbound.text
    return sudden.sudden(turn.tx, chair(turn), text, home(turn, text))


_NUMBER: Final = re.compile(r"M\d{8}-\d{4,}")


# -- strict sentences

_NO: Final = r"(?P<no>M\d{8}-\d{4,})?"
_STRICT: Final = (
    ("minutes", re.compile(rf"(?:写|起草|拟)(?:会议)?纪要\s*{_NO}(?:[，,：:\s]+(?P<rest>.+))?", re.DOTALL)),
    ("approve", re.compile(rf"(?:会议)?纪要(?:定稿|通过)\s*{_NO}")),
    ("vote", re.compile(rf"(?:发起)?表决\s*{_NO}[：:\s]+(?P<rest>\S.{{1,200}})")),
    ("count", re.compile(rf"(?:计票|唱票|表决结束)\s*{_NO}")),
    ("code", re.compile(rf"(?:会议)?签到码\s*{_NO}")),
    ("topic", re.compile(rf"加议题\s*{_NO}[：:，,\s]*(?P<rest>\S.{{1,200}})")),
    ("track", re.compile(rf"(?:看|查)?决议(?:落实|进展|办理)?(?:情况|到哪了|清单|怎么样了?)?\s*{_NO}")),
    ("spot", re.compile(r"(?P<rest>\S.{1,300}(?:当场|现场)(?:答复|解释|解决).{2,300})", re.DOTALL)),
    ("open", re.compile(r"现在(?:就)?开(?P<rest>\S{2,12}?)[。！!]?")),
)


def run(turn: Turn) -> bool:
    """Do what a strict sentence of whoever leads says; returns whether it was one."""
    text = turn.inbound.text.strip().rstrip("。")
    if turn.speaker.role != "secretary" or len(text) > 1000:
        return False
    for name, pattern in _STRICT:
        if match := pattern.fullmatch(text):
            said = match.groupdict()
            if name == "open" and turn.tx.content.meetings.named(said["rest"] or "") is None:
                return False
            try:
                with turn.tx.savepoint():
                    _DO[name](turn, said)
            except Refused as refusal:
                turn.refuse(refusal)
            return True
    return False


def current(turn: Turn, no: str | None = None) -> Meeting:
    """The meeting that is spoken of: by number, else under way, today, just over, next. Raises NotFound."""
    if no:
        return known(turn, no)
    leads, now, zone = chair(turn), turn.tx.now, turn.tx.content.zone
    leads.must(home(turn, "") if leads.communities is not None else None)
    places: list[int | None] = [*turn.register.communities, None]
    found = [
        meeting
        for place in places
        if leads.may(place)
        for meeting in meetings.standing(turn.tx, place, since=now - timedelta(days=14))
        if meeting.approved_at is None
    ]

    def near(meeting: Meeting) -> tuple[int, float]:
        away = abs((meeting.starts_at - now).total_seconds())
        if meeting.begun_at is not None and meeting.starts_at <= now <= meeting.ends_at:
            return 0, away
        if meeting.starts_at.astimezone(zone).date() == now.astimezone(zone).date():
            return 1, away
        if meeting.begun_at is not None:
            return 2, away
        return (3 if meeting.starts_at <= now else 4), away

    if not found:
        raise NotFound("no_meeting_now")
    return min(found, key=near)


def _minutes(turn: Turn, said: dict[str, Any]) -> None:
    meeting = minutes.draft(turn.tx, current(turn, said["no"]), chair(turn), remarks=said["rest"])
    turn.say("meeting.minutes", **about(turn, meeting))


def _approve(turn: Turn, said: dict[str, Any]) -> None:
    meeting = current(turn, said["no"])
    if not meeting.minutes:
        meeting = minutes.draft(turn.tx, meeting, chair(turn))
    done = minutes.approve(turn.tx, meeting, chair(turn))
    rows = meetings.resolutions(turn.tx, [done.id or 0]).get(done.id or 0, [])
    orders = meetings.decided(turn.tx, [row.id or 0 for row in rows])
    told = sum(order.reporter_id is not None for found in orders.values() for order in found)
    turn.say("meeting.approved", no=done.no, number=str(told) if told else "")


def _vote(turn: Turn, said: dict[str, Any]) -> None:
    meeting = current(turn, said["no"])
    vote = voting.ask(turn.tx, meeting, chair(turn), text=said["rest"].strip())
    there = len(present(meetings.seats(turn.tx, meeting.id or 0)))
    turn.say("meeting.vote_asked", number=str(vote.number), text=vote.text, there=str(there))


def _count(turn: Turn, said: dict[str, Any]) -> None:
    meeting = current(turn, said["no"])
    done = voting.count(turn.tx, meeting, chair(turn), voting.standing(turn.tx, meeting))
    say = turn.tx.content.replies.say
    turn.say(
        "meeting.vote_counted",
        number=str(done.number),
        text=done.text,
        result=say(f"meeting.{done.state}"),
        yes=str(done.yes),
        no_votes=str(done.no),
        abstain=str(done.abstain),
    )


def _spot(turn: Turn, said: dict[str, Any]) -> None:
    """What was answered at once, in one sentence: the matter, then the answer."""
    numbers = finding.numbers_in(said["rest"])
    resolve(turn, Heard("meeting.resolve", slots={"order": ",".join(numbers)}, text=said["rest"]))


def _code(turn: Turn, said: dict[str, Any]) -> None:
    meeting = current(turn, said["no"])
    turn.say("meeting.code", no=meeting.no, code=meeting.code)


def _topic(turn: Turn, said: dict[str, Any]) -> None:
    meeting = agenda.add(turn.tx, current(turn, said["no"]), chair(turn), topic=said["rest"].strip())
    turn.say("meeting.topic_added", no=meeting.no, topic=said["rest"].strip())


def _open(turn: Turn, said: dict[str, Any]) -> None:
    meeting = sudden.sudden(turn.tx, chair(turn), said["rest"], home(turn, said["rest"]))
    tell_called(turn, meeting)


def _track(turn: Turn, said: dict[str, Any]) -> None:
    """How far the decisions of a meeting are: of the one named, else of the last that decided anything."""
    meeting = known(turn, said["no"]) if said["no"] else _last_decided(turn)
    key = meeting.id or 0
    rows = meetings.resolutions(turn.tx, [key]).get(key, [])
    if not rows:
        turn.say("meeting.tracker_none", title=meeting.title)
        return
    orders = meetings.decided(turn.tx, [row.id or 0 for row in rows])
    states = [agenda.state_of(row, orders.get(row.id or 0, [])) for row in rows]
    lines = [agenda.line_of(turn.tx, row, state) for row, state in zip(rows, states, strict=True)]
    done = sum(state in ("done", "closed") for state in states)
    slots = {**about(turn, meeting), "number": str(len(rows)), "done": str(done)}
    turn.say("meeting.tracker", lines="\n".join(lines[:_SHOWN]), **slots)


def _last_decided(turn: Turn) -> Meeting:
    leads = chair(turn)
    communities = None if leads.communities is None else sorted(leads.communities)
    found = meetings.page(turn.tx, communities=communities, limit=20)
    decided = meetings.resolutions(turn.tx, [meeting.id or 0 for meeting in found])
    return next((m for m in found if m.id in decided), None) or current(turn)


_DO: Final[Mapping[str, Callable[[Turn, dict[str, Any]], None]]] = {
    "minutes": _minutes,
    "approve": _approve,
    "vote": _vote,
    "count": _count,
    "code": _code,
    "spot": _spot,
    "topic": _topic,
    "track": _track,
    "open": _open,
}
