"""A person acting on a phone: the message goes to the bot, the answer or the platform's excuse to the ledger.

Common to both platforms; which fields a message has is theirs.
"""

import itertools
from dataclasses import dataclass
from typing import Any

from redprop_bot.ports import Channel, Clock
from redprop_bot.simulated.courier import Courier
from redprop_bot.simulated.ledger import Ledger
from redprop_bot.simulated.letters import Fields, Seal, WrongAnswerError, answer_text, message_xml

ACKNOWLEDGEMENTS = (b"", b"success")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one delivery ended: `text` is the passive reply, empty for a bare acknowledgement."""

    ok: bool
    text: str
    attempts: int


class Phones:
    """All phones of one platform."""

    def __init__(
        self, channel: Channel, account: str, seal: Seal, *, clock: Clock, ledger: Ledger, prompt: str = ""
    ) -> None:
        self.courier = Courier()
        self.account = account
        self.last: Fields = {}
        self._channel, self._seal, self._clock, self._ledger, self._prompt = channel, seal, clock, ledger, prompt
        # Beyond 2**53, as real ids are: a number in JavaScript would lose its last digits.
        self._ids = itertools.count(int(clock.now().timestamp()) << 33)

    async def message(self, person: str, kind: str, text: str, fields: Fields, **detail: Any) -> Outcome:
        """A message with a MsgId of its own."""
        head = {"ToUserName": self.account, "FromUserName": person, "CreateTime": self._now(), "MsgType": kind}
        self._ledger.write(self._channel, person, "person", kind, text, **detail)
        return await self.push({**head, **fields, "MsgId": next(self._ids)})

    async def event(self, person: str, event: str, fields: Fields) -> Outcome:
        """An event; it is up to the caller to write it on the phone."""
        head = {"ToUserName": self.account, "FromUserName": person, "CreateTime": self._now(), "MsgType": "event"}
        return await self.push({**head, "Event": event, **fields})

    async def push(self, fields: Fields) -> Outcome:
        """Deliver any fields, and show what comes back."""
        self.last = fields
        xml, person = message_xml(fields), str(fields.get("FromUserName", ""))
        extra = {"openid": person, "encrypt_type": "aes"} if self._channel is Channel.OA else {}
        if self._seal.mode == "plain":
            extra.pop("encrypt_type", None)
        body, attempts = await self.courier.carry(
            lambda: self._seal.pack(xml, account=self.account, now=self._now(), **extra)
        )
        return self._shown(person, body, attempts)

    async def again(self) -> Outcome:
        """The last delivery once more: the same message in a new envelope."""
        return await self.push(self.last)

    def _shown(self, person: str, body: bytes | None, attempts: int) -> Outcome:
        if body in ACKNOWLEDGEMENTS:
            return Outcome(ok=True, text="", attempts=attempts)
        if body is None:
            return self._failed(person, f"no answer in {attempts} attempts", attempts)
        try:
            text = answer_text(self._seal.open(body), person=person, account=self.account)
        except WrongAnswerError as wrong:
            return self._failed(person, str(wrong), attempts)
        self._ledger.write(self._channel, person, "account", "text", text, passive=True)
        return Outcome(ok=True, text=text, attempts=attempts)

    def _failed(self, person: str, why: str, attempts: int) -> Outcome:
        self._ledger.violations.append(f"{self._channel} {person}: {why}")
        if self._prompt:
            self._ledger.write(self._channel, person, "account", "prompt", self._prompt)
        return Outcome(ok=False, text="", attempts=attempts)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())
