"""匹配 in chat: who was asked says yes, no or to be left alone; the secretary has somebody sought."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from redprop_bot.dialogue import agreeing_words, finding, helped, taking_back
from redprop_bot.dialogue.rest_words import DAYS, until
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, Forbidden, NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.rules import roles
from redprop_bot.rules.flow import AT_WORK, Act
from redprop_bot.store import activities, demands, pairings, wishes
from redprop_bot.store.tables import Card, Demand, Pairing, PairingAsk, Wish
from redprop_bot.volunteers import activity_telling, matching, pairing_telling, resting
from redprop_bot.volunteers.needs import of_demand, of_wish, side_of

_NO: Final = r"(?P<{0}>[DW]\d{{8}}-\d{{4,}}|\d{{1,6}})(?:号单?)?"
_END: Final = r"[吧的啊哦呀了，,。！!~ ]*"
_YES: Final = re.compile(
    rf"(?:{_NO.format('a')})?\s*(?:我来|我去|我帮|我可以|我能|我愿意|可以借|愿意借|借给\w)(?:帮忙?|来|去|借|帮他|帮她)*"
    rf"\s*(?:{_NO.format('b')})?{_END}"
)
_NOT: Final = re.compile(
    rf"(?:{_NO.format('a')})?\s*我?(?:这次)?(?:来不了|去不了|帮不了|借不了|没空|没时间|不方便|不行|不借|不会(?=[修弄做教理剪开用干治]|{_END}$))"
    rf"\s*(?:{_NO.format('b')})?{_END}(?P<why>.*)"
)
_MILD_YES: Final = re.compile(rf"(?:可以|行|好|好的|没问题|愿意|能|嗯|中|要得){_END}")
_MILD_NO: Final = re.compile(rf"(?:不了|不能|不去|算了|不|去不成){_END}")
_LEAVE: Final = r"(?:先|都|就|请)?(?:别|不要|不用|甭)(?:再)?(?:来)?(?:找|叫|喊|问|打扰|联系)我"
_REST: Final = re.compile(
    r"(?:[^，,。]{0,8}忙[^，,。]{0,4}[，,]\s*)?"
    rf"(?P<span>[^，,。]{{0,14}}?)(?:之前|以前|前|内|里)?[，, ]*{_LEAVE}(?:们)?(?:帮忙|来|去)?"
    rf"(?P<after>[^，,。]{{0,8}}?){_END}"
)
_BACK: Final = re.compile(rf"(?:又|现在)?可以(?:再|继续)?(?:来)?(?:找|叫|问|喊)我(?:们)?(?:帮忙)?(?:了)?{_END}")
_ALWAYS: Final = ("以后", "永远", "一直", "从此")
_SEEK: Final = re.compile(
    rf"(?:给|为|帮)?\s*(?:找人|匹配|找个人|找东西|借东西)(?:帮忙)?\s*{_NO.format('a')}"
    rf"|(?:给|为|帮)?\s*{_NO.format('b')}\s*(?:找人|匹配|找个人|找东西|借东西)(?:帮忙)?{_END}"
)
_VIEW: Final = re.compile(rf"(?:三方联动|三方|匹配情况|匹配进展|谁来帮)\s*{_NO.format('a')}{_END}")


def run(turn: Turn) -> bool:
    """Do what a strict sentence about matching says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if len(text) > 60:
        return False
    if turn.speaker.role == "secretary":
        for pattern, step in ((_SEEK, _seek), (_VIEW, _view)):
            if match := pattern.fullmatch(text):
                found = match.groupdict()
                _tried(turn, lambda step=step, found=found: step(turn, found["a"] or found.get("b") or "", text))  # type: ignore[misc]
                return True
    if _BACK.fullmatch(text):
        resting.back(turn.tx, turn.person_id)
        turn.say("pairing.back")
        return True
    if (match := _REST.fullmatch(text)) and _rests(turn, match["span"] + match["after"]):
        return True
    return _answered(turn, text) or helped.run(turn) or taking_back.run(turn)


def _tried(turn: Turn, step: Callable[[], None]) -> None:
    try:
        with turn.tx.savepoint():
            step()
    except Refused as refusal:
        turn.refuse(refusal)


# -- who was asked


def _answered(turn: Turn, text: str) -> bool:
    """Yes or no where somebody waits for it; mild words only where nothing else was asked since."""
    yes, no = _YES.fullmatch(text), _NOT.fullmatch(text)
    mild = not yes and not no and turn.session.asked is None
    agrees = bool(yes) or (mild and bool(_MILD_YES.fullmatch(text)))
    refuses = bool(no) or (mild and bool(_MILD_NO.fullmatch(text)))
    if not agrees and not refuses:
        return _answered_freely(turn, text)
    open_ones = pairings.of_person(turn.tx, turn.person_id)
    match = yes or no
    number = (match["a"] or match["b"] or "") if match else ""
    if number:
        fitting = [ask for ask in open_ones if _meant(turn, ask, number)]
    else:
        fitting = [ask for ask in open_ones if ask.state == "waiting"] or (open_ones[:1] if yes else [])
    if not fitting and no and _cannot_after_all(turn, text, number):
        return True
    if not fitting:
        return False
    if len(fitting) > 1:
        lines = "\n".join(_line(turn, ask) for ask in fitting)
        turn.say("pairing.which", no=_of(turn, fitting[0]).need_no, lines=lines)
        return True
    why = (no.groupdict().get("why") or "").strip() if no else ""
    _answer(turn, fitting[0], agrees=agrees, why=why)
    return True


def _answered_freely(turn: Turn, text: str) -> bool:
    """行，我去 / 今天没空，去不了, while one question is open and nothing else was asked since.

    Who waits for somebody themselves may mean that: of them only words of going, lending or fetching count.
    """
    if turn.session.asked or turn.speaker.role not in ("resident", "member") or taking_back.lends_no_more(text):
        return False
    if agreeing_words.answer(text) is None:  # most messages: the words tell before any list is read
        return False
    waiting = [ask for ask in pairings.of_person(turn.tx, turn.person_id) if ask.state == "waiting"]
    if len(waiting) != 1:
        return False
    own = demands.of_person_in(turn.tx, turn.person_id, AT_WORK, limit=1)
    agrees = agreeing_words.answer(text, of_help=bool(own))
    if agrees is None:
        return False
    _answer(turn, waiting[0], agrees=agrees, why="" if agrees else text)
    return True


def _cannot_after_all(turn: Turn, text: str, number: str) -> bool:
    """来不了 of somebody who has said yes; where it may be about a place at an activity as well, it is asked."""
    agreed = pairings.agreed(turn.tx, turn.person_id)
    if number:
        agreed = [ask for ask in agreed if _meant(turn, ask, number)]
    elif turn.session.asked or not _CANNOT.search(text):
        return False
    going = [] if number else activities.of_person(turn.tx, turn.person_id, turn.tx.now)
    if not agreed or (len(agreed) == 1 and not going):
        return bool(agreed) and _answer(turn, agreed[0], agrees=False)
    say = turn.tx.content.replies.say
    lines = [
        say("pairing.cannot_help", no=_of(turn, ask).need_no, **pairing_telling.shown(turn.tx, _of(turn, ask)))
        for ask in agreed
    ]
    lines += [say("pairing.cannot_go", **activity_telling.slots(turn.tx, activity)) for activity, _state in going]
    turn.say("pairing.cannot_which", lines="\n".join(lines))
    return True


_CANNOT: Final = re.compile(r"[来去帮借]不了|不借")


def _of(turn: Turn, ask: PairingAsk) -> Pairing:
    return turn.tx.get(Pairing, ask.pairing_id)


def _meant(turn: Turn, ask: PairingAsk, number: str) -> bool:
    no = _of(turn, ask).need_no
    return number == no or no.endswith(f"-{number.zfill(4)}")


def _line(turn: Turn, ask: PairingAsk) -> str:
    pairing = _of(turn, ask)
    about = pairing_telling.shown(turn.tx, pairing)
    return f"{pairing.need_no} {about['where']} {about['what']}"


def _answer(turn: Turn, ask: PairingAsk, *, agrees: bool, why: str = "") -> bool:
    came = ask.state == "yes"
    try:
        with turn.tx.savepoint():
            asked, pairing = matching.answer(
                turn.tx, ask.id or 0, turn.speaker.person, agrees=agrees, reason=why or None
            )
    except Refused as refusal:
        turn.refuse(refusal)
        return False
    if not agrees:
        turn.say("pairing.stepped_back" if came else "pairing.declined", no=pairing.need_no)
        return True
    if pairing.need == "demand":
        turn.session.demand = pairing.need_no
    key = "pairing.agreed_thing" if pairing.side == "resource" else "pairing.agreed"
    turn.say(key, **pairing_telling.contact(turn.tx, pairing, asked))
    return True


def tapped(turn: Turn, card: Card, verb: str) -> None:
    """A button of the question."""
    ask = turn.tx.get(PairingAsk, card.subject_id or 0)
    if verb == "rest":
        _leave(turn)
        if ask.state == "waiting":
            _answer(turn, ask, agrees=False)
        return
    _answer(turn, ask, agrees=verb == "can")


def menu(turn: Turn, verb: str, no: str) -> bool:
    """A tapped line of the question to a resident: `can:D…`, `cannot_now:D…`, `rest:D…`."""
    if verb not in pairing_telling.BUTTONS:
        return False
    ask = pairings.last_asked(turn.tx, turn.person_id, no)
    if ask is None:
        turn.refuse(Forbidden("pairing_foreign"))
        return True
    if verb == "rest":
        _leave(turn)
        if ask.state == "waiting":
            _answer(turn, ask, agrees=False)
    else:
        _answer(turn, ask, agrees=verb == "can")
    return True


# -- 这段时间别找我


def _leave(turn: Turn) -> None:
    end = turn.tx.now + timedelta(days=turn.tx.content.matching.rest_days)
    resting.rest(turn.tx, turn.person_id, end)
    turn.say("pairing.rest", until=words.date(end, turn.tx.content.zone))


def _rests(turn: Turn, span: str) -> bool:
    """Leave them alone for as long as they said; False where the words in front mean something else."""
    if any(word in span for word in _ALWAYS) and not DAYS.search(span):
        resting.rest(turn.tx, turn.person_id, None)
        turn.say("pairing.rest_always")
        return True
    end = until(span, turn.tx.now, turn.tx.content.zone, turn.tx.content.matching.rest_days)
    if end is None:
        return False
    try:
        with turn.tx.savepoint():
            resting.rest(turn.tx, turn.person_id, end)
    except Refused as refusal:
        turn.refuse(refusal)
        return True
    turn.say("pairing.rest", until=words.date(end, turn.tx.content.zone))
    return True


# -- the secretary


def _demand(turn: Turn, number: str) -> Demand:
    found = finding.by_number(turn, number)
    if not found:
        raise Forbidden("no_such_order", number=number)
    if len(found) > 1:
        raise Conflict("which_number", number=number, numbers="、".join(d.no for d in found[: finding.SHOWN]))
    roles.require(Act.CORRECT, turn.actor.capacities(turn.tx, found[0]))
    return found[0]


def _wish(turn: Turn, number: str) -> Wish:
    wish = wishes.by_no(turn.tx, number)
    mine = wish is not None and any(
        person.id == turn.person_id for person in turn.register.secretaries(wish.community_id)
    )
    if wish is None or not mine:
        raise NotFound("no_wish", no=number)
    return wish


def _seek(turn: Turn, number: str, text: str) -> None:
    things = "东西" in text
    if number.startswith("W"):
        wish = _wish(turn, number)
        need, no = of_wish(wish, "resource" if things else side_of(turn.tx, wish.text)), wish.no
    else:
        demand = _demand(turn, number)
        need, no = of_demand(turn.tx, demand, "resource" if things else side_of(turn.tx, demand.text)), demand.no
    if need is None:
        raise Conflict("pairing_closed", no=no)
    pairing = matching.begin(turn.tx, need, turn.actor)
    waiting = [ask for ask in pairings.asks(turn.tx, [pairing.id or 0]) if ask.state == "waiting"]
    if not waiting:
        turn.say("pairing.begun_none" if pairing.state == matching.NONE else "pairing.begun_night", no=no)
        return
    until = words.day(waiting[-1].answer_by, turn.tx.now, turn.tx.content.zone)
    who = "、".join(f"{pairing_telling.who(turn.tx, ask)}（{ask.score}分）" for ask in waiting)
    turn.say("pairing.begun", no=no, asked=str(pairing.asked), who=who, until=until)


def _view(turn: Turn, number: str, _text: str) -> None:
    """三方联动: who needs, who brings what, who comes, who answers for it."""
    demand = _demand(turn, number)
    said = turn.tx.content.replies
    found = pairings.of_need(turn.tx, "demand", demand.id or 0)
    lines: dict[str, list[str]] = {"service": [], "resource": []}
    for pairing in found:
        for ask in pairings.asks(turn.tx, [pairing.id or 0]):
            state = said.say(f"pairing.asked_state.{ask.state}")
            lines[pairing.side].append(
                f"{pairing_telling.who(turn.tx, ask)}（{ask.title}，{ask.score}分，{state}）"
            )
    nobody = said.say("pairing.nobody_yet")
    state = "、".join(dict.fromkeys(said.say(f"pairing.state.{one.state}") for one in found)) or nobody
    turn.say(
        "pairing.view",
        **turn.about(demand) | {"state": state},
        **{f"{side}s": "；".join(names) or nobody for side, names in lines.items()},
    )
