"""Rolled-up figures equal those counted from the rows, whatever happens: on both engines."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from tests.figures import histories, oracle
from tests.support import rows

from redprop_bot.ports import FrozenClock
from redprop_bot.rules import tallies
from redprop_bot.rules.figures import Counts
from redprop_bot.store import counting, figures, soundness
from redprop_bot.store.figures import Asked
from redprop_bot.store.tables import Demand, Event, Figure, Recount, Supporter, Tally
from redprop_bot.store.tx import Tx, table_of
from redprop_bot.store.worker import Store

_d = table_of(Demand)


class Crash(Exception):
    """The machine goes down before the commit."""


def settle_all(store: Store) -> None:
    while store.run(counting.settle):
        pass


def same(tx: Tx, place: histories.World, begin: date, end: date) -> None:
    """Every place, every face and the days of a period against the rows."""
    everything = figures.by_community_and_unit(tx, begin, end)
    assert sum(everything.values(), Counts()) == oracle.counted(tx, begin, end)
    asked = Asked([tallies.EVERYBODY], begin, end)
    for code in (None, "elevator", "noise"):
        found = figures.by_name(tx, asked, tallies.BY_CATEGORY).get(code or "", Counts())
        assert found == oracle.counted(tx, begin, end, _d.c.category.is_not_distinct_from(code))
    for community in place.communities:
        name = tallies.place(community)
        assert figures.total(tx, Asked([name], begin, end)) == oracle.counted(
            tx, begin, end, _d.c.community_id == community
        )
    for unit in place.units:
        theirs = (_d.c.handler_id == unit, oracle.told())
        name = tallies.place(unit_id=unit)
        assert figures.total(tx, Asked([name], begin, end)) == oracle.counted(tx, begin, end, *theirs)
        both = tallies.place(place.communities[0], unit_id=unit)
        here = _d.c.community_id == place.communities[0]
        assert figures.total(tx, Asked([both], begin, end)) == oracle.counted(tx, begin, end, *theirs, here)
    for estate in place.estates:
        heat = figures.by_name(tx, Asked([f"e{estate}"], begin, end), tallies.BY_BUILDING)
        for building in ("1", "3"):
            where = (_d.c.estate_id == estate, _d.c.building == building)
            assert heat.get(f"{estate}/{building}", Counts()) == oracle.counted(tx, begin, end, *where)


def _emptied(tx: Tx) -> None:
    for model in (Supporter, Demand, Figure, Tally, Recount):
        tx.execute(delete(table_of(model)))


def _history(store: Store, clock: FrozenClock, place: histories.World, steps, days) -> None:
    for step in steps:
        if step[0] == "later":
            clock.at += timedelta(hours=step[1])
        elif step[0] == "settle" and step[1]:
            with pytest.raises(Crash):
                store.run(_settle_and_crash)
        elif step[0] == "settle":
            store.run(counting.settle)
        else:
            store.run(lambda tx, s=step: histories.play(tx, place, s))
    first = clock.at.date() - timedelta(days=days[0])
    store.look(lambda tx: same(tx, place, first, first + timedelta(days=days[1])))
    settle_all(store)
    assert store.look(counting.waiting) == 0
    store.look(lambda tx: same(tx, place, first, first + timedelta(days=days[1])))


def _settle_and_crash(tx: Tx) -> None:
    counting.settle(tx)
    raise Crash


DAYS = st.tuples(st.integers(0, 100), st.integers(1, 100))


@pytest.mark.parametrize(
    ("engine", "examples"), [("sqlite", 60), pytest.param("postgres", 15, marks=pytest.mark.postgres)]
)
def test_figures_equal_the_rows(request, clock: FrozenClock, engine: str, examples: int) -> None:
    """Random histories with changes of place, unit, stage, terms and stars, time going by, counts and crashes."""
    store: Store = request.getfixturevalue(f"{engine}_store")
    place = store.run(histories.world)

    @settings(max_examples=examples)
    @given(histories.STEPS, DAYS)
    def plays(steps, days) -> None:
        clock.at = place.origin
        _drop(store)
        _history(store, clock, place, steps, days)

    plays()


def _drop(store: Store) -> None:
    """Begin again without rows; events stay, their demands do not come back under the same key."""
    store.run(_emptied)


def test_begun_anew_it_is_the_same(store: Store, clock: FrozenClock) -> None:
    """Everything is forgotten and counted again: the same figures."""
    place = store.run(histories.world)
    for stars in (5, None, 2):
        store.run(
            lambda tx, s=stars: rows.demand(
                tx,
                stage="closed",
                community_id=place.communities[0],
                closed_at=tx.now,
                close_reason="solved",
                stars=s,
                category="noise",
            )
        )
    settle_all(store)
    before = store.look(_everything)
    assert before
    assert store.run(counting.begin_anew) == 3
    assert store.look(_everything) == []
    settle_all(store)
    assert store.look(_everything) == before


def test_more_than_a_statement_takes_are_each_counted_once(store: Store, clock: FrozenClock) -> None:
    """Whoever reads while many demands wait counts every one of them, and none twice."""
    place = store.run(histories.world)
    many = 2 * counting.PART + 1

    def add(tx: Tx) -> None:
        for _ in range(many):
            rows.demand(tx, community_id=place.communities[0], category="noise")

    store.run(add)
    assert store.look(counting.came) == {many}
    settle_all(store)
    assert store.look(counting.came) == {many}


def _everything(tx: Tx) -> list[tuple]:
    return sorted(tuple(row) for row in tx.rows(select(table_of(Figure))))


def test_time_alone_changes_figures(store: Store, clock: FrozenClock) -> None:
    """A term passes with nobody doing anything: late from then on, counted at the next turn, seen before it."""
    store.run(
        lambda tx: rows.demand(
            tx, stage="dispatched", due_at=tx.now + timedelta(hours=5), respond_by=tx.now + timedelta(hours=1)
        )
    )
    settle_all(store)
    today = Asked([tallies.EVERYBODY], date(2026, 11, 25), date(2026, 11, 26))

    def now() -> tuple[int, int, int]:
        found = store.look(lambda tx: figures.total(tx, today))
        return found.asked, found.to_solve, found.due

    assert now() == (0, 0, 0)
    clock.at += timedelta(hours=2)
    assert now() == (1, 0, 0)
    settle_all(store)
    assert now() == (1, 0, 0)
    clock.at += timedelta(hours=4)
    assert now() == (1, 1, 1)
    settle_all(store)
    assert now() == (1, 1, 1)
    assert store.run(counting.settle) == 0


def test_what_changes_no_figure_is_not_counted_again(store: Store) -> None:
    """A reminder that is planned, or a note in the history, marks nothing."""
    made = store.run(rows.demand)
    settle_all(store)
    store.run(lambda tx: tx.update(Demand, made.id, remind_at=tx.now))
    store.run(lambda tx: rows.happen(tx, tx.get(Demand, made.id), "urged", "urge"))
    assert store.look(counting.waiting) == 0
    assert store.look(lambda tx: len(tx.list(Event))) == 2


def test_stars_that_go_over_to_another_order_leave_the_first(store: Store) -> None:
    """Whoever moves a neighbour from one order to another: both are counted anew."""

    def job(tx: Tx) -> tuple[int, int]:
        first, second = (
            rows.demand(tx, stage="closed", closed_at=tx.now, category=code) for code in ("noise", "elevator")
        )
        tx.insert(Supporter, demand_id=first.id, person_id=rows.person(tx).id, at=tx.now, stars=5)
        return first.id, second.id

    first, second = store.run(job)
    settle_all(store)
    table = table_of(Supporter)
    store.run(lambda tx: tx.execute(table.update().where(table.c.demand_id == first).values(demand_id=second)))
    settle_all(store)
    today = Asked([tallies.EVERYBODY], date(2026, 11, 25), date(2026, 11, 26))
    found = store.look(lambda tx: figures.by_name(tx, today, tallies.BY_CATEGORY))
    assert {code: counts.rated for code, counts in found.items()} == {"noise": 0, "elevator": 1}


def test_days_and_months_add_up() -> None:
    """A period is cut into whole months and the days around them, none twice."""
    first = date(2024, 1, 1)
    for begin in range(0, 120, 7):
        for length in (1, 3, 28, 29, 31, 60, 100, 366):
            start = first + timedelta(days=begin)
            end = start + timedelta(days=length)
            days = sorted(day for span in tallies.spans(start, end) for day in _days(*span))
            assert days == [(start + timedelta(days=n)).isoformat() for n in range(length)]


def _days(grain: str, first: str, behind: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(behind)
    if grain == tallies.MONTH:
        assert start.day == end.day == 1
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days)]


def test_the_check_notices_figures_that_differ(store: Store) -> None:
    """A row of the figures that somebody changed by hand is found; counting anew mends it."""
    store.run(rows.demand)
    settle_all(store)
    assert not [line for line in store.look(soundness.problems) if line.startswith("统计")]
    table = table_of(Figure)
    store.run(lambda tx: tx.execute(table.update().where(table.c.grain == "m").values(came=7)))
    assert [line[:20] for line in store.look(soundness.problems) if line.startswith("统计")] == [
        "统计：需求有 1 件，数出来 1、7 件"[:20]
    ]
    store.run(counting.begin_anew)
    settle_all(store)
    assert not [line for line in store.look(soundness.problems) if line.startswith("统计")]
