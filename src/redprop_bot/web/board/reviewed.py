"""示范创建 on the board: estate, standard, the last level that passed it and when; nobody in person."""

from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.appraise import standard_progress, standard_telling
from redprop_bot.appraise.standard_progress import Whole
from redprop_bot.notify import words
from redprop_bot.rules.standards import State
from redprop_bot.store import standards
from redprop_bot.web.board.place import Here

SHOWN: Final = 12


def reviewed(at: Here) -> Mapping[str, Any]:
    """What has passed at least one level, the newest first; what was called off does not stand here."""
    rows = standards.page(
        at.tx,
        communities=[at.community.id or 0],
        estate_id=at.estate.id if at.estate is not None else None,
        limit=SHOWN * 2,
    )
    found = standard_progress.wholes(at.tx, [one for one in rows if one.state != State.STOPPED])
    return {"rows": [_row(at, one) for one in found if one.passed][:SHOWN]}


def _row(at: Here, whole: Whole) -> dict[str, Any]:
    one, last = whole.application, whole.passed[-1]
    return {
        "estate": at.reg.estates[one.estate_id].name,
        "standard": one.title,
        "level": last.name,
        "date": words.full_date(last.at, at.tx.content.zone),
        "over": one.state == State.PASSED,
        "next": standard_telling.level_name(one),
    }
