"""`/m/commendations/{id}`: a vote on the phone for people of the community, and one's own yes or no to standing.

The same steps as in chat. What somebody chose is shown to nobody, not even on their own page: a phone is lent.
"""

from typing import Any, Final

from aiohttp import web

from redprop_bot.appraise import commendation as steps
from redprop_bot.appraise import commendation_telling as telling
from redprop_bot.appraise import commendation_vote as votes
from redprop_bot.errors import Forbidden, Invalid, NotFound, Refused
from redprop_bot.registry.people import Speaker
from redprop_bot.registry.register import register
from redprop_bot.rules.commendation import Stand, State
from redprop_bot.store import commendations
from redprop_bot.store.tables import Commendation
from redprop_bot.store.tx import Tx
from redprop_bot.web import sessions
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import missing, shown_to
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form

_PATH: Final = r"/m/commendations/{id:\d{1,15}}"
_MISSING: Final = "没有找到这个评选"


def add_routes(app: web.Application) -> None:
    """The page and its form."""
    app.router.add_get(_PATH, _page)
    app.router.add_post(f"{_PATH}/act", _act)


def _here(request: web.Request) -> str:
    return f"/m/commendations/{request.match_info['id']}"


async def _page(request: web.Request) -> web.StreamResponse:
    if sessions.person_of(request) is None:
        raise web.HTTPFound(login.login_address(_here(request)))
    return await _shown(request)


async def _shown(request: web.Request, wrong: Refused | None = None, form: Form | None = None) -> web.Response:
    office, key, person_id = request.app[OFFICE], int(request.match_info["id"]), sessions.person_of(request)
    try:
        values = await office.store.read(lambda tx: _values(tx, *_seen(tx, key, person_id)))
    except NotFound:
        return missing(_MISSING)
    except Forbidden as refusal:
        return _no(request, refusal)
    return shown_to(
        request,
        "m/commendation.html",
        status=wrong.status if wrong else 200,
        here=_here(request),
        mark=slips.mark(request),
        told=slips.told(office, request),
        wrong=said(office.content, wrong) if wrong else "",
        chosen=form.many.get("choice", []) if form else [],
        **values,
    )


def _no(request: web.Request, refusal: Forbidden) -> web.Response:
    """Who is not of the community gets a friendly no and sees nobody who stands."""
    return shown_to(
        request, "m/problem.html", status=refusal.status, says=said(request.app[OFFICE].content, refusal)
    )


def _seen(tx: Tx, key: int, person_id: int | None) -> tuple[Commendation, Speaker]:
    """The vote for this person. Raises NotFound, Forbidden where it is of another community than theirs."""
    row, person = commendations.one(tx, key), sessions.viewer(tx, person_id)
    if row is None or person is None or row.state == State.STOPPED:
        raise NotFound("no_commendation")
    if _own(tx, row, person) is None:
        votes.must_be_of(tx, row, person)
    return row, person


def _own(tx: Tx, row: Commendation, person: Speaker) -> Any:
    """Where this person stands themselves, or is asked to."""
    stand = commendations.candidates(tx, row.id or 0)
    return next((one for one in stand if one.person_id == person.person.id and one.state != Stand.DROPPED), None)


def _values(tx: Tx, row: Commendation, person: Speaker) -> dict[str, Any]:
    own = _own(tx, row, person)
    belongs = votes.votes_in(register(tx), person) == row.community_id
    count = votes.count(tx, row)
    placed = {one.number: one for one in count.placed}
    confirmed = row.state == State.CONFIRMED
    stand = votes.on_ballot(tx, row) if belongs else []
    return {
        "c": telling.names(tx, row),
        "about": row.about,
        "state": _state(tx, row),
        "most": row.votes,
        "people": count.people,
        "stand": [
            {
                "number": one.number,
                "name": telling.public_name(tx, row, one) if confirmed else one.name,
                "unit": "" if confirmed else one.unit,
                "about": one.about if not confirmed else "",
                "votes": placed[one.number or 0].votes if one.number in placed and not confirmed else None,
                "wins": confirmed and one.wins,
            }
            for one in stand
            if one.wins or not confirmed
        ],
        "may": belongs and votes.runs(tx, row),
        "voted": commendations.ballot(tx, row.id or 0, person.person.id or 0) is not None,
        "own": {"name": own.name, "about": own.about, "state": own.state} if own is not None else None,
        "answers": own is not None and row.state == State.GATHERING,
        "leaves": own is not None and row.state == State.VOTING and own.state == Stand.AGREED,
    }


def _state(tx: Tx, row: Commendation) -> str:
    if row.state in (State.GATHERING, State.CONFIRMED):
        return row.state
    if votes.is_over(tx, row):
        return "over"
    return "running" if votes.runs(tx, row) else "early"


async def _act(request: web.Request) -> web.StreamResponse:
    office, key = request.app[OFFICE], int(request.match_info["id"])
    form: Form | None = None
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id, sent = given.form, given.person_id, given.form
        told = await office.store.write(lambda tx: _done(tx, *_seen(tx, key, person_id), sent))
    except Refused as refusal:
        if form is None or isinstance(refusal, NotFound | Forbidden):
            return slips.problem(request, refusal)
        return await _shown(request, refusal, form)
    return slips.onward(_here(request), told)


def _done(tx: Tx, row: Commendation, person: Speaker, form: Form) -> str:
    """Vote, or say yes or no to standing; returns what is said of it. Raises Refused; nothing has changed then."""
    act = form.text("act")
    if act == "vote":
        numbers = [int(one) if one.isascii() and one.isdigit() and len(one) < 4 else 0 for one in _chosen(form)]
        return "commendation_changed" if votes.vote(tx, row, person, numbers) else "commendation_voted"
    if act in ("agree", "agree_hidden", "decline"):
        agree = act != "decline"
        steps.answered(tx, row, person.person.id or 0, agree=agree, shown=act == "agree")
        return "commendation_agreed" if agree else "commendation_declined"
    raise Invalid("unknown_act", field="act")


def _chosen(form: Form) -> list[str]:
    return form.many.get("choice", [])[:99]
