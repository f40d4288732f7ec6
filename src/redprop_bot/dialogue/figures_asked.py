"""统计 in chat: which period, which estate or unit, which rate; what chat does not count, where it is counted."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from redprop_bot.dialogue import companies_asked
from redprop_bot.dialogue.period_words import Said, period_said, year_before
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules import tallies
from redprop_bot.rules.figures import Counts, percent, rate
from redprop_bot.store import figures as kept
from redprop_bot.store import listing, sifting
from redprop_bot.store.figures import Asked
from redprop_bot.store.tables import Organisation
from redprop_bot.understand.acts import Act as Heard

_SHOWN: Final = 8
_FILES: Final = re.compile(r"导出|台账|表格|报表|excel|Excel|EXCEL|下载|打印|word|Word")
_RATES: Final = re.compile(r"率|满意|评价|好评|差评|按时|准时")
_KINDS: Final = re.compile(
    r"(?:哪一?[类种些]|什么)(?:诉求|问题|事|单|投诉)?.{0,4}(?:最多|多|集中)|分类|类别|各类|哪些?方面"
)
_UNITS: Final = re.compile(r"各(?:个|家)?(?:物业|单位|部门|公司)|哪家|对比|排名|排行|比一比")
_OTHER: Final = (
    ("mediations", re.compile(r"调解")),
    ("visits", re.compile(r"走访|入户")),
    ("activities", re.compile(r"活动|志愿")),
    ("wishes", re.compile(r"心愿")),
    ("points", re.compile(r"积分")),
    ("meetings", re.compile(r"开了?[几多]少?[次场个]会|议事会|联席会")),
    ("whistles", re.compile(r"吹哨|哨")),
)
_BESIDE: Final = re.compile(
    r"[，,]?(?:[和跟与同比]|对比|相比)去年(?:同期|同月|这时候?|的)?(?:相比|对比|比较|比)?(?:一?下|起来)?|同比"
)
"""What it is held against, and no period that is asked for."""
_HOW: Final = re.compile(
    r"(?:办|干|做|完成|落实|处理|表现|服务)得?(?:怎么样|咋样|如何|好不好|情况)|(?:办|接|收|来)了(?:多少|几)"
)


def stats(turn: Turn, heard: Heard) -> None:
    """The figures that were asked for: without more words the month so far."""
    text = heard.text or turn.inbound.text
    other = next((room for room, words in _OTHER if words.search(text)), None)
    if other is not None or _FILES.search(text):
        turn.say("stats.elsewhere", link=f"{turn.tx.content.address}/console/{other or 'figures'}")
        return
    beside, plain = _BESIDE.search(text) is not None, _BESIDE.sub("", text)
    said, unit, estate = period_said(plain, _today(turn)), _unit(turn, text), _estate(turn, heard)
    if companies_asked.said(turn, text, unit, _named(turn, text)):
        return
    kinds, units = _KINDS.search(plain), _UNITS.search(plain)
    period = said or (_period(turn, "今年") if beside else _month(turn))
    if kinds is not None:
        _by_kind(turn, period)
    elif units is not None and unit is None:
        _by_unit(turn, period)
    elif unit is not None or estate is not None or _RATES.search(text) or period != _month(turn):
        _one(turn, period, unit, estate)
        if beside:
            _one(turn, year_before(period), unit, estate)
    else:
        _this_month(turn)


def of_unit(turn: Turn, heard: Heard) -> bool:
    """万和物业办得怎么样, which is no question for an order of one's own; whether it was one."""
    text = heard.text or turn.inbound.text
    unit = _unit(turn, text)
    if turn.speaker.role != "secretary" or unit is None or heard.slots.get("order") or not _HOW.search(text):
        return False
    period = period_said(_BESIDE.sub("", text), _today(turn)) or _month(turn)
    _one(turn, period, unit, None)
    if _BESIDE.search(text):
        _one(turn, year_before(period), unit, None)
    return True


def _today(turn: Turn) -> date:
    return turn.tx.now.astimezone(turn.tx.content.zone).date()


def _month(turn: Turn) -> Said:
    return _period(turn, "本月")


def _period(turn: Turn, name: str) -> Said:
    found = period_said(name, _today(turn))
    assert found is not None
    return found


def _communities(turn: Turn) -> list[int]:
    if any(post.street_id for post in turn.speaker.posts):
        return list(turn.register.communities)
    return [post.community_id for post in turn.speaker.posts if post.community_id]


def _named(turn: Turn, text: str) -> list[int]:
    """The speaker's communities that are named, else all of them."""
    theirs = _communities(turn)
    return [key for key in theirs if turn.register.communities[key].name in text] or theirs


def _unit(turn: Turn, text: str) -> Organisation | None:
    names = sorted((name for name in turn.register.organisation_names if name in text), key=len)
    return turn.register.organisation_names[names[-1]] if names else None


def _estate(turn: Turn, heard: Heard) -> int | None:
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    mine = estate is not None and estate.community_id in _communities(turn)
    return estate.id if estate is not None and mine else None


def _counts(turn: Turn, period: Said, unit: Organisation | None, estate: int | None) -> Counts:
    if estate is not None:
        places: Sequence[str] = [tallies.estate(estate)]
    else:
        places = [tallies.place(key, unit_id=unit.id if unit else None) for key in _communities(turn)]
    return kept.total(turn.tx, Asked(places, period.begin, period.end))


def _one(turn: Turn, period: Said, unit: Organisation | None, estate: int | None) -> None:
    reg, counts = turn.register, _counts(turn, period, unit, estate)
    if estate is not None:
        name = reg.estates[estate].name
    elif unit is not None:
        name = unit.name
    else:
        name = "、".join(reg.communities[key].name for key in _communities(turn)[:3])
    turn.say("stats.period", name=name, period=period.name, link=_link(turn), **_slots(counts))


def _slots(counts: Counts) -> dict[str, str]:
    return {
        "came": str(counts.came),
        "closed": str(counts.closed),
        "on_time": percent(counts.on_time, counts.due),
        "response": percent(*rate(counts, "response")),
        "solved": percent(*rate(counts, "solved")),
        "satisfied": percent(*rate(counts, "satisfied")),
    }


def _by_kind(turn: Turn, period: Said) -> None:
    places = [tallies.place(key) for key in _communities(turn)]
    found = kept.by_name(turn.tx, Asked(places, period.begin, period.end), tallies.BY_CATEGORY)
    labels = turn.tx.content.labels.category
    most = sorted(found.items(), key=lambda one: (-one[1].came, one[0]))
    lines = [f"{labels.get(code, code)} {counts.came} 件" for code, counts in most if counts.came][:_SHOWN]
    turn.say("stats.kinds", period=period.name, lines="\n".join(lines), link=_link(turn))


def _by_unit(turn: Turn, period: Said) -> None:
    say, lines = turn.tx.content.replies.say, []
    for name, unit in sorted(turn.register.organisation_names.items()):
        counts = _counts(turn, period, unit, None)
        if not counts.nothing:
            lines.append(say("stats.unit", name=name, **_slots(counts)))
    turn.say("stats.units", period=period.name, lines="\n".join(lines[:_SHOWN]), link=_link(turn))


def _link(turn: Turn) -> str:
    return f"{turn.tx.content.address}/console/figures"


def _this_month(turn: Turn) -> None:
    """The month so far, in one look: how many, and where they stand."""
    zone = turn.tx.content.zone
    start = turn.tx.now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counts = listing.counts(turn.tx, "stage", sifting.Scope(_communities(turn)), start, turn.tx.now)
    labels = turn.tx.content.labels.stage
    lines = "\n".join(f"{labels[stage or 'new']} {number}" for stage, number in counts.items())
    turn.say("stats.month", month=str(start.month), total=str(sum(counts.values())), lines=lines)
