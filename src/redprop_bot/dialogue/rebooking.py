"""What somebody has booked, in chat: which it is, giving it back, moving it.

The strict forms go for everybody. In plain words (活动室不用了, 预约改到后天) only who has booked something
is heard, and only where nothing else is said: 活动室的灯坏了，去不了 is another matter.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from redprop_bot.dialogue import booking_words
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound, Refused
from redprop_bot.store import bookings
from redprop_bot.store.tables import Booking, Resource
from redprop_bot.understand.slots import when
from redprop_bot.volunteers import booking, places
from redprop_bot.volunteers.booking import Wish

MOVE: Final = "booking_move"
_MINE: Final = re.compile(
    r"(?:(?:查|看|查看|查一下|查查|看看)?我的预约|(?:查|查看|查一下)预约|我(?:预)?约了(?:什么|哪里)|我(?:预)?约的(?:场地)?)[呢？?]*"
)
_CANCEL: Final = re.compile(
    r"(?:取消|退掉|撤销|不要)(?:掉|了)?(?:我的)?(?:预约|预订|预定)\s*(?P<no>B\d{8}-\d{4,}|\d{1,6})?(?:号)?[。！!]*"
)
_OFF: Final = re.compile(
    r"取消(?:掉|了|一下)?|退(?:掉|了)|撤销(?:掉|了)?|不要了|用不(?:上|着|到)了?|去不(?:了|成)了?|来不(?:了|成)了?"
    r"|不(?:想|能|再)?(?:去|来|用|借)了|不(?:想|能|再)?(?:预约|预订|预定|约|订)了?"
)
_TO: Final = re.compile(r"(?:改|换|挪|推|调|延|提前)(?:迟|后)?(?:一下|个)?(?P<to>到|成|为|在|至|约|时间|期)")
_BOOKED: Final = re.compile(r"预约|预订|预定|[订约]的|(?<=不)[订约]|(?<=不想)[订约]")
_WHICH: Final = re.compile(
    r"(?:查一?下?|看一?下?|查查|看看)?我(?:们)?(?:预)?(?:约|订)(?:的|了)?(?:是|在)?"
    r"(?:几点|什么时候|哪天|哪里|没有|没|上了吗|好了吗|成功了吗|吗|呢|时间)*[？?]*"
)
_FILLER: Final = re.compile(
    r"(?:预约|预订|预定|(?:家里|临时|有事|不好意思|对不起|抱歉|谢谢|麻烦|你好|您好|请|帮我们?|给我们?|把|将|我们?|想要?|要|那|这个?"
    r"|个|一下|先|就|都|可能|恐怕|社区|小区|的|了|吧|啊|哈|订|约|在|去|来|用|场地|地方|时间|上午|下午|晚上|早上|中午|今晚)|[，,。！!、\s])"
)
_PART: Final = re.compile(r"早上|上午|中午|下午|傍晚|晚上|晚")
_SHORT: Final = 40


def run(turn: Turn) -> bool:
    """Do what a sentence about one's own bookings says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if _MINE.fullmatch(text):
        _mine(turn)
        return True
    if match := _CANCEL.fullmatch(text):
        number = match["no"]
        found = _numbered(turn, number) if number else bookings.of_person(turn.tx, turn.person_id)
        if number and not found:
            turn.refuse(NotFound("no_booking"))
        else:
            _cancel(turn, found)
        return True
    if len(text) > _SHORT or not (_OFF.search(text) or _TO.search(text) or _WHICH.search(text)):
        return False
    held = bookings.of_person(turn.tx, turn.person_id)
    return bool(held) and _plainly(turn, text, held)


def _plainly(turn: Turn, text: str, held: list[Booking]) -> bool:
    """活动室不用了, 预约改到后天下午2点, 我订的是几点: of what is held."""
    names = {row.id: places.tail_in(turn.tx.get(Resource, row.resource_id), text) for row in held}
    named = [row for row in held if names[row.id]]
    bare = _without(turn, text, [name for name in names.values() if name])
    if _WHICH.fullmatch(bare if named else text):
        _mine(turn)
        return True
    if not named and not _BOOKED.search(text):
        return False
    if match := _TO.search(text):
        front = _without(turn, text[: match.start()], [name for name in names.values() if name])
        return not _FILLER.sub("", front) and _move(turn, named or held, text[match.end() :])
    if turn.session.asked_kind() in ("booking_time", "booking_place") and "取消" not in text:
        return False  # the one that is being made is meant
    if _FILLER.sub("", _OFF.sub("", bare)) or _OFF.search(text) is None:
        return False
    of_day = _of_day(turn, named or held, text)
    _cancel(turn, of_day or named or held, unclear=not of_day)
    return True


def _without(turn: Turn, text: str, names: list[str]) -> str:
    """The words without the names of places and without days and times."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    for moment in sorted(when.find(text, turn.inbound.created_at), key=lambda m: m.start, reverse=True):
        text = text[: moment.start] + text[moment.end :]
    return text


def _of_day(turn: Turn, held: list[Booking], text: str) -> list[Booking]:
    """Those of the day that was said; all where none was."""
    zone = turn.tx.content.zone
    days = {moment.day for moment in when.find(text, turn.inbound.created_at)}
    if not days:
        return held
    return [row for row in held if row.starts_at.astimezone(zone).date() in days]


def only(turn: Turn, text: str, resource: Resource) -> bool:
    """Whether words name a place and a day and nothing else, as 活动室的厕所 does."""
    tail = places.tail_in(resource, text)
    return bool(tail) and not _FILLER.sub("", _without(turn, text, [tail]))


def dropped(turn: Turn, text: str) -> bool:
    """不约了 while something is asked about a booking: the question is dropped, what is booked stays."""
    if _OFF.search(text) is None or _FILLER.sub("", _OFF.sub("", text)):
        return False
    turn.session.asked = None
    turn.say("ask.dropped")
    return True


# -- showing and giving back


def _mine(turn: Turn) -> None:
    found = bookings.of_person(turn.tx, turn.person_id)
    if found:
        turn.say("booking.mine", lines="\n".join(_line(turn, row) for row in found))
    else:
        turn.say("booking.mine_none")


def _line(turn: Turn, row: Booking) -> str:
    resource = turn.tx.get(Resource, row.resource_id)
    return turn.tx.content.replies.say("booking.line", **booking.about(turn.tx, resource, row))


def _numbered(turn: Turn, number: str) -> list[Booking]:
    wanted = bookings.by_no(turn.tx, number) if number.startswith("B") else None
    return [wanted] if wanted else bookings.by_tail(turn.tx, turn.person_id, number)


def _cancel(turn: Turn, found: list[Booking], *, unclear: bool = False) -> None:
    if not found:
        turn.say("booking.mine_none")
        return
    if len(found) > 1 or unclear:
        turn.say("booking.which_one", lines="\n".join(_line(turn, row) for row in found))
        return
    try:
        with turn.tx.savepoint():
            done = booking.cancel(turn.tx, found[0], by=turn.speaker.name, person_id=turn.person_id)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    turn.say("booking.cancelled", **booking.about(turn.tx, turn.tx.get(Resource, done.resource_id), done))


# -- moving


def _move(turn: Turn, found: list[Booking], to: str) -> bool:
    """Give one back and take another time of the same place, both or neither."""
    if len(found) > 1:
        turn.say("booking.which_move", lines="\n".join(_line(turn, row) for row in found))
        return True
    stretch = _stretch(turn, found[0], to)
    if stretch is None and _FILLER.sub("", _without(turn, to, [])):
        return False  # 活动室改成食堂
    if stretch is None:
        _when(turn, found[0])
    else:
        _moved(turn, found[0], *stretch)
    return True


def _when(turn: Turn, row: Booking) -> None:
    turn.session.ask(MOVE, no=row.no)
    turn.say("booking.ask_move", **booking.about(turn.tx, turn.tx.get(Resource, row.resource_id), row))


def _stretch(turn: Turn, row: Booking, to: str, day: str = "") -> tuple[datetime, datetime] | None:
    """The new time: what is not said of day, hour and length stays; None where nothing was said."""
    zone, length = turn.tx.content.zone, row.ends_at - row.starts_at
    was = row.starts_at.astimezone(zone)
    said = booking_words.read(
        to, turn.inbound.created_at, zone, "", day=date.fromisoformat(day) if day else was.date()
    )
    resource = turn.tx.get(Resource, row.resource_id)
    if said.whole is not None or said.minutes is not None:
        found = said.stretch(lent=booking.is_lent(turn.tx, resource))
        if found is not None:
            return found
        begin = said.minutes[0] if said.minutes is not None else None
        if begin is None or not said.days:
            return None
        start = datetime.combine(said.days[0], time(0), zone) + timedelta(minutes=begin)
        return start, start + length
    if not when.find(to, turn.inbound.created_at):
        return None
    if _PART.search(to):  # 后天下午: nobody guesses the hour
        return None
    start = datetime.combine(said.days[0], was.time(), zone)
    return start, start + length


def _moved(turn: Turn, row: Booking, start: datetime, end: datetime) -> None:
    resource = turn.tx.get(Resource, row.resource_id)
    wish = Wish(start, end, turn.speaker.name, turn.speaker.person, heads=row.heads, purpose=row.purpose)
    try:
        with turn.tx.savepoint():
            booking.cancel(turn.tx, row, by=turn.speaker.name, person_id=turn.person_id)
            made = booking.book(turn.tx, resource, wish)
    except Refused as refusal:
        turn.session.ask(MOVE, no=row.no, day=start.date().isoformat())  # another time may follow
        turn.refuse(refusal)
        return
    turn.session.asked = None
    turn.say("booking.moved", **booking.about(turn.tx, resource, made))


def answered(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """The new time of what is to be moved; returns whether it was one."""
    row = bookings.by_no(turn.tx, str(asked["no"]))
    stretch = _stretch(turn, row, text, str(asked.get("day") or "")) if row is not None else None
    if row is None or stretch is None:
        return False
    _moved(turn, row, *stretch)
    return True
