"""What was counted of a company before a case is opened against it, and when the street is asked to look at it.

Only counts of what the system has seen: failed re-checks, missed days, colours of published boards. Nothing is
opened here.
"""

from datetime import datetime, time
from typing import Any, Final

from redprop_bot.appraise.scorers import posted
from redprop_bot.notify import outbox
from redprop_bot.registry.register import register
from redprop_bot.rules import ranking
from redprop_bot.rules.sanctions import months_from
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import sanctions
from redprop_bot.store.tx import Tx

ROOM: Final = "/console/sanctions"
MONTHS: Final = 12
"""What is shown where a kind suggests nothing."""


def counted(tx: Tx, unit: int, months: int = MONTHS) -> dict[str, Any]:
    """months; failures, overdues: of its orders; black: published boards that have it so; numbers of both."""
    begin = months_from(tx.now.astimezone(tx.content.zone).date(), -months)
    since = datetime.combine(begin, time(0), tx.content.zone)
    orders = sanctions.rectified(tx, unit, since)
    black = [
        row.id
        for row in sanctions.boards(tx, since)
        if any(line.unit == unit and line.colour == "black" for line in ranking.read(row.lines))
    ]
    return {
        "months": months,
        "failures": sum(row.failures for row in orders),
        "overdues": sum(row.overdues for row in orders),
        "black": len(black),
        "rectifications": [row.id for row in orders if row.failures or row.overdues],
        "boards": black,
    }


def said(tx: Tx, grounds: dict[str, Any]) -> str:
    """The same in words."""
    numbers = {name: str(grounds[name]) for name in ("months", "failures", "overdues", "black")}
    return tx.content.replies.say("sanction.grounds", **numbers)


def suggest(tx: Tx, unit: int) -> None:
    """Ask the street to look at a company where the counts reach what the rules say; of each count once."""
    reg = register(tx)
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
            key=f"sanction_suggested:{kind.key}:{unit}:{found['failures']}:{found['black']}",
            message="sanction_suggested",
            text=tx.content.replies.say("tell.sanction_suggested", **names, link=link),
            weight=Weight.PLAIN,
            link=link,
            rank=Rank.MATTERS,
        )
        outbox.queue(tx, [(one, draft) for one in reg.street_staff if unit not in posted(reg, one.id)])
