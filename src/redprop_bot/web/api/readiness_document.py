"""What answers about whistles and emergencies look like."""

from collections.abc import Mapping
from typing import Final

from redprop_bot.web.api.schemas import (
    COUNTS,
    MAY,
    MAY_WHOLE,
    NUMBER,
    TEXT,
    WHEN,
    WHOLE,
    YES_NO,
    Schema,
    listed,
    shaped,
)

_CALLS: Final = shaped(
    called=WHOLE,
    answered=WHOLE,
    in_time=WHOLE,
    claimed=WHOLE,
    declined=WHOLE,
    done=WHOLE,
    done_in_time=WHOLE,
    tabled=WHOLE,
    rated=WHOLE,
    stars=NUMBER,
)
_WHISTLE: Final = shaped(
    id=WHOLE,
    demand=TEXT,
    community=MAY,
    unit=TEXT,
    kind=TEXT,
    matter=TEXT,
    by=TEXT,
    state=TEXT,
    called_at=WHEN,
    answer_by=WHEN,
    answered_at=WHEN,
    answered_by=MAY,
    reason=MAY,
    climbed_at=WHEN,
    tabled_at=WHEN,
    limit_at=WHEN,
    progress_at=WHEN,
    progress=TEXT,
    done_at=WHEN,
    done_note=TEXT,
    stars=MAY_WHOLE,
    rating_reason=MAY,
    version=WHOLE,
)

ITEMS: Final[Mapping[str, Schema]] = {
    "Whistle": _WHISTLE,
    "Whistles": shaped(demand=TEXT, items=listed(_WHISTLE)),
    "WhistleSheet": shaped(
        quarter=MAY,
        items=listed(
            shaped(
                demand=TEXT,
                stage=TEXT,
                community=MAY,
                where=TEXT,
                what=TEXT,
                text=TEXT,
                by=TEXT,
                units=listed(
                    shaped(
                        unit=TEXT,
                        state=TEXT,
                        state_name=TEXT,
                        answered_at=WHEN,
                        answer_by=WHEN,
                        late=YES_NO,
                        progress=TEXT,
                        limit_at=WHEN,
                        done_at=WHEN,
                        stars=MAY_WHOLE,
                        reason=MAY,
                    )
                ),
            )
        ),
    ),
    "WhistleFigures": shaped(
        quarter=MAY,
        total=_CALLS,
        units=listed(shaped(unit=TEXT, **_CALLS["properties"])),
    ),
    "Mode": shaped(
        no=TEXT,
        title=TEXT,
        scope=TEXT,
        communities=listed(TEXT),
        estates=listed(TEXT),
        began_at=WHEN,
        until=WHEN,
        by=TEXT,
        ended_at=WHEN,
        ended_by=MAY,
        figures=COUNTS,
        duty=listed(shaped(name=MAY, part=TEXT, unit=MAY, received_at=WHEN, reminded_at=WHEN)),
    ),
}
