"""What is known of a new matter before it is a demand, and whether the secretary looks at it first."""

from dataclasses import dataclass
from datetime import datetime

from redprop_bot.store import people
from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a new matter; codes of the taxonomy, keys of the register."""

    text: str
    reported_at: datetime
    intent: str = "demand.report"
    category: str | None = None
    urgency: str | None = None
    estate_id: int | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    place: str | None = None
    phone: str | None = None
    party: str | None = None
    community_id: int | None = None  # where it belongs when no place says so
    role: str = "resident"  # as which the speaker's words were read
    said: str | None = None  # the words that this matter was read from, when `text` says more

    @property
    def is_emergency(self) -> bool:
        """Whether lives are at stake."""
        return self.urgency == "emergency"


def looked_at_first(tx: Tx, reporter_id: int | None, urgency: str | None) -> bool:
    """Whether the secretary looks before this person's report is dispatched (先问再办); never where lives are."""
    if reporter_id is None or urgency == "emergency":
        return False
    person = people.named(tx, {reporter_id}).get(reporter_id)
    until = person.ask_first_until if person else None
    return until is not None and until > tx.now
