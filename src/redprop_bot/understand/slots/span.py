"""A stretch of the text that has been read as something."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` up to `end` mean `slots`."""

    start: int
    end: int
    slots: Mapping[str, str | int] = field(default_factory=dict)


def mask(text: str, spans: Iterable[Span], sign: str = "\u25a1") -> str:
    """The text with the spans blanked, its length kept."""
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = sign * (span.end - span.start)
    return "".join(chars)
