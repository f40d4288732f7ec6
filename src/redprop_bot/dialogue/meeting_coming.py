"""联席会议谁来谁不来: who has answered what to the invitation, told to whoever leads the meeting."""

import re
from typing import Final

from redprop_bot.council.attending import principals
from redprop_bot.dialogue.meetings import about, ahead, names
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.meetings import Answer, MeetingState
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting

_WHO: Final = r"(?:都|还|现在|有)*(?:谁|哪些人|哪几个人?|几个人|多少人)(?:都|还|说)*"
_GOES: Final = (
    r"(?:[会能要不没]|确认|答应|回复)*(?:[去来到]不了|去|来|参加|出席|到会|回话?|回复)(?:的|了|[会啊呢])?"
)
_ASKED: Final = re.compile(
    rf"(?P<of>\S{{0,16}}?会议?)(?:上)?[，,\s]*(?:{_WHO}{_GOES}[，,、和\s]*){{1,3}}[没有吗呢]*[？?。]?"
)


def run(turn: Turn, text: str) -> bool:
    """Tell who comes to the meeting that is ahead; returns whether it was asked, and there is one."""
    match = _ASKED.fullmatch(text)
    if match is None:
        return False
    kind = turn.tx.content.meetings.named(match["of"])
    found = [m for m in ahead(turn) if m.state == MeetingState.CALLED and kind in (None, m.kind)]
    if not found:
        return False
    _told(turn, found[0])
    return True


def _told(turn: Turn, meeting: Meeting) -> None:
    seats = principals(meetings.seats(turn.tx, meeting.id or 0))

    def who(answer: Answer | None) -> str:
        return names(turn, [seat for seat in seats if seat.answer == answer])

    turn.session.met(meeting.no)
    turn.say(
        "meeting.who_comes",
        **about(turn, meeting),
        coming=who(Answer.ATTEND),
        deputed=who(Answer.DEPUTY),
        declined=who(Answer.DECLINE),
        silent=who(None),
    )
