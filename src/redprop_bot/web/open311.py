"""`/open311/v2`: what everybody may see of demands, and reporting for programs that speak GeoReport v2.

    service code ↔ category    service_request_id ↔ number    open/closed ↔ stage

Reading needs no key and shows what the public board shows; with the key of a token that sees the demand the words
of the report are added as that token may read them, never a phone. Reporting needs a key, too: a token of the API,
given as `api_key` or as a bearer.
"""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from redprop_bot.dialogue.happenings import NEAR_KM
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import Forbidden, Invalid, NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.notify.covering import phoneless
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import AT_WORK, Stage, is_open
from redprop_bot.store import demands, listing
from redprop_bot.store.sifting import Scope
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.web import errors, georeport
from redprop_bot.web.access import Viewer, viewer_of
from redprop_bot.web.api import fields, sight
from redprop_bot.web.api.calls import BODY_LIMIT, Call, bearer, clean
from redprop_bot.web.api.reports import take_in
from redprop_bot.web.console.reading import posted
from redprop_bot.web.georeport import Record
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import shown

BASE: Final = "/open311/v2"
MOST: Final = 1000
USUAL: Final = timedelta(days=90)
_KM_A_DEGREE: Final = 111.2
_ASKED: Final = 50  # numbers in one question
_FORMAT: Final = r"{format:(?:json|xml)}"


def add_routes(app: web.Application) -> None:
    """Each address with and without a suffix for its format."""
    for end in ("", f".{_FORMAT}"):
        app.router.add_get(f"{BASE}/discovery{end}", _spoken(_discovery))
        app.router.add_get(f"{BASE}/services{end}", _spoken(_services))
        app.router.add_get(f"{BASE}/requests{end}", _spoken(_requests))
        app.router.add_post(f"{BASE}/requests{end}", _spoken(_report))
        app.router.add_get(f"{BASE}/requests/{{id:[^/.]+}}{end}", _spoken(_request))


def _spoken(handler: Handler) -> Handler:
    """Refusals in the form of the standard, whose missing fields are 400."""

    async def spoken(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refusal:
            status = 400 if refusal.status == 422 else refusal.status
            where = f"（{refusal.field}）" if refusal.field else ""
            text = errors.said(request.app[OFFICE].content, refusal) + where
            return georeport.fault(georeport.format_of(request), status, text)

    return spoken


async def _discovery(request: web.Request) -> web.Response:
    office = request.app[OFFICE]
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{office.settings.address}{BASE}",
        "changeset": "2026-11-25T00:00:00+08:00",
        "type": "production",
    }
    head = {"changeset": endpoint["changeset"], "contact": office.settings.address, "key_service": ""}
    formats = ["application/json", "text/xml"]
    if georeport.format_of(request) == "json":
        return errors.as_json({**head, "endpoints": [{**endpoint, "formats": formats}]})
    kinds = "".join(f"<format>{kind}</format>" for kind in formats)
    inner = f"<endpoint>{georeport.fields(endpoint)}<formats>{kinds}</formats></endpoint>"
    return georeport.xml(f"<discovery>{georeport.fields(head)}<endpoints>{inner}</endpoints></discovery>")


async def _services(request: web.Request) -> web.Response:
    labels = request.app[OFFICE].content.labels.category
    records = [
        {
            "service_code": code,
            "service_name": name,
            "description": name,
            "metadata": False,
            "type": "realtime",
            "keywords": name.replace("与", ","),
            "group": "",
        }
        for code, name in labels.items()
    ]
    return georeport.answer(georeport.format_of(request), ("services", "service"), records)


# -- reading


async def _requests(request: web.Request) -> web.Response:
    office, query = request.app[OFFICE], _query(request)
    records = await office.store.read(lambda tx: _found(tx, office, query))
    return georeport.answer(georeport.format_of(request), ("service_requests", "request"), records)


async def _request(request: web.Request) -> web.Response:
    office, query = request.app[OFFICE], _query(request)
    no = request.match_info["id"]
    record = await office.store.read(lambda tx: _one(tx, office, no, query))
    return georeport.answer(georeport.format_of(request), ("service_requests", "request"), [record])


def _query(request: web.Request) -> dict[str, str]:
    query = dict(request.query)
    for name, value in query.items():
        if not clean(name + value):
            raise Invalid("type", field="query")
    if request.headers.get("Authorization", "").lower().startswith("bearer "):  # anything else is a gateway's
        query.setdefault("api_key", bearer(request))
    return query


def _one(tx: Tx, office: Office, no: str, query: Mapping[str, str]) -> Record:
    demand = demands.by_no(tx, no)
    if demand is None or demand.intent not in shown.PUBLIC_INTENTS:
        raise NotFound("no_demand", no=no)
    return _record(tx, office, demand, _viewer(tx, query))


def _found(tx: Tx, office: Office, query: Mapping[str, str]) -> list[Record]:
    zone, viewer = office.content.zone, _viewer(tx, query)
    until = _moment(query, "end_date", zone) or tx.now
    since = _moment(query, "start_date", zone) or until - USUAL
    page = listing.requests(
        tx,
        Scope(),
        intents=shown.PUBLIC_INTENTS,
        since=since,
        until=until,
        categories=_listed(query, "service_code"),
        stages=_stages(query),
        nos=_listed(query, "service_request_id"),
        limit=MOST,
    )
    return [_record(tx, office, demand, viewer) for demand in page]


def _listed(query: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in query.get(name, "").split(",") if part.strip()][:_ASKED]


def _stages(query: Mapping[str, str]) -> list[str]:
    asked = set(_listed(query, "status"))
    if asked - {"open", "closed"}:
        raise Invalid("choice", field="status")
    return [stage.value for stage in Stage if not asked or ("open" if is_open(stage) else "closed") in asked]


def _moment(query: Mapping[str, str], name: str, zone: Any) -> datetime | None:
    return fields.moment(query[name].replace(" ", "+"), name, zone) if query.get(name) else None


def _viewer(tx: Tx, query: Mapping[str, str]) -> Viewer | None:
    """The token given as `api_key`; a wrong one is refused, none is everybody."""
    key = query.get("api_key")
    if not key:
        return None
    viewer = viewer_of(tx, key)
    if viewer is None:
        raise Forbidden("unauthorised", field="api_key")
    return viewer


def _record(tx: Tx, office: Office, demand: Demand, viewer: Viewer | None) -> Record:
    reg, zone, labels = register(tx), office.content.zone, office.content.labels
    estate = reg.estates.get(demand.estate_id or 0)

    def iso(at: datetime | None) -> str | None:
        return at.astimezone(zone).isoformat(timespec="seconds") if at else None

    return {
        "service_request_id": demand.no,
        "status": "open" if is_open(demand.stage) else "closed",
        "status_notes": labels.stage[demand.stage],
        "service_name": labels.category.get(demand.category or "", ""),
        "service_code": demand.category,
        "description": _words(tx, viewer, demand),
        "agency_responsible": shown.unit(reg, demand),
        "service_notice": None,
        "requested_datetime": iso(demand.reported_at),
        "updated_datetime": iso(demand.updated_at),
        "expected_datetime": iso(demand.due_at),
        "address": shown.place(reg, demand),
        "address_id": None,
        "zipcode": None,
        "lat": estate.lat if estate else None,
        "long": estate.lng if estate else None,
        "media_url": None,
    }


def _words(tx: Tx, viewer: Viewer | None, demand: Demand) -> str:
    if viewer is None or not sight.sees(viewer, demand):
        return shown.matter(tx.content.labels, demand)
    return phoneless(sight.readable(tx, viewer, demand, demand.text))


# -- reporting

_GIVEN: Final = {"service_code", "description", "address_string", "address_id", "lat", "long", "phone", "api_key"}


async def _report(request: web.Request) -> web.Response:
    if (request.content_length or 0) > BODY_LIMIT:
        raise errors.HttpFault(413, "too_big")
    form = await posted(request)
    given = {name: value for name, value in form.items() if isinstance(value, str) and value and name in _GIVEN}
    query = _query(request)
    if not all(clean(value) for value in given.values()):
        raise Invalid("type", field="description")
    office = request.app[OFFICE]
    no, notice = await office.store.write(lambda tx: _taken_in(tx, office, query | given))
    record = {"service_request_id": no, "service_notice": notice, "account_id": None}
    wanted = georeport.format_of(request)
    return georeport.answer(wanted, ("service_requests", "request"), [record], status=201)


def _taken_in(tx: Tx, office: Office, given: Mapping[str, str]) -> tuple[str, str]:
    """The number, and in words by when it is done."""
    viewer = _viewer(tx, given)
    if viewer is None:
        raise Forbidden("unauthorised", field="api_key")
    sight.must_act(viewer)
    code = given.get("service_code", "")
    if code not in office.content.labels.category:
        raise Invalid("category" if code else "missing", field="service_code")
    # The place is read from the address as from any sentence; without one, coordinates tell the estate.
    text = " ".join(filter(None, (given.get("address_string"), given.get("description"))))
    body: dict[str, Any] = {"text": text or office.content.labels.category[code], "category": code}
    if not given.get("address_string"):
        body["estate"] = _near(tx, given)
    if phone := given.get("phone"):
        body["phone"] = phone
    made = take_in(Call(tx, viewer, office, {}, {}, body))
    slots = words.slots(tx, made.demand, words.Reads.PASSER_BY)
    due = slots["due"] if made.demand.stage in AT_WORK else ""
    return made.demand.no, office.content.replies.say("api.taken_in", no=made.demand.no, due=due)


def _near(tx: Tx, given: Mapping[str, str]) -> str | None:
    """The estate around these coordinates; None when none is near. One of address and coordinates is needed."""
    try:
        lat, lng = float(given.get("lat", "")), float(given.get("long", ""))
    except ValueError:
        raise Invalid("missing", field="address_string, lat, long") from None
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise Invalid("number", field="lat, long")
    wide = math.cos(math.radians(lat))
    distances = [
        (math.hypot(estate.lat - lat, (estate.lng - lng) * wide) * _KM_A_DEGREE, estate.name)
        for estate in register(tx).estates.values()
        if estate.lat is not None and estate.lng is not None
    ]
    far, name = min(distances, default=(NEAR_KM, None))
    return name if far < NEAR_KM else None
