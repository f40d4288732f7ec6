"""A demand as lists of the console show it, as far as who looks may see it; and what they may do to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from redprop_bot.loop.acts import STEPS
from redprop_bot.loop.dispatch import answering
from redprop_bot.notify import telling, words
from redprop_bot.rules import flow, roles
from redprop_bot.rules.deadlines import is_late, level
from redprop_bot.rules.flow import RUNNING, Act, Stage
from redprop_bot.store.tables import Demand
from redprop_bot.web.api import sight
from redprop_bot.web.console.room import Desk

STAGE_TONES: Final = {
    Stage.NEW: "amber",
    Stage.RETURNED: "amber",
    Stage.DISPATCHED: "blue",
    Stage.ACCEPTED: "blue",
    Stage.DONE: "green",
    Stage.TABLED: "amber",
}


@dataclass(frozen=True, slots=True)
class Slip:
    """One demand on a list. `level` is a colour of urgency, `tone` one of the stage; empty texts are not shown."""

    no: str
    version: int
    what: str
    where: str
    text: str
    stage: str
    tone: str
    urgency: str
    level: str
    unit: str
    due: str
    late: bool
    reported: str
    supporters: int
    acts: frozenset[str]
    note: str = ""

    @property
    def address(self) -> str:
        """Its page."""
        return f"/console/demands/{self.no}"


def slips(desk: Desk, demands: Iterable[Demand], *, acts: bool = False) -> list[Slip]:
    """The demands as slips; with `acts`, what may be done to each is looked up as well."""
    return [slip(desk, demand, acts=acts) for demand in demands]


def slip(desk: Desk, demand: Demand, *, acts: bool = False, note: str = "") -> Slip:
    """One demand as a slip."""
    reg, labels, running = desk.register, desk.content.labels, demand.stage in RUNNING
    return Slip(
        no=demand.no,
        version=demand.version,
        what=words.what(desk.tx, demand),
        where=words.where(reg, demand, room=not sight.hides_room(desk.viewer, demand)) or "地点待补",
        text=sight.readable(desk.tx, desk.viewer, demand, demand.text),
        stage=labels.stage[demand.stage],
        tone=STAGE_TONES.get(Stage(demand.stage), ""),
        urgency=labels.urgency[demand.urgency] if demand.urgency in ("emergency", "urgent") else "",
        level=level(demand.intent, demand.urgency),
        unit=reg.organisations[demand.handler_id].name if demand.handler_id else "",
        due=day(desk, demand.due_at) if running else "",
        late=is_late(demand.stage, demand.due_at, desk.tx.now),
        reported=day(desk, demand.reported_at),
        supporters=demand.supporters,
        acts=possible(desk, demand) if acts else frozenset(),
        note=note,
    )


def day(desk: Desk, moment: datetime | None) -> str:
    """A moment as people say it; empty where there is none."""
    return words.day(moment, desk.tx.now, desk.content.zone) if moment is not None else ""


def when(desk: Desk, moment: str | None) -> str:
    """The same of a moment in ISO 8601, as items of the API have it."""
    return day(desk, datetime.fromisoformat(moment)) if moment else ""


def possible(desk: Desk, demand: Demand) -> frozenset[str]:
    """The acts that stage and role allow; whether the rest allows them is asked when it is done."""
    if desk.viewer.role == "viewer":
        return frozenset()
    held = desk.viewer.actor.capacities(desk.tx, demand)
    found = {act.value for act in STEPS if flow.can(act, demand.stage) and roles.may(act, held)}
    if demand.extension_days is None or demand.extended:
        found.discard(Act.GRANT)
    return frozenset(found)


def units(desk: Desk, demand: Demand) -> list[str]:
    """Units that might take it: first who answers by the list or as caretaker, then the likely ones.

    Who has just sent it back comes last: nobody is to give it to them once more without meaning to.
    """
    reg = desk.register
    answer = answering(desk.tx, category=demand.category, estate_id=demand.estate_id, text=demand.text)
    named = [reg.organisations[answer.unit_id].name] if answer is not None else []
    likely = [unit.name for unit in telling.candidates(desk.tx, demand)]
    here = reg.organisations[demand.handler_id].name if demand.handler_id else None
    found = [name for name in dict.fromkeys([*named, *likely]) if name != here]
    if demand.stage == Stage.RETURNED and demand.former_id is not None:
        back = reg.organisations[demand.former_id].name
        found = [*(name for name in found if name != back), back]
    return found


def all_units(desk: Desk) -> list[str]:
    """Every unit that can be given something, by name."""
    return sorted(desk.register.organisation_names)


def estates(desk: Desk) -> list[str]:
    """Names of the estates of whose community somebody is, all where that is none."""
    mine = desk.viewer.community_id
    return [one.name for one in desk.register.estates.values() if mine in (None, one.community_id)]


def options(names: Sequence[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
    """Choices of a select: value, text, and which is chosen."""
    return [{"value": value, "text": text, "chosen": value == chosen} for value, text in names]
