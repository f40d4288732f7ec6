"""The picture of a plan (甘特图) as SVG made on the server: a bar a measure, how much of it is done, today.

Across everything is a percentage and names stand above their bars: a phone shows the whole plan in letters that
can be read. Colours are classes of the style sheets; it prints, needs no script, and is told to who cannot see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from redprop_bot.rules.projects import Scale, Step

_TOP, _ROW, _FOOT = 30, 44, 20
_LETTERS: Final = 18
"""So much of a name has room on a phone; the whole stands in the list below."""
_ROOM: Final = 0.06
_ROOM_NARROW: Final = 0.17
"""What the name of a month takes up of the width, and what it takes up of a phone's."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what stands above it, the step that it draws, how it looks, what it says, where it leads."""

    label: str
    step: Step
    look: str  # open | done | late | cancelled
    says: str
    link: str = ""


def gantt(
    lines: Sequence[Line], scale: Scale, now: datetime, title: str, marks: Sequence[datetime] = ()
) -> Markup:
    """The picture; `marks` are moments of milestones."""
    height = _TOP + _ROW * len(lines) + (_FOOT if marks else 8)
    head = Markup('<svg class="gantt" height="{}" role="img" aria-label="{}">').format(height, title)
    parts = [head, *_months(scale, height)]
    if scale.first <= now.astimezone(scale.zone).date() <= scale.last:
        parts.append(_upright("today", scale.at(now), height))
    for n, line in enumerate(lines):
        parts.append(_line(line, scale, _TOP + n * _ROW))
    for mark in marks:
        drawn = Markup('<text class="mark" x="{}" y="{}">◆</text>')
        parts.append(drawn.format(_percent(scale.at(mark)), height - 4))
    return Markup("").join([*parts, Markup("</svg>")])


def _percent(part: float) -> str:
    return f"{part * 100:.2f}%"


def _months(scale: Scale, height: int) -> list[Markup]:
    """Upright lines where months begin; names as far as they have room; those that are `also` not on a phone."""
    parts, last, last_narrow = [], -1.0, -1.0
    for name, place in scale.months:
        parts.append(_upright("month", place, height))
        if place - last < _ROOM or place > 1 - _ROOM:
            continue
        last = place
        narrow = place - last_narrow >= _ROOM_NARROW and place <= 1 - _ROOM_NARROW
        last_narrow = place if narrow else last_narrow
        drawn = Markup('<text x="{}" y="20" dx="4" class="{}">{}</text>')
        parts.append(drawn.format(_percent(place), "foot" if narrow else "foot also", name))
    return parts


def _upright(name: str, place: float, height: int) -> Markup:
    at = _percent(place)
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(name, at, at, 8, height)


def _line(line: Line, scale: Scale, top: int) -> Markup:
    span = scale.span(line.step)
    label = line.label if len(line.label) <= _LETTERS else f"{line.label[: _LETTERS - 1]}…"
    drawn = Markup(
        '<g class="{look}"><title>{says}</title><text x="0" y="{base}">{label}</text>'
        '<rect class="bar" x="{x}" y="{y}" width="{w}" height="14" rx="4"/>'
        '<rect class="fill" x="{x}" y="{y}" width="{d}" height="14" rx="4"/></g>'
    ).format(
        look=line.look,
        says=line.says,
        base=top + 18,
        label=label,
        x=_percent(span.left),
        y=top + 24,
        w=_percent(span.width),
        d=_percent(span.done),
    )
    return Markup('<a href="{}">{}</a>').format(line.link, drawn) if line.link else drawn
