"""Counting how often somebody was written to, as the platforms do: so many within so long, then no more."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

from redprop_bot.ports import Clock


class Pace:
    """Limits of (count, seconds), per receiver; `off` lets everything pass."""

    def __init__(self, clock: Clock, *limits: tuple[int, int]) -> None:
        self.off = False
        self._clock = clock
        self._limits = [(count, timedelta(seconds=seconds)) for count, seconds in limits]
        self._taken: dict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=max(c for c, _ in limits)))

    def take(self, receiver: str) -> bool:
        """Count one more; False, and not counted, when a limit is reached."""
        now, taken = self._clock.now(), self._taken[receiver]
        full = any(sum(now - at < span for at in taken) >= count for count, span in self._limits)
        if full and not self.off:
            return False
        taken.append(now)
        return True
