"""`/console/rankings`: 红黑榜: made by the street, seen by the companies first, published by hand."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.appraise import periods
from redprop_bot.appraise.appraisal_telling import points
from redprop_bot.appraise.ranking_telling import ROOM as PATH
from redprop_bot.rules.ranking import OPEN, State
from redprop_bot.web.api import rankings as api
from redprop_bot.web.api.appraisals_shown import hand
from redprop_bot.web.api.routes import Item
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import Answer, Desk, Goto, Page, Room, Way

_ONE: Final = f"{PATH}/{{id}}"
_STREET: Final = frozenset({"admin", "street", "secretary"})
_TONES: Final = {"draft": "blue", "review": "amber", "published": "green"}
_COLOURS: Final = {"red": "red", "yellow": "amber", "black": ""}
_SAID: Final = {
    "ask": "ranking_asked",
    "object": "ranking_objected",
    "decide": "ranking_decided",
    "publish": "ranking_published",
    "withdraw": "ranking_withdrawn",
}


def listed(desk: Desk) -> Answer:
    """All of them, the newest first, and the form that drafts one."""
    found = api.found(desk.asking(limit="40", cursor=desk.query.get("cursor", ""))).body
    streets = [(one.name, one.name) for one in desk.register.streets.values()]
    values = {
        "items": [_shown(desk, item) for item in found["items"]],
        "onward": f"{PATH}?{urlencode({'cursor': found['next']})}" if found["next"] else "",
        "title": desk.content.ranking.title,
        "opens": _runs(desk),
        "sheets": slips.options(_ended(desk), desk.field("what")),
        "streets": slips.options(streets, desk.field("street")) if len(streets) > 1 else [],
        "days": desk.content.ranking.days,
        "company": desk.viewer.role == "provider",
    }
    return Page("rankings/list.html", values)


def _runs(desk: Desk) -> bool:
    return desk.viewer.role in _STREET and hand(desk).reviewer.street


def _ended(desk: Desk) -> list[tuple[str, str]]:
    """Every sheet that may be ranked with the last period that is over, and the one before."""
    found = []
    for one in desk.content.appraisal.all:
        if one.key in desk.content.ranking.sheets:
            last = periods.ended(desk.today, one.months)
            found += [(f"{one.key} {p.key}", f"{one.title}　{p.title}") for p in (last, last.before)]
    return found


def _shown(desk: Desk, item: Mapping[str, Any]) -> Item:
    state = item["state"]
    return {
        **item,
        "name": f"{item['period_title']}{item['title']}",
        "state_name": desk.content.replies.say(f"ranking.state.{state}"),
        "tone": _TONES.get(state, ""),
        "until": slips.when(desk, item["review_until"]),
        "published": slips.when(desk, item["published_at"]),
        "lines": [_line(desk, line) for line in item["lines"]],
        "undecided": sum(bool(line["objection"] and not line["outcome"]) for line in item["lines"]),
    }


def _line(desk: Desk, line: Mapping[str, Any]) -> Item:
    say, score = desk.content.replies.say, line["score"]
    said = points(round(score * 100)) if score is not None else ""
    return {
        **line,
        "said": said,
        "where": say(f"ranking.apart.{line['apart']}", score=said) if line["apart"] else "",
        "tone": _COLOURS.get(line["colour"] or "", ""),
        "outcome_name": say(f"ranking.outcome.{line['outcome']}") if line["outcome"] else "",
    }


def opened(desk: Desk) -> Answer:
    """A draft."""
    sheet, _, period = desk.field("what").partition(" ")
    body = {"sheet": sheet, "period": period, "street": desk.field("street")}
    made = api.opened(desk.sending({name: value for name, value in body.items() if value})).body
    return Goto(f"{PATH}/{made['id']}", "ranking_opened")


def one(desk: Desk) -> Answer:
    """One of them: its lines, what companies say, what may be done with it."""
    row = api.the_board(desk)
    item = _shown(desk, api.one(desk).body)
    over = row.review_until is not None and desk.tx.now > row.review_until
    runs = _runs(desk)
    mine = [line for line in item["lines"] if line["yours"] and not line["objection"]]
    values = {
        "b": item,
        "address": f"{PATH}/{row.id}",
        "asks": runs and row.state in OPEN,
        "publishes": runs and row.state == State.REVIEW and over and not item["undecided"],
        "withdraws": runs and row.state in (*OPEN, State.PUBLISHED),
        "objects": bool(mine) and row.state == State.REVIEW and not over,
        "waiting": [one for one in item["lines"] if one["objection"] and not one["outcome"]] if runs else [],
        "runs": runs,
        "history": [_event(desk, event) for event in reversed(item["history"])],
    }
    return Page("rankings/one.html", values)


def _event(desk: Desk, event: Mapping[str, Any]) -> dict[str, str]:
    return {
        "what": desk.content.labels.told("ranking", event["name"])[1],
        "unit": event["unit"] or "",
        "text": event["text"],
        "by": event["by"],
        "at": slips.when(desk, event["at"]),
    }


def acted(desk: Desk) -> Answer:
    """Whatever goes on with it."""
    body = {name: desk.field(name) for name in ("act", "unit", "outcome", "reason") if desk.field(name)}
    now = api.acted(desk.sending(body)).body
    return Goto(f"{PATH}/{now['id']}" if now["state"] != "void" or _runs(desk) else PATH, _SAID[body["act"]])


ROOM: Final = Room(
    "rankings",
    "红黑榜",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, opened, back=listed, roles=_STREET),
        Way("GET", _ONE, one),
        Way("POST", f"{_ONE}/act", acted, back=one, roles=_STREET | {"provider"}),
    ),
    group="1清单",
)
