"""`/console/opinions`: 年底综合评价意见: one for each company and year; figures, words, versions, Word."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.appraise import company_figures, opinion_paper
from redprop_bot.appraise.opinion import CONFIRMED, SENT, STATES
from redprop_bot.errors import Invalid
from redprop_bot.loop.paper import TYPE
from redprop_bot.registry.care import companies
from redprop_bot.store import opinions
from redprop_bot.web.api import opinions as api
from redprop_bot.web.api.routes import Item
from redprop_bot.web.api.standards import reviewer
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import COMMUNITY, KEEPERS, Answer, Desk, Give, Goto, Page, Room, Way, whole

PATH: Final = "/console/opinions"
_ONE: Final = f"{PATH}/{{id}}"
_TONES: Final = {"draft": "amber", "confirmed": "blue", "sent": "green"}
_SAID: Final = {
    "write": "opinion_written",
    "recount": "opinion_recounted",
    "confirm": "opinion_confirmed",
    "send": "opinion_sent",
    "renew": "opinion_renewed",
}


def listed(desk: Desk) -> Answer:
    """All versions, the newest first, and the form that begins one."""
    wanted = {name: desk.query[name] for name in ("year", "state") if desk.query.get(name)}
    found = api.found(desk.asking(**wanted, limit="30", cursor=desk.query.get("cursor", ""))).body
    say, now = desk.content.replies.say, company_figures.this_year(desk.tx)
    values = {
        "items": [_shown(desk, item) for item in found["items"]],
        "onward": f"{PATH}?{urlencode({**wanted, 'cursor': found['next']})}" if found["next"] else "",
        "wanted": wanted,
        "states": slips.options([(one, say(f"opinion.state.{one}")) for one in STATES], wanted.get("state", "")),
        "companies": _companies(desk),
        "to": desk.content.opinion.to,
        "this_year": now,
        "years": [str(now), str(now - 1)],
    }
    return Page("opinions/list.html", values)


def _companies(desk: Desk) -> list[tuple[str, str]]:
    """Value and name of companies of which whoever looks may write one, with the community."""
    who, reg, mine = reviewer(desk), desk.register, desk.viewer.community_id
    if desk.viewer.role not in KEEPERS:
        return []
    return [
        (f"{community.name}/{unit.name}", f"{unit.name}（{community.name}）")
        for key, community in reg.communities.items()
        if mine in (None, key) and who.secretary_of(reg, key)
        for unit in companies(reg, key)
    ]


def _shown(desk: Desk, item: Mapping[str, Any]) -> Item:
    return {
        **item,
        "state_name": desk.content.replies.say(f"opinion.state.{item['state']}"),
        "tone": _TONES[item["state"]],
        "when": slips.when(desk, item["updated_at"]),
    }


def opened(desk: Desk) -> Answer:
    """One is begun."""
    community, _, company = desk.field("company").partition("/")
    body = {"company": company, "community": community, "year": whole(desk.field("year")) or 0}
    made = api.opened(desk.sending(body)).body
    return Goto(f"{PATH}/{made['id']}", "opinion_opened")


def one(desk: Desk) -> Answer:
    """One version with its figures, and the forms of who may go on with it."""
    row = api.the_opinion(desk)
    item = _shown(desk, api.item(desk, row))
    may = desk.viewer.role in KEEPERS and reviewer(desk).secretary_of(desk.register, row.community_id)
    versions = opinions.versions(desk.tx, row.organisation_id, row.community_id, row.year)
    values = {
        "o": item,
        "address": f"{PATH}/{row.id}",
        "figures": [{**one, "number": opinion_paper.number_of(desk.tx, one)} for one in row.figures],
        "taken": slips.when(desk, item["taken_at"]),
        "confirmed": slips.when(desk, item["confirmed_at"]) if item["confirmed_at"] else "",
        "writes": may and row.state != SENT,
        "confirms": may and row.state not in (SENT, CONFIRMED) and bool(row.words),
        "sends": may and row.state == CONFIRMED,
        "renews": may and row.state == SENT and versions[0].id == row.id,
        "versions": [_shown(desk, api.item(desk, one)) for one in versions] if len(versions) > 1 else [],
        "today": desk.today.isoformat(),
        "to": desk.content.opinion.to,
        "fee": opinion_paper.per_cent(row.fee_rate) if row.fee_rate is not None else "",
    }
    return Page("opinions/one.html", values)


def acted(desk: Desk) -> Answer:
    """Whatever goes on with it."""
    names = ("act", "words", "fee_from", "on")
    body: dict[str, Any] = {name: desk.field(name) for name in names if desk.field(name)}
    if rate := desk.field("fee_rate"):
        body["fee_rate"] = _number(rate)
    if desk.version:
        body["version"] = desk.version
    now = api.acted(desk.sending(body)).body
    return Goto(f"{PATH}/{now['id']}", _SAID[body["act"]])


def _number(text: str) -> float:
    try:
        found = float(text.rstrip("%％"))
    except ValueError:
        found = -1
    if not 0 <= found <= 100:
        raise Invalid("opinion_fee_rate", field="fee_rate")
    return found


def word(desk: Desk) -> Answer:
    """The Word file."""
    name, data = api.file_of(desk, api.the_opinion(desk))
    return Give(data, name, TYPE)


ROOM: Final = Room(
    "opinions",
    "年底评价意见",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, opened, back=listed, roles=KEEPERS),
        Way("GET", _ONE, one),
        Way("POST", f"{_ONE}/act", acted, back=one, roles=KEEPERS),
        Way("GET", f"{_ONE}/paper.docx", word),
    ),
    roles=COMMUNITY,
    group="1清单",
)
