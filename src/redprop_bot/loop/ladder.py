"""The ladder: what the clock does to an order that nobody finishes — written notice (催办通知), then 提级.

When, and who is told, stands in `data/ladder/`; here is what is done.
"""

from redprop_bot.loop.actor import CLOCK, COUNTED, Actor
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
    return _DEEDS[rule.deed](tx, demand, COUNTED if rule.counts else CLOCK, rule.reason)


def transferred_up(tx: Tx, demand: Demand, before: int) -> bool:
    """Whether a dispatch was the one transfer too many, so that the ladder will take it to the meeting."""
    climbing = (rule for rule in tx.content.reminders if rule.deed == Deed.ESCALATE and rule.transfers)
    return demand.transfers > before and any(
        rule.reached(reworks=demand.reworks, transfers=demand.transfers) for rule in climbing
    )


def _notice(tx: Tx, demand: Demand, actor: Actor, reason: str) -> Demand:
    allow(tx, demand, Act.ESCALATE, actor)  # the same right: the ladder's
    return change(tx, demand, happened("noticed", Act.URGE, actor, reason))


def _climb(tx: Tx, demand: Demand, actor: Actor, reason: str) -> Demand:
    stage = allow(tx, demand, Act.ESCALATE, actor)
    happening = happened("climbed", Act.ESCALATE, actor, reason, {"to": JOINT_MEETING})
    return tabled(tx, demand, stage, happening, JOINT_MEETING)


_DEEDS = {Deed.NOTICE: _notice, Deed.ESCALATE: _climb}
