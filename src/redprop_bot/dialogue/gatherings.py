"""Activities in chat for everybody: what there is, signing up, calling off. Nobody has to come to anything."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.dialogue import hearing, place_words, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.rules.bigrams import tokens
from redprop_bot.store import activities
from redprop_bot.store.tables import Activity
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.answers import confirms
from redprop_bot.volunteers import activity_telling, signing_up

SHOWN: Final = 8
AHEAD: Final = timedelta(days=62)
WHICH: Final = "which_activity"
_NO: Final = re.compile(r"A\d{8}-\d{4,12}", re.IGNORECASE)
_TAIL: Final = re.compile(r"(?:报名|取消报名|活动|编号)\s*[AaＡ]?\s*(\d{1,6})(?!\d|人|点|月|日|号楼|栋)")
_NTH: Final = re.compile(r"第([一二三四五六七八九]|\d)(?:个|场|项)?")
_NUMERALS: Final = {c: n for n, c in enumerate("一二三四五六七八九", 1)}
_YEAR: Final = ("全年", "年历", "活动日历", "月月有", "一年的")
_SURE: Final = {"join": "activity.sure_join", "leave": "activity.sure_leave"}
_CLAUSE: Final = re.compile(r"[，,。；;、！!\s]+|(?<=[去来参加])(?=周|星期|礼拜)")
_LEAVES: Final = re.compile(r"不(?:去|来|参加|能)|[去来]不了|取消|退")
_COMES: Final = re.compile(r"(?<!不)(?:去|来|参加)(?!不)")
_WHERE: Final = re.compile(
    r"(?:请问|那|活动|[，, ]){0,3}"
    r"(?:(?:在)?哪(?:里|儿|个地方)?(?:集合|集中|碰头|见面|活动|签到)"
    r"|(?:几点(?:钟)?|什么时候|啥时候)(?:开始|集合|集中|活动|到场|签到)"
    r"|集合(?:地点|时间|点)(?:是|在)?(?:哪里?|什么|几点|呢)?"
    r"|(?:看看?|查一?下?)?我的?报名(?:的活动|情况|记录)?|我(?:都)?报了?(?:什么|哪些|几个)活动|我都?报了哪些名)"
    r"[啊呀呢]?[？?。]?"
)
_LIKE: Final = 2  # pairs of characters that a title and somebody's words must share


def upcoming(turn: Turn) -> list[Activity]:
    """What is published where the speaker belongs, the soonest first."""
    community = tasks.community_of(turn)
    inside = None if community is None else [community]
    return activities.between(turn.tx, inside, turn.tx.now, turn.tx.now + AHEAD, limit=50)


def query(turn: Turn, heard: Heard) -> None:
    """What there is to join; of one day when a day was said, of the speaker's own when they ask for those."""
    if any(word in (heard.text or turn.inbound.text) for word in ("我报", "报了名", "我的活动")) and _mine(turn):
        return
    if any(word in (heard.text or turn.inbound.text) for word in _YEAR):
        calendar(turn)
        return
    known = upcoming(turn)
    shown = (_of_day(turn, known, heard) or known)[:SHOWN]
    if not shown:
        turn.say("activity.none", link=_board(turn))
        return
    turn.session.ask(WHICH, act="join", options=[a.no for a in shown])
    turn.say("activity.list", lines=lines(turn, shown), first=shown[0].no)


def calendar(turn: Turn) -> None:
    """月月有专场: the year, a line a month."""
    zone, say = turn.tx.content.zone, turn.tx.content.replies.say
    year = turn.tx.now.astimezone(zone).year
    begin, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    community = tasks.community_of(turn)
    states = ("planned", "published", "over") if turn.speaker.posts else ("published", "over")
    inside = None if community is None else [community]
    found = activities.between(turn.tx, inside, begin, end, states=states, limit=300)
    months: dict[int, list[str]] = {month: [] for month in range(1, 13)}
    for one in found:
        local = one.starts_at.astimezone(zone)
        if local.year == year:
            months[local.month].append(f"{local.day}日{one.title}")
    none = say("activity.calendar_none")
    lines = [
        say("activity.calendar_line", month=str(month), titles="、".join(titles[:4]) or none)
        for month, titles in months.items()
    ]
    turn.say("activity.calendar", year=str(year), lines="\n".join(lines))


def _board(turn: Turn) -> str:
    name = turn.register.community_name(tasks.community_of(turn))
    return f"{turn.tx.content.address}/board/{name}" if name else turn.tx.content.address


def _mine(turn: Turn) -> bool:
    found = activities.of_person(turn.tx, turn.person_id, turn.tx.now)
    if not found:
        return False
    state = {"going": "activity.state_going", "waiting": "activity.state_waiting"}
    say = turn.tx.content.replies.say
    said = [
        say("activity.mine_line", **activity_telling.slots(turn.tx, a), state=say(state[place]))
        for a, place in found
    ]
    turn.say("activity.mine", lines="\n".join(said))
    return True


def lines(turn: Turn, shown: Sequence[Activity]) -> str:
    """Activities, a numbered line each."""
    counted = activities.counts(turn.tx, [a.id for a in shown if a.id is not None])
    say = turn.tx.content.replies.say
    return "\n".join(
        f"{n}. "
        + say(
            "activity.line",
            **activity_telling.slots(turn.tx, a),
            left=free(turn, a, counted[a.id or 0]["going"]),
        )
        for n, a in enumerate(shown, 1)
    )


def free(turn: Turn, activity: Activity, going: int) -> str:
    """How many places are left, in words."""
    say = turn.tx.content.replies.say
    if activity.capacity is None:
        return say("activity.left_any")
    left = activity.capacity - going
    return say("activity.left", number=str(left)) if left > 0 else say("activity.left_none")


def about(turn: Turn, activity: Activity) -> dict[str, Any]:
    """The slots of one activity, its free places and its note."""
    going = activities.going(turn.tx, activity.id or 0)
    note = f"{activity.note}\n" if activity.note else ""
    return {**activity_telling.slots(turn.tx, activity), "left": free(turn, activity, going), "note": note}


# -- which one


def named(turn: Turn, text: str, among: Sequence[Activity]) -> list[Activity]:
    """Those that words mean: by number, by the place on the list that was shown, by title; empty: none said."""
    if match := _NO.search(text):
        exact = activities.by_no(turn.tx, match[0].upper())
        return [exact] if exact else []
    asked = turn.session.asked or {}
    shown = [str(o) for o in asked.get("options", ())] if asked.get("kind") == WHICH else [a.no for a in among]
    nth = _NTH.search(text)
    tail = _TAIL.search(text)
    position = (_NUMERALS.get(nth[1]) or int(nth[1])) if nth else int(tail[1]) if tail else 0
    if tail and not nth and asked.get("kind") != WHICH:
        found = [a for a in activities.by_tail(turn.tx, tail[1]) if a.no in {b.no for b in among}]
        if found:
            return found
    if 0 < position <= len(shown):
        picked = activities.by_no(turn.tx, shown[position - 1])
        return [picked] if picked else []
    return _by_title(text, among)


def _by_title(text: str, among: Sequence[Activity]) -> list[Activity]:
    said = set(tokens(text).pairs)
    titles = [(set(tokens(a.title).pairs), a) for a in among]
    scored = [
        (len(said & title), a) for title, a in titles if title and len(said & title) >= min(_LIKE, len(title))
    ]
    best = max((score for score, _ in scored), default=0)
    return [a for score, a in scored if score == best]


def _of_day(turn: Turn, among: Sequence[Activity], heard: Heard) -> list[Activity]:
    said = str(heard.slots.get("time") or "")
    if not said:
        return []
    try:
        day = datetime.fromisoformat(said).date()
    except ValueError:
        return []
    return [a for a in among if a.starts_at.astimezone(turn.tx.content.zone).date() == day]


def _choose(turn: Turn, heard: Heard, among: Sequence[Activity], act: str) -> Activity | None:
    """The one that is meant; asks, or says that there is none, where it is not clear."""
    text = heard.text or turn.inbound.text
    match = _NO.search(text)
    found = named(turn, text, among) or _of_day(turn, among, heard)
    if not found and match:
        turn.say("error.no_activity", no=match[0])
        return None
    likely = found or list(among)
    if len(likely) == 1 and not found and place_words.of_something_else(text, likely[0]):
        turn.session.ask(WHICH, act=act, options=[likely[0].no], sure=True)
        turn.say(_SURE[act], **about(turn, likely[0]))
        return None
    if len(likely) == 1:
        return likely[0]
    if not likely:
        return None
    shown = likely[:SHOWN]
    turn.session.ask(WHICH, act=act, options=[a.no for a in shown])
    turn.say("activity.which", lines=lines(turn, shown))
    return None


# -- joining and leaving


def sign_up(turn: Turn, heard: Heard) -> None:
    """报名; who only asks about it, or speaks for somebody else, is told what there is and signs nobody up."""
    among, text = upcoming(turn), (heard.text or turn.inbound.text).strip()
    if not among and not _NO.search(text):
        turn.say("activity.none", link=_board(turn))
        return
    other = place_words.for_others(text)
    if not other and place_words.denies(text) and not place_words.only_asks(text):
        _not_joined(turn, among)
        return
    if other or place_words.only_asks(text):
        shown = (named(turn, text, among) or among)[:SHOWN]
        turn.session.ask(WHICH, act="join", options=[a.no for a in shown])
        key = "activity.for_others" if other else "activity.list"
        turn.say(key, lines=lines(turn, shown), first=shown[0].no if shown else "")
        return
    if chosen := _choose(turn, heard, among, "join"):
        join(turn, chosen)


def _not_joined(turn: Turn, among: Sequence[Activity]) -> None:
    """Somebody wants no place, or not yet, or says that they took none: what is on record of them."""
    turn.session.asked = None
    if _mine(turn):
        turn.say("activity.how_to_leave")
    else:
        turn.say("activity.not_joined", first=among[0].no if among else "")


def join(turn: Turn, activity: Activity) -> None:
    """A place, or one on the waiting list."""
    turn.session.asked = None
    try:
        with turn.tx.savepoint():
            row = signing_up.join(turn.tx, activity, turn.person_id)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    if row.state == "going":
        turn.say("activity.joined", **about(turn, activity))
    else:
        place = activities.ahead(turn.tx, row) + 1
        turn.say("activity.waiting", **about(turn, activity), turn=str(place))
    if place_words.together(turn.inbound.text):
        turn.say("activity.only_you", no=activity.no)


def call_off(turn: Turn, heard: Heard) -> None:
    """取消报名; who comes later, is not sure, asks, or speaks of somebody else keeps the place and is told so."""
    text = (heard.text or turn.inbound.text).strip()
    mine = [a for a, _state in activities.of_person(turn.tx, turn.person_id, turn.tx.now)]
    if not mine and not _NO.search(text):
        turn.say("activity.none_of_mine")
        return
    if len(mine) > 1:
        text, heard = _clause_that_leaves(turn, text, heard)
    if mine and place_words.stays(text):
        meant = named(turn, text, mine) or mine
        if len(meant) == 1:
            turn.say("activity.still_there", **about(turn, meant[0]))
        else:
            _mine(turn)
            turn.say("activity.how_to_leave")
        return
    if chosen := _choose(turn, heard, mine, "leave"):
        leave(turn, chosen)


def _clause_that_leaves(turn: Turn, text: str, heard: Heard) -> tuple[str, Heard]:
    """周六的我去 周日的去不了: the one clause that is of not coming, with the day that it names."""
    parts = [part for part in _CLAUSE.split(text) if part]
    leaving = [part for part in parts if _LEAVES.search(part)]
    if len(parts) < 2 or len(leaving) != 1 or not any(_COMES.search(part) for part in parts if part != leaving[0]):
        return text, heard
    return leaving[0], hearing.read(turn, text=leaving[0])[0]


def where_and_when(turn: Turn, text: str) -> bool:
    """在哪集合, 几点开始, 我的报名: what the speaker has signed up for; returns whether it was asked."""
    if _WHERE.fullmatch(text) is None:
        return False
    if not _mine(turn) and "报" in text:
        turn.say("activity.none_of_mine")
        return True
    return bool(turn.said)


def leave(turn: Turn, activity: Activity) -> None:
    """Give the place back."""
    turn.session.asked = None
    try:
        with turn.tx.savepoint():
            signing_up.leave(turn.tx, activity, turn.person_id)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    turn.say("activity.left_it", **about(turn, activity))


def answered(turn: Turn, asked: dict[str, Any], chosen: str | None) -> bool:
    """A number of the list that was shown; a plain yes where one was asked about."""
    if chosen is None and asked.get("sure") and (said := confirms(turn.inbound.text)) is not None:
        if not said:
            turn.session.asked = None
            turn.say("greeting.noted")
            return True
        chosen = str(asked["options"][0])
    found = activities.by_no(turn.tx, chosen) if chosen else None
    if found is None:
        return False
    if asked["act"] == "join":
        join(turn, found)
    else:
        leave(turn, found)
    return True
