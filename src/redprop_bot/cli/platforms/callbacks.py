"""Our own address as the platforms see it, and the clock against theirs."""

import ipaddress
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from redprop_bot.channels.probe import Verified
from redprop_bot.cli.platforms.lines import Line, bad, good, hint
from redprop_bot.content.replies import Replies

WINDOW: Final = timedelta(minutes=5)
"""What is older or younger is refused as a replay; the platforms' clocks are right."""
_SOON: Final = timedelta(minutes=1)


def address(replies: Replies, url: str, *, configured: bool) -> Line:
    """Whether platforms can reach an address at all: a name or public address, on 80 or 443."""
    name, parts = "网址", urlsplit(url)
    host, port = parts.hostname or "", _port(url)
    if not configured:
        return bad(name, replies.say("doctor.address.missing", url=url))
    if port not in (None, 80, 443):
        return bad(name, replies.say("doctor.address.port", url=url, port=port))
    if _is_private(host):
        return bad(name, replies.say("doctor.address.private", url=url))
    if _is_number(host):
        return hint(name, replies.say("doctor.address.number", url=url))
    if parts.scheme != "https":
        return hint(name, replies.say("doctor.address.plain", url=url))
    return good(name, url)


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return -1


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_private(host: str) -> bool:
    if _is_number(host):
        return not ipaddress.ip_address(host).is_global
    return host == "localhost" or "." not in host


def clock(replies: Replies, ours: datetime, theirs: datetime | None) -> Line:
    """How far our clock is from the platform's."""
    name = "对时"
    if theirs is None:
        return hint(name, replies.say("doctor.clock.unknown"))
    off = ours - theirs
    said = {"way": "快" if off > timedelta(0) else "慢", "long": _long(off)}
    if abs(off) > WINDOW:
        return bad(name, replies.say("doctor.clock.far", **said))
    if abs(off) > _SOON:
        return hint(name, replies.say("doctor.clock.little", **said))
    return good(name, replies.say("doctor.clock.same"))


def _long(off: timedelta) -> str:
    minutes = round(abs(off).total_seconds() / 60)
    return f"{minutes} 分钟" if minutes < 120 else f"{round(minutes / 60)} 小时"


def callback(replies: Replies, url: str, found: Verified) -> Line:
    """How our callback took a verification."""
    key = f"doctor.callback.{found.status if found.why == 'status' else found.why}"
    says = replies.say(key if key in replies else "doctor.callback.status", status=found.status)
    return (good if found.why == "ok" else bad)("回调自测", f"{url} {says}")


def received(replies: Replies, at: datetime | None, now: datetime) -> Line:
    """Whether the platform has ever delivered something here: the only proof that token and key agree."""
    name = "收到消息"
    if at is None:
        return hint(name, replies.say("doctor.callback.never"))
    return good(name, f"最近一次在 {_long(now - at)}前" if now - at >= _SOON else "刚刚还收到")
