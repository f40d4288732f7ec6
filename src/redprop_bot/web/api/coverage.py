"""党组织和工作覆盖: the rates of a street, a community or an estate, with names of who is missing or unsaid."""

from typing import Final

from redprop_bot.errors import Forbidden, Invalid
from redprop_bot.registry import coverage_words as words
from redprop_bot.registry.coverage import Place, Seen, communities_of, coverage, estate_of, street_of
from redprop_bot.rules.coverage import NO, YES, Gap, Rate, is_reviewed
from redprop_bot.store.tables import Organisation
from redprop_bot.web.access import community_called
from redprop_bot.web.api import sight
from redprop_bot.web.api.calls import Call, Reply
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, NUMBER, TEXT, WHOLE, Schema, listed, shaped

_QUERY: Final = {
    "street": "its name; only where there are several",
    "community": "its name",
    "estate": "its name or an alias",
}
_MAY_BE: Final[Schema] = {"type": ["boolean", "null"]}
_GAP: Final = shaped(name=TEXT, why=TEXT, text=TEXT)
_RATE: Final = shaped(
    code=TEXT,
    name=TEXT,
    percent=MAY_WHOLE,
    rate=NUMBER,
    count=WHOLE,
    of=WHOLE,
    text=TEXT,
    missing=listed(_GAP),
    unknown=listed(_GAP),
)
ITEMS: Final = {
    "Coverage": shaped(
        name=TEXT,
        street=MAY,
        community=MAY,
        estate=MAY,
        rates=listed(_RATE),
        todo=listed(TEXT),
        unsaid=listed(TEXT),
        communities=listed(shaped(community=TEXT, rates=listed(_RATE))),
        companies=listed(shaped(id=WHOLE, name=TEXT, estates=listed(TEXT), party=TEXT, members=MAY_WHOLE)),
        committees=listed(
            shaped(
                id=WHOLE,
                name=TEXT,
                estate=MAY,
                seats=MAY_WHOLE,
                party_seats=MAY_WHOLE,
                rate=NUMBER,
                reviewed=_MAY_BE,
                reviewed_on=MAY,
            )
        ),
        estates=listed(shaped(estate=TEXT, community=TEXT, property=MAY, committee=_MAY_BE, branch=_MAY_BE)),
    )
}


def shown(call: Call) -> Reply:
    """The rates of what is asked for, as far as it may be seen; without more words of all of it."""
    if call.viewer.role == "provider":
        raise Forbidden
    place = _place(call)
    seen = coverage(call.register, call.content, place)
    reg, several = call.register, len(place.communities) > 1
    parts = [communities_of(reg, [key]) for key in reg.communities if several and key in place.communities]
    return Reply(
        {
            "name": place.name,
            "street": call.query.get("street"),
            "community": reg.community_name(next(iter(place.communities)))
            if len(place.communities) == 1
            else None,
            "estate": place.name if place.estate_id is not None else None,
            "rates": [_rate(call, one) for one in seen.rates],
            "todo": words.all_missing(call.content, seen.rates),
            "unsaid": words.all_unsaid(call.content, seen.rates),
            "communities": [
                {"community": one.name, "rates": [_rate(call, r) for r in coverage(reg, call.content, one).rates]}
                for one in parts
            ],
            "companies": _companies(call, seen),
            "committees": _committees(call, seen),
            "estates": [
                {
                    "estate": estate.name,
                    "community": reg.communities[estate.community_id].name,
                    "property": estate.property_name,
                    "committee": home.committee,
                    "branch": home.branch,
                }
                for estate, home in seen.estates
            ],
        }
    )


def _place(call: Call) -> Place:
    reg, query, own = call.register, call.query, call.viewer.community_id
    street = next((key for key, one in reg.streets.items() if one.name == query.get("street")), None)
    if "street" in query and street is None:
        raise Invalid("unknown_street", field="street", name=query["street"])
    community = community_called(reg, query.get("community"))
    if own is not None and (community not in (None, own) or street not in (None, reg.communities[own].street_id)):
        raise Forbidden("not_your_community")
    community = own if own is not None else community
    if "estate" in query:
        estate = reg.estate(query["estate"])
        if estate is None or community not in (None, estate.community_id):
            raise Invalid("unknown_estate", field="estate", name=query["estate"])
        return estate_of(estate)
    if community is not None:
        return communities_of(reg, [community])
    return street_of(reg, street)


def _rate(call: Call, rate: Rate) -> Item:
    def gap(one: Gap, text: str) -> Item:
        return {"name": one.name, "why": one.why, "text": text}

    return {
        "code": rate.code,
        "name": words.name(call.content, rate),
        "percent": rate.percent,
        "rate": _share(rate.count, rate.of),
        "count": rate.count,
        "of": rate.of,
        "text": words.line(call.content, rate),
        "missing": [gap(one, words.missing(call.content, rate, one)) for one in rate.missing],
        "unknown": [gap(one, words.unsaid(call.content, one)) for one in rate.unknown],
    }


def _share(count: int | None, of: int | None) -> float | None:
    return round(count / of, 4) if of and count is not None else None


def _companies(call: Call, seen: Seen) -> list[Item]:
    """How many members a company has is for who works on it."""
    told = call.viewer.role in sight.EDITORS
    return [
        {
            "id": one.unit.id,
            "name": one.unit.name,
            "estates": list(one.estates),
            "party": one.unit.party,
            **({"members": one.unit.party_members} if told else {}),
        }
        for one in seen.companies
    ]


def _committees(call: Call, seen: Seen) -> list[Item]:
    def one(unit: Organisation) -> Item:
        estate = call.register.estates.get(unit.estate_id or 0)
        return {
            "id": unit.id,
            "name": unit.name,
            "estate": estate.name if estate else None,
            "seats": unit.seats,
            "party_seats": unit.party_seats,
            "rate": round(unit.party_seats / unit.seats, 4)
            if unit.seats and unit.party_seats is not None
            else None,
            "reviewed": is_reviewed(unit.reviewed),
            "reviewed_on": unit.reviewed if unit.reviewed not in (YES, NO) else None,
        }

    return [one(unit) for unit in seen.committees]


ROUTES: Final = (Route("GET", "/coverage", shown, "党组织和工作覆盖", "Coverage", query=_QUERY),)
