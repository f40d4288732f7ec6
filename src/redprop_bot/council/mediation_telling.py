"""What the people of a mediation are told. Nobody else hears of it, and a message names neither side to the other.

What a side must decide on finds them by whatever road is open; where none is, the secretary calls, nobody else.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.council.letters import Letter, settle, slots, tell, unit_staff
from redprop_bot.council.mediators import candidates
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.rules.telling import Rank
from redprop_bot.store import mediations, messages, people
from redprop_bot.store.tables import Demand, Mediation, MediationSession, MediationSide, Person
from redprop_bot.store.tx import Tx

CARD: Final = "mediation"
PROPOSE: Final = "mediation_propose"
ASKED: Final = "mediation_asked"
_SIGN: Final = ("mediate_yes", "mediate_no")
_KEPT: Final = ("mediate_kept", "mediate_broken")
_TAKE: Final = ("mediate_take", "mediate_pass")
_RANKS: Final = {
    "mediation_offered": Rank.CLOSING,
    "mediation_agreed": Rank.CLOSING,
    "mediation_follow": Rank.MATTERS,
    "mediation_dated": Rank.MATTERS,
}
_NAMES: Final = {"a": "一方", "b": "另一方"}


def secretaries(tx: Tx, case: Mediation) -> list[Person]:
    """Who is in charge."""
    return register(tx).secretaries(case.community_id)


def mediator(tx: Tx, case: Mediation) -> list[Person]:
    """Who mediates, or is asked to."""
    found = register(tx).people.get(case.mediator_id or 0)
    return [found] if found is not None else []


def of_side(tx: Tx, side: MediationSide) -> list[Person]:
    """Who speaks for a side."""
    if side.person_id is not None:
        return list(people.named(tx, {side.person_id}).values())
    return unit_staff(tx, side.unit_id) if side.unit_id is not None else []


def said_of(tx: Tx, side: MediationSide) -> str:
    """A side as the history says it: a unit by its name, a person by which of the two they are."""
    if side.unit_id is not None:
        return register(tx).organisations[side.unit_id].name
    return _NAMES[side.side]


def name_of(tx: Tx, side: MediationSide) -> str:
    """A side as secretary and mediator know it."""
    if side.unit_id is not None:
        return register(tx).organisations[side.unit_id].name
    person = people.named(tx, {side.person_id}).get(side.person_id) if side.person_id is not None else None
    return (person.name if person else "") or side.name or _NAMES[side.side]


def about(tx: Tx, case: Mediation) -> dict[str, str]:
    """What messages about a case may say."""
    found = mediator(tx, case)
    demand = tx.get(Demand, case.demand_id) if case.demand_id is not None else None
    return slots(
        no=case.no,
        order=demand.no if demand else "",
        matter=words.quoted(case.matter, 200),
        mediator=(found[0].name if found else "") or "",
        offer=case.offer,
        reason=case.reason,
        text=case.reason,
    )


def named(tx: Tx, case: Mediation) -> dict[str, str]:
    """The same with the two sides, for secretary and mediator."""
    first, second = mediations.sides(tx, case.id or 0)
    return about(tx, case) | slots(first=name_of(tx, first), second=name_of(tx, second))


def opened(tx: Tx, case: Mediation, *, but: int | None) -> None:
    """The secretaries beside who opened it; nobody else before there is a mediator."""
    _say(tx, case, "mediation_opened", secretaries(tx, case), named(tx, case), mark="opened", but=but)


def propose(tx: Tx, case: Mediation, to: list[Person]) -> list[Person]:
    """A card with those whose turn it is, for the secretary to tap; gives them."""
    found = candidates(tx, case)[: tx.content.mediation.shown]
    letter = Letter(
        f"{case.no}:propose:{case.version}",
        PROPOSE,
        tx.content.replies.say("tell.mediation_propose", **named(tx, case)),
        about=CARD,
        about_id=case.id,
        rank=Rank.SMALL,
        choices=tuple((f"mediator:{case.no}:{one.id}", (one.name or one.userid or "")[:10]) for one in found),
    )
    if found:
        tell(tx, letter, to)
    return found


def asked(tx: Tx, case: Mediation, person: Person) -> None:
    """Whether they take it: with the matter, and who the two are."""
    _card(
        tx,
        case,
        ASKED,
        [person],
        said=named(tx, case),
        mark=f"asked:{case.version}",
        buttons=_TAKE,
        argument=case.no,
    )


def without(tx: Tx, case: Mediation, message: str, who: str, why: str = "") -> None:
    """Who was asked, or mediated, does not: the secretary hears it, with the next ones."""
    said = named(tx, case) | slots(who=who, text=why)
    mark = f"{message.removeprefix('mediation_')}:{case.version}"
    _say(tx, case, message, secretaries(tx, case), said, mark=mark)
    propose(tx, case, secretaries(tx, case))


def taken(tx: Tx, case: Mediation) -> None:
    """There is a mediator: the two sides and the secretary hear who."""
    said = about(tx, case)
    for side in mediations.sides(tx, case.id or 0):
        _say(tx, case, "mediation_taken", of_side(tx, side), said, mark=f"taken:{case.version}")
    _say(tx, case, "mediation_taken_copy", secretaries(tx, case), named(tx, case), mark=f"taken:{case.version}")


def joined(tx: Tx, case: Mediation, person: Person) -> None:
    """The other side is there: who mediates hears it, else the secretary."""
    to = mediator(tx, case) or secretaries(tx, case)
    _say(tx, case, "mediation_joined", to, named(tx, case), mark=f"joined:{person.id}")


def dated(tx: Tx, case: Mediation, meeting: MediationSession, *, but: int | None) -> None:
    """When and where they meet."""
    said = about(tx, case) | _when(tx, meeting)
    for side in mediations.sides(tx, case.id or 0):
        _say(tx, case, "mediation_dated", of_side(tx, side), said, mark=f"dated:{meeting.id}", but=but)
    _say(tx, case, "mediation_dated", mediator(tx, case), said, mark=f"dated:{meeting.id}", but=but)


def plan_reminder(tx: Tx, case: Mediation, meeting: MediationSession) -> None:
    """The day before they are reminded, if it is not tomorrow anyway."""
    at = meeting.starts_at - timedelta(days=1)
    if at > tx.now:
        messages.plan(tx, f"mediation:{case.id}:meets:{meeting.id}", "mediation_meets", at, meeting.id)


def meets(tx: Tx, case: Mediation, meeting: MediationSession) -> None:
    """Tomorrow they meet."""
    said = about(tx, case) | _when(tx, meeting)
    everybody = [p for side in mediations.sides(tx, case.id or 0) for p in of_side(tx, side)] + mediator(tx, case)
    _say(tx, case, "mediation_meets", everybody, said, mark=f"meets:{meeting.id}")


def offered(tx: Tx, case: Mediation) -> None:
    """What both are asked to sign, with a yes and a no; each yes is for this wording."""
    said, mark, argument = about(tx, case), f"offer:{case.offer_number}", f"{case.no}:{case.offer_number}"
    for side in mediations.sides(tx, case.id or 0):
        to = of_side(tx, side)
        _card(tx, case, "mediation_offered", to, said=said, mark=mark, buttons=_SIGN, argument=argument)


def signed(tx: Tx, case: Mediation, side: MediationSide) -> None:
    """One of the two said yes: who mediates hears it."""
    said = named(tx, case) | slots(who=name_of(tx, side))
    _say(tx, case, "mediation_signed", mediator(tx, case), said, mark=f"signed:{case.offer_number}:{side.side}")


def refused(tx: Tx, case: Mediation, side: MediationSide, why: str) -> None:
    """One of the two said no: who mediates hears it and why; the cards give way."""
    settled(tx, case, "mediate.card_refused")
    said = named(tx, case) | slots(who=name_of(tx, side), text=why)
    _say(
        tx, case, "mediation_refused", mediator(tx, case), said, mark=f"refused:{case.offer_number}:{case.version}"
    )


def agreed(tx: Tx, case: Mediation) -> None:
    """Both have said yes: sides, mediator and secretary get the paper."""
    settled(tx, case, "mediate.card_agreed")
    link = f"{tx.content.address}/m/mediations/{case.no}"
    said = about(tx, case) | slots(link=link, days=tx.content.mediation.follow_days)
    for side in mediations.sides(tx, case.id or 0):
        _say(tx, case, "mediation_agreed", of_side(tx, side), said, mark=f"agreed:{case.offer_number}")
    both = [*mediator(tx, case), *secretaries(tx, case)]
    _say(tx, case, "mediation_agreed_copy", both, named(tx, case) | said, mark=f"agreed:{case.offer_number}")


def follow(tx: Tx, case: Mediation) -> None:
    """After its time both are asked whether it is kept."""
    said, mark = about(tx, case), f"follow:{case.agreed_at:%Y%m%d}"
    for side in mediations.sides(tx, case.id or 0):
        to = of_side(tx, side)
        _card(tx, case, "mediation_follow", to, said=said, mark=mark, buttons=_KEPT, argument=case.no)


def unanswered(tx: Tx, case: Mediation, who: list[str]) -> None:
    """Not both have said whether it is kept: the secretary asks them."""
    said = named(tx, case) | slots(who="、".join(who))
    _say(tx, case, "mediation_unanswered", secretaries(tx, case), said, mark=f"unanswered:{case.agreed_at:%Y%m%d}")


def kept(tx: Tx, case: Mediation) -> None:
    """It is kept, both say: mediator and secretary hear it."""
    settled(tx, case, "mediate.card_over")
    both = [*mediator(tx, case), *secretaries(tx, case)]
    _say(tx, case, "mediation_kept", both, named(tx, case), mark=f"kept:{case.version}")


def broken(tx: Tx, case: Mediation, side: MediationSide, why: str) -> None:
    """One of the two says that it is not kept: mediator and secretary hear it."""
    both = [*mediator(tx, case), *secretaries(tx, case)]
    said = named(tx, case) | slots(who=name_of(tx, side), text=why)
    _say(tx, case, "mediation_broken", both, said, mark=f"broken:{case.version}")


def again(tx: Tx, case: Mediation, *, but: int | None) -> None:
    """It goes on: the sides hear it, and the mediator, where there is one."""
    said = about(tx, case)
    sides = mediations.sides(tx, case.id or 0) if case.took_at is not None else []  # else they never heard of it
    to = [p for side in sides for p in of_side(tx, side)] + mediator(tx, case)
    _say(tx, case, "mediation_back", to, said, mark=f"again:{case.version}", but=but)


def ended(tx: Tx, case: Mediation, message: str, *, but: int | None) -> None:
    """It came to nothing, or was called off: all who knew of it hear it, the sides without the reason."""
    said = about(tx, case)
    if case.took_at is not None:
        for side in mediations.sides(tx, case.id or 0):
            _say(tx, case, message, of_side(tx, side), said | {"text": ""}, mark=f"ended:{case.version}", but=but)
    both = [*mediator(tx, case), *secretaries(tx, case)]
    _say(tx, case, message, both, named(tx, case), mark=f"ended:{case.version}", but=but)


def settled(tx: Tx, case: Mediation, key: str, *, person_id: int | None = None) -> None:
    """Cards of a case say what has become of it: those of one person, else all."""
    settle(tx, CARD, case.id or 0, tx.content.replies.say(key), person_id=person_id)


def days_from(tx: Tx, days: int) -> datetime:
    """The same hour, so many days later."""
    return tx.now + timedelta(days=days)


def _when(tx: Tx, meeting: MediationSession) -> dict[str, str]:
    return slots(when=words.day(meeting.starts_at, tx.now, tx.content.zone), place=meeting.place)


def _say(
    tx: Tx,
    case: Mediation,
    message: str,
    to: list[Person],
    said: dict[str, str],
    *,
    mark: str,
    but: int | None = None,
) -> None:
    text = tx.content.replies.say(f"tell.{message}", **said)
    tell(
        tx, Letter(f"{case.no}:{message}:{mark}", message, text, rank=_RANKS.get(message, Rank.SMALL)), to, but=but
    )


def _card(tx: Tx, case: Mediation, message: str, to: list[Person], *, said: dict[str, str], **more: Any) -> None:
    """The same as a card or a menu; `more` are mark, buttons and argument."""
    letter = Letter(
        f"{case.no}:{message}:{more['mark']}",
        message,
        tx.content.replies.say(f"tell.{message}", **said),
        buttons=more["buttons"],
        argument=more["argument"],
        about=CARD,
        about_id=case.id,
        rank=_RANKS.get(message, Rank.SMALL),
    )
    tell(tx, letter, to)
