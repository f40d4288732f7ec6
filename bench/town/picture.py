"""A picture of a quarter as SVG: what came and what was open, day by day; what was done in time, week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, TOP, PANEL, GAP = 960, 52, 56, 170, 66


@dataclass(frozen=True)
class Series:
    """What is drawn: counts of each day, shares of each week with their numbers, and dark spans in days."""

    title: str
    note: str
    days: Sequence[str]
    came: Sequence[int]
    still_open: Sequence[int]
    weeks: Sequence[tuple[str, int, int]]  # name, in time, of so many due
    dark: Sequence[tuple[float, float]]


def svg(series: Series) -> str:
    """The whole picture."""
    step = (WIDTH - LEFT - 20) / max(1, len(series.days))
    high = max([*series.still_open, *series.came, 1])
    lower = TOP + PANEL + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {lower + PANEL + 46}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{lower + PANEL + 46}" fill="#fff"/>',
        _text(LEFT, 24, series.title, size=17),
        _text(LEFT, 43, series.note, size=12, colour="#555"),
    ]
    for begin, end in series.dark:
        x, width = LEFT + begin * step, max(1.0, (end - begin) * step)
        parts.append(f'<rect x="{x:.1f}" y="{TOP}" width="{width:.1f}" height="{PANEL}" fill="#ddd"/>')
    for level in (0, high // 2, high):
        y = TOP + PANEL - PANEL * level / high
        parts += [_line(LEFT, y, WIDTH - 20, y, "#eee"), _text(LEFT - 6, y + 4, str(level), anchor="end")]
    for day, number in enumerate(series.came):
        height = PANEL * number / high
        x = LEFT + day * step
        parts.append(
            f'<rect x="{x:.1f}" y="{TOP + PANEL - height:.1f}" width="{step * 0.7:.1f}" height="{height:.1f}" fill="#7aa6d6"/>'
        )
    points = " ".join(
        f"{LEFT + (day + 0.5) * step:.1f},{TOP + PANEL - PANEL * number / high:.1f}"
        for day, number in enumerate(series.still_open)
    )
    parts.append(f'<polyline points="{points}" fill="none" stroke="#c0392b" stroke-width="2"/>')
    for day in range(0, len(series.days), 14):
        parts.append(_text(LEFT + day * step, TOP + PANEL + 16, series.days[day]))
    parts += [_text(LEFT, TOP + PANEL + 34, "蓝柱：当天进来；红线：还没办完；灰：停机", size=12, colour="#555")]
    return "\n".join([*parts, *_weeks(series, lower), "</svg>", ""])


def _weeks(series: Series, top: float) -> list[str]:
    width = (WIDTH - LEFT - 20) / max(1, len(series.weeks))
    parts = [_line(LEFT, top + PANEL, WIDTH - 20, top + PANEL, "#999")]
    parts += [_text(LEFT - 6, top + 4, "100%", anchor="end"), _text(LEFT - 6, top + PANEL + 4, "0", anchor="end")]
    for place, (name, good, of) in enumerate(series.weeks):
        x, share = LEFT + place * width, good / of if of else 0
        height = PANEL * share
        parts.append(
            f'<rect x="{x + width * 0.12:.1f}" y="{top + PANEL - height:.1f}" width="{width * 0.76:.1f}" height="{height:.1f}" fill="#8fbf8f"/>'
        )
        said = f"{round(100 * share)}%" if of else "—"
        middle = x + width / 2
        parts += [
            _text(middle, top + PANEL - height - 4, said, anchor="middle"),
            _text(middle, top + PANEL + 14, name, anchor="middle"),
            _text(middle, top + PANEL + 27, f"{good}/{of}", anchor="middle", colour="#555"),
        ]
    return [*parts, _text(LEFT, top - 16, "每周到期的期限里守住了多少", size=12, colour="#555")]


def _line(x: float, y: float, to_x: float, to_y: float, colour: str) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, said: str, *, size: int = 10, anchor: str = "start", colour: str = "#222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(said)}</text>'
