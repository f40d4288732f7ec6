"""吹哨台账 in chat: the quarter's whistles with the figures of each unit; looking at a whistle blows none."""

import re
from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.notify import words
from redprop_bot.registry.register import Register
from redprop_bot.rules.whistle import WhistleState, by_unit, figures, quarter_before, quarter_bounds, quarter_of
from redprop_bot.store import whistles
from redprop_bot.store.tables import WhistleCall
from redprop_bot.understand.numerals import to_int

_WHEN: Final = (
    r"(?:(?P<y>20\d\d)年?)?\s*(?:第?(?P<q>[1-4一二三四])季度|(?P<last>上季度|上个季度)|[本这]个?季度)?"
    r"(?:的|我们|社区|街道)*"
)
_LEDGER: Final = re.compile(
    rf"(?:看看?|查一?下?|查询)?\s*{_WHEN}吹哨的?(?:台账|情况|统计|记录|汇总|数据|明细)(?:怎么?样|如何)?[?？。]?"
)
_LEDGER_OF: Final = re.compile(rf"吹哨(?:台账|情况|统计|记录)\s*{_WHEN}")
_LOOK: Final = re.compile(
    r"(?:帮?我?(?:再|先)?(?:查|看|问|瞧)(?:看|查|一下|下)?(?:我?吹[了过的]{0,2}|上次的?)?的?哨(?:的事|的?(?:情况|进展|进度|台账|记录))?"
    r"|(?:我?吹的|吹|上次的)?哨(?:的事|情况|进展|进度|记录)?(?:办|应|现在)?(?:得|的)?(?:怎么?样|咋样|如何|到哪一?步|有人应|有人来|谁应|谁来))了?[吗呢没]?[？?。]?"
)
_SHOWN: Final = 12


def run(turn: Turn) -> bool:
    """Show the ledger where a secretary asks for it or after a whistle; returns whether it was that."""
    text = turn.inbound.text.strip()
    match = _LEDGER.fullmatch(text) or _LEDGER_OF.fullmatch(text)
    if match is None and _LOOK.fullmatch(text) is None:
        return False
    _ledger(turn, match)
    return True


def _ledger(turn: Turn, match: re.Match[str] | None) -> None:
    """吹哨台账: the quarter's whistles with the figures of each unit."""
    zone = turn.tx.content.zone
    year, number = quarter_of(turn.tx.now, zone)
    if match is not None:
        if match["last"]:
            year, number = quarter_before(year, number)
        if match["q"]:
            number = to_int(match["q"]) or number
        year = int(match["y"]) if match["y"] else year
    begin, end = quarter_bounds(year, number, zone)
    posts = turn.speaker.posts
    street = any(post.street_id for post in posts)
    if not street and not any(post.duty == "secretary" for post in posts):
        turn.say("error.not_your_post", what="吹哨台账")
        return
    own = None if street else sorted({p.community_id for p in posts if p.community_id and p.duty == "secretary"})
    rows = whistles.page(turn.tx, communities=own, begin=begin, end=end)
    slots = {"year": str(year), "quarter": str(number)}
    if not rows:
        turn.say("whistle.ledger_empty", **slots)
        return
    total, reg = figures(rows), turn.register
    say = turn.tx.content.replies.say
    units = [
        say("whistle.ledger_unit", unit=reg.organisations[key].name, **_shown(found))
        for key, found in by_unit(rows[::-1]).items()
        if found.called
    ]
    nos = whistles.numbers(turn.tx, [row.demand_id for row in rows[:_SHOWN]])
    items = [_item(turn, reg, row, nos) for row in rows[:_SHOWN]]
    more = str(len(rows) - _SHOWN) if len(rows) > _SHOWN else ""
    turn.say("whistle.ledger", **slots, **_shown(total), units="\n".join(units), items="\n".join(items), more=more)


def _shown(found: Any) -> dict[str, str]:
    names: Sequence[str] = ("called", "answered", "in_time", "done", "done_in_time", "tabled", "rated")
    return {name: str(getattr(found, name)) for name in names} | {
        "stars": f"{found.stars:g}" if found.stars is not None else ""
    }


def _item(turn: Turn, reg: Register, row: WhistleCall, nos: dict[int, str]) -> str:
    stars = f" {row.stars}星" if row.stars else ""
    unheard = row.tabled_at is not None and row.state == WhistleState.CALLED
    state = turn.tx.content.labels.whistle_state["tabled" if unheard else row.state]
    day = words.date(row.called_at, turn.tx.content.zone)
    return f"{day} {nos[row.demand_id]} {reg.organisations[row.organisation_id].name} {state}{stars}"
