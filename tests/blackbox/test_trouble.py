"""When the platform is ill: nothing is lost, nothing comes twice, and its token desk is not stormed."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.blackbox.conftest import Town, open_town
from tests.blackbox.platform import broken, busy

SENDING = "/cgi-bin/message/send"
SPEAKING = "/cgi-bin/message/custom/send"


@pytest.fixture(scope="module")
def ill(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town whose platform may fall ill without harm to others."""
    with open_town(tmp_path_factory.mktemp("ill"), seeded) as found:
        yield found


def later(**more: float) -> str:
    return (datetime.now(UTC) + timedelta(**more)).isoformat()


@pytest.mark.parametrize("illness", [busy, broken], ids=["busy", "broken"])
def test_a_passing_illness(ill: Town, illness):
    """Busy answers and server errors are tried again; each receiver gets it once."""
    left = {"n": 3}

    def sometimes(body):
        left["n"] -= 1
        return illness(body) if left["n"] >= 0 else None

    ill.platform.ill[SENDING] = sometimes
    number = ill.resident().reports(f"{ill.stairs()}电梯坏了")
    try:
        for person in ("fangjl", "shisf"):
            ill.platform.wait_for(number, to=person, seconds=60)
    finally:
        ill.platform.ill.clear()
    ill.settle()
    assert sorted(one.to for one in ill.platform.about(number)) == ["fangjl", "shisf"]


def test_a_token_that_ran_out(ill: Town):
    """An expired token is fetched anew and the message arrives once."""
    for channel in ("oa", "work"):
        ill.platform.expire(channel)
    who = ill.resident()
    number = who.reports(f"{ill.stairs()}电梯坏了")
    ill.platform.wait_for(number, to="fangjl", seconds=60)
    assert ill.api().act(number, "accept").status == 200
    ill.platform.wait_for(number, to=who.who, seconds=60)
    ill.settle()
    assert len([one for one in ill.platform.about(number) if one.to == who.who]) == 1


def test_a_token_that_stays_bad(seeded: Path, tmp_path: Path):
    """However many messages wait, the desk is asked at most three times a minute; healed, all arrive once."""
    from aiohttp import web

    def refused(_):
        return web.json_response({"errcode": 40014, "errmsg": "invalid access_token"})

    with open_town(tmp_path, seeded) as ill:
        ill.platform.ill[SENDING] = refused
        began = time.monotonic()
        numbers = [ill.resident().reports(f"{ill.stairs()}电梯坏了") for _ in range(6)]
        time.sleep(8)
        asked = [at for at, path, _ in ill.platform.calls if path == "/cgi-bin/gettoken" and at >= began]
        assert len(asked) <= 3, len(asked)
        ill.platform.ill.clear()
        # What the service is sending at the moment would look abandoned to a clock that is twelve minutes ahead.
        ill.service.stop()
        ill.run_due(later(minutes=12))  # after every pause between tries, before the first reminder
        for number in numbers:
            ill.platform.wait_for(number, to="fangjl", seconds=60)
        ill.settle()
        for number in numbers:
            assert sorted(one.to for one in ill.platform.about(number)) == ["fangjl", "shisf"]


def test_a_platform_that_is_away_stops_nobody(ill: Town):
    """Callbacks answer within five seconds whatever the platform does, and nothing secret stands in the log."""
    ill.platform.ill[SENDING] = ill.platform.ill[SPEAKING] = broken
    began = time.monotonic()
    assert ill.resident().reports(f"{ill.stairs()}电梯坏了")
    assert time.monotonic() - began < 5
    ill.settle()
    ill.platform.ill.clear()
    log = ill.service.log.read_text()
    for secret in [value for name, value in ill.house.env.items() if name.endswith(("SECRET", "TOKEN", "KEY"))]:
        assert secret not in log
    assert "work-token-" not in log
    assert "oa-token-" not in log


def test_dead_after_a_day(ill: Town):
    """What could not be delivered for a day is dead and visible: `db check` says so.

    A card, not a word to a resident: what may have been sent counts against their few messages, and when those are
    used up it waits for their next word instead.
    """
    ill.platform.ill[SENDING] = broken
    number = ill.resident().reports(f"{ill.stairs()}电梯坏了")
    ill.settle(calm=2)
    ill.run_due(later(hours=25))
    ill.platform.ill.clear()
    ill.run_due(later(hours=60))
    assert not ill.platform.about(number, "新单")
    done = ill.house.run("db", "check")
    assert done.code == 1, done.all
