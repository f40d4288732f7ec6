"""What every person's phone shows, in order, for all who watch. The twin writes; nothing here knows a protocol."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from redprop_bot.ports import Channel, Clock


@dataclass(frozen=True, slots=True)
class Entry:
    """One line on a phone.

    side  person   what the person said or did     kind text image voice location link event tap
          account  what the account showed          kind text menu card card_update prompt
    detail: menu {"options": [{"id","content"}], "tail"} · card the template_card and its "task_id" ·
    card_update {"task_id"} · tap {"task_id","key"} · image {"media_id"}
    `passive` marks the answer to a callback, as against a message of its own.
    """

    no: int
    at: datetime
    channel: Channel
    person: str
    side: Literal["person", "account"]
    kind: str
    text: str = ""
    passive: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict)


class Ledger:
    """All entries since the start, and what the bot did against the protocol (`violations`)."""

    def __init__(self, clock: Clock) -> None:
        self.entries: list[Entry] = []
        self.violations: list[str] = []
        self._clock = clock
        self._watchers: set[asyncio.Queue[Entry]] = set()

    def write(
        self,
        channel: Channel,
        person: str,
        side: Literal["person", "account"],
        kind: str,
        text: str = "",
        *,
        passive: bool = False,
        **detail: Any,
    ) -> Entry:
        """Add an entry and tell the watchers."""
        entry = Entry(
            len(self.entries) + 1,
            self._clock.now(),
            channel,
            person,
            side,
            kind,
            text,
            passive=passive,
            detail=detail,
        )
        self.entries.append(entry)
        for queue in self._watchers:
            queue.put_nowait(entry)
        return entry

    def phone(self, person: str) -> list[Entry]:
        """All that one phone shows."""
        return [entry for entry in self.entries if entry.person == person]

    def shown(self, person: str) -> list[Entry]:
        """What the account showed to one person."""
        return [entry for entry in self.phone(person) if entry.side == "account"]

    def subscribe(self) -> asyncio.Queue[Entry]:
        """A queue that gets every entry from now on; give it back with `unsubscribe`."""
        queue: asyncio.Queue[Entry] = asyncio.Queue()
        self._watchers.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Entry]) -> None:
        """No more entries for this queue."""
        self._watchers.discard(queue)
