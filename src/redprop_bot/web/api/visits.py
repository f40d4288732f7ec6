"""走访 (三访三问) by API: the log, and how many per worker, estate and kind; words are for who keeps them."""

from datetime import datetime
from typing import Final

from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.registry.people import mask_name
from redprop_bot.store import visits as rows
from redprop_bot.store.tables import Visit
from redprop_bot.web.api import paging
from redprop_bot.web.api.calls import Call, Reply, number_in
from redprop_bot.web.api.fields import moment
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, TEXT, WHEN, WHOLE, listed, shaped

KEEPERS: Final = frozenset({"admin", "street", "secretary", "clerk"})
_PERIOD: Final = {"from": "ISO 8601, included", "to": "ISO 8601, a bare date to its end"}
_FILTERS: Final = {"estate": "name or alias", "kind": "a code", "worker": "a userid", **_PERIOD, **paging.QUERY}
_TALLY: Final = shaped(worker=MAY, estate=MAY, kind=TEXT, name=TEXT, visits=WHOLE, households=WHOLE, matters=WHOLE)

ITEMS: Final = {
    "Visit": shaped(
        no=TEXT,
        kind=TEXT,
        name=TEXT,
        community=MAY,
        estate=MAY,
        building=MAY,
        unit=MAY,
        room=MAY,
        worker=MAY,
        households=WHOLE,
        text=MAY,
        matters=listed(TEXT),
        visited_at=WHEN,
        created_at=WHEN,
    ),
    "VisitStats": shaped(visits=WHOLE, households=WHOLE, matters=WHOLE, rows=listed(_TALLY)),
}


def _item(call: Call, visit: Visit) -> Item:
    estate, keeps = call.register.estates.get(visit.estate_id or 0), call.viewer.role in KEEPERS
    return {
        "no": visit.no,
        "kind": visit.kind,
        "name": call.content.visits.name_of(visit.kind),
        "community": call.register.community_name(visit.community_id),
        "estate": estate.name if estate else None,
        "building": visit.building,
        "unit": visit.unit,
        "room": visit.room if keeps else None,
        "worker": visit.worker_name if keeps else mask_name(visit.worker_name),
        "households": visit.households,
        "text": visit.text if keeps else None,
        "matters": list(visit.matters),
        "visited_at": iso(call, visit.visited_at),
        "created_at": iso(call, visit.created_at),
    }


def _wanted(call: Call) -> rows.Wanted:
    if call.viewer.role == "provider":
        raise Forbidden
    estate = call.register.estate(call.query.get("estate"))
    if "estate" in call.query and estate is None:
        raise Invalid("unknown_estate", field="estate", name=call.query["estate"])
    worker = call.register.person_named(call.query["worker"]) if "worker" in call.query else None
    if "worker" in call.query and worker is None:
        raise Invalid("no_person", field="worker")
    return rows.Wanted(
        None if call.viewer.community_id is None else [call.viewer.community_id],
        _moment(call, "from", days=0),
        _moment(call, "to", days=1),
        worker_id=worker.id if worker else None,
        estate_id=estate.id if estate else None,
        kind=call.query.get("kind"),
    )


def _moment(call: Call, name: str, *, days: int) -> datetime | None:
    text = call.query.get(name)
    return moment(text, name, call.content.zone, days=days) if text is not None else None


def found(call: Call) -> Reply:
    """A page of the log, newest first."""
    size = paging.limit(call)
    page = rows.page(call.tx, _wanted(call), before_id=paging.before(call, "visits"), limit=size + 1)
    return paging.page("visits", size, page, [_item(call, visit) for visit in page[:size]])


def one(call: Call) -> Reply:
    """One visit."""
    visit, own = rows.by_no(call.tx, number_in(call, "V")), call.viewer.community_id
    if visit is None or call.viewer.role == "provider" or own not in (None, visit.community_id):
        raise NotFound
    return Reply(_item(call, visit))


def counted(call: Call) -> Reply:
    """How many, per worker, estate and kind."""
    tallies, keeps = rows.tallies(call.tx, _wanted(call)), call.viewer.role in KEEPERS
    estates, names = call.register.estates, call.content.visits
    return Reply(
        {
            "visits": sum(one.visits for one in tallies),
            "households": sum(one.households for one in tallies),
            "matters": sum(one.matters for one in tallies),
            "rows": [
                {
                    "worker": one.worker if keeps else mask_name(one.worker),
                    "estate": estates[one.estate_id].name if one.estate_id in estates else None,
                    "kind": one.kind,
                    "name": names.name_of(one.kind),
                    "visits": one.visits,
                    "households": one.households,
                    "matters": one.matters,
                }
                for one in tallies
            ],
        }
    )


_COUNTED: Final = {name: note for name, note in _FILTERS.items() if name not in paging.QUERY}
ROUTES: Final = (
    Route("GET", "/visits", found, "走访记录", "Visit", query=_FILTERS, listed=True),
    Route("GET", "/visits/{no}", one, "一次走访", "Visit"),
    Route("GET", "/visit-stats", counted, "走访的数", "VisitStats", query=_COUNTED),
)
