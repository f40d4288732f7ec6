"""One thing said: a stretch of a message and what it means."""

from dataclasses import dataclass

from redprop_bot.understand.judge import Verdict


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters `start` up to `end`; an address told before `head` (a visit, a list's opening) holds for it."""

    start: int
    end: int
    verdict: Verdict
    head: int = 0
