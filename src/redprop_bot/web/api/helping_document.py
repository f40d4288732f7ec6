"""What answers about matching, places and bookings look like."""

from collections.abc import Mapping
from typing import Final

from redprop_bot.web.api.schemas import (
    MAY,
    MAY_WHOLE,
    NUMBER,
    TEXT,
    WHEN,
    WHOLE,
    YES_NO,
    Schema,
    listed,
    maybe,
    shaped,
)

_PARTS: Final = listed(shaped(part=TEXT, points=WHOLE, most=WHOLE, says=TEXT))
_ASK: Final = {
    "who": MAY,
    "subject": TEXT,
    "subject_id": WHOLE,
    "title": TEXT,
    "score": WHOLE,
    "parts": _PARTS,
}
_MATCH: Final = {
    "id": WHOLE,
    "need": TEXT,
    "no": TEXT,
    "side": TEXT,
    "community": MAY,
    "state": TEXT,
    "asked": WHOLE,
    "by": TEXT,
    "opened_at": WHEN,
    "ended_at": WHEN,
    "why": MAY,
    "asks": listed(
        shaped(id=WHOLE, **_ASK, state=TEXT, asked_at=WHEN, answer_by=WHEN, answered_at=WHEN, reason=MAY)
    ),
    "version": WHOLE,
}
_PARTY: Final = listed(shaped(who=TEXT, title=TEXT, state=TEXT))

PLACE: Final[Mapping[str, Schema]] = {
    "lat": NUMBER,
    "lng": NUMBER,
    "capacity": MAY_WHOLE,
    "quantity": WHOLE,
    "services": listed(TEXT),
    "bookable": YES_NO,
}
"""What a resource has beyond a service."""

ITEMS: Final[Mapping[str, Schema]] = {
    "Match": shaped(**_MATCH),
    "WholeMatch": shaped(
        **_MATCH,
        parties=shaped(
            needs=shaped(who=TEXT, where=TEXT, what=TEXT, text=TEXT),
            resources=_PARTY,
            services=_PARTY,
            handler=MAY,
        ),
    ),
    "Candidate": shaped(**_ASK),
    "NearPlace": shaped(
        no=TEXT,
        title=TEXT,
        kind=TEXT,
        community=MAY,
        place=MAY,
        hours=MAY,
        open=maybe(YES_NO),
        km=NUMBER,
        capacity=MAY_WHOLE,
        services=listed(TEXT),
        bookable=YES_NO,
    ),
    "Booking": shaped(
        no=TEXT,
        resource=TEXT,
        title=TEXT,
        community=MAY,
        starts_at=WHEN,
        ends_at=WHEN,
        heads=WHOLE,
        purpose=TEXT,
        name=MAY,
        state=TEXT,
        created_at=WHEN,
        cancelled_at=WHEN,
        reason=MAY,
        version=WHOLE,
    ),
    "Free": shaped(
        day=TEXT, bookable=YES_NO, free=listed({"type": "object", "properties": {"from": WHEN, "to": WHEN}})
    ),
    "Use": shaped(resource=TEXT, month=TEXT, bookings=WHOLE, booked_heads=WHOLE, counted_heads=WHOLE),
}
