"""Statements about what workers did, read where it happened: visits, orders, reminders, meetings, calls.

Nothing is counted here. `unseen` are keys of orders that are not there for whoever asks.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from redprop_bot.ports import Channel
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Activity, Demand, Duty, Event, Meeting, Mode, Outbox, Person, Task, Visit
from redprop_bot.store.tx import Tx, table_of, without

_PART: Final = 500
_RATED: Final = ("rated", "rated_low")  # by residents; what a unit was given for its part is another one
_a, _d, _duty, _e = table_of(Activity), table_of(Demand), table_of(Duty), table_of(Event)
_m, _mode, _o, _p = table_of(Meeting), table_of(Mode), table_of(Outbox), table_of(Person)
_t, _v = table_of(Task), table_of(Visit)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose, where and when: from `begin` to before `end`."""

    people: Collection[int]
    community_id: int
    begin: datetime
    end: datetime
    unseen: Collection[int] = ()

    @property
    def keys(self) -> list[int]:
        """The people, in order."""
        return sorted(self.people)

    def within(self, column: Any) -> list[Any]:
        """That a moment lies in it."""
        return [column >= self.begin, column < self.end]


def visits(tx: Tx, asked: Asked) -> list[Any]:
    """Visits: worker_id, at, households."""
    columns = _v.c.worker_id, _v.c.visited_at.label("at"), _v.c.households
    here = _v.c.community_id == asked.community_id, _v.c.worker_id.in_(asked.keys)
    return tx.rows(select(*columns).where(*here, *asked.within(_v.c.visited_at)))


def steps(tx: Tx, asked: Asked) -> list[Any]:
    """What these people did with orders: id, subject_id, at, name, act, by_id, urgency, intent, reported_at."""
    columns = _e.c.id, _e.c.subject_id, _e.c.at, _e.c.name, _e.c.act, _e.c.by_id
    of_it = _d.c.urgency, _d.c.intent, _d.c.reported_at
    # An order that somebody touched since the beginning was changed since then; the others need no look.
    here = _d.c.community_id == asked.community_id, _d.c.updated_at >= asked.begin, *without(_d.c.id, asked.unseen)
    theirs = _e.c.subject == "demand", _e.c.by_id.in_(asked.keys), *asked.within(_e.c.at)
    statement = select(*columns, *of_it).select_from(_e.join(_d, _d.c.id == _e.c.subject_id))
    return tx.rows(statement.where(*here, *theirs).order_by(_e.c.id))


def ratings(tx: Tx, asked: Asked) -> list[Any]:
    """Ratings of orders of the community by residents: id, subject_id, at, by_id, by_name, note, data, intent."""
    columns = _e.c.id, _e.c.subject_id, _e.c.at, _e.c.by_id, _e.c.by_name, _e.c.note, _e.c.data
    here = _d.c.community_id == asked.community_id, _d.c.updated_at >= asked.begin, *without(_d.c.id, asked.unseen)
    rated = _e.c.subject == "demand", _e.c.name.in_(_RATED), *asked.within(_e.c.at)
    statement = select(*columns, _d.c.intent).select_from(_e.join(_d, _d.c.id == _e.c.subject_id))
    return tx.rows(statement.where(*here, *rated).order_by(_e.c.id))


def histories(tx: Tx, demand_ids: Iterable[int], acts: Collection[Act]) -> dict[int, list[Any]]:
    """By order, its events of these acts, oldest first: id, at, name, act, by_id."""
    many, found = sorted(set(demand_ids)), dict[int, list[Any]]()
    columns = _e.c.id, _e.c.subject_id, _e.c.at, _e.c.name, _e.c.act, _e.c.by_id
    wanted = sorted(act.value for act in acts)
    for start in range(0, len(many), _PART):
        part = many[start : start + _PART]
        here = _e.c.subject == "demand", _e.c.subject_id.in_(part), _e.c.act.in_(wanted)
        for row in tx.rows(select(*columns).where(*here).order_by(_e.c.id)):
            found.setdefault(int(row.subject_id), []).append(row)
    return found


def reminders(tx: Tx, asked: Asked) -> list[Any]:
    """Reminders about single orders that were sent to these people: person_id, demand_id, at.

    A copy only tells them; one that speaks of several orders says of none that it is theirs to act on.
    """
    columns = _o.c.person_id, _o.c.demand_id, _o.c.sent_at.label("at")
    theirs = (
        _o.c.channel == Channel.WORK.value,
        _o.c.receiver.in_(select(_p.c.userid).where(_p.c.id.in_(asked.keys))),
        _o.c.state == "sent",
        _o.c.community_id == asked.community_id,
        _o.c.person_id.in_(asked.keys),
        _o.c.demand_id.is_not(None),
        _o.c.key.like("%:remind:%"),
        _o.c.message.not_like("%!_copy", escape="!"),
        *without(_o.c.demand_id, asked.unseen),
    )
    return tx.rows(select(*columns).where(*theirs, *asked.within(_o.c.sent_at)))


def meetings(tx: Tx, asked: Asked) -> list[Any]:
    """Meetings that were held: by_id, at."""
    held = _m.c.community_id == asked.community_id, _m.c.by_id.in_(asked.keys), _m.c.state == "held"
    return tx.rows(select(_m.c.by_id, _m.c.starts_at.label("at")).where(*held, *asked.within(_m.c.starts_at)))


def activities(tx: Tx, asked: Asked) -> list[Any]:
    """Activities that are over: by_id, at."""
    over = _a.c.community_id == asked.community_id, _a.c.organiser_id.in_(asked.keys), _a.c.state == "over"
    columns = _a.c.organiser_id.label("by_id"), _a.c.starts_at.label("at")
    return tx.rows(select(*columns).where(*over, *asked.within(_a.c.starts_at)))


def calls(tx: Tx, asked: Asked) -> list[Any]:
    """Calls to duty in an emergency: person_id, called_at, received_at."""
    columns = _duty.c.person_id, _duty.c.called_at, _duty.c.received_at
    here = (_mode.c.community_id == asked.community_id) | _mode.c.community_id.is_(None)
    statement = select(*columns).select_from(_duty.join(_mode, _mode.c.id == _duty.c.mode_id))
    return tx.rows(statement.where(here, _duty.c.person_id.in_(asked.keys), *asked.within(_duty.c.called_at)))


def praise(tx: Tx, asked: Asked) -> list[Any]:
    """Praise that residents sent: at, text."""
    sent = _t.c.community_id == asked.community_id, _t.c.kind == "praise", _t.c.text != ""
    columns = _t.c.created_at.label("at"), _t.c.text
    return tx.rows(select(*columns).where(*sent, *asked.within(_t.c.created_at)).order_by(_t.c.id))


def demands(tx: Tx, keys: Iterable[int]) -> dict[int, Demand]:
    """Orders by key."""
    wanted = sorted(set(keys))
    return {row.id or 0: row for row in tx.list(Demand, _d.c.id.in_(wanted))} if wanted else {}
