"""People with phones: a resident in the Official Account, a member of staff in WeCom, talking in safe mode."""

import re
import time
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.blackbox.platform import Platform, Sent
from tests.blackbox.service import Answer, Service
from tests.blackbox.wire import OA, WORK, Keys, xml

_NUMBERS = count(7_000_000_000_000_000_000)
NUMBER = re.compile(r"D\d{8}-\d{4,}")


def text_message(
    who: str, text: str, *, keys: Keys = OA, at: float | None = None, number: int | None = None
) -> bytes:
    """The inside of a text message of `who`; `number` is its MsgId."""
    fields: dict[str, str | int] = {
        "ToUserName": keys.account or keys.receiver,
        "FromUserName": who,
        "CreateTime": int(at or time.time()),
        "MsgType": "text",
        "Content": text,
        "MsgId": number or next(_NUMBERS),
    }
    if keys.agent is not None:
        fields["AgentID"] = keys.agent
    return xml(fields)


def deliver(service: Service, keys: Keys, inside: bytes, *, fresh: Any = None) -> Answer:
    """One delivery in safe mode with a fresh nonce and fresh randomness."""
    content = keys.encrypt(inside)
    path = "/wechat/oa" if keys.agent is None else "/wechat/work"
    query = keys.query(content, **(fresh or {}))
    return service.call(
        "POST", path, body=keys.envelope(content), query=query, headers={"Content-Type": "text/xml"}
    )


@dataclass
class Phone:
    """One person's phone on one service."""

    service: Service
    platform: Platform
    who: str
    keys: Keys

    def sends(self, inside: bytes) -> str:
        """Deliver and give the words of the passive reply ('' for an acknowledgement)."""
        answer = deliver(self.service, self.keys, inside)
        assert answer.status == 200, (answer.status, answer.text)
        reply = self.keys.open_reply(answer.body)
        if reply:
            assert reply["ToUserName"] == self.who
            assert reply["FromUserName"] == (self.keys.account or self.keys.receiver)
            assert len(reply.get("Content", "").encode()) <= 2048
        return reply.get("Content", "")

    def says(self, text: str, *, at: float | None = None) -> str:
        return self.sends(text_message(self.who, text, keys=self.keys, at=at))

    def reports(self, text: str, *, at: float | None = None) -> str:
        """Say something that makes one demand, and give its number."""
        reply = self.says(text, at=at)
        found = NUMBER.findall(reply)
        assert found, f"no number in the reply: {reply!r}"
        return found[0]

    def event(self, name: str, **fields: str | int) -> str:
        common: dict[str, str | int] = {
            "ToUserName": self.keys.account or self.keys.receiver,
            "FromUserName": self.who,
            "CreateTime": int(time.time()),
            "MsgType": "event",
            "Event": name,
        }
        if self.keys.agent is not None:
            common["AgentID"] = self.keys.agent
        return self.sends(xml(common | fields))

    def taps(self, sent: Sent, text: str) -> str:
        """Tap the button of a card that was sent."""
        key = next((key for label, key in sent.keys.items() if text in label), None)
        assert key, f"no button {text!r} on {sent.keys}"
        return self.event(
            "template_card_event",
            EventKey=key,
            TaskId=sent.card.get("task_id", ""),
            CardType=sent.card.get("card_type", ""),
            ResponseCode=self.platform.tap_code(),
        )


def resident(service: Service, platform: Platform, who: str) -> Phone:
    return Phone(service, platform, who, OA)


def staff(service: Service, platform: Platform, who: str) -> Phone:
    return Phone(service, platform, who, WORK)
