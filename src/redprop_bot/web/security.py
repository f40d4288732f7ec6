"""Headers that every answer carries. Set when the headers leave, so that streams and errors have them too.

A page may narrow or widen its own policy by setting the header itself; what is set here never overwrites it.
"""

from typing import Final

from aiohttp import web

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PRIVATE: Final = ("/api/", "/open311/")
"""Below these, nothing may be kept by a cache."""


async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
    """Complete the headers of an answer; a signal of the application."""
    headers = response.headers
    headers["Server"] = "redprop-bot"  # the framework would tell its version
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if response.content_type == "text/html":
        headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
    if response.content_type == "application/json" or request.path.startswith(PRIVATE):
        headers.setdefault("Cache-Control", "no-store")
