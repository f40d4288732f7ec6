"""From a rule that has fired to people and their messages: what is ripe for somebody at one moment is one message.

Nudges that wait for the morning wait here, so that a night's worth of them is one message too. By then much may
have been done: what is no longer true is not said.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from redprop_bot.notify import outbox, telling, words
from redprop_bot.notify.audience import people_of
from redprop_bot.registry.working_time import time_of
from redprop_bot.rules import quiet
from redprop_bot.rules import reminders as rules
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.reminders import Anchor, Deed, Occasion, Recipient, Rule
from redprop_bot.rules.spans import ClockName, span
from redprop_bot.rules.telling import Audience, Tell, Weight
from redprop_bot.store import people, reminders
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand, Nudge
from redprop_bot.store.tx import Tx

SHOWN = 8
"""How many orders a summary lists; the others are counted."""
RETRY = timedelta(minutes=10)

log = logging.getLogger(__name__)


def nudges(tx: Tx, order: Demand, occasion: Occasion) -> list[dict[str, Any]]:
    """Rows for everybody whom a rule tells; who is in two of its audiences is told by the first."""
    found: dict[int, dict[str, Any]] = {}
    limits = tx.content.limits
    for recipient in occasion.rule.tell:
        weight = rules.weight(recipient, order)
        ripe = quiet.not_before(tx.now, weight, tx.content.zone, limits.quiet_from, limits.quiet_until)
        for person in people_of(tx, recipient.to, order, _happening(order)):
            assert person.id is not None
            row = {
                "demand_id": order.id,
                "person_id": person.id,
                "rule": occasion.rule.name,
                "audience": recipient.to.value,
                "due_at": occasion.due,
                "turn": occasion.turn,
                "weight": weight.value,
                "at": occasion.at,
                "ripe_at": ripe,
            }
            found.setdefault(person.id, row)
    return list(found.values())


def still_holds(tx: Tx, rule: Rule, order: Demand) -> bool:
    """Whether the condition of a rule holds: `idle` is not accepted, or accepted without any progress told."""
    if not rule.idle or order.stage != Stage.ACCEPTED:
        return True
    assert order.id is not None
    return not reminders.progressed(tx, order.id, order.dispatched_at or order.created_at)


def tell_ripe(tx: Tx, *, limit: int) -> int:
    """Queue one message for each of at most `limit` people for whom something is ripe; returns for how many."""
    limits, zone = tx.content.limits, tx.content.zone
    if quiet.is_quiet(tx.now, zone, limits.quiet_from, limits.quiet_until):
        # Late by an outage, not pressing: said in the morning, in the words of the morning.
        morning = quiet.not_before(tx.now, Weight.PLAIN, zone, limits.quiet_from, limits.quiet_until)
        reminders.put_off_plain(tx, morning)
    told = 0
    for person_id in reminders.ripe_people(tx, limit=limit):
        try:
            with tx.savepoint():
                told += _tell(tx, person_id)
        except Exception as error:
            if tx.must_pass(error):
                raise
            log.exception("nudges of person %s could not be said", person_id)
            reminders.put_off(tx, person_id, tx.now + RETRY)
    return told


def _tell(tx: Tx, person_id: int) -> int:
    ripe = reminders.take(tx, person_id)
    person = people.named(tx, {person_id}).get(person_id)
    if not ripe or person is None:
        return 0
    said = _worth_saying(tx, ripe)
    if len(said) == 1:
        outbox.queue(tx, [(person, _one(tx, said[0]))], said[0][1])
    elif said:
        outbox.queue(tx, [(person, _summary(tx, said))])
    return 1


_Said = tuple[Nudge, Demand, Recipient, str]


def _worth_saying(tx: Tx, ripe: Sequence[Nudge]) -> list[_Said]:
    """The strongest word about each order that is still true: the latest; danger first, then by the due moment."""
    known = {rule.name: rule for rule in tx.content.reminders}
    orders = reminders.demands(tx, {nudge.demand_id for nudge in ripe})
    found: dict[int, _Said] = {}
    for nudge in sorted(ripe, key=lambda row: (row.at, row.id)):
        rule, order = known.get(nudge.rule), orders[nudge.demand_id]
        if rule is None or not _still_true(tx, rule, nudge, order):
            continue
        recipient = next((r for r in rule.tell if r.to == nudge.audience), None)
        if recipient is not None and _still_theirs(tx, recipient, nudge, order):
            found[nudge.demand_id] = nudge, order, recipient, rule.reason
    return sorted(found.values(), key=lambda said: (rules.rank(said[1]), said[0].due_at, said[0].id))


def _still_theirs(tx: Tx, recipient: Recipient, nudge: Nudge, order: Demand) -> bool:
    """Whether it still concerns this person: by the morning another unit may have it, a reporter may have left."""
    return any(person.id == nudge.person_id for person in people_of(tx, recipient.to, order, _happening(order)))


def _still_true(tx: Tx, rule: Rule, nudge: Nudge, order: Demand) -> bool:
    if rule.deed == Deed.ESCALATE:
        return order.stage == Stage.TABLED
    running = span(rule.clock, order, time_of(tx, order))
    if running is None or running.due != nudge.due_at:
        return False
    if rule.when.anchor in (Anchor.PERCENT, Anchor.BEFORE) and running.due <= tx.now:
        return False
    return still_holds(tx, rule, order)


def _one(tx: Tx, said: _Said) -> outbox.Draft:
    nudge, order, recipient, reason = said
    return telling.composed(
        tx,
        _tell_of(recipient),
        _happening(order, reason),
        order,
        family="remind",
        key=f"{order.no}:remind:{_mark(nudge)}",
        weight=Weight(nudge.weight),
        more={"climb": _climb(tx, order)},
    )


def _tell_of(recipient: Recipient) -> Tell:
    """Residents have their buttons as the lines of a menu."""
    if recipient.to == Audience.REPORTERS:
        return Tell(recipient.to, recipient.message, menu=recipient.buttons)
    return Tell(recipient.to, recipient.message, recipient.buttons)


def _summary(tx: Tx, said: Sequence[_Said]) -> outbox.Draft:
    resident = all(recipient.to == Audience.REPORTERS for _nudge, _order, recipient, _reason in said)
    message = "summary_resident" if resident else "summary"
    lines = [_line(tx, one) for one in said[:SHOWN]]
    pressing = any(nudge.weight == Weight.PRESSING for nudge, *_ in said)
    return outbox.Draft(
        key=f"remind:{_mark(*(nudge for nudge, *_ in said))}",
        message=message,
        text=tx.content.replies.say(
            f"remind.{message}",
            number=str(len(said)),
            lines="\n".join(lines),
            more=str(len(said) - SHOWN) if len(said) > SHOWN else "",
        ),
        weight=Weight.PRESSING if pressing else Weight.PLAIN,
    )


def _mark(*said: Nudge) -> str:
    """The same for the same firings, and only for them: the row's own key is given again when the row is gone."""
    what = sorted(f"{n.demand_id} {n.rule} {n.due_at.isoformat()} {n.turn}" for n in said)
    return hashlib.sha256("\n".join(what).encode()).hexdigest()[:24]


def _line(tx: Tx, said: _Said) -> str:
    _nudge, order, recipient, reason = said
    slots = telling.slots_for(tx, recipient.to, _happening(order, reason), order) | {"climb": _climb(tx, order)}
    return tx.content.replies.say(f"remind_line.{recipient.message}", **slots).replace("\n", " ")


def _happening(order: Demand, reason: str = "") -> Happening:
    """What a message of the clock is about, in the form that the telling takes."""
    data: dict[str, Any] = {"days": order.extension_days, "to": order.escalated_to}
    if order.paused_until is not None:
        data["until"] = order.paused_until.isoformat()
    return Happening("reminded", Act.URGE, None, "", reason, data)


def _climb(tx: Tx, order: Demand) -> str:
    """When the ladder tables it, as people say a day; empty where it never does or has done so."""
    time = time_of(tx, order)
    for rule in tx.content.reminders:
        if rule.deed == Deed.ESCALATE and rule.clock == ClockName.SOLVE and not rule.counts:
            for occasion in rules.occasions(rule, order, time):
                if occasion.at > tx.now:
                    return words.day(occasion.at, tx.now, tx.content.zone)
    return ""
