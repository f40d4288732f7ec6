"""One pass over the files of a community: which file holds, what is read from it, every fault with file and line.

A file of a later root replaces the one with the same relative path or adds to the set; what the console has put
above lies over both. What a file must be is asked of the shapes and of the readers of the rules.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from redprop_bot.content import lengths, yaml
from redprop_bot.content.codes import CATEGORIES
from redprop_bot.content.replies import COMMON, Replies, flatten, slots_of
from redprop_bot.content.shapes import Labels, check
from redprop_bot.errors import ContentError, Fault
from redprop_bot.rules.deadline_table import parse_deadlines
from redprop_bot.rules.deadlines import DeadlineTable
from redprop_bot.rules.holiday_table import merge_holidays, read_holidays
from redprop_bot.rules.reminder_table import Reader
from redprop_bot.rules.reminders import Rule

_TELLING = ("tell.", "remind.", "remind_line.")
"""Replies that speak of an order by the same slots."""


def files(folders: Sequence[Path], under: str) -> dict[str, Path]:
    """YAML files below `under` by relative path, later roots winning."""
    return {
        str(path.relative_to(root)): path
        for root in folders
        for path in sorted((root / under).rglob("*.yaml"))
        if path.is_file()
    }


@dataclass(frozen=True, slots=True)
class Above:
    """What lies above the files: whole texts by relative path, single replies by key."""

    files: Mapping[str, str] = field(default_factory=dict)
    replies: Mapping[str, str] = field(default_factory=dict)


class Reading:
    """One pass over the files, collecting faults."""

    def __init__(self, folders: Sequence[Path], above: Above | None = None) -> None:
        self.folders = folders
        self.above = above or Above()
        self.faults: list[Fault] = []

    def sources(self, under: str) -> list[tuple[str, Any, yaml.Lines]]:
        """The files below `under` as they hold: name, value, lines."""
        found = []
        for name, path in files(self.folders, under).items():
            over = self.above.files.get(name)
            try:
                value, line_of = yaml.read(path) if over is None else yaml.parse(over, name)
            except ContentError as error:
                self.faults += error.faults
                continue
            found.append((str(path) if over is None else name, value, line_of))
        return found

    def one(self, name: str) -> tuple[Any, yaml.Lines, str]:
        """The value of a file, where its lines are, its name; None, and a fault, where it cannot be read."""
        over = self.above.files.get(name)
        if over is not None:
            try:
                return *yaml.parse(over, name), name
            except ContentError as error:
                self.faults += error.faults
                return None, lambda _: 1, name
        path = files(self.folders, str(Path(name).parent)).get(name)
        if path is None:
            self.faults.append(Fault(name, "缺少这个文件"))
            return None, lambda _: 1, name
        try:
            value, line_of = yaml.read(path)
        except ContentError as error:
            self.faults += error.faults
            return None, lambda _: 1, str(path)
        return value, line_of, str(path)

    def shaped(self, shape: type[Any], name: str, part: str | None = None) -> Any:
        """A file, or a part of it, in its shape; None where it does not fit."""
        value, line_of, where = self.one(name)
        if value is None:
            return None
        if part is not None:
            value = value.get(part) if isinstance(value, Mapping) else None
            inner = line_of
            return check(shape, value, lambda path: inner((part, *path)), where, self.faults)
        return check(shape, value, line_of, where, self.faults)

    def placed(self, shape: type[Any], name: str) -> tuple[Any, yaml.Lines, str]:
        """A file in its shape, with where its lines are and its name, for checks between its parts."""
        value, line_of, where = self.one(name)
        return None if value is None else check(shape, value, line_of, where, self.faults), line_of, where

    def labels(self) -> Any:
        """Labels that have a name for everything that the packaged ones name."""
        name = "data/labels/labels.yaml"
        found = self.shaped(Labels, name)
        known = Reading(self.folders[:1]).shaped(Labels, name)
        if found is None or known is None:
            return found
        for part, codes in known:
            if isinstance(codes, Mapping) and (lost := codes.keys() - getattr(found, part).keys()):
                _value, line_of, where = self.one(name)
                self.faults.append(Fault(f"{where}:{line_of((part,))}", f"{part} 缺少 {'、'.join(sorted(lost))}"))
        _value, line_of, where = self.one(name)
        self.faults += lengths.of_labels(found, line_of, where)
        return found

    def listed(self, shape: type[Any], name: str, part: str, *, needed: bool = False) -> tuple[Any, ...]:
        """The entries of a list in a file, each in its shape."""
        value, line_of, where = self.one(name)
        items = value.get(part) if isinstance(value, Mapping) else None
        if not isinstance(items, list) or (needed and not items):
            self.faults.append(Fault(f"{where}:1", f"缺少列表 {part}"))
            return ()
        found = [
            check(shape, item, lambda path, n=n: line_of((part, str(n), *path)), where, self.faults)  # type: ignore[misc]
            for n, item in enumerate(items)
        ]
        return tuple(item for item in found if item is not None)

    def replies(self) -> Replies:
        """The wordings."""
        packaged = self._templates(self.folders[:1])
        places: dict[str, str] = {}
        written, spoken = self._templates(self.folders, places), self._spoken(packaged)
        found = written | spoken
        for key, text in found.items():
            extra = slots_of(text) - slots_of(packaged.get(key, text)) - COMMON
            if extra:
                where = "data/replies" if key in spoken else places[key]
                self.faults.append(Fault(where, f"“{key}” 里没有可填的 {{{'}、{'.join(sorted(extra))}}}"))
        return Replies(packaged | found)

    def _spoken(self, packaged: Mapping[str, str]) -> dict[str, str]:
        """Single replies from above the files; what is no reply of ours (any more) is a fault."""
        found: dict[str, str] = {}
        for key, text in self.above.replies.items():
            if key not in packaged:
                self.faults.append(Fault("data/replies", f"没有“{key}”这句话"))
                continue
            texts = flatten({key: text}, lambda _: 1, "data/replies", self.faults)
            self.faults += lengths.of_replies(texts, lambda _: 1, "data/replies")
            found |= texts
        return found

    def _templates(self, folders: Sequence[Path], places: dict[str, str] | None = None) -> dict[str, str]:
        """Wordings by key; `places` is filled with the file and line of each."""
        found: dict[str, str] = {}
        for path in files(folders, "data/replies").values():
            try:
                value, line_of = yaml.read(path)
            except ContentError as error:
                self.faults += [fault for fault in error.faults if fault not in self.faults]
                continue
            texts = flatten(value, line_of, str(path), self.faults)
            self.faults += [f for f in lengths.of_replies(texts, line_of, str(path)) if f not in self.faults]
            for key, text in texts.items():
                where = f"{path}:{line_of(tuple(key.split('.')))}"
                if key in found:
                    self.faults.append(Fault(where, f"“{key}” 已在别的文件里"))
                found[key] = text
                if places is not None:
                    places[key] = where
        return found

    def deadlines(self, labels: Labels | None) -> DeadlineTable | None:
        """The table of terms."""
        read = partial(parse_deadlines, intents=labels.intent if labels else None, categories=CATEGORIES)
        found: DeadlineTable | None = self.parsed(read, "data/deadlines/deadlines.yaml")
        return found

    def parsed(self, read: Callable[..., Any], name: str) -> Any:
        """What a reader of the rules makes of a file; None, and its faults, when it makes nothing of it."""
        value, line_of, where = self.one(name)
        try:
            return None if value is None else read(value, where, line_of)
        except ContentError as error:
            self.faults += error.faults
            return None

    def reminders(self, labels: Labels | None, replies: Replies) -> tuple[Rule, ...]:
        """The rules of reminders and ladder, in the order of files and lines."""
        packaged = self._templates(self.folders[:1])
        known = frozenset().union(*(slots_of(t) for k, t in packaged.items() if k.startswith(_TELLING)))
        found: dict[str, Rule] = {}
        for under, parts in (("data/reminders", ("reminders",)), ("data/ladder", ("steps", "counts"))):
            for where, value, line_of in self.sources(under):
                reader = Reader(
                    where,
                    line_of,
                    self.faults,
                    words=replies.templates.keys(),
                    buttons=labels.button.keys() if labels else (),
                )
                for name, rule in reader.file(value, parts).items():
                    if name in found:
                        self.faults.append(Fault(where, f"“{name}” 已在别的文件里"))
                    found[name] = rule
        for rule in found.values():
            self._speakable(rule, replies, known)
        return tuple(found.values())

    def _speakable(self, rule: Rule, replies: Replies, known: frozenset[str]) -> None:
        for recipient in rule.tell:
            for key in (f"remind.{recipient.message}", f"remind_line.{recipient.message}"):
                if extra := slots_of(replies.templates[key]) - known:
                    names = "}、{".join(sorted(extra))
                    self.faults.append(Fault("data/replies", f"“{key}” 里没有可填的 {{{names}}}"))

    def holidays(self) -> Mapping[date, bool]:
        """Days off and days of work of all files; no day stands in two."""
        tables = []
        for path in files(self.folders, "data/holidays").values():
            try:
                value, line_of = yaml.read(path)
                tables.append(read_holidays(value, str(path), line_of))
            except ContentError as error:
                self.faults += error.faults
        try:
            return merge_holidays(tables)
        except ContentError as error:
            self.faults += error.faults
            return {}
