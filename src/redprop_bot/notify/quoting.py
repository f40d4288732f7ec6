"""Quoting earlier rulings to those who argue about, or decide, a like return: never to residents."""

from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.rules import precedents as likeness
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import precedents
from redprop_bot.store.tables import Demand, Precedent
from redprop_bot.store.tx import Tx

QUOTED = 2
"""How many rulings one message quotes."""


def matter_words(tx: Tx, demand: Demand) -> list[str]:
    """Words of the responsibility list that the matter is known by."""
    rows = register(tx).responsibilities
    return likeness.words_in(demand.text, (w for r in rows if r.category == demand.category for w in r.match))


def like(tx: Tx, demand: Demand) -> list[Precedent]:
    """Earlier rulings on matters like this one, the most like first."""
    if demand.category is None or demand.intent in CONFIDENTIAL:
        return []
    rulings = [r for r in precedents.recent(tx, demand.community_id, demand.category) if r.demand_id != demand.id]
    if not rulings:
        return []
    known = matter_words(tx, demand)
    places = [name for estate in register(tx).estates.values() for name in (estate.name, *estate.aliases)]
    return likeness.most_like(
        rulings, text=demand.text, estate_id=demand.estate_id, words=known, most=QUOTED, places=places
    )


def precedents_of(tx: Tx, demand: Demand) -> str:
    """The same as lines for a message; nothing where it is not argued about who takes it."""
    argued = demand.stage in (Stage.NEW, Stage.RETURNED) or demand.dispatches > 1
    return "\n".join(said(tx, ruling) for ruling in like(tx, demand)) if argued else ""


def said(tx: Tx, ruling: Precedent) -> str:
    """One ruling as a line: when, where, why it was given back, who decided what."""
    reg = register(tx)
    return tx.content.replies.say(
        f"precedent.{ruling.decision}",
        date=words.date(ruling.at, tx.content.zone),
        where=reg.estates[ruling.estate_id].name if ruling.estate_id is not None else "",
        what=tx.content.labels.category[ruling.category],
        no=ruling.no,
        reason=words.quoted(ruling.reason, 40),
        who=ruling.by_name,
        former=reg.organisations[ruling.former_id].name,
        unit=reg.organisations[ruling.unit_id].name,
    )
