"""Queueing a message in the transaction that caused it: once per key, at the hour it may leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from redprop_bot.notify import late, templates
from redprop_bot.ports import Channel, Form
from redprop_bot.rules import quiet
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store.tables import Card, Demand, Outbox, Person
from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to one person before it is queued. `buttons` are (key, text); a first line is the title."""

    key: str
    message: str
    text: str
    card: str = ""  # the same without what the rows and the quote of a card show; `text` when empty
    weight: Weight = Weight.PLAIN
    rows: Sequence[tuple[str, str]] = ()
    quote: str = ""
    buttons: Sequence[tuple[str, str]] = ()
    menu: Sequence[tuple[str, str]] = ()
    link: str = ""
    subject: str = "demand"
    subject_id: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    rank: Rank = Rank.SMALL
    brief: Mapping[str, str] | None = None  # what a template message may show of it
    read_at: datetime | None = None  # as of when its days are said, where not now


def address(person: Person) -> tuple[Channel, str] | None:
    """Where a person is reached: staff and members in WeCom, residents in the Official Account."""
    if person.userid and person.left_at is None:
        return Channel.WORK, person.userid
    if person.openid and person.following:
        return Channel.OA, person.openid
    return None


def queue(tx: Tx, drafts: Sequence[tuple[Person, Draft]], demand: Demand | None = None) -> None:
    """Owe these messages."""
    rows, cards = [], []
    for person, draft in drafts:
        reached = address(person)
        if reached is None:
            continue
        channel, receiver = reached
        limits = tx.content.limits
        leaves = quiet.not_before(tx.now, draft.weight, tx.content.zone, limits.quiet_from, limits.quiet_until)
        form, payload = _payload(channel, person, draft)
        payload = _as_of(tx, payload, draft.read_at or tx.now, leaves)
        if channel == Channel.OA and tx.content.templates.in_use:
            payload[templates.BRIEF] = dict(
                draft.brief or templates.in_short(payload.get("text") or payload["head"])
            )
        if form == Form.CARD and draft.buttons:
            cards.append(_card(tx, person, draft, payload["task_id"], demand))
        rows.append(
            {
                "key": f"{draft.key}:{person.id}",
                "channel": channel.value,
                "receiver": receiver,
                "person_id": person.id,
                "community_id": demand.community_id if demand else None,
                "demand_id": demand.id if demand else None,
                "message": draft.message,
                "form": form.value,
                "payload": payload,
                "weight": draft.weight.value,
                "rank": draft.rank.value,
                "created_at": tx.now,
                "not_before": leaves,
            }
        )
    if rows:
        tx.insert_many_new(Card, cards)
        tx.insert_many_new(Outbox, rows)
        tx.wakes = True


def _as_of(tx: Tx, payload: Mapping[str, Any], made: datetime, read: datetime) -> dict[str, Any]:
    return late.payload_anew(payload, lambda text: late.anew(text, made, read, tx.content.zone))


def _payload(channel: Channel, person: Person, draft: Draft) -> tuple[Form, dict[str, Any]]:
    if channel == Channel.WORK and draft.buttons:
        title, _, desc = (draft.card or draft.text).partition("\n")
        return Form.CARD, {
            "task_id": f"{draft.key}-{person.id}".replace(":", "-").replace(".", "_"),
            "title": title,
            "desc": desc,
            "rows": [list(row) for row in draft.rows],
            "quote": draft.quote,
            "url": draft.link,
            "buttons": [
                {"key": key, "text": text, "style": 1 if number == 0 else 2}
                for number, (key, text) in enumerate(draft.buttons)
            ],
        }
    if channel == Channel.OA and draft.menu:
        options = [{"id": key, "text": text} for key, text in draft.menu]
        return Form.MENU, {"head": draft.text, "options": options, "tail": ""}
    return Form.TEXT, {"text": draft.text}


def _card(tx: Tx, person: Person, draft: Draft, task_id: str, demand: Demand | None) -> dict[str, Any]:
    return {
        "task_id": task_id,
        "person_id": person.id,
        "demand_id": demand.id if demand else None,
        "subject": draft.subject,
        "subject_id": draft.subject_id,
        "message": draft.message,
        "stage": demand.stage if demand else None,
        "unit_id": demand.handler_id if demand else None,
        "created_at": tx.now,
    }


def pass_on(tx: Tx, card: Card, sent: Outbox, heir: Person, demand: Demand | None) -> bool:
    """The same card for somebody else, who takes over from its receiver; False when they cannot be reached.

    The content is that of the first one: who takes over has the same part and may know the same.
    """
    reached = address(heir)
    if not sent.payload:
        return False  # too old: its words are kept no longer
    if reached is None or reached[0] is not Channel.WORK:
        return False
    task_id = f"{card.task_id[:100]}-to-{heir.id}"
    made = {
        "task_id": task_id,
        "person_id": heir.id,
        "demand_id": card.demand_id,
        "subject": card.subject,
        "subject_id": card.subject_id,
        "message": card.message,
        "stage": card.stage,
        "unit_id": card.unit_id,
        "created_at": tx.now,
    }
    tx.insert_many_new(Card, [made])
    limits = tx.content.limits
    leaves = quiet.not_before(tx.now, Weight(sent.weight), tx.content.zone, limits.quiet_from, limits.quiet_until)
    tx.insert_new(
        Outbox,
        key=f"passed:{task_id}",
        channel=reached[0].value,
        receiver=reached[1],
        person_id=heir.id,
        community_id=demand.community_id if demand else None,
        demand_id=card.demand_id,
        message=sent.message,
        form=sent.form,
        payload={**_as_of(tx, sent.payload, late.made_for(tx.content, sent), leaves), "task_id": task_id},
        weight=sent.weight,
        created_at=tx.now,
        not_before=leaves,
    )
    tx.wakes = True
    return True


def settle_card(tx: Tx, card: Card, person: Person, text: str, *, response_code: str = "") -> None:
    """A card whose matter is settled: its buttons give way to `text`, where the platform still lets us.

    `response_code` is that of a tap; without one, that of the sending is used, if it has arrived.
    """
    code = response_code or card.response_code
    assert card.id is not None
    tx.update(Card, card.id, state="done", response_code=None)
    if not code or not person.userid:
        return
    tx.insert_new(
        Outbox,
        key=f"update:{card.task_id}",
        channel=Channel.WORK.value,
        receiver=person.userid,
        person_id=card.person_id,
        demand_id=card.demand_id,
        message="card_update",
        form=Form.CARD_UPDATE.value,
        payload={"response_code": code, "text": text},
        weight=Weight.ANSWER.value,
        created_at=tx.now,
        not_before=tx.now,
    )
    tx.wakes = True
