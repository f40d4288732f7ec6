"""Activities in chat for everybody: what there is, signing up, calling off. Nobody has to come to anything."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.dialogue import tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.rules.bigrams import tokens
from redprop_bot.store import activities
from redprop_bot.store.tables import Activity
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.volunteers import activity_telling, signing_up

SHOWN: Final = 8
AHEAD: Final = timedelta(days=62)
WHICH: Final = "which_activity"
_NO: Final = re.compile(r"A\d{8}-\d{4,12}", re.IGNORECASE)
_TAIL: Final = re.compile(r"(?:报名|取消报名|活动|编号)\s*[AaＡ]?\s*(\d{1,6})(?!\d|人|点|月|日|号楼|栋)")
_NTH: Final = re.compile(r"第([一二三四五六七八九]|\d)(?:个|场|项)?")
_NUMERALS: Final = {c: n for n, c in enumerate("一二三四五六七八九", 1)}
_YEAR: Final = ("全年", "年历", "活动日历", "月月有", "一年的")
_ASKS: Final = re.compile(r"(?:吗|么|嘛|没有|[？?])[。！!？? ]*$|截止|还有.{0,4}名额")
_POLITE: Final = re.compile(r"[，, ](?:好|行|可以|成|中)[吗么不][。！!？? ]*$")
_KIN: Final = (
    r"老伴|爱人|[妻老][子婆]|老公|丈夫|孩子|小孩|儿子|女儿|闺女|娃|外?孙[子女]?|[父母]亲|老[爸妈]|[爸妈]{1,2}|爷爷|奶奶|姥[姥爷]|外[公婆]|[公婆]{2}"
    r"|岳[父母]|哥|姐|弟|妹|邻居|朋友|同事|家里?人|他们?|她们?|[\u4e00-\u9fff]{1,2}(?:阿姨|叔叔?|大[爷妈]|师傅|老师)"
)
_FOR_OTHERS: Final = re.compile(
    rf"(?:给|帮|替|为)(?:[我俺咱]们?家?的?)?(?:和|跟)?(?:{_KIN})[^，,。]{{0,8}}报.{{0,2}}名|代.{{0,6}}报名"
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
    other = _FOR_OTHERS.search(text)
    if other or (_ASKS.search(text) and not _POLITE.search(text)):
        shown = (named(turn, text, among) or among)[:SHOWN]
        turn.session.ask(WHICH, act="join", options=[a.no for a in shown])
        key = "activity.for_others" if other else "activity.list"
        turn.say(key, lines=lines(turn, shown), first=shown[0].no if shown else "")
        return
    if chosen := _choose(turn, heard, among, "join"):
        join(turn, chosen)


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


def call_off(turn: Turn, heard: Heard) -> None:
    """取消报名."""
    mine = [a for a, _state in activities.of_person(turn.tx, turn.person_id, turn.tx.now)]
    if not mine and not _NO.search(heard.text or turn.inbound.text):
        turn.say("activity.none_of_mine")
        return
    if chosen := _choose(turn, heard, mine, "leave"):
        leave(turn, chosen)


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
    """A number of the list that was shown."""
    found = activities.by_no(turn.tx, chosen) if chosen else None
    if found is None:
        return False
    if asked["act"] == "join":
        join(turn, found)
    else:
        leave(turn, found)
    return True
