"""The place a picture was taken at, as the answer to "where?": only from who agreed, where nothing else says it.

Planned when a picture comes home with a place (`media.gathering`), done by the sweep. Its sender is told where the
order was put, and how to say no; one whom nobody has asked is asked in `media.gathering`, once.
"""

from typing import Final

from redprop_bot.errors import Refused
from redprop_bot.loop import placing
from redprop_bot.loop.actor import speaking
from redprop_bot.loop.report import Report
from redprop_bot.notify import outbox
from redprop_bot.registry.near import nearest
from redprop_bot.registry.people import speaker
from redprop_bot.registry.register import register
from redprop_bot.rules import positions
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import media
from redprop_bot.store.tables import Demand, Person
from redprop_bot.store.tx import Tx

KIND: Final = media.PLACE_TIMER
NEAR_KM: Final = 0.5
"""People photograph what is before them: further away it is a picture of something else, or of another day."""


def use(tx: Tx, attachment_id: int) -> None:
    """Put the order of a picture where it was taken, unless it has a place by now or the sender has said no.

    Used or not, the position itself is forgotten.
    """
    item = media.get(tx, attachment_id)
    if item is None or item.by_id is None or item.latitude is None or item.longitude is None:
        return
    media.forget_place(tx, attachment_id)
    demand, sender = tx.get(Demand, item.demand_id, lock=True), tx.get(Person, item.by_id)
    if demand.estate_id is not None or not sender.photo_place:
        return
    reg = register(tx)
    estate = nearest(reg, positions.on_the_map((item.latitude, item.longitude)), NEAR_KM)
    if estate is None:
        return
    report = Report(text=demand.text, reported_at=demand.reported_at, estate_id=estate.id)
    try:
        with tx.savepoint():
            done = placing.place(tx, demand, speaking(speaker(reg, sender, {})), report)
    except Refused:  # closed meanwhile, or not theirs to place
        return
    text = tx.content.replies.say("photo.used", no=done.no, where=estate.name)
    key = f"photo_place:{done.no}"
    draft = outbox.Draft(key=key, message="photo", text=text, weight=Weight.ANSWER, rank=Rank.SMALL)
    outbox.queue(tx, [(sender, draft)], done)
