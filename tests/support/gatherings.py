"""Activities and people who take part in them, for tests of the steps."""

from datetime import datetime, timedelta
from typing import Any

from tests.support import rows

from redprop_bot.rules.activities import Way, code
from redprop_bot.store.tables import Activity
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import activities, signing_up
from redprop_bot.volunteers.activities import Plan
from redprop_bot.volunteers.attendance import Proof
from redprop_bot.volunteers.hands import Hand

KEEPER = Hand("王书记", None, None)


def activity(tx: Tx, *, begins: timedelta = timedelta(0), hours: float = 2, **values: Any) -> Activity:
    """A published activity that begins so long after now."""
    starts = tx.now + begins
    filled: dict[str, Any] = {"title": "清理楼道", "place": "3栋楼下", "points": 20}
    plan = Plan(starts_at=starts, ends_at=starts + timedelta(hours=hours), **(filled | values))
    return activities.plan(tx, plan, KEEPER, publish=True)


def joined(tx: Tx, what: Activity, **values: Any) -> int:
    """Somebody who has signed up."""
    person = rows.person(tx, **values)
    assert person.id is not None
    signing_up.join(tx, what, person.id)
    return person.id


def digits(tx: Tx, what: Activity, at: datetime | None = None) -> str:
    """The code that is shown at a moment."""
    seconds = tx.content.activities.attendance.code_seconds
    return code(tx.content.secret, what.no, at or tx.now, seconds)


def proof(tx: Tx, what: Activity, at: datetime | None = None) -> Proof:
    """What somebody says who reads that code."""
    return Proof(Way.CODE, digits(tx, what, at))
