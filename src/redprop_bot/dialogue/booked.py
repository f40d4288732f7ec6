"""预约 in chat: place, time, how many and what for in one sentence; what is missing is asked. Cancelling, listing.

Sentences that only sound like it (预约维修) are none: a place of the list must be named, or places in general.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from redprop_bot.dialogue import booking_words, rebooking, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.notify import words
from redprop_bot.store import bookings
from redprop_bot.store.tables import Resource
from redprop_bot.volunteers import booking, places
from redprop_bot.volunteers.booking import Wish

_BOOK: Final = re.compile(
    r"(?:你好[，,]?)?(?:我们?)?(?:想要?|要|帮我们?|请帮我|麻烦|能不能)?(?:预约|预订|预定|订一下|约一下|订|约)(?:一下|个|一个|一间)?(?P<rest>.*)",
    re.DOTALL,
)
_TIME_FIRST: Final = re.compile(
    r"(?:你好[，,]?)?(?:我们?)?(?:想要?|要)?(?P<time>[^，,。？?]{2,40}?)[，,]?(?:我们?)?(?:想要?|要|帮我们?)?"
    r"(?:申请使用|预约|预订|预定|订|约|借用?|使用|用|租)(?:一下|个|一个|一间|一辆|一把)?(?P<rest>.{2,80})",
    re.DOTALL,
)
_GENERAL: Final = re.compile(r"(?:个)?(?:场地|地方|房间|会议室|活动室|议事厅|东西)?[吧吗？?。！! ]*")
_PLACEY: Final = re.compile(r"(?:预约|预订|预定).{0,12}?(?:厅|室|馆|场地|房间|广场)")
_ABOUT: Final = re.compile(
    r"(?P<name>.{2,24}?)(?:还)?(?:有没有空|有空|空着|空不空|能借|能用|有人用|有人约|有人订|能约|可以约|能预约|可以预约|几点开|什么时候开|开放时间|几点关|开门)(?:门|放)?"
    r"(?:吗|么|呢|的)?[？?。]*"
)
_WHO: Final = re.compile(
    r"(?P<name>.{2,24}?)(?:(?:都)?(?:是|有)?(?:谁|哪些人|哪几个人)(?:预?[约订]|预定)(?:了|的|过)?|的?预[约订]的?(?:情况|名单))[？?。]*"
)
_USABLE: Final = re.compile(r"能借|能用|有人")
_USED: Final = re.compile(
    r"(?P<name>.{2,24}?)(?P<day>今天|昨天)?(?:一共)?(?:来|到|用)了(?P<heads>\d{1,5})(?:个)?人(?:次)?[。！!]*"
)
_USES: Final = re.compile(
    r"(?:你好[，,]?)?(?:我们?)?(?:想要?|要|能不能|可以|可不可以)?(?:申请)?(?:借用|使用|借|用)(?:一下|用)?"
    r"(?P<rest>.{2,60}?)[吗么？?。！! ]*"
)
_LENDS: Final = re.compile(
    r"(?:我们?)?(?:想要?|要|把)?(?P<rest>.{2,20}?)(?:能|可以|能不能)?(?:借给?我们?(?:用用|用一下|用)?|借用|借一下|用一下|用用)"
    r"[，,。吗么？?\s]*(?P<time>.{2,40})"
)
_ANOTHER_TIME: Final = frozenset(
    {"booking_taken", "booking_closed", "booking_past", "booking_backwards", "booking_long", "booking_short"}
)
_ASIDE: Final = re.compile(
    r"(?:来|去)?(?:开个?会|排练|练舞|练歌|聚会|上课|打牌|下棋|过生日|[办搞]个?活动)|行吗|可以吗|一下|一个|那个|这个|个|社区|小区|我们|咱们|的|[，,\s]"
)
_SHOWN: Final = 9
_AHEAD: Final = 60
_SHORT: Final = 12


def run(turn: Turn) -> bool:
    """Do what a strict sentence about bookings says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if len(text) > 200:
        return False
    if rebooking.run(turn):
        return True
    if turn.speaker.role in ("secretary", "provider") and (match := _USED.fullmatch(text)) and _used(turn, match):
        return True
    if (match := _WHO.fullmatch(text)) and _who(turn, match["name"]):
        return True
    if match := _BOOK.fullmatch(text):
        return _book(turn, match["rest"].strip(" ，,。：:"))
    if (match := _TIME_FIRST.fullmatch(text)) and _time_first(turn, match["time"], match["rest"]):
        return True
    if (match := _USES.fullmatch(text)) and _used_for(turn, match["rest"], ""):
        return True
    if (match := _LENDS.fullmatch(text)) and _used_for(turn, match["rest"], match["time"]):
        return True
    if _any_room(turn):
        return True
    match = _ABOUT.fullmatch(text)
    return match is not None and _about(turn, match["name"], narrow=_USABLE.search(text) is not None)


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
        placey = _PLACEY.search(turn.inbound.text) is not None
        return _any_room(turn) or (placey and _none(turn, asked=True))
    if len(found) > 1:
        return _which(turn, found, rest)
    _made(turn, found[0], booking_words.read(rest, turn.inbound.created_at, turn.tx.content.zone, found[0].title))
    return True


def _time_first(turn: Turn, time: str, rest: str) -> bool:
    """明天下午2点到4点约活动室: only with a time in front and the whole name of a place behind."""
    zone = turn.tx.content.zone
    if not booking_words.read(time, turn.inbound.created_at, zone, "").days:
        return False
    found = places.called(turn.tx, _communities(turn), rest)
    named = [row for row in found if row.title in rest or _ASIDE.sub("", rest.strip("。吧 ")) in row.title]
    return bool(named) and _book(turn, f"{rest.strip()} {time.strip()}")


def _used_for(turn: Turn, rest: str, time: str) -> bool:
    """用一下活动室, 活动室借我用用: a room that can be booked, and a time or nothing else."""
    found = [
        row
        for row in _bookable(turn, places.called(turn.tx, _communities(turn), rest))
        if not booking.is_lent(turn.tx, row)
    ]
    names = [places.tail_in(row, rest) for row in found]
    if not found or not all(names) or _ASIDE.sub("", rest.partition(names[0])[0]):
        return False
    said = booking_words.read(f"{rest} {time}", turn.inbound.created_at, turn.tx.content.zone, names[0])
    if not said.days and _ASIDE.sub("", rest.replace(names[0], "", 1)):
        return False  # 用活动室的投影仪
    return _book(turn, f"{rest} {time}".strip())


def _any_room(turn: Turn) -> bool:
    """想借个会议室开会, where none is called so: what there is; what there is not is read as it stands."""
    wanted = booking_words.room_wanted(turn.inbound.text.strip())
    return wanted is not None and _offered(turn, things=False, asked=False, rest=wanted)


def _offered(turn: Turn, *, things: bool, asked: bool, rest: str = "") -> bool:
    """Nothing was named: what there is, places or things to lend; False where there is nothing to say."""
    listed = _bookable(turn, bookings.listed(turn.tx, _communities(turn), limit=50))
    found = [row for row in listed if booking.is_lent(turn.tx, row) is things]
    if len(found) == 1:
        _made(turn, found[0], booking_words.read(rest, turn.inbound.created_at, turn.tx.content.zone, ""))
        return True
    return _which(turn, found, rest) if found else _none(turn, asked=asked)


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


def _none_free(turn: Turn, resource: Resource, day: date) -> str:
    """What is said of a day on which nothing is free: that it is closed then, or full."""
    open_ = booking.hours(resource)
    closed = open_ is not None and not open_.of(day, turn.tx.content.calendar.is_workday)
    return "booking.ask_closed" if closed else "booking.ask_full"


def _made(turn: Turn, resource: Resource, said: booking_words.Said) -> None:
    """Book it, or ask for the time."""
    stretch = said.stretch(lent=booking.is_lent(turn.tx, resource))
    if stretch is None:
        kept = {"heads": said.heads, "purpose": said.purpose, "day": said.day.isoformat() if said.day else ""}
        turn.session.ask("booking_time", no=resource.no, **kept)
        day = said.day or turn.tx.now.astimezone(turn.tx.content.zone).date()
        free = places.free_today(turn.tx, resource, day)
        slots = {"title": resource.title, "hours": resource.hours or "", "day": _day_words(turn, day)}
        turn.say("booking.ask_time" if free else _none_free(turn, resource, day), free=free, **slots)
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
        if refusal.code in _ANOTHER_TIME:  # 那就4点到6点 may follow
            kept = {"heads": said.heads, "purpose": said.purpose, "day": said.day.isoformat() if said.day else ""}
            turn.session.ask("booking_time", no=resource.no, **kept)
        turn.refuse(refusal)
        return
    turn.session.asked = None
    turn.say("booking.made", **booking.about(turn.tx, resource, made))


def answered(turn: Turn, asked: dict[str, Any], text: str, option: str | None) -> bool:
    """The answer to a question of this module; returns whether it was one."""
    zone, now = turn.tx.content.zone, turn.inbound.created_at
    if rebooking.dropped(turn, text):
        return True
    if asked["kind"] == rebooking.MOVE:
        return rebooking.answered(turn, asked, text)
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


def _who(turn: Turn, name: str) -> bool:
    """Who has booked a place, for those who look after it; others hear what is free."""
    found = places.called(turn.tx, _communities(turn), name)
    if len(found) != 1 or not places.keeps(found[0], turn.person_id, turn.speaker.posts):
        return len(found) == 1 and _about(turn, name, narrow=True)
    zone = turn.tx.content.zone
    day = booking_words.read(name, turn.inbound.created_at, zone, "").day
    begin = datetime.combine(day, time(0), zone) if day else turn.tx.now
    end = begin + timedelta(days=1 if day else _AHEAD)
    rows = bookings.at(turn.tx, found[0].id or 0, begin, end)
    says, slots = (
        turn.tx.content.replies.say,
        {"title": found[0].title, "day": _day_words(turn, day) if day else ""},
    )
    rows = sorted(rows, key=lambda row: row.starts_at)[:_SHOWN]
    lines = [says("booking.who_line", **booking.about(turn.tx, found[0], row)) for row in rows]
    turn.say("booking.who" if lines else "booking.who_none", lines="\n".join(lines), **slots)
    return True


def _about(turn: Turn, name: str, *, narrow: bool = False) -> bool:
    """When a place is open and what is still free; False when no place is meant, `narrow` or a thing in it is."""
    said = booking_words.read(name, turn.inbound.created_at, turn.tx.content.zone, "")
    found = places.called(turn.tx, _communities(turn), name)
    if len(found) != 1 or (narrow and not rebooking.only(turn, name, found[0])):
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
