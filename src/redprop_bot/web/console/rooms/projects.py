"""`/console/projects`: what is under way and how far; one project with its picture, measures, money, history."""

from typing import Final
from urllib.parse import urlencode

from redprop_bot.council.project_paper import project_file
from redprop_bot.errors import Invalid
from redprop_bot.loop.paper import TYPE
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.web import plans
from redprop_bot.web.api import project_items, project_measures
from redprop_bot.web.api import projects as api
from redprop_bot.web.api.routes import Item
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import EVERYBODY, KEEPERS, Answer, Desk, Give, Goto, Page, Room, Way

PATH: Final = "/console/projects"
_ONE: Final = f"{PATH}/{{no}}"
_DOERS: Final = frozenset({"admin", "street", "secretary", "provider"})
_TONES: Final = {"open": "blue", "done": "green", "cancelled": ""}
_SAID: Final = {"complete": "project_completed", "cancel": "project_cancelled"}


def listed(desk: Desk) -> Answer:
    """All projects, the newest first."""
    wanted = {name: desk.query[name] for name in ("stage", "q") if desk.query.get(name)}
    found = api.found(desk.asking(**wanted, limit="30", cursor=desk.query.get("cursor", ""))).body
    items = [_shown(desk, item) for item in found["items"]]
    values = {
        "items": items,
        "onward": f"{PATH}?{urlencode({**wanted, 'cursor': found['next']})}" if found["next"] else "",
        "wanted": wanted,
        "stages": slips.options(list(desk.content.labels.project_stage.items()), wanted.get("stage", "")),
        "may": desk.viewer.role in KEEPERS,
        "late": sum(item["late"] for item in items),
    }
    return Page("projects/list.html", values)


def _shown(desk: Desk, item: Item) -> Item:
    labels = desk.content.labels
    shown = {
        **item,
        "stage_name": labels.project_stage[item["stage"]] + _behind(item),
        "tone": "red" if item["late"] or item["overdue"] else _TONES[item["stage"]],
        "begin": plans.day(desk.tx, item["starts_at"]),
        "end": plans.day(desk.tx, item["ends_at"]),
    }
    shown["measures"] = [
        {
            **one,
            "stage_name": labels.measure_stage[one["stage"]],
            "tone": "red" if one["late"] else _TONES[one["stage"]],
            "begin": plans.day(desk.tx, one["starts_at"]),
            "due": plans.day(desk.tx, one["due_at"]),
        }
        for one in item["measures"]
    ]
    shown["milestones"] = [{**one, "due": plans.day(desk.tx, one["due_at"])} for one in item["milestones"]]
    return shown


def _behind(item: Item) -> str:
    """What is red says why."""
    if item["stage"] != ProjectStage.OPEN:
        return ""
    return "·已超期" if item["overdue"] else "·有逾期" if item["late"] else ""


def one(desk: Desk) -> Answer:
    """One project."""
    whole = project_items.one(desk)
    item = project_items.item(desk, whole, history=True)
    owners = {m["id"]: m["owner"] or "" for m in item["measures"]}
    names = desk.content.labels.happened["project"]
    events = [
        {**event, "what": names.get(event["act"], event["act"]), "when": plans.day(desk.tx, event["at"])}
        for event in reversed(item["events"])
    ]
    values = {
        "p": _shown(desk, item),
        "picture": plans.picture(desk.tx, whole, owners, f"{PATH}/{item['no']}"),
        "events": events[:40],
        "may": desk.viewer.role in KEEPERS and item["stage"] == ProjectStage.OPEN,
        "does": desk.viewer.role in _DOERS and item["stage"] == ProjectStage.OPEN,
        "people": _people(desk),
        "today": desk.today.isoformat(),
    }
    return Page("projects/one.html", values)


def _people(desk: Desk) -> list[str]:
    """Names that may own something: units, and people of the register."""
    reg = desk.register
    return [*slips.all_units(desk), *sorted({p.name for p in reg.people.values() if p.name})]


def fresh(desk: Desk) -> Answer:
    """The form for a new one."""
    kinds = [(code, kind.name) for code, kind in desk.content.projects.kinds.items()]
    return Page(
        "projects/new.html",
        {
            "kinds": slips.options(kinds, desk.field("kind")),
            "communities": [c.name for c in desk.register.communities.values()]
            if desk.viewer.community_id is None
            else [],
            "units": slips.all_units(desk),
            "people": _people(desk),
        },
    )


def opened(desk: Desk) -> Answer:
    """立项; each line of the plan is a measure: what, who, by when."""
    body = {n: desk.field(n) for n in ("title", "kind", "note", "community", "owner", "lead", "ends_at")}
    given: Item = {name: value for name, value in body.items() if value}
    if measures := _lines(desk.field("measures")):
        given["measures"] = measures
    made = asking.handler("POST", "/projects")(desk.sending(given)).body
    return Goto(f"{PATH}/{made['no']}", "project_opened")


def _lines(text: str) -> list[Item]:
    """做什么，谁负责，2026-12-20: a measure a line."""
    found: list[Item] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        parts = [part.strip() for part in line.replace(",", "，").split("，")]
        if len(parts) < 2:
            raise Invalid("measure_line", field="measures", name=line.strip()[:30])
        found.append({"title": parts[0], "owner": parts[1], **({"due_at": parts[2]} if len(parts) > 2 else {})})
    return found


def edited(desk: Desk) -> Answer:
    """Other words, owner, term."""
    route = asking.route("PATCH", "/projects/{no}")
    body = asking.sent(desk, {n: f for n, f in (route.body or {}).items() if n not in ("budget", "milestones")})
    route.handler(desk.sending({name: value for name, value in body.items() if value not in (None, " ")}))
    return Goto(f"{PATH}/{desk.path['no']}", "project_edited")


def planned(desk: Desk) -> Answer:
    """Money and milestones, a line each."""
    body: Item = {"version": desk.version}
    if "budget" in desk.body:
        body["budget"] = [_money(line) for line in desk.field("budget").splitlines() if line.strip()]
    if "milestones" in desk.body:
        body["milestones"] = [_stone(line) for line in desk.field("milestones").splitlines() if line.strip()]
    asking.handler("PATCH", "/projects/{no}")(desk.sending(body))
    return Goto(f"{PATH}/{desk.path['no']}", "project_edited")


def _parts(line: str, least: int, field: str) -> list[str]:
    parts = [part.strip() for part in line.replace(",", "，").split("，")]
    if len(parts) < least:
        raise Invalid("plan_line", field=field, name=line.strip()[:30])
    return parts


def _money(line: str) -> Item:
    """主机，120000，维修资金，已用 5000."""
    parts = _parts(line, 2, "budget")
    found: Item = {"title": parts[0], "planned": _number(parts[1], "budget")}
    for part in parts[2:]:
        if part.startswith("已用"):
            found["spent"] = _number(part.removeprefix("已用").strip(), "budget")
        elif part:
            found["source"] = part
    return found


def _stone(line: str) -> Item:
    """方案定了，2026-12-10，40，第2条."""
    parts = _parts(line, 3, "milestones")
    found: Item = {"title": parts[0], "due_at": parts[1]}
    found["percent"] = int(_number(parts[2].rstrip("%"), "milestones"))
    if len(parts) > 3 and parts[3]:
        found["measure"] = int(_number(parts[3].strip("第条"), "milestones"))
    return found


def _number(text: str, field: str) -> float:
    try:
        return float(text.rstrip("元"))
    except ValueError:
        raise Invalid("plan_line", field=field, name=text[:30]) from None


def acted(desk: Desk) -> Answer:
    """Whatever goes on with it."""
    shape = project_measures.ACT
    body = {n: v for n, v in asking.sent(desk, shape).items() if v not in (None, " ", "")}
    project_measures.acted(desk.sending(body))
    return Goto(f"{PATH}/{desk.path['no']}", _SAID.get(desk.field("act"), "project_noted"))


def paper(desk: Desk) -> Answer:
    """The Word file."""
    whole = project_items.one(desk)
    return Give(project_file(desk.tx, whole.project), f"{whole.project.no} {whole.project.title}.docx", TYPE)


ROOM: Final = Room(
    "projects",
    "项目",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("GET", f"{PATH}/new", fresh, roles=KEEPERS),
        Way("POST", f"{PATH}/new", opened, back=fresh, roles=KEEPERS),
        Way("GET", _ONE, one),
        Way("POST", _ONE, edited, back=one, roles=KEEPERS),
        Way("POST", f"{_ONE}/plan", planned, back=one, roles=KEEPERS),
        Way("POST", f"{_ONE}/act", acted, back=one, roles=_DOERS),
        Way("GET", f"{_ONE}/paper.docx", paper),
    ),
    roles=EVERYBODY,
    group="1议事",
    key="j",
)
