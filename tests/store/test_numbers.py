"""Numbers that people see: one series a day and prefix, no gaps, no doubles."""

import threading
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.store import numbers
from redprop_bot.store.tables import Counter
from redprop_bot.store.worker import Store

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def take(store: Store, prefix: str = "D", at: datetime = NOON) -> str:
    """The next number."""
    return store.run(lambda tx: numbers.take(tx, prefix, at, SHANGHAI))


def test_they_count_per_prefix(store: Store) -> None:
    """Each prefix has its own series, four digits wide."""
    assert [take(store), take(store), take(store, "R")] == ["D20261122-0001", "D20261122-0002", "R20261122-0001"]


def test_the_day_is_the_local_one(store: Store) -> None:
    """The series changes at midnight where people live, not at midnight in UTC."""
    assert take(store, at=datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == "D20261122-0001"
    assert take(store, at=datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == "D20261123-0001"


def test_a_busy_day_needs_more_digits(store: Store) -> None:
    """After 9999 the numbers grow."""
    store.run(lambda tx: tx.insert(Counter, name="D20261122", value=9999))
    assert take(store) == "D20261122-10000"


def test_a_number_of_an_undone_job_is_given_again(store: Store) -> None:
    """A job that fails gives its number back: the series has no gaps."""

    def job(tx):
        numbers.take(tx, "D", NOON, SHANGHAI)
        raise ValueError

    with pytest.raises(ValueError):
        store.run(job)
    assert take(store) == "D20261122-0001"


def test_eight_at_once_get_eight_times_as_many(store: Store) -> None:
    """Eight threads taking twenty-five numbers each get 1 to 200, each once."""
    got: list[str] = []

    def many():
        for _ in range(25):
            got.append(take(store))  # noqa: PERF401 - each as soon as it is there

    threads = [threading.Thread(target=many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(got) == [f"D20261122-{n:04d}" for n in range(1, 201)]


def test_revisions_only_grow(store: Store) -> None:
    """A thing that never changed is at 0; each change adds one, for that thing alone."""

    def job(tx):
        first = numbers.revision(tx, "register")
        bumped = [numbers.bump_revision(tx, "register") for _ in range(2)]
        return first, bumped, numbers.revision(tx, "register"), numbers.revision(tx, "content")

    assert store.run(job) == (0, [1, 2], 2, 0)
