"""`/m/wishes`: the wish wall, wishing, claiming, and the words of both sides; the same steps as in chat."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import web

from redprop_bot.errors import Forbidden, Invalid, NotFound, Refused
from redprop_bot.loop.actor import speaking
from redprop_bot.registry.people import Speaker, home_community
from redprop_bot.registry.register import register
from redprop_bot.store import wishes as rows
from redprop_bot.store.tables import Wish
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import wishes
from redprop_bot.web import sessions
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import shown_to
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form

PATH: Final = "/m/wishes"
_SHOWN: Final = 60


def add_routes(app: web.Application) -> None:
    """The wall and what is done there."""
    app.router.add_get(PATH, _page)
    app.router.add_post(PATH, _wish)
    app.router.add_post(f"{PATH}/act", _act)


async def _page(request: web.Request) -> web.StreamResponse:
    typed = slips.draft(request)
    response = await _shown(request, typed=typed)
    if typed:
        slips.forget(request, response)
    return response


async def _shown(
    request: web.Request, *, typed: Mapping[str, str] | None = None, wrong: Refused | None = None
) -> web.Response:
    office, person_id = request.app[OFFICE], sessions.person_of(request)
    found = await office.store.read(lambda tx: _known(tx, person_id))
    if found is None:
        raise web.HTTPFound(login.login_address(PATH))
    return shown_to(
        request,
        "m/wishes.html",
        here=PATH,
        status=wrong.status if wrong else 200,
        mark=slips.mark(request),
        typed=typed or {},
        wrong=said(office.content, wrong) if wrong else "",
        told=slips.told(office, request),
        longest=wishes.TEXT_LIMIT,
        **found,
    )


def _units(seen: Speaker) -> set[int]:
    return {post.organisation_id for post in seen.posts if post.organisation_id is not None}


def _known(tx: Tx, person_id: int | None) -> dict[str, Any] | None:
    seen = sessions.viewer(tx, person_id)
    if seen is None or seen.person.id is None:
        return None
    community_id = home_community(register(tx), seen)
    near = None if community_id is None else [community_id]
    names = tx.content.labels.wish_status

    def shown(wish: Wish) -> dict[str, Any]:
        return {"no": wish.no, "text": wish.shown, "status": wish.status, "name": names[wish.status]}

    own = rows.of_wisher(tx, seen.person.id, limit=_SHOWN)
    mine = {wish.id for wish in own}
    return {
        "may_claim": seen.member is not None or bool(seen.posts),
        "wall": [
            shown(wish)
            for wish in rows.page(tx, communities=near, statuses=["published"], limit=_SHOWN)
            if wish.id not in mine
        ],
        "own": [shown(wish) for wish in own],
        "giving": [shown(wish) for wish in rows.of_giver(tx, seen.person.id, _units(seen))],
        "done": len(rows.page(tx, communities=near, statuses=["fulfilled"], limit=999)),
    }


async def _wish(request: web.Request) -> web.StreamResponse:
    return await _done(request, make, "wished")


async def _act(request: web.Request) -> web.StreamResponse:
    return await _done(request, act, "wish_noted")


async def _done(request: web.Request, step: Callable[[Tx, int, Form], Wish], told: str) -> web.StreamResponse:
    office, form = request.app[OFFICE], None
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id, sent = given.form, given.person_id, given.form
        await office.store.write(lambda tx: step(tx, person_id, sent))
    except Refused as refusal:
        if form is None or isinstance(refusal, NotFound):
            return slips.problem(request, refusal)
        return await _shown(request, typed=form.fields, wrong=refusal)
    return slips.onward(PATH, told)


def make(tx: Tx, person_id: int, form: Form) -> Wish:
    """Wish something. Raises Refused."""
    seen = _viewer(tx, person_id)
    wished = wishes.Wished(
        form.text("text"), person_id, home_community(register(tx), seen), estate_id=seen.person.estate_id
    )
    return wishes.make(tx, wished, speaking(seen))


def act(tx: Tx, person_id: int, form: Form) -> Wish:
    """Claim one, or say a word about one's own or one that one gives. Raises Refused."""
    seen = _viewer(tx, person_id)
    wish = rows.by_no(tx, form.text("no")[:32])
    if wish is None or not _concerns(seen, wish):
        raise NotFound("no_wish")
    step = _STEPS.get(form.text("act"))
    if step is None:
        raise Invalid("unknown_act", field="act")
    return step(tx, seen, wish)


def _concerns(seen: Speaker, wish: Wish) -> bool:
    own = wish.wisher_id == seen.person.id or wishes.gives(wish, seen.person.id, _units(seen))
    return own or wish.status in ("published", *rows.GIVING)


def _claim(tx: Tx, seen: Speaker, wish: Wish) -> Wish:
    if seen.member is None and not seen.posts:
        raise Forbidden("wish_claim_role", no=wish.no)
    unit_id = next((p.organisation_id for p in seen.posts if p.organisation_id is not None), None)
    return wishes.claim(tx, wish, speaking(seen), person_id=seen.person.id, unit_id=unit_id)


def _given(step: Callable[[Tx, Wish, Any], Wish]) -> Callable[[Tx, Speaker, Wish], Wish]:
    def checked(tx: Tx, seen: Speaker, wish: Wish) -> Wish:
        if not wishes.gives(wish, seen.person.id, _units(seen)):
            raise Forbidden("wish_not_giver", no=wish.no)
        return step(tx, wish, speaking(seen))

    return checked


def _wished(step: Callable[[Tx, Wish, Any], Wish]) -> Callable[[Tx, Speaker, Wish], Wish]:
    def checked(tx: Tx, seen: Speaker, wish: Wish) -> Wish:
        if wish.wisher_id != seen.person.id:
            raise NotFound("no_wish")
        return step(tx, wish, speaking(seen))

    return checked


_STEPS: Final[Mapping[str, Callable[[Tx, Speaker, Wish], Wish]]] = {
    "claim": _claim,
    "release": _given(wishes.release),
    "deliver": _given(wishes.deliver),
    "receive": _wished(wishes.receive),
    "miss": _wished(wishes.miss),
    "withdraw": _wished(wishes.withdraw),
}


def _viewer(tx: Tx, person_id: int) -> Speaker:
    seen = sessions.viewer(tx, person_id)
    if seen is None:
        raise NotFound
    return seen
