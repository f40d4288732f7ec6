"""The plan of a measure in chat, for whoever arranges the project: another day, not done any more, taken up again.

How far it is, its owner says in `measures`; what is said here is never taken for that.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from redprop_bot.council import measure as steps
from redprop_bot.council import measure_orders, measure_telling
from redprop_bot.dialogue import written_days
from redprop_bot.dialogue.meeting_times import day_said
from redprop_bot.dialogue.projects import NO, called, hand
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Invalid, Refused
from redprop_bot.store import projects
from redprop_bot.store.tables import Measure, Project

_ONE: Final = rf"措施\s*{NO}\s*(?:-|第)\s*(?P<m>\d{{1,3}})\s*(?:条|项)?"
_WHY: Final = r"(?:[，,：:\s]+(?P<why>.+))?"
_DROP: Final = re.compile(rf"{_ONE}\s*(?:不做了|不办了|取消|作废){_WHY}", re.DOTALL)
_DROP_FIRST: Final = re.compile(rf"(?:取消|去掉|作废|不做){_ONE}{_WHY}", re.DOTALL)
_AGAIN: Final = re.compile(rf"(?:重开|重办){_ONE}{_WHY}", re.DOTALL)
_AGAIN_LAST: Final = re.compile(rf"{_ONE}\s*(?:重开|重办|没办好){_WHY}", re.DOTALL)
_MOVE: Final = re.compile(
    rf"{_ONE}\s*(?:期限|时间)?(?:改到|改为|延到|推迟到|提前到)\s*"
    r"(?P<day>\S{2,14}?)(?:之?前)?[。！]?"
)
_BARE: Final = re.compile(rf"(?:添|加|新增)?措施\s*{NO}\s*[：:]\s*[^，,。]{{2,60}}[。]?")
_END: Final = re.compile(rf"(?P<what>结项|撤项)\s*{NO}[。]?")


def run(turn: Turn) -> bool:
    """Do what a sentence says of the plan of a measure; returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role == "resident" or len(text) > turn.tx.content.limits.text_length:
        return False
    for pattern, step in _STRICT:
        if text and (match := pattern.fullmatch(text)):
            try:
                with turn.tx.savepoint():
                    step(turn, match)
            except Refused as refusal:
                turn.refuse(refusal)
            return True
    return False


def _measure(turn: Turn, match: re.Match[str]) -> tuple[Project, Measure]:
    project, number = called(turn, match["no"]), int(match["m"])
    found = projects.measure(turn.tx, project.id or 0, number)
    if found is None:
        raise Invalid("no_measure", field="measure", number=number)
    return project, found


def _dropped(turn: Turn, match: re.Match[str]) -> None:
    project, found = _measure(turn, match)
    nos = _orders(turn, found)
    steps.drop(turn.tx, found, hand(turn), reason=_why(match))
    turn.say("project.measure_dropped", nos=nos, **measure_telling.about(turn.tx, project, found))


def _reopened(turn: Turn, match: re.Match[str]) -> None:
    project, found = _measure(turn, match)
    again = steps.reopen(turn.tx, found, hand(turn), reason=_why(match))
    turn.say("project.measure_reopened", **measure_telling.about(turn.tx, project, again))


def _moved(turn: Turn, match: re.Match[str]) -> None:
    project, found = _measure(turn, match)
    day = written_days.day_of(turn, match["day"]) or _read(turn, match["day"])
    if day is None or day <= turn.tx.now:
        raise Invalid("project_end", field="due_at")
    nos = _orders(turn, found)
    moved = steps.change(turn.tx, found, hand(turn), found.version, {"due_at": day})
    turn.say("project.measure_moved", nos=nos, **measure_telling.about(turn.tx, project, moved))


def _read(turn: Turn, words: str) -> datetime | None:
    """明年2月1日, 下个月底: the evening of the day that the understanding reads; None where it reads none."""
    said = day_said(turn, words)
    return datetime.fromisoformat(said[:10]).replace(hour=18, tzinfo=turn.tx.content.zone) if said else None


def _orders(turn: Turn, measure: Measure) -> str:
    return "、".join(measure_orders.at_work(turn.tx, measure))


def _why(match: re.Match[str]) -> str:
    if not (why := (match["why"] or "").strip()):
        raise Invalid("measure_why", field="reason")
    return why


def _bare(turn: Turn, match: re.Match[str]) -> None:
    raise Invalid("measure_owner", field="owner", no=called(turn, match["no"]).no)


def _unsaid(turn: Turn, match: re.Match[str]) -> None:
    raise Invalid("project_result", field="result", no=called(turn, match["no"]).no, what=match["what"])


_STRICT: Final[tuple[tuple[re.Pattern[str], Callable[[Turn, re.Match[str]], None]], ...]] = (
    (_DROP, _dropped),
    (_DROP_FIRST, _dropped),
    (_AGAIN, _reopened),
    (_AGAIN_LAST, _reopened),
    (_MOVE, _moved),
    (_BARE, _bare),
    (_END, _unsaid),
)
