"""Which road each claimed message takes: decided where it is claimed, so that nothing is spent twice.

    resident   customer-service message while a window is open and something is left in it, else (for what matters)
               a subscription message that was said yes to, else a template message, else it waits for their next
               word; what matters and waits for hours becomes a call for the grid worker
    member     at once, unless they had as many in the last minute or hour as the platform lets through

Small texts to the same person that may leave at the same moment leave as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from redprop_bot.notify import late, outdated, templates
from redprop_bot.notify.templates import BRIEF, JOINED
from redprop_bot.ports import Channel, Form
from redprop_bot.rules import budget, frequency
from redprop_bot.rules.budget import Road, Why, Window, Windows
from redprop_bot.rules.frequency import Limit
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import budgets, messages, outgoing
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx

ROUNDS: Final = 4
"""So often a claim looks again after some of what it took had to wait."""
TEXT_BYTES: Final = 2000
"""Text messages of both platforms take 2 048 bytes; some are left for what the sender may add."""

_RANKS: Final = list(Rank)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What may be sent now, and whether there may be more that is due."""

    messages: list[Outbox]
    more: bool


def claim(tx: Tx, *, owner: str, lease: timedelta, limit: int, channels: Sequence[str]) -> Claimed:
    """Take messages that are due and choose their roads; those without one wait, visibly."""
    ready: list[Outbox] = []
    for _ in range(ROUNDS):
        taken = messages.claim(tx, owner=owner, lease=lease, limit=limit - len(ready), channels=channels)
        if not taken:
            return Claimed(ready, more=False)
        due = outdated.still_so(tx, taken)
        residents = [message for message in due if message.channel == Channel.OA]
        members = [message for message in due if message.channel == Channel.WORK]
        if members:
            ready += _to_members(tx, members)
        if residents:
            ready += _to_residents(tx, residents)
        if len(ready) >= limit:
            break
    return Claimed(sorted(ready, key=lambda message: message.id or 0), more=True)


# -- several in one


def _together(tx: Tx, channel: Channel, leads: list[Outbox]) -> list[Outbox]:
    """Small texts that stand directly behind a small text of the same receiver go with it."""
    joining = {lead.receiver: lead for lead in leads if _small(lead)}
    if not joining:
        return leads
    behind: dict[str, list[Outbox]] = {}
    for message in outdated.still_so(tx, outgoing.queued(tx, channel.value, joining)):
        behind.setdefault(message.receiver, []).append(message)
    return [
        _joined(tx, lead, behind[lead.receiver]) if _small(lead) and lead.receiver in behind else lead
        for lead in leads
    ]


def _small(message: Outbox) -> bool:
    return message.form == Form.TEXT and message.weight == Weight.PLAIN


def _joined(tx: Tx, lead: Outbox, behind: Sequence[Outbox]) -> Outbox:
    fitting = [lead]
    for message in behind:
        if not _small(message):
            break  # nothing overtakes it
        fitting.append(message)
    # of several days: each with days that stay true, since together they have one
    whole = any(late.is_late(tx.content, message, tx.now) for message in fitting)
    texts = [
        late.words_now(
            tx.content, message, str(message.payload.get(JOINED) or message.payload["text"]), tx.now, whole=whole
        )
        for message in fitting
    ]
    number = budget.together(texts, TEXT_BYTES)
    if number == 1:
        return lead
    rank = max((m.rank for m in fitting[:number]), key=lambda r: _RANKS.index(Rank(r)))
    briefs = [m.payload[BRIEF] for m in fitting[:number] if BRIEF in m.payload and m.rank == rank]
    payload = templates.carrying(lead.payload, "\n\n".join(texts[:number]), briefs[-1] if briefs else None)
    return outgoing.merge(tx, lead, payload, rank, fitting[1:number])


# -- members


def _to_members(tx: Tx, taken: list[Outbox]) -> list[Outbox]:
    later = _too_soon(tx, taken)
    outgoing.not_yet(tx, [(key, at, outgoing.CROWDED) for key, at in later.items()])
    going = [m for m in taken if m.id not in later] if later else taken
    going = _together(tx, Channel.WORK, going)
    outgoing.take_roads(tx, [(cast("int", m.id), Road.APP.value, None) for m in going])
    return [_on(m, Road.APP, None) for m in going]


def _too_soon(tx: Tx, taken: list[Outbox]) -> dict[int, datetime]:
    """What a member may not have yet, and when; the last places of a minute are for what is pressing."""
    member = tx.content.roads.member
    calm = max(member.per_minute - member.kept, 1)
    counted = {m.receiver for m in taken if m.form != Form.CARD_UPDATE}
    full = budgets.crowded(tx, counted, per_minute=calm, per_hour=member.per_hour) if counted else {}
    later: dict[int, datetime] = {}
    for message in taken:
        if message.receiver in full and message.form != Form.CARD_UPDATE:
            most = member.per_minute if message.weight == Weight.PRESSING else calm
            limits = (Limit(most, timedelta(minutes=1)), Limit(member.per_hour, timedelta(hours=1)))
            free = frequency.free_at(limits, full[message.receiver], tx.now)
            if free > tx.now:
                later[cast("int", message.id)] = free
    return later


# -- residents


def _to_residents(tx: Tx, taken: list[Outbox]) -> list[Outbox]:
    taken = _together(tx, Channel.OA, taken)
    shut = closed(tx)
    known = budgets.windows(tx, {m.receiver for m in taken})
    changed: dict[str, Windows] = {}
    going: list[Outbox] = []
    waiting: list[tuple[Outbox, str]] = []
    for message in taken:
        spent = _spend(tx, message, known.get(message.receiver, Windows()), shut)
        if not isinstance(spent, Why):
            changed[message.receiver], window = spent
            going.append(_on(message, Road.CUSTOM, window))
        elif (road := _other(tx, message, shut)) is not None:
            going.append(_on(message, road, None))
        else:
            waiting.append((message, spent.value))
    budgets.keep(tx, changed)
    outgoing.take_roads(tx, [(cast("int", m.id), str(m.road), m.spent) for m in going])
    _wait(tx, waiting)
    return going


def closed(tx: Tx) -> set[str]:
    """The roads to residents that nobody may take now."""
    account = tx.content.roads.account
    if account == "subscription":
        return {Road.CUSTOM.value, Road.TEMPLATE.value}
    return budgets.closed_roads(tx)


def _spend(tx: Tx, message: Outbox, windows: Windows, shut: set[str]) -> tuple[Windows, Window] | Why:
    if Road.CUSTOM.value in shut or Road.CUSTOM.value in refused_by(message):
        return Why.CLOSED
    return budget.spend(windows, tx.content.roads.terms, tx.now, closing=message.rank == Rank.CLOSING)


def _other(tx: Tx, message: Outbox, shut: set[str]) -> Road | None:
    no = shut | refused_by(message)
    notice = templates.sayable(tx.content, "subscription", message, tx.now)
    template = templates.sayable(tx.content, "template", message, tx.now)
    granted = notice is not None and bool(budgets.granted(tx, [message.receiver], notice.template_id))
    for road in budget.others(message.rank, granted=granted, template=template is not None, closed=no):
        if road != Road.SUBSCRIPTION or (
            notice is not None
            and budgets.use_grant(tx, message.receiver, notice.template_id, cast("int", message.id))
        ):
            return road
    return None


def refused_by(message: Outbox) -> set[str]:
    """The roads that have said no to this message for good."""
    return set(message.refused.split(",")) - {""}


def also_refused(message: Outbox, road: str) -> str:
    """The same with one more, as it stands on the row."""
    return ",".join(sorted({*refused_by(message), road}))


def _wait(tx: Tx, waiting: Sequence[tuple[Outbox, str]]) -> None:
    outgoing.wait(tx, [(cast("int", message.id), reason) for message, reason in waiting])
    for message, _reason in waiting:
        if message.rank != Rank.SMALL:
            plan_call(tx, message, tx.now + timedelta(hours=tx.content.roads.phone_hours))


def plan_call(tx: Tx, message: Outbox, at: Any) -> None:
    """Somebody calls then, unless the message has reached them by another road before."""
    assert message.id is not None
    messages.plan(tx, f"phone:{message.id}", "phone", at, subject_id=message.id)


def _on(message: Outbox, road: Road, window: Window | None) -> Outbox:
    row: Any = message
    return cast("Outbox", row._replace(road=road.value, spent=window.value if window else None))
