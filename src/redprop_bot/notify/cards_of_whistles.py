"""Which cards of a whistle an event settles, and what stands on them then: one word a unit is enough."""

from typing import Final

from redprop_bot.registry.register import register
from redprop_bot.rules.flow import is_open
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Card, Demand
from redprop_bot.store.tx import Tx

TO_UNITS: Final = frozenset({"whistle", "whistle_again"})
"""Cards that call a unit; the others are the whistler's."""
_ANSWERS: Final = {
    "whistle_claimed": "whistle.card_claimed",
    "whistle_declined": "whistle.card_declined",
    "whistle_done": "whistle.card_done",
}
EVENTS: Final = frozenset(
    {*_ANSWERS, "whistled", "whistle_climbed", "whistle_late", "whistle_rated"}
)  # events whose cards are about a whistle and not about the stage of the demand


def settled(tx: Tx, card: Card, event: Happening, demand: Demand) -> str | None:
    """None: the card stays as it is. Empty: the demand is over, which says it. Else what became of the whistle."""
    if not is_open(demand.stage):
        return "" if card.message in TO_UNITS else None  # what was done may still be rated
    say = tx.content.replies.say
    if card.message == "whistle_units" and event.name == "whistled" and card.person_id == event.by_id:
        return say("whistle.card_tapped", who=event.by_name)
    if card.message in TO_UNITS and event.name in _ANSWERS:
        units = {post.organisation_id for post in register(tx).posts.get(card.person_id, [])}
        if units & set(event.data.get("unit_ids", ())):
            return say(_ANSWERS[event.name], who=event.by_name)
    if (
        event.name == "whistle_rated"
        and card.message == "whistle_done"
        and card.subject_id == event.data.get("call_id")
    ):
        return say("whistle.card_rated", stars=event.data["given"])
    return None
