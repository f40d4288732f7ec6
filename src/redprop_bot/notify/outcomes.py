"""What the platform tells later: whether a template message arrived, whether a resident wants to be told.

The events themselves are read in `channels` and come here through `dialogue`.
"""

from datetime import timedelta

from redprop_bot.notify import overtaken, roads
from redprop_bot.rules.budget import Road
from redprop_bot.rules.telling import Rank
from redprop_bot.store import budgets, outgoing
from redprop_bot.store.tx import Tx


def outcome(tx: Tx, msgid: str, status: str, *, receiver: str = "", road: Road = Road.TEMPLATE) -> bool:
    """What the platform tells later of a template or subscription message; False when it is none of ours.

    `status` as the platform spells it: `success`, `failed:user block`, `failed: system failed`, or an ErrorStatus.
    Subscription messages have no id of their own when they are sent: they are found by `receiver`.
    """
    message = outgoing.by_msgid(tx, msgid)
    if message is None and receiver:
        message = outgoing.last_by_road(tx, receiver, road.value, timedelta(hours=1))
    if message is None or message.outcome is not None:
        return message is not None
    outgoing.note_outcome(tx, message, status)
    if _went_well(status):
        return True
    used = message.road or road.value
    outgoing.take_back(tx, message, refused=roads.also_refused(message, used), reason=status)
    return True


def _went_well(status: str) -> bool:
    return status.strip().lower() in ("success", "ok", "0", "")


def granted(tx: Tx, key: str, openid: str, template_id: str, *, accepted: bool) -> None:
    """A resident answered the question for a subscription message; `key` names the event, so that it counts once.

    What matters and waits for them is chosen for anew: it may go by the road that was just opened.
    """
    if not accepted:
        budgets.revoke(tx, openid, template_id)
        return
    if budgets.grant(tx, f"{key}:{template_id}", openid, template_id):
        waits = [m.id for m in overtaken.sifted(tx, openid) if m.rank != Rank.SMALL and m.id is not None]
        outgoing.again(tx, waits[:1])
