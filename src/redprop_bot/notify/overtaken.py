"""What waited so long that it is not so any more: it is told on no road, and stands in the outbox as overtaken.

Looked at whenever something that waits is about to be told: beside a reply, by a call, by a road that was opened
meanwhile, on the order's page. A message that carries others is taken apart first: each of them holds or not by
itself.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from redprop_bot.notify import roads, templates
from redprop_bot.notify.outdated import over_by_now
from redprop_bot.rules import telling
from redprop_bot.rules.telling import Rank
from redprop_bot.store import outgoing
from redprop_bot.store.tables import Demand, Outbox
from redprop_bot.store.tx import Tx


def sifted(tx: Tx, openid: str) -> list[Outbox]:
    """What waits for a resident and still holds, oldest first; the rest is overtaken from now on."""
    waits = outgoing.waiting(tx, openid)
    carried = outgoing.carried(tx, [m.id for m in waits if m.carries and m.id is not None])
    over = over_by_now(tx, [*waits, *carried])
    if not over:
        return waits
    apart = {
        m.lead_id if m.id in over and m.lead_id is not None else m.id for m in [*waits, *carried] if m.id in over
    }
    for lead in waits:
        if lead.id in apart and lead.carries:
            _take_apart(tx, lead, [m for m in carried if m.lead_id == lead.id])
    outgoing.overtake(tx, over)
    return outgoing.waiting(tx, openid)


def _take_apart(tx: Tx, lead: Outbox, carried: Sequence[Outbox]) -> None:
    """Each waits by itself again, with its own words and worth; a call is planned for what matters."""
    outgoing.take_apart(tx, lead, templates.own(lead.payload), _own_rank(tx, lead))
    at = tx.now + timedelta(hours=tx.content.roads.phone_hours)
    for message in carried:
        if message.rank != Rank.SMALL:
            roads.plan_call(tx, message, at)


def _own_rank(tx: Tx, lead: Outbox) -> str:
    demand: Any = tx.get(Demand, lead.demand_id) if lead.demand_id is not None else None
    return telling.rank(lead.message, demand.urgency if demand else None).value
