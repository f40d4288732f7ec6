"""`/calendar/{token}.ics`: somebody's own calendar, to be subscribed to by telephone; nothing is entered here.

The address is its own key: it opens one calendar and nothing else, and ends with the post or the token it was
made for. What stands in calendars comes from `SOURCES`, one line a room that has something with an hour.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from aiohttp import web

from redprop_bot.council import diary as meetings
from redprop_bot.loop.scope import keeper_of
from redprop_bot.notify import links
from redprop_bot.ports import CalendarEntry, Whose
from redprop_bot.registry.register import register
from redprop_bot.store import access
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import diary as activities
from redprop_bot.web import sessions
from redprop_bot.web.access import Viewer
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages.rendering import missing

SOURCES: Final[tuple[Callable[[Tx, Whose], list[CalendarEntry]], ...]] = (meetings.entries, activities.entries)
"""Who has entries for a calendar."""
_AGAIN: Final = timedelta(hours=1)
"""How often a telephone looks for something new."""
_MISSING: Final = "没有找到这份日历，可能已经停用"


def add_routes(app: web.Application) -> None:
    """The one address."""
    app.router.add_get("/calendar/{token}.ics", _feed)


def address_of(viewer: Viewer, address: str, secret: bytes) -> str:
    """The calendar of whoever asks: of the person at the console, else of the token."""
    if viewer.speaker is not None and viewer.speaker.person.id is not None:
        return links.calendar(address, f"p{viewer.speaker.person.id}", secret)
    return links.calendar(address, f"t{viewer.token_id}", secret)


async def _feed(request: web.Request) -> web.Response:
    office = request.app[OFFICE]
    who = links.calendar_of(request.match_info["token"][:200], office.secret_key)
    found = await office.store.read(lambda tx: _entries(tx, who) if who else None)
    if found is None:
        return missing(_MISSING)
    return answer(found, "redprop")


def answer(entries: Sequence[CalendarEntry], name: str) -> web.Response:
    """Entries as a file that telephones and WeCom take."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{name}.ics"'}
    return web.Response(body=written(entries), content_type="text/calendar", charset="utf-8", headers=headers)


def written(entries: Sequence[CalendarEntry]) -> bytes:
    """The calendar in the form of RFC 5545."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - not needed to start

    calendar = Calendar()
    calendar.add("prodid", "-//redprop-bot//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "社区会议和活动")
    calendar.add("refresh-interval", _AGAIN, parameters={"VALUE": "DURATION"})
    for one in entries:
        event = Event()
        event.add("uid", f"{one.key}@redprop-bot")
        event.add("dtstamp", one.changed_at)
        event.add("last-modified", one.changed_at)
        event.add("dtstart", one.begins)
        event.add("dtend", one.ends)
        event.add("summary", one.title)
        event.add("sequence", one.version - 1)
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        for name, value in (("location", one.place), ("description", one.note), ("url", one.link)):
            if value:
                event.add(name, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _entries(tx: Tx, who: str) -> list[CalendarEntry] | None:
    whose = _whose(tx, who)
    return None if whose is None else [entry for source in SOURCES for entry in source(tx, whose)]


def _whose(tx: Tx, who: str) -> Whose | None:
    """Whose calendar it is today; None when they are gone, or the token was revoked."""
    letter, key = who[:1], who[1:]
    if not key.isdigit():
        return None
    return _of_person(tx, int(key)) if letter == "p" else _of_token(tx, int(key))


def _of_person(tx: Tx, person_id: int) -> Whose | None:
    seen = sessions.viewer(tx, person_id)
    if seen is None:
        return None
    return Whose(person_id, keeper_of(register(tx), person_id, seen.name).communities)


def _of_token(tx: Tx, token_id: int) -> Whose | None:
    row = access.kept_token(tx, token_id)
    if row is None or row.revoked_at is not None:
        return None
    if row.role == "provider":
        return Whose(organisation_id=row.organisation_id)
    homes = None if row.community_id is None else frozenset({row.community_id})
    return Whose(communities=homes, outside=row.role == "viewer")
