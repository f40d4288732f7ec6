"""`/console/people`: units and who works there, who works for the communities, members; units can be edited.

Who is who comes with the roster; here is only changed who is on duty, and what a unit is.
"""

from collections.abc import Iterable
from typing import Any, Final

from redprop_bot.errors import Forbidden, NotFound
from redprop_bot.registry.people import mask_name, mask_phone
from redprop_bot.registry.register import REVISION, changed
from redprop_bot.store import registers
from redprop_bot.store.tables import Post
from redprop_bot.web.api import sight
from redprop_bot.web.api.organisations import KINDS, PARTY
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import COMMUNITY, KEEPERS, Answer, Desk, Goto, Page, Room, Way

PATH: Final = "/console/people"
_KINDS: Final = dict(zip(KINDS, ("物业", "业委会", "部门", "共建单位", "志愿队", "党组织"), strict=True))
_NUMBERS: Final = ("seats", "party_seats", "party_members", "reviewed")
_PARTY: Final = dict(zip(PARTY, ("建了支部", "联合支部", "派了指导员", "没有"), strict=True))


def listed(desk: Desk) -> Answer:
    """Everybody and every unit, or those that fit some words."""
    q, kind = desk.query.get("q", "").strip(), desk.query.get("kind", "")
    reg, mine = desk.register, desk.viewer.community_id
    units = [
        {
            "id": unit.id,
            "name": unit.name,
            "kind": _KINDS[unit.kind],
            "party": _PARTY[unit.party] if unit.party != "none" else "",
            "estate": reg.estates[unit.estate_id].name if unit.estate_id is not None else "",
            "staff": _persons(desk, [post for post in reg.all_posts if post.organisation_id == unit.id]),
        }
        for unit in reg.organisations.values()
        if unit.active
        and kind in ("", unit.kind)
        and (unit.estate_id is None or mine in (None, reg.estates[unit.estate_id].community_id))
    ]
    teams = [
        {"name": one.name, "staff": _persons(desk, [p for p in reg.all_posts if p.community_id == key])}
        for key, one in reg.communities.items()
        if mine in (None, key)
    ]
    street = [
        {"name": one.name, "staff": _persons(desk, [p for p in reg.all_posts if p.street_id == key])}
        for key, one in reg.streets.items()
    ]
    members = [
        {"name": _name(desk, reg.people[key].name), "branch": one.branch or "", "skills": "、".join(one.skills)}
        for key, one in reg.members.items()
    ]
    return Page(
        "people/list.html",
        {
            "q": q,
            "units": [unit for unit in units if _fits(q, unit)],
            "teams": [team for team in [*street, *teams] if kind == "" and _fits(q, team)],
            "members": [one for one in members if kind == "" and _fits(q, one)],
            "kinds": slips.options(list(_KINDS.items()), kind),
            "may": desk.viewer.role in KEEPERS,
        },
    )


def _fits(q: str, entry: dict[str, Any]) -> bool:
    return q in str(entry["name"]) or any(q in str(value) for value in _texts(entry))


def _texts(entry: dict[str, Any]) -> Iterable[Any]:
    for value in entry.values():
        if isinstance(value, list):
            for one in value:
                yield from _texts(one)
        elif not isinstance(value, bool | int):
            yield value


def _persons(desk: Desk, posts: list[Post]) -> list[dict[str, Any]]:
    reg, duties, trades = desk.register, desk.content.labels.duty, desk.content.labels.category
    whole = desk.viewer.role in KEEPERS
    found = []
    for post in posts:
        person = reg.people[post.person_id]
        found.append(
            {
                "post": post.id,
                "name": _name(desk, person.name),
                "duty": duties.get(post.duty, post.duty),
                "phone": (person.phone if whole else mask_phone(person.phone)) or "",
                "where": "、".join(post.estates),
                "trades": "、".join(trades.get(t, t) for t in post.trades),
                "on_duty": post.on_duty,
                "left": person.left_at is not None,
            }
        )
    return found


def _name(desk: Desk, name: str | None) -> str:
    return (mask_name(name) if desk.viewer.role == "viewer" else name) or ""


def switch(desk: Desk) -> Answer:
    """Somebody is on duty, or not: who is not gets no cards."""
    key = desk.path["id"]
    post = next((p for p in desk.register.all_posts if str(p.id) == key), None)
    if post is None:
        raise NotFound
    _must_keep(desk, post)
    registers.hold(desk.tx, REVISION)
    desk.tx.update(Post, post.id, on_duty=desk.field("on") == "yes")
    changed(desk.tx)
    return Goto(PATH, "edited")


def _must_keep(desk: Desk, post: Post) -> None:
    """Of one's own community; a unit serves all."""
    if post.street_id is not None and desk.viewer.community_id is not None:
        raise Forbidden("not_your_community")
    sight.must_edit(desk.viewer, post.community_id or desk.viewer.community_id)


def unit(desk: Desk) -> Answer:
    """One unit, to be edited."""
    item = asking.handler("GET", "/organisations/{id}")(desk.sending({})).body
    return _form(desk, item)


def fresh(desk: Desk) -> Answer:
    """A new unit."""
    empty = {"id": None, "name": "", "kind": "property", "party": "none", "estate": None, "active": True}
    return _form(desk, empty | dict.fromkeys(_NUMBERS) | {"staff": [], "version": 0})


def _form(desk: Desk, item: Any) -> Answer:
    estates = slips.estates(desk)
    typed = desk.body or {}
    values = {
        "item": item,
        "kinds": slips.options(list(_KINDS.items()), typed.get("kind", item["kind"])),
        "parties": slips.options(list(_PARTY.items()), typed.get("party", item["party"])),
        "estates": slips.options([(name, name) for name in estates], typed.get("estate", item["estate"] or "")),
        "versions": asking.history(desk, "organisation", item["id"]) if item["id"] else [],
        "may": desk.viewer.role in KEEPERS,
    }
    return Page("people/unit.html", values)


def entered(desk: Desk) -> Answer:
    """Enter a unit."""
    route = asking.route("POST", "/organisations")
    item = route.handler(desk.sending(asking.sent(desk, route.body or {}, needed="name"))).body
    return Goto(f"{PATH}/units/{item['id']}", "entered")


def edited(desk: Desk) -> Answer:
    """Edit a unit, or put it out of use."""
    route = asking.route("PATCH", "/organisations/{id}")
    body = asking.sent(desk, route.body or {}, needed="version" if desk.field("step") == "retire" else "name")
    if desk.field("step") == "retire":
        body = {"version": body.get("version"), "active": False}
    route.handler(desk.sending(body))
    return Goto(PATH if desk.field("step") == "retire" else f"{PATH}/units/{desk.path['id']}", "edited")


ROOM: Final = Room(
    "people",
    "人和单位",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", f"{PATH}/posts/{{id}}", switch, back=listed, roles=KEEPERS),
        Way("GET", f"{PATH}/units/new", fresh, roles=KEEPERS),
        Way("POST", f"{PATH}/units/new", entered, back=fresh, roles=KEEPERS),
        Way("GET", f"{PATH}/units/{{id}}", unit),
        Way("POST", f"{PATH}/units/{{id}}", edited, back=unit, roles=KEEPERS),
    ),
    roles=COMMUNITY,
    group="2名册",
    key="p",
)
