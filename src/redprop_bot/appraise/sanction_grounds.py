"""What was counted of a company before a case is opened against it, and when the street is asked to look at it.

Only counts of what the system has seen: failed re-checks, missed days, colours of published boards. Nothing is
opened here.
"""

from collections.abc import Collection
from datetime import datetime, time
from typing import Any, Final

from redprop_bot.appraise.scorers import posted
from redprop_bot.notify import outbox
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import register
from redprop_bot.rules import ranking
from redprop_bot.rules.sanctions import months_from
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import sanctions
from redprop_bot.store.sanctions import FAILED, OVERDUE
from redprop_bot.store.tables import Ranking
from redprop_bot.store.tx import Tx

ROOM: Final = "/console/sanctions"
MONTHS: Final = 12
"""What is shown where a kind suggests nothing."""


def counted(tx: Tx, unit: int, months: int = MONTHS) -> dict[str, Any]:
    """months; failures, overdues: of its orders; black: published boards that have it so; last: what came last."""
    return counted_of(tx, [unit], months)[unit]


def counted_of(tx: Tx, units: Collection[int], months: int = MONTHS) -> dict[int, dict[str, Any]]:
    """The same of several companies at once."""
    begin = months_from(tx.now.astimezone(tx.content.zone).date(), -months)
    since = datetime.combine(begin, time(0), tx.content.zone)
    steps, boards = sanctions.failed(tx, units, since), sanctions.boards(tx, since)
    black = {unit: [row.id or 0 for row in boards if _is_black(row, unit)] for unit in units}
    return {
        unit: {
            "months": months,
            "failures": sum(name == FAILED for _, name in steps[unit]),
            "overdues": sum(name == OVERDUE for _, name in steps[unit]),
            "black": len(black[unit]),
            "last": f"{max((key for key, _ in steps[unit]), default=0)}:{max(black[unit], default=0)}",
        }
        for unit in units
    }


def _is_black(row: Ranking, unit: int) -> bool:
    return any(line.unit == unit and line.colour == "black" for line in ranking.read(row.lines))


def said(tx: Tx, grounds: dict[str, Any]) -> str:
    """The same in words."""
    numbers = {name: str(grounds[name]) for name in ("months", "failures", "overdues", "black")}
    return tx.content.replies.say("sanction.grounds", **numbers)


def suggest(tx: Tx, unit: int) -> None:
    """Ask the street to look at a company where the counts reach what the rules say; once for what was counted."""
    reg = register(tx)
    to = [one for one in reg.street_staff if unit not in posted(reg, one.id)]
    if not to:  # a register without a street: the communities that it works in
        keys = [key for key in reg.communities if any(one.id == unit for one in companies(reg, key))]
        to = list({one.id: one for key in keys for one in reg.secretaries(key)}.values())
    for kind in tx.content.sanctions.kinds:
        rule = kind.suggest
        if rule is None or sanctions.is_open(tx, kind.key, unit):
            continue
        found = counted(tx, unit, rule.within)
        reached = ((rule.failures, found["failures"]), (rule.black, found["black"]))
        if not any(least is not None and count >= least for least, count in reached):
            continue
        link = f"{tx.content.address}{ROOM}?unit={unit}&kind={kind.key}"
        names = {"unit": reg.organisations[unit].name, "kind": kind.name, "grounds": said(tx, found)}
        draft = outbox.Draft(
            key=f"sanction_suggested:{kind.key}:{unit}:{found['last']}",
            message="sanction_suggested",
            text=tx.content.replies.say("tell.sanction_suggested", **names, link=link),
            weight=Weight.PLAIN,
            link=link,
            rank=Rank.MATTERS,
        )
        outbox.queue(tx, [(one, draft) for one in to])
