"""Pages of a collection: `limit`, an opaque `cursor`, and the answer `{"items": […], "next": CURSOR | null}`.

Collections are newest first; a cursor holds the key of the last item shown: what is added meanwhile moves nothing.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.errors import Invalid
from redprop_bot.web.api.calls import Call, Reply

USUAL: Final = 50
MOST: Final = 200
QUERY: Final = {"limit": f"1–{MOST}, {USUAL} when left out", "cursor": "`next` of the page before"}


def limit(call: Call) -> int:
    """How many items a page may have."""
    text = call.query.get("limit")
    if text is None:
        return USUAL
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST:
        raise Invalid("bad_limit", field="limit")
    return int(text)


def before(call: Call, name: str) -> int | None:
    """The key after which the page begins; `name` is the collection, so that a cursor fits only its own."""
    text = call.query.get("cursor")
    if text is None:
        return None
    try:
        plain = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        raise Invalid("bad_cursor", field="cursor") from None
    collection, _, key = plain.partition(":")
    if collection != name or not re.fullmatch(r"[0-9]{1,15}", key) or cursor(name, int(key)) != text:
        raise Invalid("bad_cursor", field="cursor")
    return int(key)


def cursor(name: str, key: int) -> str:
    """The cursor of a key."""
    return base64.urlsafe_b64encode(f"{name}:{key}".encode()).decode().rstrip("=")


def page(name: str, size: int, rows: Sequence[Any], items: Sequence[Any]) -> Reply:
    """A page; `rows` is what was found, one more than `size` at most; `items` what is shown of them."""
    more = len(rows) > size
    return Reply({"items": list(items), "next": cursor(name, rows[size - 1].id) if more else None})
