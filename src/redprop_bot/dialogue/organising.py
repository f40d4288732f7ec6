"""Activities in chat for those who organise them: planning by one sentence, the list, the code, calling off.

Strict sentences: whatever does not fit its form is tried as a change in plain words (`changing`), then read as
language. Who may is decided by `volunteers.hands`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from redprop_bot.dialogue import activity_plain, activity_words, changing, gatherings, hearing, kept, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, NotFound, Refused
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.store import activities, people
from redprop_bot.store.tables import Card
from redprop_bot.volunteers import activities as steps
from redprop_bot.volunteers import activity_telling, attendance
from redprop_bot.volunteers.hands import speaking

_REASON: Final = 60
_ASKS: Final = re.compile(r"[?？]|[吗呢么]$|^(?:有什么|我的|名单|签到|活动)")
_HELPERS: Final = frozenset({"partner", "volunteer_team", "party"})
_NO: Final = r"(?P<no>A\d{8}-\d{4,12}|A?\d{1,6})号?"
_PLAN: Final = re.compile(r"(?:发布|新建|安排|排一?[场个])活动[：:，,\s]*(?P<rest>.*)", re.DOTALL)
_TIMED: Final = r"(?=.*(?:\d|周[一二三四五六日末]|星期|今天|明天|后天))(?!.*(?:[吗么?？]|怎么))"
_PLANS: Final = re.compile(
    rf"{_TIMED}(?:请|麻烦|帮我|我们?)?(?:想要?|要)?(?:发布|发起|发|新建|创建|新增|添加|加|组织|举办|开展|安排|办|搞)(?:一下)?"
    r"(?:一?[个场次])?活动[：:，,\s]+(?P<rest>.*)",
    re.DOTALL,
)
_PUBLISH: Final = re.compile(
    rf"{_TIMED}(?:我们?)?(?:想要?|要)?(?:发布|发起|新建)(?:一?[个场次])?活动[：:，,\s]+.+", re.DOTALL
)
_TITLED: Final = re.compile(
    rf"{_TIMED}(?:发布|发起|创建|组织|举办|开展|安排|办|搞)一?[个场次](?P<title>[^，,：:\s]{{2,20}}?)活动[：:，,\s]+(?P<rest>.*)",
    re.DOTALL,
)
_HEADED: Final = re.compile(rf"{_TIMED}活动(?:安排|计划)?[：:]\s*(?P<rest>.*)", re.DOTALL)


def run(turn: Turn) -> bool:
    """Do what a sentence about an activity says; returns whether it was one."""
    return _said(turn, turn.inbound.text)


def answered(turn: Turn, asked: dict[str, Any], chosen: str | None) -> bool:
    """Which activity was meant: what was wanted is done to it; returns whether it was an answer."""
    if chosen is None:
        return False
    turn.session.asked = None
    return _said(turn, str(asked["command"]).replace("{no}", chosen))


def reasoned(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """Why an activity is called off, after it was asked; what is another matter, or a question, is no reason."""
    heard = hearing.read(turn)
    other = any(act.slots.get("building") or act.slots.get("order") for act in heard)
    if len(text) > _REASON or other or _ASKS.search(text):
        return False
    turn.session.asked = None
    return _said(turn, f"取消活动 {asked['no']}，{text}")


def _said(turn: Turn, text: str) -> bool:
    text = text.strip().rstrip("。")
    if not (turn.speaker.posts or turn.speaker.member):
        if found := _PUBLISH.fullmatch(text) is not None:
            turn.say("activity.who_may")
        return found
    if len(text) > turn.tx.content.limits.text_length:
        return False
    for pattern, command in _COMMANDS:
        if match := pattern.fullmatch(text):
            try:
                with turn.tx.savepoint():
                    command(turn, match.groupdict())
            except Refused as refusal:
                kept.refused(turn, refusal)
            return True
    return changing.tried(turn, text) or _plainly(turn, text)


def _plainly(turn: Turn, text: str) -> bool:
    """周六上午九点在小广场办一场义诊 of who keeps a community or comes from outside to help."""
    units = {turn.register.organisations[p.organisation_id].kind for p in turn.speaker.posts if p.organisation_id}
    if turn.speaker.role != "secretary" and not units & _HELPERS:
        return False
    said = activity_plain.told(text, _words(turn, text), _places(turn))
    if said is None or hearing.alarming(hearing.read(turn)):
        return False
    try:
        with turn.tx.savepoint():
            _planned(turn, said)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _places(turn: Turn) -> list[str]:
    reg = turn.register
    return [*reg.estate_names, *(community.name for community in reg.communities.values())]


# -- planning


def _plan(turn: Turn, said: dict[str, str | None]) -> None:
    title, rest = said.get("title"), said["rest"] or ""
    read = _words(turn, f"{title}，{rest}" if title else rest)
    read = read if title else activity_plain.turned(read)
    if not read.title and len(read.words) == 1 and not read.place:
        place, what = activity_plain.parted(read.words[0], _places(turn))
        read = replace(read, place=place, words=(what,)) if len(what) > 1 else read
    _planned(turn, read)


def _planned(turn: Turn, read: activity_words.Said) -> None:
    if left := activity_words.limit_left(read):  # what limits it must not get lost
        turn.say("activity.how_limit", words=left[:20])
        return
    wanted = _wanted(turn, read)
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


def _words(turn: Turn, rest: str) -> activity_words.Said:
    return activity_words.read(rest, turn.inbound.created_at.astimezone(turn.tx.content.zone).date())


def _wanted(turn: Turn, said: activity_words.Said) -> steps.Plan | None:
    """Title, day and hours in any order, then place, 30人, 20分, further words; None without the first three."""
    zone = turn.tx.content.zone
    stretch = said.stretch(zone) if said.day is not None and said.begin is not None else None
    title, *more = (said.title, *said.words) if said.title else said.words or ("",)
    if stretch is None or not title:
        return None
    place, note = (said.place, more) if said.place else (more[0] if more else "", more[1:])
    estate = next((e for name, e in turn.register.estate_names.items() if name in place), None)
    there = next((key for key, one in turn.register.communities.items() if one.name in place), None)
    return steps.Plan(
        title=title,
        starts_at=stretch[0],
        ends_at=stretch[1],
        note="，".join(note)[:500],
        community_id=tasks.community_of(turn) or (estate.community_id if estate else there),
        place=place[:200],
        lat=estate.lat if estate else None,
        lng=estate.lng if estate else None,
        capacity=said.capacity,
        points=said.points,
    )


# -- keeping


def _list(turn: Turn, said: dict[str, str | None]) -> None:
    activity = kept.one(turn, said["no"] or "", kept.HELD)
    if activity is None or activity.id is None:
        return
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
    activity = kept.one(turn, said["no"] or "", now=True)
    if activity is None:
        return
    if activity.state == "cancelled":
        raise Conflict("activity_cancelled", no=activity.no, title=activity.title)
    digits, seconds = attendance.shown(turn.tx, activity)
    link = f"{turn.tx.content.address}/console/activities/{activity.no}/code"
    slots = activity_telling.slots(turn.tx, activity) | {"link": link}
    turn.say("activity.code", **slots, code=digits, seconds=str(seconds))


def _cancel(turn: Turn, said: dict[str, str | None]) -> None:
    activity = kept.one(turn, said["no"] or "")
    if activity is None:
        return
    done = steps.cancel(turn.tx, activity, said["reason"] or "", speaking(turn.speaker))
    turn.say("activity.cancelled", **activity_telling.slots(turn.tx, done))


def _count(turn: Turn, said: dict[str, str | None]) -> None:
    activity, number = kept.one(turn, said["no"] or "", kept.HELD), int(said["number"] or 0)
    if activity is None:
        return
    done = steps.count_heads(turn.tx, activity, number, speaking(turn.speaker))
    turn.say("activity.counted", no=done.no, number=str(number))


def _enter(turn: Turn, said: dict[str, str | None]) -> None:
    activity, name = kept.one(turn, said["no"] or "", kept.HELD), said["name"] or ""
    if activity is None:
        return
    person = people.by_name(turn.tx, name)
    if person is None or person.id is None:
        raise NotFound("no_person_called", name=name)
    row = attendance.correct(turn.tx, activity, person.id, speaking(turn.speaker), reason=said["reason"] or "")
    points = attendance.booked_points(turn.tx, row)
    turn.say("activity.corrected", name=name, title=activity.title, points=str(points))


_COMMANDS: tuple[tuple[re.Pattern[str], Callable[[Turn, dict[str, str | None]], None]], ...] = (
    *((pattern, _plan) for pattern in (_PLAN, _PLANS, _TITLED, _HEADED)),
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
