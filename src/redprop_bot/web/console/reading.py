"""Reading a form of the console: bounded, text that both databases keep, and from our own pages only."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import Forbidden, Invalid
from redprop_bot.web.api.calls import clean
from redprop_bot.web.console.room import File
from redprop_bot.web.errors import HttpFault

FIELDS: Final = 2000
LONGEST: Final = 100_000  # characters of one field: a whole data file may be edited in one
MARK: Final = "_mark"
"""The field in which a form carries the mark of its seat."""

Form = dict[str, Any]
_BROKEN: Final = (ValueError, LookupError, AssertionError, HttpProcessingError)  # what aiohttp raises for no form


def from_our_pages(request: web.Request, office: Office) -> None:
    """Refuse what another site sends; browsers say where a form stood."""
    origin = request.headers.get("Origin")
    ours = {request.host.lower(), urlsplit(office.settings.address).netloc.lower()}
    if origin is not None and urlsplit(origin).netloc.lower() not in ours:
        raise Forbidden("foreign_page")
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        raise Forbidden("foreign_page")


async def form(request: web.Request, *, upload: int = 0) -> tuple[Form, dict[str, File]]:
    """Fields and files of a form; raises HttpFault or Invalid."""
    if upload and request.content_type == "multipart/form-data":
        return await _parts(request, upload)
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise HttpFault(415, "media_type")
    found: Form = {}
    for name, value in (await posted(request)).items():
        if isinstance(value, str):
            _take(found, name, value)
    return found, {}


async def posted(request: web.Request) -> Mapping[str, Any]:
    """What was posted; raises HttpFault for what is no form: a broken part, a strange charset."""
    try:
        return await request.post()
    except _BROKEN:
        raise HttpFault(400, "bad_form") from None


async def _parts(request: web.Request, most: int) -> tuple[Form, dict[str, File]]:
    found: Form = {}
    files: dict[str, File] = {}
    left = most
    if (request.content_length or 0) > most + LONGEST:
        raise HttpFault(413, "too_big")
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise HttpFault(400, "bad_form")
            data = await _bounded(part, left)
            left -= len(data)
            if part.filename is not None:
                if data or part.filename:
                    files[part.name] = File(part.filename[-200:], data)
            else:
                _take(found, part.name, data.decode("utf-8"))
    except _BROKEN:
        raise HttpFault(400, "bad_form") from None
    return found, files


async def _bounded(part: BodyPartReader, most: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        data += chunk
        if len(data) > most:
            raise HttpFault(413, "too_big")
    return bytes(data)


def _take(found: Form, name: str, value: str) -> None:
    value = value.replace("\r\n", "\n")
    if len(found) > FIELDS or not clean(name) or not clean(value):
        raise HttpFault(400, "bad_form")
    if len(value) > LONGEST:
        raise Invalid("too_long", field=name[:64], limit=LONGEST)
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]
    if isinstance(found[name], list) and len(found[name]) > FIELDS:
        raise HttpFault(400, "bad_form")


def kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """What of a form is kept while somebody signs in again."""
    return {name: value for name, value in given.items() if not name.startswith("_")}
