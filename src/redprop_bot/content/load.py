"""Loading everything a community decides, all faults at once.

Roots are folders that hold `intents/` and `data/`: the packaged one first, then `REDPROP_CONTENT_DIR`; a file of a
later root replaces the one with the same relative path or adds to the set.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from redprop_bot.content import lengths, yaml
from redprop_bot.content.codes import CATEGORIES
from redprop_bot.content.happenings import Clicks, Scenes, unknown_targets
from redprop_bot.content.menus import Menus, read_menus
from redprop_bot.content.readiness import EmergencyMode, Whistle
from redprop_bot.content.replies import COMMON, Replies, flatten, slots_of
from redprop_bot.content.roads import Roads
from redprop_bot.content.shapes import (
    Alarm,
    Joining,
    Labels,
    Limits,
    Places,
    Question,
    Reason,
    check,
    reason_faults,
)
from redprop_bot.content.templates import Templates, read_templates
from redprop_bot.errors import ContentError, Fault
from redprop_bot.rules.deadline_table import parse_deadlines
from redprop_bot.rules.deadlines import DeadlineTable
from redprop_bot.rules.holiday_table import merge_holidays, read_holidays
from redprop_bot.rules.hours import Hours, hours_for, parse_hours
from redprop_bot.rules.reminder_table import Reader
from redprop_bot.rules.reminders import Rule
from redprop_bot.rules.workdays import WorkCalendar, work_calendar

_TELLING = ("tell.", "remind.", "remind_line.")
"""Replies that speak of an order by the same slots."""


@dataclass(frozen=True)
class Content:
    """What the community decided. Read-only; a change makes a new one."""

    replies: Replies
    labels: Labels
    limits: Limits
    joining: Joining
    places: Places
    roads: Roads
    clicks: Clicks
    scenes: Scenes
    alarms: tuple[Alarm, ...]
    questions: tuple[Question, ...]
    deadlines: DeadlineTable
    reminders: tuple[Rule, ...]
    whistle: Whistle
    emergency_mode: EmergencyMode
    holidays: Mapping[date, bool]
    hours: tuple[Hours, ...]
    return_reasons: tuple[Reason, ...]
    menus: Menus
    templates: Templates
    zone: ZoneInfo
    address: str
    secret: bytes = field(default=b"", repr=False)  # the key of signed links

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Working time of the community."""
        return work_calendar(self.zone, self.deadlines.shifts, self.holidays)

    def calendar_for(self, estate: str | None, unit: str | None) -> WorkCalendar:
        """Working time of a unit at an estate, as far as it has hours of its own."""
        own = hours_for(self.hours, estate, unit)
        return self.calendar if own is None else self._calendars[own]

    @cached_property
    def _calendars(self) -> Mapping[Hours, WorkCalendar]:
        return {own: work_calendar(self.zone, own.shifts, self.holidays, daily=own.daily) for own in self.hours}

    @cached_property
    def time_mark(self) -> int:
        """The same number as long as rules, terms, holidays and zone are the same."""
        rules = (self.reminders, self.deadlines, self.hours, sorted(self.holidays.items()), str(self.zone))
        return (
            int.from_bytes(hashlib.sha256(repr(rules).encode()).digest()[:4], "big") >> 1
        )  # fits every integer column


def packaged_root() -> Path:
    """Where the content that ships with the product lies: in the wheel, else in the source tree."""
    inside = Path(__file__).resolve().parents[1] / "_packaged"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3]


def roots(content_dir: Path | None) -> list[Path]:
    """The folders to read, the later ones above the earlier."""
    return [packaged_root(), *([content_dir] if content_dir else [])]


def files(folders: Sequence[Path], under: str) -> dict[str, Path]:
    """YAML files below `under` by relative path, later roots winning."""
    return {
        str(path.relative_to(root)): path
        for root in folders
        for path in sorted((root / under).rglob("*.yaml"))
        if path.is_file()
    }


class _Reading:
    """One pass over the files, collecting faults."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = folders
        self.faults: list[Fault] = []

    def one(self, name: str) -> tuple[Any, yaml.Lines, str]:
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
        value, line_of, where = self.one(name)
        if value is None:
            return None
        if part is not None:
            value = value.get(part) if isinstance(value, Mapping) else None
            inner = line_of
            return check(shape, value, lambda path: inner((part, *path)), where, self.faults)
        return check(shape, value, line_of, where, self.faults)

    def labels(self) -> Any:
        """Labels that have a name for everything that the packaged ones name."""
        name = "data/labels/labels.yaml"
        found = self.shaped(Labels, name)
        known = _Reading(self.folders[:1]).shaped(Labels, name)
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
        packaged = self._templates(self.folders[:1])
        found = self._templates(self.folders)
        for key, text in found.items():
            extra = slots_of(text) - slots_of(packaged.get(key, text)) - COMMON
            if extra:
                self.faults.append(Fault("data/replies", f"“{key}” 里没有可填的 {{{'}、{'.join(sorted(extra))}}}"))
        return Replies(packaged | found)

    def _templates(self, folders: Sequence[Path]) -> dict[str, str]:
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
                if key in found:
                    self.faults.append(
                        Fault(f"{path}:{line_of(tuple(key.split('.')))}", f"“{key}” 已在别的文件里")
                    )
                found[key] = text
        return found

    def deadlines(self, labels: Labels | None) -> DeadlineTable | None:
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
            for path in files(self.folders, under).values():
                try:
                    value, line_of = yaml.read(path)
                except ContentError as error:
                    self.faults += error.faults
                    continue
                reader = Reader(
                    str(path),
                    line_of,
                    self.faults,
                    words=replies.templates.keys(),
                    buttons=labels.button.keys() if labels else (),
                )
                for name, rule in reader.file(value, parts).items():
                    if name in found:
                        self.faults.append(Fault(str(path), f"“{name}” 已在别的文件里"))
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


def load_content(folders: Sequence[Path], *, zone: ZoneInfo, address: str, secret: bytes = b"") -> Content:
    """Read all content; raise ContentError with every fault found."""
    reading = _Reading(folders)
    labels = reading.labels()
    limits = reading.shaped(Limits, "data/limits/limits.yaml")
    joining = reading.shaped(Joining, "data/limits/joining.yaml")
    places = reading.shaped(Places, "data/limits/places.yaml")
    roads = reading.shaped(Roads, "data/limits/roads.yaml")
    clicks = reading.shaped(Clicks, "data/menus/clicks.yaml")
    scenes = reading.shaped(Scenes, "data/menus/scenes.yaml")
    whistle = reading.shaped(Whistle, "data/whistle/whistle.yaml")
    emergency_mode = reading.shaped(EmergencyMode, "data/emergency_mode/mode.yaml")
    alarms = reading.listed(Alarm, "data/emergency/alarms.yaml", "alarms", needed=True)
    questions = reading.listed(Question, "data/answers/questions.yaml", "questions")
    replies, deadlines, holidays = reading.replies(), reading.deadlines(labels), reading.holidays()
    if clicks is not None and labels is not None:
        reading.faults += unknown_targets(clicks, replies, labels.intent)
    hours = reading.parsed(parse_hours, "data/hours/hours.yaml") or ()
    return_reasons = reading.listed(Reason, "data/reasons/return.yaml", "reasons", needed=True)
    reading.faults += reason_faults(return_reasons, "data/reasons/return.yaml")
    menus = read_menus(files(folders, "data/menus"), reading.faults)
    described = list(files(folders, "data/templates").values())
    templates = read_templates(described, replies.templates, labels, reading.faults)
    if clicks is not None and menus is not None:
        reading.faults += menus.unknown(clicks.clicks)
    reminders = reading.reminders(labels, replies)
    if reading.faults or deadlines is None or menus is None:
        raise ContentError(reading.faults)
    return Content(
        replies=replies,
        labels=labels,
        limits=limits,
        joining=joining,
        places=places,
        roads=roads,
        clicks=clicks,
        scenes=scenes,
        alarms=alarms,
        questions=questions,
        deadlines=deadlines,
        reminders=reminders,
        whistle=whistle,
        emergency_mode=emergency_mode,
        holidays=holidays,
        hours=hours,
        return_reasons=return_reasons,
        menus=menus,
        templates=templates,
        zone=zone,
        address=address,
        secret=secret,
    )
