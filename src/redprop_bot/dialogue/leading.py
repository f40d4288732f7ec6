"""调解 in chat, for who leads it: the secretary opens, names and ends; the mediator meets, notes and offers."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from redprop_bot.council import conducting, mediators, parties
from redprop_bot.council import mediation as steps
from redprop_bot.council import mediation_telling as telling
from redprop_bot.council.hands import speaks_as_secretary
from redprop_bot.council.mediation import Party
from redprop_bot.dialogue import case_words, finding, hearing, meeting_times, tasks, written_days
from redprop_bot.dialogue.cases import NO, called, hand
from redprop_bot.dialogue.mediating import asked
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.rules import mediation as rules
from redprop_bot.rules.mediation import LIVE, Case
from redprop_bot.store import mediations
from redprop_bot.store.tables import Mediation

Step = Callable[[Turn, re.Match[str]], bool]
Reading = Callable[[str], re.Match[str] | None]

_ORDER: Final = r"(?P<order>D\d{8}-\d{4,}|D?\d{1,6})号?单?"
_OPEN: Final = re.compile(
    rf"开调解\s*{_ORDER}\s*[，,]?\s*对方[：:\s]*(?P<other>[^，,：:。]{{1,40}})(?:[，,：:](?P<said>.+))?", re.DOTALL
)
_FREE: Final = re.compile(
    r"开调解\s*(?P<one>[^，,：:。\s]{1,30}?)\s*(?:和|与|跟|、)\s*(?P<other>[^，,：:。\s]{1,30})\s*[，,：:]\s*(?P<said>.+)",
    re.DOTALL,
)
_NAME: Final = re.compile(rf"(?:请)?调解员\s*{NO}\s*(?:请)?(?P<name>\S{{1,30}})")
_STOP: Final = re.compile(rf"撤(?:掉)?调解\s*{NO}[：:，,\s]+(?P<said>.+)", re.DOTALL)
_AGAIN: Final = re.compile(rf"重开调解\s*{NO}")
_FIGURES: Final = re.compile(
    r"(?:看|查)?(?:今年|本年度?)?(?:我们)?(?:社区)?(?:一共|总共)?调解(?:台账|统计|成功率|了?(?:多少|几)[件次场个起])"
    r"(?:[，,]?成功率?(?:是?多少)?)?[？?]?"
)
_WANTED: Final = re.compile(
    r"(?:(?:给|把)?D?[\d-]{1,14}号?单?)?(?:请|让|找|安排|派(?!给))(?!社区|你|您)(?:个|位)?[^\s，,。]{1,8}?(?:去|来)?"
    r"(?:调解(?!室)|调一调)员?(?:一下)?[^\s，,。]{0,16}"
)
_DATE: Final = re.compile(rf"(?:调解时间|约调解)\s*{NO}\s*[，,：:]?\s*(?P<said>.+)", re.DOTALL)
_NOTE: Final = re.compile(rf"调解记录\s*{NO}[：:，,\s]+(?P<said>.+)", re.DOTALL)
_OFFER: Final = re.compile(rf"调解(?:方案|协议)\s*{NO}[：:，,\s]+(?P<said>.+)", re.DOTALL)
_FAIL: Final = re.compile(rf"调解不成\s*{NO}[：:，,\s]+(?P<said>.+)", re.DOTALL)
_CLOCK: Final = re.compile(r"(?P<h>\d{1,2})(?:[：:点时](?P<m>\d{1,2})?分?)(?P<half>半)?")
_PLACE_LEAD: Final = re.compile(r"^[，,。：:\s]*(?:地点[是在：:\s]*|在)?")
_DAY: Final = re.compile(r"(?:20\d\d[-年/])?\d{1,2}[-月/]\d{1,2}[日号]?")


def run(turn: Turn) -> bool:
    """Do what a command about a mediation says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role == "resident" or len(text) > turn.tx.content.limits.text_length:
        return False
    found = _first(text, [(pattern.fullmatch, step) for pattern, step in _COMMANDS]) if "调解" in text else None
    if found is None and turn.session.asked_kind() in (None, "place"):  # 约了两家明天下午三点谈
        plain = _first(text, _PLAIN)
        found = plain if plain is not None and _leads(turn) else None
    if found is None:
        return False
    match, step = found
    try:
        return step(turn, match)
    except Refused as refusal:
        turn.refuse(refusal)
        return True


def _first(text: str, steps: Sequence[tuple[Reading, Step]]) -> tuple[re.Match[str], Step] | None:
    return next(((match, step) for read, step in steps if (match := read(text)) is not None), None)


def _leads(turn: Turn) -> bool:
    return bool(mediations.of_mediator(turn.tx, turn.person_id, sorted(LIVE)))


# -- the secretary


def _opened(turn: Turn, match: re.Match[str]) -> bool:
    number = match["order"].removeprefix("D") if len(match["order"]) < 8 else match["order"]
    found = finding.by_number(turn, number)
    if len(found) != 1:
        turn.say("error.no_such_order", number=number) if not found else turn.say(
            "error.which_number", number=number, numbers="、".join(d.no for d in found)
        )
        return True
    demand = found[0]
    with turn.tx.savepoint():
        both = (parties.reporter(turn.tx, demand), _party(turn, match["other"].strip()))
        case = steps.open_case(turn.tx, hand(turn), both, demand=demand, matter=(match["said"] or "").strip())
    return _started(turn, case)


def _free(turn: Turn, match: re.Match[str]) -> bool:
    with turn.tx.savepoint():
        both = (_party(turn, match["one"]), _party(turn, match["other"]))
        case = steps.open_case(
            turn.tx, hand(turn), both, matter=match["said"], community_id=tasks.community_of(turn)
        )
    return _started(turn, case)


def _started(turn: Turn, case: Mediation) -> bool:
    found = mediators.candidates(turn.tx, case)[: turn.tx.content.mediation.shown]
    said = telling.named(turn.tx, case)
    lines = "\n".join(f"{n}. {one.name or one.userid}" for n, one in enumerate(found, 1))
    turn.say("mediate.opened" if found else "mediate.opened_nobody", lines=lines, **said)
    for side in steps.unjoined(turn.tx, case):
        turn.say("mediate.code", no=case.no, code=steps.code(turn.tx, case, side), who=side.name)
    if found:
        turn.session.ask("mediator", no=case.no, options=[str(one.id) for one in found])
    return True


def answered(turn: Turn, waits: dict[str, Any], chosen: str | None) -> bool:
    """The number after the question who is to mediate; returns whether it was an answer."""
    case = mediations.by_no(turn.tx, str(waits["no"]))
    if chosen is None or case is None:
        return False
    turn.session.asked = None
    try:
        with turn.tx.savepoint():
            asked(turn, case, int(chosen))
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _party(turn: Turn, said: str) -> Party:
    """Whom a name means; the last digits of an order suffice where they are clear."""
    name = said.strip()
    if re.fullmatch(r"D\d{1,6}", name):
        found = finding.by_number(turn, name[1:])
        name = found[0].no if len(found) == 1 else name
    return parties.called(turn.tx, hand(turn), name)


def _named(turn: Turn, match: re.Match[str]) -> bool:
    case = called(turn, match["no"])
    person = turn.register.person_named(match["name"])
    if person is None or person.id is None:
        raise NotFound("unknown_mediator", name=match["name"])
    with turn.tx.savepoint():
        asked(turn, case, person.id)
    return True


def _stopped(turn: Turn, match: re.Match[str]) -> bool:
    with turn.tx.savepoint():
        case = steps.withdraw(turn.tx, called(turn, match["no"]), hand(turn), reason=match["said"])
    turn.say("mediate.withdrawn", **telling.about(turn.tx, case))
    return True


def _back(turn: Turn, match: re.Match[str]) -> bool:
    with turn.tx.savepoint():
        case = steps.again(turn.tx, called(turn, match["no"]), hand(turn))
    key = "mediate.back" if case.mediator_id is not None and case.stage == Case.RUNNING else "mediate.back_open"
    turn.say(key, **telling.about(turn.tx, case))
    return True


def _wanted(turn: Turn, _match: re.Match[str]) -> bool:
    """请宋老师调解1号单 of a secretary: how a case is opened, and no quarrel of the secretary's own."""
    if turn.speaker.role != "secretary" or hearing.alarming(hearing.read(turn)):
        return False
    turn.say("mediate.how")
    return True


def _figures(turn: Turn, _match: re.Match[str]) -> bool:
    if turn.speaker.role != "secretary":
        return False
    zone = turn.tx.content.zone
    begin = datetime(turn.tx.now.astimezone(zone).year, 1, 1, tzinfo=zone)
    who = hand(turn)
    found = [
        one
        for one in mediations.page(turn.tx, communities=None, begin=begin)
        if who.keeps_in(one.community_id) or speaks_as_secretary(turn.register, who, one.community_id)
    ]
    counts = rules.figures(found)
    shown = {name: str(getattr(counts, name)) for name in rules.Figures.__slots__ if name != "success"}
    turn.say("mediate.figures", success="" if counts.success is None else str(counts.success), **shown)
    return True


# -- the mediator


def _own(turn: Turn, match: re.Match[str]) -> Mediation:
    return called(turn, match["no"], mediations.of_mediator(turn.tx, turn.person_id, sorted(LIVE)))


def _dated(turn: Turn, match: re.Match[str]) -> bool:
    case, said = _own(turn, match), match["said"].strip()
    at, place = _when_and_where(turn, said)
    if at is None:
        turn.say("mediate.when", no=case.no)
        return True
    with turn.tx.savepoint():
        made = conducting.date(turn.tx, case, hand(turn), starts_at=at, place=place)
    when = words.day(made.starts_at, turn.tx.now, turn.tx.content.zone)
    turn.say("mediate.dated", no=case.no, when=when, place=made.place)
    return True


def _when_and_where(turn: Turn, said: str) -> tuple[datetime | None, str]:
    """11月27日 15:30 社区会议室, 明天下午三点在活动室: no moment where the day or the hour is not said."""
    day, clock = _DAY.match(said), None
    if day is None:
        told = meeting_times.day_said(turn, said)
        exact = len(told) > len("2026-11-26")
        return (datetime.fromisoformat(told), case_words.place(said)) if exact else (None, "")
    at = written_days.day_of(turn, day[0])
    clock = re.match(
        r"(?:[（(]?(?:周|星期).[)）]?)?\s*(?P<part>上午|下午|晚上)?\s*" + _CLOCK.pattern, said[day.end() :]
    )
    if at is None or clock is None:
        return None, ""
    hour = int(clock["h"]) + (12 if clock["part"] in ("下午", "晚上") and int(clock["h"]) < 12 else 0)
    minute = 30 if clock["half"] else int(clock["m"] or 0)
    place = _PLACE_LEAD.sub("", said[day.end() + clock.end() :]).rstrip("，,。：: ")
    return (at.replace(hour=hour, minute=minute), place) if hour < 24 and minute < 60 else (None, "")


def _noted(turn: Turn, match: re.Match[str]) -> bool:
    case = _own(turn, match)
    with turn.tx.savepoint():
        conducting.note(turn.tx, case, hand(turn), match["said"])
    turn.say("mediate.held", no=case.no)
    return True


def _offered(turn: Turn, match: re.Match[str]) -> bool:
    case = _own(turn, match)
    with turn.tx.savepoint():
        conducting.offer(turn.tx, case, hand(turn), match["said"])
    turn.say("mediate.offered", no=case.no)
    return True


def _failed(turn: Turn, match: re.Match[str]) -> bool:
    case = _own(turn, match)
    with turn.tx.savepoint():
        conducting.fail(turn.tx, case, hand(turn), reason=match["said"] or turn.inbound.text.strip())
    turn.say("mediate.failed", no=case.no)
    return True


_PLAIN: Final[tuple[tuple[Reading, Step], ...]] = (
    (case_words.failed, _failed),
    (case_words.dated, _dated),
    (case_words.offered, _offered),
    (case_words.noted, _noted),
)
_COMMANDS: Final[tuple[tuple[re.Pattern[str], Step], ...]] = (
    (_OPEN, _opened),
    (_FREE, _free),
    (_NAME, _named),
    (_STOP, _stopped),
    (_AGAIN, _back),
    (_FIGURES, _figures),
    (_WANTED, _wanted),
    (_DATE, _dated),
    (_NOTE, _noted),
    (_OFFER, _offered),
    (_FAIL, _failed),
)
