"""A phone's browser on its way through OAuth: the platform knows whose it is, and sends it back with a code.

Which phone it is stands in a cookie that the demo's page sets for this host; the real platforms know it.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode, urlsplit

from aiohttp import web

PHONE: Final = "twin_phone"
_SCOPES: Final = frozenset({"snsapi_base", "snsapi_userinfo", "snsapi_privateinfo"})


def authorize(request: web.Request, app_id: str, domain: str | None, visit: Callable[[str], str]) -> web.Response:
    """`/connect/oauth2/authorize`: back to where the page wants, with code and state.

    domain: the one that the account allows, None for any; visit: a code for the person with this identity.
    """
    query = request.query
    back, state = query.get("redirect_uri", ""), query.get("state", "")
    target = urlsplit(back)
    if query.get("appid") != app_id:
        return _shown("AppID 不对")
    if target.scheme not in {"http", "https"} or (domain is not None and target.hostname != domain):
        return _shown("redirect_uri 参数错误")
    if query.get("response_type") != "code" or query.get("scope") not in _SCOPES:
        return _shown("scope 参数错误")
    if len(state) > 128 or not (state.isascii() and state.isalnum()):
        return _shown("state 参数错误")
    person = request.cookies.get(PHONE, "")
    if not person:
        return _shown("请在微信客户端打开链接")
    joined = "&" if target.query else "?"
    raise web.HTTPFound(f"{back}{joined}{urlencode({'code': visit(person), 'state': state})}")


def _shown(words: str) -> web.Response:
    return web.Response(
        status=400, text=f"<!doctype html><title>{words}</title><p>{words}", content_type="text/html"
    )
