# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""What a message comes down to: a list of acts, in the labels of the contract.

The codes are a contract with the API, the stored rows and the evaluation; a new intent, slot or role is added here
and nowhere else. Categories and urgencies stand in `content.codes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

RESIDENT_INTENTS = (
    "demand.report",
    "complaint",
    "mediation",
    "suggestion",
    "wish",
    "resource.offer",
    "service.offer",
    "progress.query",
    "demand.urge",
    "demand.withdraw",
    "demand.supplement",
    "feedback.satisfied",
    "feedback.unsatisfied",
    "praise",
    "consult",
    "notice.query",
    "meeting.query",
    "meeting.propose",
    "activity.query",
    "activity.signup",
    "activity.cancel",
)
MEMBER_INTENTS = ("checkin", "points.query", "points.redeem", "member.register", "order.assist")
PROVIDER_INTENTS = ("order.accept", "order.return", "order.progress", "order.fulfil", "order.extend")
SECRETARY_INTENTS = (
    "order.dispatch",
    "order.escalate",
    "order.merge",
    "order.close",
    "order.list",
    "visit.log",
    "meeting.schedule",
    "meeting.resolve",
    "report.stats",
)
ANYONE_INTENTS = ("human", "help", "privacy", "greeting", "unknown")
INTENTS = RESIDENT_INTENTS + MEMBER_INTENTS + PROVIDER_INTENTS + SECRETARY_INTENTS + ANYONE_INTENTS

DANGER = "险情:"
"""How a reason begins that names a danger: the rule stands behind it, or that only the weights thought so."""
DANGER_GUESSED = f"{DANGER}模型"

CATEGORY_INTENTS = frozenset({"demand.report", "complaint", "mediation", "suggestion"})

SLOTS = (
    "estate",
    "building",
    "unit",
    "room",
    "place",
    "phone",
    "time",
    "order",
    "into",
    "except",
    "party",
    "reason",
    "days",
    "stars",
)

ROLES = ("resident", "member", "provider", "secretary")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing said. `slots` holds only what was said; `text` is the piece it was read from, in the speaker's words."""

    intent: str
    category: str | None = None
    urgency: str | None = None
    slots: Mapping[str, str | int] = field(default_factory=dict)
    confidence: float = 1.0
    why: tuple[str, ...] = ()
    text: str = ""
