"""Meetings by API: looking, calling, changing; what is done in one stands in `meeting_acts`."""

from collections.abc import Callable, Sequence
from typing import Final

from redprop_bot.council import convening
from redprop_bot.council.chair import known
from redprop_bot.errors import Invalid, NotFound
from redprop_bot.rules.meetings import MeetingState
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting
from redprop_bot.web.access import community_called
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.meeting_acts import ACTS, acted_on, chair, moment_in
from redprop_bot.web.api.meeting_items import item, items, quarter_item
from redprop_bot.web.api.routes import Route

_BODY: Final[Shape] = {
    "kind": Field("text", "code, name or what people call it", longest=32),
    "title": Field("text", longest=convening.TITLE),
    "community": Field("text", "the street's when left out and the token is nobody's community", longest=64),
    "place": Field("text", nullable=True, longest=convening.PLACE),
    "starts_at": Field("moment", required=True),
    "ends_at": Field("moment", "as long as the kind says when left out"),
    "topics": Field("texts", longest=convening.MOST_TOPICS),
    "members": Field("texts", "persons or units beside those whom the kind invites", longest=100),
}
_CHANGE: Final[Shape] = {
    "version": Field("whole", "as it was read", required=True),
    **{name: _BODY[name] for name in ("title", "place", "ends_at", "topics")},
    "starts_at": Field("moment"),
}
_FILTERS: Final = {
    "kind": "code or name",
    "state": ", ".join(MeetingState),
    "quarter": "such as 20264 or 2026Q4",
    **paging.QUERY,
}


# -- looking


def _people(call: Call) -> set[int] | None:
    """Whose meetings a unit sees: those in which its staff have a seat; None: all."""
    unit = call.viewer.organisation_id
    if call.viewer.role != "provider":
        return None
    return {post.person_id for post in call.register.all_posts if post.organisation_id == unit}


def found(call: Call) -> Reply:
    """A page of meetings, newest first."""
    size, viewer = paging.limit(call), call.viewer
    kind, state = call.query.get("kind"), call.query.get("state")
    if state is not None and state not in list(MeetingState):
        raise Invalid("choice", field="state")
    rows = meetings.page(
        call.tx,
        communities=None if viewer.community_id is None else [viewer.community_id],
        people=_people(call),
        kind=convening.kind_called(call.tx, kind) if kind else None,
        but=convening.private_kinds(call.tx) if viewer.role == "viewer" else (),
        state=state,
        quarter=_quarter(call.query.get("quarter")),
        before_id=paging.before(call, "meetings"),
        limit=size + 1,
    )
    return paging.page("meetings", size, rows, items(call, rows[:size]))


def _quarter(text: str | None) -> int | None:
    if text is None:
        return None
    plain = text.upper().replace("-", "").replace("Q", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) == 5 and plain[-1] in "1234"):
        raise Invalid("quarter", field="quarter")
    return int(plain)


def one(call: Call) -> Reply:
    """One meeting with agenda, members, resolutions, minutes."""
    return Reply(item(call, the_meeting(call)))


def the_meeting(call: Call) -> Meeting:
    """The meeting of the path, by number or key, if it is there for this token."""
    meeting = known(call.tx, call.path["id"])
    viewer = call.viewer
    if viewer.community_id is not None and meeting.community_id not in (None, viewer.community_id):
        raise NotFound("no_meeting", no=meeting.no)
    if viewer.role == "viewer" and meeting.kind in convening.private_kinds(call.tx):
        raise NotFound("no_meeting", no=meeting.no)
    people = _people(call)
    if people is not None:
        sits = {seat.person_id for seat in meetings.seats(call.tx, meeting.id or 0)}
        if not sits & people:
            raise NotFound("no_meeting", no=meeting.no)
    return meeting


def quarters(call: Call) -> Reply:
    """The four quarters of a year for each community of this token."""
    text = call.query.get("year", str(call.tx.now.astimezone(call.content.zone).year))
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= 2100):
        raise Invalid("number", field="year")
    homes = [call.viewer.community_id] if call.viewer.community_id is not None else list(call.register.communities)
    return Reply({"items": [quarter_item(call, home, int(text)) for home in homes], "next": None})


# -- doing


def called(call: Call, *, once: bool = False) -> Reply:
    """Call a meeting and invite; `once` refuses what was called already."""
    sight.must_act(call.viewer)
    given = read(call.body, _BODY)
    tx, viewer = call.tx, call.viewer
    home = community_called(call.register, given.get("community"))
    home = viewer.community_id if home is None else home
    named = given.get("kind") or call.content.meetings.named(given.get("title", "")) or _usual(call)
    wish = convening.Wish(
        kind=convening.kind_called(tx, named),
        community_id=home,
        starts_at=moment_in(call, given, "starts_at") or tx.now,
        ends_at=moment_in(call, given, "ends_at"),
        title=given.get("title"),
        place=given.get("place"),
        topics=given.get("topics", ()),
        members=given.get("members", ()),
        once=once,
    )
    return Reply(item(call, convening.call(tx, chair(viewer), wish)), 201)


def _usual(call: Call) -> str:
    return next(iter(call.content.meetings.kinds))


def changed(call: Call) -> Reply:
    """Another time, place, title or list of topics."""
    sight.must_act(call.viewer)
    meeting = the_meeting(call)
    given = read(call.body, _CHANGE)
    moved = {name: moment_in(call, given, name) for name in ("starts_at", "ends_at")}
    rest = {name: given[name] for name in ("title", "place", "topics") if name in given}
    version = given["version"]
    return Reply(
        item(call, convening.change(call.tx, meeting, chair(call.viewer), version=version, **moved, **rest))
    )


def acted(call: Call) -> Reply:
    """Do what the act says; gives the meeting as it is afterwards."""
    sight.must_act(call.viewer)
    meeting = the_meeting(call)
    acted_on(call, meeting)
    return Reply(item(call, known(call.tx, meeting.no)))


def _written(route: str, handler: Callable[[Call], Reply], summary: str, body: Shape | None = None) -> Route:
    method, path = route.split()
    status = 201 if method == "POST" and not path.endswith("/acts") else 200
    return Route(method, path, handler, summary, "Meeting", body=body, status=status)


ROUTES: Final[Sequence[Route]] = (
    Route("GET", "/meetings", found, "会议", "Meeting", query=_FILTERS, listed=True),
    Route(
        "GET",
        "/meetings/quarters",
        quarters,
        "联席会议：一年四个季度",
        "MeetingYear",
        query={"year": "this year when left out"},
        listed=True,
    ),
    _written("POST /meetings", called, "定会议、发邀请", _BODY),
    _written("GET /meetings/{id}", one, "一次会议"),
    _written("PATCH /meetings/{id}", changed, "改期、换地方、改议题", _CHANGE),
    _written("POST /meetings/{id}/acts", acted, "加议题、记决议、签到、表决、纪要、取消", ACTS),
)
