"""预约 in chat: place, time, how many and what for in one sentence; what is missing is asked. Cancelling, listing.

Sentences that only sound like it (预约维修) are none: a place of the list must be named, or places in general.
"""

import re
from datetime import date, datetime, timedelta
from typing import Any, Final

from redprop_bot.dialogue import booking_words, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.store import bookings
from redprop_bot.store.tables import Booking, Resource
from redprop_bot.volunteers import booking, places
from redprop_bot.volunteers.booking import Wish

_BOOK: Final = re.compile(
    r"(?:你好[，,]?)?(?:我们?)?(?:想要?|要|帮我们?|请帮我|麻烦|能不能)?(?:预约|预订|预定|订一下|约一下|订|约)(?:一下|个|一个|一间)?(?P<rest>.*)",
    re.DOTALL,
)
_TIME_FIRST: Final = re.compile(
    r"(?:你好[，,]?)?(?:我们?)?(?:想要?|要)?(?P<time>[^，,。？?]{2,40}?)[，,]?(?:我们?)?(?:想要?|要|帮我们?)?"
    r"(?:预约|预订|预定|订|约|借用?|租)(?:一下|个|一个|一间|一辆|一把)?(?P<rest>.{2,80})",
    re.DOTALL,
)
_GENERAL: Final = re.compile(r"(?:个)?(?:场地|地方|房间|会议室|活动室|议事厅|东西)?[吧吗？?。！! ]*")
_MINE: Final = re.compile(
    r"(?:(?:查|看|查看|查一下)?我的预约|(?:查|查看|查一下)预约|我(?:预)?约了(?:什么|哪里)|我(?:预)?约的(?:场地)?)[？?]*"
)
_PLACEY: Final = re.compile(r"(?:预约|预订|预定).{0,12}?(?:厅|室|馆|场地|房间|广场)")
_CANCEL: Final = re.compile(
    r"(?:取消|退掉|撤销|不要)(?:掉|了)?(?:我的)?(?:预约|预订|预定)\s*(?P<no>B\d{8}-\d{4,}|\d{1,6})?(?:号)?[。！!]*"
)
_ABOUT: Final = re.compile(
    r"(?P<name>.{2,24}?)(?:还)?(?:有没有空|有空|空着|空不空|能约|可以约|能预约|可以预约|几点开|什么时候开|开放时间|几点关|开门)(?:门|放)?"
    r"(?:吗|么|呢|的)?[？?。]*"
)
_USED: Final = re.compile(
    r"(?P<name>.{2,24}?)(?P<day>今天|昨天)?(?:一共)?(?:来|到|用)了(?P<heads>\d{1,5})(?:个)?人(?:次)?[。！!]*"
)
_SHOWN: Final = 9
_SHORT: Final = 12


def run(turn: Turn) -> bool:
    """Do what a strict sentence about bookings says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if len(text) > 200:
        return False
    if _MINE.fullmatch(text):
        _mine(turn)
        return True
    if match := _CANCEL.fullmatch(text):
        _cancel(turn, match["no"])
        return True
    if turn.speaker.role in ("secretary", "provider") and (match := _USED.fullmatch(text)) and _used(turn, match):
        return True
    if match := _BOOK.fullmatch(text):
        return _book(turn, match["rest"].strip(" ，,。：:"))
    if match := _TIME_FIRST.fullmatch(text):
        return _time_first(turn, match["time"], match["rest"])
    match = _ABOUT.fullmatch(text)
    return match is not None and _about(turn, match["name"])


def _communities(turn: Turn) -> list[int]:
    """Where the speaker lives or works; all when nobody knows."""
    own = tasks.community_of(turn)
    return [own] if own is not None else list(turn.register.communities)


def _book(turn: Turn, rest: str) -> bool:
    """Book what is named; False when the words are about something else."""
    named = rest.rstrip("吧吗？?。！! ")
    if _GENERAL.fullmatch(rest) and not (named and places.called(turn.tx, _communities(turn), named)):
        return _offered(turn, things="东西" in rest, asked=bool(rest))
    called = places.called(turn.tx, _communities(turn), rest)
    found = _bookable(turn, called)
    if called and not found:
        key = "booking.walk_in" if called[0].owner_id is None else "booking.ask_owner"
        turn.say(key, title=called[0].title, hours=called[0].hours or "", place=called[0].place or "")
        return True
    if not found:
        return _PLACEY.search(turn.inbound.text) is not None and _none(turn, asked=True)
    if len(found) > 1:
        return _which(turn, found, rest)
    _made(turn, found[0], booking_words.read(rest, turn.inbound.created_at, turn.tx.content.zone, found[0].title))
    return True


def _time_first(turn: Turn, time: str, rest: str) -> bool:
    """明天下午2点到4点约活动室: only with a time in front and the whole name of a place behind."""
    zone = turn.tx.content.zone
    if not booking_words.read(time, turn.inbound.created_at, zone, "").days:
        return False
    named = [row for row in places.called(turn.tx, _communities(turn), rest) if row.title in rest]
    return bool(named) and _book(turn, f"{rest.strip()} {time.strip()}")


def _offered(turn: Turn, *, things: bool, asked: bool) -> bool:
    """Nothing was named: what there is, places or things to lend; False where there is nothing to say."""
    listed = _bookable(turn, bookings.listed(turn.tx, _communities(turn), limit=50))
    found = [row for row in listed if booking.is_lent(turn.tx, row) is things]
    if len(found) == 1:
        _made(turn, found[0], booking_words.read("", turn.inbound.created_at, turn.tx.content.zone, ""))
        return True
    return _which(turn, found, "") if found else _none(turn, asked=asked)


def _bookable(turn: Turn, found: list[Resource]) -> list[Resource]:
    there = bookings.places(turn.tx, [row.id or 0 for row in found])
    return [row for row in found if booking.bookable(turn.tx, row, there.get(row.id or 0))]


def _none(turn: Turn, *, asked: bool) -> bool:
    if asked:
        turn.say("booking.no_place")
    return asked


def _which(turn: Turn, found: list[Resource], rest: str) -> bool:
    some = found[:_SHOWN]
    turn.session.ask("booking_place", options=[row.no for row in some], words=rest)
    lines = "\n".join(
        f"{n}. {row.title}{'（' + row.place + '）' if row.place else ''}" for n, row in enumerate(some, 1)
    )
    turn.say("booking.which_place", lines=lines)
    return True


def _made(turn: Turn, resource: Resource, said: booking_words.Said) -> None:
    """Book it, or ask for the time."""
    stretch = said.stretch(lent=booking.is_lent(turn.tx, resource))
    if stretch is None:
        kept = {"heads": said.heads, "purpose": said.purpose, "day": said.day.isoformat() if said.day else ""}
        turn.session.ask("booking_time", no=resource.no, **kept)
        day = said.day or turn.tx.now.astimezone(turn.tx.content.zone).date()
        free = places.free_today(turn.tx, resource, day)
        slots = {"title": resource.title, "hours": resource.hours or "", "free": free}
        turn.say("booking.ask_time", day=_day_words(turn, day), **slots)
        return
    wish = Wish(
        start=stretch[0],
        end=stretch[1],
        by_name=turn.speaker.name,
        person=turn.speaker.person,
        heads=said.heads,
        purpose=said.purpose,
    )
    try:
        with turn.tx.savepoint():
            made = booking.book(turn.tx, resource, wish)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    turn.session.asked = None
    turn.say("booking.made", **booking.about(turn.tx, resource, made))


def answered(turn: Turn, asked: dict[str, Any], text: str, option: str | None) -> bool:
    """The answer to a question of this module; returns whether it was one."""
    zone, now = turn.tx.content.zone, turn.inbound.created_at
    if asked["kind"] == "booking_place":
        if option is None:
            return False
        resource = _resource(turn, option)
        turn.session.asked = None
        _made(turn, resource, booking_words.read(str(asked["words"]), now, zone, resource.title))
        return True
    day = str(asked.get("day") or "")
    said = booking_words.read(text, now, zone, "", day=datetime.fromisoformat(day).date() if day else None)
    resource = _resource(turn, str(asked["no"]))
    if said.stretch(lent=booking.is_lent(turn.tx, resource)) is None and not _only_a_day(turn, text):
        return False
    _made(turn, resource, said.with_kept(heads=int(asked["heads"]), purpose=str(asked["purpose"])))
    return True


def _only_a_day(turn: Turn, text: str) -> bool:
    """明天, 后天上午: the day is known then, the time is asked once more; other words are another matter."""
    said = booking_words.read(text, turn.inbound.created_at, turn.tx.content.zone, "")
    return len(text) <= _SHORT and bool(said.days) and not said.purpose


def _day_words(turn: Turn, day: date) -> str:
    """明天, 12月2日（周三）."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=turn.tx.content.zone)
    return words.day(noon, turn.tx.now, turn.tx.content.zone)[:-5]


def _resource(turn: Turn, no: str) -> Resource:
    found = bookings.resource(turn.tx, no)
    if found is None:
        raise LookupError(no)
    return found


def _mine(turn: Turn) -> None:
    found = bookings.of_person(turn.tx, turn.person_id)
    if found:
        turn.say("booking.mine", lines="\n".join(_line(turn, row) for row in found))
    else:
        turn.say("booking.mine_none")


def _line(turn: Turn, row: Booking) -> str:
    resource = turn.tx.get(Resource, row.resource_id)
    return turn.tx.content.replies.say("booking.line", **booking.about(turn.tx, resource, row))


def _cancel(turn: Turn, number: str | None) -> None:
    found = bookings.of_person(turn.tx, turn.person_id)
    if number:
        wanted = bookings.by_no(turn.tx, number) if number.startswith("B") else None
        found = [wanted] if wanted else bookings.by_tail(turn.tx, turn.person_id, number)
        if not found:
            turn.refuse(NotFound("no_booking"))
            return
    if not found:
        turn.say("booking.mine_none")
        return
    if len(found) > 1:
        turn.say("booking.which_one", lines="\n".join(_line(turn, row) for row in found))
        return
    try:
        with turn.tx.savepoint():
            done = booking.cancel(turn.tx, found[0], by=turn.speaker.name, person_id=turn.person_id)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    turn.say("booking.cancelled", **booking.about(turn.tx, turn.tx.get(Resource, done.resource_id), done))


def _about(turn: Turn, name: str) -> bool:
    """When a place is open and what is still free; False when no place is meant."""
    said = booking_words.read(name, turn.inbound.created_at, turn.tx.content.zone, "")
    found = places.called(turn.tx, _communities(turn), name)
    if len(found) != 1:
        return False
    resource, now = found[0], turn.tx.now
    day = said.day or now.astimezone(turn.tx.content.zone).date()
    free = places.free_today(turn.tx, resource, day)
    bookable = bool(_bookable(turn, [resource]))
    slots = {
        "title": resource.title,
        "hours": resource.hours or "",
        "day": _day_words(turn, day),
    }
    if bookable and not free:
        turn.say("booking.full", **slots)
    else:
        turn.say(
            "booking.about" if bookable else "booking.about_open", place=resource.place or "", free=free, **slots
        )
    return True


def _used(turn: Turn, match: re.Match[str]) -> bool:
    """How many came, as the keepers counted; False when no place is meant."""
    found = places.called(turn.tx, _communities(turn), match["name"])
    if len(found) != 1 or not places.keeps(found[0], turn.person_id, turn.speaker.posts):
        return False
    zone = turn.tx.content.zone
    day = turn.tx.now.astimezone(zone).date() - timedelta(days=1 if match["day"] == "昨天" else 0)
    heads = int(match["heads"])
    bookings.count_use(turn.tx, found[0].id or 0, day.isoformat(), heads, turn.speaker.name)
    turn.say("near.used", title=found[0].title, day=match["day"] or "今天", heads=str(heads))
    return True
