"""签到、签退 in chat: by the six digits on the screen of the organiser, a scanned scene, a position not kept."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from redprop_bot.dialogue import gatherings
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.rules import activities as rules
from redprop_bot.rules.activities import Way
from redprop_bot.store import activities
from redprop_bot.store.tables import Activity
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.volunteers import activity_telling, attendance, ledger
from redprop_bot.volunteers.attendance import Proof

ASKED: Final = "attendance"
_DIGITS: Final = re.compile(r"(?<!\d)\d{6}(?!\d)")
_REST: Final = r"[，,。!！\s]*(?:A\d{8}-\d{4,12})?[，,\s]*(?:签到码|签退码|码)?[:：\s]*(\d{6})?"
ARRIVES: Final = re.compile(r"(?:我?(?:要|来)?(?:签到|打卡)|我到了)" + _REST, re.IGNORECASE)
_OUT: Final = re.compile(
    r"(?:我?要?(?:签退|签离)|我(?:先|得先|要先|现在)?走(?:了|啦)[啊哈]?)" + _REST, re.IGNORECASE
)
_BARE: Final = re.compile(r"\d{6}")
_AGAIN: Final = timedelta(minutes=10)  # so soon after the first scan or digits a second time is the same


def run(turn: Turn) -> bool:
    """签到 or 签退 with or without its digits, or the digits alone where one may check in; whether it was one."""
    text = turn.inbound.text.strip()
    if gatherings.where_and_when(turn, text):
        return True
    if match := _OUT.fullmatch(text):
        _go(turn, digits=match[1] or "", out=True, text=text)
        return True
    if match := ARRIVES.fullmatch(text):
        _go(turn, digits=match[1] or "", out=False, text=text)
        return True
    if _BARE.fullmatch(text) and (turn.session.asked_kind() == ASKED or coming(turn) or leaving(turn)):
        _bare(turn, text)
        return True
    return False


def said(turn: Turn, heard: Heard) -> None:
    """The same in a sentence of somebody's own."""
    text = heard.text or turn.inbound.text
    found = _DIGITS.search(text)
    out = any(word in text for word in ("签退", "签离", "走了", "撤了", "结束了"))
    _go(turn, digits=found[0] if found else "", out=out, text=text)


def _bare(turn: Turn, digits: str) -> None:
    asked = turn.session.asked or {}
    if asked.get("kind") == ASKED:
        activity = activities.by_no(turn.tx, str(asked["no"]))
        if activity is not None:
            _show(turn, activity, Proof(Way.CODE, digits), out=bool(asked["out"]))
            return
    here = [] if coming(turn) else leaving(turn)
    if here and all(_just_came(turn, a) for a in here):
        turn.say("error.attended", no=here[0].no, title=here[0].title)
        return
    _go(turn, digits=digits, out=not coming(turn), text=digits)


def _just_came(turn: Turn, activity: Activity) -> bool:
    """So soon the same digits are sent once more, and nobody is leaving."""
    came = activities.attendance(turn.tx, activity.id or 0, turn.person_id)
    return came is not None and turn.inbound.created_at - came.came_at <= _AGAIN


# -- which one


def coming(turn: Turn) -> list[Activity]:
    """Where the speaker has a place, may check in now and has not."""
    terms, at = turn.tx.content.activities.attendance, turn.inbound.created_at
    return [
        a
        for a, state in activities.of_person(turn.tx, turn.person_id, at)
        if state == "going"
        and rules.may_come(at, a.starts_at, a.ends_at, terms.opens_minutes)
        and activities.attendance(turn.tx, a.id or 0, turn.person_id) is None
    ]


def leaving(turn: Turn) -> list[Activity]:
    """Where the speaker has checked in and may still check out."""
    terms, at = turn.tx.content.activities.attendance, turn.inbound.created_at
    since = at - timedelta(minutes=terms.leaves_minutes)
    found = []
    for a, _state in activities.of_person(turn.tx, turn.person_id, since):
        came = activities.attendance(turn.tx, a.id or 0, turn.person_id)
        if came is not None and came.left_at is None and not came.booked:
            found.append(a)
    return found


def _go(turn: Turn, *, digits: str, out: bool, text: str) -> None:
    likely = leaving(turn) if out else coming(turn)
    around = _around(turn)
    picked = gatherings.named(turn, text.replace(digits, "") if digits else text, [*likely, *around])
    if picked and not likely:
        likely = picked
    elif picked and (both := [a for a in likely if a.no in {p.no for p in picked}]):
        likely = both
    if digits and len(likely) != 1:
        shown = [a for a in likely or around if _holds(turn, a, digits)]
        likely = shown or likely[:1]
    if not likely:
        _nothing(turn, around, out=out)
        return
    if digits:
        _show(turn, likely[0], Proof(Way.CODE, digits), out=out)
    else:
        _ask(turn, likely[0], out=out)


def _around(turn: Turn) -> list[Activity]:
    """What is going on just now, wherever the speaker belongs."""
    terms, at = turn.tx.content.activities.attendance, turn.inbound.created_at
    opens = timedelta(minutes=terms.opens_minutes)
    return activities.between(turn.tx, None, at, at + opens, limit=50)


def _holds(turn: Turn, activity: Activity, digits: str) -> bool:
    terms, at = turn.tx.content.activities.attendance, turn.inbound.created_at
    return rules.holds(digits, turn.tx.content.secret, activity.no, at, terms.code_seconds)


def _nothing(turn: Turn, around: Sequence[Activity], *, out: bool) -> None:
    """Why nothing can be done, as exactly as it can be said."""
    mine = [a for a, _state in activities.of_person(turn.tx, turn.person_id, turn.inbound.created_at)]
    now = {a.no for a in around}
    on = [a for a in mine if a.no in now] or mine
    if on:  # there is one, but not now, or the speaker waits, or has been there
        _try(turn, lambda: _act(turn, on[0], Proof(Way.CODE, ""), out=out))
        return
    minutes = turn.tx.content.activities.attendance.opens_minutes
    turn.say("attendance.nothing_now", minutes=str(minutes))


# -- doing it


def _ask(turn: Turn, activity: Activity, *, out: bool) -> None:
    turn.session.ask(ASKED, no=activity.no, out=out)
    turn.say("attendance.ask", **activity_telling.slots(turn.tx, activity))


def _show(turn: Turn, activity: Activity, proof: Proof, *, out: bool) -> None:
    refusal = _try(turn, lambda: _act(turn, activity, proof, out=out))
    if refusal is None:
        turn.session.asked = None
    else:
        attendance.missed(turn.tx, activity, turn.person_id, refusal)


def _try(turn: Turn, step: Callable[[], None]) -> Refused | None:
    try:
        with turn.tx.savepoint():
            step()
    except Refused as refusal:
        turn.refuse(refusal)
        return refusal
    return None


def _act(turn: Turn, activity: Activity, proof: Proof, *, out: bool) -> None:
    at, slots = turn.inbound.created_at, activity_telling.slots(turn.tx, activity)
    if not out:
        attendance.check_in(turn.tx, activity, turn.person_id, proof, at)
        late = int((at - activity.starts_at).total_seconds() // 60)
        if late > turn.tx.content.points.full_after_minutes:
            turn.say("attendance.in_late", **slots, minutes=str(late))
        else:
            turn.say("attendance.in", **slots)
        return
    _row, entry = attendance.check_out(turn.tx, activity, turn.person_id, proof, at)
    if entry is None:
        turn.say("attendance.out_none", **slots)
        return
    booked: dict[str, Any] = {**slots, "points": str(entry.delta)}
    turn.say("attendance.out", **booked, balance=str(ledger.balance(turn.tx, turn.person_id)))


def by_place(turn: Turn) -> bool:
    """A position as the answer to 签到: measured, and kept nowhere; whether it was one."""
    asked, here = turn.session.asked or {}, (turn.inbound.latitude, turn.inbound.longitude)
    if asked.get("kind") != ASKED or here[0] is None or here[1] is None:
        return False
    activity = activities.by_no(turn.tx, str(asked["no"]))
    if activity is None:
        return False
    turn.keeps_place = False
    _show(turn, activity, Proof(Way.PLACE, here=(here[0], here[1])), out=bool(asked["out"]))
    return True


def scanned(turn: Turn, scene: str) -> None:
    """The code on the organiser's screen carries its digits; one on a poster only opens the activity."""
    no, _, digits = scene.partition(":")
    activity = activities.by_no(turn.tx, no.upper())
    if activity is None or activity.state == "planned":
        turn.say("error.no_activity", no=no[:24])
        return
    if not digits:
        turn.session.ask(gatherings.WHICH, act="join", options=[activity.no])
        turn.say("activity.one", **gatherings.about(turn, activity))
        return
    came = activities.attendance(turn.tx, activity.id or 0, turn.person_id)
    out = came is not None and not _just_came(turn, activity)
    _show(turn, activity, Proof(Way.SCENE, digits[:12]), out=out)
