"""`/console/standards`: 示范创建: which estates are held against which standard; one with items and reviews."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.appraise import standards as steps
from redprop_bot.appraise.reviewers import may_decide, may_mark
from redprop_bot.appraise.standard_telling import turn_of
from redprop_bot.errors import Invalid
from redprop_bot.media import documents
from redprop_bot.rules.standards import State
from redprop_bot.store import projects
from redprop_bot.store.tables import StandardApplication
from redprop_bot.web import loose
from redprop_bot.web.api import standards as api
from redprop_bot.web.api.routes import Item
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import COMMUNITY, KEEPERS, Answer, Desk, Goto, Page, Room, Way, whole
from redprop_bot.web.console.rooms import board

PATH: Final = "/console/standards"
_ONE: Final = f"{PATH}/{{id}}"
_TONES: Final = {"open": "blue", "passed": "green", "stopped": ""}
_MARKS: Final = {"open": "amber", "met": "green", "not_met": "red"}
_TEXTS: Final = ("act", "mark", "note", "level", "reason", "by", "project", "source")
_SAID: Final = {
    "mark": "standard_marked",
    "recount": "standard_recounted",
    "stop": "standard_stopped",
    "grant": "standard_granted",
    "ungrant": "standard_ungranted",
}


def listed(desk: Desk) -> Answer:
    """All of them, the newest first, and the form that opens one."""
    wanted = {name: desk.query[name] for name in ("state",) if desk.query.get(name)}
    found = api.found(desk.asking(**wanted, limit="30", cursor=desk.query.get("cursor", ""))).body
    say = desk.content.replies.say
    states = [(state.value, say(f"standard.state.{state}")) for state in State]
    known, estates = desk.content.standards.all, _estates(desk)
    values = {
        "items": [_shown(desk, item) for item in found["items"]],
        "onward": f"{PATH}?{urlencode({**wanted, 'cursor': found['next']})}" if found["next"] else "",
        "wanted": wanted,
        "states": slips.options(states, wanted.get("state", "")),
        "may": desk.viewer.role in KEEPERS and bool(known and estates),
        "standards": slips.options([(one.key, one.title) for one in known], desk.field("standard")),
        "about": [(one.title, one.about, [item.title for item in one.items]) for one in known],
        "estates": estates,
    }
    return Page("standards/list.html", values)


def _estates(desk: Desk) -> list[str]:
    """Those for which whoever looks may open one."""
    who, reg, mine = api.reviewer(desk), desk.register, desk.viewer.community_id
    return [
        one.name
        for one in reg.estates.values()
        if mine in (None, one.community_id) and who.secretary_of(reg, one.community_id)
    ]


def _shown(desk: Desk, item: Mapping[str, Any]) -> Item:
    say = desk.content.replies.say
    names = {row["key"]: row["name"] for row in item["levels"]}
    return {
        **item,
        "state_name": say(f"standard.state.{item['state']}"),
        "tone": _TONES[item["state"]],
        "level_name": names[item["level"]],
        "steps": _steps(desk, item),
        "when": slips.when(desk, item["finished_at"] or item["updated_at"]),
    }


def _steps(desk: Desk, item: Mapping[str, Any]) -> list[Item]:
    """The levels in their order: which have passed it in this round, whose turn it is."""
    passed = {
        row["level"]: row
        for row in item["decisions"]
        if row["outcome"] == "pass" and row["round"] == item["round"]
    }
    return [
        {
            **level,
            "done": slips.when(desk, passed[level["key"]]["at"]) if level["key"] in passed else "",
            "turn": level["key"] == item["level"] and item["state"] == State.OPEN,
        }
        for level in item["levels"]
    ]


def opened(desk: Desk) -> Answer:
    """One is opened."""
    body = {name: desk.field(name) for name in ("standard", "estate") if desk.field(name)}
    made = api.opened(desk.sending(body)).body
    return Goto(f"{PATH}/{made['id']}", "standard_opened")


def one(desk: Desk) -> Answer:
    """One of them: its items with their evidence, and the form of whoever's turn it is."""
    row = api.the_application(desk)
    item = _shown(desk, api.one(desk).body)
    say, who = desk.content.replies.say, api.reviewer(desk)
    live, level = row.state == State.OPEN, turn_of(row)
    first = row.level == row.levels[0]["key"]
    acts = desk.viewer.role in KEEPERS
    values = {
        "a": item,
        "address": f"{PATH}/{row.id}",
        "items": [_item(desk, one) for one in item["items"]],
        "decisions": [
            {
                **d,
                "when": slips.when(desk, d["at"]),
                "what": say(f"standard.outcome.{d['outcome']}"),
            }
            for d in reversed(item["decisions"])
        ],
        "marks": acts and live and first and may_mark(desk.register, row, who),
        "decides": acts and live and may_decide(desk.register, row, level, who),
        "stops": acts and live and may_mark(desk.register, row, who),
        "turn": level,
        "first": first,
        "grants": [{**g, "when": slips.when(desk, g["at"])} for g in item["grants"]],
        "gives": acts and row.state == State.PASSED and who.street,
        "projects": _projects(desk, row),
        "post": say(f"standard.by.{level['by']}"),
    }
    return Page("standards/one.html", values)


def _projects(desk: Desk, row: StandardApplication) -> list[tuple[str, str]]:
    """Projects that a grant may go to: those of the community and of the street."""
    if row.state != State.PASSED:
        return []
    return [(p.no, f"{p.no} {p.title}") for p in projects.named(desk.tx, row.community_id, limit=50)]


def _item(desk: Desk, item: Item) -> Item:
    """An item; what was typed for it when it was refused stands there again."""
    again = desk.wrong is not None and desk.field("item") == str(item["number"])
    return {
        **item,
        "mark_name": desk.content.replies.say(f"standard.mark.{item['mark']}"),
        "tone": _MARKS[item["mark"]],
        "note": desk.field("note") if again else item["note"],
        "typed_links": desk.field("links") if again else "\n".join(item["links"]),
        "photos": [path.removeprefix(desk.content.address) for path in item["photos"]],
        "when": slips.when(desk, item["at"]),
    }


def acted(desk: Desk) -> Answer:
    """Whatever goes on with it."""
    body: dict[str, Any] = {name: desk.field(name) for name in _TEXTS if desk.field(name)}
    if amount := desk.field("amount"):
        body["amount"] = _number(amount)
    for name in ("item", "round", "grant"):
        if (number := whole(desk.field(name))) is not None:
            body[name] = number
    if links := desk.field("links").split():
        body["links"] = links
    now = api.acted(desk.sending(body)).body
    said = _SAID.get(body["act"]) or _after(body["act"], now)
    address = f"{PATH}/{desk.path['id']}"
    if "item" in body:  # back to where they were on a long page
        return Goto(f"{address}?said={said}#i{body['item']}")
    return Goto(address, said)


def _number(text: str) -> float:
    try:
        return float(text.rstrip("元"))
    except ValueError:
        raise Invalid("number", field="amount") from None


def pictured(desk: Desk) -> Answer:
    """Put up a picture that was cleaned and kept before."""
    application, item = api.the_application(desk), whole(desk.field("item")) or 0
    if desk.ready is None:
        raise Invalid("no_file", field="file")
    steps.add_photo(desk.tx, application, api.reviewer(desk), position=item, paper=desk.ready)
    return Goto(f"{PATH}/{desk.path['id']}?said=standard_pictured#i{item}")


def unpictured(desk: Desk) -> Answer:
    """Take it down."""
    steps.drop_photo(desk.tx, api.the_application(desk), api.reviewer(desk), whole(desk.path["key"]) or 0)
    return Goto(f"{PATH}/{desk.path['id']}", "edited")


def _after(act: str, now: Mapping[str, Any]) -> str:
    if act == "return":
        return "standard_returned"
    return "standard_done" if now["state"] == State.PASSED else "standard_passed"


ROOM: Final = Room(
    "standards",
    "示范创建",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, opened, back=listed, roles=KEEPERS),
        Way("GET", _ONE, one),
        Way("POST", f"{_ONE}/act", acted, back=one, roles=KEEPERS),
        Way(
            "POST",
            f"{_ONE}/photos",
            pictured,
            back=one,
            roles=KEEPERS,
            upload=documents.LIMIT,
            before=board.kept,
            undo=loose.paper,
        ),
        Way("POST", rf"{_ONE}/photos/{{key:\d{{1,15}}}}/drop", unpictured, back=one, roles=KEEPERS),
    ),
    roles=COMMUNITY,
    group="1清单",
)
