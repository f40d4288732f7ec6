"""What answers about meetings look like; joined to the description in `document`."""

from collections.abc import Mapping
from typing import Final

from redprop_bot.web.api.schemas import MAY, TEXT, WHEN, WHOLE, YES_NO, Schema, listed, maybe, shaped

_POINT: Final = shaped(
    kind=TEXT,
    title=TEXT,
    demands=listed(TEXT),
    lines=listed(TEXT),
    voices={"type": ["integer", "null"]},
    days={"type": ["integer", "null"]},
    units={"type": ["array", "null"], "items": TEXT},
)
_MEMBER: Final = shaped(
    name=MAY,
    part=TEXT,
    units=listed(TEXT),
    answer=MAY,
    reason=MAY,
    deputy_for=MAY,
    present=YES_NO,
    present_at=WHEN,
)
_VOTE: Final = shaped(
    number=WHOLE, text=TEXT, state=TEXT, yes=WHOLE, no=WHOLE, abstain=WHOLE, opened_at=WHEN, closed_at=WHEN
)
_RESOLUTION: Final = shaped(
    id=WHOLE,
    number=WHOLE,
    kind=TEXT,
    text=TEXT,
    demands=listed(TEXT),
    handler=MAY,
    helpers=listed(TEXT),
    due_at=WHEN,
    stage=TEXT,
    overdue=YES_NO,
    measure=maybe(
        shaped(
            project=TEXT,
            title=TEXT,
            number=WHOLE,
            owner=MAY,
            percent=WHOLE,
            stage=TEXT,
            due_at=WHEN,
            late=YES_NO,
            progress=TEXT,
        )
    ),
)
_MINUTES: Final = shaped(
    state=TEXT,
    title=TEXT,
    sections=listed(shaped(head=TEXT, lines=listed(TEXT))),
    remarks=TEXT,
    written_at=WHEN,
    approved_at=WHEN,
    approved_by=MAY,
)
ITEMS: Final[Mapping[str, Schema]] = {
    "Meeting": shaped(
        id=WHOLE,
        no=TEXT,
        kind=TEXT,
        kind_name=TEXT,
        title=TEXT,
        community=MAY,
        place=MAY,
        starts_at=WHEN,
        ends_at=WHEN,
        state=TEXT,
        quarter=WHOLE,
        topics=listed(TEXT),
        agenda=listed(_POINT),
        agenda_fixed_at=WHEN,
        members=listed(_MEMBER),
        invited=WHOLE,
        present=WHOLE,
        quorum=WHOLE,
        votes=listed(_VOTE),
        resolutions=listed(_RESOLUTION),
        minutes=maybe(_MINUTES),
        code=MAY,
        reason=MAY,
        by=MAY,
        created_at=WHEN,
        updated_at=WHEN,
        version=WHOLE,
    ),
    "MeetingYear": shaped(
        community=MAY,
        year=WHOLE,
        quarters=listed(
            shaped(
                quarter=WHOLE,
                name=TEXT,
                state=TEXT,
                meetings=listed(TEXT),
                resolutions=WHOLE,
                done=WHOLE,
                overdue=WHOLE,
            )
        ),
    ),
}
