"""The question where: asked once, standing for all that nobody can find yet; `whereabouts` takes the answer."""

from typing import Any

from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.order import Ordered
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand


def ask_place(turn: Turn, outcomes: list[Ordered]) -> None:
    """Ask once for what is missing; the answer completes all demands of this message that miss it."""
    fresh = [o for o in outcomes if not o.repeated and not o.joined]
    homeless = [o.demand for o in fresh if o.needs_estate]
    vague = [o.demand for o in fresh if not o.needs_estate and _needs_building(turn, o.demand)]
    if homeless:
        names = _some_estates(turn)
        _ask(turn, homeless, names=names)
        turn.say("ask.estate", names="、".join(names))
    elif vague:
        estate = turn.register.estates[fresh[0].demand.estate_id or 0].name
        person = turn.speaker.person
        if person.building and person.estate_id == fresh[0].demand.estate_id:
            home = f"{estate}{person.building}栋" + (f"{person.unit}单元" if person.unit else "")
            _ask(turn, vague, offer=True)
            turn.say("ask.home", home=home)
        else:
            _ask(turn, vague)
            turn.say("ask.building", estate=estate)


def ask_once_more(turn: Turn, demand: Demand) -> None:
    """Of one that is hurried, and still waits for its place."""
    if demand.handler_id is None:
        turn.say("ask.place_first", no=demand.no)
    else:
        turn.say("ask.estate", names="、".join(_some_estates(turn)))


def _some_estates(turn: Turn) -> list[str]:
    return [estate.name for estate in list(turn.register.estates.values())[:6]]


def _ask(turn: Turn, fresh: list[Demand], **more: Any) -> None:
    """The question stands for those, too, that nobody can find since it was asked before; an alarm comes first."""
    before = [demand for demand in waiting(turn) if demand.estate_id is None]
    asked = sorted([*before, *fresh], key=lambda demand: demand.urgency != "emergency")
    turn.session.ask("place", nos=[demand.no for demand in asked], **more)


def waiting(turn: Turn) -> list[Demand]:
    """The demands that the question where is about, as far as they are still open."""
    nos = (turn.session.asked or {}).get("nos", []) if turn.session.asked_kind() == "place" else []
    found = [demands.by_no(turn.tx, no) for no in nos]
    return [demand for demand in found if demand is not None and flow.can(Act.SUPPLEMENT, demand.stage)]


def _needs_building(turn: Turn, demand: Demand) -> bool:
    if demand.building or demand.place or demand.room or demand.estate_id is None:
        return False
    return demand.intent == "demand.report" and demand.category not in turn.tx.content.places.estate_is_enough
