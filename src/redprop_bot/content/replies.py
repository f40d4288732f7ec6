"""Wording for people: templates from `data/replies/`, checked at the start, filled at use.

A template may use the slots that the packaged template of the same key uses, and `COMMON`. A missing slot is
never shown to a person as a hole in braces.
"""

import logging
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from redprop_bot.content.yaml import Lines
from redprop_bot.errors import Fault

log = logging.getLogger(__name__)

COMMON = frozenset({"no", "where", "what", "handler", "due", "link", "who", "note", "community", "urgency"})


@dataclass(frozen=True, slots=True)
class Replies:
    """All templates by key."""

    templates: Mapping[str, str]

    def __contains__(self, key: str) -> bool:
        return key in self.templates

    def say(self, key: str, /, **slots: Any) -> str:
        """The wording of `key` with its slots filled; a line whose slots are all empty falls away."""
        return self.say_beside(key, frozenset(), **slots)

    def say_beside(self, key: str, shown: frozenset[str], /, **slots: Any) -> str:
        """The same without the lines that hold only slots which are `shown` beside it, such as on a card."""
        lines = (
            _line(key, line, slots)
            for line in _lines(self.templates[key])
            if not line.slots or not line.slots <= shown
        )
        return "\n".join(line.rstrip() for line in lines if line and line.strip())


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a template, taken apart once: words and the slots that follow them."""

    parts: tuple[tuple[str, str | None], ...]
    slots: frozenset[str]

    @property
    def plain(self) -> str:
        """The words of a line without slots."""
        return "".join(words for words, _ in self.parts)


@cache
def _lines(template: str) -> tuple[_Line, ...]:
    return tuple(
        _Line(
            tuple((words, name) for words, name, _, _ in string.Formatter().parse(line)),
            slots_of(line),
        )
        for line in template.split("\n")
    )


def _line(key: str, line: _Line, slots: Mapping[str, Any]) -> str | None:
    if not line.slots:
        return line.plain
    if not line.slots <= slots.keys():
        log.error("reply %s: slots %s are not given", key, "、".join(sorted(line.slots - slots.keys())))
    made, filled = [], False
    for words, name in line.parts:
        made.append(words)
        value = None if name is None else slots.get(name)
        if value is not None and value != "":
            made.append(str(value))
            filled = True
    return "".join(made) if filled else None


@cache
def slots_of(template: str) -> frozenset[str]:
    """The slot names of a template; raises ValueError when its braces are wrong."""
    names = set()
    for _, name, spec, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(name)
        names.add(name)
    return frozenset(names)


def flatten(raw: Any, line_of: Lines, name: str, faults: list[Fault]) -> dict[str, str]:
    """Nested mappings to dotted keys; everything that is not wording is a fault."""
    found: dict[str, str] = {}

    def walk(value: Any, path: tuple[str, ...]) -> None:
        where = f"{name}:{line_of(path)}"
        if isinstance(value, Mapping):
            for key, inner in value.items():
                walk(inner, (*path, str(key)))
        elif not isinstance(value, str) or not value.strip():
            faults.append(Fault(where, f"“{'.'.join(path)}” 应为一段文字"))
        else:
            try:
                slots_of(value)
            except ValueError:
                faults.append(Fault(where, f"“{'.'.join(path)}” 的花括号不对"))
            else:
                found[".".join(path)] = value.rstrip("\n")

    walk(raw or {}, ())
    return found
