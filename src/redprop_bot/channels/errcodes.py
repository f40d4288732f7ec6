"""What the platforms' error codes ask us to do; every code not listed is a refusal for good.

Sources: the global return codes of both platforms. Nothing here talks to a network.
"""

import re

from redprop_bot.errors import CredentialError, PlatformBusy, PlatformError, PlatformRefused

STALE_TOKEN = frozenset({40001, 40014, 42001})  # both platforms: fetch a token once more, then give up

_BUSY = frozenset({-1, 45009, 45011, 45033})
_CREDENTIAL = STALE_TOKEN | {
    40013, 40091, 40125,  # app id, corp secret, secret
    41001, 41002, 41004,  # missing token, id, secret
    40164, 60020,  # our address is not on the list of trusted ones
    89503, 89506, 89507,  # our address waits for an administrator
}  # fmt: skip

_RID = re.compile(r"rid: ?([0-9a-f-]{8,40})")
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f]+")
_MESSAGE_LIMIT = 200


def platform_error(api: str, errcode: int, errmsg: str, secrets: tuple[str, ...] = ()) -> PlatformError:
    """The typed error for an answer; secrets that the platform echoes are blotted out."""
    for secret in filter(None, secrets):
        errmsg = errmsg.replace(secret, "***")
    message = _UNSHOWABLE.sub(" ", errmsg)[:_MESSAGE_LIMIT]
    rid = _RID.search(message)
    return _kind(errcode)(api, errcode, message, rid.group(1) if rid else None)


def _kind(errcode: int) -> type[PlatformError]:
    if errcode in _BUSY:
        return PlatformBusy
    return CredentialError if errcode in _CREDENTIAL else PlatformRefused
