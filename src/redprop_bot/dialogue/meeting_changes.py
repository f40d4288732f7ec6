"""Meetings moved and cancelled in chat by whoever leads them, and what a sentence with a day does at all.

A change is of a meeting only where one is named, or was just talked about: everybody invited hears of it.
"""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.council import convening
from redprop_bot.dialogue import finding, hearing, meeting_words, not_a_meeting
from redprop_bot.dialogue.meeting_times import day_said, must_exist
from redprop_bot.dialogue.meetings import NUMBER, about, ahead, call, calls, chair, known
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.notify import words
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting
from redprop_bot.understand.acts import Act as Heard

_CANCEL: Final = re.compile(r"取消|不开了|停开|作罢|先不开")
_MOVE: Final = re.compile(
    r"(?:时间)?(?:改期?到|改在|改期?为|改成|推迟到|延期到|延到|提前到|挪到|换到|顺延到|推到|放到)"
)
_MOVED: Final = re.compile(r"改期|推迟|延期|提前|另行通知")
_DAY: Final = re.compile(r"[周日号天月礼]|星期|今晚|明晚|明早|今早|后儿|明儿")
_REASON: Final = re.compile(
    r"(?:取消|不开了|停开|作罢|先不开)了?(?:[^，,。：:；;因由]{0,16}会议?(?=[，,：:因由]))?[，,。：:\s]*(?:因为|由于|原因是?)?[：:\s]*(?P<why>\S.{1,200})$"
)
_CLAUSE: Final = re.compile(r"[，,。；;！!\n]")
_SURE: Final = 0.6
_NAMED: Final = re.compile(r"(?:取消|停开)了?[^，,。：:；;因]{0,20}会议?[。！!]?$")
_PLAINLY: Final = 16
"""So many characters may stand before the word that moves or cancels a meeting that is named plainly."""


def plainly(turn: Turn, text: str) -> bool:
    """Whether a sentence begins with a meeting by the name of its kind and moves or cancels it."""
    verb = _CANCEL.search(text) or _MOVE.search(text)
    head = text[: verb.start()] if verb else ""
    return 0 < len(head) <= _PLAINLY and turn.tx.content.meetings.named(head) is not None


def schedule(turn: Turn, heard: Heard) -> None:
    """定会议、改期、取消会议."""
    text = heard.text or turn.inbound.text
    change = _change_in(text)
    try:
        if meeting_words.for_later(text) and not NUMBER.search(text):
            not_a_meeting.said(turn, heard, text, changes=False)
        elif not (_may_change(text, change) if change else calls(turn, text)):
            not_a_meeting.said(turn, heard, text, changes=change is not None)
        elif _CANCEL.search(text):
            _cancel(turn, text)
        elif change:
            _move(turn, text)
        else:
            call(turn, text, str(heard.slots.get("time") or ""))
    except Refused as refusal:
        turn.refuse(refusal)


def _change_in(text: str) -> re.Match[str] | None:
    return _CANCEL.search(text) or _MOVE.search(text) or _MOVED.search(text)


def _may_change(text: str, change: re.Match[str]) -> bool:
    """Whether a meeting is spoken of: 停水改到后天 is of none, 改到后天 of the one that was just talked about."""
    subject = _subject(text, change)
    return bool(NUMBER.search(text)) or meeting_words.is_bare(subject) or meeting_words.speaks_of_one(subject)


def _subject(text: str, change: re.Match[str]) -> str:
    """What is moved or cancelled, as it is named: before the word, or after it up to the comma."""
    head = text[: change.start()]
    if _MOVE.fullmatch(change[0]) and not meeting_words.is_bare(head):
        return head
    ends = _CLAUSE.search(text, change.end())
    return head + text[change.end() : ends.start() if ends else len(text)]


def _another_matter(turn: Turn, text: str) -> bool:
    """会议决定：12月20日前修好门禁 has a day, too, and is no answer to when."""
    others = [act for act in hearing.read(turn) if act.intent != "meeting.schedule"]
    return bool(finding.numbers_in(text)) or any(act.confidence >= _SURE for act in others)


def when_answered(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """A day and an hour after the question; returns whether it was one."""
    said = "" if _another_matter(turn, text) else day_said(turn, text)
    if not said:
        return False
    try:
        if asked.get("no"):
            _moved_to(turn, known(turn, str(asked["no"])), text, said)
        else:
            call(turn, f"{asked['text']}，{text}", said)
    except Refused as refusal:
        turn.session.asked = asked  # another day may be said at once
        turn.refuse(refusal)
    return True


def _meant(turn: Turn, text: str) -> Meeting | None:
    """The meeting that a change is about: by number, by kind and day, else the only one; asks when unclear."""
    if match := NUMBER.search(text):
        return known(turn, match[0])
    found = ahead(turn)
    head = _MOVE.split(text)[0]
    change = _change_in(text)
    if change is not None and meeting_words.is_bare(_subject(text, change)):
        if no := turn.session.just_met():
            return known(turn, no)
        which(turn, found)  # who says no more than 改到周五 may mean anything: it is asked
        return None
    code = turn.tx.content.meetings.named(head)
    found = [m for m in found if m.kind == code] or _under_way(turn, code) or found if code else found
    said = day_said(turn, head) if _DAY.search(head) else ""
    if said:
        day = datetime.fromisoformat(said).date()
        zone = turn.tx.content.zone
        found = [m for m in found if m.starts_at.astimezone(zone).date() == day] or found
    if len(found) == 1:
        return found[0]
    which(turn, found)
    return None


def which(turn: Turn, found: list[Meeting]) -> None:
    """Ask which of them is meant; of none it is told how to call one."""
    if not found:
        turn.say("meeting.none_to_change")
    else:
        lines = [
            f"{m.no} {m.title} {words.day(m.starts_at, turn.tx.now, turn.tx.content.zone)}" for m in found[:5]
        ]
        turn.say("meeting.which", lines="\n".join(lines))


def _under_way(turn: Turn, code: str) -> list[Meeting]:
    """Meetings of a kind that began today: what is said of them is refused with their number."""
    leads, since = chair(turn), turn.tx.now - timedelta(hours=12)
    places: list[int | None] = [p for p in (*turn.register.communities, None) if leads.may(p)]
    standing = [
        m for p in places for m in meetings.standing(turn.tx, p, since=since, until=turn.tx.now, kind=code)
    ]
    return [m for m in standing if m.approved_at is None][-1:]


def _move(turn: Turn, text: str) -> None:
    meeting = _meant(turn, text)
    if meeting is None:
        return
    tail = _MOVE.split(text)[-1] if _MOVE.search(text) else ""
    place = meeting_words.PLACE.search(f"改到{tail}") if tail else None
    said = day_said(turn, tail) if tail else ""
    if place is not None and (not said or "时间不变" in text):
        _change(turn, meeting, place=place["place"])
    elif said:
        _moved_to(turn, meeting, tail, said)
    else:
        must_exist(tail, said, turn.tx.now.astimezone(turn.tx.content.zone))
        turn.session.ask("meeting_when", no=meeting.no)
        turn.say("meeting.ask_when", kind=meeting.title)


def _moved_to(turn: Turn, meeting: Meeting, text: str, said: str) -> None:
    """Another day, hour or both; what was not said stays as it was."""
    zone = turn.tx.content.zone
    must_exist(text, said, turn.tx.now.astimezone(zone))
    old, new = meeting.starts_at.astimezone(zone), datetime.fromisoformat(said)
    if len(said) <= len("2026-11-26"):
        new = new.replace(hour=old.hour, minute=old.minute)
    elif not _DAY.search(text):
        new = new.replace(year=old.year, month=old.month, day=old.day)
    new = new if new.tzinfo else new.replace(tzinfo=zone)
    turn.session.asked = None
    _change(turn, meeting, starts_at=new)


def _change(turn: Turn, meeting: Meeting, **given: Any) -> None:
    with turn.tx.savepoint():
        done = convening.change(turn.tx, meeting, chair(turn), **given)
    turn.session.met(done.no)
    turn.say("meeting.moved", **about(turn, done))


def _cancel(turn: Turn, text: str) -> None:
    meeting = _meant(turn, text)
    if meeting is None:
        return
    why = _REASON.search(NUMBER.sub("", text))
    if why is None or _NAMED.search(text):  # 取消联席会议 names it and gives no reason
        turn.session.ask("meeting_cancel", no=meeting.no)
        turn.say("meeting.ask_reason", no=meeting.no)
        return
    _cancelled(turn, meeting, why["why"])


def cancel_answered(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """The reason after the question."""
    try:
        _cancelled(turn, known(turn, str(asked["no"])), text)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _cancelled(turn: Turn, meeting: Meeting, why: str) -> None:
    turn.session.asked = None
    with turn.tx.savepoint():
        convening.cancel(turn.tx, meeting, chair(turn), reason=why)
    turn.say("meeting.cancelled", no=meeting.no)
