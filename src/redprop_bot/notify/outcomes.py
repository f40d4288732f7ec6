"""What the platform tells later: whether a template message arrived, whether a resident wants to be told.

The events themselves are read in `channels` and come here through `dialogue`.
"""

from datetime import timedelta
from typing import Final

from redprop_bot.notify import overtaken, roads
from redprop_bot.rules.budget import Road
from redprop_bot.rules.telling import Rank
from redprop_bot.store import budgets, messages, outgoing
from redprop_bot.store.tables import Timer
from redprop_bot.store.tx import Tx

AGAIN: Final = "outcome"
"""The timer of an outcome that came before its message was marked as sent."""
A_MOMENT: Final = timedelta(minutes=2)


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


def told_early(tx: Tx, msgid: str, status: str, *, receiver: str = "", road: Road = Road.TEMPLATE) -> None:
    """The same as `outcome`; a failure of what is not marked as sent yet is looked at once more after a moment.

    The platform may be faster than our own note of the id; those of other systems of the account stay unknown.
    """
    if outcome(tx, msgid, status, receiver=receiver, road=road) or _went_well(status) or not msgid:
        return
    told = {"msgid": msgid, "status": status, "receiver": receiver, "road": road.value}
    messages.plan(tx, f"{AGAIN}:{msgid}", AGAIN, tx.now + A_MOMENT, None, **told)


def again(tx: Tx, timer: Timer) -> None:
    """The moment is over."""
    told = timer.data
    outcome(tx, told["msgid"], told["status"], receiver=told["receiver"], road=Road(told["road"]))


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
