"""What is done in a meeting by chat, in strict sentences of who leads it: votes, minutes, the code of the room.

Decisions are told as people speak and stand in `meeting_decisions`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.council import agenda, convening, minutes, record, sudden, tracking, undoing, voting
from redprop_bot.council.attending import present, principals, takes_attendance
from redprop_bot.dialogue import finding, meeting_coming, meeting_decisions, meeting_inviting, not_a_meeting
from redprop_bot.dialogue.meeting_changes import plainly, schedule
from redprop_bot.dialogue.meeting_meant import current
from redprop_bot.dialogue.meetings import about, called_plainly, calls, chair, home, known, names
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting
from redprop_bot.understand.acts import Act as Heard

_SHOWN: Final = 8
_SHORT: Final = 80


_NO: Final = r"(?P<no>M\d{8}-\d{4,})?"
_YEAR: Final = re.compile(
    r"(?:看看?|查查?|查一下|翻一下)?"
    r"(?:(?:今年|本年度?|(?P<last>去年)|(?P<quarter>上个?季度)|[本这]个?季度|历次|以前|(?P<year>20\d\d)年度?)的?)?"
    r"(?:第?[一二三四]季度的?)?(?:党建)?(?:(?:联席会议?|季度会议?|开会)的?"
    r"(?:季度记录|季度情况|全年记录|记录|台账|开[了过](?:几次|几场|没有?)|情况)|(?:季度|全年)记录|每个季度开了没有?)"
    r"(?:在哪里?|发我|发一下)?[？?]?"
)
_WHY: Final = r"(?:[，,：:\s]+(?P<rest>\S.{0,300}))?"
_LAST: Final = re.compile(
    r"(?:看看?|查查?|查一下|翻一下)?(?:(?:上次|上一次|上回|最近一次|最近|上个?季度)的?)?(?P<of>(?:党建)?"
    r"(?:联席|议事|居民代表|居民|楼宇协商|协商|碰头|恳谈|听证|调解|板凳|院坝)?会议?|(?:周末)?议事厅)(?:上)?的?"
    r"(?:纪要(?:在哪里?|发我|发一下|呢|看看)?|(?:都|最后)?(?:定了|决定了|议定了|说定了)(?:些|点)?(?:什么|哪些|啥)事?)[？?]?"
)
_AGENDA: Final = re.compile(
    rf"(?:看看?|查看?|发)?(?:一下)?(?:这次|下次)?(?:党建)?(?:联席|议事|协商)?会?议?的?议程(?:呢|有哪些|是什么|发我|表)?[？?]?\s*{_NO}"
)
_OTHERWISE: Final = (
    r"(?P<rest>(?![：:]).{0,60}?(?:改|换成|换给|换由|延到|延期|推迟|推到|提前到|不是|写错|记错|弄错|应该|应由|由.{2,12}[办做]).{0,80})"
    r"(?<![吗么呢？?])"
)
_WHO_CAME: Final = re.compile(
    r"(?:现在|都|有)*(?:谁|哪些人|几个人|多少人)(?:都|已经)?(?:签到|签了到|到会|来开会)了?(?:没有?|吗)?[？?]?"
    r"|(?:还有)?(?:谁|哪些人)(?:还)?没有?(?:签到|到会|来开会)[？?]?"
    r"|(?:看一?下?|查一?下?)?(?:会议)?(?:签到|到会)(?:情况|名单|人数|了(?:多少|几个)人?)[？?]?"
)
_STRICT: Final = (
    (
        "minutes",
        re.compile(
            rf"(?:写|起草|拟|出|做|整理|生成)(?:一下|一?[份个])?(?:会议)?纪要\s*{_NO}(?:[，,：:\s]+(?P<rest>.+))?",
            re.DOTALL,
        ),
    ),
    ("approve", re.compile(rf"(?:会议)?纪要(?:定稿|通过)\s*{_NO}")),
    ("vote", re.compile(rf"(?:发起)?表决\s*{_NO}[：:\s]+(?P<rest>\S.{{1,200}})")),
    ("count", re.compile(rf"(?:计票|唱票|表决结束)\s*{_NO}")),
    ("code", re.compile(rf"(?:会议的?|现在的?)?签到码(?:是?多少|是什么|是几|呢|发我)?\s*{_NO}[？?]?")),
    ("present", _WHO_CAME),
    ("topic", re.compile(rf"(?:再|帮我|请)?加(?:个|一个|一条)?议题\s*{_NO}[：:，,\s]*(?P<rest>\S.{{1,200}})")),
    ("track", re.compile(rf"(?:看|查)?决议(?:落实|进展|办理)?(?:情况|到哪了|清单|怎么样了?)?\s*{_NO}")),
    ("year", _YEAR),
    ("agenda", _AGENDA),
    ("last", _LAST),
    ("withdraw", re.compile(rf"(?:撤回|撤销|取消|作废)(?:这个|这次|刚才的?)?表决\s*{_NO}")),
    ("undo", re.compile(rf"(?:撤回|撤销|作废)(?:第)?决议\s*(?:第)?(?P<number>\d{{1,3}})\s*条?\s*{_NO}{_WHY}")),
    ("undo", re.compile(rf"(?:撤回|撤销|作废)?(?:第)?(?P<number>\d{{1,3}})条决议(?:记错了|撤回|不算){_NO}{_WHY}")),
    ("amend", re.compile(rf"(?:请?[把将])?第?\s*(?P<number>\d{{1,3}})\s*条决议{_OTHERWISE}")),
    ("amend", re.compile(rf"(?:请?[把将])?决议的?第?\s*(?P<number>\d{{1,3}})\s*条?{_OTHERWISE}")),
    ("spot", re.compile(r"(?P<rest>\S.{1,300}(?:当场|现场)(?:答复|解释|解决).{2,300})", re.DOTALL)),
    ("open", re.compile(r"现在(?:就)?开(?P<rest>\S{2,12}?)[。！!]?")),
)


def run(turn: Turn) -> bool:
    """Do what a strict sentence of whoever leads says; returns whether it was one."""
    text = turn.inbound.text.strip().rstrip("。")
    if turn.speaker.role != "secretary" or len(text) > 1000:
        return False
    if len(text) <= _SHORT and plainly(turn, text):
        schedule(turn, Heard("meeting.schedule", text=text))
        return True
    if meeting_inviting.run(turn, text):
        return True
    if not_a_meeting.announced(turn, text) if not calls(turn, text) else called_plainly(turn, text):
        return True
    if _under_way(turn) is None and meeting_coming.run(turn, text):
        return True
    for name, pattern in _STRICT:
        if match := pattern.fullmatch(text):
            said = match.groupdict()
            if name == "open" and turn.tx.content.meetings.named(said["rest"] or "") is None:
                return False
            if name == "present" and _under_way(turn) is None:  # then it is asked of an activity
                return False
            try:
                with turn.tx.savepoint():
                    _DO[name](turn, said)
            except Refused as refusal:
                turn.refuse(refusal)
            return True
    return False


def _under_way(turn: Turn) -> Meeting | None:
    """The meeting that takes attendance now, of those that the speaker leads."""
    leads = chair(turn)
    communities = None if leads.communities is None else sorted(leads.communities)
    found = meetings.page(turn.tx, communities=communities, limit=20)
    return next((meeting for meeting in found if takes_attendance(turn.tx, meeting)), None)


def _present(turn: Turn, _said: dict[str, Any]) -> None:
    """谁签到了: who is there and who is not yet."""
    meeting = _under_way(turn)
    assert meeting is not None
    every = meetings.seats(turn.tx, meeting.id or 0)
    seats, there = principals(every), present(every)
    turn.say(
        "meeting.present",
        **about(turn, meeting),
        there=str(len(there)),
        due=str(len(seats)),
        names=names(turn, [seat for seat in seats if seat.id in there]),
        missing=names(turn, [seat for seat in seats if seat.id not in there]),
    )


def _minutes(turn: Turn, said: dict[str, Any]) -> None:
    meeting = minutes.draft(turn.tx, current(turn, said["no"]), chair(turn), remarks=said["rest"])
    turn.say("meeting.minutes", **about(turn, meeting))


def _approve(turn: Turn, said: dict[str, Any]) -> None:
    meeting = current(turn, said["no"])
    if not meeting.minutes:
        if meeting.begun_at is None and turn.tx.now < meeting.starts_at:
            raise Conflict("meeting_ahead", no=meeting.no, when=about(turn, meeting)["when"])
        meeting = minutes.draft(turn.tx, meeting, chair(turn))
    done = minutes.approve(turn.tx, meeting, chair(turn))
    rows = meetings.resolutions(turn.tx, [done.id or 0]).get(done.id or 0, [])
    orders = meetings.decided(turn.tx, [row.id or 0 for row in rows])
    told = sum(order.reporter_id is not None for found in orders.values() for order in found)
    key = "meeting.approved" if convening.kind_of(turn.tx, done).public else "meeting.approved_private"
    turn.say(key, no=done.no, number=str(told) if told else "")


def _vote(turn: Turn, said: dict[str, Any]) -> None:
    meeting = current(turn, said["no"])
    vote = voting.ask(turn.tx, meeting, chair(turn), text=said["rest"].strip())
    there = len(present(meetings.seats(turn.tx, meeting.id or 0)))
    turn.say("meeting.vote_asked", number=str(vote.number), text=vote.text, there=str(there))


def _count(turn: Turn, said: dict[str, Any]) -> None:
    meeting = current(turn, said["no"])
    done = voting.count(turn.tx, meeting, chair(turn), voting.standing(turn.tx, meeting))
    say = turn.tx.content.replies.say
    turn.say(
        "meeting.vote_counted",
        number=str(done.number),
        text=done.text,
        result=say(f"meeting.{done.state}"),
        yes=str(done.yes),
        no_votes=str(done.no),
        abstain=str(done.abstain),
    )


def _withdraw(turn: Turn, said: dict[str, Any]) -> None:
    meeting = current(turn, said["no"])
    gone = voting.withdraw(turn.tx, meeting, chair(turn), voting.standing(turn.tx, meeting))
    turn.say("meeting.vote_withdrawn", number=str(gone.number), text=gone.text)


def _spot(turn: Turn, said: dict[str, Any]) -> None:
    """What was answered at once, in one sentence: the matter, then the answer."""
    numbers = finding.numbers_in(said["rest"])
    meeting_decisions.resolve(
        turn, Heard("meeting.resolve", slots={"order": ",".join(numbers)}, text=said["rest"])
    )


def _undo(turn: Turn, said: dict[str, Any]) -> None:
    """What was written down wrongly is taken back; the meeting decides anew."""
    meeting = known(turn, said["no"]) if said["no"] else _last_decided(turn)
    number = int(said["number"])
    why = said["rest"] or turn.tx.content.replies.say("meeting.undone_why")
    found = tracking.of_meetings(turn.tx, [meeting.id or 0]).get(meeting.id or 0, [])
    orders = [order.no for way in found if way.row.number == number for order in way.orders]
    gone = undoing.undo(turn.tx, meeting, chair(turn), number=number, reason=why)
    waits = {order.no for order in agenda.on_the_table(turn.tx, meeting)}
    nos = "、".join(no for no in orders if no in waits)
    text = words.quoted(gone.text, 100)
    turn.say("meeting.undone", title=meeting.title, number=str(number), text=text, nos=nos)


def _amend(turn: Turn, said: dict[str, Any]) -> None:
    """A decision is not rewritten: it is taken back and decided anew, so that who had it hears so."""
    meeting, number = _last_decided(turn), int(said["number"])
    found = tracking.of_meetings(turn.tx, [meeting.id or 0]).get(meeting.id or 0, [])
    way = next((way for way in found if way.row.number == number), None)
    if way is None:
        raise NotFound("no_resolution", no=meeting.no, number=str(number))
    turn.say("meeting.amend", number=str(number), line=tracking.line_of(turn.tx, way))


def _code(turn: Turn, said: dict[str, Any]) -> None:
    meeting = current(turn, said["no"])
    turn.say("meeting.code", no=meeting.no, code=meeting.code)


def _topic(turn: Turn, said: dict[str, Any]) -> None:
    meeting = agenda.add(turn.tx, current(turn, said["no"]), chair(turn), topic=said["rest"].strip())
    turn.say("meeting.topic_added", no=meeting.no, topic=said["rest"].strip())


def _open(turn: Turn, said: dict[str, Any]) -> None:
    meeting = sudden.sudden(turn.tx, chair(turn), said["rest"], home(turn, said["rest"]))
    turn.say("meeting.opened", **about(turn, meeting), code=meeting.code)


def _track(turn: Turn, said: dict[str, Any]) -> None:
    """How far the decisions of a meeting are: of the one named, else of the last that decided anything."""
    _tracked(turn, known(turn, said["no"]) if said["no"] else _last_decided(turn))


def _agenda(turn: Turn, said: dict[str, Any]) -> None:
    """The agenda as it stands, of the meeting that is on or next."""
    meeting = current(turn, said["no"])
    points = agenda.points(turn.tx, meeting)
    lines = [f"{n}. {point['title']}" for n, point in enumerate(points[:_SHOWN], 1)]
    turn.say(
        "meeting.agenda",
        **about(turn, meeting),
        lines="\n".join(lines) or turn.tx.content.replies.say("agenda.empty"),
    )


def _last(turn: Turn, said: dict[str, Any]) -> None:
    """上次议事会定了什么: the decisions of the last that decided anything, of the kind that is named."""
    _tracked(turn, _last_decided(turn, turn.tx.content.meetings.named(said["of"])))


def _tracked(turn: Turn, meeting: Meeting) -> None:
    key = meeting.id or 0
    ways = tracking.of_meetings(turn.tx, [key]).get(key, [])
    if not ways:
        turn.say("meeting.tracker_none", title=meeting.title)
        return
    lines = [tracking.line_of(turn.tx, way) for way in ways]
    slots = {**about(turn, meeting), "number": str(len(ways)), "done": str(sum(way.done for way in ways))}
    turn.say("meeting.tracker", lines="\n".join(lines[:_SHOWN]), **slots)


def _year(turn: Turn, said: dict[str, Any]) -> None:
    """The quarters of a year, of each community that the speaker leads meetings in."""
    say, leads = turn.tx.content.replies.say, chair(turn)
    today = turn.tx.now.astimezone(turn.tx.content.zone)
    back = said["last"] is not None or (said["quarter"] is not None and today.month <= 3)
    wanted = int(said["year"] or today.year - back)
    lines = []
    for key, community in turn.register.communities.items():
        if not leads.may(key):
            continue
        lines.append(say("meeting.year_of", community=community.name, year=str(wanted)))
        for one in record.year(turn.tx, key, wanted):
            how = turn.tx.content.labels.quarter_how[one.how]
            decided = (
                say("meeting.year_decided", number=str(one.resolutions), done=str(one.done))
                if one.resolutions
                else ""
            )
            lines.append(say("meeting.year_line", name=one.name.partition("年")[2], how=how, decided=decided))
    turn.say("meeting.year", lines="\n".join(lines), link=f"{turn.tx.content.address}/console/meetings")


def _last_decided(turn: Turn, kind: str | None = None) -> Meeting:
    leads = chair(turn)
    communities = None if leads.communities is None else sorted(leads.communities)
    found = meetings.page(turn.tx, communities=communities, kind=kind, limit=20)
    decided = meetings.resolutions(turn.tx, [meeting.id or 0 for meeting in found])
    last = next((m for m in found if m.id in decided), None) or (found[0] if kind and found else None)
    if last is None and not found:
        raise NotFound("nothing_decided")
    return last or current(turn)


_DO: Final[Mapping[str, Callable[[Turn, dict[str, Any]], None]]] = {
    "minutes": _minutes,
    "approve": _approve,
    "vote": _vote,
    "count": _count,
    "code": _code,
    "present": _present,
    "undo": _undo,
    "amend": _amend,
    "year": _year,
    "agenda": _agenda,
    "spot": _spot,
    "topic": _topic,
    "track": _track,
    "last": _last,
    "withdraw": _withdraw,
    "open": _open,
}
