"""红黑榜 in chat: a company asks where it stands and objects, the street and the communities what is there.

Making, deciding and publishing have their page, where everything can be seen before it is done.
"""

import re
from typing import Final

from redprop_bot.appraise import ranking as steps
from redprop_bot.appraise import ranking_telling as telling
from redprop_bot.appraise import scorers
from redprop_bot.appraise.scorers import Hand
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound, Refused
from redprop_bot.rules import ranking
from redprop_bot.rules.ranking import OPEN, SHOWN, Line, State
from redprop_bot.store import rankings
from redprop_bot.store.tables import Ranking

_LOOKED_AT: Final = 40
_LINES: Final = 10


def run(turn: Turn) -> bool:
    """Do what a sentence about 红黑榜 says; returns whether it was one, and of somebody whom it concerns."""
    if not turn.speaker.posts:
        return False
    terms = turn.tx.content.ranking
    name = "|".join(re.escape(one) for one in sorted({terms.title, *terms.words}, key=lambda one: -len(one)))
    text = turn.inbound.text.strip()
    who = scorers.hand(turn.speaker)
    asks = re.fullmatch(
        rf"(?:看看|看一下|查看|看|查)?(?:我们|公司|物业)?的?(?:{name})(?:名次|结果|怎么样|出来了吗)?[。？?]?"
        r"|我们(?:公司|物业)?(?:有没有|是不是)?(?:上|进)了?[红黄黑]?榜(?:单|上)?了?(?:吗|没有|没)?[。？?]?",
        text,
    )
    objects = re.fullmatch(
        rf"(?:我们?要?)?(?:对)?(?:{name})的?(?:有|提)?异议[：:，,\s](?P<reason>.+)", text, re.DOTALL
    )
    if asks is None and objects is None:
        return False
    if who.units:
        if objects is not None:
            return _objected(turn, who, objects["reason"])
        return _own(turn, who)
    if objects is not None or not any(post.organisation_id is None for post in turn.speaker.posts):
        return False
    return _listed(turn, who)


def _mine(turn: Turn, who: Hand) -> list[tuple[Ranking, Line]]:
    rows = rankings.page(turn.tx, states=SHOWN, limit=_LOOKED_AT)
    found = [(row, line) for row in rows for line in ranking.read(row.lines) if line.unit in who.units]
    return [(row, line) for row, line in found if row.state != State.WITHDRAWN]


def _own(turn: Turn, who: Hand) -> bool:
    found = _mine(turn, who)
    if not found:
        turn.say("ranking.none")
        return True
    row, line = found[0]
    unit = turn.register.organisations[line.unit].name
    key = "ranking.own_review" if row.state == State.REVIEW else "ranking.own"
    turn.say(key, unit=unit, line=telling.standing(turn.tx, row, line), **telling.names(turn.tx, row))
    return True


def _objected(turn: Turn, who: Hand, reason: str) -> bool:
    try:
        live = [row for row, _ in _mine(turn, who) if row.state == State.REVIEW]
        if not live:
            raise NotFound("ranking_no_objection")
        with turn.tx.savepoint():
            steps.object_(turn.tx, live[0], who, reason=reason)
        turn.say("ranking.objected", **telling.names(turn.tx, live[0]))
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _listed(turn: Turn, who: Hand) -> bool:
    """The street sees what is being made, too; a community what was published."""
    states = (*OPEN, State.PUBLISHED) if who.reviewer.street else (State.PUBLISHED,)
    rows = rankings.page(turn.tx, states=states, limit=1)
    if not rows:
        turn.say("ranking.none")
        return True
    row, say = rows[0], turn.tx.content.replies.say
    lines = [
        say(
            "ranking.line",
            unit=turn.register.organisations[line.unit].name,
            line=telling.standing(turn.tx, row, line),
        )
        for line in ranking.read(row.lines)[:_LINES]
    ]
    state = say(f"ranking.state.{row.state}")
    turn.say("ranking.listed", lines="\n".join(lines), state=state, **telling.names(turn.tx, row))
    return True
