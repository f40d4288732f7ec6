"""Telling of an emergency by the table of `rules.mode_telling`: staff by card, residents by one calm message."""

from collections.abc import Iterable, Mapping
from typing import Any

from redprop_bot.notify import outbox
from redprop_bot.registry.register import register
from redprop_bot.rules.mode_telling import MODE_TELLING, Crowd, ModeTell
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import messages
from redprop_bot.store.tables import Mode, Person
from redprop_bot.store.tx import Tx

People = Mapping[Crowd, Iterable[Person]]


def tell(tx: Tx, mode: Mode, event: str, crowds: People, slots: Mapping[str, Any], *, by_id: int | None) -> int:
    """Queue what the table says, to each person once, never to who did it; returns to how many residents."""
    told = {by_id}
    drafts: list[tuple[Person, outbox.Draft]] = []
    residents = 0
    for row in MODE_TELLING[event]:
        draft = _draft(tx, mode, event, row, slots)
        for person in crowds.get(row.to, ()):
            if person.id not in told:
                told.add(person.id)
                drafts.append((person, draft))
                residents += row.to == Crowd.RESIDENTS
    outbox.queue(tx, drafts)
    return residents


def _draft(tx: Tx, mode: Mode, event: str, row: ModeTell, slots: Mapping[str, Any]) -> outbox.Draft:
    button = tx.content.labels.button
    at_once = row.at_once and (row.to != Crowd.RESIDENTS or tx.content.emergency_mode.residents_at_night)
    return outbox.Draft(
        key=f"{mode.no}:{event}:{row.message}",
        message=row.message,
        text=tx.content.replies.say(f"tell.{row.message}", **slots),
        weight=Weight.PRESSING if at_once else Weight.PLAIN,
        buttons=tuple((f"{key}:{mode.no}", button[key]) for key in row.buttons),
        menu=tuple((f"{key}:{mode.no}", button[key]) for key in row.menu),
        rows=(("编号", mode.no), ("范围", str(slots.get("where", ""))), ("到", str(slots.get("until", "")))),
        subject="mode",
        subject_id=mode.id,
        rank=Rank.SMALL,
    )


def settle(tx: Tx, mode: Mode, text: str, person_id: int | None = None) -> None:
    """Cards of an emergency give way to `text`: those of one person, else all that are still open."""
    assert mode.id is not None
    known = register(tx).people
    for card in messages.cards_about(tx, "mode", mode.id):
        if person_id in (None, card.person_id) and card.person_id in known:
            outbox.settle_card(tx, card, known[card.person_id], text)
