"""Telling the people of the council: one message a person and key, never to who caused it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from redprop_bot.notify import outbox
from redprop_bot.registry.register import register
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import messages, people
from redprop_bot.store.tables import Person
from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told: `message` names it, `text` is `data/replies/`; buttons are names of `labels.button`.

    `about` and `about_id` are what a card is about; `argument` stands behind the verb of a button.
    """

    key: str
    message: str
    text: str
    buttons: Sequence[str] = ()
    argument: str = ""
    about: str = "project"
    about_id: int | None = None
    rows: Sequence[tuple[str, str]] = ()
    link: str = ""
    weight: Weight = Weight.PLAIN
    rank: Rank = Rank.MATTERS
    choices: Sequence[tuple[str, str]] = ()  # buttons whose text is no label: keys and texts


def tell(tx: Tx, letter: Letter, to: Iterable[Person], *, but: int | None = None) -> None:
    """Queue it for each of them once."""
    button = tx.content.labels.button
    buttons = (*((f"{name}:{letter.argument}", button[name]) for name in letter.buttons), *letter.choices)
    draft = outbox.Draft(
        key=letter.key[:180],
        message=letter.message,
        text=letter.text,
        weight=letter.weight,
        rows=letter.rows,
        buttons=buttons,
        menu=buttons,
        link=letter.link,
        subject=letter.about,
        subject_id=letter.about_id,
        rank=letter.rank,
    )
    once = {person.id: person for person in to if person.id != but}
    outbox.queue(tx, [(person, draft) for person in once.values()])


def settle(tx: Tx, about: str, about_id: int, text: str, *, person_id: int | None = None) -> None:
    """Cards about a thing give way to `text`: those of one person, else all that are still open."""
    cards = [c for c in messages.cards_about(tx, about, about_id) if person_id in (None, c.person_id)]
    known = people.named(tx, {card.person_id for card in cards})
    for card in cards:
        outbox.settle_card(tx, card, known[card.person_id], text)


def unit_staff(tx: Tx, unit_id: int) -> list[Person]:
    """Who stands for a unit: its managers, without any all of its staff."""
    reg = register(tx)
    return reg.managers(unit_id) or reg.staff(unit_id)


def slots(**given: Any) -> dict[str, str]:
    """Slots as texts; nothing is empty."""
    return {name: "" if value is None else str(value) for name, value in given.items()}
