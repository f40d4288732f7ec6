"""Pages of demands by filters and words, newest first, whose cost does not grow with the number of demands.

    lead      what one index answers in the order of the page: unit, estate, community and stage, stage, category;
              of what is open also stage, category and urgency together
    the rest  is asked of the rows that the lead gives, a window at a time

`sift` looks through so many windows at most and says where it stopped; `search` goes on until the page is full.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select, text

from redprop_bot.rules.flow import OPEN, RUNNING, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import finding
from redprop_bot.store.tables import Demand
from redprop_bot.store.tables.loop import OPEN_ROWS, RUNNING_ROWS
from redprop_bot.store.tx import Tx, among, table_of, without

_d = table_of(Demand)

WINDOWS: Final = (200, 1000, 4000)
"""So many rows of the lead are looked at, one window after the other, until the page is full."""
NEAR: Final = 5000
"""So many of the newest rows of the lead are looked at before a search asks the index of words."""
MANY: Final = 1000
"""Counts end here: whoever has more to do does not need to know how much more."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose demands are meant: communities None means all; handler_id None means any unit's.

    `released` leaves out complaints and mediations that the secretary has not released to the unit; `unseen` are
    keys of demands that are not there for who looks.
    """

    communities: Sequence[int] | None = None
    handler_id: int | None = None
    released: bool = False
    unseen: frozenset[int] = frozenset()

    def where(self) -> list[Any]:
        """The conditions on the table of demands."""
        found: list[Any] = []
        if self.communities is not None:
            found.append(among(_d.c.community_id, self.communities))
        if self.handler_id is not None:
            found.append(_d.c.handler_id == self.handler_id)
        if self.released:
            found.append(or_(_d.c.intent.not_in(sorted(CONFIDENTIAL)), _d.c.released.is_(True)))
        return found + without(_d.c.id, self.unseen)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Filters; what is None is not asked. `overdue` and `stuck` are held against the moment of the transaction."""

    stage: str | None = None
    intent: str | None = None
    category: str | None = None
    estate_id: int | None = None
    urgency: str | None = None
    handler_id: int | None = None
    overdue: bool | None = None
    stuck: bool | None = None
    q: str | None = None

    def where(self, tx: Tx) -> list[Any]:
        """The conditions, without the words."""
        names = ("stage", "intent", "category", "estate_id", "urgency", "handler_id")
        asked = {name: getattr(self, name) for name in names}
        found: list[Any] = [_d.c[name] == value for name, value in asked.items() if value is not None]
        if self.overdue is not None:
            found.append(late(tx) if self.overdue else ~func.coalesce(late(tx), False))
        if self.stuck is not None:
            found.append(_stuck(tx) if self.stuck else ~func.coalesce(_stuck(tx), False))
        return found


@dataclass(frozen=True, slots=True)
class Sifted:
    """A page, and the key below which to go on; None at the end. A page may be short and still go on."""

    rows: list[Demand]
    below: int | None


def late(tx: Tx) -> Any:
    """Whose clock to solve runs and has run out."""
    return and_(_d.c.due_at < tx.now, _d.c.stage.in_(sorted(RUNNING)))


def _stuck(tx: Tx) -> Any:
    return and_(_d.c.paused_until < tx.now, _d.c.stage == Stage.SUSPENDED.value)


Holds = Callable[[Demand], bool]
"""Whether what somebody may read of a demand holds what was asked for; the index knows the whole text."""


def search(
    tx: Tx,
    scope: Scope,
    *,
    before_id: int | None = None,
    limit: int = 50,
    q: str | None = None,
    holds: Holds | None = None,
    **filters: Any,
) -> list[Demand]:
    """A page of demands, newest first, full unless there are no more; filters as in `Sieve`."""
    sieve = Sieve(**filters)
    where = [*scope.where(), *sieve.where(tx)]
    if not q:
        return tx.list(Demand, *where, *_below(before_id), order=_d.c.id.desc(), limit=limit)
    rows: list[Demand] = []
    for keys, _onward in _said(tx, q, _lead(scope, sieve), before_id, endless=True):
        rows += _held(tx, [_d.c.id.in_(keys), *where], limit - len(rows), holds)
        if len(rows) >= limit:
            break
    return rows


def sift(
    tx: Tx, scope: Scope, sieve: Sieve, *, below: int | None, limit: int, holds: Holds | None = None
) -> Sifted:
    """A page of at most `limit`, from at most `sum(WINDOWS)` rows of the lead."""
    where = [*scope.where(), *sieve.where(tx)]
    lead = _lead(scope, sieve)
    whole = not sieve.overdue and len(lead) == len(where)
    sizes = (limit + 1,) if whole else WINDOWS
    rows: list[Demand] = []
    stopped = None
    for keys, onward in _said(tx, sieve.q, lead, below) if sieve.q else _walked(tx, lead, below, sizes):
        rows += _held(tx, [_d.c.id.in_(keys), *where], limit + 1 - len(rows), holds)
        if len(rows) > limit:
            return Sifted(rows[:limit], rows[limit - 1].id)
        stopped = onward
    return Sifted(rows, stopped)


def _held(tx: Tx, where: Sequence[Any], limit: int, holds: Holds | None) -> list[Demand]:
    """So many of the demands, the newest first, that are there and hold it."""
    found: list[Demand] = []
    below: int | None = None
    while True:
        some = tx.list(Demand, *where, *_below(below), order=_d.c.id.desc(), limit=limit)
        found += some if holds is None else filter(holds, some)
        if len(some) < limit or len(found) >= limit:
            return found[:limit]
        below = some[-1].id


def count(tx: Tx, scope: Scope, sieve: Sieve) -> int:
    """How many there are, counted up to MANY; only for filters that one index answers."""
    lead = _lead(scope, sieve) or [_d.c.id > 0]
    some = select(_d.c.id).where(*lead, *without(_d.c.id, scope.unseen)).limit(MANY).subquery()
    return int(tx.scalar(select(func.count()).select_from(some)) or 0)


def _lead(scope: Scope, sieve: Sieve) -> list[Any]:
    """The conditions that one index answers, newest first."""
    stage = [_d.c.stage == sieve.stage] if sieve.stage is not None else []
    kind = (sieve.stage, sieve.category, sieve.urgency)
    if None not in kind and sieve.stage in OPEN:
        return [and_(*stage, text(OPEN_ROWS)), _d.c.category == sieve.category, _d.c.urgency == sieve.urgency]
    running = [text(RUNNING_ROWS)] if sieve.overdue and not stage else []
    unit = sieve.handler_id if scope.handler_id is None else scope.handler_id
    if unit is not None:
        return [_d.c.handler_id == unit, *stage, *running]
    if sieve.estate_id is not None and not running:
        return [_d.c.estate_id == sieve.estate_id]
    if scope.communities is not None and len(scope.communities) == 1:
        return [_d.c.community_id == scope.communities[0], *stage, *running]
    if stage or running:
        return stage or running
    return [_d.c.category == sieve.category] if sieve.category is not None else []


Window = tuple[Sequence[int] | Select[Any], int | None]
"""Keys, and the key below which the next window begins; None at the end.

Rows are asked for by their keys: which index gives the keys is plain, and no planner has to guess how many rows of
a unit stand in a stage.
"""


def _below(key: int | None) -> list[Any]:
    return [] if key is None else [_d.c.id < key]


def _newest(tx: Tx, lead: Sequence[Any], below: int | None, size: int) -> tuple[Select[Any], int | None]:
    """The keys of so many rows that the lead gives, and the last of them; None when there are fewer."""
    keys = select(_d.c.id).where(*lead, *_below(below)).order_by(_d.c.id.desc())
    last = tx.scalar(keys.offset(size - 1).limit(1))
    return keys.limit(size), None if last is None else int(last)


def _said(tx: Tx, q: str, lead: Sequence[Any], below: int | None, *, endless: bool = False) -> Iterator[Window]:
    """Windows of what was said: among the newest of the lead where that is quicker, then by the index of words."""
    if finding.near_first(tx):
        newest, last = _newest(tx, lead, below, NEAR)
        yield finding.among(tx, q, newest), last
        if last is None:
            return
        below = last
    for size in _sizes(endless=endless):
        keys = finding.found(tx, q, before=below, most=size)
        yield keys, keys[-1] if len(keys) == size else None
        if len(keys) < size:
            return
        below = keys[-1]


def _walked(tx: Tx, lead: Sequence[Any], below: int | None, sizes: Sequence[int]) -> Iterator[Window]:
    """Windows of what the lead gives."""
    for size in sizes:
        keys, last = _newest(tx, lead, below, size)
        yield keys, last
        if last is None:
            return
        below = last


def _sizes(*, endless: bool) -> Iterator[int]:
    yield from WINDOWS
    while endless:
        yield WINDOWS[-1]
