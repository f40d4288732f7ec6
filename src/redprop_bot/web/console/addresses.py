"""Addresses of the console: which are its own, and where a page stands that a form shows again. No HTTP here."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from redprop_bot.web.console.room import Room, Way

LOGIN: Final = "/console/login"
HOME: Final = "/console"


def sign_in(after: str) -> str:
    """Where to sign in to come back to a page."""
    return f"{LOGIN}?{urlencode({'next': local(after)})}"


def local(address: str) -> str:
    """A page of the console; whatever else was asked for becomes its first one."""
    fits = (
        len(address) <= 2000
        and (address == HOME or address.startswith((f"{HOME}/", f"{HOME}?")))
        and not any(sign in address for sign in ("\\", "//", "..", "\n", "\r", "\t"))
        and address.isprintable()
    )
    return address if fits and not address.startswith(LOGIN) else HOME


def query_of(given: Mapping[str, str]) -> dict[str, str]:
    """The query, as far as it is text; the last of several wins."""
    return {
        name: value
        for name, value in given.items()
        if len(value) <= 500 and len(name) <= 64 and "\0" not in value and value.isprintable()
    }


def stood_on(room: Room, way: Way, path: Mapping[str, str], given: Mapping[str, Any]) -> str:
    """The page that a form stood on, with its filters where the form says them (`after`).

    A form is sent to an address that shows nothing by itself: that one can neither be renewed nor come back to.
    """
    shape = next((one.path for one in room.ways if one.method == "GET" and one.handler is way.back), room.path)
    try:
        place = shape.format_map(path)
    except (KeyError, ValueError):
        place = room.path
    said = local(str(given.get("after", "")))
    return said if urlsplit(said).path == place else place


def asked_at(address: str) -> dict[str, str]:
    """The query of an address."""
    return query_of(dict(parse_qsl(urlsplit(address).query)))
