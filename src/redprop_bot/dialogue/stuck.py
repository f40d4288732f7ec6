"""挂账清单: what cannot go on now, why, and when somebody looks again; what is past that day stands first."""

from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Forbidden
from redprop_bot.notify import words
from redprop_bot.store import listing as lists
from redprop_bot.store.sifting import Scope
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx

SHOWN = 10


def listing(turn: Turn) -> None:
    """The list for a secretary's communities, for the street all of them."""
    if turn.speaker.role != "secretary":
        raise Forbidden("role", act="pause")
    found = lists.suspended(turn.tx, _scope(turn))
    if not found:
        turn.say("stuck.empty")
        return
    late = [demand for demand in found if lists.is_stuck(demand, turn.tx.now)]
    reasons = lists.pause_reasons(turn.tx, [d.id for d in found[:SHOWN] if d.id is not None])
    lines = "\n".join(_line(turn, demand, reasons.get(demand.id or 0, "")) for demand in found[:SHOWN])
    turn.say("stuck.list", number=str(len(found)), late=str(len(late)), lines=lines)


def _scope(turn: Turn) -> Scope:
    if any(post.street_id for post in turn.speaker.posts):
        return Scope()
    return Scope([post.community_id for post in turn.speaker.posts if post.community_id])


def _line(turn: Turn, demand: Demand, reason: str) -> str:
    tx: Tx = turn.tx
    assert demand.paused_until is not None
    late = ""
    if lists.is_stuck(demand, tx.now):
        zone = tx.content.zone
        days = (tx.now.astimezone(zone).date() - demand.paused_until.astimezone(zone).date()).days
        late = tx.content.replies.say("stuck.late", days=str(days))
    return tx.content.replies.say(
        "stuck.line",
        no=demand.no,
        where=words.where(turn.register, demand, room=False),
        what=words.what(tx, demand),
        reason=words.quoted(reason, 40),
        until=words.date(demand.paused_until, tx.content.zone),
        late=late,
    )
