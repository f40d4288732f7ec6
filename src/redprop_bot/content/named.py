"""Folders of files each of which is one thing with a key and names: a standard, a title, a score sheet.

What stands in such a thing is said in its own module; here only that keys and names stand once in a folder.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import Field

from redprop_bot.content.shapes import Shape, check
from redprop_bot.content.yaml import Lines
from redprop_bot.errors import Fault

KEY: Final = r"^[a-z][a-z0-9_]{0,31}$"


class Named(Shape):
    """One of them. words: what else it is called."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=2, max_length=12)
    words: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called."""
        return (self.title, *self.words)


T = TypeVar("T", bound=Named)


@dataclass(frozen=True, slots=True)
class Folder(Generic[T]):
    """All of them, in the order of their files."""

    all: tuple[T, ...] = ()

    def of(self, key: str) -> T | None:
        """The one with this key or name."""
        return next((one for one in self.all if key == one.key or key in one.names), None)

    def spoken_of(self, text: str) -> tuple[T, str] | None:
        """The one that a text names, and the word it does so by: the longest that occurs."""
        found = [(len(name), name, one) for one in self.all for name in one.names if name in text]
        if not found:
            return None
        _, name, one = max(found, key=lambda said: said[0])
        return one, name


def read_folder(
    shape: type[T],
    sources: Sequence[tuple[str, Any, Lines]],
    faults: list[Fault],
    within: Callable[[T, str, Lines], Iterable[Fault]],
) -> Folder[T]:
    """What these files hold; `within` says what is wrong inside one though every part of it is right."""
    found, taken = [], dict[str, str]()
    for where, value, line_of in sources:
        one = check(shape, value, line_of, where, faults)
        if one is None:
            continue
        faults += within(one, where, line_of)
        for part, names in (("key", (one.key,)), ("title", (one.title,)), ("words", one.words)):
            for name in names:
                at = f"{where}:{line_of((part,))}"
                if name in taken:
                    faults.append(Fault(at, f"“{name}” 已经在 {taken[name]} 里"))
                taken[name] = at
        found.append(one)
    return Folder(tuple(found))
