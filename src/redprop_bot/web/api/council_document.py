"""What answers of the council look like: projects with their measures, mediations."""

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

_MEASURE: Final = shaped(
    id=WHOLE,
    number=WHOLE,
    title=TEXT,
    note=TEXT,
    owner=MAY,
    unit=MAY,
    starts_at=WHEN,
    due_at=WHEN,
    percent=WHOLE,
    stage=TEXT,
    late=YES_NO,
    progress=TEXT,
    reported_at=WHEN,
    done_at=WHEN,
    resolution=maybe(shaped(meeting=TEXT, number=WHOLE)),
    version=WHOLE,
)

ITEMS: Final[Mapping[str, Schema]] = {
    "Measure": _MEASURE,
    "Mediation": shaped(
        id=WHOLE,
        no=TEXT,
        stage=TEXT,
        demand=MAY,
        demands=listed(TEXT),
        community=MAY,
        category=MAY,
        matter=TEXT,
        mediator=MAY,
        sides=listed(
            shaped(
                side=TEXT,
                name=TEXT,
                joined=YES_NO,
                code=MAY,
                accepted_at=WHEN,
                accepted_by=TEXT,
                refused_at=WHEN,
                kept=maybe(YES_NO),
                kept_at=WHEN,
            )
        ),
        sessions=listed(shaped(starts_at=WHEN, place=TEXT, state=TEXT, note=TEXT)),
        candidates=listed(TEXT),
        offer=TEXT,
        offered_at=WHEN,
        agreed_at=WHEN,
        follow_at=WHEN,
        followed_at=WHEN,
        ended_at=WHEN,
        reason=TEXT,
        created_at=WHEN,
        version=WHOLE,
    ),
    "MediationFigures": shaped(
        **{"from": WHEN},
        to=WHEN,
        opened=WHOLE,
        running=WHOLE,
        agreed=WHOLE,
        kept=WHOLE,
        broken=WHOLE,
        failed=WHOLE,
        withdrawn=WHOLE,
        success=MAY_WHOLE,
    ),
    "Project": shaped(
        id=WHOLE,
        no=TEXT,
        title=TEXT,
        kind=TEXT,
        kind_name=TEXT,
        note=TEXT,
        community=MAY,
        owner=MAY,
        lead=MAY,
        starts_at=WHEN,
        ends_at=WHEN,
        stage=TEXT,
        percent=WHOLE,
        late=WHOLE,
        overdue=YES_NO,
        result=TEXT,
        demands=listed(TEXT),
        meeting=MAY_WHOLE,
        budget=shaped(
            planned=NUMBER,
            spent=NUMBER,
            lines=listed(
                shaped(id=WHOLE, title=TEXT, source=TEXT, planned=NUMBER, spent=NUMBER, measure=MAY_WHOLE)
            ),
        ),
        milestones=listed(
            shaped(
                id=WHOLE, title=TEXT, due_at=WHEN, percent=WHOLE, measure=MAY_WHOLE, reached_at=WHEN, late=YES_NO
            )
        ),
        measures=listed(_MEASURE),
        events=listed(shaped(at=WHEN, act=TEXT, by=TEXT, measure=MAY_WHOLE, percent=MAY_WHOLE)),
        created_at=WHEN,
        updated_at=WHEN,
        finished_at=WHEN,
        version=WHOLE,
    ),
}
