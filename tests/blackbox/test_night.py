"""At eleven in the evening: what waits until morning, and what does not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.blackbox.conftest import Town, open_town
from tests.blackbox.service import zone_where_it_is


@pytest.fixture(scope="module")
def night(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town where it is about eleven in the evening."""
    with open_town(tmp_path_factory.mktemp("night"), seeded, REDPROP_TIMEZONE=zone_where_it_is(23)) as found:
        yield found


def test_plain_notices_wait_and_alarms_do_not(night: Town):
    """Plain orders and residents' updates wait until eight; emergency and urgent orders go; answers never wait."""
    who = night.resident()
    api = night.api()
    plain = str(
        api.order(text="楼道没人打扫", estate="梧桐里", building="53", category="sanitation", urgency="normal")[
            "no"
        ]
    )
    updated = who.reports(f"{night.stairs()}单元门坏了")
    assert api.act(updated, "accept").status == 200
    alarm = night.resident().reports(f"{night.stairs()}电梯困人了")
    pressing = night.resident().reports(f"{night.stairs()}电梯停了，老人下不来楼")
    assert api.demand(pressing)["urgency"] == "urgent"
    for number in (alarm, pressing):
        night.platform.wait_for(number, to="fangjl")
        night.platform.wait_for(number, to="shisf")
    night.platform.wait_for(alarm, to="xiewg")
    assert night.staff("fangjl").says(f"接单 {plain}"), "an answer to one's own act does not wait"
    night.settle()
    assert not night.platform.told(plain)
    assert who.who not in night.platform.told(updated)

    zone = ZoneInfo(night.house.env["REDPROP_TIMEZONE"])
    morning = (datetime.now(zone) + timedelta(hours=3)).replace(minute=0, second=30, microsecond=0)
    for hour, told in ((7, False), (8, True)):
        night.run_due(morning.replace(hour=hour).isoformat())
        assert (who.who in night.platform.told(updated)) == told, hour
    before = night.platform.mark()
    night.run_due(morning.replace(hour=8).isoformat())
    assert night.platform.mark() == before
