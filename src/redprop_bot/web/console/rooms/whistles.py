"""`/console/whistles`: 吹哨会商单: what each department said to the whistles of a quarter, as page and file."""

from typing import Any, Final

from redprop_bot.errors import Invalid
from redprop_bot.rules.whistle import quarter_of
from redprop_bot.web import spreadsheets
from redprop_bot.web.api import whistle_sheet, whistles
from redprop_bot.web.api.fields import moment
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import EVERYBODY, Answer, Desk, Give, Page, Room, Way

PATH: Final = "/console/whistles"
_BACK: Final = 8
_TONES: Final = {"called": "amber", "claimed": "blue", "done": "green", "declined": "red", "void": ""}


def _quarter(desk: Desk) -> str:
    """The quarter of the page: as asked for, else this one."""
    year, number = quarter_of(desk.tx.now, desk.content.zone)
    return desk.query.get("quarter") or f"{year}Q{number}"


def _asked(desk: Desk) -> Desk:
    return desk.asking(quarter=_quarter(desk))


def listed(desk: Desk) -> Answer:
    """The sheet with the figures of its quarter; a quarter that is none is told beside this one."""
    wrong = ""
    try:
        matters = whistle_sheet.matters(_asked(desk))
    except Invalid:
        wrong = "没有这个季度，先看这个季度。"
        desk = desk.asking()
        matters = whistle_sheet.matters(_asked(desk))
    total = whistles.counted(_asked(desk)).body["total"]
    quarter = _quarter(desk)
    return Page(
        "whistles/list.html",
        {
            "matters": [_matter(desk, one) for one in matters],
            "total": total,
            "quarter": quarter,
            "quarters": slips.options([(q, f"{q[:4]}年第{q[5]}季度") for q in _quarters(desk)], quarter),
            "fault": wrong,
        },
    )


def _matter(desk: Desk, matter: Any) -> dict[str, Any]:
    units = [
        {
            **unit,
            "tone": _TONES[unit["state"]],
            "answered": _day(desk, unit["answered_at"]),
            "limit": _day(desk, unit["limit_at"]),
            "done": _day(desk, unit["done_at"]),
        }
        for unit in matter["units"]
    ]
    return {**matter, "stage_name": desk.content.labels.stage[matter["stage"]], "units": units}


def _day(desk: Desk, text: str | None) -> str:
    return slips.day(desk, moment(text, "at", desk.content.zone)) if text else ""


def _quarters(desk: Desk) -> list[str]:
    year, number = quarter_of(desk.tx.now, desk.content.zone)
    found = []
    for _ in range(_BACK):
        found.append(f"{year}Q{number}")
        year, number = (year, number - 1) if number > 1 else (year - 1, 4)
    return found


def file(desk: Desk) -> Answer:
    """The same as .xlsx."""
    rows = whistle_sheet.rows(_asked(desk))
    name = f"吹哨会商单 {_quarter(desk)}.xlsx"
    return Give(spreadsheets.as_xlsx([("吹哨会商单", rows)]), name, spreadsheets.XLSX)


ROOM: Final = Room(
    "whistles",
    "吹哨会商",
    PATH,
    (Way("GET", PATH, listed), Way("GET", f"{PATH}/sheet.xlsx", file)),
    roles=EVERYBODY,
    group="1议事",
    key="w",
)
