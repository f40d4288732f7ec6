"""Stops of used-up quotas in the database: a restart and a second process keep to them, on both engines."""

from datetime import timedelta

import aiohttp
import pytest
from tests.channels.account import session

from redprop_bot.bootstrap.sharing import SharedStops, SharedTokens
from redprop_bot.channels import OfficialAccountApi, WorkApi, oa_messages
from redprop_bot.channels.patience import LOOK, Stops
from redprop_bot.channels.work_api import token_name
from redprop_bot.clock.sweeping import tidy
from redprop_bot.errors import PlatformLimited
from redprop_bot.simulated import Trouble, Twin
from redprop_bot.store import stops
from redprop_bot.store.tables import PlatformStop

__all__ = ["session"]

CUSTOM = "message/custom/send"
HELLO = oa_messages.text("您好")


@pytest.fixture
def two(database_url, open_store):
    """Two processes' stores on one database."""
    return open_store(database_url), open_store(database_url)


@pytest.fixture
async def twin(clock):
    async with Twin(clock) as twin:
        yield twin


def process(store, twin, session, clock):
    """The account as one process has it."""
    shared = {"store": SharedTokens(store), "stops": SharedStops(store, clock)}
    return OfficialAccountApi(twin.oa_settings(), session, clock=clock, **shared)


async def refused(api):
    with pytest.raises(PlatformLimited) as error:
        await api.send("o1", HELLO)
    return error.value.errcode, error.value.until


async def test_a_second_process_keeps_to_a_stop_and_so_does_a_restart(two, twin, clock, session):
    """45009 is met once; no other process calls before midnight, however often it is started; then they do."""
    twin.oa._acted("o1", "message")
    one, other = (process(store, twin, session, clock) for store in two)
    await other.send("o1", HELLO)  # it has looked, and knows of nothing
    twin.oa.limits.daily[CUSTOM] = 1
    told = await refused(one)
    clock.at += LOOK
    assert await refused(other) == told == await refused(process(two[1], twin, session, clock))
    assert twin.oa.calls[CUSTOM] == 2
    assert two[0].look(lambda tx: [(r.api, r.errcode) for r in tx.list(PlatformStop)]) == [(CUSTOM, 45009)]
    clock.at = told[1]
    twin.oa._acted("o1", "message")
    await other.send("o1", HELLO)
    await tidy(two[0])
    assert two[0].look(lambda tx: tx.list(PlatformStop)) != []  # kept a while, for clocks that differ
    clock.at += timedelta(hours=1)
    await tidy(two[0])
    assert two[0].look(lambda tx: tx.list(PlatformStop)) == []


async def test_accounts_and_apis_are_told_apart(two, clock):
    """A stop is of one account and one API."""
    until = clock.now() + timedelta(hours=3)
    two[0].run(lambda tx: stops.put(tx, "oa:wx1", CUSTOM, 45009, until))
    mine, theirs = (Stops(clock, account=a, shared=SharedStops(two[1], clock)) for a in ("oa:wx1", "oa:wx2"))
    await mine.check("media/get")
    await theirs.check(CUSTOM)
    with pytest.raises(PlatformLimited):
        await mine.check(CUSTOM)


async def test_many_calls_under_way_write_one_row_once(sqlite_store, twin, clock, session):
    """And each of them has its own error."""

    class Counting(SharedStops):
        written = 0

        async def stop(self, *given):
            Counting.written += 1
            await super().stop(*given)

    settings = twin.work_settings()
    api = WorkApi(settings, session, clock=clock, stops=Counting(sqlite_store, clock))
    twin.work.faults.add("getcallbackip", Trouble(errcode=45009, errmsg="api freq out of limit"), times=None)
    for _ in range(3):
        with pytest.raises(PlatformLimited):
            await api.callback_addresses()
    assert (Counting.written, twin.work.calls["getcallbackip"]) == (1, 1)


async def test_a_place_that_is_away_stops_nobody(sqlite_store, twin, clock, session, caplog):
    """The database is gone: calls are made all the same, and the process keeps to what it learns itself."""
    sqlite_store.close()
    api = OfficialAccountApi(twin.oa_settings(), session, clock=clock, stops=SharedStops(sqlite_store, clock))
    twin.oa._acted("o1", "message")
    await api.send("o1", HELLO)
    twin.oa.limits.daily[CUSTOM] = 1
    assert await refused(api) == await refused(api)
    assert twin.oa.calls[CUSTOM] == 2
    assert "could not be" in caplog.text
    assert twin.oa.secret not in caplog.text


async def test_the_secret_of_the_contacts_has_a_token_of_its_own(two, twin, clock):
    """Two secrets of one corp and application do not take the token from each other, in whatever process."""
    app = twin.work_settings()
    contacts = app.model_copy(update={"secret": type(app.secret)(twin.work.contacts_secret)})
    assert token_name(app) != token_name(contacts)
    assert twin.work.contacts_secret not in token_name(contacts)
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            for settings in (app, contacts):
                shared = SharedTokens(two[0])
                api = WorkApi(settings, session, clock=clock, store=shared)
                if settings is app:
                    await api.callback_addresses()
                else:
                    async for _ in api.directory.userids():
                        pass
    assert (twin.work.tokens.fetches, twin.work.contacts_tokens.fetches) == (1, 1)
