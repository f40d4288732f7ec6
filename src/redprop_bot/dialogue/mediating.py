"""调解 in chat, for sides and mediator: who is asked takes it or not, the two sides say yes or no, all may look.

What a side says of a case is theirs alone: a bare 同意 counts only where exactly one thing waits for it.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from redprop_bot.council import agreement, conducting, mediators
from redprop_bot.council import mediation as steps
from redprop_bot.council import mediation_telling as telling
from redprop_bot.dialogue import finding, providers
from redprop_bot.dialogue.cases import NO, called, hand, looked, mine
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.mediation import LIVE, Case
from redprop_bot.store import mediations, pairings
from redprop_bot.store.tables import Mediation
from redprop_bot.understand.acts import Act as Heard

_TELL: Final = r"[：:，,\s]*(?P<said>.*)"
_YES: Final = re.compile(rf"(?:我)?同意(?:签字|方案|协议|调解方案)?\s*{NO}?[。！!]?")
_NOT: Final = re.compile(rf"(?:我)?不同意(?:签字|方案|协议|调解方案)?\s*{NO}?{_TELL}", re.DOTALL)
_KEPT: Final = re.compile(rf"(?:都|已经)?(?:履行|做到)了\s*{NO}?[。！!]?")
_BROKEN: Final = re.compile(rf"(?:没有?履行|没有?做到)\s*{NO}?{_TELL}", re.DOTALL)
_QUIT: Final = re.compile(rf"(?:我)?不调解了\s*{NO}?{_TELL}", re.DOTALL)
_JOIN: Final = re.compile(r"加入调解\s*(?P<no>J\d{8}-\d{4,})\s*(?P<code>\d{6})")
_TAKE: Final = re.compile(rf"(?:我)?接(?:受)?调解\s*{NO}?")
_PASS: Final = re.compile(rf"(?:我)?(?:不接|接不了|调不了)(?:这个)?调解\s*{NO}?{_TELL}", re.DOTALL)
_J: Final = r"(?P<no>J\d{8}-\d{4,})"
_AYE: Final = r"(?:行|好的?|可以|同意|没问题|愿意|我愿意|我可以|我同意)[啊呀吧的]?"
_I: Final = r"(?:我来(?:吧|办|接|调解|调)?|我(?:去|接)调解?|来调解)[吧啊呀了]?"
_WILL: Final = re.compile(rf"(?:{_J}[，,：:\s]*)?(?:{_AYE}(?:[，,\s]*{_I})?|{_I})[。！!]?")
_WONT: Final = re.compile(
    rf"(?:{_J}[，,：:\s]*)?(?:我|这[两几]天|今天|最近|真的?){{0,3}}(?:不行|不接|接不了|去不了|来不了|不愿意|不同意|没空|没时间|我?不去|我?调不了|让别人来?)[啊呀吧了]{{0,2}}{_TELL}",
    re.DOTALL,
)

Step = Callable[[Turn, Mediation, re.Match[str]], None]


def run(turn: Turn) -> bool:
    """Do what a sentence about a mediation says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if len(text) > turn.tx.content.limits.text_length:
        return False
    try:
        if match := _JOIN.fullmatch(text):
            return _join(turn, match)
        if turn.speaker.role != "resident" and _mediator_said(turn, text):
            return True
        return _side_said(turn, text) or looked(turn, text)
    except Refused as refusal:
        turn.refuse(refusal)
        return True


# -- the sides


def _side_said(turn: Turn, text: str) -> bool:
    for pattern, stages, step in _OF_SIDES:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        own = mine(turn, *stages)
        if not own and not (match["no"] or "").startswith("J"):
            return False  # nothing waits for it: it means something else
        with turn.tx.savepoint():
            step(turn, called(turn, match["no"], own), match)
        return True
    return False


def _yes(turn: Turn, case: Mediation, _match: re.Match[str]) -> None:
    accepted(turn, agreement.accept(turn.tx, case, hand(turn)))


def accepted(turn: Turn, case: Mediation) -> None:
    """Say what a yes has come to."""
    said = telling.about(turn.tx, case)
    if case.stage == Case.AGREED:
        link = f"{turn.tx.content.address}/m/mediations/{case.no}"
        turn.say("mediate.agreed", link=link, days=str(turn.tx.content.mediation.follow_days), **said)
    else:
        turn.say("mediate.signed", **said)


def _not(turn: Turn, case: Mediation, match: re.Match[str]) -> None:
    case = agreement.refuse(turn.tx, case, hand(turn), reason=match["said"] or None)
    turn.say("mediate.refused", **telling.about(turn.tx, case))


def _kept(turn: Turn, case: Mediation, _match: re.Match[str]) -> None:
    case = agreement.answer(turn.tx, case, hand(turn), kept=True)
    turn.say("mediate.kept", **telling.about(turn.tx, case))


def _broken(turn: Turn, case: Mediation, match: re.Match[str]) -> None:
    case = agreement.answer(turn.tx, case, hand(turn), kept=False, note=match["said"] or None)
    turn.say("mediate.broken", **telling.about(turn.tx, case))


def _quit(turn: Turn, case: Mediation, match: re.Match[str]) -> None:
    reason = match["said"] or turn.tx.content.replies.say("mediate.own_will")
    case = steps.withdraw(turn.tx, case, hand(turn), reason=reason)
    turn.say("mediate.withdrawn", **telling.about(turn.tx, case))


def _join(turn: Turn, match: re.Match[str]) -> bool:
    case = mediations.by_no(turn.tx, match["no"])
    joined = steps.join(turn.tx, case, turn.speaker.person, match["code"]) if case is not None else None
    if joined is None:
        turn.say("error.no_mediation", no=match["no"])
        return True
    turn.say("mediate.joined", no=joined.no)
    return True


_BEFORE: Final = (Case.OPEN, Case.ASKED, Case.RUNNING, Case.OFFERED)
_OF_SIDES: Final[tuple[tuple[re.Pattern[str], tuple[Case, ...], Step], ...]] = (
    (_YES, (Case.OFFERED,), _yes),
    (_NOT, (Case.OFFERED,), _not),
    (_KEPT, (Case.AGREED,), _kept),
    (_BROKEN, (Case.AGREED,), _broken),
    (_QUIT, _BEFORE, _quit),
)


_SHORT: Final = 40
_AGAIN: Final = re.compile(r"打(?!算|听|电话|个)|骂|威胁|砸|堵|闹|吵|跟踪|害怕|报警|投诉|又")
"""What has happened anew is never passed over."""
_OF_A_CASE: Final = re.compile(r"谈|双方|[两俩]家|愿意|同意|不肯|不干|答应|调了|方案|赔|接受|不行")


def of_a_case(turn: Turn, heard: Heard) -> bool:
    """What somebody with a case going says of it, and not in the words for it: no second case is made of that."""
    placed = any(heard.slots.get(name) for name in ("estate", "building", "room", "order"))
    if heard.intent not in ("mediation", "complaint") or placed or _AGAIN.search(heard.text):
        return False
    if len(heard.text) > _SHORT or _OF_A_CASE.search(heard.text) is None:
        return False
    led = mediations.of_mediator(turn.tx, turn.person_id, sorted(LIVE))
    if led:
        turn.say("mediate.how_note", no=led[0].no)
        return True
    own = mine(turn, *_BEFORE)
    if own:
        turn.say("mediate.how_side", no=own[0].no)
    return bool(own)


# -- the mediator says yes or no; more stands in `leading`


def _mediator_said(turn: Turn, text: str) -> bool:
    if _will(turn, text):
        return True
    for pattern, step in ((_TAKE, _take), (_PASS, _pass)):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        own = mediations.of_mediator(turn.tx, turn.person_id, [Case.ASKED, Case.RUNNING])
        if not own and not match["no"]:
            turn.say("mediate.none")
            return True
        with turn.tx.savepoint():
            step(turn, called(turn, match["no"], own), match)
        return True
    return False


_BARE_WITHIN: Final = timedelta(hours=2)
"""So long a bare 好的 or 行 is the answer to being asked; what says 我来 or 调解 counts as long as it waits."""


def _will(turn: Turn, text: str) -> bool:
    """好的, 行，我来, 去不了: of whoever was asked, where one case waits for them; with its number always."""
    will, wont = _WILL.fullmatch(text), _WONT.fullmatch(text)
    match = will or wont
    if match is None or turn.session.asked:
        return False
    asked = mediations.of_mediator(turn.tx, turn.person_id, [Case.ASKED])
    if match["no"]:
        asked = [case for case in asked if case.no == match["no"]]
    if len(asked) != 1:
        return False
    clear = bool(match["no"]) or "调解" in text
    since = asked[0].asked_at
    if not clear and (since is None or since < turn.tx.now - _BARE_WITHIN or _else_waits(turn)):
        return False
    with turn.tx.savepoint():
        (_take if will is not None else _pass)(turn, asked[0], match)
    return True


def _else_waits(turn: Turn) -> bool:
    """Whether an order waits for the speaker's units, or a neighbour for them: a bare 我来 may be about that."""
    if pairings.of_person(turn.tx, turn.person_id):
        return True
    own = providers.own(turn, Stage.DISPATCHED)
    return any(own(demand) for demand in finding.reach(turn))


def _take(turn: Turn, case: Mediation, _match: re.Match[str]) -> None:
    turn.say("mediate.taken", **telling.named(turn.tx, conducting.take(turn.tx, case, hand(turn))))


def _pass(turn: Turn, case: Mediation, match: re.Match[str]) -> None:
    conducting.pass_on(turn.tx, case, hand(turn), reason=match["said"] or None)
    turn.say("mediate.passed", no=case.no)


# -- buttons


def tapped(turn: Turn, verb: str, no: str, argument: str) -> bool:
    """A button of a card or a line of a menu; returns whether the card is settled by it."""
    case = mediations.by_no(turn.tx, no)
    if case is None or not (steps.sees(turn.tx, case, hand(turn))):
        turn.say("error.no_mediation", no=no)
        return False
    try:
        with turn.tx.savepoint():
            return _tap(turn, case, verb, argument)
    except Refused as refusal:
        turn.refuse(refusal)
        return False


def _tap(turn: Turn, case: Mediation, verb: str, argument: str) -> bool:
    tx, who = turn.tx, hand(turn)
    number = int(argument) if argument.isdigit() and len(argument) < 9 else 0
    if verb == "mediate_yes":
        accepted(turn, agreement.accept(tx, case, who, number=number))
    elif verb == "mediate_no":
        turn.say("mediate.refused", **telling.about(tx, agreement.refuse(tx, case, who, number=number)))
    elif verb in ("mediate_kept", "mediate_broken"):
        kept = verb == "mediate_kept"
        turn.say("mediate.kept" if kept else "mediate.broken", **telling.about(tx, case))
        agreement.answer(tx, case, who, kept=kept)
    elif verb == "mediate_take":
        turn.say("mediate.taken", **telling.named(tx, conducting.take(tx, case, who)))
    elif verb == "mediate_pass":
        conducting.pass_on(tx, case, who)
        turn.say("mediate.passed", no=case.no)
    elif verb == "mediator":
        asked(turn, case, number)
    else:
        turn.say("error.card_unknown")
        return False
    return True


def asked(turn: Turn, case: Mediation, person_id: int) -> None:
    """The secretary's choice of a mediator."""
    person = next((one for one in mediators.candidates(turn.tx, case) if one.id == person_id), None)
    person = person or turn.register.people.get(person_id)
    if person is None:
        raise NotFound("unknown_mediator", name="")
    case = steps.ask(turn.tx, case, hand(turn), person)
    until = turn.tx.content.mediation.answer.after(turn.tx.now, turn.tx.content.calendar)
    due = words.day(until, turn.tx.now, turn.tx.content.zone)
    turn.say("mediate.asked", no=case.no, mediator=person.name or "", due=due)


def menu(turn: Turn, verb: str, rest: str) -> bool:
    """A line of a menu in the Official Account; returns whether it was ours."""
    if not verb.startswith("mediate_"):
        return False
    no, _, argument = rest.partition(":")
    tapped(turn, verb, no, argument)
    return True


def settle_text(turn: Turn, verb: str) -> str:
    """What a card says after its button was tapped."""
    say = turn.tx.content.replies.say
    keys = {
        "mediate_yes": say("mediate.card_signed"),
        "mediate_no": say("mediate.card_refused"),
        "mediate_take": say("mediate.card_taken"),
        "mediate_pass": say("mediate.card_other"),
        "mediator": say("mediate.card_asked"),
    }
    return keys.get(verb) or turn.tx.content.labels.button[verb]
