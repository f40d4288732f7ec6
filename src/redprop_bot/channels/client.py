"""One HTTP call to a platform, without and with a token: all that can go wrong becomes a PlatformError.

An access token travels in the URL, and aiohttp's exceptions carry URLs: none of them leaves this module,
nothing is logged, and no error is chained. Which APIs exist and what they are sent stands in `senders`.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp

from redprop_bot.channels.errcodes import STALE_TOKEN, platform_error
from redprop_bot.channels.tokens import TokenManager
from redprop_bot.errors import CredentialError, PlatformBusy, PlatformRefused

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
_ANSWER_LIMIT = 1024 * 1024
_MEDIA_LIMIT = 20 * 1024 * 1024  # twice the largest picture or video the platforms take

Answer = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, voice or video as the platform has it; the content type is the platform's word, unproven."""

    content_type: str
    data: bytes


class Wire:
    """Calls to one origin through the process's session."""

    def __init__(
        self, session: aiohttp.ClientSession, origin: str, timeout: aiohttp.ClientTimeout = TIMEOUT
    ) -> None:
        self._session, self._origin, self._timeout = session, origin, timeout

    async def post(
        self, api: str, payload: Mapping[str, Any], *, secrets: tuple[str, ...], **query: str
    ) -> Answer:
        """POST JSON in unescaped UTF-8; the answer, with errcode 0 or absent; raises PlatformError."""
        # \uXXXX escapes reach people's phones as they are: the platforms want the characters themselves.
        data = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json"}
        status, _, body = await self._call("POST", api, query, _ANSWER_LIMIT, data=data, headers=headers)
        return _checked(api, status, body, secrets)

    async def get(self, api: str, *, secrets: tuple[str, ...], **query: str) -> Answer:
        """GET; the answer, with errcode 0 or absent; raises PlatformError."""
        status, _, body = await self._call("GET", api, query, _ANSWER_LIMIT)
        return _checked(api, status, body, secrets)

    async def download(self, api: str, *, secrets: tuple[str, ...], **query: str) -> Media:
        """GET bytes; a refusal comes as JSON in their place; raises PlatformError."""
        status, content_type, body = await self._call("GET", api, query, _MEDIA_LIMIT)
        if status != 200 or body[:1] in {b"", b"{"}:
            _checked(api, status, body, secrets)
            raise PlatformRefused(api, None, "JSON instead of bytes")
        return Media(content_type, body)

    async def _call(
        self, method: str, api: str, query: Mapping[str, str], limit: int, **options: Any
    ) -> tuple[int, str, bytes]:
        try:
            async with self._session.request(
                method,
                f"{self._origin}/cgi-bin/{api}",
                params=query,
                timeout=self._timeout,
                allow_redirects=False,
                **options,
            ) as response:
                return response.status, response.content_type, await _bounded(response, limit)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise PlatformBusy(api, None, f"no answer: {type(error).__name__}") from None


class TokenClient:
    """Calls that need an access token; one that turns out stale is renewed once."""

    def __init__(self, wire: Wire, tokens: TokenManager, secret: str) -> None:
        self._wire, self._tokens, self._secret = wire, tokens, secret

    async def post(self, api: str, payload: Mapping[str, Any]) -> Answer:
        """POST with the token; raises PlatformError."""

        async def call(token: str) -> Answer:
            return await self._wire.post(api, payload, secrets=(self._secret, token), access_token=token)

        return await self._with_token(call)

    async def download(self, api: str, **query: str) -> Media:
        """GET bytes with the token; raises PlatformError."""

        async def call(token: str) -> Media:
            return await self._wire.download(api, secrets=(self._secret, token), access_token=token, **query)

        return await self._with_token(call)

    async def _with_token(self, call: Callable[[str], Awaitable[T]]) -> T:
        token = await self._tokens.token()
        try:
            return await call(token)
        except CredentialError as error:
            if error.errcode not in STALE_TOKEN:
                raise
        return await call(await self._tokens.renew(token))


def token_in(api: str, answer: Answer) -> tuple[str, int]:
    """Token and lifetime out of an answer; PlatformBusy when it has none, as a gateway's answer may."""
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or isinstance(seconds, bool) or not isinstance(seconds, int):
        raise PlatformBusy(api, None, "answer without a token")
    return token, max(seconds, 0)


async def _bounded(response: aiohttp.ClientResponse, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > limit:
            raise ValueError
    return bytes(body)


def _checked(api: str, status: int, body: bytes, secrets: tuple[str, ...]) -> Answer:
    # The content type is not looked at: JSON has come as text/plain, and HTML as a gateway's excuse.
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if status >= 500 or not isinstance(answer, dict):
        raise PlatformBusy(api, None, f"HTTP {status}, unreadable answer")
    errcode = _errcode(api, answer.get("errcode", 0))
    if errcode:
        raise platform_error(api, errcode, str(answer.get("errmsg", "")), secrets)
    if status != 200:  # the platforms answer 200 to everything: this was somebody in between
        raise PlatformBusy(api, None, f"HTTP {status}")
    return answer


def _errcode(api: str, value: object) -> int:
    if isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").isdecimal()):
        return int(value)
    raise PlatformBusy(api, None, "errcode is not a number")
