"""A form whose seat was over, laid by in a sealed cookie while somebody signs in by WeCom, or in the demo.

The page of the password carries it in its own form. What is too long for a cookie is not laid by.
"""

import base64
import binascii
import hmac
import json
import zlib
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.web.sessions import is_https, seal

PATH: Final = "/console/kept"
COOKIE: Final = "redprop_kept"
LIFE: Final = 600  # seconds
_LONGEST: Final = 3500
_UNPACKED: Final = 64 * 1024


def packed(secret: bytes, address: str, fields: Mapping[str, Any]) -> str:
    """A form with its address as the value of a cookie; empty where it is too long for one."""
    data = json.dumps([address, fields], ensure_ascii=False).encode()
    words = base64.urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip("=")
    return f"{words}.{seal(secret, 'console kept', words)}" if len(words) < _LONGEST else ""


def found(secret: bytes, value: str) -> tuple[str, dict[str, Any]] | None:
    """The address and the fields of a cookie; None for every cookie that is not ours."""
    words, _, mac = value.rpartition(".")
    if not words or not hmac.compare_digest(mac.encode(), seal(secret, "console kept", words).encode()):
        return None
    try:
        data = zlib.decompressobj().decompress(
            base64.urlsafe_b64decode(words + "=" * (-len(words) % 4)), _UNPACKED
        )
        address, fields = json.loads(data)
    except (ValueError, zlib.error, binascii.Error):  # cut by its bound
        return None
    return str(address), fields_of(fields)


def fields_of(given: Any) -> dict[str, Any]:
    """The fields of a form out of what came back; whatever is none is left out."""
    if not isinstance(given, dict):
        return {}
    return {
        name: value
        for name, value in given.items()
        if isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    }


def give(response: web.StreamResponse, office: Office, value: str) -> None:
    """Lay it by in the browser."""
    response.set_cookie(
        COOKIE, value, max_age=LIFE, path="/console", httponly=True, secure=is_https(office), samesite="Lax"
    )


def forget(response: web.StreamResponse, office: Office) -> None:
    """It was shown."""
    response.del_cookie(COOKIE, path="/console", httponly=True, secure=is_https(office), samesite="Lax")
