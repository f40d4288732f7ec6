"""The figures of one period for one place: all of it, by unit, category, estate and building, what is growing.

Every line has this period, the last and last year's, and the filter that shows its orders.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from redprop_bot.appraise.periods import Period
from redprop_bot.registry.register import Register, register
from redprop_bot.rules import figures, months, survey, tallies
from redprop_bot.rules.figures import Counts
from redprop_bot.rules.survey import Counted as Called
from redprop_bot.store import counting, surveys
from redprop_bot.store import figures as kept
from redprop_bot.store.figures import Asked
from redprop_bot.store.tx import Tx

BUILDINGS: Final = 12
TOPICS: Final = 5
RISEN: Final = 3
"""A topic is hot where so many more came than in the last period."""
DAYS_APART: Final = 62
"""Up to so many days are drawn one by one, longer periods by month."""


@dataclass(frozen=True, slots=True)
class Where:
    """Whose figures: a community, a unit, both, or an estate; nothing is everybody's."""

    community_id: int | None = None
    unit_id: int | None = None
    estate_id: int | None = None

    @property
    def places(self) -> list[str]:
        """As the figures are kept."""
        if self.estate_id is not None:
            return [tallies.estate(self.estate_id)]
        return [tallies.place(self.community_id, unit_id=self.unit_id)]


@dataclass(frozen=True, slots=True)
class Line:
    """One unit, category, estate or building; `filter` is what its orders are found by. rank: None for none."""

    name: str
    now: Counts
    before: Counts
    last_year: Counts
    filter: Mapping[str, str] = field(default_factory=dict)
    rank: int | None = None

    @property
    def risen(self) -> int:
        """How many more came than in the last period."""
        return self.now.came - self.before.came


@dataclass(frozen=True, slots=True)
class Spot:
    """A building, and how many came from it in this period."""

    name: str
    came: int
    filter: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One day or month of the course: its first day, the day behind it, and how many came and were closed."""

    begin: date
    end: date
    came: int
    closed: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything about a period. waiting: more demands than so many are not counted yet, 0 as a rule."""

    period: Period
    total: Line
    course: Sequence[Step]
    communities: Sequence[Line]
    units: Sequence[Line]
    categories: Sequence[Line]
    estates: Sequence[Line]
    buildings: Sequence[Spot]
    waiting: int
    calls: tuple[Called, Called] = (Called(), Called())
    """What came of the calls about what was closed in this period (电话回访), and in the last."""

    @property
    def topics(self) -> list[Line]:
        """Categories that grew, the most first."""
        risen = [line for line in self.categories if line.risen >= RISEN]
        return sorted(risen, key=lambda line: -line.risen)[:TOPICS]


Find = Callable[[Period], Mapping[str, Counts]]


def overview(tx: Tx, where: Where, period: Period) -> Overview:
    """Put it together; a few statements over sums, however many demands there are."""
    reg, labels = register(tx), tx.content.labels.category
    whole = [kept.total(tx, Asked(where.places, p.begin, p.end)) for p in _three(period)]
    return Overview(
        period,
        Line("", whole[0], whole[1], whole[2]),
        _course(tx, where, period),
        _communities(tx, where, period, reg),
        _units(tx, where, period, reg),
        _lines(
            _named(tx, where.places, tallies.BY_CATEGORY),
            period,
            lambda code: (labels.get(code, "没有定类别"), {"category": code or "-"}),
        ),
        _estates(tx, where, period, reg),
        _buildings(tx, where, period, reg),
        counting.MANY if counting.waiting(tx) > counting.MANY else 0,
        (_calls(tx, where, period), _calls(tx, where, period.before)),
    )


def _calls(tx: Tx, where: Where, period: Period) -> Called:
    """Of whole months only, and of communities: a list is drawn for a month and a community."""
    if not period.months or where.unit_id is not None or where.estate_id is not None:
        return Called()
    found = surveys.counted(tx, months.keys(period.begin, period.last))
    return survey.total(one for key, one in found.items() if where.community_id in (None, key))


def _three(period: Period) -> tuple[Period, Period, Period]:
    return period, period.before, period.last_year


def _named(tx: Tx, places: Sequence[str], face: str) -> Find:
    return lambda p: kept.by_name(tx, Asked(places, p.begin, p.end), face)


def _placed(tx: Tx, places: Sequence[str]) -> Find:
    return lambda p: kept.by_place(tx, Asked(places, p.begin, p.end))


def _lines(find: Find, period: Period, called: Callable[[str], tuple[str, Mapping[str, str]]]) -> list[Line]:
    """What has anything in this period or the last, the most first."""
    now, before, last_year = (find(p) for p in _three(period))
    keys = sorted(now.keys() | before.keys(), key=lambda key: (-now.get(key, Counts()).came, key))
    nothing = Counts()
    return [
        Line(name, now.get(key, nothing), before.get(key, nothing), last_year.get(key, nothing), sought)
        for key in keys
        for name, sought in (called(key),)
    ]


def _units(tx: Tx, where: Where, period: Period, reg: Register) -> list[Line]:
    """Units with their ranks: none under so many orders, none alone."""
    if where.unit_id is not None or where.estate_id is not None:
        return []
    names = {tallies.place(where.community_id, unit_id=key): unit.name for key, unit in reg.organisations.items()}
    found = _lines(_placed(tx, sorted(names)), period, lambda place: (names[place], {"unit": names[place]}))
    table = tx.content.digests
    rows = {n: line.now for n, line in enumerate(found)}
    return [
        Line(line.name, line.now, line.before, line.last_year, line.filter, rank)
        for n, _counts, rank in figures.ranked(rows, table.weights, least=table.rank_from)
        for line in (found[n],)
    ]


def _communities(tx: Tx, where: Where, period: Period, reg: Register) -> list[Line]:
    if where != Where():
        return []
    names = {tallies.place(key): one.name for key, one in reg.communities.items()} | {"c0": "还没有定社区"}

    def called(place: str) -> tuple[str, Mapping[str, str]]:
        return names[place], {"community": names[place] if place != "c0" else "-"}

    return _lines(_placed(tx, sorted(names)), period, called)


def _estates(tx: Tx, where: Where, period: Period, reg: Register) -> list[Line]:
    if where.unit_id is not None or where.estate_id is not None:
        return []
    names = {
        tallies.estate(key): one.name
        for key, one in reg.estates.items()
        if where.community_id in (None, one.community_id)
    }
    return _lines(_placed(tx, sorted(names)), period, lambda place: (names[place], {"estate": names[place]}))


def _buildings(tx: Tx, where: Where, period: Period, reg: Register) -> list[Spot]:
    """Where most came from. Nothing comes from tomorrow, so a month that runs is read whole, in one row each."""
    places = [tallies.place(key) for key in reg.communities] if where == Where() else where.places
    end = period.whole if period.running else period.end
    found = kept.by_name(tx, Asked(places, period.begin, end), tallies.BY_BUILDING)
    most = sorted(found.items(), key=lambda item: (-item[1].came, item[0]))[:BUILDINGS]
    return [_spot(reg, name, counts.came) for name, counts in most if counts.came]


def _spot(reg: Register, name: str, came: int) -> Spot:
    estate, _, building = name.partition("/")
    home = reg.estates.get(int(estate))
    called = home.name if home is not None else ""
    return Spot(f"{called}{building}栋", came, {"estate": called, "building": building})


def _course(tx: Tx, where: Where, period: Period) -> list[Step]:
    """Day by day, or month by month where that would be too many."""
    found = kept.by_day(tx, Asked(where.places, period.begin, period.end), tallies.DAY)
    length = (period.end - period.begin).days
    days = [period.begin + timedelta(days=n) for n in range(length)]
    if length <= DAYS_APART:
        return [_step(found, [day]) for day in days]
    months = dict.fromkeys((day.year, day.month) for day in days)
    return [_step(found, [day for day in days if (day.year, day.month) == month]) for month in months]


def _step(found: Mapping[str, Counts], days: Sequence[date]) -> Step:
    counts = figures.total(found.get(day.isoformat(), Counts()) for day in days)
    return Step(days[0], days[-1] + timedelta(days=1), counts.came, counts.closed)
