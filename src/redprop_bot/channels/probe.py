"""Looking at the outside as the platforms do: does our callback answer its verification, what time is it there.

For `doctor` only: nothing here is part of a message's way. No token is used, no address stands in an error.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from redprop_bot.channels.crypto import Cipher, sign
from redprop_bot.settings import OfficialAccountSettings, WorkSettings

_TIMEOUT: Final = aiohttp.ClientTimeout(total=5, connect=3)  # the platforms wait no longer
_LONGEST: Final = 4096

Why = Literal["ok", "dns", "refused", "timeout", "tls", "redirect", "status", "other_answer"]


@dataclass(frozen=True, slots=True)
class Verified:
    """How our callback took its verification; `status` of the answer when there was one."""

    why: Why
    status: int | None = None


async def verify(
    session: aiohttp.ClientSession, url: str, account: OfficialAccountSettings | WorkSettings, now: datetime
) -> Verified:
    """Ask the callback at this address with a signed echostr, as the platform does when it is saved."""
    query, expected = _question(account, str(int(now.timestamp())))
    # encoded=True: the signature is over the characters as they are sent
    address = URL(f"{url}?{urlencode(query)}", encoded=True)
    try:
        async with session.get(address, timeout=_TIMEOUT, allow_redirects=False) as response:
            body = await response.content.read(_LONGEST)
            status = response.status
    except aiohttp.ClientConnectorDNSError:
        return Verified("dns")
    except aiohttp.ClientSSLError:
        return Verified("tls")
    except TimeoutError:
        return Verified("timeout")
    except (aiohttp.ClientError, OSError, ValueError):
        return Verified("refused")
    if 300 <= status < 400:
        return Verified("redirect", status)
    if status != 200:
        return Verified("status", status)
    return Verified("ok" if body == expected.encode() else "other_answer", status)


def _question(account: OfficialAccountSettings | WorkSettings, stamp: str) -> tuple[dict[str, str], str]:
    nonce, echo, token = secrets.token_hex(8), str(secrets.randbelow(10**18)), account.token.get_secret_value()
    if isinstance(account, OfficialAccountSettings):
        signature = sign(token, stamp, nonce)
        return {"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": echo}, echo
    sealed = Cipher(account.aes_key.get_secret_value(), account.corp_id).encrypt(echo.encode())
    signature = sign(token, stamp, nonce, sealed)
    return {"msg_signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": sealed}, echo


async def time_there(session: aiohttp.ClientSession, origin: str) -> datetime | None:
    """The moment that a platform's answer carries, in UTC; None when it does not answer or says none."""
    try:
        async with session.get(origin, timeout=_TIMEOUT, allow_redirects=False) as response:
            said = response.headers.get("Date", "")
        moment = parsedate_to_datetime(said)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
