"""Firing what is due for orders: each rule once for each due moment, then the order waits for its next moment.

    due orders ──▶ what has matured and not fired ──▶ deeds of the ladder · people to nudge · marks ──▶ next moment
                                              ripe nudges of a person ──▶ one message (`notify.nudging`)

Marks, deeds and nudges of an order are one transaction, and so are the message to a person and the end of the
nudges it says; a sweep that dies in between is gone on with by the next. Two sweeps at once: each order is locked
by one of them, the other passes it by.

A clock that is put forward fires early, once, for good; put back, it waits: nothing fires again, because what has
fired is remembered by the due moment that it was about, not by the hour. Another time zone, working time or other
rules: every open order is looked at again, and gets what is new for it.
"""

import logging
from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from redprop_bot.loop import ladder
from redprop_bot.notify import nudging
from redprop_bot.registry.working_time import time_of
from redprop_bot.rules import reminders as rules
from redprop_bot.rules.reminders import Key, Occasion
from redprop_bot.store import numbers, reminders
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx

BATCH = 200
PEOPLE = 100
RETRY = timedelta(minutes=10)
REVISION = "reminders"

log = logging.getLogger(__name__)

Rows = list[dict[str, Any]]


def sweep(tx: Tx) -> Counter[str]:
    """Fire for at most BATCH orders, then tell at most PEOPLE people; what was done, empty when nothing is due."""
    done: Counter[str] = Counter()
    looked = fire(tx, done)
    if looked < BATCH:  # a person's nudges of one sweep are all there: they become one message
        told = nudging.tell_ripe(tx, limit=PEOPLE)
        if told:
            done["told"] = told
    return done


def fire(tx: Tx, done: Counter[str]) -> int:
    """Look at orders whose moment has come; returns how many. What fired is counted in `done` by rule."""
    orders = reminders.due(tx, limit=BATCH)
    known = reminders.fired(tx, [order.id for order in orders if order.id is not None])
    marks: Rows = []
    nudges: Rows = []
    moments = {}
    for order in orders:
        assert order.id is not None
        try:
            with tx.savepoint():
                fired, people, moments[order.id] = _one(tx, order, known[order.id])
        except Exception as error:
            if tx.must_pass(error):
                raise
            log.exception("reminders of order %s could not be done", order.no)
            moments[order.id] = tx.now + RETRY
            continue
        marks += [_mark(tx, order.id, occasion) for occasion in fired]
        nudges += people
        done.update(occasion.rule.name for occasion in fired)
    reminders.fire(tx, marks, nudges)
    reminders.look_again(tx, moments)
    if orders:
        done["looked"] += len(orders)
    return len(orders)


def _one(tx: Tx, order: Demand, known: Collection[Key]) -> tuple[list[Occasion], Rows, Any]:
    """What fires for an order now, the nudges that come of it, and when it is looked at next."""
    time = time_of(tx, order)
    due = rules.matured(tx.content.reminders, order, time, now=tx.now, done=known)
    nudges: Rows = []
    for occasion in rules.worth_telling(due, tx.now):
        if not nudging.still_holds(tx, occasion.rule, order):
            continue
        after = ladder.do(tx, order, occasion.rule)
        if after is not None:
            order = after
            nudges += nudging.nudges(tx, order, occasion)
    done = {*known, *(occasion.key for occasion in due)}
    return due, nudges, rules.upcoming(tx.content.reminders, order, time_of(tx, order), done=done)


def _mark(tx: Tx, demand_id: int, occasion: Occasion) -> dict[str, Any]:
    rule, due, turn = occasion.key
    return {"demand_id": demand_id, "rule": rule, "due_at": due, "turn": turn, "at": tx.now}


def notice_other_rules(tx: Tx) -> None:
    """Have every open order looked at where rules, terms, working time or zone are not those of the last sweep."""
    mark = tx.content.time_mark
    if numbers.revision(tx, REVISION) != mark:
        numbers.put_revision(tx, REVISION, mark)
        log.info("rules or working time have changed: %s open orders are looked at", reminders.look_at_all(tx))
