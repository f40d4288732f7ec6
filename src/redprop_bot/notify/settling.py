"""What becomes of a message after an attempt.

arrived        sent, with the road
surely not     what was spent is given back; tried again with growing pauses for a day, or by another road
answer lost    what was spent stays spent: it may have arrived
for good not   dead, with the reason; the secretary is told once of a member who cannot be reached, and what
matters to a resident becomes a call
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from redprop_bot.errors import NotEntitled, PlatformAway, PlatformBusy, PlatformError, PlatformRefused
from redprop_bot.notify import roads
from redprop_bot.notify.unreachable import tell_of_unreachable
from redprop_bot.ports import Channel, Receipt
from redprop_bot.rules import budget
from redprop_bot.rules.budget import Road, Window, Windows
from redprop_bot.rules.telling import Rank
from redprop_bot.store import budgets, messages, outgoing
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx

LONGEST_PAUSE: Final = timedelta(minutes=30)
LIFETIME: Final = timedelta(hours=24)
UNABLE: Final = timedelta(hours=24)
"""So long nobody tries an API that the account does not have; it may have been certified by then."""

_NO_WINDOW, _USED_UP, _NO_API, _NO_CONSENT, _INVALID_USER = 45015, 45047, 48001, 43101, 81013
_DAY_IS_OVER = 45009
_MISSET: Final = frozenset({40056, 48002, 301002})
"""WeCom's word for a wrong agent id or secret: an operator sets that right, and no card is lost meanwhile."""
_TOKENS: Final = frozenset({"stable_token", "token", "gettoken"})
_BESIDE: Final = frozenset({Road.SUBSCRIPTION.value, Road.TEMPLATE.value})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt: a receipt or an error; `broken` is one of ours."""

    message: Outbox
    receipt: Receipt | None = None
    error: PlatformError | None = None
    broken: str = ""

    @property
    def reason(self) -> str:
        """The error in words for the row."""
        return str(self.error) if self.error is not None else self.broken

    @property
    def lost(self) -> bool:
        """Whether it may have arrived all the same: no answer to the sending itself."""
        if self.error is None:
            return True
        if not isinstance(self.error, PlatformBusy) or isinstance(self.error, PlatformAway):
            return False
        return self.error.errcode is None and self.error.api not in _TOKENS


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return min(timedelta(seconds=2.0 ** min(attempts, 12)), LONGEST_PAUSE)


def mark(tx: Tx, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of attempts."""
    arrived = [outcome for outcome in outcomes if outcome.receipt is not None]
    messages.mark_sent(tx, [outcome.message for outcome in arrived])
    for outcome in arrived:
        _arrived(tx, outcome.message, outcome.receipt or Receipt())
    for outcome in outcomes:
        if outcome.receipt is None:
            _failed(tx, outcome)


def _arrived(tx: Tx, message: Outbox, receipt: Receipt) -> None:
    assert message.id is not None
    if message.carries:
        outgoing.settle_followers(tx, message.id, "sent", message.road)
    if receipt.response_code and "task_id" in message.payload:
        messages.keep_response_code(tx, message.payload["task_id"], receipt.response_code)
    if receipt.msgid and message.channel == Channel.OA:
        outgoing.keep_msgid(tx, message.id, receipt.msgid)


def _failed(tx: Tx, outcome: Outcome) -> None:
    message, error = outcome.message, outcome.error
    if not outcome.lost and not _is_mine(tx, message):
        return  # the claim has passed to another, and so has what was spent
    if not outcome.lost:
        _give_back(tx, message, error.errcode if error else None)
    if error is not None and message.channel == Channel.OA and _turned(tx, message, error):
        return
    misset = error is not None and message.channel == Channel.WORK and error.errcode in _MISSET
    if (isinstance(error, PlatformRefused) and not misset) or tx.now - message.created_at > LIFETIME:
        _give_up(tx, message, outcome)
    else:
        messages.postpone(tx, message, tx.now + pause(message.attempts), outcome.reason)


def _is_mine(tx: Tx, message: Outbox) -> bool:
    assert message.id is not None
    row = tx.get(Outbox, message.id)
    return (row.state, row.claimed_by, row.attempts) == ("claimed", message.claimed_by, message.attempts)


def _give_back(tx: Tx, message: Outbox, errcode: int | None) -> None:
    """What was spent on a message that was surely not sent; and where our count was wrong, it is set right."""
    if message.road == Road.SUBSCRIPTION and message.id is not None and errcode != _NO_CONSENT:
        budgets.return_grant(tx, message.id)
    if message.road != Road.CUSTOM or message.spent is None:
        return
    known = budgets.windows(tx, [message.receiver]).get(message.receiver, Windows())
    if errcode in (_NO_WINDOW, _USED_UP):
        budgets.keep(tx, {message.receiver: Windows()})
    else:
        back = budget.given_back(known, tx.content.roads.terms, Window(message.spent))
        budgets.keep(tx, {message.receiver: back})


def _turned(tx: Tx, message: Outbox, error: PlatformError) -> bool:
    """Whether another road is to be chosen at once: this one is closed, to this person or to everybody."""
    road = message.road or Road.CUSTOM.value
    if isinstance(error, NotEntitled) or error.errcode in (_NO_API, _DAY_IS_OVER):
        until = getattr(error, "until", None)
        budgets.close_road(tx, road, until if isinstance(until, datetime) else tx.now + UNABLE, str(error))
        outgoing.other_road(tx, message, message.refused, str(error))
    elif road == Road.CUSTOM and error.errcode in (_NO_WINDOW, _USED_UP):
        outgoing.other_road(tx, message, message.refused, str(error))
    elif road in _BESIDE and isinstance(error, PlatformRefused):
        if error.errcode == _NO_CONSENT and road == Road.SUBSCRIPTION:
            notice = tx.content.templates.of("subscription", message.message)
            budgets.revoke(tx, message.receiver, notice.id if notice else "")
        outgoing.other_road(tx, message, roads.also_refused(message, road), str(error))
    else:
        return False
    tx.wakes = True
    return True


def _give_up(tx: Tx, message: Outbox, outcome: Outcome) -> None:
    messages.mark_dead(tx, message, outcome.reason)
    assert message.id is not None
    if message.carries:
        outgoing.settle_followers(tx, message.id, "dead", None)
    if message.channel == Channel.OA and message.rank != Rank.SMALL:
        roads.plan_call(tx, message, tx.now)
    if message.channel == Channel.WORK and outcome.error is not None and outcome.error.errcode == _INVALID_USER:
        tell_of_unreachable(tx, message)
