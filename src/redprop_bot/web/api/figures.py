"""What residents said afterwards, and the figures of a period."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final, cast

from redprop_bot.errors import Invalid, NotFound
from redprop_bot.rules.figures import RATES, rate
from redprop_bot.store import demands as rows
from redprop_bot.store import figures as kept
from redprop_bot.store import listing
from redprop_bot.store.figures import Asked
from redprop_bot.store.tables import Demand
from redprop_bot.web import calendar
from redprop_bot.web.api import fields, paging, sight
from redprop_bot.web.api.calls import Call, Reply, number_in
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route


def ratings(call: Call) -> Reply:
    """A page of rated demands."""
    size = paging.limit(call)
    page = listing.rated(
        call.tx, sight.scope(call.viewer), before_id=paging.before(call, "ratings"), limit=size + 1
    )
    return paging.page("ratings", size, page, _rating_items(call, page[:size]))


def rating(call: Call) -> Reply:
    """The ratings of one demand."""
    no = number_in(call, "D")
    demand = sight.seen(call.tx, call.viewer, rows.by_no(call.tx, no), no)
    item = _rating_items(call, [demand])[0]
    if item["stars"] is None and not item["supporters"]:
        raise NotFound
    return Reply(item)


def _rating_items(call: Call, demands: Sequence[Demand]) -> list[Item]:
    others = listing.supporters(call.tx, [cast("int", d.id) for d in demands if d.supporters])
    reg = call.register

    def reason(demand: Demand, text: str | None) -> str | None:
        return sight.readable(call.tx, call.viewer, demand, text) if text else None

    return [
        {
            "no": demand.no,
            "stars": demand.stars,
            "reason": reason(demand, demand.rating_reason),
            "supporters": [
                {"stars": one.stars, "reason": reason(demand, one.rating_reason)}
                for one in others.get(cast("int", demand.id), [])
                if one.stars is not None
            ],
            "at": iso(call, demand.closed_at),
            "category": demand.category,
            "community": reg.community_name(demand.community_id),
            "estate": reg.estates[demand.estate_id].name if demand.estate_id is not None else None,
            "handler": reg.organisations[demand.handler_id].name if demand.handler_id is not None else None,
        }
        for demand in demands
    ]


def stats(call: Call) -> Reply:
    """Counts of what was reported in some days, and the three rates of these days with the numbers behind them."""
    since, until = _period(call)
    scope = sight.scope(call.viewer)
    days = (one.astimezone(call.content.zone).date() for one in (since, until))
    found = kept.total(call.tx, Asked(kept.places(scope), *days))

    def by(column: str) -> dict[str, int]:
        counted = listing.counts(call.tx, column, scope, since, until)
        return {
            key: number for key, number in sorted(counted.items(), key=lambda i: i[0] or "") if key is not None
        }

    stages = by("stage")
    return Reply(
        {
            "from": iso(call, since),
            "to": iso(call, until),
            "community": call.register.community_name(call.viewer.community_id),
            "total": sum(stages.values()),
            "overdue": listing.late_of(call.tx, scope, since, until),
            "stage": stages,
            "intent": by("intent"),
            "category": by("category"),
            "urgency": by("urgency"),
            "closing": by("close_reason"),
            "rates": {name: _rate(*rate(found, name)) for name in RATES},
        }
    )


def _rate(count: int, of: int) -> dict[str, Any]:
    """A rate is never shown without its numbers, and not at all where there are none."""
    return {"rate": round(count / of, 4) if of else None, "count": count, "of": of}


def _period(call: Call) -> tuple[datetime, datetime]:
    """From the first of the month, or `from`, to the end of today, or of the day `to`; moments mean their days."""
    zone = call.content.zone
    today = datetime.combine(call.tx.now.astimezone(zone).date(), time(0), tzinfo=zone)
    given_from, given_to = call.query.get("from"), call.query.get("to")
    since = today.replace(day=1) if given_from is None else fields.moment(given_from, "from", zone)
    until = today + timedelta(days=1) if given_to is None else fields.moment(given_to, "to", zone, days=1)
    if since >= until:
        raise Invalid("period", field="from")
    last = (until - timedelta(microseconds=1)).astimezone(zone).date()
    first = since.astimezone(zone).date()
    return datetime.combine(first, time(0), zone), datetime.combine(last + timedelta(days=1), time(0), zone)


def me(call: Call) -> Reply:
    """Who this token is."""
    viewer, reg = call.viewer, call.register
    unit = reg.organisations[viewer.organisation_id].name if viewer.organisation_id is not None else None
    return Reply(
        {
            "id": viewer.token_id,
            "role": viewer.role,
            "name": viewer.name,
            "community": reg.community_name(viewer.community_id),
            "organisation": unit,
            "calendar": calendar.address_of(viewer, call.content.address, call.office.secret_key),
        }
    )


ROUTES: Final = (
    Route("GET", "/ratings", ratings, "评价", "Rating", query=paging.QUERY, listed=True),
    Route("GET", "/ratings/{no}", rating, "一件事的评价", "Rating"),
    Route(
        "GET",
        "/stats",
        stats,
        "一段时间的数",
        "Stats",
        query={"from": "a date, or a moment of that day", "to": "a date, or a moment of that day (to its end)"},
    ),
    Route("GET", "/me", me, "这个令牌是谁", "Me"),
)
