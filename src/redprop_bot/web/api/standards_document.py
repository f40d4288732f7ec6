"""What answers about 示范创建 look like."""

from collections.abc import Mapping
from typing import Final

from redprop_bot.rules.standards import Mark, Outcome, State
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, NUMBER, TEXT, WHEN, WHOLE, YES_NO, Schema, listed, shaped

_ITEM: Final = shaped(
    number=WHOLE,
    key=TEXT,
    title=TEXT,
    evidence=TEXT,
    figure=MAY,
    value=MAY_WHOLE,
    least=MAY_WHOLE,
    known=TEXT,
    mark={**TEXT, "enum": list(Mark)},
    note=TEXT,
    links=listed(TEXT),
    photos=listed(TEXT),
    by=MAY,
    at=WHEN,
)
_LEVEL: Final = shaped(key=TEXT, name=TEXT, by={**TEXT, "enum": ["secretary", "street"]}, named=YES_NO)
_DECISION: Final = shaped(
    level=TEXT,
    name=TEXT,
    round=WHOLE,
    outcome={**TEXT, "enum": list(Outcome)},
    reason=TEXT,
    by=MAY,
    decided_by=MAY,
    at=WHEN,
)
_GRANT: Final = shaped(
    number=WHOLE,
    project=TEXT,
    title=TEXT,
    source=TEXT,
    amount=NUMBER,
    planned=NUMBER,
    spent=NUMBER,
    by=MAY,
    at=WHEN,
    undone_at=WHEN,
    reason=TEXT,
)

ITEMS: Final[Mapping[str, Schema]] = {
    "Standard": shaped(
        id=WHOLE,
        standard=TEXT,
        title=TEXT,
        estate=TEXT,
        community=MAY,
        state={**TEXT, "enum": list(State)},
        level=TEXT,
        round=WHOLE,
        levels=listed(_LEVEL),
        least=WHOLE,
        met=WHOLE,
        not_met=WHOLE,
        open=WHOLE,
        items=listed(_ITEM),
        decisions=listed(_DECISION),
        grants=listed(_GRANT),
        opened_by=MAY,
        opened_at=WHEN,
        updated_at=WHEN,
        finished_at=WHEN,
    ),
}
