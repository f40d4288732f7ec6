"""A meeting that nobody called: people sit down on a bench and talk, and somebody writes down what they decide."""

from collections.abc import Sequence
from datetime import timedelta

from redprop_bot.council import seats
from redprop_bot.council.chair import Chair
from redprop_bot.council.convening import Wish, default_title, insert
from redprop_bot.council.timing import plan_meeting
from redprop_bot.rules.meetings import quarter_number
from redprop_bot.store.tables import Meeting, Seat
from redprop_bot.store.tx import Tx

USUAL = "consult"


def sudden(tx: Tx, chair: Chair, said: str, community_id: int | None, *, members: Sequence[str] = ()) -> Meeting:
    """A meeting that begins now, of the kind that words name. Nobody is invited: who is there is there."""
    chair.must(community_id)
    kinds = tx.content.meetings.kinds
    code = tx.content.meetings.named(said) or (USUAL if USUAL in kinds else next(iter(kinds)))
    kind = kinds[code]
    wish = Wish(code, community_id, tx.now)
    values = {
        "title": default_title(tx, kind, wish),
        "starts_at": tx.now,
        "ends_at": tx.now + timedelta(minutes=kind.minutes),
        "quarter": quarter_number(tx.now, tx.content.zone),
        "topics": [],
    }
    meeting = insert(tx, wish, values, by=chair.actor.name, by_id=chair.actor.person_id)
    for guest in seats.guests(tx, kind, community_id, involved=(), named=members):
        own = guest.person.id == chair.actor.person_id
        tx.insert(
            Seat,
            meeting_id=meeting.id,
            person_id=guest.person.id,
            part=guest.part,
            units=guest.units,
            **({"answer": "attend", "present_at": tx.now} if own else {}),
        )
    plan_meeting(tx, meeting)
    return meeting
