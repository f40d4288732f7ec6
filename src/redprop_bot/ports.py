"""What rooms say to each other without knowing each other: messages in, messages out, the clock, the sender.

Plain data and protocols only; no I/O and no platform words beyond the two channel names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


class Channel(StrEnum):
    """The two platforms: the Official Account for residents, WeCom for staff and members."""

    OA = "oa"
    WORK = "work"


class Kind(StrEnum):
    """What a platform message is, after parsing."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or event from a platform, verified and decrypted.

    `key` is the same for every delivery of the same message and unique otherwise (per channel).
    `created_at` is the platform's CreateTime in UTC: the moment of the report.
    `event` is lower-case; `event_key` as sent, for a scanned code without its `qrscene_` prefix.
    """

    channel: Channel
    key: str
    sender: str
    kind: Kind
    created_at: datetime
    text: str = ""
    media_id: str = ""
    event: str = ""
    event_key: str = ""
    latitude: float | None = None
    longitude: float | None = None
    label: str = ""
    task_id: str = ""
    response_code: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


class Form(StrEnum):
    """How a message leaves."""

    TEXT = "text"
    MENU = "menu"
    CARD = "card"
    CARD_UPDATE = "card_update"
    TEMPLATE = "template"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message to one receiver, ready to send.

    payload by form:
    TEXT         {"text"}
    MENU         {"head", "options": [{"id", "text"}], "tail"}              Official Account only
    CARD         {"task_id", "title", "desc", "rows": [[name, value], …], "quote", "url",
                  "buttons": [{"key", "text", "style"}]}                    WeCom only
    CARD_UPDATE  {"response_code", "text"}: the buttons give way to this text    WeCom only
    TEMPLATE, SUBSCRIPTION
                 {"template_id", "url", "data": {keyword: value}, "id": ours}    Official Account only
    """

    channel: Channel
    receiver: str
    form: Form
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform answered to a send."""

    msgid: str = ""
    response_code: str = ""


class Sender(Protocol):
    """Sends to one platform; raises PlatformError."""

    async def send(self, message: Outbound) -> Receipt:
        """Send now."""
        ...


class Fetched(Protocol):
    """What a platform gave for a media id; its word about the type proves nothing."""

    @property
    def content_type(self) -> str:
        """The platform's word."""
        ...

    @property
    def data(self) -> bytes:
        """The bytes."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """Fetches what people sent, by media id, within three days; raises PlatformError."""

    async def media(self, media_id: str) -> Fetched:
        """Fetch now."""
        ...


class MediaStore(Protocol):
    """Where pictures, voices and videos lie. Names are `xx/letters-digits.ext`; every method may block."""

    def put(self, name: str, data: bytes) -> None:
        """Keep all of it or nothing, in place of what had this name; raises StorageFault."""
        ...

    def get(self, name: str, start: int = 0, length: int | None = None) -> bytes | None:
        """The bytes, or so many of them from `start` on; None when there are none. Raises StorageFault."""
        ...

    def remove(self, name: str) -> None:
        """Keep it no longer; nothing happens when it is not there. Raises StorageFault."""
        ...

    def older(self, before: datetime) -> list[str]:
        """Names of all that was put before a moment; what was begun and never put goes. Raises StorageFault."""
        ...


class Clock(Protocol):
    """The only source of the present moment."""

    def now(self) -> datetime:
        """The present moment, in UTC with zone."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present moment, in UTC with zone."""
        return datetime.now(UTC)


class FrozenClock:
    """A clock that stands until it is moved: for tests, scenarios and `run-due --now`."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.at


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Something with a beginning and an end that stands in people's calendars; `key` is the same for ever."""

    key: str
    begins: datetime
    ends: datetime
    title: str
    changed_at: datetime
    place: str = ""
    note: str = ""
    link: str = ""
    cancelled: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose calendar: a person, and what they may see besides. `communities` None is all of them, empty none.

    outside: only what is public.
    """

    person_id: int | None = None
    communities: frozenset[int] | None = frozenset()
    organisation_id: int | None = None
    outside: bool = False
