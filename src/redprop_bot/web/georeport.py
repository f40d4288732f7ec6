"""The two formats of Open311 GeoReport v2: JSON lists, and the XML that mirrors them. No demand is known here."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from aiohttp import web

from redprop_bot.web.errors import dumps

Format = Literal["json", "xml"]
Record = Mapping[str, Any]

_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def format_of(request: web.Request) -> Format:
    """By the suffix of the address, else by what is accepted, else JSON."""
    suffix = request.match_info.get("format")
    if suffix in ("json", "xml"):
        return "json" if suffix == "json" else "xml"
    accepted = request.headers.get("Accept", "")
    return "xml" if "xml" in accepted and "json" not in accepted else "json"


def answer(form: Format, roots: tuple[str, str], records: Sequence[Record], status: int = 200) -> web.Response:
    """A list of records; `roots` are the XML names of the list and of one record."""
    if form == "json":
        return web.Response(text=dumps(list(records)), status=status, content_type="application/json")
    outer, inner = roots
    body = "".join(f"<{inner}>{fields(record)}</{inner}>" for record in records)
    return xml(f"<{outer}>{body}</{outer}>", status)


def xml(body: str, status: int = 200) -> web.Response:
    """An XML answer."""
    return web.Response(text=_HEAD + body, status=status, content_type="text/xml", charset="utf-8")


def fields(record: Record) -> str:
    """The fields of a record as elements; what is not there is an empty element."""
    return "".join(_element(name, value) for name, value in record.items())


def _element(name: str, value: Any) -> str:
    if value is None or value == "":
        return f"<{name}/>"
    if isinstance(value, bool):
        return f"<{name}>{str(value).lower()}</{name}>"
    return f"<{name}>{escape(_CONTROL.sub('', str(value)))}</{name}>"


def fault(form: Format, status: int, description: str) -> web.Response:
    """An error in the form of the standard."""
    return answer(form, ("errors", "error"), [{"code": status, "description": description}], status)
