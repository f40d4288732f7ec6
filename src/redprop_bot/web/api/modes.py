"""The emergency mode (平急转换) by API: switching on and off, its figures, its duty list."""

from typing import Final

from redprop_bot.errors import Invalid, NotFound
from redprop_bot.loop import emergency
from redprop_bot.loop.scope import Keeper, of_mode, scope_called
from redprop_bot.registry.people import mask_name
from redprop_bot.store import modes
from redprop_bot.store.tables import Mode
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply
from redprop_bot.web.api.fields import Field, Shape, moment, read, yes_no
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route

_BODY: Final[Shape] = {
    "scope": Field("texts", "names of one community, or of estates, or of the street", required=True, longest=50),
    "title": Field("text", required=True, longest=emergency.TITLE_LIMIT),
    "until": Field("moment", "the usual time when left out"),
}
_ACT: Final[Shape] = {"act": Field("text", "end", required=True, one_of=("end",), code="unknown_act")}
_FILTERS: Final = {"on": "true or false", **paging.QUERY}


def _keeper(call: Call) -> Keeper:
    """A token as a keeper: the street's and an administrator's everywhere, a secretary's in its community."""
    viewer, own = call.viewer, call.viewer.community_id
    if viewer.role not in sight.EDITORS:
        return Keeper(viewer.name, None, frozenset())
    return Keeper(viewer.name, None, None if own is None else frozenset({own}))


def _sees(call: Call, mode: Mode) -> bool:
    own = call.viewer.community_id
    if call.viewer.role == "provider":
        return False  # units are told by card; names of others on duty are not theirs to read
    return own is None or own in of_mode(mode).communities(call.register)


def _item(call: Call, mode: Mode) -> Item:
    reg, masked = call.register, call.viewer.role == "viewer"
    scope = of_mode(mode)
    duties = modes.duties(call.tx, mode.id or 0)
    names = {d.person_id: reg.people[d.person_id].name for d in duties if d.person_id in reg.people}
    return {
        "no": mode.no,
        "title": mode.title,
        "scope": scope.words(reg),
        "communities": [reg.communities[key].name for key in scope.communities(reg)],
        "estates": [reg.estates[key].name for key in scope.all_estates(reg)],
        "began_at": iso(call, mode.began_at),
        "until": iso(call, mode.until_at),
        "by": mode.by_name,
        "ended_at": iso(call, mode.ended_at),
        "ended_by": mode.ended_by,
        "figures": emergency.figures(call.tx, mode),
        "duty": [
            {
                "name": mask_name(names.get(d.person_id)) if masked else names.get(d.person_id),
                "part": d.part,
                "unit": d.unit,
                "received_at": iso(call, d.received_at),
                "reminded_at": iso(call, d.reminded_at),
            }
            for d in duties
        ],
    }


def found(call: Call) -> Reply:
    """A page of emergencies, newest first."""
    size, on = paging.limit(call), call.query.get("on")
    rows = modes.page(
        call.tx,
        on=None if on is None else yes_no(on, "on"),
        before_id=paging.before(call, "modes"),
        limit=size + 1,
    )
    return paging.page("modes", size, rows, [_item(call, row) for row in rows[:size] if _sees(call, row)])


def _one(call: Call) -> Mode:
    mode = modes.by_no(call.tx, call.path["no"])
    if mode is None or not _sees(call, mode):
        raise NotFound
    return mode


def one(call: Call) -> Reply:
    """One emergency with its figures."""
    return Reply(_item(call, _one(call)))


def begun(call: Call) -> Reply:
    """转应急."""
    sight.must_act(call.viewer)
    given = read(call.body, _BODY)
    until = given.get("until")
    if not given["scope"]:
        raise Invalid("scope", field="scope")
    mode = emergency.begin(
        call.tx,
        _keeper(call),
        scope_called(call.register, given["scope"]),
        title=given["title"],
        until=moment(until, "until", call.content.zone, days=1) if until else None,
    )
    return Reply(_item(call, mode), 201)


def acted(call: Call) -> Reply:
    """恢复平时."""
    sight.must_act(call.viewer)
    read(call.body, _ACT)
    return Reply(_item(call, emergency.finish(call.tx, _keeper(call), _one(call))))


ROUTES: Final = (
    Route("GET", "/modes", found, "平急转换", "Mode", query=_FILTERS, listed=True),
    Route("POST", "/modes", begun, "转应急", "Mode", body=_BODY, status=201),
    Route("GET", "/modes/{no}", one, "一次应急和它的数", "Mode"),
    Route("POST", "/modes/{no}/acts", acted, "恢复平时", "Mode", body=_ACT),
)
