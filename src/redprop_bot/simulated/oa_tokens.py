"""The Official Account's two kinds of access token, which know nothing of each other.

stable  the same one until five minutes before its end; by force another, at most 20 a day and 30 s apart
minted  another at every call; the one before lives for five minutes more
"""

import secrets
from datetime import datetime, timedelta

from redprop_bot.simulated.server import OVERLAP_SECONDS, TOKEN_SECONDS, Tokens

FORCED_A_DAY = 20
FORCED_APART = timedelta(seconds=30)


class StableTokens(Tokens):
    """The tokens of `stable_token`."""

    def force(self) -> tuple[str, int]:
        """A new one, and the old one dies at once; the old one again where force is used too often."""
        now = self._clock.now()
        today = [at for at in self._forced if now - at < timedelta(days=1)]
        if not (len(today) >= FORCED_A_DAY or (today and now - today[-1] < FORCED_APART)):
            self._forced = [*today, now]
            self._ends.pop(self._current, None)
            self._current = ""
        return self.issue()

    _forced: "list[datetime] | tuple[()]" = ()


class MintedTokens(Tokens):
    """The tokens of `token`."""

    def issue(self) -> tuple[str, int]:
        """Always a new one."""
        self.fetches += 1
        now = self._clock.now()
        if self._current in self._ends:
            self._ends[self._current] = min(self._ends[self._current], now + timedelta(seconds=OVERLAP_SECONDS))
        self._current = secrets.token_urlsafe(100)
        self._ends[self._current] = now + timedelta(seconds=TOKEN_SECONDS)
        return self._current, TOKEN_SECONDS
