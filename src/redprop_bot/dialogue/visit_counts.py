"""走访统计 in chat: how many visits and households, per worker, estate and kind, for who keeps them.

A grid worker sees their own figures; secretaries those of their community. There is no ranking.
What was logged by mistake is taken back by who logged it.
"""

import re
from datetime import datetime, timedelta
from typing import Final

from redprop_bot.dialogue import visit_mending, visit_words
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules import months
from redprop_bot.store import visits
from redprop_bot.store.visits import Tally, Wanted

_COUNTS: Final = re.compile(
    r"(?:我们?)?(?:看一?下?|查一?下?|统计一?下?|要)?(?P<period>今天|本周|这周|本月|这个月|上月|上个月|本季度|这个季度|今年)?的?"
    r"(?:走访|三访三问|入户)(?:的?(?:情况|统计|台账|数|数量|汇总)|了?多少(?:户|次|家)?)[了吗呢]?[？?。！]?"
    r"|(?:看一?下?|查一?下?)?(?P<own>今天|本周|这周|本月|上月|今年)?我的(?:走访|入户)(?:记录|台账)?[？?。！]?"
    r"|(?:看一?下?|查一?下?)(?:走访|入户)(?:记录|台账)?[？?。！]?"
)
_SHOWN: Final = 12


def run(turn: Turn) -> bool:
    """Answer with counts, or take back a visit, if that was asked for; returns whether it was."""
    text = turn.inbound.text.strip()
    if turn.speaker.role != "secretary":
        return False
    no = visit_words.removed(text)
    if no is not None:
        _remove(turn, no)
        return True
    right = visit_words.corrected(text)
    if right is not None:
        visit_mending.correct(turn, *right)
        return True
    match = _COUNTS.fullmatch(text)
    if match is not None:
        show(turn, match["period"] or match["own"] or "")
    return match is not None


def _remove(turn: Turn, no: str) -> None:
    """The last one of today, or the one that is named, by who logged it; the matters it brought go on."""
    found = visit_mending.own(turn, no)
    if found is None:
        turn.say("visit.not_yours" if no else "visit.none_to_remove", no=no)
        return
    visits.remove(turn.tx, found)
    turn.say("visit.removed", no=found.no, matters="、".join(found.matters))


def show(turn: Turn, period: str) -> None:
    """How many visits there were in a period, this month if none is said."""
    begin, name = _begin(turn, period or "本月")
    posts = turn.speaker.posts
    street = any(p.street_id for p in posts)
    own = sorted({p.community_id for p in posts if p.community_id})
    alone = not street and not any(p.duty in ("secretary", "clerk") for p in posts)
    end = begin[1]
    found = visits.tallies(
        turn.tx,
        Wanted(None if street else own, begin[0], end, worker_id=turn.person_id if alone else None),
    )
    if not found:
        turn.say("visit.none", period=name)
        return
    turn.say(
        "visit.counts",
        period=name,
        visits=str(sum(t.visits for t in found)),
        households=str(sum(t.households for t in found)),
        matters=str(sum(t.matters for t in found)),
        lines="\n".join(_line(turn, tally) for tally in found[:_SHOWN]),
    )


def _line(turn: Turn, tally: Tally) -> str:
    estate = turn.register.estates.get(tally.estate_id or 0)
    kind = turn.tx.content.visits.name_of(tally.kind)
    return turn.tx.content.replies.say(
        "visit.count",
        worker=tally.worker,
        estate=estate.name if estate else "",
        kind=kind,
        visits=str(tally.visits),
        households=str(tally.households),
        matters=str(tally.matters),
    )


def _begin(turn: Turn, period: str) -> tuple[tuple[datetime, datetime | None], str]:
    today = turn.tx.now.astimezone(turn.tx.content.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(day=1)
    if period == "今天":
        return (today, None), period
    if period in ("本周", "这周"):
        return (today - timedelta(days=today.weekday()), None), "本周"
    if period in ("上月", "上个月"):
        return (months.before(month), month), "上月"
    if period in ("本季度", "这个季度"):
        return (month.replace(month=3 * ((month.month - 1) // 3) + 1), None), "本季度"
    if period == "今年":
        return (month.replace(month=1), None), period
    return (month, None), "本月"
