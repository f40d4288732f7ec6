"""`/m/activities`, `/m/activities/{no}`, `/m/points`: what there is, one's place, checking in, one's points.

Everybody may look; signing up and checking in go through the same steps as in chat. Nobody sees who else comes.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from redprop_bot.errors import Invalid, NotFound, Refused
from redprop_bot.notify.covering import covered
from redprop_bot.registry.register import register
from redprop_bot.rules import activities as rules
from redprop_bot.rules.activities import Way
from redprop_bot.store import activities as rows
from redprop_bot.store import points
from redprop_bot.store.tables import Activity
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import activity_telling, attendance, ledger, signing_up
from redprop_bot.volunteers.attendance import Proof
from redprop_bot.web import sessions
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login, showing
from redprop_bot.web.pages.rendering import missing, shown_to
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form

LIST: Final = "/m/activities"
POINTS: Final = "/m/points"
_AHEAD: Final = timedelta(days=92)
_SHOWN: Final = 40
_ENTRIES: Final = 50
_DIGITS: Final = re.compile(r"\d{6}")
_MISSING: Final = "没有找到这场活动"


def add_routes(app: web.Application) -> None:
    """The list, one activity with its forms, one's points."""
    app.router.add_get(LIST, _list)
    app.router.add_get(f"{LIST}/{{no}}", _one)
    app.router.add_post(f"{LIST}/{{no}}/act", _act)
    app.router.add_get(rf"{LIST}/{{no}}/photos/{{number:\d{{1,15}}}}", _photo)
    app.router.add_get(POINTS, _points)
    app.router.add_post(f"{POINTS}/name", _name)


async def _list(request: web.Request) -> web.StreamResponse:
    person_id = sessions.person_of(request)
    found = await request.app[OFFICE].store.read(lambda tx: _upcoming(tx, person_id))
    return shown_to(request, "m/activities.html", rows=found)


def _upcoming(tx: Tx, person_id: int | None) -> list[dict[str, Any]]:
    seen = sessions.viewer(tx, person_id)
    home = register(tx).community_of(seen.person.estate_id) if seen is not None else None
    inside = None if home is None else [home]
    found = rows.between(tx, inside, tx.now, tx.now + _AHEAD, limit=_SHOWN)
    counted = rows.counts(tx, [a.id for a in found if a.id is not None])
    mine = {a.no: state for a, state in rows.of_person(tx, person_id, tx.now)} if person_id is not None else {}
    return [_slip(tx, a, counted[a.id or 0]["going"], mine.get(a.no, "")) for a in found]


def _slip(tx: Tx, activity: Activity, going: int, state: str) -> dict[str, Any]:
    """What is shown of it; whose flat it is and whom to call is only for who has a place."""
    left = None if activity.capacity is None else max(0, activity.capacity - going)
    words = {**activity_telling.slots(tx, activity), "note": activity.note}
    if state not in ("going", "waiting"):
        words |= {name: covered(words[name] or "", staff=True) for name in ("title", "place", "note")}
    return {**words, "left": left, "going": going, "address": f"{LIST}/{activity.no}", "state": state}


# -- one activity


async def _one(request: web.Request) -> web.StreamResponse:
    return await _shown(request, typed=slips.draft(request))


async def _shown(
    request: web.Request, *, typed: Mapping[str, str] | None = None, wrong: Refused | None = None
) -> web.Response:
    office, no = request.app[OFFICE], request.match_info["no"]
    person_id = sessions.person_of(request)
    found = await office.store.read(lambda tx: _looked(tx, no, person_id))
    if found is None:
        return missing(_MISSING)
    here = f"{LIST}/{found['no']}"
    code = request.query.get("code", "") or (typed or {}).get("code", "")
    after = f"{here}?code={code}" if _DIGITS.fullmatch(code) else here
    return shown_to(
        request,
        "m/activity.html",
        here=here,
        status=wrong.status if wrong else 200,
        a=found,
        signed=person_id is not None,
        enter=login.login_address(after),
        code=code if _DIGITS.fullmatch(code) else "",
        mark=slips.mark(request) if person_id is not None else "",
        wrong=said(office.content, wrong) if wrong else "",
        told=slips.told(office, request),
    )


def _looked(tx: Tx, no: str, person_id: int | None) -> dict[str, Any] | None:
    activity = rows.by_no(tx, no[:32])
    if activity is None or activity.state == "planned" or activity.id is None:
        return None
    terms = tx.content.activities.attendance
    place = rows.sign_up(tx, activity.id, person_id) if person_id is not None else None
    came = rows.attendance(tx, activity.id, person_id) if person_id is not None else None
    state = place.state if place is not None else ""
    on = activity.state == "published"
    values = _slip(tx, activity, rows.going(tx, activity.id), state)
    doable = {
        "join": on and activity.ends_at > tx.now and state in ("", "left"),
        "leave": on and activity.ends_at > tx.now and state in ("going", "waiting") and came is None,
        "in": state == "going"
        and came is None
        and rules.may_come(tx.now, activity.starts_at, activity.ends_at, terms.opens_minutes),
        "out": came is not None
        and came.left_at is None
        and not came.booked
        and rules.may_leave(tx.now, activity.ends_at, terms.leaves_minutes),
    }
    return {
        **values,
        "ahead": rows.ahead(tx, place) + 1 if place is not None and state == "waiting" else 0,
        "came": came is not None,
        "done": came is not None and came.booked,
        "booked": attendance.booked_points(tx, came) if came is not None else 0,
        "photos": [photo.id for photo in rows.photos(tx, activity.id)] if came is not None else [],
        "stands": activity.state,
        "reason": activity.cancel_reason or "",
        "doable": doable,
    }


async def _act(request: web.Request) -> web.StreamResponse:
    office, form = request.app[OFFICE], None
    no = request.match_info["no"]
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id = given.form, given.person_id
        sent = given.form
        try:
            await office.store.write(lambda tx: act(tx, no, person_id, sent))
        except Refused as refusal:
            wrong = refusal
            await office.store.write(lambda tx: _missed(tx, no, person_id, wrong))
            raise
    except Refused as refusal:
        if form is None or isinstance(refusal, NotFound):
            return slips.problem(request, refusal)
        return await _shown(request, typed=form.fields, wrong=refusal)
    return slips.onward(f"{LIST}/{no}", f"activity_{form.text('act')}")


def act(tx: Tx, no: str, person_id: int, form: Form) -> None:
    """Do it. Raises Refused; nothing has changed then."""
    activity = rows.by_no(tx, no[:32])
    if activity is None or activity.state == "planned" or sessions.viewer(tx, person_id) is None:
        raise NotFound("no_activity", no=no[:32])
    step = _STEPS.get(form.text("act"))
    if step is None:
        raise Invalid("unknown_act", field="act")
    step(tx, activity, person_id, form)


def _come(tx: Tx, activity: Activity, person_id: int, form: Form) -> None:
    attendance.check_in(tx, activity, person_id, Proof(Way.CODE, form.text("code")[:12]), tx.now)


def _go(tx: Tx, activity: Activity, person_id: int, form: Form) -> None:
    attendance.check_out(tx, activity, person_id, Proof(Way.CODE, form.text("code")[:12]), tx.now)


_STEPS: Final[Mapping[str, Callable[[Tx, Activity, int, Form], Any]]] = {
    "join": lambda tx, activity, person_id, _form: signing_up.join(tx, activity, person_id),
    "leave": lambda tx, activity, person_id, _form: signing_up.leave(tx, activity, person_id),
    "in": _come,
    "out": _go,
}


def _missed(tx: Tx, no: str, person_id: int, refusal: Refused) -> None:
    activity = rows.by_no(tx, no[:32])
    if activity is not None:
        attendance.missed(tx, activity, person_id, refusal)


async def _photo(request: web.Request) -> web.StreamResponse:
    """A picture, for who was there; the same answer to everybody else whether there is one."""
    office, person_id = request.app[OFFICE], sessions.person_of(request)
    no, number = request.match_info["no"], int(request.match_info["number"])

    def look(tx: Tx) -> showing.Kept | None:
        activity = rows.by_no(tx, no[:32])
        if activity is None or activity.id is None or person_id is None:
            return None
        if sessions.viewer(tx, person_id) is None or rows.attendance(tx, activity.id, person_id) is None:
            return None
        found = rows.photo(tx, activity.id, number)
        return showing.of_activity(activity.no, found) if found is not None else None

    kept = await office.store.read(look)
    answer = await showing.answer(request, office, kept) if kept is not None else None
    return answer if answer is not None else missing(_MISSING)


# -- one's points


async def _points(request: web.Request) -> web.StreamResponse:
    office, person_id = request.app[OFFICE], sessions.person_of(request)
    found = await office.store.read(lambda tx: _mine(tx, person_id))
    if found is None:
        raise web.HTTPFound(login.login_address(POINTS))
    return shown_to(
        request, "m/points.html", here=POINTS, mark=slips.mark(request), told=slips.told(office, request), **found
    )


def _mine(tx: Tx, person_id: int | None) -> dict[str, Any] | None:
    if person_id is None or sessions.viewer(tx, person_id) is None:
        return None
    entries = points.page(tx, person_id=person_id, limit=_ENTRIES)
    zone = tx.content.zone
    return {
        "balance": ledger.balance(tx, person_id),
        "named": points.is_named(tx, person_id),
        "entries": [
            {"day": f"{at.month}月{at.day}日", "delta": f"{entry.delta:+d}", "reason": entry.reason}
            for entry in entries
            for at in [entry.at.astimezone(zone)]
        ],
    }


async def _name(request: web.Request) -> web.StreamResponse:
    office = request.app[OFFICE]
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        person_id, shown = given.person_id, given.form.text("named") == "yes"
        await office.store.write(lambda tx: points.show_name(tx, person_id, shown=shown))
    except Refused as refusal:
        return slips.problem(request, refusal)
    return slips.onward(POINTS, "corrected")
