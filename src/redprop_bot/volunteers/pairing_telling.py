"""What is said of a pairing: the question with its buttons, that somebody was faster, that nobody was found.

Wording is in `data/replies`; who is asked is decided in `matching`.
"""

from collections.abc import Sequence
from typing import Any

from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules.fitting import Part
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import messages, people
from redprop_bot.store.tables import Demand, Pairing, PairingAsk, Person
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers.needs import KINDS

BUTTONS = ("can", "cannot_now", "rest")


def explained(tx: Tx, parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The parts of a score with the words for each."""
    return [
        {
            "part": part.name,
            "points": part.points,
            "most": part.most,
            "says": tx.content.replies.say(f"pairing.part.{part.code}", **part.slots),
        }
        for part in parts
    ]


def ask(tx: Tx, pairing: Pairing, asked: PairingAsk, person: Person) -> None:
    """Put the question: what is needed and where, never by whom."""
    about = KINDS[pairing.need].shown(tx, pairing.need_id)
    until = words.day(asked.answer_by, tx.now, tx.content.zone)
    slots = about | {"no": pairing.need_no, "until": until, "title": asked.title}
    message = "pairing_thing" if pairing.side == "resource" else "pairing_help"
    button = tx.content.labels.button
    buttons = tuple((f"{key}:{pairing.need_no}", button[key]) for key in BUTTONS)
    draft = outbox.Draft(
        key=f"pairing:{asked.id}",
        message=message,
        text=tx.content.replies.say(f"tell.{message}", **slots),
        rows=(("编号", pairing.need_no), ("地点", about["where"]), ("回话", until)),
        quote=about["text"],
        buttons=buttons,
        menu=buttons,
        subject="pairing",
        subject_id=asked.id,
    )
    outbox.queue(tx, [(person, draft)])  # not as a card of the demand: its buttons outlive a change of stage


def settled(tx: Tx, asked: PairingAsk, person: Person, *, agrees: bool) -> None:
    """The card of who has answered, wherever they did, says so."""
    text = tx.content.replies.say("pairing.card_yes" if agrees else "pairing.card_no")
    for card in messages.cards_about(tx, "pairing", asked.id or 0):
        outbox.settle_card(tx, card, person, text)


def taken(tx: Tx, pairing: Pairing, asked: PairingAsk) -> None:
    """It needs no answer any more: the card says so; who was still thinking about it is thanked."""
    person = tx.get(Person, asked.person_id)
    for card in messages.cards_about(tx, "pairing", asked.id or 0):
        outbox.settle_card(tx, card, person, tx.content.replies.say("pairing.card_taken"))
    if asked.state != "waiting":
        return
    text = tx.content.replies.say("tell.pairing_taken", no=pairing.need_no)
    draft = outbox.Draft(key=f"pairing:{asked.id}:taken", message="pairing_taken", text=text, weight=Weight.PLAIN)
    outbox.queue(tx, [(person, draft)], _demand(tx, pairing))


def nobody(tx: Tx, pairing: Pairing) -> None:
    """Nobody is left to ask: the secretary hears of it and may know somebody."""
    about = KINDS[pairing.need].shown(tx, pairing.need_id)
    say = tx.content.replies.say
    some = say("pairing.asked_some", asked=str(pairing.asked)) if pairing.asked else say("pairing.asked_none")
    text = say("tell.pairing_none", no=pairing.need_no, asked=some, **about)
    draft = outbox.Draft(
        key=f"pairing:{pairing.id}:{pairing.version}:none",
        message="pairing_none",
        text=text,
        weight=Weight.PLAIN,
        link=f"{tx.content.address}/console/matching/{pairing.id}",
    )
    told = register(tx).secretaries(pairing.community_id)
    outbox.queue(tx, [(person, draft) for person in told], _demand(tx, pairing))


def stepped_back(tx: Tx, pairing: Pairing, asked: PairingAsk) -> None:
    """Who said yes cannot come: who needs it, who deals with it and the secretary must not count on them."""
    _tell(tx, pairing, asked, "tell.pairing_stepped_back", key="back")


def helped(tx: Tx, pairing: Pairing, asked: PairingAsk, *, reporter: bool) -> None:
    """Who said yes says that it is done: who deals with it closes it; `reporter`: who needs it is told as well."""
    _tell(tx, pairing, asked, "tell.pairing_helped", key="done", reporter=reporter)


def _tell(tx: Tx, pairing: Pairing, asked: PairingAsk, what: str, *, key: str, reporter: bool = True) -> None:
    demand, reg = _demand(tx, pairing), register(tx)
    told = list(reg.secretaries(pairing.community_id))
    if demand is not None:  # who wished hears of it from the wish
        handler = demand.handler_id or 0
        told += reg.managers(handler) or reg.staff(handler)
        told += people.named(tx, {demand.reporter_id} if demand.reporter_id and reporter else set()).values()
    text = tx.content.replies.say(what, no=pairing.need_no, **shown(tx, pairing))
    draft = outbox.Draft(
        key=f"pairing:{asked.id}:{pairing.version}:{key}",
        message=what.removeprefix("tell."),
        text=text,
        weight=Weight.PLAIN,
        rank=Rank.MATTERS,
    )
    but = {asked.person_id}
    outbox.queue(tx, [(one, draft) for one in {p.id: p for p in told}.values() if one.id not in but], demand)


def shown(tx: Tx, pairing: Pairing) -> dict[str, str]:
    """What is needed and where, without by whom."""
    return KINDS[pairing.need].shown(tx, pairing.need_id)


def contact(tx: Tx, pairing: Pairing, asked: PairingAsk) -> dict[str, str]:
    """What who said yes must know: where, what, and whom to reach."""
    return KINDS[pairing.need].contact(tx, pairing.need_id) | {"no": pairing.need_no, "title": asked.title}


def who(tx: Tx, asked: PairingAsk) -> str:
    """The name of who was asked."""
    found = people.named(tx, {asked.person_id}).get(asked.person_id)
    return (found.name if found else None) or ""


def _demand(tx: Tx, pairing: Pairing) -> Demand | None:
    return tx.get(Demand, pairing.need_id) if pairing.need == "demand" else None
