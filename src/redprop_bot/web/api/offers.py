"""The resource list and the service list: reading, entering, editing, publishing.

Who keeps the lists enters what is public at once; what others offer waits for the secretary, who is asked as for
an offer made in chat.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, cast

from redprop_bot.dialogue.offers import ask_secretary, tell_owner
from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.offers import LISTS, Offer, enter
from redprop_bot.registry.people import mask_name
from redprop_bot.store import bookings, editions, lists
from redprop_bot.store.tables import Place, Resource, Service
from redprop_bot.volunteers import booking, indexing, refitting
from redprop_bot.web.access import Viewer, community_called
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, number_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route

Entry = Resource | Service

STATUSES: Final = ("proposed", "published", "refused", "withdrawn")
_MEMBERS: Final = ("admin", "street", "secretary", "clerk")

_BODY: Final[Shape] = {
    "title": Field("text", required=True, longest=60),
    "kind": Field("text", longest=32),
    "note": Field("text", longest=500),
    "community": Field("text", "all communities when left out", longest=64),
    "estate": Field("text", "name or alias", longest=64),
    "place": Field("text", nullable=True, longest=200),
    "owner": Field("text", nullable=True, longest=64),
    "hours": Field("text", "when it can be had, in words", nullable=True, longest=200),
}
_CHANGE: Final[Shape] = {
    "version": Field("whole", "as it was read", required=True),
    "title": Field("text", longest=60),
    "kind": Field("text", longest=32),
    "note": Field("text", longest=500),
    "place": Field("text", nullable=True, longest=200),
    "owner": Field("text", nullable=True, longest=64),
    "hours": Field("text", nullable=True, longest=200),
    "status": Field("text", one_of=STATUSES[1:]),
}
_PLACE: Final[Shape] = {
    "lat": Field("number", "latitude; else where the estate is", nullable=True, least=-90, most=90),
    "lng": Field("number", "longitude", nullable=True, least=-180, most=180),
    "capacity": Field("whole", "for how many people", nullable=True, least=1, most=100_000),
    "quantity": Field("whole", "how many of it can be booked at once", least=1, most=1000),
    "services": Field("texts", "what there is", longest=20),
    "bookable": Field("yes_no", "whether people may book it; by its owner when left out"),
}
_MORE: Final[dict[str, Shape]] = {"R": _PLACE, "S": {}}
_FILTERS: Final = {"status": ", ".join(STATUSES), "q": "words of the title", **paging.QUERY}


def _item(call: Call, entry: Entry, there: Mapping[int, Place] | None = None) -> Item:
    estate = call.register.estates.get(entry.estate_id or 0)
    masked = call.viewer.role == "viewer"
    personal = entry.owner_id is not None and entry.organisation_id is None
    readable = partial(sight.covers, call.viewer, staff=not personal)
    if isinstance(there, Mapping):
        place = there.get(entry.id or 0)
    else:
        place = bookings.place(call.tx, entry.id or 0) if entry.no[0] == "R" else None
    return {
        "no": entry.no,
        "title": readable(entry.title),
        "kind": entry.kind,
        "community": call.register.community_name(entry.community_id),
        "estate": estate.name if estate else None,
        "place": readable(entry.place),
        "owner": mask_name(entry.owner) if masked and personal else entry.owner,
        "hours": entry.hours,
        "status": entry.status,
        "note": readable(entry.note),
        "created_at": iso(call, entry.created_at),
        "updated_at": iso(call, entry.updated_at),
        "version": entry.version,
        **(_of_place(call, entry, place) if entry.no[0] == "R" else {}),
    }


def _of_place(call: Call, entry: Entry, place: Place | None) -> Item:
    """What a resource has beyond a service."""
    return {
        "lat": place.lat if place else None,
        "lng": place.lng if place else None,
        "capacity": place.capacity if place else None,
        "quantity": place.quantity if place else 1,
        "services": list(place.services) if place else [],
        "bookable": booking.bookable(call.tx, cast("Resource", entry), place),
    }


def _kept_place(call: Call, entry: Entry, given: dict[str, Any]) -> None:
    """Take what belongs to the place out of what was given, and remember it."""
    values = {name: given.pop(name) for name in _PLACE if name in given}
    if ("lat" in values) != ("lng" in values):
        raise Invalid("position", field="lat")
    if entry.no[0] == "R":
        bookings.keep_place(call.tx, entry.id or 0, **values)


def _sees(viewer: Viewer, entry: Entry) -> bool:
    if viewer.community_id is not None and entry.community_id not in (None, viewer.community_id):
        return False
    own = viewer.organisation_id is not None and entry.organisation_id == viewer.organisation_id
    return entry.status == "published" or viewer.role in _MEMBERS or own


def _one(call: Call, prefix: str, *, lock: bool = False) -> Entry:
    entry = cast("Entry | None", lists.by_no(call.tx, _model(prefix), number_in(call, prefix), lock=lock))
    if entry is None or not _sees(call.viewer, entry):
        raise NotFound
    return entry


def _model(prefix: str) -> Any:
    return LISTS[prefix]


def _found(call: Call, prefix: str, name: str) -> Reply:
    status = call.query.get("status")
    if status is not None and status not in STATUSES:
        raise Invalid("choice", field="status")
    size, viewer = paging.limit(call), call.viewer
    page = lists.page(
        call.tx,
        _model(prefix),
        communities=None if viewer.community_id is None else [viewer.community_id],
        status=status or ("published" if viewer.role == "viewer" else None),
        q=call.query.get("q"),
        before_id=paging.before(call, name),
        limit=size + 1,
    )
    there = bookings.places(call.tx, [entry.id or 0 for entry in page[:size]]) if prefix == "R" else {}
    return paging.page(
        name, size, page, [_item(call, entry, there) for entry in page[:size] if _sees(viewer, entry)]
    )


def _entered(call: Call, prefix: str) -> Reply:
    sight.must_act(call.viewer)
    given = read(call.body, {**_BODY, **_MORE[prefix]})
    reg, viewer = call.register, call.viewer
    estate = reg.estate(given.get("estate"))
    if given.get("estate") and estate is None:
        raise Invalid("unknown_estate", field="estate", name=given["estate"])
    community_id = community_called(reg, given.get("community") or None)
    community_id = estate.community_id if estate and community_id is None else community_id or viewer.community_id
    if viewer.community_id not in (None, community_id):
        raise Forbidden("not_your_community")
    keeper = viewer.role in sight.EDITORS
    entry = enter(
        call.tx,
        Offer(
            prefix=prefix,
            title=given["title"],
            note=given.get("note", ""),
            kind=given.get("kind", "other"),
            community_id=community_id,
            estate_id=estate.id if estate else None,
            place=given.get("place"),
            organisation_id=viewer.organisation_id,
            owner=given.get("owner") or (viewer.name if viewer.organisation_id else None),
            hours=given.get("hours"),
            status="published" if keeper else "proposed",
        ),
    )
    _kept_place(call, entry, given)
    if not keeper:
        ask_secretary(call.tx, entry, by=None)
    return Reply(_kept(call, entry), 201)


def _edited(call: Call, prefix: str) -> Reply:
    sight.must_act(call.viewer)
    entry = _one(call, prefix, lock=True)
    given, before = read(call.body, {**_CHANGE, **_MORE[prefix]}), _item(call, entry)
    _may_edit(call.viewer, entry, given)
    if given.pop("version") != entry.version:
        raise Conflict("stale", field="version")
    asked = set(given)
    _kept_place(call, entry, given)
    changed = call.tx.update(_model(prefix), entry.id, **given, version=entry.version + 1, updated_at=call.tx.now)
    if entry.status == "proposed" and changed.status in ("published", "refused"):
        tell_owner(call.tx, changed, but=None)
    if entry.no[0] == "R" and asked & {"hours", "status", "bookable"}:
        refitting.refit(call.tx, changed, by=call.viewer.name)
    return Reply(_kept(call, changed, before))


def _kept(call: Call, entry: Entry, before: Item | None = None) -> Item:
    """The entry as it is now, kept as a version and to be found nearby at once."""
    item, by, where = _item(call, entry), call.viewer.name, entry.community_id
    kind = "resource" if entry.no.startswith("R") else "service"
    editions.keep(call.tx, kind, entry.no, item, by=by, version=entry.version, community_id=where, before=before)
    indexing.settle(call.tx)
    return item


def _may_edit(viewer: Viewer, entry: Entry, given: dict[str, Any]) -> None:
    """Keepers all of it in their community; whoever offered it their own words, and taking it back."""
    if viewer.role in sight.EDITORS:
        sight.must_edit(viewer, entry.community_id)
        return
    if viewer.organisation_id is None or entry.organisation_id != viewer.organisation_id:
        raise Forbidden
    if given.get("status") not in (None, "withdrawn"):
        raise Forbidden("forbidden", field="status")


def _of(prefix: str, handler: Callable[..., Reply], *more: str) -> Callable[[Call], Reply]:
    return lambda call: handler(call, prefix, *more)


def _routes(prefix: str, name: str, title: str, item: str) -> tuple[Route, ...]:
    def shown(call: Call) -> Reply:
        return Reply(_item(call, _one(call, prefix)))

    return (
        Route("GET", f"/{name}", _of(prefix, _found, name), title, item, query=_FILTERS, listed=True),
        Route(
            "POST",
            f"/{name}",
            _of(prefix, _entered),
            f"{title}：新增",
            item,
            body={**_BODY, **_MORE[prefix]},
            status=201,
        ),
        Route("GET", f"/{name}/{{no}}", shown, f"{title}：一条", item),
        Route(
            "PATCH",
            f"/{name}/{{no}}",
            _of(prefix, _edited),
            f"{title}：修改",
            item,
            body={**_CHANGE, **_MORE[prefix]},
        ),
    )


ROUTES: Final = (
    *_routes("R", "resources", "资源清单", "Resource"),
    *_routes("S", "services", "服务清单", "Offer"),
)
