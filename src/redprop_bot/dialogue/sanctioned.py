"""黑名单 and 退出 in chat: a company answers a case in a sentence, all sides ask what runs.

Opening, deciding and each step have their page, where everything can be seen before it is done.
"""

import re
from typing import Any, Final

from redprop_bot.appraise import sanction_rights as rights
from redprop_bot.appraise import sanction_telling as telling
from redprop_bot.appraise import sanctions as steps
from redprop_bot.appraise import scorers
from redprop_bot.appraise.sanction_grounds import ROOM
from redprop_bot.appraise.scorers import Hand
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, Refused
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import Register
from redprop_bot.rules.sanctions import OPEN
from redprop_bot.store import sanctions
from redprop_bot.store.tables import Sanction

_ANSWER: Final = re.compile(
    r"(?:我们|我|公司)?(?:要)?(?:第?(?P<no>\d{1,6})号的?)?申辩[：:，,\s](?P<text>.+)", re.DOTALL
)
_LOOKED_AT: Final = 50
_SHOWN: Final = 8
_ALONE: Final = 3
"""Characters that a name needs to mean the list by itself: 退出 may mean anything."""


def run(turn: Turn) -> bool:
    """Do what a sentence about a case says; returns whether it was one, and of somebody whom it concerns."""
    if not turn.speaker.posts:
        return False
    text, who = turn.inbound.text.strip(), scorers.hand(turn.speaker)
    said = _ANSWER.fullmatch(text)
    if said is not None and who.units:
        return _answered(turn, who, said["no"], said["text"])
    return _asks(turn, text) and _listed(turn, who)


def _asks(turn: Turn, text: str) -> bool:
    kinds = [one.name for one in turn.tx.content.sanctions.kinds]
    name = "|".join(map(re.escape, kinds))
    alone = "|".join(re.escape(one) for one in kinds if len(one) >= _ALONE) or "(?!)"
    look, end = r"(?:看看|看一下|查看|看|查)?(?:我们|公司|物业)?的?", r"[。？?]?"
    more = r"(?:程序|的)?(?:情况|进展|上有谁|有谁|有哪些|到哪一步了?|怎么样了?)"
    return re.fullmatch(rf"{look}(?:(?:{name}){more}|{alone}){end}", text) is not None


def _answered(turn: Turn, who: Hand, no: str | None, text: str) -> bool:
    rows = sanctions.page(turn.tx, organisations=who.units, states=OPEN, limit=_LOOKED_AT)
    live = [row for row in rows if rights.may_answer(turn.tx, row) and no in (None, str(row.id))]
    try:
        if not live:
            raise Conflict("sanction_no_answer")
        if len(live) > 1:
            turn.say("sanction.which", lines=_lines(turn, live), no=str(live[0].id))
            return True
        with turn.tx.savepoint():
            row = steps.answer(turn.tx, live[0], who, text=text)
        turn.say("sanction.answered", **telling.names(turn.tx, row))
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _listed(turn: Turn, who: Hand) -> bool:
    """A company hears of its own; the street of all; a community of what concerns it."""
    reg = turn.register
    inside = [post for post in turn.speaker.posts if post.organisation_id is None]
    if not who.units and not inside:
        return False
    own = {post.community_id for post in inside if post.community_id is not None}
    if who.units or any(post.street_id is not None for post in inside):
        rows = sanctions.page(turn.tx, organisations=who.units or None, states=OPEN, limit=_LOOKED_AT)
    else:
        pages = (sanctions.page(turn.tx, **_of(reg, key), states=OPEN, limit=_LOOKED_AT) for key in sorted(own))
        rows = list({row.id: row for page in pages for row in page}.values())
    own_units = scorers.posted(reg, turn.person_id) - who.units
    rows = [row for row in rows if row.organisation_id not in own_units]
    if not rows:
        turn.say("sanction.none")
        return True
    turn.say("sanction.listed", lines=_lines(turn, rows), link=f"{turn.tx.content.address}{ROOM}")
    return True


def _of(reg: Register, community_id: int) -> dict[str, Any]:
    return {
        "organisations": [one.id or 0 for one in companies(reg, community_id)],
        "community_id": community_id,
    }


def _lines(turn: Turn, rows: list[Sanction]) -> str:
    say = turn.tx.content.replies.say
    lines = []
    for row in rows[:_SHOWN]:
        names = telling.names(turn.tx, row)
        slots = {name: names[name] for name in ("no", "unit", "where", "kind")}
        lines.append(say("sanction.line", state=telling.last_state(turn.tx, row), **slots))
    return "\n".join(lines)
