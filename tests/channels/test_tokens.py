"""One token for all who need it: fetched once, ahead of its end, shared, and never in a loop."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from redprop_bot.channels.sealed import SealedTokens
from redprop_bot.channels.tokens import LEASE, OwnTokens, TokenManager, Turn
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
    shelf = OwnTokens()
    one, two = (TokenManager("oa", platform.fetch, clock, shelf) for _ in range(2))
    assert await one.token() == await two.token() == "token-1"
    assert await two.renew("token-1") == "token-2"
    assert await one.renew("token-1") == "token-2"
    assert platform.fetches == 2


async def test_two_processes_at_once_fetch_once(platform, clock):
    """While one fetches the other waits for its token."""
    shelf = OwnTokens()
    one, two = (TokenManager("oa", platform.fetch, clock, shelf, sleep=turn_over) for _ in range(2))
    assert await asyncio.gather(one.token(), two.token()) == ["token-1", "token-1"]
    assert platform.fetches == 1


async def test_three_fetches_a_minute_are_those_of_all_processes(platform, clock):
    """A token that stays bad, two processes: three fetches between them, then a clean error in both."""
    shelf = OwnTokens()
    managers = [TokenManager("oa", platform.fetch, clock, shelf) for _ in range(2)]
    for _ in range(3):
        for manager in managers:
            with suppress(CredentialError):
                await manager.renew(await manager.token())
    assert platform.fetches == 3
    for manager in managers:
        with pytest.raises(CredentialError):
            await manager.renew(f"token-{platform.fetches}")


async def test_a_process_that_died_while_fetching_is_not_waited_for_longer_than_its_turn(platform, clock):
    """Its turn lapses; until then the others wait, and tell those who cannot wait so long."""
    shelf = OwnTokens()
    assert await shelf.turn("oa", clock.now()) is Turn.OURS  # and never heard of again
    with pytest.raises(PlatformBusy):
        await TokenManager("oa", platform.fetch, clock, shelf, sleep=turn_over).token()

    async def time_passes(seconds):
        clock.at += timedelta(seconds=seconds)

    began = clock.at
    assert await TokenManager("oa", platform.fetch, clock, shelf, sleep=time_passes).token() == "token-1"
    assert clock.at - began <= LEASE


async def test_a_store_that_fails_is_a_typed_error(platform, clock):
    """Whatever the shared place is made of."""

    class Broken(OwnTokens):
        async def get(self, name):
            raise RuntimeError("disk full at /secret/place")

    with pytest.raises(PlatformBusy) as error:
        await TokenManager("oa", platform.fetch, clock, Broken()).token()
    assert "secret" not in str(error.value)


async def turn_over(_seconds):
    await asyncio.sleep(0)


async def test_what_lies_in_the_shared_place_is_sealed(clock):
    """It opens with the account's secret and under its name only; anything else is as good as none."""
    shelf = OwnTokens()
    until = clock.now() + timedelta(hours=1)
    await SealedTokens(shelf, "secret-1").put("oa:1", "clear-token", until, clock.now())
    kept, _ = await shelf.get("oa:1")
    assert "clear-token" not in kept
    assert await SealedTokens(shelf, "secret-1").get("oa:1") == ("clear-token", until)
    assert await SealedTokens(shelf, "secret-2").get("oa:1") is None
    shelf._kept["oa:2"] = shelf._kept["oa:1"]
    assert await SealedTokens(shelf, "secret-1").get("oa:2") is None
    for rubbish in ("", "!", "é", "x" * 400):
        shelf._kept["oa:1"] = (rubbish, until)
        assert await SealedTokens(shelf, "secret-1").get("oa:1") is None
