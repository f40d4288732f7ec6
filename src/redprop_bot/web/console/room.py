"""What a room of the console is: its place in the navigation, its addresses, who may enter.

A room is a module with a `ROOM`, and a folder of templates of its name; `rooms` lists them. A handler is a plain
function over a `Desk`: what it refuses becomes the page again, with what was typed. No HTTP in a room.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import Forbidden, Refused
from redprop_bot.web.api.calls import Call
from redprop_bot.web.staff import Seat

EVERYBODY: Final = frozenset({"admin", "street", "secretary", "clerk", "provider", "viewer"})
COMMUNITY: Final = frozenset({"admin", "street", "secretary", "clerk", "viewer"})
KEEPERS: Final = frozenset({"admin", "street", "secretary"})


def whole(text: str) -> int | None:
    """A whole number as an address or a form has it; None for whatever is none that the databases keep."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


@dataclass(frozen=True, slots=True)
class File:
    """A file that was sent with a form; its content is what somebody says it is until it is read."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Desk(Call):
    """What a handler works with: a call of whoever sits there. `body` holds the fields of a form.

    A field that occurs several times is a list; `files` are those sent along; `wrong` is the refusal because of
    which a page is shown again.
    """

    seat: Seat
    files: Mapping[str, File] = field(default_factory=dict)
    wrong: Refused | None = None
    ready: Any = None

    def field(self, name: str) -> str:
        """A field of the form, trimmed; empty when it is not there."""
        value = self.body.get(name, "")
        return str(value[-1] if isinstance(value, list) else value).strip()

    @property
    def today(self) -> date:
        """The day here."""
        return self.tx.now.astimezone(self.content.zone).date()

    @property
    def version(self) -> int:
        """The version that the form was made for; 0, which nothing has, where it says none."""
        return whole(self.field("version")) or 0

    @property
    def below(self) -> int | None:
        """The key below which a list goes on; None at its beginning."""
        return whole(self.query.get("below", ""))

    def fields(self, name: str) -> list[str]:
        """All values of a field."""
        value = self.body.get(name, [])
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    def asking(self, **query: str) -> "Desk":
        """The same desk with another query, to ask a handler of the API."""
        return replace(self, query={name: value for name, value in query.items() if value})

    def sending(self, body: Mapping[str, Any], **path: str) -> "Desk":
        """The same desk with another body, to give to a handler of the API."""
        return replace(self, body=body, path={**self.path, **path})


@dataclass(frozen=True, slots=True)
class Page:
    """A page: a template below `console/` and its values."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Goto:
    """Another page; `said` is a sentence of `console.said` that is shown there."""

    address: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Give:
    """A file to keep."""

    data: bytes
    name: str
    content_type: str


Answer = Page | Goto | Give
Handler = Callable[[Desk], Answer]


@dataclass(frozen=True, slots=True)
class Way:
    """One address of a room. `back`, for a form, is the page it stands on; `roles` narrows those of the room.

    `upload` is the most bytes that the form may carry, where it carries files; `before` does with them what takes
    time, before the transaction begins, and its result is the desk's `ready`; `undo` takes that back where
    the form was refused.
    """

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    back: Handler | None = None
    roles: frozenset[str] | None = None
    upload: int = 0
    before: Callable[[Office, Mapping[str, File]], Awaitable[Any]] | None = None
    undo: Callable[[Office, Any], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A room. `path` is where its entry in the navigation leads; `group` puts entries together."""

    name: str
    title: str
    path: str
    ways: tuple[Way, ...]
    roles: frozenset[str] = EVERYBODY
    group: str = ""
    key: str = ""  # g and this letter lead there

    def must_enter(self, role: str, way: Way) -> None:
        """Refuse whoever has nothing to do here."""
        if role not in (way.roles if way.roles is not None else self.roles):
            raise Forbidden
