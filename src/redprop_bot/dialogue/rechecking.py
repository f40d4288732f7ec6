"""整改 in chat, what comes later: 合格 and 不合格 by whoever runs it, more days by the company, yes or no to them.

Talks have their page; whose word it is, is decided in `appraise`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from redprop_bot.appraise import rectification as steps
from redprop_bot.appraise import rectification_rights as rights
from redprop_bot.appraise import rectification_telling as telling
from redprop_bot.appraise import scorers
from redprop_bot.dialogue.rectifying_words import Said
from redprop_bot.dialogue.turn import Turn
from redprop_bot.dialogue.written_days import day_of
from redprop_bot.errors import Invalid, NotFound
from redprop_bot.rules.discipline import RUNNING, Extension
from redprop_bot.store import rectifications
from redprop_bot.store.tables import Rectification

_LOOKED_AT: Final = 50
_SHOWN: Final = 8


def day_in(turn: Turn, said: Said) -> date | None:
    """The day that was said; None where none was. Raises Invalid for one that there is not."""
    if said.days is not None:
        return steps.today(turn.tx) + said.days
    if not said.until:
        return None
    day = day_of(turn, said.until)
    if day is None:
        raise Invalid("rectification_due", longest=str(turn.tx.content.rectification.longest))
    return day.date()


def _mine(turn: Turn) -> list[Rectification]:
    """Orders that are not over, of the companies of the speaker, or those they run."""
    who, reg = scorers.hand(turn.speaker), turn.register
    rows = rectifications.page(
        turn.tx, communities=None, organisations=who.units or None, states=RUNNING, limit=_LOOKED_AT
    )
    return rows if who.units else [row for row in rows if rights.runs(reg, row, who)]


def _one(turn: Turn, said: Said, fits: Callable[[Rectification], bool]) -> Rectification | None:
    """The order that is meant; None where it was asked which, or where none can be meant. Raises NotFound."""
    posts = turn.speaker.posts
    if not scorers.managed(posts) and all(post.organisation_id is not None for post in posts):
        return None  # a craftsman's 整改合格 is about something else
    rows = _mine(turn)
    if said.no is not None:
        found = next((row for row in rows if row.id == said.no), None)
        if found is None:
            raise NotFound("no_rectification")
        return found
    rows = [row for row in rows if fits(row)]
    if len(rows) > 1:
        _which(turn, rows)
    return rows[0] if len(rows) == 1 else None


def _which(turn: Turn, rows: Sequence[Rectification]) -> None:
    first = telling.names(turn.tx, rows[0])
    which = "、".join(f"第 {row.id} 号（{row.items[0]}）" for row in rows[:_SHOWN])
    turn.say("rectification.which_later", which=which, no=first["no"])


def _checked(turn: Turn, said: Said) -> bool:
    row = _one(turn, said, partial(rights.may_check, turn.tx))
    if row is None:
        return bool(turn.said)
    passed, due = said.what == "pass", day_in(turn, said)
    if not passed and due is None:
        due = steps.today(turn.tx) + timedelta(days=turn.tx.content.rectification.days)
    with turn.tx.savepoint():
        row = steps.check(turn.tx, row, scorers.hand(turn.speaker), passed=passed, reason=said.text, due=due)
    turn.say("rectification.checked" if passed else "rectification.failed_again", **telling.names(turn.tx, row))
    return True


def _more(turn: Turn, said: Said) -> bool:
    if not scorers.hand(turn.speaker).units:
        return False
    row = _one(turn, said, partial(rights.may_extend, turn.tx))
    if row is None:
        return bool(turn.said)
    until = day_in(turn, said)
    assert until is not None
    with turn.tx.savepoint():
        row = steps.ask_more(turn.tx, row, scorers.hand(turn.speaker), until=until, reason=said.text)
    turn.say("rectification.more_asked", **telling.names(turn.tx, row))
    return True


def _answered(turn: Turn, said: Said) -> bool:
    row = _one(turn, said, lambda one: one.extension == Extension.ASKED)
    if row is None:
        return bool(turn.said)
    yes = said.what == "grant"
    with turn.tx.savepoint():
        row = steps.answer_more(turn.tx, row, scorers.hand(turn.speaker), granted=yes, reason=said.text)
    turn.say("rectification.granted" if yes else "rectification.refused", **telling.names(turn.tx, row))
    return True


DO: Final[Mapping[str, Callable[[Turn, Said], bool]]] = {
    "pass": _checked,
    "fail": _checked,
    "extend": _more,
    "grant": _answered,
    "refuse": _answered,
}
