"""`/m/orders/{no}`: where a report is, like a parcel. With its key, or for whom it concerns, words and pictures.

What is done here goes through `web.phone`. What of a demand may be shown stands in `shown`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import Refused
from redprop_bot.notify import links, outdated, waiting, words
from redprop_bot.registry.register import Register, register
from redprop_bot.rules import flow
from redprop_bot.rules.deadlines import is_late
from redprop_bot.rules.flow import RUNNING, Stage
from redprop_bot.store import demands, outgoing
from redprop_bot.store.tables import Demand, Event
from redprop_bot.store.tx import Tx
from redprop_bot.web import sessions
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login, showing, shown, subscribing
from redprop_bot.web.pages.rendering import missing, shown_to

_MISSING = "没有找到这个单号"
_STEPS: Final = (
    ("报事", "new"),
    ("派单", "dispatched"),
    ("办理", "accepted"),
    ("评价", "done"),
    ("办结", "closed"),
)
_REACHED: Final = {
    Stage.NEW: 0,
    Stage.RETURNED: 0,
    Stage.DISPATCHED: 1,
    Stage.TABLED: 1,
    Stage.ACCEPTED: 2,
    Stage.SUSPENDED: 2,
    Stage.DONE: 3,
    Stage.CLOSED: 5,
    Stage.WITHDRAWN: 0,
    Stage.MERGED: 0,
}
_SAYS: Final = {
    Stage.NEW: "社区正在定由谁来办。",
    Stage.DISPATCHED: "已经派出，等对方接单。",
    Stage.ACCEPTED: "正在办。",
    Stage.DONE: "办理单位说办好了，请报事人评价。",
    Stage.CLOSED: "这件事办结了。",
    Stage.RETURNED: "原来那家办不了，社区正在重新安排。",
    Stage.TABLED: "社区一家办不了，已提到联席会议上商量。",
    Stage.SUSPENDED: "先挂着，条件到了接着办。",
    Stage.WITHDRAWN: "报事人已经撤销。",
    Stage.MERGED: "和别的报事是同一件，一起办。",
}
_NO_PICTURE: Final = "没有找到这张照片"
_GONE: Final = f"{_NO_PICTURE}，可能已经过期"


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the way; `state` is done, now or next."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    at: str
    what: str
    who: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its address on this site, or the address of somebody else's."""

    address: str
    foreign: bool
    kind: str = "image"


@dataclass(frozen=True, slots=True)
class Tracking:
    """Everything the page shows; `text`, notes and pictures only for who holds the key."""

    no: str
    version: int
    stage: str
    says: str
    matter: str
    place: str
    unit: str
    respond: str
    due: str
    late: bool
    supporters: int
    stars: int | None
    steps: Sequence[Step]
    lines: Sequence[Line]
    into: str = ""
    escalated_to: str = ""
    text: str = ""
    pictures: Sequence[Picture] = ()
    waiting: Sequence[str] = ()  # what could not be sent to those who reported it
    opened: bool = False
    confidential: bool = False
    is_open: bool = False


async def order(
    request: web.Request,
    *,
    acts: frozenset[str] = frozenset(),
    mark: str = "",
    typed: Mapping[str, str] | None = None,
    chips: Collection[str] = (),
    wrong: Refused | None = None,
    told: str = "",
) -> web.Response:
    """The tracking page; `acts` are the forms that stand on it, with what was typed and why it was refused."""
    office = request.app[OFFICE]
    no, key = request.match_info["no"], request.query.get("k", "")
    person_id = sessions.person_of(request)
    if not links.opens(key, no, office.secret_key):
        key = ""
    found = await office.store.read(lambda tx: tracking(tx, no, key or _own(tx, office, no, person_id)))
    if found is None:
        return missing(_MISSING, order=True)
    ask = await subscribing.asking(request) if found.opened and found.is_open else None
    response = shown_to(
        request,
        "order.html",
        here=None if request.method == "GET" else f"/m/orders/{found.no}",
        t=found,
        login=login.login_address(f"/m/orders/{no}"),
        acts=acts,
        mark=mark,
        typed=typed or {},
        wrong=said(office.content, wrong) if wrong else "",
        wrong_field=wrong.field if wrong else "",
        told=told,
        why=office.content.rating_reasons,
        typed_why=chips,
        signed_in=person_id is not None,
        ask=ask,
    )
    if ask is not None and ask.config:
        response.headers["Content-Security-Policy"] = subscribing.POLICY
    return response


async def picture(request: web.Request) -> web.Response:
    """A picture, voice or video of an order, or a part of it, out of our own files, for who holds the key."""
    office = request.app[OFFICE]
    no, number = request.match_info["no"], int(request.match_info["number"])
    if not links.opens(request.query.get("k", ""), no, office.secret_key):
        return missing(_NO_PICTURE)
    found = await showing.kept(office, no, number)
    answer = await showing.answer(request, office, found) if found is not None else None
    return answer or missing(_GONE)


def _own(tx: Tx, office: Office, no: str, person_id: int | None) -> str | None:
    """The key of an order for the session of whom it concerns: they were, or could be, told it anyway."""
    demand = demands.by_no(tx, no) if person_id is not None else None
    if demand is None or not sessions.reads_all(tx, demand, person_id):
        return None
    return links.signed(demand.no, office.secret_key)


def tracking(tx: Tx, no: str, key: str | None) -> Tracking | None:
    """What the page shows of an order; `key` when the right one was given."""
    demand = demands.by_no(tx, no)
    if demand is None or demand.id is None:
        return None
    reg, labels, stage = register(tx), tx.content.labels, Stage(demand.stage)
    hidden = shown.confidential(demand) and key is None
    return Tracking(
        no=demand.no,
        version=demand.version,
        stage=labels.stage[stage],
        says=_SAYS[stage],
        matter="" if hidden else shown.matter(labels, demand),
        place="" if hidden else _place(reg, demand, key),
        unit="" if hidden else shown.unit(reg, demand),
        respond=_day(tx, demand.respond_by) if demand.respond_by and stage == Stage.DISPATCHED else "",
        due=_day(tx, demand.due_at) if demand.due_at and stage in RUNNING else "",
        late=is_late(stage, demand.due_at, tx.now),
        supporters=demand.supporters,
        stars=demand.stars,
        steps=_steps(stage),
        lines=() if hidden else _lines(tx, reg, demand, key),
        into=tx.get(Demand, demand.merged_into_id).no if demand.merged_into_id else "",
        escalated_to="" if hidden else demand.escalated_to or "",
        text=_readable(tx, demand, demand.text) if key else "",
        pictures=_pictures(tx, demand, key) if key else (),
        waiting=_waiting(tx, demand.id) if key else (),
        opened=key is not None,
        confidential=hidden,
        is_open=flow.is_open(stage),
    )


def _day(tx: Tx, moment: datetime) -> str:
    return words.day(moment, tx.now, tx.content.zone)


def _place(reg: Register, demand: Demand, key: str | None) -> str:
    return words.where(reg, demand, room=False) if key else shown.place(reg, demand)


def _readable(tx: Tx, demand: Demand, text: str) -> str:
    """Words for those who hold the link: neighbours hold it too, and the unit that is complained of."""
    return words.unnamed(tx, text, demand)


def _steps(stage: Stage) -> list[Step]:
    reached = _REACHED[stage]
    ended = stage in (Stage.WITHDRAWN, Stage.MERGED)
    return [
        Step(name, "done" if n < reached or (ended and n == 0) else "now" if n == reached else "next")
        for n, (name, _) in enumerate(_STEPS)
    ]


def _lines(tx: Tx, reg: Register, demand: Demand, key: str | None) -> list[Line]:
    """The history, newest first; notes only for who holds the key."""
    assert demand.id is not None
    voices = set(demands.supporters(tx, demand.id))
    return [
        Line(
            at=_day(tx, event.at),
            what=_what(tx, event),
            who=shown.doer(reg, event, demand, voices),
            note="" if key is None or event.act == "order" else _readable(tx, demand, event.note),
        )
        for event in reversed(demands.history(tx, demand.id))
    ]


def _what(tx: Tx, event: Event) -> str:
    """The act, with what everybody may know of it."""
    labels, data = tx.content.labels, event.data
    name = labels.act.get(event.act, event.act)
    if event.name == "supported":
        return "附议"
    if event.name == "discussed":
        return "会上议定"
    if event.act == "dispatch" and data.get("unit"):
        return f"{name}给{data['unit']}"
    if event.act == "rate" and data.get("stars"):
        return f"{name} {data['stars']} 星"
    if event.act == "close" and data.get("reason"):
        return f"{name}：{labels.close_reason.get(data['reason'], '')}"
    return name


def _waiting(tx: Tx, demand_id: int) -> list[str]:
    """Words that no road is open for until the resident says something; each once, whoever it was for."""
    waits = outgoing.waiting_about(tx, demand_id)
    over = outdated.over_by_now(tx, waits)
    return list(dict.fromkeys(waiting.own_words_of(tx, message) for message in waits if message.id not in over))


def _pictures(tx: Tx, demand: Demand, key: str) -> list[Picture]:
    assert demand.id is not None
    return [
        Picture(item.url, foreign=True, kind=item.kind)
        if item.url
        else Picture(f"/m/orders/{demand.no}/photos/{item.id}?k={key}", foreign=False, kind=item.kind)
        for item in demands.attachments(tx, demand.id)
        if item.state in ("linked", "wanted", "kept")
    ]
