"""评价: the residents have the last word — rate, reopen, withdraw; silence closes after its time."""

from typing import Any

from redprop_bot.content.shapes import Alarm
from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop import clocks
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.record import allow, change, happened, needed, optional
from redprop_bot.rules.deadlines import Duration
from redprop_bot.rules.flow import CONTENT_STARS, Act, Stage
from redprop_bot.rules.roles import Capacity
from redprop_bot.store import demands
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx


def rate(tx: Tx, demand: Demand, actor: Actor, *, stars: int, reason: str | None = None) -> Demand:
    """One to five stars; one or two reopen. A supporter's stars are kept beside the reporter's."""
    allow(tx, demand, Act.RATE, actor)
    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
        raise Invalid("stars", field="stars")
    _within(tx, demand, tx.content.deadlines.auto_close, "rate_window")
    why = optional(reason, "reason")
    supports = Capacity.SUPPORTER in actor.capacities(tx, demand)
    if supports and demand.id is not None and actor.person_id is not None:
        demands.set_supporter_rating(tx, demand.id, actor.person_id, stars, why or None)
    kept: dict[str, Any] = {} if supports else {"stars": stars, "rating_reason": why or None}
    said = happened("rated", Act.RATE, actor, why, {"stars": stars})
    if stars < CONTENT_STARS:
        said = happened("rated_low", Act.RATE, actor, why, {"stars": stars})
        return _again(tx, demand, actor, why, said, **kept)
    kept |= {"stage": Stage.CLOSED.value}
    if demand.closed_at is None:
        kept |= {"closed_at": tx.now, "close_reason": "solved"}
    return change(tx, demand, said, **kept)


def reopen(tx: Tx, demand: Demand, actor: Actor, *, reason: str) -> Demand:
    """Not done after all: back to the same unit with a new clock, and the secretary knows."""
    allow(tx, demand, Act.REOPEN, actor)
    _within(tx, demand, tx.content.deadlines.reopen, "reopen_window")
    office = Capacity.REPORTER not in actor.capacities(tx, demand)
    return _again(tx, demand, actor, needed(reason, "reason"), office=office)


def _again(
    tx: Tx, demand: Demand, actor: Actor, why: str, *before: Happening, office: bool = False, **values: Any
) -> Demand:
    """To be done again; `office`: by who is responsible for it, and not in the words of a resident."""
    # A demand that was closed without ever having had a unit goes back to the secretary instead.
    stage = Stage.DISPATCHED if demand.handler_id else Stage.NEW
    name = "reopened" if demand.handler_id else "reopened_unplaced"
    return change(
        tx,
        demand,
        *before,
        happened(name, Act.REOPEN, actor, why, {"office": True} if office else None),
        **values,
        **clocks.rework(tx, demand),
        stage=stage.value,
        reworks=demand.reworks + 1,
        dispatched_at=tx.now if demand.handler_id else None,
        return_until=tx.now,  # it was theirs once: no right to give it back
        extended=False,
        extension_days=None,
        done_at=None,
        closed_at=None,
        close_reason=None,
    )


def rating_is_over(tx: Tx, demand: Demand) -> bool:
    """Whether it was closed too long ago to be rated; it may still be reopened for a while."""
    return _is_over(tx, demand, tx.content.deadlines.auto_close)


def may_reopen(tx: Tx, demand: Demand) -> bool:
    """Whether the time in which it may be sent back to be done again has not run out."""
    return not _is_over(tx, demand, tx.content.deadlines.reopen)


def _is_over(tx: Tx, demand: Demand, term: Duration) -> bool:
    if demand.stage != Stage.CLOSED or demand.closed_at is None:
        return False
    return tx.now > term.after(demand.closed_at, tx.content.calendar)


def _within(tx: Tx, demand: Demand, term: Duration, code: str) -> None:
    if _is_over(tx, demand, term):
        raise Conflict(code, no=demand.no)


def withdraw(tx: Tx, demand: Demand, actor: Actor, *, reason: str | None = None) -> Demand:
    """The reporter takes it back; with supporters left it goes on for them."""
    stage = allow(tx, demand, Act.WITHDRAW, actor)
    if stays(tx, demand):
        raise Conflict("stays", no=demand.no)
    why = optional(reason, "reason")
    assert demand.id is not None
    others = demands.supporters(tx, demand.id) if demand.supporters else []
    if others:
        demands.drop_supporter(tx, demand.id, others[0])
        return change(
            tx,
            demand,
            happened("reporter_left", Act.WITHDRAW, actor, why),
            reporter_id=others[0],
            phone=None,  # the one who left may not be called for the one who stays
            room=None,
            supporters=demand.supporters - 1,
        )
    return change(tx, demand, happened("withdrawn", Act.WITHDRAW, actor, why), stage=stage.value, closed_at=tx.now)


def stays(tx: Tx, demand: Demand) -> bool:
    """Whether nobody is sent home by a word or a tap: of who may harm themselves somebody goes and looks."""
    return demand.urgency == "emergency" and alarm_of(tx, demand).stays


def alarm_of(tx: Tx, demand: Demand) -> Alarm:
    """What kind of danger it is: the first entry whose category and words fit."""
    for alarm in tx.content.alarms:
        fits = not alarm.categories or demand.category in alarm.categories
        if fits and (not alarm.words or any(word in demand.text for word in alarm.words)):
            return alarm
    return tx.content.alarms[-1]


def expire(tx: Tx, demand: Demand, actor: Actor) -> Demand:
    """Nobody answered for so long: closed as "no answer", never as satisfied."""
    stage = allow(tx, demand, Act.EXPIRE, actor)
    return change(
        tx,
        demand,
        happened("expired", Act.EXPIRE, actor),
        stage=stage.value,
        closed_at=tx.now,
        close_reason="no_answer",
    )
