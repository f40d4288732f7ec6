"""The query string of a callback, read from its raw form and only from that.

Web frameworks decode `+` to a space, keep the last of two equal names or a list; signatures forgive none of
it. Nothing here knows tokens or bodies.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import unquote

from redprop_bot.errors import Malformed, Untrusted

WINDOW_SECONDS = 300  # the replay window on either side of our clock
_LIMIT = 8192
_NAMES = frozenset({"signature", "msg_signature", "timestamp", "nonce", "echostr", "encrypt_type", "openid"})
_TIMESTAMP = re.compile(r"[0-9]{10}")  # fixed width: the parts are signed without separators


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters the platforms send, each at most once; other names are not kept."""

    values: Mapping[str, str]

    @classmethod
    def parse(cls, raw: str | bytes) -> Self:
        """From the raw query string (aiohttp: `request.rel_url.raw_query_string`); `+` and `%2B` both are `+`."""
        if len(raw) > _LIMIT:
            raise Malformed
        values: dict[str, str] = {}
        try:
            text = raw.decode("ascii") if isinstance(raw, bytes) else raw
            text.encode()  # a lone surrogate is not text
            for part in text.removeprefix("?").split("&"):
                name, _, value = part.partition("=")
                name = unquote(name, errors="strict")
                if name in _NAMES:
                    if name in values:
                        raise Malformed
                    values[name] = unquote(value, errors="strict")
        except UnicodeError:
            raise Malformed from None
        return cls(values)

    def get(self, name: str) -> str:
        """The value, or an empty string."""
        return self.values.get(name, "")

    def need(self, name: str) -> str:
        """The value; Malformed when missing or empty."""
        value = self.get(name)
        if not value:
            raise Malformed
        return value

    def signature(self, name: str) -> str:
        """A signature; one that is missing is as good as a wrong one."""
        value = self.get(name)
        if not value:
            raise Untrusted
        return value

    def fresh_timestamp(self, now: datetime) -> str:
        """The timestamp as sent; Malformed unless ten digits, Untrusted outside the window."""
        stamp = self.need("timestamp")
        if not _TIMESTAMP.fullmatch(stamp):
            raise Malformed
        if abs(now.timestamp() - int(stamp)) > WINDOW_SECONDS:
            raise Untrusted
        return stamp
