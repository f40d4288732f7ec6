"""Statements about the messages and cards of somebody whose account in WeCom has changed or gone."""

from typing import Any, cast

from sqlalchemy import select, update

from redprop_bot.ports import Channel, Form
from redprop_bot.store.tables import Card, Outbox
from redprop_bot.store.tx import Tx, table_of

_out = table_of(Outbox)
_card = table_of(Card)


def open_cards(tx: Tx, person_id: int) -> list[Card]:
    """Cards of one person whose buttons still stand, oldest first; locked, so that a tap does not act as well."""
    statement = (
        select(_card)
        .where(_card.c.person_id == person_id, _card.c.state == "open")
        .order_by(_card.c.id)
        .with_for_update()
    )
    return cast("list[Card]", tx.rows(statement))


def has_card_like(tx: Tx, person_id: int, card: Card) -> bool:
    """Whether somebody holds an open card about the same matter already."""
    return tx.find(
        Card,
        _card.c.person_id == person_id,
        _card.c.state == "open",
        _card.c.message == card.message,
        _card.c.subject == card.subject,
        _card.c.demand_id.is_(card.demand_id) if card.demand_id is None else _card.c.demand_id == card.demand_id,
        _card.c.subject_id.is_not_distinct_from(card.subject_id),
    ) is not None  # fmt: skip


def cards_owed(tx: Tx, userid: str) -> dict[str, Outbox]:
    """The messages that brought cards to an account, or were to, by task id."""
    rows = tx.list(
        Outbox,
        _out.c.channel == Channel.WORK.value,
        _out.c.receiver == userid,
        _out.c.form == Form.CARD.value,
        order=_out.c.id,
    )
    return {str(row.payload["task_id"]): row for row in rows if "task_id" in row.payload}


def give_up(tx: Tx, userid: str, why: str) -> int:
    """What is owed to an account and not on its way is dead, and stays visible."""
    return tx.execute(_owed(userid).values(state="dead", error=why))


def readdress(tx: Tx, userid: str, new_userid: str) -> int:
    """What is owed to an account goes to its new name."""
    return tx.execute(_owed(userid).values(receiver=new_userid))


def _owed(userid: str) -> Any:
    return update(_out).where(
        _out.c.channel == Channel.WORK.value, _out.c.receiver == userid, _out.c.state == "pending"
    )
