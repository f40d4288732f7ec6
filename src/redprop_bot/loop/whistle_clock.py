"""What time does to whistles: who has not answered is told to the street, then tabled; who is late is reminded.

Each of the three happens once a blow, for all of its units together: one timer, one event, one message a person.
While the matter counts as done nobody is pressed; the clock looks again each working day, in case it was not.
"""

from collections.abc import Callable, Mapping
from typing import Final

from redprop_bot.loop.actor import CLOCK
from redprop_bot.loop.arrange import escalate
from redprop_bot.loop.record import change, happened
from redprop_bot.loop.whistle import calendars, told
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.whistle import WhistleState, latest
from redprop_bot.store import messages, whistles
from redprop_bot.store.tables import Demand, Timer, WhistleCall
from redprop_bot.store.tx import Tx


def _calls(tx: Tx, timer: Timer, state: WhistleState) -> tuple[Demand, list[WhistleCall]]:
    """The demand, held, and those calls of the blow that stand so; a demand that is over leaves none."""
    demand = tx.get(Demand, timer.subject_id or 0, lock=True)
    rows = whistles.of_ids(tx, timer.data["calls"])
    if not flow.is_open(demand.stage):
        for row in rows:
            if row.state == WhistleState.CALLED:
                tx.update(WhistleCall, row.id, state=WhistleState.VOID.value, version=row.version + 1)
        return demand, []
    return demand, [row for row in rows if row.state == state]


def _done(tx: Tx, timer: Timer, demand: Demand) -> bool:
    """Whether the matter counts as done; then the clock looks again on the next working day."""
    if demand.stage != Stage.DONE:
        return False
    again = tx.content.calendar.add_days(tx.now, 1)
    messages.plan(tx, f"{timer.key}+", timer.kind, again, demand.id, calls=timer.data["calls"])
    return True


def _climb(tx: Tx, timer: Timer) -> None:
    """The time to answer is over: the street hears of it, the units once more."""
    demand, silent = _calls(tx, timer, WhistleState.CALLED)
    if not silent or _done(tx, timer, demand):
        return
    for row in silent:
        tx.update(WhistleCall, row.id, climbed_at=tx.now, version=row.version + 1)
    data = told(tx, silent)
    change(tx, demand, happened("whistle_climbed", Act.ESCALATE, CLOCK, data["unit"], data))
    ids = timer.data["calls"]
    # Counted from now: after an outage the street still gets its whole term to move the unit.
    terms = tx.content.whistle.terms[silent[0].kind]
    theirs = calendars(tx, demand, (row.organisation_id for row in silent))
    table_by = max(silent[0].table_by, latest(terms.table, terms.clock, theirs, tx.now))
    messages.plan(tx, f"whistle:{ids[0]}:table", "whistle_table", table_by, demand.id, calls=ids)


def _table(tx: Tx, timer: Timer) -> None:
    """Still nobody: the matter stands on the next joint meeting. What stands there already is left."""
    demand, silent = _calls(tx, timer, WhistleState.CALLED)
    if not silent or _done(tx, timer, demand):
        return
    for row in silent:
        tx.update(WhistleCall, row.id, tabled_at=tx.now, version=row.version + 1)
    if demand.stage != Stage.TABLED:
        reason = tx.content.replies.say("whistle.tabled_reason", unit=told(tx, silent)["unit"])
        escalate(tx, demand, CLOCK, reason=reason)


def _late(tx: Tx, timer: Timer) -> None:
    """The limit is over for those who said they would come: they and the whistler hear of it, once."""
    demand, late = _calls(tx, timer, WhistleState.CLAIMED)
    if late and not _done(tx, timer, demand):
        data = told(tx, late)
        change(tx, demand, happened("whistle_late", Act.URGE, CLOCK, data["unit"], data))


DO: Final[Mapping[str, Callable[[Tx, Timer], None]]] = {
    "whistle_answer": _climb,
    "whistle_table": _table,
    "whistle_limit": _late,
}
