"""Sheets of workers over time: two at once, months that add up, the one push of a month, and years that are over."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER
from tests.support.together import at_once

from redprop_bot.appraise import worker_clock, worker_sheets
from redprop_bot.appraise import workers as steps
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.workers import Worker
from redprop_bot.clock import sweeping
from redprop_bot.errors import Conflict
from redprop_bot.registry.register import register
from redprop_bot.rules.workers import Count, Fact, counted, span, years_before
from redprop_bot.store.tables import Outbox, Task, Timer, Visit, WorkerEvent
from redprop_bot.store.tx import Tx, table_of
from redprop_bot.store.worker import Store


@pytest.fixture
def stores(database_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    enrol(one, ROSTER)
    return one, other


def _worker(tx: Tx, name: str = "小姚") -> Worker:
    return next(one for one in steps.roll(tx) if one.name == name)


def _assess(tx: Tx, *, corrects: int = 0) -> WorkerEvent:
    worker = _worker(tx)
    who = Reviewer("秦书记", register(tx).person_named("秦书记").id, frozenset({worker.community_id}))
    about = steps.the_span(tx, "2026-10")
    return steps.assess(tx, worker, who, about, level="excellent", reason="好", corrects=corrects, figures={})


def _answer(tx: Tx) -> WorkerEvent:
    worker = _worker(tx)
    return steps.answer(
        tx, worker, Reviewer(worker.name, worker.key), steps.the_span(tx, "2026-10"), text="我有话说"
    )


def test_two_at_once_write_once(stores: tuple[Store, Store]) -> None:
    """Of two first assessments, and of two answers, the second is refused; another process finds what was first."""
    with pytest.raises(Conflict):
        stores[0].run(_answer)  # there is nothing to answer yet
    for act in (_assess, _answer):
        refused = at_once(*(lambda store=store, act=act: store.run(act) for store in stores))
        assert sorted(type(error).__name__ for error in refused) == ["Conflict", "NoneType"]
    stores[0].run(lambda tx: _assess(tx, corrects=1))
    with pytest.raises(Conflict):
        stores[0].run(lambda tx: _assess(tx, corrects=1))
    stores[1].run(_answer)  # the one that set it right is another one

    def seen(tx: Tx) -> list[tuple[str, int]]:
        (sheet,) = worker_sheets.sheets(tx, [_worker(tx)], steps.the_span(tx, "2026-10"), unseen=())
        return [(row.kind, row.number) for row in sheet.written]

    assert stores[1].look(seen) == [("assessed", 1), ("answered", 1), ("assessed", 2), ("answered", 2)]


def test_the_months_of_a_year_add_up(store: Store) -> None:
    """Each visit is in the month of its local day, the last minute of one and the first of the next."""
    enrol(store, ROSTER)

    def job(tx: Tx) -> tuple[list[int], Count]:
        worker = _worker(tx)
        for n, at in enumerate(
            (
                datetime(2026, 9, 30, 15, 59, tzinfo=UTC),  # 23:59 here
                datetime(2026, 9, 30, 16, 0, tzinfo=UTC),  # the first of October
                datetime(2026, 11, 1, 4, 0, tzinfo=UTC),
                datetime(2025, 12, 31, 15, 0, tzinfo=UTC),  # of the year before
            )
        ):
            tx.insert(
                Visit,
                no=f"V{n}",
                community_id=worker.community_id,
                kind="home",
                text="看看",
                worker_id=worker.key,
                worker_name=worker.name,
                visited_at=at,
                created_at=tx.now,
            )
        (sheet,) = worker_sheets.sheets(tx, [worker], steps.the_span(tx, "2026"), unseen=())
        line = next(one for one in sheet.lines if one.row.key == "visits")
        return [count.number for count in line.months], line.count

    months, whole = store.run(job)
    assert months == [0] * 8 + [1, 1, 1, 0]
    assert whole == Count(3)


def test_counts_are_whole_and_means_are_rounded() -> None:
    """What was not timed is in no mean; half a minute goes up; adding months is adding their facts."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    one, other = [Fact(at, minutes=10), Fact(at)], [Fact(at, minutes=15, met=True)]
    assert counted(one) + counted(other) == counted([*one, *other])
    assert (counted([*one, *other]).mean, counted([]).mean) == (13, None)
    assert [span(key) for key in ("2026-00", "26-01", "2026-1", "二〇二六", "20261", "1999")] == [None] * 6


async def test_assessors_hear_once_that_a_month_is_ready(open_store: OpenStore, database_url: str, clock) -> None:
    """On the first working day: the secretaries of each community, the street of its secretaries; not again later."""
    stores = open_store(database_url), open_store(database_url)
    enrol(stores[0], ROSTER)

    def told() -> list[str]:
        rows = stores[0].look(lambda tx: tx.list(Outbox))
        return sorted(row.receiver for row in rows if row.message == "workers_ready")

    clock.at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    await sweeping.sweep(stores[0])
    before = told()
    clock.at = datetime(2026, 12, 1, 2, tzinfo=UTC)
    for each in (*stores, *stores):
        await sweeping.sweep(each)
    clock.at += timedelta(days=3)
    await sweeping.sweep(stores[1])
    assert [one for one in told() if before.count(one) < told().count(one)] != []
    fresh = told()
    for one in before:
        fresh.remove(one)
    assert fresh == ["gaozr", "lusj", "qifsj", "qinsj"]
    texts = stores[0].look(lambda tx: [row.payload["text"] for row in tx.list(Outbox) if row.receiver == "gaozr"])
    assert [text for text in texts if text.startswith("2026年11月的工作考核表好了，3 份")]
    assert worker_clock.KIND == "workers"


ALONE = """\
communities:
  - {name: 杏林社区, staff: [{name: 杜书记, userid: dusj, duty: secretary}, {name: 小袁, userid: yuanwg, duty: grid}]}
  - {name: 梨园社区, staff: [{name: 小范, userid: fanwg, duty: grid}]}
"""


async def test_who_assesses_nobody_there_hears_nothing(store: Store, clock, tmp_path) -> None:
    """Of a community without a secretary, where there is no street, no other secretary is told in their place."""
    (tmp_path / "r.yaml").write_text(ALONE)
    enrol(store, tmp_path / "r.yaml")
    clock.at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    await sweeping.sweep(store)
    assert (
        store.look(lambda tx: tx.list(Timer, table_of(Timer).c.kind == worker_clock.KIND)) == []
    )  # not of October
    clock.at = datetime(2026, 12, 1, 2, tzinfo=UTC)
    await sweeping.sweep(store)
    ready = [row for row in store.look(lambda tx: tx.list(Outbox)) if row.message == "workers_ready"]
    assert {row.receiver for row in ready} == {"dusj"}
    assert len(ready) == len({row.key.split(":")[1] for row in ready})  # once a month, not once a community

    def told(name: str) -> list[str]:
        return store.look(lambda tx: [one.name or "" for one in steps.assessors(tx, _worker(tx, name))])

    assert (told("小袁"), told("小范")) == (["杜书记"], [])


async def test_what_is_older_than_its_years_is_gone(store: Store, clock) -> None:
    """Assessments, answers and grades go with the clock that tidies up; a day before they are still there."""
    enrol(store, ROSTER)
    store.run(_assess)
    store.run(_answer)
    years = store.content.workers.terms.keep_years
    written = clock.at
    clock.at = written.replace(year=written.year + years) - timedelta(days=1)
    await sweeping.tidy(store)
    assert len(store.look(lambda tx: tx.list(WorkerEvent))) == 2
    clock.at += timedelta(days=2)
    await sweeping.tidy(store)
    assert store.look(lambda tx: tx.list(WorkerEvent)) == []
    assert years_before(datetime(2028, 2, 29, tzinfo=UTC), 1) == datetime(2027, 2, 28, tzinfo=UTC)


def test_praise_of_a_longer_name_is_not_of_the_shorter() -> None:
    """Each name counts where it stands by itself; of two with one name nobody knows better."""
    called = {1: ("王芳", "王网格员"), 2: ("王芳芳",), 3: ("王芳",)}
    assert steps.named("表扬王芳芳帮我搬米", called) == {2}
    assert steps.named("表扬王芳芳和王网格员", called) == {1, 2}
    assert steps.named("表扬王芳", called) == {1, 3}
    assert steps.named("表扬保洁", called) == set()


def test_only_the_words_that_are_shown_are_covered(store: Store, monkeypatch) -> None:
    """Of very many the newest stand in the sheet; the others cost nothing."""
    enrol(store, ROSTER)

    def job(tx: Tx) -> tuple[int, int]:
        worker = _worker(tx)
        for n in range(100):
            text = f"表扬小姚，第{n}次帮忙"
            tx.insert(
                Task, no=f"T{n}", kind="praise", community_id=worker.community_id, text=text, created_at=tx.now
            )
        looked: list[str] = []
        scrub = worker_sheets.scrub
        monkeypatch.setattr(
            worker_sheets, "scrub", lambda text, **more: looked.append(text) or scrub(text, **more)
        )
        (sheet,) = worker_sheets.sheets(tx, [worker], steps.the_span(tx, None), unseen=())
        assert "第99次" in sheet.words[-1].text
        return len(sheet.words), len(looked)

    assert store.run(job) == (worker_sheets.WORDS, worker_sheets.WORDS)
