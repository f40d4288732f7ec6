"""Working hours of single estates and units (`data/hours/`): a property company with a night shift, an office.

Pure: the list is handed in. An entry names an estate, a unit or both; of those that fit an order the one that
names both wins, then the unit's, then the estate's; without any the hours of `data/deadlines/` hold. How time is
counted lives in `workdays`; whether such an estate exists is known by the register, and `doctor` says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.errors import ContentError, Fault
from redprop_bot.rules.shift_table import read_shifts
from redprop_bot.rules.workdays import LineOf, Shifts, fault

DAYS: Final = ("workdays", "daily")


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody works: `daily` means weekends and holidays as well."""

    shifts: Shifts
    estate: str | None = None
    unit: str | None = None
    daily: bool = False


def hours_for(rows: Sequence[Hours], estate: str | None, unit: str | None) -> Hours | None:
    """The entry that holds for an order at an estate in the hands of a unit, or None."""
    fitting = [row for row in rows if row.estate in (None, estate) and row.unit in (None, unit)]
    return max(fitting, key=lambda row: (row.unit is not None, row.estate is not None), default=None)


def parse_hours(raw: Any, where: str, line_of: LineOf | None = None) -> tuple[Hours, ...]:
    """Read `{hours: [{estate?, unit?, days?, shifts}]}`; ContentError with every fault and its line."""
    items = raw.get("hours") if isinstance(raw, Mapping) else None
    if not isinstance(items, list) or set(raw) != {"hours"}:
        raise ContentError([Fault(f"{where}:1", "应只有一个列表 hours")])
    faults: list[Fault] = []
    found: list[Hours] = []
    for number, item in enumerate(items):
        path = ("hours", str(number))
        row = _row(item, path, where, line_of, faults)
        if row is not None and any((row.estate, row.unit) == (other.estate, other.unit) for other in found):
            faults.append(fault(where, path, "这个小区和单位的上班时间写了两次", line_of))
        elif row is not None:
            found.append(row)
    if faults:
        raise ContentError(faults)
    return tuple(found)


def _row(
    item: Any, path: tuple[str, ...], where: str, line_of: LineOf | None, faults: list[Fault]
) -> Hours | None:
    before = len(faults)

    def wrong(what: str, *keys: str) -> None:
        faults.append(fault(where, (*path, *keys), what, line_of))

    if not isinstance(item, Mapping):
        wrong("应写明 estate 或 unit，和 shifts")
        return None
    for key in item:
        if key not in ("estate", "unit", "days", "shifts"):
            wrong("没有这一项，可用的有 estate、unit、days、shifts", str(key))
    names = {key: item.get(key) for key in ("estate", "unit")}
    if not any(names.values()) or not all(isinstance(name, str | None) for name in names.values()):
        wrong("应写明 estate（小区名）或 unit（单位名）")
    days = item.get("days", "workdays")
    if days not in DAYS:
        wrong(f"{days!r} 应为 workdays（工作日）或 daily（每天）", "days")
    shifts = read_shifts(item.get("shifts"), lambda keys, what: wrong(what, "shifts", *keys))
    if len(faults) > before:
        return None
    return Hours(shifts, names["estate"], names["unit"], days == "daily")
