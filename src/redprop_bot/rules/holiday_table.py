"""Reading a community's own days off and days of work (`data/holidays/`), and saying what is only guessed.

Pure: mappings are handed in. Every fault is told at once with its line: no date, a range that ends before it
begins, a day that is said twice, days that one place calls off and another on. How time is counted lives in
`workdays`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from redprop_bot.errors import ContentError, Fault
from redprop_bot.rules.workdays import LineOf, fault, known_until

LONGEST_RANGE = 60
"""Days of one range; more is a slip of the pen."""
SOON = timedelta(days=60)
"""So long before the published table ends somebody should look for the next one."""

_RANGE = "/"


@dataclass
class HolidayTable:
    """The days of one file: day → whether people work, and the place that says so."""

    days: dict[date, bool] = field(default_factory=dict)
    said_at: dict[date, str] = field(default_factory=dict)


def parse_holidays(raw: Mapping[Any, Any] | None, where: str, line_of: LineOf | None = None) -> dict[date, bool]:
    """Read a table `{off: [days], on: [days]}` into day → works; ContentError with every fault."""
    return read_holidays(raw, where, line_of).days


def read_holidays(raw: Mapping[Any, Any] | None, where: str, line_of: LineOf | None = None) -> HolidayTable:
    """The same with the place of each day. A day is `2027-02-06`, a range `2027-02-05/2027-02-11`, both ends in.

    YAML 1.1 reads the bare keys `on` and `off` as true and false; both spellings are taken.
    """
    if not isinstance(raw, Mapping | None):
        raise ContentError([Fault(where, "应为 off: [日期] 和 on: [日期]")])
    faults: list[Fault] = []
    table = HolidayTable()
    names: dict[Any, str] = {True: "on", False: "off"}
    for key, days in (raw or {}).items():
        name = names.get(key, key) if isinstance(key, bool | str) else str(key)
        if name not in ("on", "off"):
            faults.append(fault(where, (str(name),), "没有这一项，只有 off（休息）和 on（上班）", line_of))
        elif days is not None and not isinstance(days, list):
            faults.append(fault(where, (name,), "应为日期列表", line_of))
        else:
            for index, item in enumerate(days or []):
                here = fault(where, (name, str(index)), "", line_of).where
                if what := _take(table, item, works=name == "on", at=here):
                    faults.append(Fault(here, what))
    if faults:
        raise ContentError(faults)
    return table


def merge_holidays(tables: Iterable[HolidayTable]) -> dict[date, bool]:
    """Several files as one; ContentError, with both places, where two of them name the same day."""
    merged = HolidayTable()
    faults = []
    for table in tables:
        for day, works in table.days.items():
            if day in merged.days:
                clash = "矛盾：一处上班，一处休息" if merged.days[day] is not works else "重复，留一处就行"
                faults.append(Fault(table.said_at[day], f"{day} 与 {merged.said_at[day]} {clash}"))
                continue
            merged.days[day], merged.said_at[day] = works, table.said_at[day]
    if faults:
        raise ContentError(faults)
    return merged.days


def _take(table: HolidayTable, item: Any, *, works: bool, at: str) -> str:
    """Enter a day or a range; says what is wrong with it."""
    days = _days(item)
    if isinstance(days, str):
        return days
    for day in days:
        if table.days.get(day, works) is not works:
            return f"{day} 同时写在 off 和 on 里"
        if day in table.days:
            return f"{day} 写了两次，和 {table.said_at[day]} 重叠"
        table.days[day], table.said_at[day] = works, at
    return ""


def _days(item: Any) -> list[date] | str:
    """The days that an entry means, or what is wrong with it."""
    wrong = f"{item!r} 不是日期，写成 2027-02-06，一段写成 2027-02-05/2027-02-11"
    first, slash, last = item.partition(_RANGE) if isinstance(item, str) else (item, "", "")
    start, end = _day(first), _day(last if slash else first)
    if start is None or end is None:
        return wrong
    if not 0 <= (end - start).days < LONGEST_RANGE:
        return f"{item!r} 应是先早后晚的一段，不超过 {LONGEST_RANGE} 天"
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def _day(item: Any) -> date | None:
    if not isinstance(item, str):
        return item if type(item) is date else None
    try:
        return date.fromisoformat(item.strip())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the days off are known: published until, own days after that, and whether it is time to look."""

    until: date
    own_days_after: int
    days_left: int

    @property
    def is_over(self) -> bool:
        """Whether days are counted by weekday alone already, with no table of the community's own."""
        return self.days_left < 0 and not self.own_days_after

    @property
    def is_ending(self) -> bool:
        """Whether the published table ends soon, or is at its end."""
        return self.days_left < SOON.days and not self.own_days_after


def coverage(own: Mapping[date, bool], today: date) -> Coverage:
    """Until when the Chinese holidays are known, for `doctor` and for the console."""
    until = known_until()
    return Coverage(until, sum(day > until for day in own), (until - today).days)
