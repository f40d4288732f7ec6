"""What was edited at the console, as far as it fits: after an upgrade one text may fit no more, the others go on.

Whether a text fits is asked by reading everything with it, the others that fit lying there already.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from redprop_bot.content.load import Content
from redprop_bot.content.reading import Above
from redprop_bot.errors import ContentError, Fault

Load = Callable[[Above], Content]
"""Reads all content with what the console has put above the files; raises ContentError."""

_Text = tuple[bool, str, str]
"""Whether it is a file, its path or key, the text."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Content with every text that fits; the faults of those that do not, by path or key."""

    content: Content
    unfit: Mapping[str, tuple[Fault, ...]]


def fitting(load: Load, above: Above, last: str = "") -> Fitting:
    """Read with as much of what was edited as fits; ContentError where the files below are wrong themselves.

    last: the path or key to which it falls when two do not go together, since it was edited last.
    """
    texts = [
        (is_file, name, text)
        for is_file, edited in ((True, above.files), (False, above.replies))
        for name, text in sorted(edited.items())
    ]
    texts.sort(key=lambda one: one[1] == last)
    try:
        return Fitting(load(above), {})
    except ContentError:
        content = load(Above())
    unfit: dict[str, tuple[Fault, ...]] = {}
    kept: list[_Text] = []

    def keep(some: list[_Text]) -> None:  # by halves: most fit, and each reading takes its time
        nonlocal content
        try:
            content = load(_above([*kept, *some]))
        except ContentError as error:
            if len(some) == 1:
                unfit[some[0][1]] = tuple(error.faults)
                return
            half = len(some) // 2
            keep(some[:half])
            keep(some[half:])
        else:
            kept.extend(some)

    keep(texts)
    return Fitting(content, unfit)


def _above(texts: Sequence[_Text]) -> Above:
    return Above(
        {name: text for is_file, name, text in texts if is_file},
        {name: text for is_file, name, text in texts if not is_file},
    )
