"""What answers about 考评 look like."""

from collections.abc import Mapping
from typing import Final

from redprop_bot.rules.grades import State
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

_ITEM: Final = shaped(key=TEXT, title=TEXT, full=WHOLE)
_PARTY: Final = shaped(
    key=TEXT,
    name=TEXT,
    weight=WHOLE,
    named=YES_NO,
    needed=WHOLE,
    asked=MAY_WHOLE,
    scored=MAY_WHOLE,
    yours=YES_NO,
    given={"type": ["object", "null"], "additionalProperties": WHOLE},
    said_by=TEXT,
    by=MAY,
)
_LINE: Final = shaped(key=TEXT, title=TEXT, full=WHOLE, points=NUMBER, how=TEXT, good=WHOLE, of=WHOLE, was=NUMBER)
_PART: Final = shaped(
    key=TEXT,
    name=TEXT,
    weight=WHOLE,
    scorers=WHOLE,
    needed=WHOLE,
    missing=MAY,
    points=NUMBER,
    full=WHOLE,
    percent=NUMBER,
    damping=maybe(shaped(size=WHOLE, percent=WHOLE)),
    lines=listed(_LINE),
)
_ROUND: Final = shaped(
    id=WHOLE,
    sheet=TEXT,
    title=TEXT,
    period=TEXT,
    period_title=TEXT,
    unit=TEXT,
    community=MAY,
    state={**TEXT, "enum": list(State)},
    items=listed(_ITEM),
    parties=listed(_PARTY),
    least=WHOLE,
    steps=listed(WHOLE),
    score=NUMBER,
    stars=MAY_WHOLE,
    working=listed(_PART),
    appeal=TEXT,
    decision=TEXT,
    opened_at=WHEN,
    due_at=WHEN,
    published_at=WHEN,
    appeal_until=WHEN,
    updated_at=WHEN,
)

ITEMS: Final[Mapping[str, Schema]] = {"Appraisal": _ROUND, "Appraisals": shaped(items=listed(_ROUND))}
