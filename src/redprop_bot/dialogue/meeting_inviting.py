"""再请高主任参加联席会: somebody besides is invited to a meeting that stands."""

import re
from typing import Final

from redprop_bot.council import attending
from redprop_bot.dialogue import finding, meeting_words
from redprop_bot.dialogue.meeting_changes import which
from redprop_bot.dialogue.meetings import NUMBER, about, ahead, chair, guests_said, known
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.store.tables import Meeting

_LONGEST: Final = 60
_OTHER: Final = re.compile(r"\d|[点今明后周]|星期|礼拜|召?开(?!会)|决定|定了|改|取消|推迟|议题|讨论|[?？吗]")
"""What says more than who comes: a day, a topic, a decision."""
_COMES: Final = re.compile(r"(?:参加|出席|列席|参会|来开会)(?:会议|一下|吧)?[。！!]?$")


def run(turn: Turn, text: str) -> bool:
    """Invite whom a sentence names; returns whether it was one."""
    plain = NUMBER.sub("", text)
    if len(text) > _LONGEST or _OTHER.search(plain) or finding.numbers_in(text):
        return False
    named = turn.tx.content.meetings.named(text)
    no = turn.session.just_met() if _COMES.search(text) else None
    if not meeting_words.asked_in(text, ()) or not (named or no or NUMBER.search(text)):
        return False
    try:
        with turn.tx.savepoint():
            meeting = _meant(turn, text, named, no)
            if meeting is not None:
                _asked(turn, meeting, text)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _meant(turn: Turn, text: str, named: str | None, no: str | None) -> Meeting | None:
    """By number, else the only one of its kind, else the one just told of."""
    if match := NUMBER.search(text):
        return known(turn, match[0])
    if named is None and no is not None:
        return known(turn, no)
    found = [meeting for meeting in ahead(turn) if meeting.kind == named]
    if len(found) == 1:
        return found[0]
    which(turn, found)
    return None


def _asked(turn: Turn, meeting: Meeting, text: str) -> None:
    names, strangers = guests_said(turn, text, meeting.kind)
    made = attending.ask_more(turn.tx, meeting, chair(turn), names)
    people = turn.register.people
    turn.session.met(meeting.no)
    turn.say(
        "meeting.asked_more",
        names="、".join(people[seat.person_id].name or "" for seat in made),
        there="、".join(names) if names and not made else "",
        strangers="、".join(strangers),
        **about(turn, meeting),
    )
