"""`/console/appraisals`: 考评: who is to be scored, the score sheet of a party, the result with its working."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.appraise import periods, scorers
from redprop_bot.appraise.appraisal_telling import ROOM as PATH
from redprop_bot.appraise.appraisal_telling import points
from redprop_bot.content.appraisal import FIGURES
from redprop_bot.errors import Invalid
from redprop_bot.registry.care import companies
from redprop_bot.rules import grades
from redprop_bot.rules.grades import State
from redprop_bot.store import appraisals as store
from redprop_bot.store.tables import Appraisal
from redprop_bot.web.api import appraisals as api
from redprop_bot.web.api.appraisals_shown import hand
from redprop_bot.web.api.routes import Item
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import EVERYBODY, KEEPERS, Answer, Desk, Goto, Page, Room, Way, whole

_ONE: Final = f"{PATH}/{{id}}"
_TONES: Final = {"open": "blue", "published": "green", "appealed": "amber", "settled": "green", "void": ""}
_ACTING: Final = EVERYBODY - {"viewer"}
_SAID: Final = {
    "score": "appraisal_scored",
    "publish": "appraisal_published",
    "void": "appraisal_void",
    "appeal": "appraisal_appealed",
    "decide": "appraisal_settled",
}


def listed(desk: Desk) -> Answer:
    """All of them, the newest first, and the form that opens some."""
    wanted = {name: desk.query[name] for name in ("state",) if desk.query.get(name)}
    found = api.found(desk.asking(**wanted, limit="40", cursor=desk.query.get("cursor", ""))).body
    say = desk.content.replies.say
    states = [(state.value, say(f"appraisal.state.{state}")) for state in State]
    sheets = desk.content.appraisal.all
    values = {
        "items": [_shown(desk, item) for item in found["items"]],
        "onward": f"{PATH}?{urlencode({**wanted, 'cursor': found['next']})}" if found["next"] else "",
        "states": slips.options(states, wanted.get("state", "")),
        "opens": desk.viewer.role in KEEPERS and bool(sheets and _communities(desk)),
        "sheets": slips.options(_ended(desk), desk.field("what")),
        "communities": slips.options([(name, name) for name in _communities(desk)], desk.field("community")),
        "about": [(one.title, [p.name for p in one.parties], one.figures) for one in sheets],
        "company": desk.viewer.role == "provider",
    }
    return Page("appraisals/list.html", values)


def _ended(desk: Desk) -> list[tuple[str, str]]:
    """Every sheet with the last period that is over, and the one before."""
    found = []
    for one in desk.content.appraisal.all:
        last = periods.ended(desk.today, one.months)
        found += [(f"{one.key} {p.key}", f"{one.title}　{p.title}") for p in (last, last.before)]
    return found


def _communities(desk: Desk) -> list[str]:
    """Those in which whoever looks may open some."""
    who, reg, mine = hand(desk).reviewer, desk.register, desk.viewer.community_id
    return [
        one.name
        for key, one in reg.communities.items()
        if mine in (None, key) and companies(reg, key) and (who.street or who.secretary_of(reg, key))
    ]


def _shown(desk: Desk, item: Mapping[str, Any]) -> Item:
    parties = item["parties"]
    return {
        **item,
        "state_name": desk.content.replies.say(f"appraisal.state.{item['state']}"),
        "tone": _TONES[item["state"]],
        "due": slips.when(desk, item["due_at"]),
        "published": slips.when(desk, item["published_at"]),
        "until": slips.when(desk, item["appeal_until"]),
        "waiting": [p["name"] for p in parties if p["scored"] is not None and p["scored"] < p["needed"]],
        "yours": [p["name"] for p in parties if p["yours"] and p["given"] is None],
    }


def opened(desk: Desk) -> Answer:
    """A period is opened for the companies of a community."""
    sheet, _, period = desk.field("what").partition(" ")
    body = {"sheet": sheet, "period": period, "community": desk.field("community")}
    made = api.opened(desk.sending({name: value for name, value in body.items() if value})).body["items"]
    return Goto(f"{PATH}/{made[0]['id']}" if len(made) == 1 else PATH, "appraisal_opened")


def one(desk: Desk) -> Answer:
    """One of them: the score sheet of whoever looks, the result, the appeal."""
    row = api.the_round(desk)
    item, who, reg = _shown(desk, api.one(desk).body), hand(desk), desk.register
    acts = desk.viewer.role in _ACTING
    inside = desk.viewer.role != "provider"
    runs = acts and inside and scorers.may_run(reg, row, who)
    values = {
        "a": item,
        "address": f"{PATH}/{row.id}",
        "sheets": [_sheet(desk, item, party) for party in item["parties"] if party["yours"]] if acts else [],
        "working": [_part(desk, part, item) for part in grades.read(row.working)] if item["working"] else [],
        "total": _total(desk, row) if item["working"] else {},
        "inside": inside,
        "runs": runs and row.state == State.OPEN,
        "orders": runs and row.state in grades.RESULTS and desk.viewer.role in KEEPERS,
        "appeals": acts
        and row.state == State.PUBLISHED
        and scorers.may_appeal(row, who)
        and row.appeal_until is not None
        and desk.tx.now <= row.appeal_until,
        "decides": acts and inside and row.state == State.APPEALED and scorers.may_decide(reg, row, who),
        "history": _history(desk, row) if inside else [],
        "starred": _starred(item["steps"]),
    }
    return Page("appraisals/one.html", values)


def _sheet(desk: Desk, item: Item, party: Mapping[str, Any]) -> Item:
    """The sheet of a party; what was typed when it was refused stands there again."""
    again = desk.wrong is not None and desk.field("party") == party["key"]
    given = party["given"] or {}
    return {
        **party,
        "said_by": desk.field("said_by") if again else party["said_by"],
        "items": [
            {**one, "typed": desk.field(f"p_{one['key']}") if again else given.get(one["key"], "")}
            for one in item["items"]
        ],
    }


def _part(desk: Desk, part: grades.Part, item: Item) -> Item:
    say = desk.content.replies.say
    missing = ""
    if part.missing:
        missing = say(f"appraisal.missing.{part.missing}", scorers=str(part.scorers), least=str(part.least))
    told = next((one for one in item["parties"] if one["key"] == part.key), {"by": None, "said_by": ""})
    return {
        "key": part.key,
        "name": part.name,
        "by": told["by"],
        "said_by": told["said_by"],
        "weight": part.weight,
        "missing": missing,
        "sum": points(part.points),
        "full": part.full,
        "percent": points(part.percent),
        "lines": [] if missing else [_line(desk, part, line) for line in part.lines],
    }


def _line(desk: Desk, part: grades.Part, line: grades.Line) -> Item:
    say = desk.content.replies.say
    counts = {"of": str(line.of), "good": str(line.good), "size": str(part.size), "prior": str(part.prior)}
    how = say("appraisal.how.none") if line.points is None else say(f"appraisal.how.{line.how}", **counts)
    was = say("appraisal.how.was", was=points(line.was)) if line.was is not None else ""
    return {
        "key": line.key,
        "title": line.title,
        "full": line.full,
        "points": points(line.points) if line.points is not None else "",
        "how": "" if part.key != FIGURES and line.of == 1 else how,
        "was": was,
    }


def _total(desk: Desk, row: Appraisal) -> dict[str, str]:
    """The last line of the working, as it is added up by hand."""
    say, parts = desk.content.replies.say, grades.read(row.working)
    there, all_ = grades.weights(parts)
    counted = [
        say("appraisal.total_part", percent=points(part.percent), weight=str(part.weight))
        for part in parts
        if not part.missing
    ]
    score = points(row.score or 0)
    return {
        "line": say("appraisal.total", sum=" + ".join(counted), weight=str(there), score=score),
        "weights": say("appraisal.weights", there=str(there), all=str(all_)) if there != all_ else "",
        "score": score,
    }


def _starred(steps: list[int]) -> str:
    return "、".join(f"{5 - n} 星 {step} 分起" for n, step in enumerate(steps))


def _history(desk: Desk, row: Appraisal) -> list[dict[str, str]]:
    return [
        {
            "what": desk.content.labels.told(event.subject, event.name)[1],
            "by": event.by_name,
            "reason": str(event.data.get("reason", "")),
            "at": slips.day(desk, event.at),
        }
        for event in reversed(store.history(desk.tx, row.id or 0))
    ]


def acted(desk: Desk) -> Answer:
    """Whatever goes on with it."""
    body: dict[str, Any] = {
        name: desk.field(name) for name in ("act", "party", "said_by", "outcome", "reason") if desk.field(name)
    }
    if body.get("act") == "score":
        body["points"] = {
            name.removeprefix("p_"): whole(desk.field(name)) if whole(desk.field(name)) is not None else "?"
            for name in desk.body
            if name.startswith("p_") and desk.field(name)
        }
    if body.get("act") == "decide" and body.get("outcome") == "correct":
        body["corrections"] = [
            _correction(desk, name) for name in desk.body if name.startswith("c_") and desk.field(name)
        ]
    now = api.acted(desk.sending(body)).body
    return Goto(f"{PATH}/{now['id']}", _SAID[body["act"]])


def _correction(desk: Desk, name: str) -> dict[str, Any]:
    party, _, item = name.removeprefix("c_").partition("/")
    try:
        return {"party": party, "item": item, "points": float(desk.field(name))}
    except ValueError:
        raise Invalid("number", field="corrections") from None


ROOM: Final = Room(
    "appraisals",
    "考评",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, opened, back=listed, roles=KEEPERS),
        Way("GET", _ONE, one),
        Way("POST", f"{_ONE}/act", acted, back=one, roles=_ACTING),
    ),
    group="1清单",
)
