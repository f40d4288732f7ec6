"""What readers of a community's tables share: they read on after a fault, and collect them all with their lines.

Pure: the mapping is handed in. What a table may hold stands with each reader.
"""

from collections.abc import Collection, Mapping
from typing import Any

from redprop_bot.errors import Fault
from redprop_bot.rules.workdays import LineOf, fault

KeyPath = tuple[str, ...]
"""Keys from the top of a file down to a value."""


class TableReader:
    """Reads one file; `faults` are those found so far."""

    def __init__(self, where: str, line_of: LineOf | None) -> None:
        self.where, self.line_of = where, line_of
        self.faults: list[Fault] = []

    def wrong(self, path: KeyPath, what: str) -> None:
        """Note a fault and go on."""
        self.faults.append(fault(self.where, path, what, self.line_of))

    def mapping(
        self, raw: Any, path: KeyPath, needed: Collection[str], free: Collection[str] = ()
    ) -> Mapping[str, Any]:
        """The mapping itself, or an empty one; says which keys are missing and which nobody knows."""
        if not isinstance(raw, Mapping):
            self.wrong(path, "应为“名称: 值”的形式")
            return {}
        for key in raw:
            if key not in needed and key not in free:
                self.wrong((*path, str(key)), f"没有这一项，可用的有 {'、'.join((*needed, *free))}")
        for key in needed:
            if key not in raw:
                self.wrong(path, f"缺少 {key}")
        return raw
