"""A small quarter goes by from due moment to due moment, with outages: every promise is accounted for.

The large one, and the picture of it in `docs/`, is `python -m bench quarter`.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bench import quarter
from bench.quarter import Quarter, Town

from redprop_bot.store.tables import Event, Outbox, Reminder

ORDERS, DAYS = 300, 42


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Quarter]]:
    """Six weeks of a town with a quarter's share of orders, National Day among them."""
    town, found = quarter.simulated(tmp_path_factory.mktemp("quarter"), orders=ORDERS, days=DAYS, seed=7)
    yield town, found
    town.office.close()


@pytest.mark.slow
def test_every_promise_is_accounted_for(over: tuple[Town, Quarter]) -> None:
    """Kept, or broken and then told, noted, tabled at the first sweep that could; nothing twice, nobody woken."""
    town, found = over
    assert found.faults == []
    assert sum(found.came) == ORDERS
    assert len(found.watch.late_by(0)) > ORDERS / 20
    assert found.watch.kept() > ORDERS / 2
    assert found.done["climb"] > 0
    assert found.done["digest"] > DAYS
    assert max(end - start for start, end in town.dark) >= timedelta(days=3)


@pytest.mark.slow
def test_the_accounting_can_fail(over: tuple[Town, Quarter]) -> None:
    """A firing that is lost, one that should not be, a notice that was never written: each is found."""
    town, found = over

    marks, events, letters = town.store.look(lambda tx: (tx.list(Reminder), tx.list(Event), tx.list(Outbox)))
    judge = found.watch.held_against
    overdue = next(row for row in marks if row.rule == "overdue")
    noticed = next(row for row in events if row.name == "noticed")
    assert judge(marks, events, letters) == []
    assert any("did not fire" in one for one in judge([m for m in marks if m is not overdue], events, letters))
    assert any("fired 2 times" in one for one in judge([*marks, overdue], events, letters))
    assert any("noticed 0 times" in one for one in judge(marks, [e for e in events if e is not noticed], letters))
    assert any("nobody was told" in one for one in judge(marks, events, []))


@pytest.mark.slow
def test_the_picture_shows_the_numbers(over: tuple[Town, Quarter]) -> None:
    """A bar a day, a bar a week with its counts, a grey span for each outage; and it is XML."""
    _town, found = over
    text = quarter.drawn(found, DAYS)
    root = ET.fromstring(text)
    bars = [node.get("fill") for node in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert bars.count("#7aa6d6") == DAYS
    assert bars.count("#8fbf8f") == len(found.weeks)
    assert bars.count("#ddd") == len(found.dark)
    for _week, good, of in found.weeks:
        assert f">{good}/{of}<" in text


def test_the_picture_in_the_docs_is_one_of_these() -> None:
    """What the README points at is drawn by this program."""
    text = (Path(quarter.PICTURE)).read_text("utf-8")
    assert ET.fromstring(text).tag.endswith("svg")
    assert "守住" in text
