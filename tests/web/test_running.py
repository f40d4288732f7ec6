"""A process at work: it sends by itself, ticks, stops in order; and `run-due` does each thing once."""

import asyncio
import os
import signal
import threading
from datetime import timedelta

import aiohttp
import pytest
from tests.web.conftest import open_office

from redprop_bot.bootstrap import running, sending
from redprop_bot.clock.ticking import ticking
from redprop_bot.errors import ConfigError
from redprop_bot.store import access, messages
from redprop_bot.store.tables import Answer, Replay
from redprop_bot.web.access import create

CARDS = {"digest": 3}  # it is ten in the morning: the cards of the day are caught up
# On the first day the quarter of each community is planned, and looked for whom to call about the two months before,
# in both communities and in what belongs to none.
MORNING = {**CARDS, "meeting_plan": 2, "survey": 6}


@pytest.fixture
def office(database_url, twin, clock, content, reader):
    """An office without a web application."""
    made = open_office(database_url, twin, clock, content, reader)
    yield made
    made.close()


@pytest.fixture
def small_office(sqlite_url, twin, clock, content, reader):
    """The same on SQLite."""
    made = open_office(sqlite_url, twin, clock, content, reader)
    yield made
    made.close()


async def _until(condition, seconds=10):
    for _ in range(int(seconds * 50)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def test_a_served_report_reaches_the_card_by_itself(office, twin, monkeypatch):
    """A commit wakes the delivery; it does not lie in the outbox until somebody looks."""
    monkeypatch.setattr("redprop_bot.notify.delivery.LOOK_SECONDS", 3600)
    async with running.running(office, "127.0.0.1", 0) as address:
        twin.callbacks(address)
        assert (await twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")).ok
        await _until(lambda: twin.ledger.shown("jianjl"))
    assert office.senders == {}
    assert twin.ledger.violations == []


async def test_a_signal_ends_it_after_what_is_under_way(small_office, twin):
    """SIGTERM: the request under way is answered, then nobody is let in, and `serve` returns."""
    said, entered, released = [], threading.Event(), threading.Event()

    def slow(_tx, _event, _demand):
        entered.set()
        released.wait(10)

    small_office.store.listeners.append(slow)
    serving = asyncio.create_task(running.serve(small_office, "127.0.0.1", 0, ready=said.append))
    await _until(lambda: said)
    twin.callbacks(said[0])
    report = asyncio.create_task(twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了"))
    await _until(entered.is_set)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(0.1)
    assert not serving.done()
    released.set()
    outcome = await report
    assert (outcome.ok, outcome.attempts) == (True, 1)
    assert "春晖物业" in outcome.text
    await asyncio.wait_for(serving, 15)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(f"{said[0]}/healthz")


async def test_sqlite_takes_one_serve(small_office):
    """The second one is refused with the way out, and the first goes on."""
    said = []
    first = asyncio.create_task(running.serve(small_office, "127.0.0.1", 0, ready=said.append))
    await _until(lambda: said)
    with pytest.raises(ConfigError, match="PostgreSQL"):
        await running.serve(small_office, "127.0.0.1", 0)
    async with aiohttp.ClientSession() as session:
        assert (await session.get(f"{said[0]}/readyz")).status == 200
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(first, 15)


async def _fulfilled(office):
    """A demand that waits for its rating."""
    from redprop_bot.loop import accept, order
    from redprop_bot.loop.actor import holding

    def job(tx):
        made = order.order(
            tx,
            holding("admin", name="测试"),
            order.Report("电梯坏了", tx.now, category="elevator", estate_id=1),
            reporter_id=None,
        )
        return accept.fulfil(tx, made.demand, holding("admin", name="测试")).no

    return office.store.run(job)


async def test_run_due_does_everything_once(office, clock, twin):
    """What is due is done and what is owed is sent; the second run for the same moment does nothing."""
    no = await _fulfilled(office)
    first = await sending.run_due(office)
    assert first["now"] == "2026-11-25T10:00:00+08:00"
    assert (first["done"], first["sent"] > 0, first["failed"], first["owed"]) == (MORNING, True, 0, 0)
    clock.at += timedelta(days=15)
    second, third = await sending.run_due(office), await sending.run_due(office)
    # behind day 60 without a meeting; and a month is over: it is called about, scored, and has sheets of workers
    assert second["done"] == {
        "expire": 1,
        **CARDS,
        "meeting_lacking": 2,
        "survey": 3,
        "appraisal": 2,
        "workers": 3,
    }
    assert (third["done"], third["sent"], third["failed"]) == ({}, 0, 0)
    from redprop_bot.store import demands

    closed = office.store.look(lambda tx: demands.by_no(tx, no))
    assert (closed.stage, closed.close_reason, closed.stars) == ("closed", "no_answer", None)
    assert twin.ledger.violations == []


async def test_what_cannot_be_sent_stays_owed(office, twin):
    """A platform that is down: the attempts are told as failed, the messages stay; later they leave."""
    await _fulfilled(office)
    from redprop_bot.simulated import Trouble

    twin.work.faults.add("message/send", Trouble(status=502), times=None)
    first = await sending.run_due(office)
    assert (first["sent"], first["failed"] > 0, first["owed"]) == (0, True, first["failed"])
    twin.work.faults.clear()
    office.clock.at += timedelta(minutes=1)
    assert (await sending.run_due(office))["owed"] == 0


async def test_more_than_one_batch_is_done_in_one_go(small_office):
    """However much has piled up, one run leaves nothing due."""
    no = await _fulfilled(small_office)
    from redprop_bot.store import demands

    def pile_up(tx):
        for number in range(250):
            messages.plan(tx, f"pile:{number}", "place_wait", tx.now, demands.by_no(tx, no).id)

    small_office.store.run(pile_up)
    assert (await sending.run_due(small_office))["done"] == {"place_wait": 250, **MORNING}


async def test_the_clock_ticks_and_catches_up(office, clock):
    """What is due while serving is done without anybody asking, late or not."""
    no = await _fulfilled(office)
    clock.at += timedelta(days=40)
    with ticking(office.store, seconds=0.05):
        from redprop_bot.store import demands

        await _until(lambda: office.store.look(lambda tx: demands.by_no(tx, no)).stage == "closed")


async def test_marks_that_served_their_time_are_dropped(office, clock):
    """Replay marks and kept answers go when nobody can use them any more, and not before."""
    from redprop_bot.clock.sweeping import tidy

    def leave(tx):
        messages.used(tx, "oa:1", "hash")
        access.keep_answer(tx, key="k", request_hash="h", status=200, body="{}")

    def left():
        return office.store.look(lambda tx: (len(tx.list(Replay)), len(tx.list(Answer))))

    office.store.run(leave)
    for step, expected in (
        (timedelta(minutes=10), (1, 1)),
        (timedelta(minutes=10), (0, 1)),
        (timedelta(days=1), (0, 0)),
    ):
        clock.at += step
        await tidy(office.store)
        assert left() == expected


async def test_two_processes_on_one_database_share_the_work(postgres_url, twin, clock, content, reader):
    """A report comes in at one, its acceptance at the other; each message leaves once."""
    one, two = (open_office(postgres_url, twin, clock, content, reader) for _ in range(2))
    token = one.store.run(lambda tx: create(tx, "admin"))
    async with (
        running.running(one, "127.0.0.1", 0) as first,
        running.running(two, "127.0.0.1", 0) as second,
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session,
    ):
        twin.callbacks(first)
        told = (await twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")).text
        # Later than the platform waits, the answer goes with the next delivery.
        told = told or (await twin.oa.phones.again()).text
        assert "3栋2单元" in told
        twin.callbacks(second)
        assert (await twin.oa.phones.again()).text == told
        await _until(lambda: twin.ledger.shown("jianjl"))
        card = twin.ledger.shown("jianjl")[0].detail
        key = card["card"]["button_list"][0]["key"]
        assert (await twin.work.tap("jianjl", card["task_id"], key)).ok
        await _until(lambda: len(twin.ledger.shown("o-xu")) == 3)
        page = await (await session.get(f"{first}/api/v1/demands")).json()
        assert [item["stage"] for item in page["items"]] == ["accepted"]
    assert len([e for e in twin.ledger.shown("jianjl") if e.kind == "card"]) == 1
    assert twin.work.tokens.fetches == 1
    assert twin.ledger.violations == []
    for office in (one, two):
        office.close()
