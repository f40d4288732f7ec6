"""What could not be sent: it stands in front of the reply to the resident's next word, once.

What has changed since is left out. It is put there in the transaction that takes the word in, and stays in the
stored reply: a repeated delivery shows it again, a later word does not. The number to call in danger is never
pushed down by it.
"""

from typing import Final

from redprop_bot.notify import late, overtaken
from redprop_bot.notify.templates import JOINED
from redprop_bot.ports import Channel, Inbound, Kind
from redprop_bot.rules import budget
from redprop_bot.rules.budget import Road
from redprop_bot.store import budgets, outgoing
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx

REPLY_BYTES: Final = 2048
"""A passive reply takes no more; what does not fit beside the reply itself leaves as a message of its own."""


def heard(tx: Tx, inbound: Inbound) -> bool:
    """A resident did something: what may be sent to them changes. Whether something waits that may be told now."""
    if inbound.channel != Channel.OA:
        return False
    is_event = inbound.kind == Kind.EVENT
    window = budget.opened_by(is_event=is_event, event=inbound.event, tapped=_tapped(inbound))
    if window is not None:
        since = min(inbound.created_at, tx.now)
        return budgets.opened(tx, inbound.sender, window, tx.content.roads.terms, since)
    if budget.closes(is_event=is_event, event=inbound.event):
        budgets.shut(tx, inbound.sender)
    return False


def _tapped(inbound: Inbound) -> bool:
    return inbound.kind == Kind.TEXT and bool(inbound.event_key)


def beside(tx: Tx, openid: str, reply: str, *, alarm: bool) -> str:
    """The reply with what waited before it; behind it, where the reply begins with a number to call."""
    waits = overtaken.sifted(tx, openid)
    before = tx.content.replies.say("waiting.before")
    room = REPLY_BYTES - len(f"{before}\n\n\n{reply}".encode())
    texts = [words_of(tx, message) for message in waits]
    number = budget.together(texts, room)
    if not texts or len(texts[0].encode()) > room:
        number = 0
    outgoing.again(tx, [message.id for message in waits[number:] if message.id is not None])
    if not number:
        return reply
    outgoing.told(tx, [message.id for message in waits[:number] if message.id is not None], Road.PASSIVE.value)
    told = before + "\n" + "\n\n".join(texts[:number])
    return "\n\n".join(part for part in ((reply, told) if alarm else (told, reply)) if part)


def words_of(tx: Tx, message: Outbox, *, whole: bool = False) -> str:
    """A message as plain words of today, with those that it carries; what a menu asks is asked in its head.

    `whole` names the days themselves, for who reads it on another one.
    """
    if JOINED in message.payload:
        return late.words_now(tx.content, message, str(message.payload[JOINED]), tx.now, whole=whole)
    return own_words_of(tx, message, whole=whole)


def own_words_of(tx: Tx, message: Outbox, *, whole: bool = False) -> str:
    """Only its own words."""
    text = str(message.payload.get("text") or message.payload.get("head") or "")
    return late.words_now(tx.content, message, text, tx.now, whole=whole)
