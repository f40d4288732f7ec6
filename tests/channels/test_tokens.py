"""One token for all who need it: fetched once, ahead of its end, shared, and never in a loop."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from redprop_bot.channels.tokens import TokenManager
from redprop_bot.errors import CredentialError, PlatformBusy
from redprop_bot.ports import FrozenClock


class Platform:
    """Hands out numbered tokens."""

    def __init__(self, seconds=7200):
        self.fetches, self.seconds, self.failure = 0, seconds, None

    async def fetch(self):
        self.fetches += 1
        await asyncio.sleep(0)
        if self.failure:
            raise self.failure
        return f"token-{self.fetches}", self.seconds


class Shelf:
    """A token store that all managers of a test see."""

    def __init__(self):
        self.kept = {}

    async def get(self, name):
        return self.kept.get(name)

    async def put(self, name, token, use_until):
        self.kept[name] = (token, use_until)


@pytest.fixture
def clock():
    return FrozenClock(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))


@pytest.fixture
def platform():
    return Platform()


async def test_all_who_wait_share_one_fetch(platform, clock):
    """200 at once, one fetch."""
    manager = TokenManager("oa", platform.fetch, clock)
    tokens = await asyncio.gather(*(manager.token() for _ in range(200)))
    assert set(tokens) == {"token-1"}
    assert platform.fetches == 1


async def test_a_token_is_replaced_five_minutes_before_its_end(platform, clock):
    """Not earlier, not later."""
    manager = TokenManager("oa", platform.fetch, clock)
    await manager.token()
    clock.at += timedelta(seconds=6899)
    assert await manager.token() == "token-1"
    clock.at += timedelta(seconds=1)
    assert await manager.token() == "token-2"


async def test_a_token_with_little_life_left_is_still_used(clock):
    """A stable token may have 300 s left: half of that, not a fetch at each call."""
    platform = Platform(seconds=300)
    manager = TokenManager("oa", platform.fetch, clock)
    for _ in range(10):
        await manager.token()
    assert platform.fetches == 1


async def test_who_comes_late_with_a_refused_token_gets_the_new_one(platform, clock):
    """20 calls fail with the old token: one fetch for all of them."""
    manager = TokenManager("oa", platform.fetch, clock)
    old = await manager.token()
    assert set(await asyncio.gather(*(manager.renew(old) for _ in range(20)))) == {"token-2"}
    assert await manager.renew(old) == "token-2"
    assert platform.fetches == 2


async def test_a_token_that_stays_bad_is_fetched_three_times_a_minute(platform, clock):
    """Then it is an error without a call, until the minute is over."""
    manager = TokenManager("oa", platform.fetch, clock)
    token = await manager.token()
    for _ in range(2):
        token = await manager.renew(token)
    with pytest.raises(CredentialError):
        await manager.renew(token)
    assert platform.fetches == 3
    clock.at += timedelta(minutes=1)
    await manager.renew(token)
    assert platform.fetches == 4


async def test_a_refused_secret_is_tried_three_times_a_minute(platform, clock):
    """The platform bans addresses that insist."""
    platform.failure = CredentialError("gettoken", 40001, "invalid credential")
    manager = TokenManager("work", platform.fetch, clock)
    for _ in range(10):
        with pytest.raises(CredentialError):
            await manager.token()
    assert platform.fetches == 3


async def test_a_busy_platform_does_not_use_up_the_tries(platform, clock):
    """No answer says nothing about the secret; as soon as it answers, it works."""
    platform.failure = PlatformBusy("gettoken")
    manager = TokenManager("work", platform.fetch, clock)
    for _ in range(5):
        with pytest.raises(PlatformBusy):
            await manager.token()
    platform.failure = None
    assert await manager.token() == "token-6"


async def test_a_failure_is_shared_too(platform, clock):
    """200 who wait for one failing fetch fail together instead of one after another."""
    platform.failure = PlatformBusy("gettoken")
    manager = TokenManager("work", platform.fetch, clock)
    results = await asyncio.gather(*(manager.token() for _ in range(200)), return_exceptions=True)
    assert {type(result) for result in results} == {PlatformBusy}
    assert platform.fetches == 1


async def test_one_who_gives_up_does_not_take_the_token_from_the_others(platform, clock):
    """A cancelled caller leaves the fetch alone."""
    manager = TokenManager("oa", platform.fetch, clock)
    first, second = asyncio.create_task(manager.token()), asyncio.create_task(manager.token())
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "token-1"


async def test_processes_share_through_the_store(platform, clock):
    """The second takes what the first has put; a renewed one is seen by the first as soon as its own is refused."""
    shelf = Shelf()
    one, two = (TokenManager("oa", platform.fetch, clock, shelf) for _ in range(2))
    assert await one.token() == await two.token() == "token-1"
    assert await two.renew("token-1") == "token-2"
    assert await one.renew("token-1") == "token-2"
    assert platform.fetches == 2
