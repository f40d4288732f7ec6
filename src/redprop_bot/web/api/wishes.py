"""微心愿 by API: the wall, entering, the secretary's word, claiming, and the words of both sides."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.store import people
from redprop_bot.store import wishes as rows
from redprop_bot.store.tables import Wish
from redprop_bot.volunteers import wishes
from redprop_bot.web.access import community_called
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, number_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, TEXT, WHEN, WHOLE, maybe, shaped

STATUSES: Final = ("proposed", "published", "refused", "claimed", "delivered", "fulfilled", "withdrawn")
ON_WALL: Final = ("published", "claimed", "delivered", "fulfilled")
KEEPERS: Final = frozenset({*sight.EDITORS, "clerk"})
_BODY: Final[Shape] = {
    "text": Field("text", "as it was said", required=True, longest=wishes.TEXT_LIMIT),
    "userid": Field("text", "userid or openid of who wishes it", longest=64),
    "community": Field("text", longest=64),
    "estate": Field("text", "name or alias", longest=64),
}
_CHANGE: Final[Shape] = {
    "version": Field("whole", "as it was read", required=True),
    "text": Field("text", "what the wall shows; names, phones and homes are taken out", longest=wishes.TEXT_LIMIT),
}
ACTS: Final = ("publish", "decline", "claim", "release", "deliver", "receive", "miss", "withdraw")
_ACT: Final[Shape] = {
    "act": Field("text", ", ".join(ACTS), required=True, one_of=ACTS, code="unknown_act"),
    "text": Field("text", "for publish: what the wall shows", longest=wishes.TEXT_LIMIT),
    "userid": Field("text", "for claim: the member who takes it on", longest=64),
    "organisation": Field("text", "for claim: the unit that takes it on", longest=64),
    "thanks": Field("text", "for receive", longest=wishes.THANKS_LIMIT),
}
_FILTERS: Final = {"status": ", ".join(STATUSES), **paging.QUERY}

ITEMS: Final = {
    "Wish": shaped(
        no=TEXT,
        text=TEXT,
        said=MAY,
        status=TEXT,
        community=MAY,
        estate=MAY,
        wisher=maybe(shaped(userid=MAY, name=MAY)),
        claimer=maybe(shaped(userid=MAY, name=MAY, organisation=MAY)),
        claimed_at=WHEN,
        delivered_at=WHEN,
        received_at=WHEN,
        thanks=MAY,
        created_at=WHEN,
        updated_at=WHEN,
        version=WHOLE,
    )
}


def _item(call: Call, wish: Wish) -> Item:
    """What the wall shows; who wished and what they said only for those who keep the wishes."""
    keeps = call.viewer.role in KEEPERS
    known = people.named(call.tx, {key for key in (wish.wisher_id, wish.claimer_id) if key is not None})
    wisher, claimer = known.get(wish.wisher_id or 0), known.get(wish.claimer_id or 0)
    estate = call.register.estates.get(wish.estate_id or 0)
    given = None
    if wish.claimer_id is not None or wish.claimer_unit_id is not None:
        unit = call.register.organisations.get(wish.claimer_unit_id or 0)
        given = {
            "userid": claimer.userid if claimer and keeps else None,
            "name": claimer.name if claimer and keeps else None,
            "organisation": unit.name if unit else None,
        }
    return {
        "no": wish.no,
        "text": wish.shown,
        "said": wish.text if keeps else None,
        "status": wish.status,
        "community": call.register.community_name(wish.community_id),
        "estate": estate.name if estate and keeps else None,
        "wisher": {"userid": wisher.userid, "name": wisher.name} if wisher and keeps else None,
        "claimer": given,
        "claimed_at": iso(call, wish.claimed_at),
        "delivered_at": iso(call, wish.delivered_at),
        "received_at": iso(call, wish.received_at),
        "thanks": wish.thanks if keeps else None,
        "created_at": iso(call, wish.created_at),
        "updated_at": iso(call, wish.updated_at),
        "version": wish.version,
    }


def _one(call: Call) -> Wish:
    wish, own = rows.by_no(call.tx, number_in(call, "W")), call.viewer.community_id
    if wish is None or (own is not None and wish.community_id not in (None, own)):
        raise NotFound
    if wish.status not in ON_WALL and call.viewer.role not in KEEPERS:
        raise NotFound
    return wish


def found(call: Call) -> Reply:
    """A page of wishes, newest first; others than keepers see what is on the wall."""
    size, status = paging.limit(call), call.query.get("status")
    if status is not None and status not in STATUSES:
        raise Invalid("choice", field="status")
    seen = STATUSES if call.viewer.role in KEEPERS else ON_WALL
    page = rows.page(
        call.tx,
        communities=None if call.viewer.community_id is None else [call.viewer.community_id],
        statuses=[one for one in seen if status in (None, one)] or ["-"],
        before_id=paging.before(call, "wishes"),
        limit=size + 1,
    )
    return paging.page("wishes", size, page, [_item(call, wish) for wish in page[:size]])


def one(call: Call) -> Reply:
    """One wish."""
    return Reply(_item(call, _one(call)))


def entered(call: Call) -> Reply:
    """A wish; what the secretary enters hangs on the wall at once, what others enter waits for the yes."""
    sight.must_act(call.viewer)
    given = read(call.body, _BODY)
    reg, own = call.register, call.viewer.community_id
    estate = reg.estate(given.get("estate"))
    if given.get("estate") and estate is None:
        raise Invalid("unknown_estate", field="estate", name=given["estate"])
    community_id = community_called(reg, given.get("community"))
    community_id = community_id or (estate.community_id if estate else own)
    if own not in (None, community_id):
        raise Forbidden("not_your_community")
    wisher = people.called(call.tx, given["userid"]) if "userid" in given else None
    if "userid" in given and wisher is None:
        raise NotFound("no_person", field="userid")
    wished = wishes.Wished(
        given["text"], wisher.id if wisher else None, community_id, estate_id=estate.id if estate else None
    )
    keeper = call.viewer.role in sight.EDITORS
    return Reply(_item(call, wishes.make(call.tx, wished, call.viewer.actor, published=keeper)), 201)


def edited(call: Call) -> Reply:
    """Other words for the wall."""
    sight.must_act(call.viewer)
    wish = _one(call)
    sight.must_edit(call.viewer, wish.community_id)
    given = read(call.body, _CHANGE)
    if given["version"] != rows.held(call.tx, wish.id or 0).version:
        raise Conflict("stale", field="version")
    changed = wishes.reword(call.tx, wish, call.viewer.actor, given["text"]) if "text" in given else wish
    return Reply(_item(call, changed))


def acted(call: Call) -> Reply:
    """One step of a wish."""
    sight.must_act(call.viewer)
    given = read(call.body, _ACT)
    wish = _one(call)
    return Reply(_item(call, _DO[given["act"]](call, wish, given)))


_Given = Mapping[str, Any]


def _publish(call: Call, wish: Wish, given: _Given) -> Wish:
    sight.must_edit(call.viewer, wish.community_id)
    return wishes.decide(call.tx, wish, call.viewer.actor, publish=True, shown=given.get("text"))


def _decline(call: Call, wish: Wish, _given: _Given) -> Wish:
    sight.must_edit(call.viewer, wish.community_id)
    return wishes.decide(call.tx, wish, call.viewer.actor, publish=False)


def _claim(call: Call, wish: Wish, given: _Given) -> Wish:
    """A unit for itself; who keeps the wishes for a member or a unit that said so to them."""
    actor, unit_id, person_id = call.viewer.actor, call.viewer.organisation_id, None
    if unit_id is None:
        _must_keep(call)
        unit = call.register.organisation_names.get(given.get("organisation", ""))
        if "organisation" in given and unit is None:
            raise Invalid("unknown_unit", field="organisation", name=given["organisation"])
        person = people.called(call.tx, given["userid"]) if "userid" in given else None
        if unit is None and person is None:
            raise Invalid("wish_giver", field="userid")
        unit_id, person_id = (unit.id if unit else None), (person.id if person else None)
    return wishes.claim(call.tx, wish, actor, person_id=person_id, unit_id=unit_id)


def _must_keep(call: Call) -> None:
    if call.viewer.role not in KEEPERS:
        raise Forbidden


def _must_give(call: Call, wish: Wish) -> None:
    own = call.viewer.organisation_id
    if own is None or not wishes.gives(wish, None, {own}):
        _must_keep(call)


def _release(call: Call, wish: Wish, _given: _Given) -> Wish:
    _must_give(call, wish)
    return wishes.release(call.tx, wish, call.viewer.actor)


def _deliver(call: Call, wish: Wish, _given: _Given) -> Wish:
    _must_give(call, wish)
    return wishes.deliver(call.tx, wish, call.viewer.actor)


def _receive(call: Call, wish: Wish, given: _Given) -> Wish:
    _must_keep(call)
    return wishes.receive(call.tx, wish, call.viewer.actor, thanks=given.get("thanks"))


def _miss(call: Call, wish: Wish, _given: _Given) -> Wish:
    _must_keep(call)
    return wishes.miss(call.tx, wish, call.viewer.actor)


def _withdraw(call: Call, wish: Wish, _given: _Given) -> Wish:
    _must_keep(call)
    return wishes.withdraw(call.tx, wish, call.viewer.actor)


_DO: Final[Mapping[str, Callable[[Call, Wish, _Given], Wish]]] = {
    "publish": _publish,
    "decline": _decline,
    "claim": _claim,
    "release": _release,
    "deliver": _deliver,
    "receive": _receive,
    "miss": _miss,
    "withdraw": _withdraw,
}

ROUTES: Final = (
    Route("GET", "/wishes", found, "微心愿", "Wish", query=_FILTERS, listed=True),
    Route("POST", "/wishes", entered, "微心愿：许一个", "Wish", body=_BODY, status=201),
    Route("GET", "/wishes/{no}", one, "一个微心愿", "Wish"),
    Route("PATCH", "/wishes/{no}", edited, "微心愿：换个说法", "Wish", body=_CHANGE),
    Route("POST", "/wishes/{no}/acts", acted, "微心愿的一步", "Wish", body=_ACT),
)
