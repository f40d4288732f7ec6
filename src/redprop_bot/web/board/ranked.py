"""红黑榜 and 黑名单 on the board: what the street has published, companies only; who is listed, and until when."""

from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.appraise import ranking_telling as telling
from redprop_bot.appraise import sanction_telling
from redprop_bot.appraise.appraisal_telling import points
from redprop_bot.notify import words
from redprop_bot.registry.care import companies, looks_after
from redprop_bot.rules import ranking
from redprop_bot.rules.ranking import Line
from redprop_bot.store import rankings
from redprop_bot.store.tables import Ranking
from redprop_bot.web.board.place import Here

SHOWN: Final = 2
_TONES: Final = {"red": "red", "yellow": "amber"}


def ranked(at: Here) -> Mapping[str, Any]:
    """The boards that stand, the newest first; companies of the place that are on a public list."""
    rows = rankings.standing(at.tx, at.community.street_id, limit=SHOWN)
    return {"boards": [_board(at, row) for row in rows], "listings": _listings(at)}


def _listings(at: Here) -> list[dict[str, str]]:
    theirs = [unit.id or 0 for unit in companies(at.reg, at.community.id or 0)]
    if at.estate is not None:
        theirs = [key for key in theirs if looks_after(at.reg, at.reg.organisations[key].name, at.estate)]
    rows = sanction_telling.listings(at.tx, theirs)
    return [{**sanction_telling.names(at.tx, row), "since": at.day(row.decided_at)} for row in rows]


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
        "apart": ""
        if line.place
        else at.tx.content.replies.say(f"ranking.apart.{telling.apart(at.tx, line)}", score=""),
    }
