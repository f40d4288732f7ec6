"""What an Official Account sends, judged as the platform does and shown on the phones; with the ledgers behind it.

Guesses, for want of a published source: a template message with a known `client_msg_id` is answered with the first
one's msgid; typing lasts for 15 seconds.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from redprop_bot.ports import Channel, Clock
from redprop_bot.simulated import oa_keywords
from redprop_bot.simulated.ledger import Ledger
from redprop_bot.simulated.letters import TEXT_BYTES
from redprop_bot.simulated.oa_persons import Persons
from redprop_bot.simulated.quota import Quota
from redprop_bot.simulated.server import ApiError, Handler, Payload, need

Later = Callable[[str, str, Mapping[str, Any]], None]  # openid, event, fields: pushed when the answer is out

_TYPING = timedelta(seconds=15)
_EXCHANGE = timedelta(seconds=30)
_SAME_CLIENT_ID = timedelta(minutes=10)
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "text": ("content",),
    "image": ("media_id",),
    "voice": ("media_id",),
    "video": ("media_id", "thumb_media_id"),
    "music": ("musicurl", "hqmusicurl", "thumb_media_id"),
    "news": ("articles",),
    "mpnewsarticle": ("article_id",),
    "msgmenu": ("list",),
    "miniprogrampage": ("title", "appid", "pagepath", "thumb_media_id"),
}
_SHOWN = {"msgmenu": "menu"}


class Sending:
    """The sending APIs; what may be switched is public.

    validates: values of keywords are judged, as real accounts do and test accounts do not. templates: what the
    account has, by id, with the approved values of its `const` keys; None takes any. `blocked`: the platform
    accepts and then fails. `opted_out`: 43101 to template messages. `grants`: subscription notices that may be
    sent, by person and template; those in `long_term` are never used up.
    """

    def __init__(self, clock: Clock, ledger: Ledger, quota: Quota, persons: Persons, later: Later) -> None:
        self.validates = True
        self.templates: dict[str, Mapping[str, Sequence[str]]] | None = None
        self.blocked: set[str] = set()
        self.opted_out: set[str] = set()
        self.grants: Counter[tuple[str, str]] = Counter()
        self.long_term: set[str] = set()
        self.media: Callable[[str], bool] = lambda _media_id: True
        self._clock, self._ledger, self._quota, self._persons, self._later = clock, ledger, quota, persons, later
        self._acted: dict[str, datetime] = {}
        self._typing: dict[str, datetime] = {}
        self._client_ids: dict[tuple[str, str], tuple[datetime, int]] = {}
        self._msgids = itertools.count(200228332)

    def handlers(self) -> Mapping[str, Handler]:
        """By API."""
        return {
            "message/custom/send": self._custom,
            "message/custom/typing": self._type,
            "message/template/send": self._template,
            "message/subscribe/bizsend": self._subscription,
        }

    def acted(self, openid: str) -> None:
        """The person did something just now."""
        self._persons.followers.add(openid)
        self._persons.known.add(openid)
        self._acted[openid] = self._clock.now()

    def left(self, openid: str) -> None:
        """The person does not follow any more; grants go with it."""
        self._persons.followers.discard(openid)
        for held in [held for held in self.grants if held[0] == openid]:
            del self.grants[held]

    def _custom(self, payload: Payload) -> dict[str, Any]:
        openid = self._person(payload)
        kind = need(payload, "msgtype", str, "bad_msgtype")
        if kind not in _NEEDED:
            raise ApiError("bad_msgtype", f"invalid message type {kind}")
        content = need(payload, kind, dict, 44004)
        for name in _NEEDED[kind]:
            need(content, name, list if name in {"articles", "list"} else str, 44004)
        text, detail = self._read(kind, content)
        self._quota.spend(openid)
        self._typing.pop(openid, None)
        if "aimsgcontext" in payload:
            detail["ai"] = bool(payload["aimsgcontext"].get("is_ai_msg"))
        if "customservice" in payload:
            detail["kf_account"] = need(payload["customservice"], "kf_account", str, 40035)
        self._ledger.write(Channel.OA, openid, "account", _SHOWN.get(kind, kind), text, **detail)
        return {}

    def _read(self, kind: str, content: Payload) -> tuple[str, dict[str, Any]]:
        if kind == "text":
            if len(content["content"].encode()) > TEXT_BYTES:
                raise ApiError(45002, "content size out of limit")
            return str(content["content"]), {}
        if kind == "msgmenu":
            return _menu(content)
        if kind == "news":
            if len(content["articles"]) > 1:
                raise ApiError(45008, "article count exceed limit")
            article = content["articles"][0]
            return str(need(article, "title", str, 44004)), {"article": article}
        for name in ("media_id", "thumb_media_id"):
            if name in content and not self.media(content[name]):
                raise ApiError(40007, "invalid media_id")
        return str(content.get("title", "")), dict(content)

    def _type(self, payload: Payload) -> dict[str, Any]:
        openid, now = self._person(payload), self._clock.now()
        command = payload.get("command")
        if command not in {"Typing", "CancelTyping"}:
            raise ApiError(45072, "invalid command")
        if openid not in self._acted or now - self._acted[openid] > _EXCHANGE:
            raise ApiError(45080, "need an exchange within 30 seconds")
        if command == "CancelTyping":
            self._typing.pop(openid, None)
        elif now < self._typing.get(openid, now):
            raise ApiError(45081, "already typing")
        else:
            self._typing[openid] = now + _TYPING
        return {}

    def _template(self, payload: Payload) -> dict[str, Any]:
        openid, template_id, words = self._templated(payload)
        if openid in self.opted_out:
            raise ApiError(43101, "user refuse to accept the msg")
        client_id, now = (openid, str(payload.get("client_msg_id", ""))), self._clock.now()
        at, msgid = self._client_ids.get(client_id, (None, 0))
        if client_id[1] and at is not None and now - at < _SAME_CLIENT_ID:
            return {"msgid": msgid}
        msgid = next(self._msgids)
        self._client_ids[client_id] = now, msgid
        status = "failed:user block" if openid in self.blocked else "success"
        if openid not in self.blocked:
            link = {name: payload[name] for name in ("url", "miniprogram") if name in payload}
            self._ledger.write(Channel.OA, openid, "account", "template", words, template_id=template_id, **link)
        self._later(openid, "TEMPLATESENDJOBFINISH", {"MsgID": msgid, "Status": status})
        return {"msgid": msgid}

    def _subscription(self, payload: Payload) -> dict[str, Any]:
        openid, template_id, words = self._templated(payload)
        if self.grants[openid, template_id] < 1:
            raise ApiError(43101, "user refuse to accept the msg")
        if template_id not in self.long_term:
            self.grants[openid, template_id] -= 1
        failed = openid in self.blocked
        if not failed:
            link = {name: payload[name] for name in ("page", "miniprogram") if name in payload}
            self._ledger.write(
                Channel.OA, openid, "account", "subscription", words, template_id=template_id, **link
            )
        sent = {
            "TemplateId": template_id,
            "MsgID": str(1700827132819554304 + next(self._msgids)),
            "ErrorCode": "100" if failed else "0",
            "ErrorStatus": "user block" if failed else "success",
        }
        self._later(openid, "subscribe_msg_sent_event", {"SubscribeMsgSentEvent": {"List": sent}})
        return {}

    def _templated(self, payload: Payload) -> tuple[str, str, str]:
        openid = self._person(payload)
        template_id = need(payload, "template_id", str, 40037)
        if self.templates is not None and template_id not in self.templates:
            raise ApiError(40037, "invalid template_id")
        if openid not in self._persons.followers:
            raise ApiError(43004, "require subscribe")
        data = need(payload, "data", dict, 47003)
        if self.validates:
            oa_keywords.judge(data, (self.templates or {}).get(template_id, {}))
        words = "\n".join(str(item.get("value", "")) for item in data.values() if isinstance(item, dict))
        return openid, template_id, words

    def _person(self, payload: Payload) -> str:
        openid: str = need(payload, "touser", str, 40003)
        if openid not in self._persons.known:
            raise ApiError(40003, "invalid openid")
        return openid


def _menu(content: Payload) -> tuple[str, dict[str, Any]]:
    for option in content["list"]:
        need(option, "id", str, 40035)
        need(option, "content", str, 44004)
    shown = {"options": content["list"], "tail": str(content.get("tail_content", ""))}
    return str(content.get("head_content", "")), shown
