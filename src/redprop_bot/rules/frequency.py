"""How often the platforms let us speak, as counts over windows: pure arithmetic, nobody's memory.

WeCom drops what is above its limits without a word (errcode 0, nothing shown), so the count is kept on our side.
The counts come from whoever remembers what was sent: the outbox for members, a robot's own list for its group.

    room(MEMBER, [sent in the last minute, sent in the last hour])   how many more may leave now
    free_at(MEMBER, moments, now)                                    when the next one may
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within any `span`."""

    most: int
    span: timedelta


MEMBER: Final = (Limit(30, timedelta(minutes=1)), Limit(1000, timedelta(hours=1)))
"""Messages of one WeCom application to one member; updates of cards are not messages."""

ROBOT: Final = (Limit(20, timedelta(minutes=1)),)
"""Messages of one robot to its group."""


def room(limits: Sequence[Limit], counts: Sequence[int]) -> int:
    """How many more may leave now; `counts[n]` are those sent within the span of `limits[n]`, never negative."""
    return max(0, min(limit.most - count for limit, count in zip(limits, counts, strict=True)))


def free_at(limits: Sequence[Limit], sent: Sequence[datetime], now: datetime) -> datetime:
    """The first moment from now on at which one more may leave, after those sent at these moments (any order)."""
    ordered, at = sorted(sent), now
    for limit in limits:
        if len(ordered) >= limit.most:
            at = max(at, ordered[-limit.most] + limit.span)
    return at


def longest(limits: Sequence[Limit]) -> timedelta:
    """How far back what was sent still counts."""
    return max(limit.span for limit in limits)
