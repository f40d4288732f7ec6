"""`/console/coverage`: 党组织和工作覆盖: the rates with their numbers, what is to be done, what is not said."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.registry.roster import PARTY
from redprop_bot.rules.figures import percent
from redprop_bot.web import spreadsheets
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import COMMUNITY, Answer, Desk, Give, Page, Room, Way

PATH: Final = "/console/coverage"
_UNSAID: Final = "没写"
_HAS: Final = {True: "有", False: "没有", None: _UNSAID}
_REVIEWED: Final = {True: "联审过", False: "还没有", None: _UNSAID}

Table = tuple[str, list[list[Any]]]


def shown(desk: Desk) -> Answer:
    """The rates of a place, the names behind them, the rows they come from."""
    seen, chosen = _asked(desk), _chosen(desk)
    reg = desk.register
    free = desk.viewer.community_id is None
    streets = [one.name for one in reg.streets.values()] if free and len(reg.streets) > 1 else []
    communities = [one.name for one in reg.communities.values()] if free else []
    return Page(
        "coverage/page.html",
        {
            "seen": seen,
            "members": _told(seen),
            "tables": [_around(one) for one in _tables(seen)],
            "least": desk.content.coverage.members,
            "xlsx": f"{PATH}/coverage.xlsx" + (f"?{urlencode(chosen)}" if chosen else ""),
            "streets": slips.options([(n, n) for n in streets], chosen.get("street", "")),
            "communities": slips.options([(n, n) for n in communities], chosen.get("community", "")),
            "estates": slips.options([(n, n) for n in slips.estates(desk)], chosen.get("estate", "")),
            "percent": percent,
        },
    )


def as_xlsx(desk: Desk) -> Answer:
    """The same as a workbook: the rates, what is missing, what is not said, companies, committees, estates."""
    seen = _asked(desk)
    rates = [["项目", "有几个", "一共几个", "比率", "没写的"], *(_row(one) for one in seen["rates"])]
    lists = [("要办的", [["要办的"], *([one] for one in seen["todo"])])]
    lists += [("名册里没写的", [["名册里没写的"], *([one] for one in seen["unsaid"])])]
    sheets = [("比率", rates), *_of_communities(seen), *lists, *_tables(seen)]
    return Give(spreadsheets.as_xlsx(sheets), f"{seen['name']}覆盖.xlsx", spreadsheets.XLSX)


def _chosen(desk: Desk) -> dict[str, str]:
    """What was picked; an estate says its community itself."""
    picked = {name: desk.query.get(name, "") for name in ("street", "community", "estate")}
    estate = desk.register.estate(picked["estate"])
    if estate is not None and picked["community"] not in ("", desk.register.communities[estate.community_id].name):
        picked["estate"] = ""  # of another community: the community was changed after it
    return {name: value for name, value in picked.items() if value}


def _asked(desk: Desk) -> Mapping[str, Any]:
    body: Mapping[str, Any] = asking.handler("GET", "/coverage")(desk.asking(**_chosen(desk))).body
    return body


def _told(seen: Mapping[str, Any]) -> bool:
    return any("members" in one for one in seen["companies"])


def _row(rate: Mapping[str, Any]) -> list[Any]:
    return [rate["name"], rate["count"], rate["of"], rate["rate"], len(rate["unknown"])]


def _of_communities(seen: Mapping[str, Any]) -> list[Table]:
    if not seen["communities"]:
        return []
    rows: list[list[Any]] = [["社区", "项目", "有几个", "一共几个", "比率", "没写的"]]
    for part in seen["communities"]:
        rows += [[part["community"], *_row(rate)] for rate in part["rates"]]
    return [("各社区", rows)]


def _tables(seen: Mapping[str, Any]) -> list[Table]:
    """The rows that the rates come from, heads first."""
    members = _told(seen)
    companies = [
        [one["name"], "、".join(one["estates"]), PARTY[one["party"]], *([_or(one["members"])] if members else [])]
        for one in seen["companies"]
    ]
    committees = [
        [
            one["name"],
            one["estate"] or _UNSAID,
            _or(one["seats"]),
            _or(one["party_seats"]),
            _or(one["reviewed_on"]) if one["reviewed"] and one["reviewed_on"] else _REVIEWED[one["reviewed"]],
        ]
        for one in seen["committees"]
    ]
    estates = [
        [one["estate"], one["community"], one["property"] or "", _HAS[one["committee"]], _HAS[one["branch"]]]
        for one in seen["estates"]
    ]
    return [
        ("物业公司", [["物业公司", "服务的小区", "党组织", *(["党员"] if members else [])], *companies]),
        ("业委会", [["业委会", "小区", "委员", "其中党员", "候选人联审"], *committees]),
        ("小区", [["小区", "社区", "物业", "业委会", "党支部"], *estates]),
    ]


def _or(value: Any) -> Any:
    return _UNSAID if value is None else value


def _around(table: Table) -> dict[str, Any]:
    title, rows = table
    return {"title": title, "heads": rows[0], "rows": rows[1:]}


ROOM: Final = Room(
    "coverage",
    "覆盖",
    PATH,
    (Way("GET", PATH, shown), Way("GET", f"{PATH}/coverage.xlsx", as_xlsx)),
    roles=COMMUNITY,
    group="2名册",
)
