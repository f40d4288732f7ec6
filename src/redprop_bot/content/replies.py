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
            for line in self.templates[key].split("\n")
            if not slots_of(line) or not slots_of(line) <= shown
        )
        return "\n".join(line for line in lines if line and line.strip())


def _line(key: str, line: str, slots: Mapping[str, Any]) -> str | None:
    names = slots_of(line)
    if names and not any(slots.get(name) not in (None, "") for name in names):
        for name in names - set(slots):
            log.error("reply %s: slot %s is not given", key, name)
        return None
    return _Filled(key).vformat(line, (), slots)


class _Filled(string.Formatter):
    def __init__(self, key: str) -> None:
        self._key = key

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002
        if key not in kwargs:
            log.error("reply %s: slot %s is not given", self._key, key)
            return ""
        value = kwargs[str(key)]
        return "" if value is None else value


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
