"""`/console/demands`: all demands as a table or as a board by stage; filters, search, views, many at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from redprop_bot.content.codes import CATEGORIES, URGENCIES
from redprop_bot.errors import Invalid
from redprop_bot.loop.arrange import INTENTS
from redprop_bot.registry.register import Register
from redprop_bot.rules.flow import OPEN, Stage
from redprop_bot.store import figure_orders, pressing, sifting, views
from redprop_bot.store.figure_orders import FIGURES, Behind
from redprop_bot.store.sifting import MANY, Sieve, Sifted
from redprop_bot.web.api import sight
from redprop_bot.web.console import acting, pictures, slips
from redprop_bot.web.console.addresses import local
from redprop_bot.web.console.room import EVERYBODY, Answer, Desk, Goto, Page, Room, Way, whole
from redprop_bot.web.console.rooms import demand

PATH: Final = "/console/demands"
NONE: Final = "-"
"""Stands for those without any, where a figure is about them."""
NAME: Final = "demands"
SIZE: Final = 30
COLUMN: Final = 12
_BOARD: Final = (
    Stage.NEW,
    Stage.RETURNED,
    Stage.DISPATCHED,
    Stage.ACCEPTED,
    Stage.DONE,
    Stage.TABLED,
    Stage.SUSPENDED,
)
_BEHIND: Final = ("figure", "from", "to", "community", "building")
_FILTERS: Final = ("stage", "intent", "category", "estate", "urgency", "unit", "overdue", "stuck", "q", *_BEHIND)
_CHANGERS: Final = frozenset({"admin", "street", "secretary", "clerk", "provider"})


def asked(desk: Desk) -> dict[str, str]:
    """The filters of the address, as far as they are filters."""
    return {name: desk.query[name].strip() for name in _FILTERS if desk.query.get(name, "").strip()}


def sieve_of(desk: Desk, asked_for: Mapping[str, str]) -> Sieve:
    """The filters as the store takes them; what cannot be is left out."""

    def one(name: str, allowed: tuple[str, ...]) -> str | None:
        value = asked_for.get(name)
        return value if value in allowed else None

    reg: Register = desk.register
    estate = reg.estate(asked_for.get("estate"))
    unit = reg.organisation_names.get(asked_for.get("unit", ""))
    return Sieve(
        stage=one("stage", tuple(Stage)),
        intent=one("intent", INTENTS),
        category=one("category", CATEGORIES),
        estate_id=estate.id if estate else None,
        urgency=one("urgency", URGENCIES),
        handler_id=unit.id if unit and desk.viewer.role != "provider" else None,
        overdue=True if asked_for.get("overdue") == "true" else None,
        stuck=True if asked_for.get("stuck") == "true" else None,
        q=asked_for.get("q") or None,
    )


def table(desk: Desk) -> Answer:
    """The list, newest first."""
    wanted = asked(desk)
    page = _sifted(desk, wanted, desk.below)
    onward = f"{PATH}?{urlencode({**wanted, 'below': page.below})}" if page.below is not None else ""
    shown = slips.slips(desk, page.rows, acts=True)
    return Page(
        "demands/table.html",
        _around(desk, wanted)
        | {
            "slips": shown,
            "onward": onward,
            "first": desk.below is None,
            "bulk": any("dispatch" in s.acts for s in shown),
        },
    )


def _sifted(desk: Desk, wanted: Mapping[str, str], below: int | None) -> Sifted:
    scope, sieve, behind = sight.scope(desk.viewer), sieve_of(desk, wanted), behind_of(desk, wanted)
    if behind is not None:
        return figure_orders.page(desk.tx, scope, sieve, behind, below=below, limit=SIZE)
    holds = sight.finds(desk.tx, desk.viewer, sieve.q)
    return sifting.sift(desk.tx, scope, sieve, below=below, limit=SIZE, holds=holds)


def behind_of(desk: Desk, wanted: Mapping[str, str]) -> Behind | None:
    """The figure whose orders are wanted; None where none is, or it is none of ours."""
    try:
        begin, end = date.fromisoformat(wanted.get("from", "")), date.fromisoformat(wanted.get("to", ""))
    except ValueError:
        return None
    if wanted.get("figure") not in FIGURES or not date(2000, 1, 1) <= begin <= end <= date(2100, 1, 1):
        return None
    communities = {one.name: key for key, one in desk.register.communities.items()}
    without = {"category": "category", "community": "community_id"}
    return Behind(
        wanted["figure"],
        begin,
        end + timedelta(days=1),
        communities.get(wanted.get("community", "")),
        wanted.get("building"),
        frozenset(column for name, column in without.items() if wanted.get(name) == NONE),
    )


def board(desk: Desk) -> Answer:
    """The open stages side by side, the newest of each; counts end at MANY."""
    wanted = {name: value for name, value in asked(desk).items() if name != "stage"}
    sieve, scope = sieve_of(desk, wanted), sight.scope(desk.viewer)
    plain, holds = not wanted, sight.finds(desk.tx, desk.viewer, sieve.q)
    columns = []
    for stage in _BOARD:
        one = replace(sieve, stage=stage.value)
        page = sifting.sift(desk.tx, scope, one, below=None, limit=COLUMN, holds=holds)
        columns.append(
            {
                "stage": stage.value,
                "title": desk.content.labels.stage[stage],
                "slips": slips.slips(desk, page.rows),
                "count": _count(desk, one) if plain else "",
                "more": f"{PATH}?{urlencode({**wanted, 'stage': stage.value})}" if page.below is not None else "",
            }
        )
    return Page("demands/board.html", _around(desk, wanted) | {"columns": columns})


def _count(desk: Desk, sieve: Sieve) -> str:
    number = sifting.count(desk.tx, sight.scope(desk.viewer), sieve)
    return f"{MANY}+" if number >= MANY else str(number)


def _around(desk: Desk, wanted: Mapping[str, str]) -> dict[str, Any]:
    """What stands around both: filters with their choices, counts of the stages, saved views."""
    labels = desk.content.labels
    stages = [stage.value for stage in Stage if stage in OPEN] + [
        Stage.CLOSED.value,
        Stage.WITHDRAWN.value,
        Stage.MERGED.value,
    ]
    return {
        "wanted": wanted,
        "behind": _said_of(desk, wanted),
        "kept": {name: wanted[name] for name in _BEHIND if name in wanted},
        "query": urlencode(wanted),
        "stages": slips.options([(s, labels.stage[s]) for s in stages], wanted.get("stage", "")),
        "categories": slips.options(list(labels.category.items()), wanted.get("category", "")),
        "intents": slips.options([(i, labels.intent[i]) for i in INTENTS], wanted.get("intent", "")),
        "urgencies": slips.options(list(labels.urgency.items()), wanted.get("urgency", "")),
        "estates": slips.options([(name, name) for name in slips.estates(desk)], wanted.get("estate", "")),
        "unit_names": [] if desk.viewer.role == "provider" else slips.all_units(desk),
        "views": views.saved(desk.tx, desk.seat.owner, NAME),
    }


def _said_of(desk: Desk, wanted: Mapping[str, str]) -> str:
    """What figure the list is about, in a sentence; empty where it is about none."""
    behind = behind_of(desk, wanted)
    if behind is None:
        return ""
    begin, last = behind.begin, behind.end - timedelta(days=1)
    to = f"到{last.month}月{last.day}日" if last != begin else ""
    building = wanted.get("building", "")
    place = wanted.get("community", "").replace(NONE, "没有定社区的") + (f"{building}栋" if building else "")
    what = desk.content.replies.say(f"console.figure.{behind.figure}")
    return f"{begin.year}年{begin.month}月{begin.day}日{to}{place}{what}"


def bulk(desk: Desk) -> Answer:
    """Dispatch what was ticked."""
    done, refused = acting.bulk(desk)
    values = {"done": done, "refused": refused, "to": desk.field("to"), "saved": False}
    return Page("demands/bulk.html", values | {"after": local(desk.field("after") or PATH)})


def save_view(desk: Desk) -> Answer:
    """Give a choice of filters a name."""
    name = desk.field("name")[:20]
    if not name:
        raise Invalid("missing", field="name")
    given = dict(parse_qsl(desk.field("query")[:1000]))
    query = urlencode({key: value for key, value in given.items() if key in _FILTERS})
    views.save(desk.tx, desk.seat.owner, NAME, name, query)
    return Goto(f"{PATH}?{query}", "view_saved")


def drop_view(desk: Desk) -> Answer:
    """Take a saved view away."""
    views.drop(desk.tx, desk.seat.owner, whole(desk.path["id"]) or 0)
    return Goto(PATH, "view_dropped")


def late(desk: Desk) -> Answer:
    """What is past its date, the longest first."""
    after = desk.query.get("after", "")
    rows = pressing.overdue(desk.tx, sight.scope(desk.viewer), limit=SIZE + 1, after=_after(desk, after))
    onward = ""
    if len(rows) > SIZE:
        last = rows[SIZE - 1]
        onward = f"{PATH}/late?after={last.no}"
    shown = slips.slips(desk, rows[:SIZE], acts=True)
    return Page(
        "demands/table.html",
        _around(desk, {"overdue": "true"})
        | {"slips": shown, "onward": onward, "first": not after, "bulk": any("dispatch" in s.acts for s in shown)},
    )


def _after(desk: Desk, no: str) -> tuple[Any, int] | None:
    if not no:
        return None
    last = acting.the_demand(desk, no)
    return (last.due_at, last.id or 0) if last.due_at is not None else None


ROOM: Final = Room(
    NAME,
    "需求清单",
    PATH,
    (
        Way("GET", PATH, table),
        Way("GET", f"{PATH}/board", board),
        Way("GET", f"{PATH}/late", late),
        Way("POST", f"{PATH}/bulk", bulk, back=table, roles=_CHANGERS),
        Way("POST", f"{PATH}/views", save_view, back=table, roles=EVERYBODY),
        Way("POST", f"{PATH}/views/{{id}}/drop", drop_view),
        Way("GET", f"{PATH}/{{no}}", demand.shown),
        Way(
            "POST",
            f"{PATH}/{{no}}/act",
            acting.act,
            back=demand.shown,
            roles=_CHANGERS,
            upload=pictures.UPLOAD,
            before=pictures.kept,
            undo=pictures.let_go,
        ),
    ),
    key="d",
)
