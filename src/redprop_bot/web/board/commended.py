"""评选表彰 on the board: votes that run and where to vote; commended companies by name, persons covered."""

from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.appraise import commendation_telling as telling
from redprop_bot.appraise import commendation_vote as votes
from redprop_bot.notify import words
from redprop_bot.rules import commendation as rules
from redprop_bot.rules.commendation import State
from redprop_bot.store import commendations
from redprop_bot.store.tables import Commendation
from redprop_bot.web.board.place import Here

SHOWN: Final = 8


def commended(at: Here) -> Mapping[str, Any]:
    """Votes that run and results that stand, the newest first; nobody who was not commended."""
    states = (State.VOTING.value, State.CONFIRMED.value)
    rows = commendations.page(at.tx, communities=[at.community.id or 0], states=states, limit=SHOWN)
    running = [row for row in rows if row.state == State.VOTING and not votes.is_over(at.tx, row)]
    return {
        "running": [
            telling.names(at.tx, row) | {"address": f"/m/commendations/{row.id}", "runs": votes.runs(at.tx, row)}
            for row in running
        ],
        "rows": [_result(at, row) for row in rows if row.state == State.CONFIRMED],
    }


def _result(at: Here, row: Commendation) -> dict[str, Any]:
    stand = {one.number: one for one in votes.on_ballot(at.tx, row)}
    placed = votes.count(at.tx, row).placed
    crowd = [telling.public_name(at.tx, row, stand[one.number]) for one in rules.crowded(placed, row.winners)]
    return {
        "title": f"{row.year}年{row.title}",
        "names": [telling.public_name(at.tx, row, stand[one.number]) for one in placed if one.wins],
        "tied": crowd,
        "date": words.full_date(row.confirmed_at, at.tx.content.zone) if row.confirmed_at is not None else "",
    }
