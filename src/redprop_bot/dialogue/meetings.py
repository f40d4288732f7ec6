"""Meetings in chat, for whoever leads them: calling, moving, cancelling; what is done in one is `meeting_room`.

What a sentence says of a day is read by the understanding; the rest (place, topics, which meeting) by small rules
here. What is missing is asked.
"""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.council import convening
from redprop_bot.council.chair import Chair, chair_of
from redprop_bot.dialogue.meeting_times import day_said, ending, moment, must_exist
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound, Refused
from redprop_bot.loop.scope import keeper_of
from redprop_bot.notify import words
from redprop_bot.rules.meetings import MeetingState
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting
from redprop_bot.understand.acts import Act as Heard

NUMBER: Final = re.compile(r"M\d{8}-\d{4,}")
_CANCEL: Final = re.compile(r"取消|不开了|停开|作罢|先不开")
_MOVE: Final = re.compile(r"(?:时间)?(?:改到|改在|改为|改成|推迟到|延期到|延到|提前到|挪到|换到|顺延到|推到|放到)")
_MOVED: Final = re.compile(r"改期|推迟|延期|提前|另行通知")
_DAY: Final = re.compile(r"[周日号天月礼]|星期|今晚|明晚|明早|今早|后儿|明儿")
_ROOMS: Final = (
    r"(?:会议室|活动室|议事厅|会客厅|办公室|多功能厅|大厅|广场|凉亭|门口|中心|服务站|驿站|院子|架空层"
    r"|[一二三四五六七八九十\d]+楼)"
)
_PLACE: Final = re.compile(
    rf"(?:在|[，,；;\s]|换到|改到|换成)?(?:地点|地方)?[是为在:：]?(?P<place>[^，,。；;、\s在]{{0,12}}{_ROOMS})"
)
_TOPICS: Final = re.compile(
    r"(?:议题|议一议|讨论|商量|说[下说]|研究)(?:是|为|有|[:：])?\s*(?P<topics>[^。]{2,100})$"
)
_JOINED: Final = re.compile(r"[、；;]|和(?=\S{2,})")
_REASON: Final = re.compile(
    r"(?:取消|不开了|停开|作罢|先不开)了?(?:[^，,。：:；;因由]{0,16}会议?(?=[，,：:因由]))?[，,。：:\s]*(?:因为|由于|原因是?)?[：:\s]*(?P<why>\S.{1,200})$"
)
_GATHERING: Final = re.compile(
    r"义诊|志愿|清扫|大扫除|讲座|比赛|演出|放电影|报名|名额|招募|招\s*[\d一二三四五六七八九十两]+\s*[个名]?人|搞.{0,6}活动(?!室)"
)
_NAMED: Final = re.compile(r"(?:取消|停开)了?[^，,。：:；;因]{0,20}会议?[。！!]?$")
_USUAL: Final = "consult"
"""A meeting that nobody gave a name."""


def chair(turn: Turn) -> Chair:
    """The chair that the speaker can take."""
    return chair_of(turn.actor, keeper_of(turn.register, turn.person_id, turn.speaker.name))


def home(turn: Turn, text: str) -> int | None:
    """Where a meeting belongs: to the community that is named, else to the speaker's; None is the street."""
    named = [key for key, community in turn.register.communities.items() if community.name in text]
    if named:
        return named[0]
    own = [post.community_id for post in turn.speaker.posts if post.community_id is not None]
    return own[0] if own else None


# -- calling, moving, cancelling


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
    try:
        if _CANCEL.search(text):
            _cancel(turn, text)
        elif _MOVE.search(text) or _MOVED.search(text):
            _move(turn, text)
        else:
            _call(turn, text, str(heard.slots.get("time") or ""))
    except Refused as refusal:
        turn.refuse(refusal)


def _call(turn: Turn, text: str, said: str) -> None:
    named = turn.tx.content.meetings.named(text)
    if named is None and "会" not in text and _GATHERING.search(text):
        turn.say("activity.how")  # 周日搞义诊，招20人: people come of their own will, nobody is summoned
        return
    code = named or _usual(turn)
    kind = turn.tx.content.meetings.kinds[code]
    must_exist(text, said, turn.tx.now.astimezone(turn.tx.content.zone))
    starts = moment(turn, said, code, text)
    if starts is None:
        turn.session.ask("meeting_when", text=text[:500])
        turn.say("meeting.ask_when", kind=kind.name)
        return
    turn.session.asked = None
    place = _PLACE.search(text)
    found = _TOPICS.search(text)
    wish = convening.Wish(
        kind=code,
        community_id=home(turn, text),
        starts_at=starts,
        ends_at=ending(text, starts),
        place=place["place"] if place else None,
        once=True,
        topics=[part.strip() for part in _JOINED.split(found["topics"]) if part.strip()] if found else (),
    )
    with turn.tx.savepoint():
        meeting = convening.call(turn.tx, chair(turn), wish)
    tell_called(turn, meeting)


def tell_called(turn: Turn, meeting: Meeting) -> None:
    """What was called, who is invited, and what the secretary must see to by telephone."""
    tx, kind = turn.tx, convening.kind_of(turn.tx, meeting)
    short = meeting.starts_at - tx.now < timedelta(days=kind.notice)
    until = meeting.starts_at - timedelta(days=kind.topics)
    turn.say(
        "meeting.called",
        **about(turn, meeting),
        number=str(len(meetings.seats(tx, meeting.id or 0))),
        units="",
        notice=str(kind.notice) if short else "",
        until=words.day(until, tx.now, tx.content.zone) if until > tx.now else "",
        code=meeting.code,
    )


def about(turn: Turn, meeting: Meeting) -> dict[str, Any]:
    """The slots about a meeting."""
    zone = turn.tx.content.zone
    return {
        "no": meeting.no,
        "title": meeting.title,
        "when": words.day(meeting.starts_at, turn.tx.now, zone),
        "place": meeting.place or "",
        "link": f"{turn.tx.content.address}/m/meetings/{meeting.no}",
    }


def _usual(turn: Turn) -> str:
    kinds = turn.tx.content.meetings.kinds
    return _USUAL if _USUAL in kinds else next(iter(kinds))


def when_answered(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """A day and an hour after the question; returns whether it was one."""
    said = day_said(turn, text)
    if not said:
        return False
    try:
        if asked.get("no"):
            _moved_to(turn, known(turn, str(asked["no"])), text, said)
        else:
            _call(turn, f"{asked['text']}，{text}", said)
    except Refused as refusal:
        turn.session.asked = asked  # another day may be said at once
        turn.refuse(refusal)
    return True


def ahead(turn: Turn) -> list[Meeting]:
    """Meetings that the speaker leads and that have not begun, proposals included, the next first."""
    leads = chair(turn)
    places: list[int | None] = [*turn.register.communities, None]
    found = [
        meeting
        for place in places
        if leads.may(place)
        for meeting in meetings.standing(turn.tx, place, since=turn.tx.now)
    ]
    found += [
        m for m in meetings.page(turn.tx, state=MeetingState.PROPOSED.value, limit=50) if leads.may(m.community_id)
    ]
    return sorted(found, key=lambda meeting: meeting.starts_at)


def known(turn: Turn, no: str) -> Meeting:
    """The meeting with this number, if the speaker leads it; raises NotFound."""
    meeting = meetings.by_no(turn.tx, no)
    if meeting is None or not chair(turn).may(meeting.community_id):
        raise NotFound("no_meeting", no=no)
    return meeting


def _meant(turn: Turn, text: str) -> Meeting | None:
    """The meeting that a change is about: by number, by kind and day, else the only one; asks when unclear."""
    if match := NUMBER.search(text):
        return known(turn, match[0])
    found = ahead(turn)
    head = _MOVE.split(text)[0]
    code = turn.tx.content.meetings.named(head)
    found = [m for m in found if m.kind == code] or _under_way(turn, code) or found if code else found
    said = day_said(turn, head) if _DAY.search(head) else ""
    if said:
        day = datetime.fromisoformat(said).date()
        zone = turn.tx.content.zone
        found = [m for m in found if m.starts_at.astimezone(zone).date() == day] or found
    if len(found) == 1:
        return found[0]
    if not found:
        turn.say("meeting.none_to_change")
    else:
        lines = [
            f"{m.no} {m.title} {words.day(m.starts_at, turn.tx.now, turn.tx.content.zone)}" for m in found[:5]
        ]
        turn.say("meeting.which", lines="\n".join(lines))
    return None


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
    place = _PLACE.search(f"改到{tail}") if tail else None
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
