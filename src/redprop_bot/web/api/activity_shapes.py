"""What may be sent about activities, and what answers about them look like."""

from collections.abc import Mapping
from typing import Final

from redprop_bot.rules.activities import STATES
from redprop_bot.volunteers import activities, attendance
from redprop_bot.web.api import paging
from redprop_bot.web.api.fields import Field, Shape
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, NUMBER, TEXT, WHEN, WHOLE, shaped

FIELDS: Final[dict[str, Field]] = {
    "title": Field("text", longest=activities.TITLE_LIMIT),
    "kind": Field("text", longest=32),
    "note": Field("text", longest=500),
    "place": Field("text", longest=200),
    "starts_at": Field("moment"),
    "ends_at": Field("moment"),
    "capacity": Field("whole", "how many may come; without it as many as like", nullable=True),
    "points": Field("whole", "for the whole of it; without it by the hour", nullable=True),
    "lat": Field("number", "of the place, for checking in there", nullable=True, least=-90, most=90),
    "lng": Field("number", nullable=True, least=-180, most=180),
}
NEEDED: Final = {
    "title": Field("text", required=True, longest=activities.TITLE_LIMIT),
    "starts_at": Field("moment", required=True),
    "ends_at": Field("moment", required=True),
}
BODY: Final[Shape] = {
    **FIELDS,
    **NEEDED,
    "community": Field("text", "the token's own when left out", longest=64),
    "status": Field("text", "planned or published", one_of=("planned", "published")),
}
CHANGE: Final[Shape] = {
    "version": Field("whole", "as it was read", required=True),
    **FIELDS,
    "status": Field("text", "published or cancelled", one_of=("published", "cancelled")),
    "reason": Field("text", "why it is called off", longest=200),
}
FILTERS: Final = {
    "status": ", ".join(STATES),
    "from": "on after this moment or day",
    "to": "begins before this moment or day",
    **paging.QUERY,
}
_WHO: Final = Field("text", "userid or openid", required=True, longest=64)
_PROOF: Final = {
    "userid": _WHO,
    "code": Field("text", "the six digits shown now", longest=12),
    "lat": Field("number", "or where they are; it is not kept", least=-90, most=90),
    "lng": Field("number", least=-180, most=180),
}
_REASON: Final = Field("text", required=True, longest=attendance.REASON_LIMIT)
ACTS: Final[Mapping[str, Shape]] = {
    "publish": {},
    "cancel": {"reason": Field("text", required=True, longest=200)},
    "signup": {"userid": _WHO},
    "withdraw": {"userid": _WHO},
    "checkin": _PROOF,
    "checkout": _PROOF,
    "correct": {"userid": _WHO, "reason": _REASON, "came_at": Field("moment"), "left_at": Field("moment")},
    "strike": {"userid": _WHO, "reason": _REASON},
    "headcount": {"number": Field("whole", required=True)},
}
ACT: Final[Shape] = {
    "act": Field("text", ", ".join(ACTS), required=True, one_of=tuple(ACTS), code="unknown_act"),
    **{name: Field(f.kind, f.note, longest=f.longest) for shape in ACTS.values() for name, f in shape.items()},
}
ITEMS: Final = {
    "Activity": shaped(
        id=WHOLE,
        no=TEXT,
        title=TEXT,
        kind=TEXT,
        note=TEXT,
        community=MAY,
        place=TEXT,
        lat=NUMBER,
        lng=NUMBER,
        starts_at=WHEN,
        ends_at=WHEN,
        capacity=MAY_WHOLE,
        points=MAY_WHOLE,
        signups=WHOLE,
        waiting=WHOLE,
        checkins=WHOLE,
        head_count=MAY_WHOLE,
        status=TEXT,
        reason=MAY,
        organiser=TEXT,
        organisation=MAY,
        created_at=WHEN,
        updated_at=WHEN,
        version=WHOLE,
    ),
    "Participant": shaped(
        userid=MAY, name=MAY, state=TEXT, came_at=WHEN, left_at=WHEN, way=MAY, corrected_by=MAY, reason=MAY
    ),
    "Code": shaped(no=TEXT, code=TEXT, seconds=WHOLE, scene=TEXT),
}
