"""An Official Account's API on the simulated platform, for the tests of both."""

from datetime import UTC, datetime

import aiohttp
import pytest

from redprop_bot.channels.oa_api import OfficialAccountApi
from redprop_bot.channels.patience import Patience
from redprop_bot.ports import FrozenClock
from redprop_bot.simulated import Twin


class Pauses:
    """A sleep that only writes down."""

    def __init__(self):
        self.seconds = []

    async def __call__(self, seconds):
        self.seconds.append(seconds)


@pytest.fixture
def clock():
    return FrozenClock(datetime(2026, 11, 25, 9, 0, 30, tzinfo=UTC))


@pytest.fixture
async def twin(clock):
    async with Twin(clock) as twin:
        twin.oa.event_delay = 0
        yield twin


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def pauses():
    return Pauses()


@pytest.fixture
def api(twin, clock, session, pauses):
    """The account's API; `o1` has just said something."""
    twin.oa._acted("o1", "message")
    return OfficialAccountApi(
        twin.oa_settings(), session, clock=clock, patience=Patience(sleep=pauses, jitter=lambda: 1.0)
    )
