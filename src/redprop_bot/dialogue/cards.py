"""A tapped button: acts once, answers, and the card says what has become of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.council import measure_telling, mediation_telling
from redprop_bot.dialogue import (
    emergencies,
    matched,
    measures,
    mediating,
    meeting_guests,
    offers,
    organising,
    points,
    providers,
    tasks,
    whistled,
    wishing,
)
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import extend
from redprop_bot.loop.acts import perform
from redprop_bot.notify import outbox, telling
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands, messages
from redprop_bot.store.tables import Card, Demand
from redprop_bot.understand.acts import Act as Heard

_ACTS = {"accept": Act.ACCEPT, "grant": Act.GRANT, "dispatch": Act.DISPATCH, "controlled": Act.PROGRESS}


def tapped(turn: Turn) -> None:
    """Act on a tap. A card is its receiver's alone; one that was settled only says so."""
    card = messages.card(turn.tx, turn.inbound.task_id)
    if card is None or card.person_id != turn.person_id:
        turn.say("error.card_unknown")
        return
    verb, _, rest = turn.inbound.event_key.partition(":")
    no, _, argument = rest.partition(":")
    if card.state != "open":
        turn.say("error.card_done", no=no)
        return
    if turn.inbound.response_code:
        assert card.id is not None
        card = turn.tx.update(Card, card.id, response_code=turn.inbound.response_code)  # the fresher of the two
    if card.subject == "demand":
        _on_demand(turn, card, verb, no, argument)
    elif card.subject == measure_telling.CARD:
        measures.tapped(turn, card, verb)  # what is done settles its cards
    elif card.subject == "pairing":
        matched.tapped(turn, card, verb)
    elif card.subject == mediation_telling.CARD:
        if mediating.tapped(turn, verb, no, argument):
            _settle(turn, card, mediating.settle_text(turn, verb))
    elif _SETTLED_BY.get(card.subject, _offer)(turn, card, verb, no, argument):
        _settle(turn, card, _word(turn, card, verb))


Tapped = Callable[[Turn, Card, str, str, str], bool]


def _offer(turn: Turn, _card: Card, verb: str, no: str, _argument: str) -> bool:
    return offers.decide(turn, no, publish=verb == "publish")


_SETTLED_BY: Final[Mapping[str, Tapped]] = {
    "whistle": whistled.tapped,
    "mode": lambda turn, card, _verb, no, _argument: emergencies.tapped(turn, card, no),
    "meeting": meeting_guests.tapped,
    "vote": meeting_guests.tapped,
    "wish": lambda turn, card, verb, no, _argument: wishing.tapped(turn, card, verb, no),
    "activity": lambda turn, card, verb, no, _argument: organising.decided(turn, card, verb, no),
    "points": lambda turn, card, verb, no, _argument: points.decided(turn, card, verb, no),
    "task": lambda turn, _card, _verb, no, _argument: tasks.finish(turn, no) is not None,
}
"""By what a card is about: whether the tap did what it says, so that the card is settled."""


def _word(turn: Turn, card: Card, verb: str) -> str:
    """What a settled card says instead of its buttons."""
    if card.subject == "whistle":
        return turn.tx.content.replies.say("whistle.card_tapped", who=turn.speaker.name)
    if card.subject == "mode":
        return turn.tx.content.replies.say("mode.card_received")
    return turn.tx.content.labels.button["done" if card.subject == "task" else verb]


def _on_demand(turn: Turn, card: Card, verb: str, no: str, argument: str) -> None:
    demand = demands.by_no(turn.tx, no)
    if demand is None or demand.id != card.demand_id:
        turn.say("error.card_unknown")
        return
    if verb not in _ACTS and verb not in ("return", "why", "refuse"):
        turn.say("error.card_unknown")  # a button or a vote that nobody here made
        return
    if verb == "return":
        turn.session.demand = no
        providers.ask_reason(turn, [demand])
        return  # the card stays until the reason has come
    if verb == "why":
        _return(turn, no, argument)
        return  # a return settles the cards of this unit, a refusal leaves them
    done = turn.attempt(lambda: _act(turn, demand, verb, argument))
    if done is not None:
        turn.session.demand = no
        turn.say(f"done.{verb}", into="", told="", **turn.about(done, contact=verb == "accept"))
        _settle(turn, card, f"{turn.tx.content.labels.stage[done.stage]} · {turn.speaker.name}")
    elif telling.is_stale(card, demand):  # refused for too many days, say, it may be tapped again
        _settle(turn, card, turn.tx.content.labels.stage[demand.stage])


def _return(turn: Turn, no: str, code: str) -> None:
    name = next((r.name for r in turn.tx.content.return_reasons if r.code == code), code)
    reason = providers.chosen_reason(turn, name)
    providers.give_back(turn, Heard("order.return", slots={"order": no, "reason": reason}))


def _act(turn: Turn, demand: Demand, verb: str, argument: str) -> Demand:
    if verb == "refuse":
        return extend.refuse(turn.tx, demand, turn.actor)
    fields: dict[str, Any] = {}
    if verb == "dispatch":
        unit = turn.register.organisations.get(int(argument)) if argument.isdigit() else None
        fields["to"] = unit.name if unit else argument
    if verb == "controlled":
        fields["note"] = turn.tx.content.labels.button[verb]
    return perform(turn.tx, demand, _ACTS[verb], turn.actor, fields)


def _settle(turn: Turn, card: Card, text: str) -> None:
    fresh = messages.card(turn.tx, card.task_id)
    if fresh is not None and fresh.state == "open":
        outbox.settle_card(turn.tx, fresh, turn.speaker.person, text[:60])
