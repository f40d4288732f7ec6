"""退单的规矩: the reasons of the list, and the rulings that are kept when somebody decides who takes it."""

from redprop_bot.content.shapes import Reason
from redprop_bot.loop.actor import Actor
from redprop_bot.notify import quoting, words
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand, Precedent
from redprop_bot.store.tx import Tx

MATTER_LENGTH = 80


def reason_of(tx: Tx, said: str) -> Reason | None:
    """The reason of the list that was said as code, as name or in a sentence; None when it is not clear."""
    reasons, said = tx.content.return_reasons, said.strip()
    for reason in reasons:
        if said in (reason.code, reason.name) or said.startswith((f"{reason.name}：", f"{reason.name}:")):
            return reason
    found = {r.code: max((len(w) for w in r.words if w in said), default=0) for r in reasons}
    longest = max(found.values())
    fitting = [r for r in reasons if longest and found[r.code] == longest]
    return fitting[0] if len(fitting) == 1 else None


def other(tx: Tx) -> Reason:
    """The reason for what fits no other; its words are kept as they were said."""
    return next(reason for reason in tx.content.return_reasons if reason.code == "other")


def ruled(tx: Tx, was: Demand, now: Demand, actor: Actor) -> None:
    """Keep the ruling when a demand that was given back is dispatched by somebody who may decide."""
    if was.stage != Stage.RETURNED or was.former_id is None or now.handler_id is None or was.category is None:
        return
    if was.intent in CONFIDENTIAL:
        return  # who reads a ruling may not know that there was such a matter
    assert was.id is not None
    tx.insert(
        Precedent,
        community_id=was.community_id,
        category=was.category,
        estate_id=was.estate_id,
        words=quoting.matter_words(tx, was),
        matter=words.quoted(words.unnamed(tx, was.text, was), MATTER_LENGTH),
        former_id=was.former_id,
        unit_id=now.handler_id,
        decision="kept" if now.handler_id == was.former_id else "moved",
        reason=words.unnamed(tx, demands.last_note(tx, was.id, "returned"), was),
        by_id=actor.person_id,
        by_name=actor.name,
        at=tx.now,
        demand_id=was.id,
        no=was.no,
    )
