"""Access tokens in the database: shared, sealed, and fetched by one process at a time, on both engines."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from redprop_bot.bootstrap.sharing import SharedTokens
from redprop_bot.channels import OfficialAccountSender, WorkSender
from redprop_bot.channels.tokens import FETCHES_PER_MINUTE, LEASE, TokenManager, Turn
from redprop_bot.errors import CredentialError, PlatformBusy
from redprop_bot.ports import Channel, Form, Outbound
from redprop_bot.simulated import Twin
from redprop_bot.store import tokens
from redprop_bot.store.tables import PlatformToken

NAME = "oa:wx1"


@pytest.fixture
def two(database_url, open_store):
    """Two processes' stores on one database."""
    return open_store(database_url), open_store(database_url)


async def test_what_one_puts_the_other_gets(two, clock):
    """With its moment; an unknown name is nothing."""
    one, other = map(SharedTokens, two)
    until = clock.now() + timedelta(hours=1)
    assert await other.get(NAME) is None
    await one.put(NAME, "sealed-1", until, clock.now())
    assert await other.get(NAME) == ("sealed-1", until)
    await other.put(NAME, "sealed-2", until, clock.now())
    assert await one.get(NAME) == ("sealed-2", until)


async def test_a_turn_is_one_process_s_until_it_ends(two, clock):
    """By a token, by giving up, or by the lease of a process that died."""
    one, other = map(SharedTokens, two)
    now = clock.now()
    assert [await store.turn(NAME, now) for store in (one, other)] == [Turn.OURS, Turn.TAKEN]
    assert await one.get(NAME) is None
    await one.put(NAME, "sealed", now + timedelta(hours=1), now)
    assert await other.turn(NAME, now) is Turn.OURS
    await other.yield_turn(NAME, now, counted=False)
    assert await one.turn(NAME, now) is Turn.OURS
    assert await other.turn(NAME, now + LEASE - timedelta(seconds=1)) is Turn.TAKEN
    assert await other.turn(NAME, now + LEASE) is Turn.OURS


async def test_who_ask_together_get_one_turn(two, clock):
    """However many, in however many processes."""
    turns = await asyncio.gather(*(SharedTokens(two[n % 2]).turn(NAME, clock.now()) for n in range(12)))
    assert turns.count(Turn.OURS) == 1
    assert turns.count(Turn.TAKEN) == 11


async def test_three_a_minute_are_counted_among_all(two, clock):
    """A sliding minute; what the platform did not judge does not count."""
    one, other = map(SharedTokens, two)
    now = clock.now()
    await one.yield_turn(NAME, now, counted=False)
    for n in range(FETCHES_PER_MINUTE):
        await (one, other)[n % 2].yield_turn(NAME, now + timedelta(seconds=10 * n), counted=True)
    assert await one.turn(NAME, now + timedelta(seconds=59)) is Turn.SPENT
    assert await other.turn(NAME, now + timedelta(seconds=60)) is Turn.OURS


def test_a_value_is_not_needed_for_a_turn(store, clock):
    """A row that only says who is fetching holds no token."""
    store.run(lambda tx: tokens.turn(tx, NAME, now=clock.now(), lease=LEASE, per_minute=3))
    row = store.look(lambda tx: tx.list(PlatformToken))[0]
    assert (row.value, row.fetched) == ("", [])
    assert store.look(lambda tx: tokens.kept(tx, NAME)) is None


async def test_two_processes_send_with_one_token_and_the_database_does_not_know_it(two, clock):
    """100 sends each on both platforms: one fetch each; what is stored, and so what is backed up, is sealed."""
    async with Twin(clock) as twin, aiohttp.ClientSession() as first, aiohttp.ClientSession() as second:
        sends = []
        for store, session in zip(two, (first, second), strict=True):
            shared = SharedTokens(store)
            resident = OfficialAccountSender(twin.oa_settings(), session, clock=clock, store=shared)
            work = WorkSender(twin.work_settings(), session, clock=clock, store=shared)
            for n in range(100):
                openid = f"{id(store)}-{n}"
                twin.oa._acted(openid, "message")
                sends += [
                    resident.send(Outbound(Channel.OA, openid, Form.TEXT, {"text": "已派单"})),
                    work.send(Outbound(Channel.WORK, f"user{n}", Form.TEXT, {"text": "新工单"})),
                ]
        # Few at once: what has no connection after three seconds is given up, and a slow machine makes eighty wait.
        turn = asyncio.Semaphore(20)

        async def in_turn(send):
            async with turn:
                await send

        await asyncio.gather(*map(in_turn, sends))
        assert (twin.oa.tokens.fetches, twin.work.tokens.fetches) == (1, 1)
        rows = two[0].look(lambda tx: tx.list(PlatformToken))
        assert len(rows) == 2
        for platform in (twin.oa, twin.work):
            for row in rows:
                assert platform.tokens._current not in row.value
                assert platform.secret not in row.value


async def test_a_permanent_40001_is_three_fetches_for_two_processes(two, clock):
    """And a clean error in both."""
    async with Twin(clock) as twin, aiohttp.ClientSession() as session:
        twin.work.tokens.refuse_all = True
        senders = [
            WorkSender(twin.work_settings(), session, clock=clock, store=SharedTokens(store)) for store in two
        ]
        for _ in range(5):
            for sender in senders:
                with pytest.raises(CredentialError):
                    await sender.send(Outbound(Channel.WORK, "limgr", Form.TEXT, {"text": "新工单"}))
        assert twin.work.tokens.fetches == 3


async def test_a_database_that_is_away_is_a_typed_error(sqlite_store, clock):
    """The sender says busy; the outbox tries again."""
    sqlite_store.close()

    async def fetch():
        return "t", 7200

    with pytest.raises(PlatformBusy):
        await TokenManager(NAME, fetch, clock, SharedTokens(sqlite_store)).token()
