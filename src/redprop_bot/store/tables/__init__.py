"""All tables, one module per family; `metadata` is what migrations are compared with."""

from redprop_bot.store.tables.access import Account, Answer, ApiToken, LoginTry, PlatformStop, PlatformToken
from redprop_bot.store.tables.base import metadata
from redprop_bot.store.tables.bookings import Booking, Place, PlaceUse
from redprop_bot.store.tables.console import Edition, SavedView, Upload
from redprop_bot.store.tables.figures import Figure, Recount, Tally
from redprop_bot.store.tables.lists import Resource, Service, Task
from redprop_bot.store.tables.loop import Attachment, Demand, Event, Helper, Precedent, Supporter
from redprop_bot.store.tables.matching import FitKey, FitMark, Pairing, PairingAsk, Respite
from redprop_bot.store.tables.messages import (
    Budget,
    Card,
    ClosedRoad,
    Conversation,
    Counter,
    Grant,
    Inbox,
    Outbox,
    Replay,
    Timer,
)
from redprop_bot.store.tables.publicity import PhoneLine, Posting, SceneCode
from redprop_bot.store.tables.readiness import CheckIn, Duty, Mode, WhistleCall
from redprop_bot.store.tables.register import (
    PERSONAL,
    Building,
    Community,
    Estate,
    Member,
    Organisation,
    Person,
    Post,
    Responsibility,
    Revision,
    Street,
)
from redprop_bot.store.tables.reminders import Lease, Nudge, Reminder
from redprop_bot.store.tables.teaching import Correction

__all__ = [
    "PERSONAL",
    "Account",
    "Answer",
    "ApiToken",
    "Attachment",
    "Booking",
    "Budget",
    "Building",
    "Card",
    "CheckIn",
    "ClosedRoad",
    "Community",
    "Conversation",
    "Correction",
    "Counter",
    "Demand",
    "Duty",
    "Edition",
    "Estate",
    "Event",
    "Figure",
    "FitKey",
    "FitMark",
    "Grant",
    "Helper",
    "Inbox",
    "Lease",
    "LoginTry",
    "Member",
    "Mode",
    "Nudge",
    "Organisation",
    "Outbox",
    "Pairing",
    "PairingAsk",
    "Person",
    "PhoneLine",
    "Place",
    "PlaceUse",
    "PlatformStop",
    "PlatformToken",
    "Post",
    "Posting",
    "Precedent",
    "Recount",
    "Reminder",
    "Replay",
    "Resource",
    "Respite",
    "Responsibility",
    "Revision",
    "SavedView",
    "SceneCode",
    "Service",
    "Street",
    "Supporter",
    "Tally",
    "Task",
    "Timer",
    "Upload",
    "WhistleCall",
    "metadata",
]
