"""Activities in chat for those who organise them: planning by one sentence, the list, the code, calling off.

Strict sentences: whatever does not fit its form is read as language. Who may is decided by `volunteers.hands`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from redprop_bot.dialogue import gatherings, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound, Refused
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.store import activities, people
from redprop_bot.store.tables import Activity, Card
from redprop_bot.volunteers import activities as steps
from redprop_bot.volunteers import activity_telling, attendance
from redprop_bot.volunteers.hands import speaking

_NO: Final = r"(?P<no>A\d{8}-\d{4,12}|A?\d{1,6})号?"
_PLAN: Final = re.compile(r"(?:发布|新建|安排|排一?[场个])活动[：:，,\s]*(?P<rest>.*)", re.DOTALL)
_SPLIT: Final = re.compile(r"[，,；;\n]+")
_DAY: Final = re.compile(
    r"(?:(?P<y>20\d\d)[-年/])?(?P<m>\d{1,2})[-月/](?P<d>\d{1,2})[日号]?|(?P<word>今天|明天|后天|大后天)"
    r"|(?P<next>下)?(?:本|这)?(?:周|星期|礼拜)(?P<w>[一二三四五六日天])"
)
_HOUR: Final = (
    r"(?P<{0}part>早上|上午|中午|下午|晚上|傍晚)?\s*"
    r"(?P<{0}h>\d{{1,2}})\s*(?:[:：点时]\s*(?P<{0}min>\d{{2}}|半)?分?)"
)
_HOURS: Final = re.compile(_HOUR.format("a") + r"\s*(?:到|至|-|—|~|～)\s*" + _HOUR.format("b"))
_START: Final = re.compile(_HOUR.format("a"))
_WORDS: Final = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}
_WEEK: Final = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}
_LATER: Final = frozenset({"下午", "晚上", "傍晚"})


def run(turn: Turn) -> bool:
    """Do what a strict sentence about an activity says; returns whether it was one."""
    text = turn.inbound.text.strip().rstrip("。")
    if not (turn.speaker.posts or turn.speaker.member) or len(text) > turn.tx.content.limits.text_length:
        return False
    for pattern, command in _COMMANDS:
        if match := pattern.fullmatch(text):
            try:
                with turn.tx.savepoint():
                    command(turn, match.groupdict())
            except Refused as refusal:
                turn.refuse(refusal)
            return True
    return False


def _one(turn: Turn, said: str) -> Activity:
    """The activity of a number, if the speaker keeps it; of several with the same digits the one they keep."""
    full = said if "-" in said else ""
    found = (
        [a for a in [activities.by_no(turn.tx, full)] if a]
        if full
        else activities.by_tail(turn.tx, said.removeprefix("A"))
    )
    hand = speaking(turn.speaker)
    kept = [a for a in found if hand.keeps(a)]
    if not kept and found:
        hand.must_keep(found[0])
    if not kept:
        raise NotFound("no_activity", no=said)
    return kept[0]


# -- planning


def _plan(turn: Turn, said: dict[str, str | None]) -> None:
    wanted = _read(turn, said["rest"] or "")
    if wanted is None:
        turn.say("activity.how")
        return
    hand = speaking(turn.speaker)
    publish = hand.publishes(wanted.community_id)
    made = steps.plan(turn.tx, wanted, hand, publish=publish)
    if publish:
        turn.say("activity.published", **gatherings.about(turn, made))
        return
    activity_telling.ask_secretary(turn.tx, made, by=turn.person_id)
    turn.say("activity.planned", **activity_telling.slots(turn.tx, made))


@dataclass
class _Parts:
    """What has been read of a sentence so far."""

    day: date | None = None
    hours: tuple[time, time] | None = None
    capacity: int | None = None
    points: int | None = None
    words: tuple[str, ...] = ()


def _read(turn: Turn, rest: str) -> steps.Plan | None:
    """Title, day and hours in any order, then place, 30人, 20分, further words; None without the first three."""
    parts = _Parts()
    today = turn.inbound.created_at.astimezone(turn.tx.content.zone).date()
    for raw in _SPLIT.split(rest):
        if part := raw.strip():
            _take(parts, part, today)
    if not parts.words or parts.day is None or parts.hours is None:
        return None
    zone = turn.tx.content.zone
    starts = datetime.combine(parts.day, parts.hours[0], tzinfo=zone)
    ends = datetime.combine(parts.day, parts.hours[1], tzinfo=zone)
    title, *more = parts.words
    place = more[0] if more else ""
    estate = next((e for name, e in turn.register.estate_names.items() if name in place), None)
    return steps.Plan(
        title=title,
        starts_at=starts,
        ends_at=ends if ends > starts else ends + timedelta(days=1),
        note="，".join(more[1:])[:500],
        community_id=tasks.community_of(turn) or (estate.community_id if estate else None),
        place=place[:200],
        lat=estate.lat if estate else None,
        lng=estate.lng if estate else None,
        capacity=parts.capacity,
        points=parts.points,
    )


def _take(parts: _Parts, part: str, today: date) -> None:
    day, hours = _DAY.search(part), _HOURS.search(part)
    if number := re.fullmatch(r"(?:名额|限)?\s*(\d{1,5})\s*[人名](?:以内)?", part):
        parts.capacity = int(number[1])
    elif number := re.fullmatch(r"(?:积|每人)?\s*(\d{1,6})\s*积?分", part):
        parts.points = int(number[1])
    elif (day and parts.day is None) or (hours and parts.hours is None):
        if day and parts.day is None:
            parts.day = _day(day, today)
        if hours := hours or _START.search(part):
            parts.hours = _hours(hours)
        left = _DAY.sub("", _HOURS.sub("", _START.sub("", part))).strip(" 的在")
        if len(left) >= 2:
            parts.words = (*parts.words, left)
    else:
        parts.words = (*parts.words, part)


def _day(match: re.Match[str], today: date) -> date | None:
    if match["word"]:
        return today + timedelta(days=_WORDS[match["word"]])
    if match["w"]:
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if match["next"] else 0)
        found = monday + timedelta(days=_WEEK[match["w"]])
        return found if found >= today else found + timedelta(days=7)
    try:
        found = date(int(match["y"] or today.year), int(match["m"]), int(match["d"]))
        return found if match["y"] or found >= today else found.replace(year=found.year + 1)
    except ValueError:
        return None


def _hours(match: re.Match[str]) -> tuple[time, time] | None:
    """From and until; without an until two hours. 下午2点到4点: the second is in the afternoon, too."""
    first = _clock(match, "a", match["apart"])
    if first is None:
        return None
    if "bh" not in match.groupdict():
        return first, (datetime.combine(date.min, first) + timedelta(hours=2)).time()
    second = _clock(match, "b", match["bpart"] or match["apart"])
    return None if second is None else (first, second)


def _clock(match: re.Match[str], which: str, part: str | None) -> time | None:
    hour, said = int(match[f"{which}h"]), match[f"{which}min"]
    minute = 30 if said == "半" else int(said or 0)
    if part in _LATER and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


# -- keeping


def _list(turn: Turn, said: dict[str, str | None]) -> None:
    activity = _one(turn, said["no"] or "")
    assert activity.id is not None
    rows = activities.sign_ups(turn.tx, activity.id)
    known = people.named(turn.tx, {row.person_id for row in rows})
    came = {row.person_id for row in activities.attendances(turn.tx, activity.id)}
    say, counted = turn.tx.content.replies.say, activities.counts(turn.tx, [activity.id])[activity.id]
    lines = [
        say(
            "activity.list_line",
            name=known[row.person_id].name or RESIDENT_NAME,
            state=say("activity.came" if row.person_id in came else f"activity.state_{row.state}"),
        )
        for row in rows[:_NAMES]
    ]
    numbers = {name: str(counted[name]) for name in ("going", "waiting", "came")}
    turn.say("activity.list_of", **activity_telling.slots(turn.tx, activity), **numbers, lines="\n".join(lines))


_NAMES: Final = 40


def _code(turn: Turn, said: dict[str, str | None]) -> None:
    activity = _one(turn, said["no"] or "")
    digits, seconds = attendance.shown(turn.tx, activity)
    link = f"{turn.tx.content.address}/console/activities/{activity.no}/code"
    slots = activity_telling.slots(turn.tx, activity) | {"link": link}
    turn.say("activity.code", **slots, code=digits, seconds=str(seconds))


def _cancel(turn: Turn, said: dict[str, str | None]) -> None:
    activity = _one(turn, said["no"] or "")
    done = steps.cancel(turn.tx, activity, said["reason"] or "", speaking(turn.speaker))
    turn.say("activity.cancelled", **activity_telling.slots(turn.tx, done))


def _count(turn: Turn, said: dict[str, str | None]) -> None:
    activity, number = _one(turn, said["no"] or ""), int(said["number"] or 0)
    done = steps.count_heads(turn.tx, activity, number, speaking(turn.speaker))
    turn.say("activity.counted", no=done.no, number=str(number))


def _enter(turn: Turn, said: dict[str, str | None]) -> None:
    activity, name = _one(turn, said["no"] or ""), said["name"] or ""
    person = people.by_name(turn.tx, name)
    if person is None or person.id is None:
        raise NotFound("no_person_called", name=name)
    row = attendance.correct(turn.tx, activity, person.id, speaking(turn.speaker), reason=said["reason"] or "")
    points = attendance.booked_points(turn.tx, row)
    turn.say("activity.corrected", name=name, title=activity.title, points=str(points))


_COMMANDS: tuple[tuple[re.Pattern[str], Callable[[Turn, dict[str, str | None]], None]], ...] = (
    (_PLAN, _plan),
    (re.compile(rf"(?:活动|报名)?名单\s*{_NO}", re.IGNORECASE), _list),
    (re.compile(rf"签到码\s*{_NO}", re.IGNORECASE), _code),
    (re.compile(rf"取消活动\s*{_NO}(?:[，,：:\s]+(?P<reason>.+))?", re.IGNORECASE), _cancel),
    (re.compile(rf"到场\s*{_NO}[，,\s]+(?P<number>\d{{1,5}})\s*人?", re.IGNORECASE), _count),
    (re.compile(rf"补签\s*{_NO}[，,\s]+(?P<name>\S{{2,20}})[，,\s]+(?P<reason>.+)", re.IGNORECASE), _enter),
)


def decided(turn: Turn, card: Card, verb: str, no: str) -> bool:
    """The secretary's tap on a planned activity; returns whether the card is settled."""
    activity = activities.by_no(turn.tx, no, lock=True)
    if activity is None or activity.id != card.subject_id:
        turn.say("error.card_unknown")
        return False
    hand = speaking(turn.speaker)
    try:
        with turn.tx.savepoint():
            done = (
                steps.publish_it(turn.tx, activity, hand)
                if verb == "publish"
                else steps.decline(turn.tx, activity, hand)
            )
    except Refused as refusal:
        turn.refuse(refusal)
        return refusal.code == "activity_state"
    key = "activity.published" if verb == "publish" else "activity.cancelled"
    turn.say(key, **gatherings.about(turn, done))
    return True
