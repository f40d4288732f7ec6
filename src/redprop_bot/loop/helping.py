"""Who a decision or an instruction names beside a lead unit, or instead of one: they hear of it."""

from collections.abc import Iterable, Sequence

from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules.telling import Weight
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand, Helper, Organisation, Person
from redprop_bot.store.tx import Tx


def beside(tx: Tx, demand: Demand, units: Sequence[Organisation]) -> None:
    """These units help from now on; whoever works there is told once."""
    assert demand.id is not None
    there = {helper.organisation_id for helper in demands.helpers(tx, demand.id)}
    for unit in units:
        if unit.id is None or unit.id in there or unit.id == demand.handler_id:
            continue
        there.add(unit.id)
        tx.insert(Helper, demand_id=demand.id, organisation_id=unit.id, name=unit.name, at=tx.now)
        _tell(tx, demand, unit.id)


def charged(tx: Tx, demand: Demand, people: Iterable[Person], *, title: str = "", but: int | None = None) -> None:
    """These people are to do what no unit has; `title` is the meeting that said so."""
    due = words.date(demand.due_at, tx.content.zone) if demand.due_at is not None else ""
    said = words.quoted(demand.text, 100)
    text = tx.content.replies.say("tell.charged", text=said, title=title, due=due, no=demand.no)
    draft = outbox.Draft(key=f"{demand.no}:charged", message="charged", text=text, weight=Weight.PLAIN)
    outbox.queue(tx, [(person, draft) for person in people if person.id != but], demand)


def _tell(tx: Tx, demand: Demand, unit_id: int) -> None:
    reg, zone = register(tx), tx.content.zone
    lead = reg.organisations[demand.handler_id].name if demand.handler_id is not None else ""
    text = tx.content.replies.say(
        "tell.help_wanted",
        no=demand.no,
        unit=lead or reg.community_name(demand.community_id) or "",
        text=words.quoted(demand.text, 100),
        due=words.day(demand.due_at, tx.now, zone) if demand.due_at is not None else "",
        link=f"{tx.content.address}/m/orders/{demand.no}",
    )
    draft = outbox.Draft(key=f"{demand.no}:helps:{unit_id}", message="help_wanted", text=text, weight=Weight.PLAIN)
    staff = reg.staff(unit_id, estate_id=demand.estate_id, category=demand.category)
    outbox.queue(tx, [(person, draft) for person in staff], demand)
