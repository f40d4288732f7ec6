"""What one demand adds to the figures: to which places, on which days, and when time alone will change that.

    place   ""  everybody      c3  a community      e12  an estate      u7  a unit      c3u7  both (0: none)
    face    ""  all of it      k   by category      b    by building, `12/3栋` within the estate 12

Pure: the row and what hangs on it are handed in. What the counts mean stands in `figures`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from redprop_bot.rules.flow import CONTENT_STARS, RUNNING, Stage
from redprop_bot.rules.roles import CONFIDENTIAL

EVERYBODY: Final = ""
ALL: Final = ""
BY_CATEGORY: Final = "k"
BY_BUILDING: Final = "b"
DAY: Final = "d"
MONTH: Final = "m"

SOLVED_REASONS: Final = ("no_answer", "solved")
TAKEN: Final = (Stage.ACCEPTED, Stage.DONE, Stage.CLOSED)
GONE: Final = (Stage.WITHDRAWN, Stage.MERGED)


class Row(Protocol):
    """What is counted of a demand."""

    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def intent(self) -> str: ...  # noqa: D102
    @property
    def category(self) -> str | None: ...  # noqa: D102
    @property
    def community_id(self) -> int | None: ...  # noqa: D102
    @property
    def estate_id(self) -> int | None: ...  # noqa: D102
    @property
    def building(self) -> str | None: ...  # noqa: D102
    @property
    def handler_id(self) -> int | None: ...  # noqa: D102
    @property
    def released(self) -> bool: ...  # noqa: D102
    @property
    def reported_at(self) -> datetime: ...  # noqa: D102
    @property
    def respond_by(self) -> datetime | None: ...  # noqa: D102
    @property
    def due_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def done_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def closed_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def close_reason(self) -> str | None: ...  # noqa: D102
    @property
    def stars(self) -> int | None: ...  # noqa: D102


class Cell(NamedTuple):
    """One row of the figures."""

    place: str
    face: str
    grain: str
    day: str
    name: str


@dataclass(frozen=True, slots=True)
class Added:
    """What a demand adds: where it belongs, and counts by day, `{"2026-11-25": {"came": 1}}`.

    again_at: the moment behind which time alone will have changed it.
    """

    places: tuple[str, ...]
    category: str
    building: str
    days: Mapping[str, Mapping[str, int]]
    again_at: datetime | None = None

    def kept(self) -> dict[str, Any]:
        """As it is stored; without counts nothing is."""
        if not self.days:
            return {}
        return {"p": list(self.places), "k": self.category, "b": self.building, "n": self.days}

    def cells(self) -> Iterator[tuple[Cell, Mapping[str, int]]]:
        """Every row of the figures that it is part of."""
        for day, counts in self.days.items():
            for grain, first in ((DAY, day), (MONTH, f"{day[:8]}01")):
                for place in self.places:
                    yield Cell(place, ALL, grain, first, ""), counts
                    yield Cell(place, BY_CATEGORY, grain, first, self.category), counts
                    if self.building and place != EVERYBODY:
                        yield Cell(place, BY_BUILDING, grain, first, self.building), counts


NOTHING: Final = Added((), "", "", {})


def stored(kept: Mapping[str, Any]) -> Added:
    """What was kept of an earlier count."""
    return Added(tuple(kept["p"]), kept["k"], kept["b"], kept["n"]) if kept else NOTHING


def place(community_id: int | None = None, *, unit_id: int | None = None) -> str:
    """The name of a community's, a unit's or both's place; of everybody's where neither is given."""
    community = f"c{community_id}" if community_id is not None else ""
    return community + (f"u{unit_id}" if unit_id is not None else "")


def estate(estate_id: int) -> str:
    """The name of an estate's place."""
    return f"e{estate_id}"


def added(row: Row, *, signed_at: datetime | None, stars: Sequence[int], now: datetime, zone: ZoneInfo) -> Added:
    """What a demand adds as it stands; `stars` are those of neighbours, `signed_at` when it was first accepted."""
    days: dict[str, dict[str, int]] = {}

    def count(moment: datetime, **counts: bool | int) -> None:
        day = days.setdefault(_day(moment, zone), {})
        for name, number in counts.items():
            if number:
                day[name] = day.get(name, 0) + int(number)

    if row.stage != Stage.MERGED:
        count(row.reported_at, came=1, **_came(row, signed_at, now))
    if row.closed_at is not None:
        given = [star for star in (row.stars, *stars) if star is not None]
        content = sum(star >= CONTENT_STARS for star in given)
        count(row.closed_at, closed=row.stage == Stage.CLOSED, rated=len(given), content=content)
    if row.due_at is not None and _has_ended(row, now):
        done = row.done_at or row.closed_at
        count(row.due_at, due=1, on_time=done is not None and done <= row.due_at)
    unit = row.handler_id if row.intent not in CONFIDENTIAL or row.released else None
    return Added(
        _places(row.community_id, row.estate_id, unit),
        row.category or "",
        f"{row.estate_id}/{row.building}" if row.estate_id is not None and row.building else "",
        {day: counts for day, counts in days.items() if counts},
        _again_at(row, now),
    )


def _came(row: Row, signed_at: datetime | None, now: datetime) -> dict[str, bool]:
    asked = row.respond_by is not None and row.stage not in GONE and (row.stage in TAKEN or row.respond_by < now)
    signed = asked and signed_at is not None and row.respond_by is not None and signed_at <= row.respond_by
    closed_well = row.stage == Stage.CLOSED and row.close_reason in SOLVED_REASONS
    solved = row.stage == Stage.DONE or closed_well
    late = row.stage in RUNNING and row.due_at is not None and row.due_at < now
    return {"asked": asked, "signed": signed, "to_solve": solved or late, "solved": solved}


def _has_ended(row: Row, now: datetime) -> bool:
    """Whether it is known if the term was kept."""
    counts = row.stage not in (*GONE, Stage.SUSPENDED)
    done = row.done_at is not None or row.closed_at is not None
    return counts and (done or (row.due_at is not None and row.due_at < now))


def _again_at(row: Row, now: datetime) -> datetime | None:
    waits = row.stage not in (*GONE, *TAKEN)
    moments = [row.respond_by if waits else None, row.due_at if row.stage in RUNNING else None]
    if row.stage not in (*GONE, Stage.SUSPENDED) and row.done_at is None and row.closed_at is None:
        moments.append(row.due_at)
    return min((moment for moment in moments if moment is not None and moment >= now), default=None)


def _places(community: int | None, estate: int | None, unit: int | None) -> tuple[str, ...]:
    found = [EVERYBODY, f"c{community or 0}", f"c{community or 0}u{unit or 0}"]
    if estate is not None:
        found.append(f"e{estate}")
    if unit is not None:
        found.append(f"u{unit}")
    return tuple(found)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()


# -- periods


def spans(begin: date, end: date) -> list[tuple[str, str, str]]:
    """A period from `begin` to before `end` as grains, first and behind the last day: whole months, and days."""
    first, last = _month_from(begin), end.replace(day=1)
    if first >= last:
        return [(DAY, begin.isoformat(), end.isoformat())]
    found = [(MONTH, first.isoformat(), last.isoformat())]
    if begin < first:
        found.append((DAY, begin.isoformat(), first.isoformat()))
    if last < end:
        found.append((DAY, last.isoformat(), end.isoformat()))
    return found


def _month_from(day: date) -> date:
    """The first of the month that begins on that day or next."""
    if day.day == 1:
        return day
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
