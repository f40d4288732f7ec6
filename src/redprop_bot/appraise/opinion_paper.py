"""年底综合评价意见 as a Word file: figures with where each comes from, the community's words, who confirmed it."""

from datetime import date
from typing import Any

from redprop_bot.appraise.opinion import SENT
from redprop_bot.loop.paper import new_paper
from redprop_bot.notify import words
from redprop_bot.registry.care import looked_after
from redprop_bot.registry.register import register
from redprop_bot.rules.figures import percent
from redprop_bot.store.tables import Opinion
from redprop_bot.store.tx import Tx


def per_cent(hundredths: int) -> str:
    """Hundredths of a per cent as they are read: 9250 is 92.5."""
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")


def number_of(tx: Tx, row: dict[str, Any]) -> str:
    """A figure as it is read: a count, a rate with its numbers, or that it is not known."""
    value, of = row["value"], row["of"]
    if value is None:
        return tx.content.replies.say("opinion.paper.unknown")
    if row["key"] == "fee_rate":
        return f"{per_cent(value)}%"
    return percent(value, of) if of is not None else str(value)


def name_of(tx: Tx, opinion: Opinion) -> str:
    """What the file is called."""
    unit = register(tx).organisations[opinion.organisation_id].name
    slots = {"unit": unit, "year": str(opinion.year), "number": str(opinion.number)}
    return tx.content.replies.say("opinion.paper.file", **slots) + ".docx"


def paper(tx: Tx, opinion: Opinion) -> bytes:
    """The file. A draft says that it is one."""
    reg, zone = register(tx), tx.content.zone
    unit = reg.organisations[opinion.organisation_id]
    community = reg.community_name(opinion.community_id) or ""
    estates = looked_after(reg, unit, opinion.community_id)

    def say(name: str, **slots: str) -> str:
        return tx.content.replies.say(f"opinion.paper.{name}", **slots)

    made = new_paper(say("title", unit=unit.name, year=str(opinion.year)), tx.now)
    state = "subtitle" if opinion.state == SENT or opinion.confirmed_at is not None else "draft"
    made.subtitle(say(state, number=str(opinion.number)))
    made.text(say("to", to=tx.content.opinion.to))
    slots = {"community": community, "unit": unit.name, "year": str(opinion.year)}
    made.text(say("lead", estates="、".join(one.name for one in estates), **slots))
    made.head(say("figures"))
    rows = [[row["title"], number_of(tx, row), row["said"]] for row in opinion.figures]
    made.table([say("item"), say("number"), say("source")], rows, widths=(3.4, 3.6))
    made.small(say("taken", date=words.full_date(opinion.taken_at, zone)))
    made.head(say("words"))
    made.text(opinion.words or say("no_words"))
    made.head(say("confirmation"))
    if opinion.confirmed_at is None:
        made.text(say("unconfirmed"))
    else:
        day = words.full_date(opinion.confirmed_at, zone)
        made.text(say("confirmed", who=opinion.confirmed_by, date=day))
    if opinion.sent_on:
        on = date.fromisoformat(opinion.sent_on)
        day = f"{on.year}年{on.month}月{on.day}日"
        made.text(say("sent", who=opinion.sent_by, date=day, to=tx.content.opinion.to))
    made.signed(say("signed", community=community), words.full_date(opinion.confirmed_at or tx.now, zone))
    return made.file()
