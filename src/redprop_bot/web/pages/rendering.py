"""Turning a template and values into an answer: autoescaped, with static addresses that change with their content.

Templates hold words and layout; what may be shown to whom is decided before they are called.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

WEB: Final = Path(__file__).resolve().parents[1]
STATIC: Final = WEB / "static"
TYPE: Final = "redprop_type"
LARGE: Final = "large"
"""The cookie that remembers large type, and its value."""
_LONGEST: Final = 500


@cache
def environment() -> Environment:
    """The templates; everything put into them is text, never markup."""
    made = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    return made


@cache
def static(name: str) -> str:
    """The address of a file below `static/`; it changes with the file, so that no browser keeps an old one."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def page(template: str, *, status: int = 200, **values: Any) -> web.Response:
    """An HTML answer."""
    html = environment().get_template(template).render(**values)
    # Every page shows a present state; none may be kept by anything on the way.
    headers = {"Cache-Control": "no-store"}
    return web.Response(text=html, content_type="text/html", charset="utf-8", status=status, headers=headers)


def shown_to(
    request: web.Request, template: str, *, status: int = 200, here: str | None = None, **values: Any
) -> web.Response:
    """A page for residents, in the type size that this browser asked for.

    `here` is where the page is found again when the size is changed, if not at the address of the request, which
    may be one that only takes forms; empty for what is not shown twice.
    """
    large = request.cookies.get(TYPE) == LARGE
    back = request.path_qs if here is None else here
    return page(template, status=status, large=large, here=back[:_LONGEST], **values)


def missing(what: str, *, order: bool = False) -> web.Response:
    """A friendly 404: what was not there, and where to go from here; of an order also how its number looks."""
    return page("missing.html", status=404, what=what, order=order)
