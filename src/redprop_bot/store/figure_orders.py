"""The orders behind a figure: which demands a count is about, and a page of them, newest first.

The conditions say in SQL what `rules.tallies` says of one demand; a test holds the two against each other.
A number begins with the day of the report, so a period is a stretch of the index of numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, not_, or_, select

from redprop_bot.rules.flow import CONTENT_STARS, Stage
from redprop_bot.rules.flow import Act as LoopAct
from redprop_bot.rules.tallies import GONE, SOLVED_REASONS, TAKEN
from redprop_bot.store.sifting import Scope, Sieve, Sifted, late
from redprop_bot.store.tables import Demand, Event, Supporter
from redprop_bot.store.tx import Tx, table_of

WINDOWS: Final = (200, 400, 800, 1600)
"""So many numbers are looked through, one stretch after the other, until a page is full."""

_d, _e, _s = table_of(Demand), table_of(Event), table_of(Supporter)


@dataclass(frozen=True, slots=True)
class Behind:
    """Which figure, from `begin` to before `end`; `figure` is one of FIGURES.

    community_id and building narrow it; `without` names columns that hold nothing (community_id, category).
    """

    figure: str
    begin: date
    end: date
    community_id: int | None = None
    building: str | None = None
    without: frozenset[str] = frozenset()

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The period as moments."""
        return datetime.combine(self.begin, time(0), zone), datetime.combine(self.end, time(0), zone)


def _solved() -> Any:
    closed = and_(_d.c.stage == Stage.CLOSED.value, _d.c.close_reason.in_(SOLVED_REASONS))
    return or_(_d.c.stage == Stage.DONE.value, closed)


def _asked(tx: Tx) -> Any:
    taken = or_(_d.c.stage.in_(sorted(TAKEN)), _d.c.respond_by < tx.now)
    return and_(_d.c.respond_by.is_not(None), _d.c.stage.not_in(sorted(GONE)), taken)


def _signed(tx: Tx) -> Any:
    in_time = (
        _e.c.subject == "demand",
        _e.c.subject_id == _d.c.id,
        _e.c.act == LoopAct.ACCEPT.value,
        _e.c.at <= _d.c.respond_by,
    )
    accepted = select(func.count()).select_from(_e).where(*in_time).correlate(_d).scalar_subquery()
    return and_(_asked(tx), accepted > 0)  # an EXISTS under a NOT may read the whole history


def _due(tx: Tx) -> Any:
    done = func.coalesce(_d.c.done_at, _d.c.closed_at)
    counts = _d.c.stage.not_in(sorted({*GONE, Stage.SUSPENDED}))
    return and_(counts, or_(_d.c.due_at < tx.now, done.is_not(None)))


def _on_time(_tx: Tx) -> Any:
    done = func.coalesce(_d.c.done_at, _d.c.closed_at)
    return func.coalesce(done <= _d.c.due_at, False)


def _starred(least: int, most: int) -> Any:
    of_it = (_s.c.demand_id == _d.c.id, _s.c.stars.between(least, most))
    theirs = select(func.count()).select_from(_s).where(*of_it).correlate(_d).scalar_subquery()
    return or_(func.coalesce(_d.c.stars.between(least, most), False), theirs > 0)  # an EXISTS may read all stars


_REPORTED, _CLOSED, _DUE = _d.c.reported_at, _d.c.closed_at, _d.c.due_at
_KINDS: Final[dict[str, tuple[Any, Any]]] = {
    "came": (_REPORTED, lambda _tx: _d.c.stage != Stage.MERGED.value),
    "closed": (_CLOSED, lambda _tx: _d.c.stage == Stage.CLOSED.value),
    "due": (_DUE, _due),
    "on_time": (_DUE, lambda tx: and_(_due(tx), _on_time(tx))),
    "not_on_time": (_DUE, lambda tx: and_(_due(tx), not_(_on_time(tx)))),
    "asked": (_REPORTED, _asked),
    "signed": (_REPORTED, _signed),
    "not_signed": (_REPORTED, lambda tx: and_(_asked(tx), not_(_signed(tx)))),
    "to_solve": (_REPORTED, lambda tx: or_(_solved(), late(tx))),
    "solved": (_REPORTED, lambda _tx: _solved()),
    "not_solved": (_REPORTED, late),
    "rated": (_CLOSED, lambda _tx: _starred(1, 5)),
    "content": (_CLOSED, lambda _tx: _starred(CONTENT_STARS, 5)),
    "not_content": (_CLOSED, lambda _tx: _starred(1, CONTENT_STARS - 1)),
}
FIGURES: Final = tuple(_KINDS)


def where(tx: Tx, behind: Behind) -> list[Any]:
    """The conditions on the table of demands."""
    moment, condition = _KINDS[behind.figure]
    begin, end = behind.moments(tx.content.zone)
    found = [moment >= begin, moment < end, condition(tx)]
    if behind.community_id is not None:
        found.append(_d.c.community_id == behind.community_id)
    if behind.building is not None:
        found.append(_d.c.building == behind.building)
    return found + [_d.c[name].is_(None) for name in sorted(behind.without)]


def page(tx: Tx, scope: Scope, sieve: Sieve, behind: Behind, *, below: int | None, limit: int) -> Sifted:
    """A page of at most `limit` in the order of their numbers, from at most `sum(WINDOWS)` numbers."""
    wanted = [*scope.where(), *sieve.where(tx), *where(tx, behind)]
    if sieve.handler_id is not None:  # a unit's figures are without what was not given to it yet
        wanted += Scope(released=True).where()
    rows: list[Demand] = []
    stopped: int | None = None
    for window in _walked(tx, behind, below):
        left = limit + 1 - len(rows)
        rows += tx.list(Demand, *window.where(), *wanted, order=_d.c.no.desc(), limit=left)
        if len(rows) > limit:
            return Sifted(rows[:limit], rows[limit - 1].id)
        stopped = window.last if window.full else None
    return Sifted(rows, stopped)


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of numbers, the newest first: keys and numbers; `full` where there may be more below it."""

    rows: list[tuple[int, str]]
    full: bool

    @property
    def last(self) -> int:
        return self.rows[-1][0]

    def where(self) -> list[Any]:
        """Its rows, by key and by number: whichever way the database goes, it stays within."""
        keys = [key for key, _no in self.rows]
        return [_d.c.id.in_(keys), _d.c.no <= self.rows[0][1], _d.c.no >= self.rows[-1][1]]


def _walked(tx: Tx, behind: Behind, below: int | None) -> Iterator[_Window]:
    highest = f"D{behind.end:%Y%m%d}"
    if below is not None:
        highest = str(tx.scalar(select(_d.c.no).where(_d.c.id == below)) or highest)
    lowest = [_d.c.no >= f"D{behind.begin:%Y%m%d}"] if _KINDS[behind.figure][0] is _REPORTED else []
    for size in WINDOWS:
        statement = select(_d.c.id, _d.c.no).where(_d.c.no < highest, *lowest).order_by(_d.c.no.desc()).limit(size)
        found = [(int(row[0]), str(row[1])) for row in tx.rows(statement)]
        if not found:
            return
        yield _Window(found, len(found) == size)
        if len(found) < size:
            return
        highest = found[-1][1]
