"""All tables, one module per family; `metadata` is what migrations are compared with."""

from redprop_bot.store.tables.access import Account, Answer, ApiToken, LoginTry, PlatformStop, PlatformToken
from redprop_bot.store.tables.activities import Activity, ActivityPhoto, Attendance, SignUp
from redprop_bot.store.tables.appraisals import Appraisal, AppraisalBallot
from redprop_bot.store.tables.base import metadata
from redprop_bot.store.tables.bookings import Booking, Place, PlaceUse
from redprop_bot.store.tables.commendation import (
    Commendation,
    CommendationBallot,
    CommendationCandidate,
    Opinion,
)
from redprop_bot.store.tables.console import Edition, SavedView, Upload
from redprop_bot.store.tables.discipline import Ranking, Rectification, Sanction, Talk
from redprop_bot.store.tables.figures import Figure, Recount, Tally
from redprop_bot.store.tables.lists import Resource, Service, Task
from redprop_bot.store.tables.loop import Attachment, Demand, Event, Helper, Precedent, Supporter
from redprop_bot.store.tables.matching import FitKey, FitMark, Pairing, PairingAsk, Respite
from redprop_bot.store.tables.mediation import Mediation, MediationSession, MediationSide
from redprop_bot.store.tables.meetings import Ballot, Decided, Meeting, Resolution, Seat, Topic, Voice, Vote
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
from redprop_bot.store.tables.points import PointBalance, PointEntry, PointRequest
from redprop_bot.store.tables.projects import BudgetLine, Measure, Milestone, Project
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
from redprop_bot.store.tables.shop import Goods, Redemption, StockMove
from redprop_bot.store.tables.standards import StandardApplication, StandardItem, StandardPhoto
from redprop_bot.store.tables.surveys import Survey, SurveyCall
from redprop_bot.store.tables.teaching import Correction
from redprop_bot.store.tables.thanks import ThanksCard
from redprop_bot.store.tables.visits import Visit
from redprop_bot.store.tables.wishes import Wish
from redprop_bot.store.tables.workers import WorkerEvent

__all__ = [
    "PERSONAL",
    "Account",
    "Activity",
    "ActivityPhoto",
    "Answer",
    "ApiToken",
    "Appraisal",
    "AppraisalBallot",
    "Attachment",
    "Attendance",
    "Ballot",
    "Booking",
    "Budget",
    "BudgetLine",
    "Building",
    "Card",
    "CheckIn",
    "ClosedRoad",
    "Commendation",
    "CommendationBallot",
    "CommendationCandidate",
    "Community",
    "Conversation",
    "Correction",
    "Counter",
    "Decided",
    "Demand",
    "Duty",
    "Edition",
    "Estate",
    "Event",
    "Figure",
    "FitKey",
    "FitMark",
    "Goods",
    "Grant",
    "Helper",
    "Inbox",
    "Lease",
    "LoginTry",
    "Measure",
    "Mediation",
    "MediationSession",
    "MediationSide",
    "Meeting",
    "Member",
    "Milestone",
    "Mode",
    "Nudge",
    "Opinion",
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
    "PointBalance",
    "PointEntry",
    "PointRequest",
    "Post",
    "Posting",
    "Precedent",
    "Project",
    "Ranking",
    "Recount",
    "Rectification",
    "Redemption",
    "Reminder",
    "Replay",
    "Resolution",
    "Resource",
    "Respite",
    "Responsibility",
    "Revision",
    "Sanction",
    "SavedView",
    "SceneCode",
    "Seat",
    "Service",
    "SignUp",
    "StandardApplication",
    "StandardItem",
    "StandardPhoto",
    "StockMove",
    "Street",
    "Supporter",
    "Survey",
    "SurveyCall",
    "Talk",
    "Tally",
    "Task",
    "ThanksCard",
    "Timer",
    "Topic",
    "Upload",
    "Visit",
    "Voice",
    "Vote",
    "WhistleCall",
    "Wish",
    "WorkerEvent",
    "metadata",
]
