"""年底综合评价意见 by API: versions of opinions on companies, the acts on them, the Word file.

The community and the street read; a unit's token finds nothing. Who may do what is decided in `appraise`.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from redprop_bot.appraise import opinion as steps
from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.loop.paper import TYPE
from redprop_bot.registry.people import mask_name
from redprop_bot.store import opinions
from redprop_bot.store.tables import Opinion, Organisation
from redprop_bot.web.access import the_community
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, NUMBER, TEXT, WHEN, WHOLE, Schema, listed, shaped
from redprop_bot.web.api.standards import reviewer

_OPEN: Final[Shape] = {
    "company": Field("text", "its name", required=True, longest=64),
    "year": Field("whole", required=True, least=1, most=9999),
    "community": Field("text", "where the token is for more than one", longest=64),
}
_ACT: Final[Shape] = {
    "act": Field(
        "text", required=True, one_of=("write", "recount", "confirm", "send", "renew"), code="unknown_act"
    ),
    "words": Field("text", "the community's own opinion, for write", longest=steps.WORDS),
    "fee_rate": Field("number", "per cent collected, two places at most, for write; left out: not known", least=0),
    "fee_from": Field("text", "where the fee rate comes from", longest=steps.FEE_FROM),
    "on": Field("text", "the day it was handed over, for send; today where left out", longest=10),
    "version": Field("whole", "as it was read", least=1),
}
_FIGURE: Final = shaped(key=TEXT, title=TEXT, value=MAY_WHOLE, of=MAY_WHOLE, said=TEXT)
ITEMS: Final[Mapping[str, Schema]] = {
    "Opinion": shaped(
        id=WHOLE,
        company=TEXT,
        community=MAY,
        year=WHOLE,
        number=WHOLE,
        state={**TEXT, "enum": list(steps.STATES)},
        figures=listed(_FIGURE),
        taken_at=WHEN,
        words=TEXT,
        fee_rate=NUMBER,
        fee_from=TEXT,
        version=WHOLE,
        opened_by=MAY,
        opened_at=WHEN,
        confirmed_by=MAY,
        confirmed_at=WHEN,
        sent_by=MAY,
        sent_on=MAY,
        updated_at=WHEN,
    ),
    "OpinionPaper": shaped(name=TEXT, content_type=TEXT, base64=TEXT),
}


def must_look(call: Call) -> None:
    """Refuse units: what is said of them, complaints counted, is not theirs to read here."""
    if call.viewer.role == "provider":
        raise NotFound("no_opinion")


def found(call: Call) -> Reply:
    """A page of versions, the newest first."""
    must_look(call)
    state, size = call.query.get("state"), paging.limit(call)
    if state is not None and state not in steps.STATES:
        raise Invalid("choice", field="state")
    year, company = call.query.get("year"), call.query.get("company")
    if year is not None and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Invalid("choice", field="year")
    rows = opinions.page(
        call.tx,
        communities=None if call.viewer.community_id is None else [call.viewer.community_id],
        organisation_id=_unit(call, company).id if company else None,
        year=int(year) if year else None,
        state=state,
        before_id=paging.before(call, "opinions"),
        limit=size + 1,
    )
    return paging.page("opinions", size, rows, [item(call, one) for one in rows[:size]])


def _unit(call: Call, name: str) -> Organisation:
    unit = call.register.organisation_names.get(name)
    if unit is None or unit.kind != "property":
        raise Invalid("no_company", field="company", name=name[:64])
    return unit


def the_opinion(call: Call) -> Opinion:
    """The one of the address, if it is there for this token. Raises NotFound."""
    must_look(call)
    row, own = opinions.one(call.tx, key_in(call)), call.viewer.community_id
    if row is None or own not in (None, row.community_id):
        raise NotFound("no_opinion")
    return row


def one(call: Call) -> Reply:
    """One version."""
    return Reply(item(call, the_opinion(call)))


def opened(call: Call) -> Reply:
    """Begin one."""
    sight.must_act(call.viewer)
    must_look(call)
    given = read(call.body, _OPEN)
    community_id = the_community(call.register, call.viewer, given.get("community"))
    who = reviewer(call)
    if not who.secretary_of(call.register, community_id):
        raise Forbidden("opinion_role")
    made = steps.open_opinion(call.tx, _unit(call, given["company"]), community_id, given["year"], who)
    return Reply(item(call, made), 201)


def acted(call: Call) -> Reply:
    """Write, count anew, confirm, send, begin the next version."""
    sight.must_act(call.viewer)
    opinion, given = the_opinion(call), read(call.body, _ACT)
    return Reply(item(call, _ACTS[given["act"]](call, opinion, given)))


Given = Mapping[str, Any]


def _written(call: Call, opinion: Opinion, given: Given) -> Opinion:
    rate = given.get("fee_rate")
    hundredths = round(rate * 100) if rate is not None else None
    if rate is not None and (rate > 100 or abs(rate * 100 - round(rate * 100)) > 1e-6):
        raise Invalid("opinion_fee_rate", field="fee_rate")
    return steps.written(
        call.tx,
        opinion,
        reviewer(call),
        words=given.get("words", ""),
        fee_rate=hundredths,
        fee_from=given.get("fee_from", ""),
        version=given.get("version"),
    )


def _sent(call: Call, opinion: Opinion, given: Given) -> Opinion:
    try:
        today = call.tx.now.astimezone(call.content.zone).date()
        on = date.fromisoformat(given["on"]) if "on" in given else today
    except ValueError:
        raise Invalid("opinion_day", field="on") from None
    return steps.sent(call.tx, opinion, reviewer(call), on=on, version=given.get("version"))


_ACTS: Final[Mapping[str, Callable[[Call, Opinion, Given], Opinion]]] = {
    "write": _written,
    "recount": lambda call, one, given: steps.recounted(
        call.tx, one, reviewer(call), version=given.get("version")
    ),
    "confirm": lambda call, one, given: steps.confirmed(
        call.tx, one, reviewer(call), version=given.get("version")
    ),
    "send": _sent,
    "renew": lambda call, one, _given: steps.renewed(call.tx, one, reviewer(call)),
}


def paper(call: Call) -> Reply:
    """The Word file, in base64."""
    name, data = file_of(call, the_opinion(call))
    return Reply({"name": name, "content_type": TYPE, "base64": base64.b64encode(data).decode()})


def file_of(call: Call, opinion: Opinion) -> tuple[str, bytes]:
    """Name and content of the Word file."""
    from redprop_bot.appraise import opinion_paper  # noqa: PLC0415 - not needed to start

    return opinion_paper.name_of(call.tx, opinion), opinion_paper.paper(call.tx, opinion)


def item(call: Call, row: Opinion) -> Item:
    """A version as it is shown."""

    def name(said: str) -> str | None:
        return (mask_name(said) if call.viewer.role == "viewer" else said) or None

    return {
        "id": row.id,
        "company": call.register.organisations[row.organisation_id].name,
        "community": call.register.community_name(row.community_id),
        "year": row.year,
        "number": row.number,
        "state": row.state,
        "figures": list(row.figures),
        "taken_at": iso(call, row.taken_at),
        "words": row.words,
        "fee_rate": row.fee_rate / 100 if row.fee_rate is not None else None,
        "fee_from": row.fee_from,
        "version": row.version,
        "opened_by": name(row.opened_by),
        "opened_at": iso(call, row.opened_at),
        "confirmed_by": name(row.confirmed_by),
        "confirmed_at": iso(call, row.confirmed_at),
        "sent_by": name(row.sent_by),
        "sent_on": row.sent_on,
        "updated_at": iso(call, row.updated_at),
    }


_FILTERS: Final = {
    "company": "its name",
    "year": "four digits",
    "state": ", ".join(steps.STATES),
    **paging.QUERY,
}
ROUTES: Final = (
    Route("GET", "/opinions", found, "年底评价意见", "Opinion", query=_FILTERS, listed=True),
    Route("POST", "/opinions", opened, "年底评价意见：起草", "Opinion", body=_OPEN, status=201),
    Route("GET", "/opinions/{id}", one, "一份评价意见的一版", "Opinion"),
    Route("POST", "/opinions/{id}/acts", acted, "评价意见：写、确认、交出去、新的一版", "Opinion", body=_ACT),
    Route("GET", "/opinions/{id}/paper", paper, "评价意见的 Word 文件", "OpinionPaper"),
)
