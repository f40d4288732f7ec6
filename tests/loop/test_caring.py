"""小区管法: a trial is told once each, what stands behind an order is kept, an old register stays as it was."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.golden import play

from redprop_bot.clock import sweeping
from redprop_bot.content import Content
from redprop_bot.errors import ConfigError
from redprop_bot.loop import acts, caring
from redprop_bot.loop.actor import holding
from redprop_bot.loop.order import order
from redprop_bot.loop.report import Report
from redprop_bot.notify import telling
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.exporting import export_yaml
from redprop_bot.registry.importing import import_data
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand, Outbox, Responsibility, Timer
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ROSTER = Path(play.__file__).parent / "roster_care.yaml"
SECRETARY = holding("secretary", name="书记")


@pytest.fixture
def store(database_url: str, clock: FrozenClock, content: Content) -> Iterator[Store]:
    """The pine community, on each engine."""
    made = Store(database_url, clock=clock, content=content, listeners=[telling.tell])
    made.run(lambda tx: import_data(tx, ROSTER.read_bytes(), "r.yaml"))
    yield made
    made.close()


def changed(store: Store, old: str, new: str) -> None:
    """Take in the roster with one thing different."""
    text = ROSTER.read_text("utf-8")
    assert old in text
    store.run(lambda tx: import_data(tx, text.replace(old, new).encode(), "r.yaml"))


def told(store: Store) -> list[tuple[str, str]]:
    """Who was told what of trials."""
    rows = store.look(lambda tx: sorted(tx.list(Outbox), key=lambda row: row.id or 0))
    return [(row.receiver, row.payload["text"]) for row in rows if row.message.startswith("care_trial")]


def swept(store: Store, clock: FrozenClock, at: str) -> None:
    clock.at = datetime.fromisoformat(f"{at}:00+08:00").astimezone(UTC)
    asyncio.run(sweeping.sweep(store))
    asyncio.run(sweeping.sweep(store))  # and once more for the same moment


def reported(tx: Tx, text: str, category: str, estate: str) -> Demand:
    key = next(key for key, one in register(tx).estates.items() if one.name == estate)
    report = Report(
        text=text, reported_at=tx.now, intent="demand.report", category=category, urgency="normal", estate_id=key
    )
    return order(tx, SECRETARY, report, reporter_id=None).demand


def test_a_trial_is_told_once_before_and_once_after_its_end(store: Store, clock: FrozenClock) -> None:
    """Thirty days before and the day after, to the secretary of the community, with what to do."""
    swept(store, clock, "2026-12-01T08")
    assert told(store) == []
    store.run(lambda tx: reported(tx, "垃圾没人收", "sanitation", "老药厂院"))
    swept(store, clock, "2026-12-01T09")
    ((who, text),) = told(store)
    assert who == "jiasj"
    assert text.startswith(
        "老药厂院的试行快到期了\n试行到2026年12月31日，还有30天，现在是兜底托管，托管单位：松岭物业服务中心。"
    )
    assert "没办结1件，其中超期0件" in text
    assert "试行到”删掉" in text
    assert "/console/care" in text
    swept(store, clock, "2026-12-31T20")
    assert len(told(store)) == 1
    swept(store, clock, "2027-01-03T09")  # the sweep of the day itself was missed
    assert [who for who, _ in told(store)] == ["jiasj", "jiasj"]
    assert "过了3天" in told(store)[1][1]
    changed(store, "kind: none, care: self", "kind: none, care: fallback")  # whatever else changes in the register
    swept(store, clock, "2027-01-20T09")
    assert len(told(store)) == 2


def test_a_date_that_was_moved_or_taken_away_is_told_no_more(store: Store, clock: FrozenClock) -> None:
    """What the register says by then goes first; a new date is told in its turn."""
    swept(store, clock, "2026-11-26T09")
    changed(store, "trial_until: 2026-12-31", "trial_until: 2027-03-31")
    swept(store, clock, "2026-12-02T09")
    assert told(store) == []
    swept(store, clock, "2027-03-01T09")
    assert len(told(store)) == 1
    changed(store, "care: fallback, trial_until: 2026-12-31", "care: fallback")
    swept(store, clock, "2027-04-02T09")
    assert len(told(store)) == 1


def test_a_trial_that_is_over_when_it_is_entered_is_told_as_over_only(store: Store, clock: FrozenClock) -> None:
    """Nobody hears that something ends soon which has ended."""
    changed(store, "trial_until: 2026-12-31", "trial_until: 2026-10-01")
    swept(store, clock, "2026-11-26T09")
    ((_, text),) = told(store)
    assert text.startswith("老药厂院的试行到期了")


def test_what_stands_behind_an_order_is_kept(store: Store) -> None:
    """By care, by hand to another, back by hand to the caretaker; a row that is added later wins from then on."""
    demand = store.run(lambda tx: reported(tx, "垃圾没人收", "sanitation", "老药厂院"))
    assert (demand.by_care, demand.responsibility_id) == (True, None)

    def given(to: str) -> Demand:
        return store.run(
            lambda tx: acts.perform(tx, tx.get(Demand, demand.id), Act.DISPATCH, SECRETARY, {"to": to})
        )

    assert not given("和顺物业").by_care
    assert given("松岭物业服务中心").by_care
    added = "responsibilities:\n  - {category: sanitation, estate: 老药厂院, unit: 和顺物业}"
    changed(store, "responsibilities:", added)
    later = store.run(lambda tx: reported(tx, "又堆满了", "sanitation", "老药厂院"))
    assert not later.by_care
    assert store.look(lambda tx: tx.get(Responsibility, later.responsibility_id).category) == "sanitation"


def test_a_caretaker_is_not_put_out_of_use(store: Store) -> None:
    """A file that forgets it is refused, or keeps it; nothing that an estate hangs on goes silently."""
    export = store.look(export_yaml)
    assert not store.run(lambda tx: import_data(tx, export.encode(), "r.yaml")).touched
    assert "caretaker: 松岭物业服务中心" in export
    assert "trial_until: '2026-12-31'" in export
    only = "organisations:\n  - {name: 和顺物业, kind: property}\n"
    summary = store.run(lambda tx: import_data(tx, only.encode(), "r.yaml"))
    assert any("松岭物业服务中心" in note and "保留不动" in note for note in summary.notes)
    states = store.look(lambda tx: caring.states(tx, None))
    assert next(one for one in states if one.estate.name == "南沟平房").taker == "松岭物业服务中心"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-20", "0206-12-31"])
def test_a_year_that_can_be_none_is_refused(store: Store, day: str) -> None:
    """Forever stops no clock of everybody: the roster is not taken in, and says where."""
    text = ROSTER.read_text("utf-8").replace("trial_until: 2026-12-31", f"trial_until: {day}")
    with pytest.raises(ConfigError) as caught:
        store.run(lambda tx: import_data(tx, text.encode(), "r.yaml"))
    assert "trial_until" in str(caught.value)


def test_other_terms_move_what_is_planned(store: Store, clock: FrozenClock, content: Content) -> None:
    """Fifty days before instead of thirty."""
    store.run(caring.plan)
    earlier = replace(content, care=content.care.model_copy(update={"warn_days": 50}))
    other = Store(str(store.engine.url.render_as_string(hide_password=False)), clock=clock, content=earlier)
    try:
        other.run(caring.plan)
        due = other.look(lambda tx: {row.due_at.date() for row in tx.list(Timer) if row.data["trial"] == "soon"})
    finally:
        other.close()
    assert due == {date(2026, 12, 31) - timedelta(days=50)}
