"""The in-process channel: everybody's phone in one process, without HTTP, keys or platforms.

    town = Town(office)
    town.say(Phone.of("resident:o1"), "电梯坏了")      # the answer, as the callback would give it
    town.arrive()                                      # hands over what is owed and may leave by now
    town.tap(Phone.of("work:limgr"), "接单")           # a button of the newest card that has it

For golden conversations and `redprop-bot chat`. It plays the platform's side only: what a message means is decided
behind `Office.take`. Unlike its neighbours here it knows the office, so nothing of the wire may live in it.
"""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from redprop_bot.dialogue.office import Office
from redprop_bot.dialogue.turn import Answer
from redprop_bot.notify import roads, settling
from redprop_bot.notify.settling import Outcome
from redprop_bot.ports import Channel, Form, Inbound, Kind, Receipt
from redprop_bot.store import access
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx

_LEASE = timedelta(minutes=1)
_SIDES = {"resident": Channel.OA, "oa": Channel.OA, "work": Channel.WORK}


@dataclass(frozen=True, slots=True)
class Phone:
    """One person at one platform: `person` is an openid or a userid."""

    channel: Channel
    person: str

    @classmethod
    def of(cls, text: str) -> "Phone":
        """Read `resident:o1` or `work:wangsj`; raises ValueError."""
        side, _, person = text.partition(":")
        if side not in _SIDES or not person.strip():
            raise ValueError(text)
        return cls(_SIDES[side], person.strip())


def _reaches(message: Outbox, phone: Phone) -> bool:
    return (message.channel, message.receiver) == (phone.channel.value, phone.person)


class NoSuchButtonError(LookupError):
    """Nobody can tap what is not on their phone."""


class Town:
    """The phones of a place. `series` keeps the message keys of two towns on one database apart."""

    def __init__(self, office: Office, *, series: str = "town") -> None:
        self.office = office
        self._series = series
        self._count = itertools.count(1)

    # -- what a person does

    def say(self, phone: Phone, text: str) -> Answer:
        """Words."""
        return self.deliver(self.words(phone, text))

    def tap(self, phone: Phone, label: str) -> Answer:
        """A button or menu line with this label, on the newest message that has it."""
        return self.deliver(self.touch(phone, label))

    # -- the same as a delivery, so that it can be made twice

    def words(self, phone: Phone, text: str) -> Inbound:
        """A text message."""
        return self._inbound(phone, Kind.TEXT, text=text)

    def picture(self, phone: Phone, kind: Kind = Kind.IMAGE) -> Inbound:
        """A picture, a video or a voice message without words."""
        return self._inbound(phone, kind, media_id=f"media-{next(self._count)}")

    def position(self, phone: Phone, latitude: float, longitude: float) -> Inbound:
        """A position that is sent on purpose."""
        return self._inbound(phone, Kind.LOCATION, latitude=latitude, longitude=longitude)

    def event(self, phone: Phone, name: str, key: str = "", **fields: Any) -> Inbound:
        """An event: subscribe, unsubscribe, scan, click, location."""
        return self._inbound(phone, Kind.EVENT, event=name, event_key=key, **fields)

    def touch(self, phone: Phone, label: str, *, card: str | None = None) -> Inbound:
        """A tap; `card` names one card by its task id where the newest is not meant. Raises NoSuchButtonError."""
        for message in reversed(self.inbox(phone)):
            payload = message.payload
            if card is not None and payload.get("task_id") != card:
                continue
            for option in payload.get("options", ()):
                if option["text"] == label:
                    return self._inbound(phone, Kind.TEXT, text=label, event_key=option["id"])
            for button in payload.get("buttons", ()):
                if button["text"] == label:
                    # a tap brings a code of its own, which changes the card once
                    code = f"tap-{next(self._count)}"
                    return self.event(
                        phone,
                        "template_card_event",
                        button["key"],
                        task_id=payload["task_id"],
                        response_code=code,
                    )
        raise NoSuchButtonError(f"{phone.person}: {label}")

    def _inbound(self, phone: Phone, kind: Kind, **fields: Any) -> Inbound:
        key = f"{self._series}-{next(self._count)}"
        return Inbound(phone.channel, key, phone.person, kind, self.office.clock.now(), **fields)

    def deliver(self, inbound: Inbound) -> Answer:
        """Bring a message to the bot; the same one again is a repeated delivery."""
        return self.office.store.run(lambda tx: self.office.take(tx, inbound))

    # -- what reaches a person

    def arrive(self, phone: Phone | None = None) -> list[Outbox]:
        """Hand over what may leave by now, to all phones, by the roads it would take; oldest first.

        With `phone` only what reached that one is returned. Not beside a running delivery.
        """

        def hand_over(tx: Tx) -> list[Outbox]:
            before = {m.id for m in access.sent(tx)}
            more = True
            while more:
                claimed = roads.claim(tx, owner="town", lease=_LEASE, limit=500, channels=list(Channel))
                for message in claimed.messages:
                    code = f"sent-{message.id}" if message.form == Form.CARD else ""
                    settling.mark(tx, [Outcome(message, Receipt(response_code=code))])
                more = claimed.more or bool(claimed.messages)  # what stood behind them may go now
            return [m for m in access.sent(tx) if m.id not in before]

        owed = self.office.store.run(hand_over)
        return owed if phone is None else [m for m in owed if _reaches(m, phone)]

    def inbox(self, phone: Phone) -> list[Outbox]:
        """All that has reached a phone, oldest first."""
        return self.office.store.look(lambda tx: access.sent(tx, (phone.channel, phone.person)))
