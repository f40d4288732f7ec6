"""Meetings in chat, for everybody else: invitations, deputies, attendance, votes, topics, when the next one is.

Answers come by button, by a strict sentence, or after a question; what else is said goes its usual way.
"""

import re
from datetime import datetime
from typing import Any, Final

from redprop_bot.council import attending, convening, telling, topics, voting
from redprop_bot.council.attending import present, principals
from redprop_bot.council.minutes import impersonal
from redprop_bot.dialogue import attending as dialogue_attending
from redprop_bot.dialogue import rsvp_words, tasks
from redprop_bot.dialogue.meeting_times import day_said
from redprop_bot.dialogue.meetings import about, chair, tell_called
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, NotFound, Refused
from redprop_bot.notify import links, words
from redprop_bot.rules.flow import AT_WORK
from redprop_bot.rules.meetings import Answer
from redprop_bot.store import activities, demands, meeting_topics, meetings, messages
from redprop_bot.store.tables import Card, Meeting
from redprop_bot.understand.acts import Act as Heard

_NO: Final = r"\s*(?P<no>M\d{8}-\d{4,})?[。！!]?"
_DECLINE: Final = re.compile(
    r"我?(?:去不了|参加不了|不能参加|来不了会|(?:想|要)?请个?假)\s*(?P<no>M\d{8}-\d{4,})?(?:[，,：:\s]*(?P<why>\S.{1,200}))?"
)
_DEPUTY: Final = re.compile(rf"(?:我?请|让|由)(?P<who>\S{{1,20}}?)(?:代我?|替我?)(?:参加|去|出席|开会){_NO}")
_CODE: Final = re.compile(r"(?:会议)?(?:签到|到会)[码：:\s]*(?P<code>\d{6})")
_CHOICES: Final = {"赞成": "yes", "同意": "yes", "反对": "no", "不同意": "no", "弃权": "abstain"}
_TOPIC: Final = re.compile(
    r"^.{0,20}?(?:提(?:个|一个|一条)?(?:议题|提案)(?:就?是|为)?[：:，,\s]|(?:议题|提案)[：:是为])\s*(?P<topic>\S.*)$",
    re.DOTALL,
)
_ASKS_FOR: Final = re.compile(
    r"^(?:我们?|大家|居民)?(?:想|要|建议|希望|提议|请|申请)?(?:请|在|让|给|由)?(?:这次|下次|下一次)?(?:社区|街道|党建)*"
    r"(?:联席会议?|议事[会厅]|居民代表会|协商会|恳谈会|会上|开会)(?:上|时|的时候)?(?:能不能|能|可以|要)?"
    r"(?:议一议|议议|议一下|议|讨论讨论|讨论一下|讨论|商量商量|商量一下|商量|研究一下|研究|说说|谈谈|聊聊)[，,：:\s]*(?=\S{2})"
)
"""What stands before a topic and is none of it."""
_BARE_TOPIC: Final = re.compile(r"(?:我)?(?:想|要)?(?:提|报|加)?(?:个|一个|一条)?(?:议题|提案)")
_SAYS_TOPIC: Final = re.compile(r".{0,20}?提(?:个|一个|一条)?(?:议题|提案)[：:]\s*\S")
_REASON: Final = 200
_ORDER: Final = re.compile(r"D\d{8}-\d{4,}|\d{1,6}号(?:单|我|你|让|叫)")
_NEAR: Final = re.compile(r"[今明][天晚]|后天")
_OF_IT: Final = re.compile(r"那天|当天|到时|届时|[开到参]会|参加|出席|\d[日号]|(?:周|星期|礼拜)[一二三四五六日天]")
_FEED: Final = frozenset({"日历订阅", "订阅日历", "日历", "我的日历"})


def run(turn: Turn) -> bool:
    """Do what a strict sentence about a meeting says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if text.rstrip("。") in _FEED:
        _feed(turn)
        return True
    if _SAYS_TOPIC.match(text):  # whatever they have just reported, this is no more of it
        propose(turn, Heard("meeting.propose", text=text))
        return True
    if len(text) > 300 or turn.speaker.role == "resident":
        return False
    try:
        with turn.tx.savepoint():
            return _said(turn, text)
    except Refused as refusal:
        turn.refuse(refusal)
        return True


def _said(turn: Turn, text: str) -> bool:
    if match := _CODE.fullmatch(text):
        return _at_the_door(turn, match["code"])
    if match := _DEPUTY.fullmatch(text):
        return _rsvp(turn, match["no"], Answer.DEPUTY, deputy=match["who"])
    if (rsvp := rsvp_words.coming(text)) and _in_own_words(turn, rsvp, text):
        return True
    if match := _DECLINE.fullmatch(text):
        return _rsvp(turn, match["no"], Answer.DECLINE, reason=match["why"])
    if match := dialogue_attending.ARRIVES.fullmatch(text):
        return _at_the_door(turn, match[1])
    if text in _CHOICES:
        return _voted_by_word(turn, _CHOICES[text])
    return False


# -- invitations


def _invited(turn: Turn, no: str | None) -> Meeting | None:
    """The meeting that an answer is about: by number, else the next that waits for the speaker's."""
    if no:
        found = meetings.by_no(turn.tx, no)
        if found is None:
            raise NotFound("no_meeting", no=no)
        return found
    for meeting in meetings.of_person(turn.tx, turn.person_id, turn.tx.now):
        seat = meetings.seat_of(turn.tx, meeting.id or 0, turn.person_id)
        if meeting.state == "called" and seat is not None and seat.answer is None:
            return meeting
    return None


def _next_own(turn: Turn) -> Meeting | None:
    """The next meeting of the speaker's, whatever they have answered."""
    own = meetings.of_person(turn.tx, turn.person_id, turn.tx.now)
    return next((meeting for meeting in own if meeting.state == "called"), None)


def _goes_elsewhere(turn: Turn) -> bool:
    """Whether the words may be about an activity that they have signed up for."""
    return bool(activities.of_person(turn.tx, turn.person_id, turn.tx.now))


def _rsvp(turn: Turn, no: str | None, said: str, **more: str | None) -> bool:
    meeting = _invited(turn, no)
    if meeting is None and (said == Answer.DEPUTY or not _goes_elsewhere(turn)):
        meeting = _next_own(turn)  # they have answered, and say now something else
    if meeting is None:
        return False
    if said == Answer.DECLINE and not more.get("reason"):
        ask(turn, meeting, said)
        return True
    _answered(turn, meeting, said, **more)
    return True


def _in_own_words(turn: Turn, rsvp: rsvp_words.Rsvp, text: str) -> bool:
    """What may be of an order, too, answers an invitation only while one waits or was just spoken of."""
    if not rsvp.plain and _of_an_order(turn, rsvp.no, text):
        return False
    if not rsvp.plain and _invited(turn, rsvp.no) is None and turn.session.just_met() is None:
        return False
    if rsvp.bare:
        meeting = _asked_last(turn)
        return meeting is not None and _rsvp(turn, meeting.no, rsvp.said)
    if rsvp.said == Answer.ATTEND:
        return _rsvp(turn, rsvp.no, rsvp.said)
    if rsvp.who and (person := turn.register.person_named(rsvp.who)) and person.id != turn.person_id:
        return _rsvp(turn, rsvp.no, Answer.DEPUTY, deputy=rsvp.who)
    return _rsvp(turn, rsvp.no, rsvp.said, reason=text[:_REASON])  # whom nobody knows the convener hears of


def _asked_last(turn: Turn) -> Meeting | None:
    """The meeting that 我去 is of: nothing else has been asked of the speaker since its invitation."""
    card = messages.newest_card(turn.tx, turn.person_id)
    if turn.session.asked or card is None or card.subject != "meeting":
        return None
    own = meetings.of_person(turn.tx, turn.person_id, turn.tx.now)
    return next((m for m in own if m.id == card.subject_id and m.state == "called"), None)


def _of_an_order(turn: Turn, no: str | None, text: str) -> bool:
    """1号我去不了，让老丁去; 今天来不了, and the meeting is another day; 准时到 while an order is at hand."""
    if _ORDER.match(text):
        return True
    if _OF_IT.search(text):
        return False
    meeting, said = _invited(turn, no) or _next_own(turn), day_said(turn, text)
    zone = turn.tx.content.zone
    if meeting is not None and said:
        day = meeting.starts_at.astimezone(zone).date()
        return _NEAR.search(text) is not None and datetime.fromisoformat(said).date() != day
    order = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    at_hand = turn.speaker.role == "provider" and order is not None and order.stage in AT_WORK
    return at_hand and turn.session.just_met() is None


def ask(turn: Turn, meeting: Meeting, said: str) -> None:
    """Who comes instead, or why nobody does."""
    turn.session.ask(f"meeting_{said}", no=meeting.no)
    turn.say(f"meeting.ask_{said}", no=meeting.no)


def _answered(turn: Turn, meeting: Meeting, said: str, **more: str | None) -> None:
    attending.answer(turn.tx, meeting, turn.speaker.person, said, **more)
    turn.session.asked = None
    turn.session.met(meeting.no)
    told = {"deputy": more.get("deputy") or "", "reason": more.get("reason") or ""}
    turn.say(f"meeting.answered_{said}", **about(turn, meeting), **told)


def asked_answered(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """A name or a reason after the question; returns whether it was one."""
    said = str(asked["kind"]).removeprefix("meeting_")
    if said == "topic":
        propose(turn, Heard("meeting.propose", text=text[: convening.TOPIC]))
        return True
    meeting = meetings.by_no(turn.tx, str(asked["no"]))
    if meeting is None or len(text) > 200:
        return False
    more = {"deputy": _name_in(turn, text)} if said == Answer.DEPUTY else {"reason": text}
    try:
        with turn.tx.savepoint():
            _answered(turn, meeting, said, **more)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _name_in(turn: Turn, text: str) -> str:
    """The person of the register who is named in an answer, else the words as they are."""
    named = [p.name for p in turn.register.people.values() if p.name and p.name in text]
    return max(named, key=len) if named else text


def tapped(turn: Turn, card: Card, verb: str, no: str, argument: str) -> bool:
    """A button on a card of a meeting or of a vote; returns whether the card is settled by it."""
    meeting = meetings.by_no(turn.tx, no)
    if meeting is None or (card.subject == "meeting" and meeting.id != card.subject_id):
        turn.say("error.card_unknown")
        return False
    try:
        with turn.tx.savepoint():
            return _tapped(turn, meeting, verb, argument)
    except Refused as refusal:
        turn.refuse(refusal)
        return False


def _tapped(turn: Turn, meeting: Meeting, verb: str, argument: str) -> bool:
    if verb == "meeting_ok":
        done = convening.agree(turn.tx, meeting, chair(turn))
        tell_called(turn, done)
    elif verb == "rsvp_attend":
        _answered(turn, meeting, Answer.ATTEND)
    elif verb in ("rsvp_deputy", "rsvp_decline"):
        said = verb.removeprefix("rsvp_")
        _must_be_able(turn, meeting, said)
        ask(turn, meeting, said)
        return False  # the card stays until the answer has come
    elif verb in telling.VOTES and argument.isdigit():
        _vote(turn, meeting, int(argument), telling.choice_of(verb))
    else:
        turn.say("error.card_unknown")
        return False
    return True


def _must_be_able(turn: Turn, meeting: Meeting, said: str) -> None:
    """Refuse at once what no answer could make possible."""
    seat = attending.seat_in(turn.tx, meeting, turn.person_id)
    attending.must_answer(meeting, seat, said)


# -- being there


def _arrived(turn: Turn, code: str) -> bool:
    """A code that belongs to no meeting now may be that of an activity."""
    meeting = attending.meeting_of_code(turn.tx, code)
    if meeting is None:
        return False
    _arrive(turn, meeting)
    return True


def _at_the_door(turn: Turn, code: str | None) -> bool:
    """签到 of somebody invited, without the code of the room or with another; an activity of theirs goes first."""
    if code and _arrived(turn, code):
        return True
    since = turn.tx.now - attending.WITHIN
    own = [m for m in meetings.of_person(turn.tx, turn.person_id, since) if attending.takes_attendance(turn.tx, m)]
    if not own or dialogue_attending.coming(turn):
        return False
    seat = meetings.seat_of(turn.tx, own[0].id or 0, turn.person_id)
    if seat is not None and seat.present_at is not None:
        raise Conflict("arrived", no=own[0].no)
    turn.say("meeting.code_wrong" if code else "meeting.code_needed", **about(turn, own[0]))
    return True


def _arrive(turn: Turn, meeting: Meeting) -> None:
    attending.arrive(turn.tx, meeting, turn.speaker.person)
    seats = meetings.seats(turn.tx, meeting.id or 0)
    counts = {"there": str(len(present(seats))), "due": str(len(principals(seats)))}
    turn.say("meeting.arrived", **about(turn, meeting), **counts)


def scanned(turn: Turn, code: str) -> bool:
    """The code of a meeting room; returns whether it was one."""
    try:
        with turn.tx.savepoint():
            return _arrived(turn, code.strip())
    except Refused as refusal:
        turn.refuse(refusal)
        return True


# -- votes


def _vote(turn: Turn, meeting: Meeting, number: int, choice: str) -> None:
    vote = voting.numbered(turn.tx, meeting, number)
    voting.give(turn.tx, meeting, turn.speaker.person, vote, choice)
    label = turn.tx.content.labels.button[f"vote_{choice}"]
    turn.say("meeting.voted", choice=label)


def _voted_by_word(turn: Turn, choice: str) -> bool:
    """赞成 means a vote only while a question waits for the speaker."""
    for meeting in meetings.of_person(turn.tx, turn.person_id, turn.tx.now - attending.WITHIN):
        for vote in meetings.votes(turn.tx, meeting.id or 0):
            if vote.state == "open":
                _vote(turn, meeting, vote.number, choice)
                return True
    return False


# -- topics, and when the next one is


def propose(turn: Turn, heard: Heard) -> None:
    """给会议提议题: by anybody."""
    text = (heard.text or turn.inbound.text).strip()
    match = _TOPIC.match(text)
    topic = (match["topic"] if match else _ASKS_FOR.sub("", text)).strip(" ，,。：:")
    if len(topic) < 2 or _BARE_TOPIC.fullmatch(topic):
        turn.session.ask("meeting_topic")
        turn.say("meeting.ask_topic")
        return
    turn.session.asked = None
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    named = [one for name, one in turn.register.estate_names.items() if name in text]
    estate = estate or (named[0] if named else None)
    home = estate.community_id if estate else tasks.community_of(turn)
    done = topics.propose(turn.tx, turn.speaker.person, home, topic)
    waits = "" if done.meeting else "_closed" if done.closed else "_waiting"
    meeting = done.meeting or done.closed
    key = "repeated" if done.repeated else f"joined{waits}" if done.joined else f"proposed{waits}"
    zone = turn.tx.content.zone
    turn.say(
        f"meeting.{key}",
        topic=words.quoted(done.topic.text, 60),
        voices=str(done.topic.voices),
        title=impersonal(turn.tx, meeting.title) if meeting else "",
        when=words.day(meeting.starts_at, turn.tx.now, zone) if meeting else "",
    )


def query(turn: Turn, heard: Heard) -> None:
    """问会议: the next that everybody may know of; to those invited, their own first."""
    own = [m for m in meetings.of_person(turn.tx, turn.person_id, turn.tx.now) if m.state == "called"]
    if own:
        turn.session.met(own[0].no)
        turn.say("meeting.own", **about(turn, own[0]))
        return
    coming = _coming(turn, heard)
    if not coming:
        turn.say("meeting.next_none")
        return
    proposed = [topic.text for topic in meeting_topics.topics(turn.tx, coming[0].id or 0)]
    found = [impersonal(turn.tx, text) for text in dict.fromkeys([*coming[0].topics, *proposed])][:5]
    slots = about(turn, coming[0]) | {"title": impersonal(turn.tx, coming[0].title)}
    turn.say("meeting.next", **slots, topics="；".join(found))


def _coming(turn: Turn, heard: Heard) -> list[Meeting]:
    """What everybody may know of: of the place that was said, of the speaker's, else of all."""
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    home = estate.community_id if estate else tasks.community_of(turn)
    places: list[int | None] = [home] if home is not None else [*turn.register.communities, None]
    found = [m for place in places for m in meetings.standing(turn.tx, place, since=turn.tx.now)]
    public = [m for m in found if convening.kind_of(turn.tx, m).public]
    return sorted(public, key=lambda meeting: meeting.starts_at)


def _feed(turn: Turn) -> None:
    """The address of one's own calendar."""
    content = turn.tx.content
    turn.say("meeting.feed", link=links.calendar(content.address, f"p{turn.person_id}", content.secret))
