"""What time does to meetings, each thing once, late rather than never.

A quarter gets a date proposed, is reminded of, told to the street; of a meeting the agenda is fixed, the invited
are reminded, its end is noticed, its minutes are asked for.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Final
from zlib import crc32

from redprop_bot.council import agenda, attending, record, succession, telling
from redprop_bot.council.convening import Wish, call_off, default_title, insert
from redprop_bot.council.record import ALARM
from redprop_bot.council.timing import FIX, MORNING, OVER, REMIND, mark, morning
from redprop_bot.loop.actor import CLOCK
from redprop_bot.registry.register import register
from redprop_bot.rules.meetings import (
    MeetingState,
    day_of_quarter,
    free_day,
    quarter_name,
    quarter_number,
)
from redprop_bot.store import lists, meeting_topics, meetings, messages, numbers
from redprop_bot.store.tables import Meeting, Person, Timer
from redprop_bot.store.tx import Tx

REVISION: Final = "meetings"
PROPOSE, LACKING, UNWRITTEN = "meeting_plan", "meeting_lacking", "meeting_minutes"
_SEARCHED: Final = 20
"""Days looked at for one that is free."""


# -- quarters


def plan(tx: Tx) -> None:
    """The moments of this quarter for each community; one small look where they are planned already."""
    kind, number = record.kind_planned(tx), quarter_number(tx.now, tx.content.zone)
    if kind is None:
        return
    terms, homes = tx.content.meetings, sorted(register(tx).communities)
    mark = crc32(repr((kind, number, homes, terms.remind_day, terms.alarm_day)).encode()) >> 1
    if numbers.revision(tx, REVISION) == mark:
        return
    numbers.put_revision(tx, REVISION, mark)
    for home in homes:
        for what, day in ((PROPOSE, 1), (LACKING, terms.remind_day), (ALARM, terms.alarm_day)):
            at = datetime.combine(day_of_quarter(number, day), time(MORNING), tx.content.zone)
            key = record.key_of(what, kind, home, number)
            messages.plan(tx, key, what, at, home, quarter=number, of=kind)
            messages.move(tx, key, at)  # the community may have chosen another day; what was done stays done


def _stands(tx: Tx, timer: Timer) -> bool:
    """Whether the quarter of a timer has its meeting, or a date for one."""
    found = meetings.of_quarter(tx, timer.subject_id, timer.data["of"], timer.data["quarter"])
    return record.how(tx, found, timer.data["quarter"]) in ("held", "planned")


def _propose(tx: Tx, timer: Timer) -> None:
    number, home, terms = timer.data["quarter"], timer.subject_id, tx.content.meetings
    latest = day_of_quarter(number, terms.propose_until)
    today = tx.now.astimezone(tx.content.zone).date()
    if _stands(tx, timer) or today > latest or timer.data["of"] not in terms.kinds:
        return
    if any(m.state == MeetingState.PROPOSED for m in meetings.of_quarter(tx, home, timer.data["of"], number)):
        return
    starts = _free_moment(tx, timer.data["of"], home, number)
    if starts is None:
        return
    kind = terms.kinds[timer.data["of"]]
    ends = starts + timedelta(minutes=kind.minutes)
    wish = Wish(timer.data["of"], home, starts)
    values = {
        "title": default_title(tx, kind, wish),
        "place": _room(tx, home, starts, ends),
        "starts_at": starts,
        "ends_at": ends,
        "quarter": number,
    }
    made = insert(tx, wish, values, by=CLOCK.name, by_id=None, state=MeetingState.PROPOSED.value)
    messages.plan(tx, f"{OVER}:{made.no}:1", OVER, ends, made.id, starts=mark(made))
    said = {"quarter": quarter_name(number)}
    telling.tell(
        tx, made, "meeting_proposed", telling.keepers(tx, made), key="proposed", buttons=("meeting_ok",), more=said
    )


def _free_moment(tx: Tx, kind: str, home: int | None, number: int) -> datetime | None:
    """A working day around the day of the data on which those who lead it have no other meeting."""
    terms, zone = tx.content.meetings, tx.content.zone
    first = max(day_of_quarter(number, terms.propose_day), tx.now.astimezone(zone).date() + timedelta(days=1))
    days = [first + timedelta(days=n) for n in range(_SEARCHED)]
    work = [
        d for d in days if tx.content.calendar.is_workday(d) and quarter_number(_at(tx, kind, d), zone) == number
    ]
    leads = {person.id for person in register(tx).secretaries(home)}
    begin, end = _at(tx, kind, days[0]), _at(tx, kind, days[-1]) + timedelta(days=1)
    others = meetings.overlapping(tx, begin, end)
    seats = meetings.seats_of(tx, [m.id or 0 for m in others])
    busy = [
        m.starts_at.astimezone(zone).date()
        for m in others
        if m.community_id == home or leads & {seat.person_id for seat in seats.get(m.id or 0, [])}
    ]
    day = free_day(work, busy)
    return None if day is None else _at(tx, kind, day)


def _at(tx: Tx, kind: str, day: object) -> datetime:
    return datetime.combine(day, tx.content.meetings.kinds[kind].at, tx.content.zone)  # type: ignore[arg-type]


def _room(tx: Tx, home: int | None, starts: datetime, ends: datetime) -> str | None:
    """A place of the resource list in which people meet and which is free then."""
    taken = {m.place for m in meetings.overlapping(tx, starts, ends)}
    marks = tx.content.meetings.rooms
    for room in lists.published_resources(tx, home):
        if any(mark in room.title or mark == room.kind for mark in marks) and room.title not in taken:
            return room.title
    return None


def _lacking(tx: Tx, timer: Timer) -> None:
    """Day 60 and no meeting: the secretary hears of it; when the street is told as well by now, that says it."""
    terms, number = tx.content.meetings, timer.data["quarter"]
    alarmed = datetime.combine(day_of_quarter(number, terms.alarm_day), time(MORNING), tx.content.zone)
    if not _stands(tx, timer) and tx.now < alarmed:
        _tell_quarter(tx, timer, "meeting_lacking", register(tx).secretaries(timer.subject_id))


def _alarm(tx: Tx, timer: Timer) -> None:
    """Day 80 and no meeting: the street is told, and the secretary once more."""
    if _stands(tx, timer):
        return
    reg = register(tx)
    people = {p.id: p for p in (*reg.street_staff, *reg.secretaries(timer.subject_id))}
    _tell_quarter(tx, timer, "meeting_alarm", list(people.values()))


def _tell_quarter(tx: Tx, timer: Timer, message: str, people: list[Person]) -> None:
    number, reg = timer.data["quarter"], register(tx)
    kind = tx.content.meetings.kinds[timer.data["of"]]
    tabled, left = len(meeting_topics.tabled(tx, [timer.subject_id or 0])), record.days_left(tx, number)
    telling.tell_of_home(
        tx,
        message,
        people,
        key=timer.key,
        slots={
            "community": reg.community_name(timer.subject_id) or "",
            "quarter": quarter_name(number),
            "kind": kind.name,
            "left": str(left or ""),
            "tabled": str(tabled or ""),
            "over": "" if left else quarter_name(number),
        },
    )


# -- one meeting


def _meeting(tx: Tx, timer: Timer) -> Meeting | None:
    """The meeting, held, if it still begins when the timer was planned for and nobody has called it off."""
    meeting = tx.get(Meeting, timer.subject_id or 0, lock=True)
    stands = meeting.state != MeetingState.CANCELLED and meeting.approved_at is None
    return meeting if stands and mark(meeting) == timer.data["starts"] else None


def _fix(tx: Tx, timer: Timer) -> None:
    meeting = _meeting(tx, timer)
    if meeting is None or meeting.agenda_at is not None or meeting.state != MeetingState.CALLED:
        return
    meeting = agenda.fix(tx, meeting)
    lines = [f"{n}. {point['title']}" for n, point in enumerate(meeting.agenda, 1)]
    if lines:
        succession.seated(tx, meeting)
        telling.agenda_fixed(tx, meeting, meetings.seats(tx, meeting.id or 0), lines)


def _remind(tx: Tx, timer: Timer) -> None:
    meeting = _meeting(tx, timer)
    if meeting is not None and meeting.state == MeetingState.CALLED and tx.now < meeting.starts_at:
        succession.seated(tx, meeting)
        telling.soon(tx, meeting, meetings.seats(tx, meeting.id or 0))


def _over(tx: Tx, timer: Timer) -> None:
    """Its end has come: it is held, and minutes are asked for; a date that nobody agreed to has lapsed."""
    meeting = _meeting(tx, timer)
    if meeting is None:
        return
    if meeting.state == MeetingState.PROPOSED:
        call_off(tx, meeting, tx.content.replies.say("meeting.lapsed"), by=CLOCK.name)
        return
    if meeting.state != MeetingState.CALLED or meeting.ends_at > tx.now:
        return
    attending.over(tx, meeting)
    for day in tx.content.meetings.minutes_days:
        at = morning(tx, meeting.ends_at + timedelta(days=day))
        messages.plan(
            tx, f"{UNWRITTEN}:{meeting.no}:{day}", UNWRITTEN, at, meeting.id, day=day, starts=timer.data["starts"]
        )


def _unwritten(tx: Tx, timer: Timer) -> None:
    """So many days after and the minutes are not approved."""
    meeting = _meeting(tx, timer)
    if meeting is None:
        return
    message = "meeting_minutes" if meeting.minutes else "meeting_unwritten"
    more = {"days": str(timer.data["day"])}
    telling.tell(tx, meeting, message, telling.keepers(tx, meeting), key=f"minutes:{timer.data['day']}", more=more)


DO: Final[Mapping[str, Callable[[Tx, Timer], None]]] = {
    PROPOSE: _propose,
    LACKING: _lacking,
    ALARM: _alarm,
    FIX: _fix,
    REMIND: _remind,
    OVER: _over,
    UNWRITTEN: _unwritten,
}
