"""What the platforms' error codes ask us to do; every code not listed is a refusal for good.

Sources: the global return codes of both platforms. Nothing here talks to a network.
"""

import re
from collections.abc import Mapping

from redprop_bot.errors import (
    AddressRefused,
    ContentRefused,
    CredentialError,
    NotEntitled,
    NotGranted,
    PlatformBusy,
    PlatformError,
    PlatformLimited,
    PlatformRefused,
    Unreachable,
    WindowClosed,
)

SYSTEM_BUSY = -1  # an answer: the platform says that it did not do it
STALE_TOKEN = frozenset({40001, 40014, 42001})  # both platforms: fetch a token once more, then give up
DAILY_QUOTA, MINUTE_QUOTA = 45009, 45011

_CODES: Mapping[type[PlatformError], frozenset[int]] = {
    PlatformBusy: frozenset({SYSTEM_BUSY, 45033}),
    PlatformLimited: frozenset({DAILY_QUOTA, MINUTE_QUOTA}),
    CredentialError: STALE_TOKEN
    | {
        40013, 40091, 40125,  # app id, corp secret, secret
        41001, 41002, 41004,  # missing token, id, secret
        93000,  # the key of a robot
    },
    AddressRefused: frozenset({40164, 60020, 89503, 89506, 89507}),
    WindowClosed: frozenset({45015, 45047, 45080}),
    NotGranted: frozenset({43101}),
    Unreachable: frozenset({40003, 43004, 43019, 48002, 50005, 60111, 81013}),
    ContentRefused: frozenset({
        44002, 44004, 45001, 45002, 45008, 47001, 47003,  # empty, too big, too long, too many, wrong keyword
        40016, 40018, 40023, 40025, 40033, 40058,  # menu count and names, escapes, a parameter out of its limits
    }),
    NotEntitled: frozenset({48001, 48004, 50001, 50002}),
}  # fmt: skip
_KINDS = {errcode: kind for kind, codes in _CODES.items() for errcode in codes}

_RID = re.compile(r"rid: ?([0-9a-f-]{8,40})")
_TOKEN_LIKE = re.compile(r"[A-Za-z0-9_-]{48,}")  # tokens, tickets, media ids: nobody needs them in a text
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f]+")
_MESSAGE_LIMIT = 200


def platform_error(api: str, errcode: int, errmsg: str, secrets: tuple[str, ...] = ()) -> PlatformError:
    """The typed error for an answer; secrets that the platform echoes are blotted out."""
    for secret in filter(None, secrets):
        errmsg = errmsg.replace(secret, "***")
    rid = _RID.search(errmsg)
    message = _UNSHOWABLE.sub(" ", _TOKEN_LIKE.sub("***", errmsg))[:_MESSAGE_LIMIT]
    return _KINDS.get(errcode, PlatformRefused)(api, errcode, message, rid.group(1) if rid else None)
