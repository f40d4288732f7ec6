"""What one person and the bot are in the middle of, kept in `conversation.state` as plain JSON.

asked    what the bot just asked: {"kind", "no"?, "options"?, "act"?, "fields"?, "at"}
         kind: place | matter | which_order | unit | reason | days | extend_reason
         | done_or_going
         | meeting_when | meeting_cancel | meeting_owner | meeting_deputy | meeting_decline | mediator
         | whistle_units | whistle_reason | whistle_which | mode_title | which_measure
         | wish_claim | wish_which | wish_post | shop_item | shop_cancel | booking_place | booking_time | near
         | board | ballot | which_activity | activity_kept | attendance | enrol | privacy
demand   number of the demand talked about last
talked   when that was, in epoch seconds
report   {"no", "at", "supposed", "vague"}: the last report, which words that follow at once belong to; whether
         its place was taken from the one before, and whether hardly anything was said of what it is
returned {"no", "at"}: the order that a unit gave back last; why is often said in a line of its own
listed   {"nos", "at"}: the orders that were shown last as a numbered list, which 第二个 points into
meeting  {"no", "at"}: the meeting that was called, moved or told of last
media    [[media id, kind, at], …] pictures that came before their words
orders   epoch seconds of the reports of the last hour
minute   [start, count] messages in the current minute
human    {"task", "no", "at"} while a person has taken over
told     whether the resident was told what is kept of them
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

ASKED_LIFETIME = timedelta(hours=12)
_MET_SECONDS = 1800
MEDIA_LIFETIME = timedelta(minutes=10)
HUMAN_LIFETIME = timedelta(hours=24)


@dataclass
class Session:
    """The state of one conversation; `save` gives the JSON."""

    now: datetime
    asked: dict[str, Any] | None = None
    demand: str | None = None
    talked: float = 0
    report: dict[str, Any] | None = None
    returned: dict[str, Any] | None = None
    listed: dict[str, Any] | None = None
    meeting: dict[str, Any] | None = None
    media: list[list[Any]] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    minute: list[int] = field(default_factory=lambda: [0, 0])
    human: dict[str, Any] | None = None
    told: bool = False

    def __setattr__(self, name: str, value: Any) -> None:
        """Whoever says which demand is talked about, it is so from now on."""
        object.__setattr__(self, name, value)
        if name == "demand" and value:
            object.__setattr__(self, "talked", self.now.timestamp())

    @classmethod
    def load(cls, state: dict[str, Any], now: datetime) -> "Session":
        """Read it back, dropping what is too old to be meant."""
        known = {k: v for k, v in state.items() if k in cls.__dataclass_fields__ and k != "now"}
        session = cls(now=now, **known)
        epoch = now.timestamp()
        if session.asked and epoch - session.asked["at"] > ASKED_LIFETIME.total_seconds():
            session.asked = None
        if session.human and epoch - session.human["at"] > HUMAN_LIFETIME.total_seconds():
            session.human = None
        session.media = [m for m in session.media if epoch - m[2] <= MEDIA_LIFETIME.total_seconds()]
        session.orders = [t for t in session.orders if epoch - t < 3600]
        return session

    def save(self) -> dict[str, Any]:
        """Only what differs from a fresh one."""
        kept = {
            name: getattr(self, name)
            for name in (
                *("asked", "demand", "talked", "report", "returned", "listed", "meeting"),
                *("media", "orders", "human", "told"),
            )
            if getattr(self, name)
        }
        return {**kept, "minute": self.minute}

    def ask(self, kind: str, **more: Any) -> None:
        """Remember what was just asked."""
        self.asked = {"kind": kind, "at": int(self.now.timestamp()), **more}

    def asked_kind(self) -> str | None:
        """What kind of answer is waited for."""
        return self.asked["kind"] if self.asked else None

    def count_message(self) -> int:
        """How many messages this minute, this one included."""
        start = int(self.now.timestamp()) // 60
        self.minute = [start, self.minute[1] + 1] if self.minute[0] == start else [start, 1]
        return self.minute[1]

    def reported(self, no: str, *, supposed: bool = False, vague: bool = False) -> None:
        """A report was taken in; `supposed` when nobody said where it is, `vague` when hardly what."""
        self.demand = no
        self.report = {"no": no, "at": int(self.now.timestamp()), "supposed": supposed, "vague": vague}
        self.orders.append(int(self.now.timestamp()))

    def just_reported(self, within_seconds: int) -> str | None:
        """The report that words which follow at once belong to."""
        if self.report and self.now.timestamp() - self.report["at"] <= within_seconds:
            return str(self.report["no"])
        return None

    def listing(self, nos: list[str]) -> None:
        """Orders were shown as a numbered list."""
        self.listed = {"nos": nos, "at": int(self.now.timestamp())}

    def just_listed(self) -> list[str]:
        """The orders of the list that is still before the person's eyes."""
        fresh = self.listed and self.now.timestamp() - self.listed["at"] <= ASKED_LIFETIME.total_seconds()
        return [str(no) for no in self.listed["nos"]] if self.listed and fresh else []

    def gave_back(self, no: str) -> None:
        """An order was returned."""
        self.returned = {"no": no, "at": int(self.now.timestamp())}

    def just_returned(self, within_seconds: int) -> str | None:
        """The order that was given back so shortly ago."""
        if self.returned and self.now.timestamp() - self.returned["at"] <= within_seconds:
            return str(self.returned["no"])
        return None

    def met(self, no: str) -> None:
        """A meeting was told of."""
        self.meeting = {"no": no, "at": int(self.now.timestamp())}

    def just_met(self) -> str | None:
        """The meeting that was told of last, while 改到周五 or 准时到 may be about it."""
        if self.meeting and self.now.timestamp() - self.meeting["at"] <= _MET_SECONDS:
            return str(self.meeting["no"])
        return None

    def hold(self, media_id: str, kind: str) -> None:
        """Let something wait for its words; of more than nine the oldest goes."""
        self.media = [*self.media, [media_id, kind, int(self.now.timestamp())]][-9:]

    def let_go(self, media_id: str) -> None:
        """It waits no longer."""
        self.media = [m for m in self.media if m[0] != media_id]

    def take_media(self) -> list[tuple[str, str]]:
        """Pictures that wait for their words; they are used once."""
        found = [(str(m[0]), str(m[1])) for m in self.media]
        self.media = []
        return found
