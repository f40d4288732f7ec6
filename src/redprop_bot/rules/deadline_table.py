"""Reading the table of terms (`data/deadlines/`): durations, shifts, levels; every fault at once, with its line.

Pure: the mapping is handed in. What the terms mean and how they are counted lives in `deadlines`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, get_args

from redprop_bot.errors import ContentError
from redprop_bot.rules.deadlines import (
    LEVELS,
    LONGEST_HOURS,
    UNIT_HOURS,
    ClockKind,
    DeadlineTable,
    Duration,
    Level,
    LevelTerms,
    Special,
    Terms,
    Unit,
)
from redprop_bot.rules.shift_table import read_shifts
from redprop_bot.rules.table_reader import KeyPath, TableReader
from redprop_bot.rules.workdays import LineOf, Shifts

_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(min|h|wd|d)")


def parse_duration(text: Any) -> Duration:
    """Read `15min`, `2h`, `1wd`, `14d`; ValueError with what is wrong."""
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{text!r} 不是时长，写成 15min、2h、1wd（工作日）或 14d（自然日）")
    amount, unit = float(match[1]), match[2]
    duration = Duration(amount, next(known for known in get_args(Unit) if known == unit))
    if not 0 < amount * UNIT_HOURS[duration.unit] <= LONGEST_HOURS:
        raise ValueError(f"{text!r} 应大于 0，不超过 366 天")
    return duration


def parse_deadlines(
    raw: Mapping[str, Any],
    where: str,
    line_of: LineOf | None = None,
    *,
    intents: Collection[str] | None = None,
    categories: Collection[str] | None = None,
) -> DeadlineTable:
    """Read the mapping of a deadlines file; ContentError with every fault.

    `line_of` gets the key path of what is wrong; for a missing key, that of the mapping it is missing from.
    `intents` and `categories`, where given, are the only ones that may have terms of their own.
    """
    reader = _Reader(where, line_of, intents, categories)
    table = reader.table(raw)
    if reader.faults:
        raise ContentError(reader.faults)
    return table


_STAND_IN = Duration(0, "d")  # keeps the reading going after a fault; never leaves this module
_TERM_KEYS = ("sign_for", "first_contact", "solve")
_ALL_TERMS = (*_TERM_KEYS, "control")
_CONDITIONS = ("level", "intent", "category", "estate", "unit", "complex")
_TABLE_KEYS = (
    "shifts",
    "levels",
    "rework",
    "return",
    "extension",
    "auto_close",
    "reopen",
    "pause",
    "place_question",
)


class _Reader(TableReader):
    """Reads the file from its root."""

    def __init__(
        self,
        where: str,
        line_of: LineOf | None,
        intents: Collection[str] | None,
        categories: Collection[str] | None,
    ) -> None:
        super().__init__(where, line_of)
        self.known_intents, self.known_categories = intents, categories

    def table(self, raw: Any) -> DeadlineTable:
        root = self.mapping(raw, (), _TABLE_KEYS, ("special", "control_words"))
        back = self.section(root, "return", ("normal", "complex"))
        more = self.section(root, "extension", ("secretary", "street"))
        table = DeadlineTable(
            shifts=self.shifts(root),
            levels=self.levels(root),
            rework=self.duration(root, (), "rework"),
            return_normal=self.duration(back, ("return",), "normal"),
            return_complex=self.duration(back, ("return",), "complex"),
            extension_secretary=self.whole_days(more, "secretary"),
            extension_street=self.whole_days(more, "street"),
            auto_close=self.duration(root, (), "auto_close"),
            reopen=self.duration(root, (), "reopen"),
            pause=self.duration(root, (), "pause"),
            place_question=self.duration(root, (), "place_question"),
            control_words=self.control_words(root),
            special=self.special(root),
        )
        self.ordered(table.return_normal, table.return_complex, ("return", "complex"), "应不短于 normal")
        if "secretary" in more and "street" in more and table.extension_street < table.extension_secretary:
            self.wrong(("extension", "street"), "应不少于 secretary")
        return table

    def section(self, root: Mapping[str, Any], key: str, needed: Collection[str]) -> Mapping[str, Any]:
        return self.mapping(root[key], (key,), needed) if key in root else {}

    def levels(self, root: Mapping[str, Any]) -> Mapping[Level, LevelTerms]:
        rows = self.section(root, "levels", LEVELS)
        return {name: self.one_level(rows[name], ("levels", name)) for name in LEVELS if name in rows}

    def one_level(self, raw: Any, path: KeyPath) -> LevelTerms:
        row = self.mapping(raw, path, ("clock", *_TERM_KEYS), ("control", "intents"))
        stand_in = Terms("calendar", _STAND_IN, _STAND_IN, _STAND_IN)
        terms = self.terms(row, path, stand_in)
        own = row.get("intents", {})
        if not isinstance(own, Mapping):
            self.wrong((*path, "intents"), "应为“意图: {solve: 时长}”的形式")
            own = {}
        return LevelTerms(terms, {str(name): self.own_terms(own, name, path, terms) for name in own})

    def own_terms(self, rows: Mapping[str, Any], name: str, path: KeyPath, terms: Terms) -> Terms:
        here = (*path, "intents", str(name))
        if self.known_intents is not None and name not in self.known_intents:
            self.wrong(here, "没有这个意图")
        return self.terms(self.mapping(rows[name], here, (), ("clock", *_ALL_TERMS)), here, terms)

    def terms(self, row: Mapping[str, Any], path: KeyPath, base: Terms) -> Terms:
        found = {key: self.duration(row, path, key) for key in _ALL_TERMS if key in row}
        terms = replace(base, clock=self.clock(row, path, base.clock), **found)
        for key in ("sign_for", "first_contact", "control"):
            if {key, "solve"} & found.keys() and getattr(terms, key) is not None:
                self.ordered(getattr(terms, key), terms.solve, (*path, key), "应不长于 solve", late=True)
        return terms

    def clock(self, row: Mapping[str, Any], path: KeyPath, base: ClockKind) -> ClockKind:
        for kind in get_args(ClockKind):
            if row.get("clock", base) == kind:
                return kind  # type: ignore[no-any-return]
        self.wrong((*path, "clock"), f"{row['clock']!r} 应为 calendar（自然时）或 working（工作时）")
        return base

    def duration(self, row: Mapping[str, Any], path: KeyPath, key: str) -> Duration:
        if key not in row:
            return _STAND_IN  # told by `mapping`
        try:
            return parse_duration(row[key])
        except ValueError as error:
            self.wrong((*path, key), str(error))
            return _STAND_IN

    def whole_days(self, row: Mapping[str, Any], key: str) -> int:
        duration = self.duration(row, ("extension",), key)
        if duration is not _STAND_IN and (duration.unit != "wd" or duration.amount % 1):
            self.wrong(("extension", key), "应为整数个工作日，例如 5wd")
        return int(duration.amount)

    def ordered(self, short: Duration, long: Duration, path: KeyPath, what: str, *, late: bool = False) -> None:
        """Compares what has one unit; between units the calendar decides, not the table."""
        if _STAND_IN in (short, long) or short.unit != long.unit or short.amount <= long.amount:
            return
        self.wrong(path, f"{short if late else long} {what}")

    def shifts(self, root: Mapping[str, Any]) -> Shifts:
        if "shifts" not in root:
            return ()
        return read_shifts(root["shifts"], lambda keys, what: self.wrong(("shifts", *keys), what))

    def control_words(self, root: Mapping[str, Any]) -> tuple[str, ...]:
        """Words by which a unit says that a danger is over; whoever sets such a term needs some."""
        words = root.get("control_words", [])
        if not isinstance(words, list) or not all(isinstance(w, str) and w.strip() for w in words):
            self.wrong(("control_words",), "应为一串词，例如 [控制住, 险情解除]")
            return ()
        levels = root.get("levels")
        rows = levels.values() if isinstance(levels, Mapping) else ()
        if not words and any(isinstance(row, Mapping) and "control" in row for row in rows):
            self.wrong(("levels",), "写了 control，还要在 control_words 里写怎样算控制住了")
        return tuple(word.strip() for word in words)

    def special(self, root: Mapping[str, Any]) -> tuple[Special, ...]:
        """Terms of single matters; what names the same matter twice is a fault."""
        rows = root.get("special") or []
        if not isinstance(rows, list):
            self.wrong(("special",), "应为列表，每条写明是什么事、时限多久")
            return ()
        found: list[Special] = []
        for number, raw in enumerate(rows):
            path = ("special", str(number))
            row = self.mapping(raw, path, (), (*_CONDITIONS, "clock", *_ALL_TERMS))
            special = self.one_special(row, path)
            if any(special.conditions == other.conditions for other in found):
                self.wrong(path, "同样的条件写了两次")
            found.append(special)
        return tuple(found)

    def one_special(self, row: Mapping[str, Any], path: KeyPath) -> Special:
        said = {key: row[key] for key in _CONDITIONS if key in row}
        if not said:
            self.wrong(path, f"应写明是什么事：{'、'.join(_CONDITIONS)} 里至少一项")
        if not any(key in row for key in ("clock", *_ALL_TERMS)):
            self.wrong(path, f"应写明时限：{'、'.join(_ALL_TERMS)} 里至少一项")
        known = {"level": LEVELS, "intent": self.known_intents, "category": self.known_categories}
        for key, value in said.items():
            allowed = known.get(key)
            if key == "complex" and not isinstance(value, bool):
                self.wrong((*path, key), f"{value!r} 应为 true 或 false")
            elif key != "complex" and not (isinstance(value, str) and value):
                self.wrong((*path, key), f"{value!r} 应为一个名称")
            elif allowed is not None and value not in allowed:
                self.wrong((*path, key), f"没有 {value}")
        terms = {key: self.duration(row, path, key) for key in _ALL_TERMS if key in row}
        for key in ("sign_for", "first_contact", "control"):
            if key in terms and "solve" in terms:
                self.ordered(terms[key], terms["solve"], (*path, key), "应不长于 solve", late=True)
        clock = self.clock(row, path, "calendar") if "clock" in row else None
        return Special(tuple(said.items()), clock, terms)
