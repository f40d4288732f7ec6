"""The orders that a meeting put into a measure of a project: they go the way of the measure.

What is said of the measure is progress of theirs, so that who reported hears of it; done is done for them,
another day or unit is theirs, and a measure that is dropped puts them on the table again. Orders that went their
own way in the meantime (another unit, done, closed) are left alone.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from redprop_bot.council.hands import Hand
from redprop_bot.loop import accept, arrange, confirm, extend
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.entrust import hand_over
from redprop_bot.loop.record import held
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.flow import AT_WORK, Stage
from redprop_bot.rules.roles import Capacity
from redprop_bot.store import meetings
from redprop_bot.store.tables import Demand, Measure, Resolution
from redprop_bot.store.tx import Tx

Step = Callable[[Tx, Demand, Actor], object]


def progressed(tx: Tx, measure: Measure, hand: Hand, said: str) -> None:
    """What was said of the measure, for who reported its orders."""
    if said:
        _each(tx, measure, hand, lambda tx, order, actor: accept.progress(tx, order, actor, note=said))


def finished(tx: Tx, measure: Measure, hand: Hand, said: str) -> None:
    """The measure is done, and so are its orders; who reported is asked how it went."""
    note = said or tx.content.replies.say("resolution.finished", measure=measure.title)
    _each(tx, measure, hand, lambda tx, order, actor: accept.fulfil(tx, order, actor, note=note), paused=True)


def reopened(tx: Tx, measure: Measure, hand: Hand, why: str) -> None:
    """It is not done after all: orders that nobody has closed yet are done again, by the day of the measure."""

    def again(tx: Tx, order: Demand, actor: Actor) -> None:
        order = confirm.reopen(tx, order, actor, reason=why)
        if measure.due_at > tx.now:
            note = tx.content.replies.say("resolution.replanned", measure=measure.title)
            hand_over(tx, order, actor, order.handler_id or 0, due_at=measure.due_at, note=note)

    for order, row in _linked(tx, measure):
        if order.stage == Stage.DONE and order.handler_id == row.handler_id:
            again(tx, order, _actor(hand))


def changed(tx: Tx, measure: Measure, hand: Hand, *, was: datetime) -> None:
    """Another day, or another unit that owns it: the orders follow."""
    unit_id = unit_of(register(tx), measure)
    for order, row in _linked(tx, measure):
        unit = unit_id or row.handler_id
        moved = unit != row.handler_id or measure.due_at != was
        if unit is not None and moved and order.stage in AT_WORK and order.handler_id == row.handler_id:
            note = tx.content.replies.say("resolution.replanned", measure=measure.title)
            hand_over(tx, order, _actor(hand), unit, due_at=measure.due_at, note=note)
    came = meetings.of_measures(tx, [measure.id or 0]).get(measure.id or 0)
    if came is not None and unit_id is not None and unit_id != came.handler_id:
        tx.update(Resolution, came.id, handler_id=unit_id)


def unit_of(reg: Register, measure: Measure) -> int | None:
    """The unit that owns a measure, or the only one in which its owner works."""
    if measure.unit_id is not None:
        return measure.unit_id
    units = {post.organisation_id for post in reg.posts.get(measure.owner_id or 0, []) if post.organisation_id}
    return units.pop() if len(units) == 1 else None


def dropped(tx: Tx, measure: Measure, hand: Hand, why: str) -> None:
    """It is not done this way: its orders wait for the next meeting, and who reported knows."""
    reason = tx.content.replies.say("resolution.dropped", measure=measure.title, reason=why)
    _each(
        tx, measure, hand, lambda tx, order, actor: arrange.escalate(tx, order, actor, reason=reason), paused=True
    )


def at_work(tx: Tx, measure: Measure) -> list[str]:
    """Numbers of the orders that a meeting put into a measure and that somebody works on."""
    return [order.no for order, _row in _linked(tx, measure) if order.stage in AT_WORK]


def _each(tx: Tx, measure: Measure, hand: Hand, step: Step, *, paused: bool = False) -> None:
    """Do a step for every order that is still at work with the unit of the decision."""
    actor = _actor(hand)
    for order, row in _linked(tx, measure):
        if order.handler_id != row.handler_id:
            continue
        if paused and order.stage == Stage.SUSPENDED:
            order = extend.resume(tx, order, actor)  # noqa: PLW2901
        if order.stage in AT_WORK:
            step(tx, order, actor)


def _linked(tx: Tx, measure: Measure) -> Iterator[tuple[Demand, Resolution]]:
    row = meetings.of_measures(tx, [measure.id or 0]).get(measure.id or 0)
    if row is None or row.id is None:
        return
    for order in meetings.decided(tx, [row.id]).get(row.id, []):
        yield held(tx, order), row


def _actor(hand: Hand) -> Actor:
    """Whoever does a step of a measure, which was allowed there, as who does it for its orders."""
    does = {Capacity.HANDLER, Capacity.SECRETARY}
    return Actor(hand.name, hand.person_id, None, lambda _tx, _demand: does)
