"""Robots of groups against the twin: every kind, the pace of twenty a minute, and each no."""

import asyncio
import logging
import traceback
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from redprop_bot.channels import Robots, robots, work_cards
from redprop_bot.channels.client import File
from redprop_bot.channels.work_messages import Article
from redprop_bot.errors import CredentialError, PlatformBusy, PlatformError, PlatformRefused
from redprop_bot.ports import FrozenClock
from redprop_bot.simulated import Trouble, Twin

WEB = "https://example.org"
JPEG = b"\xff\xd8\xff a picture"


@pytest.fixture
def clock():
    return FrozenClock(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))


@pytest.fixture
async def twin(clock):
    async with Twin(clock) as twin:
        yield twin


@pytest.fixture
def group(twin):
    return twin.work.robots.add("值班群")


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def slept():
    return []


@pytest.fixture
def robot(twin, clock, session, group, slept):
    async def sleep(seconds):
        slept.append(seconds)
        clock.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    return Robots(session, origin=twin.work.origin, clock=clock, sleep=sleep).robot(group.key)


def shown(twin):
    return twin.ledger.shown("robot:值班群")


async def test_every_kind_is_shown(twin, robot):
    """Text with mentions, both markdowns, picture, news, file, voice, cards that are only read."""
    media_id = await robot.upload("file", File("排班.xlsx", "application/octet-stream", b"123456"))
    for message in (
        robots.text("交班", mention=["limgr", "@all"]),
        robots.markdown("<font color='info'>好</font>"),
        robots.markdown("| 一 | 二 |", second=True),
        robots.picture(JPEG),
        robots.news([Article("通知", WEB)]),
        robots.uploaded("file", media_id),
        robots.uploaded("voice", media_id),
        robots.template_card(work_cards.notice("日报", WEB)),
        robots.template_card(work_cards.picture_notice("日报", WEB, f"{WEB}/x.png")),
    ):
        await robot.send(message)
    assert [entry.kind for entry in shown(twin)] == [
        "text", "markdown", "markdown_v2", "image", "news", "file", "voice", "template_card", "template_card"
    ]  # fmt: skip
    assert shown(twin)[0].detail["mentioned"] == ["limgr", "@all"]


async def test_the_twenty_first_waits_for_its_minute(twin, robot, slept):
    """In the order they were said; none is lost, none meets the platform's limit."""
    await asyncio.gather(*(robot.send(robots.text(str(n))) for n in range(45)))
    assert [int(entry.text) for entry in shown(twin)] == list(range(45))
    assert slept == [60.0, 60.0]
    assert twin.work.calls["webhook/send"] == 45


async def test_a_queue_that_grows_without_end_is_busy(robot, monkeypatch):
    """Hours of waiting help nobody."""
    monkeypatch.setattr("redprop_bot.channels.robots.LONGEST_QUEUE", 3)
    results = await asyncio.gather(*(robot.send(robots.text("x")) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(result, PlatformBusy) for result in results) == 2


async def test_one_key_is_one_robot(twin, session, group):
    """So that it keeps one count, whoever asks for it."""
    pool = Robots(session, origin=twin.work.origin)
    assert pool.robot(group.key) is pool.robot(group.key)
    assert pool.robot("another") is not pool.robot(group.key)


@pytest.mark.parametrize(
    ("switch", "kind", "errcode"),
    [("deleted", CredentialError, 93000), ("disabled", PlatformRefused, 93004), ("gone", PlatformRefused, 93008)],
)
async def test_a_robot_that_is_no_more_is_a_typed_no(robot, group, switch, kind, errcode):
    """A wrong key is the operator's, the rest the group's affair."""
    setattr(group, switch, True)
    with pytest.raises(kind) as error:
        await robot.send(robots.text("x"))
    assert error.value.errcode == errcode
    with pytest.raises(kind):
        await robot.upload("file", File("a.txt", "text/plain", b"123456"))


async def test_another_process_on_the_same_key_is_busy_for_a_minute(twin, clock, session, group, robot):
    """45009 passes by itself."""
    other = Robots(session, origin=twin.work.origin, clock=clock).robot(group.key)
    for n in range(20):
        await other.send(robots.text(str(n)))
    with pytest.raises(PlatformBusy) as busy:
        await robot.send(robots.text("x"))
    assert busy.value.errcode == 45009
    clock.at += timedelta(minutes=1)
    await robot.send(robots.text("x"))


@pytest.mark.parametrize(("kind", "name"), [("image", "a.jpg"), ("file", "")])
async def test_what_a_robot_cannot_bring_stays_here(twin, robot, kind, name):
    """Only files and voices."""
    with pytest.raises(PlatformRefused):
        await robot.upload(kind, File(name, "image/jpeg", JPEG))
    assert not twin.work.calls


async def test_the_key_is_in_no_log_and_no_error(twin, robot, group, caplog):
    """It is all that somebody needs to write in the group."""
    caplog.set_level(logging.DEBUG)
    said = []
    for trouble in (
        Trouble(errcode=93000, errmsg=f"invalid key={group.key}"),
        Trouble(cut=True),
        Trouble(status=500),
    ):
        twin.work.faults.add("webhook/send", trouble)
        with pytest.raises(PlatformError) as error:
            await robot.send(robots.text("x"))
        said.append("".join(traceback.format_exception(error.value)))
    assert group.key not in "".join(said) + caplog.text
