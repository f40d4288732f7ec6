"""HTTP calls to a platform, without and with a token: all that can go wrong becomes a PlatformError.

An access token travels in the URL, and aiohttp's exceptions carry URLs: none of them leaves this module,
nothing is logged, and no error is chained. Which APIs exist and what they are sent stands elsewhere in the room.

    what happened                                tried again here
    errcode -1: the platform says "not done"     always, a few times, with growing pauses
    no answer, a cut one, 5xx, HTML              only what does no harm twice: GETs and tokens; never a send
    45009, 45011                                 not before the quota resets, by nobody
    40001, 40014, 42001                          once, with a fresh token
"""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from yarl import URL

from redprop_bot.channels.errcodes import STALE_TOKEN, SYSTEM_BUSY, platform_error
from redprop_bot.channels.patience import Patience, Stops
from redprop_bot.channels.tokens import TokenManager
from redprop_bot.errors import (
    ContentRefused,
    CredentialError,
    PlatformAway,
    PlatformBusy,
    PlatformLimited,
    PlatformRefused,
)

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
MEDIA_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=3, sock_read=10)
_ANSWER_LIMIT = 1024 * 1024
_MEDIA_LIMIT = 20 * 1024 * 1024  # twice the largest picture or video the platforms take
_VIDEO_HOSTS = (".qpic.cn", ".qq.com")  # where the platform keeps videos it names by address

Answer = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, voice or video as the platform has it; the content type is the platform's word, unproven."""

    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class File:
    """What is uploaded: a name with its ending, a content type, the bytes."""

    name: str
    content_type: str
    data: bytes


class Wire:
    """Calls to one origin through the process's session.

    An `api` is a path below `/cgi-bin/`, or from the root where it begins with a slash. Give all wires of one
    account the same `stops`.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        origin: str,
        timeout: aiohttp.ClientTimeout | None = None,
        *,
        patience: Patience | None = None,
        stops: Stops | None = None,
    ) -> None:
        self._session, self._origin, self._timeout = session, origin, timeout or TIMEOUT
        self._patience, self._stops = patience or Patience(), stops

    async def post(
        self, api: str, payload: Mapping[str, Any], *, secrets: tuple[str, ...], again: bool = False, **query: str
    ) -> Answer:
        """POST JSON in unescaped UTF-8; the answer, with errcode 0 or absent; raises PlatformError.

        again: whether the call does no harm when it is made twice.
        """
        # \uXXXX escapes reach people's phones as they are: the platforms want the characters themselves.
        data = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json"}

        async def once() -> Answer:
            status, _, body = await self._call("POST", api, query, data=data, headers=headers)
            return _checked(api, status, body, secrets)

        return await self._patiently(api, once, again=again)

    async def get(self, api: str, *, secrets: tuple[str, ...], again: bool = True, **query: str) -> Answer:
        """GET; the answer, with errcode 0 or absent; raises PlatformError. again: False for what is used up."""

        async def once() -> Answer:
            status, _, body = await self._call("GET", api, query)
            return _checked(api, status, body, secrets)

        return await self._patiently(api, once, again=again)

    async def upload(self, api: str, file: File, *, secrets: tuple[str, ...], **query: str) -> Answer:
        """POST a file as the form field `media`; the answer as of `post`; raises PlatformError."""

        async def once() -> Answer:
            form = aiohttp.FormData(quote_fields=False)  # a new one each time: it is used up by sending
            whole = io.BytesIO(file.data)  # sent in pieces: a large one at once would hold up the loop
            form.add_field("media", whole, filename=file.name, content_type=file.content_type)
            status, _, body = await self._call("POST", api, query, timeout=MEDIA_TIMEOUT, data=form)
            return _checked(api, status, body, secrets)

        return await self._patiently(api, once, again=True)

    async def download(self, api: str, *, secrets: tuple[str, ...], **query: str) -> Media:
        """GET bytes; a refusal comes as JSON in their place, as does a video's address; raises PlatformError."""

        async def once() -> Media:
            status, content_type, body = await self._bytes(api, query)
            if status == 200 and body[:64].lstrip()[:1] not in {b"", b"{", b"[", b"<"}:
                return Media(content_type, body)
            video = _checked(api, status, body, secrets).get("video_url")
            if not isinstance(video, str) or not self._trusted(video):
                raise PlatformRefused(api, None, "JSON instead of bytes")
            status, content_type, body = await self._bytes(api, {}, video)
            if status != 200 or body[:64].lstrip()[:1] in {b"", b"<"}:
                raise PlatformBusy(api, None, f"HTTP {status} for the video")
            return Media(content_type, body)

        return await self._patiently(api, once, again=True)

    async def _bytes(self, api: str, query: Mapping[str, str], address: str = "") -> tuple[int, str, bytes]:
        return await self._call("GET", api, query, limit=_MEDIA_LIMIT, timeout=MEDIA_TIMEOUT, address=address)

    def _trusted(self, address: str) -> bool:
        """Whether an address out of an answer is the platform's own: nothing else is visited."""
        try:
            url = URL(address)
        except ValueError:
            return False
        if not url.is_absolute() or url.scheme not in {"http", "https"}:
            return False
        return url.origin() == URL(self._origin).origin() or (
            url.is_default_port() and (url.host or "").endswith(_VIDEO_HOSTS)
        )

    async def _patiently(self, api: str, once: Callable[[], Awaitable[T]], *, again: bool) -> T:
        began = asyncio.get_running_loop().time()
        for tried in range(len(self._patience.pauses) + 1):
            if self._stops:
                await self._stops.check(api)
            try:
                return await once()
            except PlatformLimited as error:
                error.until = await self._stops.stop(api, error.errcode) if self._stops else None
                raise
            except PlatformBusy as error:
                if not (again or error.errcode == SYSTEM_BUSY) or not await self._patience.pause(tried, began):
                    raise
        raise PlatformBusy(api)  # pragma: no cover - the last try above returns or raises

    async def _call(
        self,
        method: str,
        api: str,
        query: Mapping[str, str],
        *,
        limit: int = _ANSWER_LIMIT,
        timeout: aiohttp.ClientTimeout | None = None,  # noqa: ASYNC109 - aiohttp's own, for its parts
        address: str = "",
        **options: Any,
    ) -> tuple[int, str, bytes]:
        address = address or self._origin + (api if api.startswith("/") else f"/cgi-bin/{api}")
        try:
            async with self._session.request(
                method,
                address,
                params=query,
                timeout=timeout or self._timeout,
                allow_redirects=False,
                **options,
            ) as response:
                return response.status, response.content_type, await _bounded(response, limit)
        except OverflowError:  # asking again would bring the same
            raise ContentRefused(api, None, f"answer of more than {limit} bytes") from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise PlatformAway(api, None, f"no connection: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise PlatformBusy(api, None, f"no answer: {type(error).__name__}") from None


class TokenClient:
    """Calls that need an access token; one that turns out stale is renewed once."""

    def __init__(self, wire: Wire, tokens: TokenManager, secret: str) -> None:
        self._wire, self._tokens, self._secret = wire, tokens, secret

    async def post(self, api: str, payload: Mapping[str, Any], *, again: bool = False, **query: str) -> Answer:
        """POST with the token; raises PlatformError. again: whether it does no harm when it is made twice."""

        async def call(token: str) -> Answer:
            known = (self._secret, token)
            return await self._wire.post(api, payload, secrets=known, again=again, access_token=token, **query)

        return await self._with_token(call)

    async def get(self, api: str, *, again: bool = True, **query: str) -> Answer:
        """GET with the token; raises PlatformError."""

        async def call(token: str) -> Answer:
            known = (self._secret, token)
            return await self._wire.get(api, secrets=known, again=again, access_token=token, **query)

        return await self._with_token(call)

    async def upload(self, api: str, file: File, **query: str) -> Answer:
        """POST a file with the token; raises PlatformError."""

        async def call(token: str) -> Answer:
            return await self._wire.upload(api, file, secrets=(self._secret, token), access_token=token, **query)

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


def token_in(api: str, answer: Answer, field: str = "access_token") -> tuple[str, int]:
    """Token and lifetime out of an answer; PlatformBusy when it has none, as a gateway's answer may."""
    token, seconds = answer.get(field), answer.get("expires_in")
    if not isinstance(token, str) or not token or isinstance(seconds, bool) or not isinstance(seconds, int):
        raise PlatformBusy(api, None, "answer without a token")
    return token, max(seconds, 0)


def text_in(api: str, answer: Answer, field: str) -> str:
    """A text or number of an answer, as text; PlatformBusy when it is not there: somebody else answered."""
    value = answer.get(field)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise PlatformBusy(api, None, f"answer without {field}")
    return str(value)


async def _bounded(response: aiohttp.ClientResponse, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > limit:
            raise OverflowError
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
