"""这段时间别找我: who says so is left alone until then, by everything here that asks somebody for help."""

from datetime import datetime

from redprop_bot.errors import Invalid
from redprop_bot.store import fits, messages, pairings
from redprop_bot.store.tables import Respite
from redprop_bot.store.tx import Tx

OVER = "respite_over"


def rest(tx: Tx, person_id: int, until: datetime | None) -> None:
    """Nobody asks them before `until`; None is until they say so. Raises Invalid for what has passed."""
    if until is not None and until <= tx.now:
        raise Invalid("rest_passed", field="until")
    there = pairings.respite(tx, person_id)
    if there is None:
        tx.insert_new(Respite, person_id=person_id, until=until, said_at=tx.now)
    else:
        tx.update(Respite, there.id, until=until, said_at=tx.now)
    fits.mark_of(tx, person_id)
    if until is not None:
        messages.plan(tx, f"respite:{person_id}:{until.isoformat()}", OVER, until, person_id)


def back(tx: Tx, person_id: int) -> bool:
    """They may be asked again; whether they had been resting."""
    ended = pairings.end_respite(tx, person_id)
    fits.mark_of(tx, person_id)
    return ended
