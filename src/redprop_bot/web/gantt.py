"""The picture of a plan (甘特图) as SVG made on the server: a bar a measure, how much of it is done, today.

Colours are classes of the style sheets; it prints, needs no script, and is told to who cannot see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from redprop_bot.rules.projects import Scale, Step

WIDTH: Final = 900
_LABELS, _RIGHT, _TOP, _ROW = 250, 10, 30, 34
_LETTERS: Final = 15


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what stands at its left, the step that it draws, how it looks, what it says, where it leads."""

    label: str
    step: Step
    look: str  # open | done | late | cancelled
    says: str
    link: str = ""


def gantt(
    lines: Sequence[Line], scale: Scale, now: datetime, title: str, marks: Sequence[datetime] = ()
) -> Markup:
    """The picture; `marks` are moments of milestones."""
    height = _TOP + _ROW * len(lines) + 8
    head = Markup('<svg class="gantt" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        WIDTH, height, title
    )
    parts = [head, *_months(scale, height)]
    for n, line in enumerate(lines):
        parts.append(_line(line, scale, _TOP + n * _ROW))
    if scale.first <= now.astimezone(scale.zone).date() <= scale.last:
        parts.append(_upright("today", _x(scale.at(now)), height))
    for mark in marks:
        drawn = Markup('<path class="mark" d="M{0} {1}l6 6-6 6-6-6z"/>')
        parts.append(drawn.format(f"{_x(scale.at(mark)):.1f}", height - 14))
    return Markup("").join([*parts, Markup("</svg>")])


def _x(part: float) -> float:
    return _LABELS + part * (WIDTH - _LABELS - _RIGHT)


def _months(scale: Scale, height: int) -> list[Markup]:
    """Upright lines where months begin; names only as far as they have room."""
    parts, last = [], -100.0
    for name, place in scale.months:
        x = _x(place)
        parts.append(_upright("month", x, height))
        if x - last >= 48:
            parts.append(Markup('<text x="{}" y="20" class="foot">{}</text>').format(f"{x + 4:.1f}", name))
            last = x
    return parts


def _upright(name: str, x: float, height: int) -> Markup:
    at = f"{x:.1f}"
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(name, at, at, 8, height)


def _line(line: Line, scale: Scale, top: int) -> Markup:
    span = scale.span(line.step)
    left, width = _x(span.left), span.width * (WIDTH - _LABELS - _RIGHT)
    done = span.done * (WIDTH - _LABELS - _RIGHT)
    label = line.label if len(line.label) <= _LETTERS else f"{line.label[: _LETTERS - 1]}…"
    drawn = Markup(
        '<g class="{look}"><title>{says}</title><text x="0" y="{base}">{label}</text>'
        '<rect class="bar" x="{x}" y="{y}" width="{w}" height="18" rx="4"/>'
        '<rect class="fill" x="{x}" y="{y}" width="{d}" height="18" rx="4"/></g>'
    ).format(
        look=line.look,
        says=line.says,
        base=top + 20,
        label=label,
        x=f"{left:.1f}",
        y=top + 6,
        w=f"{width:.1f}",
        d=f"{done:.1f}",
    )
    return Markup('<a href="{}">{}</a>').format(line.link, drawn) if line.link else drawn
