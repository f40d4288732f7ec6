"""What a WeCom application sends, changes and takes back: judged, counted, shown on the members' phones.

Ledgers: 30 messages a minute and 1 000 an hour to one member, above which the platform shows nothing and says 0
(`dropped` lists them); a task_id once per application; a response_code once within 72 hours; recalling within 24.

A guess, for want of a published source: that a repeat within the duplicate check is answered with 0. Error codes
that are guesses stand in `guesses`.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from redprop_bot.ports import Channel, Clock
from redprop_bot.simulated import judging
from redprop_bot.simulated.cards import has_code, judge
from redprop_bot.simulated.corp import Corp
from redprop_bot.simulated.ledger import Ledger
from redprop_bot.simulated.pace import Pace
from redprop_bot.simulated.server import ApiError, Payload, need

_CODE_LIFE = timedelta(hours=72)
_RECALL = timedelta(hours=24)
_LONGEST_CHECK = 14400


@dataclass(slots=True)
class Card:
    """A card on one member's phone; `replaced` is the text in place of its buttons."""

    content: Mapping[str, Any]
    replaced: str = ""


@dataclass(slots=True)
class _Code:
    task_id: str
    born: datetime
    used: bool = False


@dataclass(frozen=True, slots=True)
class _Message:
    at: datetime
    userids: tuple[str, ...]
    task_id: str


class Desk:
    """The sending side of one application. Switches: `pace.off`, `duplicate_check`, `unlicensed` userids."""

    def __init__(
        self, clock: Clock, ledger: Ledger, corp: Corp, agent_id: int, known: Callable[[str], bool]
    ) -> None:
        self.cards: dict[tuple[str, str], Card] = {}  # (userid, task_id)
        self.chats: dict[str, list[str]] = {}
        self.dropped: list[tuple[str, str]] = []  # (userid, kind): sent with errcode 0, shown to nobody
        self.unlicensed: set[str] = set()
        self.duplicate_check = True
        self.pace = Pace(clock, (30, 60), (1000, 3600))
        self._clock, self._ledger, self._corp, self._agent, self._known = clock, ledger, corp, agent_id, known
        self._task_ids: set[str] = set()
        self._codes: dict[str, _Code] = {}
        self._messages: dict[str, _Message] = {}
        self._shown: dict[str, datetime] = {}
        self._chats_made = Pace(clock, (1000, 86400))

    def send(self, payload: Payload) -> dict[str, Any]:
        """`message/send`."""
        self._check_agent(payload)
        named, missed_parties = self._receivers(payload)
        reached = [userid for userid in named if self._corp.has(userid) and userid not in self.unlicensed]
        unlicensed = [userid for userid in named if self._corp.has(userid) and userid in self.unlicensed]
        if not reached and not unlicensed:
            raise ApiError(81013, "user & party & tag all invalid")
        kind = need(payload, "msgtype", str, "bad_msgtype")
        content, task_id, extra = self._content(kind, payload)
        if not self._is_repeat(payload):
            for userid in reached:
                self._show(userid, kind, content, task_id)
        msgid = secrets.token_urlsafe(40)
        self._messages[msgid] = _Message(self._clock.now(), tuple(reached), task_id)
        return {
            "invaliduser": "|".join(u.lower() for u in named if u not in reached and u not in unlicensed),
            "invalidparty": "|".join(missed_parties),
            "invalidtag": "",
            "unlicenseduser": "|".join(userid.lower() for userid in unlicensed),
            "msgid": msgid,
            **extra,
        }

    def _receivers(self, payload: Payload) -> tuple[list[str], list[str]]:
        users, parties = str(payload.get("touser", "")), str(payload.get("toparty", ""))
        tags = str(payload.get("totag", ""))
        if not (users or parties or tags):
            raise ApiError(82001, "to user, to party and to tag are all empty")
        named = list(self._corp.accounts) if users == "@all" else [one for one in users.split("|") if one]
        listed = [one for one in parties.split("|") if one]
        if (len(named) > 1000 and users != "@all") or len(listed) > 100:
            raise ApiError("too_many_receivers", "too many receivers")
        missed = [one for one in listed if not one.isdecimal() or int(one) not in self._corp.parties]
        for one in listed:
            named += self._corp.of_party(int(one)) if one not in missed else []
        for one in tags.split("|"):
            named += sorted(self._corp.tags.get(int(one), ())) if one.isdecimal() else []
        return list(dict.fromkeys(named)), missed

    def _content(self, kind: str, payload: Payload) -> tuple[tuple[str, dict[str, Any]], str, dict[str, Any]]:
        if kind != "template_card":
            content = payload.get(kind)
            if not isinstance(content, dict):
                content = {}
            return judging.shown(kind, content, self._known), "", {}
        card = need(payload, "template_card", dict, 44004)
        judge(card)
        task_id = str(card.get("task_id", ""))
        if task_id in self._task_ids:
            raise ApiError("used_task_id", "task_id is used")
        if task_id:
            self._task_ids.add(task_id)
        text = str(card.get("main_title", {}).get("title") or card.get("sub_title_text", ""))
        extra = {"response_code": self.code(task_id)} if has_code(card) else {}
        return (text, {"card": card, "task_id": task_id}), task_id, extra

    def _show(self, userid: str, kind: str, content: tuple[str, dict[str, Any]], task_id: str) -> None:
        text, detail = content
        if not self.pace.take(userid):
            self.dropped.append((userid, kind))
            return
        if "card" in detail:
            self.cards[userid, task_id] = Card(detail["card"])
        self._ledger.write(
            Channel.WORK, userid, "account", "card" if kind == "template_card" else kind, text, **detail
        )

    def _is_repeat(self, payload: Payload) -> bool:
        """Whether the application asked not to show the same again, and this is the same again."""
        if payload.get("enable_duplicate_check") != 1 or not self.duplicate_check:
            return False
        within = timedelta(seconds=min(int(payload.get("duplicate_check_interval", 1800)), _LONGEST_CHECK))
        same = json.dumps(
            {n: v for n, v in payload.items() if not n.startswith(("enable_", "duplicate_"))}, sort_keys=True
        )
        now, before = self._clock.now(), self._shown.get(same)
        if before is not None and now - before < within:
            return True
        self._shown[same] = now
        return False

    def update(self, payload: Payload) -> dict[str, Any]:
        """`message/update_template_card`, with a text for the buttons or a card for the card."""
        self._check_agent(payload)
        userids = need(payload, "userids", list, "bad_parameter")
        card = payload.get("template_card")
        if card is None:
            text = str(need(need(payload, "button", dict, "bad_parameter"), "replace_name", str, "bad_parameter"))
        else:
            judge(need(payload, "template_card", dict, "bad_parameter"))
            text = str(card.get("main_title", {}).get("title", ""))
        code = self._codes.get(need(payload, "response_code", str, "bad_parameter"))
        if code is None or code.used or self._clock.now() - code.born > _CODE_LIFE:
            raise ApiError("dead_response_code", "response_code is unknown, used or older than 72 hours")
        code.used = True
        missed = [userid for userid in userids if (userid, code.task_id) not in self.cards]
        for userid in set(userids) - set(missed):
            replaced = text if card is None else str(card.get("replace_text", ""))
            content = self.cards[userid, code.task_id].content if card is None else card
            self.cards[userid, code.task_id] = Card(content, replaced)
            self._ledger.write(Channel.WORK, userid, "account", "card_update", text, task_id=code.task_id)
        return {"invaliduser": [userid.lower() for userid in missed]}

    def recall(self, payload: Payload) -> dict[str, Any]:
        """`message/recall`."""
        msgid = need(payload, "msgid", str, "bad_parameter")
        message = self._messages.get(msgid)
        if message is None or self._clock.now() - message.at > _RECALL:
            raise ApiError("late_recall", "msgid is unknown or older than 24 hours")
        for userid in message.userids:
            self.cards.pop((userid, message.task_id), None)
            self._ledger.write(Channel.WORK, userid, "account", "recall", msgid=msgid)
        return {}

    def create_chat(self, payload: Payload) -> dict[str, Any]:
        """`appchat/create`."""
        members = need(payload, "userlist", list, "bad_parameter")
        chat_id = str(payload.get("chatid") or secrets.token_hex(16))
        if not 2 <= len(set(members)) <= 2000 or (payload.get("owner") and payload["owner"] not in members):
            raise ApiError("bad_chat_members", "invalid chat members")
        if not all(map(self._corp.has, members)):
            raise ApiError("unknown_member", "userid not found")
        if chat_id in self.chats:
            raise ApiError("chat_exists", "chatid exists")
        if not self._chats_made.take("corp"):
            raise ApiError(45009, "api freq out of limit")
        self.chats[chat_id] = list(members)
        return {"chatid": chat_id}

    def send_to_chat(self, payload: Payload) -> dict[str, Any]:
        """`appchat/send`: every member of the group sees it."""
        members = self.chats.get(need(payload, "chatid", str, "bad_parameter"))
        if members is None:
            raise ApiError(86008, "chat is not of this application")
        kind = need(payload, "msgtype", str, "bad_msgtype")
        text, detail = judging.shown(kind, need(payload, kind, dict, 44004), self._known)
        for userid in members:
            self._ledger.write(Channel.WORK, userid, "account", kind, text, chat=payload["chatid"], **detail)
        return {}

    def code(self, task_id: str) -> str:
        """A fresh response_code for a card."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(task_id, self._clock.now())
        return code

    def _check_agent(self, payload: Payload) -> None:
        if need(payload, "agentid", int, 40056) != self._agent:
            raise ApiError(40056, "invalid agentid")
