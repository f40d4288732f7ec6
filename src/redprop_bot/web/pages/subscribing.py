"""Asking for a subscription message where it is used: the platform's own button on the page of an order.

Only in WeChat's browser, only for who may read the order, while it is open and the account has such a template.
The answer comes as an event, not through this page. Everywhere else a plain link says where to open it.

The platform's one script is allowed on this page alone, by its whole address; of the rest of the policy only the
button's own style is let in, by its hash.
"""

import asyncio
import base64
import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from redprop_bot.channels import OfficialAccountSender
from redprop_bot.channels.oa_account import PAGE_SCRIPT
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import PlatformError
from redprop_bot.ports import Channel
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.security import CONTENT_POLICY

log = logging.getLogger(__name__)

MOST: Final = 3  # templates that one button may ask for
PATIENCE_SECONDS: Final = 2.0
"""A page does not wait longer for the platform's ticket: then it has no button."""

TAG: Final = "wx-open-subscribe"
STYLE: Final = (
    ".ask { width: 100%; min-height: 52px; border: 0; border-radius: 10px; background: #1f7a4d; color: #fff; "
    "font-size: 20px; }"
)
_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY: Final = CONTENT_POLICY.replace("script-src 'self'", f"script-src 'self' {PAGE_SCRIPT}").replace(
    "style-src 'self'", f"style-src 'self' 'sha256-{_HASH}'"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What the page shows: a button with `config` (JSON for `wx.config`) and `templates`, or only a link."""

    address: str
    config: str = ""
    templates: str = ""
    script: str = PAGE_SCRIPT
    style: str = STYLE


async def asking(request: web.Request) -> Ask | None:
    """What is asked on this page in this browser; None where the account has nothing to ask for."""
    office = request.app[OFFICE]
    sender = office.senders.get(Channel.OA)
    used = office.content.templates.used("subscription")[:MOST]
    if not used or not isinstance(sender, OfficialAccountSender):
        return None
    address = _address(request, office)
    if login.channel_of_browser(request) is not Channel.OA:
        return Ask(address)
    try:
        config = await asyncio.wait_for(sender.api.page_config(address), PATIENCE_SECONDS)
    except (PlatformError, TimeoutError) as error:
        log.warning("no subscription button: %s", error or type(error).__name__)
        return Ask(address)
    whole = {**config, "debug": False, "jsApiList": ["checkJsApi"], "openTagList": [TAG]}
    return Ask(address, json.dumps(whole), ",".join(template.id for template in used))


def _address(request: web.Request, office: Office) -> str:
    """The address as the browser has it, to the letter, for that is what is signed; the host is ours."""
    path = request.raw_path if request.raw_path.startswith("/") else request.rel_url.raw_path_qs
    return office.settings.address + path
