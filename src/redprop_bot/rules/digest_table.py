"""Reading `data/digests/`: every fault at once, with its line.

Pure: the mapping is handed in. What an entry means lives in `digests`. The form of the file stands in its head.
"""

import re
from collections.abc import Collection, Mapping
from datetime import time
from enum import StrEnum
from typing import Any, Final

from redprop_bot.errors import ContentError
from redprop_bot.rules.digests import MONTH, PERIOD, TODAY, Digest, Digests, Every, Section, To
from redprop_bot.rules.figures import RATES
from redprop_bot.rules.table_reader import KeyPath, TableReader
from redprop_bot.rules.workdays import LineOf

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
_AT: Final = re.compile(r"(\d{1,2}):(\d{2})")
_KEYS: Final = ("name", "every", "at", "to", "message", "sections")
_HEAD: Final = ("digests", "weights", "rank_from", "shown")


def parse_digests(
    raw: Any, where: str, line_of: LineOf | None = None, *, words: Collection[str] | None = None
) -> Digests:
    """Read the mapping of the file; ContentError with every fault. `words` are the keys of replies that exist."""
    reader = _Reader(where, line_of, words)
    found = reader.file(raw)
    if reader.faults:
        raise ContentError(reader.faults)
    return found


class _Reader(TableReader):
    """Reads the file from its root; `words` are the keys of replies."""

    def __init__(self, where: str, line_of: LineOf | None, words: Collection[str] | None) -> None:
        super().__init__(where, line_of)
        self.words = words

    def file(self, raw: Any) -> Digests:
        root = self.mapping(raw, (), _HEAD)
        items = root.get("digests", [])
        if not isinstance(items, list):
            self.wrong(("digests",), "应为列表")
            items = []
        entries = [self.entry(item, ("digests", str(number))) for number, item in enumerate(items)]
        names = [entry.name for entry in entries]
        for number, name in enumerate(names):
            if name and name in names[:number]:
                self.wrong(("digests", str(number), "name"), f"“{name}” 写了两次")
        return Digests(
            tuple(entries), self.weights(root), self.number(root, "rank_from", 1), self.number(root, "shown", 1, 9)
        )

    def entry(self, raw: Any, path: KeyPath) -> Digest:
        row = self.mapping(raw, path, _KEYS)
        name = row.get("name")
        if row and (not isinstance(name, str) or not _NAME.fullmatch(name)):
            self.wrong((*path, "name"), "name 用小写字母、数字和下划线")
            name = ""
        every = self.one(Every, row, (*path, "every"), Every.WORKDAY)
        sections = self.several(Section, row, (*path, "sections"))
        to = self.several(To, row, (*path, "to"))
        if To.RESIDENTS in to and len(to) > 1:
            self.wrong((*path, "to"), "给居民的单独写一条")
        fitting = self.fitting(every, to)
        if strange := [section for section in sections if section not in fitting]:
            self.wrong((*path, "sections"), f"这里不能有 {'、'.join(strange)}，可用的有 {'、'.join(fitting)}")
        message = str(row.get("message", ""))
        needed = [f"digest.{message}", *(f"digest_line.{section}" for section in sections)]
        if self.words is not None and row and (lost := [key for key in needed if key not in self.words]):
            self.wrong((*path, "message"), f"data/replies 里没有 {'、'.join(lost)}")
        return Digest(str(name or ""), every, self.at(row, path), to, message, sections)

    @staticmethod
    def fitting(every: Every, to: tuple[To, ...]) -> tuple[Section, ...]:
        """What may stand in it: the card of the day, the report of a period, a resident's month."""
        if To.RESIDENTS in to:
            return MONTH
        return TODAY if every == Every.WORKDAY else PERIOD

    def one(self, kind: type[StrEnum], row: Mapping[str, Any], path: KeyPath, stand_in: Any) -> Any:
        try:
            return kind(row.get(path[-1], stand_in))
        except ValueError:
            self.wrong(path, f"应为 {'、'.join(kind)} 之一")
            return stand_in

    def several(self, kind: type[StrEnum], row: Mapping[str, Any], path: KeyPath) -> tuple[Any, ...]:
        items = row.get(path[-1], [])
        known = tuple(kind)
        if not isinstance(items, list) or (row and not items) or any(item not in known for item in items):
            self.wrong(path, f"应为列表，可用的有 {'、'.join(known)}")
            return ()
        if len(set(items)) < len(items):
            self.wrong(path, "同一项写了两次")
        return tuple(kind(item) for item in items)

    def at(self, row: Mapping[str, Any], path: KeyPath) -> time:
        value = row.get("at", "08:30")
        if isinstance(value, int) and not isinstance(value, bool):  # YAML reads 10:00 without quotes as 600
            value = f"{value // 60}:{value % 60:02d}"
        found = _AT.fullmatch(value) if isinstance(value, str) else None
        if found is None or not (int(found[1]) < 24 and int(found[2]) < 60):
            self.wrong((*path, "at"), f"{row.get('at')!r} 不是钟点，写成 08:30")
            return time(8, 30)
        return time(int(found[1]), int(found[2]))

    def weights(self, root: Mapping[str, Any]) -> Mapping[str, int]:
        given = root.get("weights", {})
        good = isinstance(given, Mapping) and set(given) == set(RATES)
        if not good or any(isinstance(n, bool) or not isinstance(n, int) or n < 0 for n in given.values()):
            self.wrong(("weights",), f"应写 {'、'.join(RATES)} 三项，都是整数")
            return dict.fromkeys(RATES, 0)
        if sum(given.values()) != 100:
            self.wrong(("weights",), "三项加起来应为 100")
        return dict(given)

    def number(self, root: Mapping[str, Any], key: str, least: int, most: int = 1000) -> int:
        value = root.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong((key,), f"应为 {least} 到 {most} 的整数")
            return least
        return value
