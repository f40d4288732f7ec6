"""红黑榜 on the board: what the street has published, companies only; from how many parties each score comes."""

from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.appraise import ranking_telling as telling
from redprop_bot.appraise.appraisal_telling import points
from redprop_bot.notify import words
from redprop_bot.rules import ranking
from redprop_bot.rules.ranking import Line
from redprop_bot.store import rankings
from redprop_bot.store.tables import Ranking
from redprop_bot.web.board.place import Here

SHOWN: Final = 2
_TONES: Final = {"red": "red", "yellow": "amber"}


def ranked(at: Here) -> Mapping[str, Any]:
    """The boards that stand, the newest first."""
    rows = rankings.standing(at.tx, at.community.street_id, limit=SHOWN)
    return {"boards": [_board(at, row) for row in rows]}


def _board(at: Here, row: Ranking) -> dict[str, Any]:
    published = words.full_date(row.published_at, at.tx.content.zone) if row.published_at is not None else ""
    return {
        "name": telling.names(at.tx, row)["board"],
        "published": published,
        "lines": [_line(at, row, line) for line in ranking.read(row.lines)],
    }


def _line(at: Here, row: Ranking, line: Line) -> dict[str, Any]:
    score = points(line.score) if line.score is not None and line.place is not None else ""
    return {
        "unit": at.reg.organisations[line.unit].name,
        "place": line.place,
        "score": score,
        "colour": telling.colour(row, line),
        "tone": _TONES.get(line.colour, ""),
        "scored": line.scored,
        "parties": line.parties,
        "apart": "" if line.place else at.tx.content.replies.say(f"ranking.apart.{line.apart}", score=""),
    }
