"""Reading the shifts of a day, `[08:30-12:00, 13:30-18:00]`: wherever working hours stand in a data file.

Pure: what is wrong is handed to the caller, who knows file and line. What shifts mean lives in `workdays`.
"""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

from redprop_bot.rules.workdays import Shifts, shift_fault

_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})")


def read_shifts(raw: Any, wrong: Callable[[tuple[str, ...], str], None]) -> Shifts:
    """The shifts of a list; `wrong` gets the path below `shifts` and what is wrong there."""
    if not isinstance(raw, list):
        wrong((), "应为班次列表，例如 [08:30-12:00, 13:30-18:00]")
        return ()
    shifts = [_shift(item) for item in raw]
    for index, shift in enumerate(shifts):
        if shift is None:
            wrong((str(index),), f"{raw[index]!r} 不是班次，写成 08:30-12:00")
    good = tuple(shift for shift in shifts if shift)
    if len(good) == len(raw) and (what := shift_fault(good)):
        wrong((), what)
    return good


def _shift(item: Any) -> tuple[time, time] | None:
    match = _SHIFT.fullmatch(item.strip().replace("：", ":")) if isinstance(item, str) else None
    if match is None:
        return None
    hour, minute, end_hour, end_minute = map(int, match.groups())
    if (end_hour, end_minute) == (24, 0):
        end_hour = 0
    try:
        return time(hour, minute), time(end_hour, end_minute)
    except ValueError:
        return None
