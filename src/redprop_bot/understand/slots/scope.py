"""Which address of a message holds for one of several acts: its own, completed from above, or the nearest."""

import re
from collections.abc import Mapping, Sequence

from redprop_bot.understand.slots.span import Span

POINTS = re.compile(r"(?:这里|这儿|这边|这块|此处|这地方|那里|那儿)")  # of the place told before
_LEVELS = ("building", "unit", "room")
_CLOSES = 3  # characters behind an address that ends a message


def completed(own: Mapping[str, str | int], spans: Sequence[Span], start: int) -> dict[str, str | int]:
    """二单元 said after 三栋 is of that building: what stands above comes from before, else from behind."""
    first = min(_LEVELS.index(name) for name in own if name in _LEVELS)
    out = dict(own)
    before = [span for span in reversed(spans) if span.start < start]
    for name in reversed(_LEVELS[:first]):
        for span in [*before, *(span for span in spans if span.start >= start)]:
            if name in span.slots:
                out.setdefault(name, span.slots[name])
                break
    return out


def closing(spans: Sequence[Span], text: str) -> list[Span]:
    """An address that ends the message holds for all of it."""
    return [span for span in spans if span.end >= len(text) - _CLOSES]


def around(spans: Sequence[Span], start: int, head: int, *, behind: bool) -> list[Span]:
    """For an act that names none: the addresses of its head, the last before it or, if allowed, the next."""
    opening = [span for span in spans if span.start < head]
    if opening:
        return opening
    before = [span for span in spans if span.start < start]
    if not before:
        return list(spans[:1]) if behind else []
    for at in range(len(before) - 1, -1, -1):
        if "building" in before[at].slots:
            return before[at:]
    return before


def moved_on(estates: Sequence[Span], start: int, end: int) -> bool:
    """Whether another estate is named than before: 桂花园2栋电梯不动了，翠竹苑门口井盖翘了 is of no building 2."""
    before = [span.slots for span in estates if span.start < start]
    return bool(before) and any(start <= span.start < end and span.slots != before[-1] for span in estates)
