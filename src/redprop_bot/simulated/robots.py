"""Robots of WeCom groups: an address with a key, no token and no list of addresses, twenty messages a minute.

What a robot writes stands in the ledger as `robot:<name>`. Switches: `disabled`, `gone` (kicked out), `deleted`.
"""

import base64
import binascii
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redprop_bot.ports import Channel, Clock
from redprop_bot.simulated import judging
from redprop_bot.simulated.cards import judge
from redprop_bot.simulated.ledger import Ledger
from redprop_bot.simulated.pace import Pace
from redprop_bot.simulated.server import ApiError, Payload, need, payload_in

_CARDS = ("text_notice", "news_notice")


@dataclass
class Group:
    """A group with its robot."""

    name: str
    key: str
    disabled: bool = False
    gone: bool = False
    deleted: bool = False


class RobotTwin:
    """All robots of a corp; `keep` takes what they upload, `known` says whether a media id is good."""

    def __init__(
        self, clock: Clock, ledger: Ledger, keep: Callable[[bytes], str], known: Callable[[str], bool]
    ) -> None:
        self.groups: dict[str, Group] = {}
        self.pace = Pace(clock, (20, 60))
        self._ledger, self._keep, self._known, self._clock = ledger, keep, known, clock

    def add(self, name: str) -> Group:
        """A robot in a group."""
        group = Group(name, str(uuid.uuid4()))
        self.groups[group.key] = group
        return group

    def send(self, key: str, body: bytes) -> dict[str, Any]:
        """`webhook/send`."""
        group = self._group(key)
        payload = payload_in(body)
        kind = need(payload, "msgtype", str, "bad_msgtype")
        text, detail = self._shown(kind, payload)
        if not self.pace.take(key):
            raise ApiError(45009, "api freq out of limit")
        self._ledger.write(Channel.WORK, f"robot:{group.name}", "account", kind, text, **detail)
        return {"errcode": 0, "errmsg": "ok"}

    def upload(self, key: str, kind: str, data: bytes) -> dict[str, Any]:
        """`webhook/upload_media`."""
        self._group(key)
        if kind not in {"file", "voice"}:
            raise ApiError(40004, "invalid media type")
        return {
            "errcode": 0,
            "errmsg": "ok",
            "type": kind,
            "media_id": self._keep(data),
            "created_at": str(int(self._clock.now().timestamp())),
        }

    def _group(self, key: str) -> Group:
        group = self.groups.get(key)
        if group is None or group.deleted:
            raise ApiError(93000, "invalid webhook url")
        if group.disabled:
            raise ApiError(93004, "robot is disabled")
        if group.gone:
            raise ApiError(93008, "robot is not in the group")
        return group

    def _shown(self, kind: str, payload: Payload) -> tuple[str, dict[str, Any]]:
        content = need(payload, kind, dict, 44004)
        if kind == "image":
            return "", {"size": len(_picture(content))}
        if kind in {"markdown", "markdown_v2"}:
            return _markdown(kind, content), {}
        if kind == "template_card":
            if content.get("card_type") not in _CARDS:
                raise ApiError("bad_parameter", "card_type")
            judge(content)
            return content["main_title"]["title"], {"card": content}
        if kind == "text":
            judging.limited(content, "content", 2048, 44004)
            return content["content"], {"mentioned": list(content.get("mentioned_list", ()))}
        if kind not in {"news", "file", "voice"}:
            raise ApiError("bad_msgtype", "invalid message type")
        return judging.shown(kind, content, self._known)


def _markdown(kind: str, content: Payload) -> str:
    said = str(need(content, "content", str, 44004))
    if len(said.encode()) > 4096:
        raise ApiError(40058, f"{kind}.content exceed max length 4096. invalid Request Parameter")
    return said


def _picture(content: Payload) -> bytes:
    try:
        data = base64.b64decode(need(content, "base64", str, "bad_parameter"), validate=True)
    except binascii.Error:
        raise ApiError("bad_parameter", "invalid base64") from None
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != content.get("md5"):
        raise ApiError("bad_parameter", "md5 is not that of the picture")
    if len(data) > 2 << 20:
        raise ApiError(40009, "image size out of limit")
    return data
