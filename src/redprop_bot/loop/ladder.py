"""The ladder: what the clock does to an order that nobody finishes — written notice (催办通知), then 提级.

When, and who is told, stands in `data/ladder/`; here is what is done.
"""

from redprop_bot.loop.actor import CLOCK
from redprop_bot.loop.arrange import JOINT_MEETING, tabled
from redprop_bot.loop.record import allow, change, happened
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.reminders import Deed, Rule
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx


def do(tx: Tx, demand: Demand, rule: Rule) -> Demand | None:
    """Do what a rule says besides telling; None where there is nothing left to do: it is on the table already."""
    if rule.deed is None:
        return demand
    if demand.stage == Stage.TABLED:
        return None
    return _DEEDS[rule.deed](tx, demand, rule.reason)


def _notice(tx: Tx, demand: Demand, reason: str) -> Demand:
    allow(tx, demand, Act.ESCALATE, CLOCK)  # the same right: the ladder's
    return change(tx, demand, happened("noticed", Act.URGE, CLOCK, reason))


def _climb(tx: Tx, demand: Demand, reason: str) -> Demand:
    stage = allow(tx, demand, Act.ESCALATE, CLOCK)
    happening = happened("climbed", Act.ESCALATE, CLOCK, reason, {"to": JOINT_MEETING})
    return tabled(tx, demand, stage, happening, JOINT_MEETING)


_DEEDS = {Deed.NOTICE: _notice, Deed.ESCALATE: _climb}
