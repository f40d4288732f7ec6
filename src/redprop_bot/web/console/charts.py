"""Small charts as SVG made on the server: they print, need no script, and every bar leads to its orders.

Colours are classes of the style sheet. Who cannot see a bar hears its title; numbers stand in the page as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from markupsafe import Markup

HEIGHT: Final = 220
_TOP, _BOTTOM = 12, 26
_MOST_LABELS: Final = 12
_THICKEST: Final = 3.0
"""A bar is never wider than so many percent."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of a course: what stands below it, its two numbers, where each leads, what each says."""

    label: str
    values: tuple[int, int]
    links: tuple[str, str]
    says: tuple[str, str]


def course(bars: Sequence[Bar], title: str) -> Markup:
    """Two bars a step, side by side, over a scale of whole numbers.

    Across everything is a percentage, so that the chart fits a phone while letters keep their size; the style
    sheet makes room for the scale at its left, and drops every second label where it is narrow.
    """
    top = scale(max((max(bar.values) for bar in bars), default=0))
    width = 100 / max(len(bars), 1)
    parts = [_line(value, top) for value in range(0, top + 1, max(top // 4, 1))]
    every = ceil(len(bars) / _MOST_LABELS)
    for n, bar in enumerate(bars):
        middle = (n + 0.5) * width
        parts += [_bar(bar, side, middle, width, top) for side in (0, 1)]
        if n % every == 0:
            look = "foot also" if n // every % 2 else "foot"
            drawn = Markup('<text x="{}%" y="{}" class="{}">{}</text>')
            parts.append(drawn.format(f"{middle:.2f}", HEIGHT - _BOTTOM + 18, look, bar.label))
    head = Markup('<svg class="chart" height="{}" role="img" aria-label="{}">').format(HEIGHT, title)
    return head + Markup("").join(parts) + Markup("</svg>")


def _line(value: int, top: int) -> Markup:
    y = f"{_y(value, top):.1f}"
    text = f"{_y(value, top) + 5:.1f}"
    drawn = Markup('<line x1="0" x2="100%" y1="{}" y2="{}"/><text x="-8" y="{}" class="scale">{}</text>')
    return drawn.format(y, y, text, value)


def _bar(bar: Bar, side: int, middle: float, width: float, top: int) -> Markup:
    value = bar.values[side]
    if not value:
        return Markup("")
    thick = min(width * 0.38, _THICKEST)
    left = middle if side else middle - thick
    y = _y(value, top)
    drawn = Markup(
        '<a href="{}"><rect x="{}%" y="{}" width="{}%" height="{}" class="{}"><title>{}</title></rect></a>'
    )
    name = "second" if side else "first"
    height = f"{HEIGHT - _BOTTOM - y:.1f}"
    return drawn.format(bar.links[side], f"{left:.2f}", f"{y:.1f}", f"{thick:.2f}", height, name, bar.says[side])


def _y(value: int, top: int) -> float:
    floor = HEIGHT - _BOTTOM
    return floor - (floor - _TOP) * value / top


def scale(most: int) -> int:
    """The number at the top: round, not below the greatest, and a multiple of four from four on."""
    if most <= 4:
        return max(most, 1)
    step = 1
    while step * 20 < most:
        step *= 10
    return next(step * n for n in (4, 8, 12, 16, 20) if step * n >= most)


def share(value: int, most: int, says: str) -> Markup:
    """A bar within a line of a table: how much of the greatest it is."""
    width = max(round(100 * value / most), 1) if value else 0
    drawn = Markup(
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect width="{}" height="10"/></svg>'
    )
    return drawn.format(says, width)
