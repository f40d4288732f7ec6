"""What time does, told by `run-due --now`; the scheduler is off, so that nothing happens by itself."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.blackbox.conftest import Town, open_town
from tests.blackbox.platform import broken


@pytest.fixture(scope="module")
def still(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of its own whose time is moved by hand; nothing of the shared one is due here."""
    with open_town(tmp_path_factory.mktemp("still"), seeded, REDPROP_SCHEDULER="off") as found:
        yield found


def here(town: Town) -> datetime:
    """Now, on the clocks of the town; it is about ten in the morning."""
    return datetime.now(ZoneInfo(town.house.env["REDPROP_TIMEZONE"]))


def at(town: Town, hour: int, days: int = 0) -> str:
    moment = (here(town) + timedelta(days=days)).replace(hour=hour, minute=5, second=0, microsecond=0)
    return moment.isoformat()


def hours(town: Town, number: str, name: str) -> float:
    found = town.api().demand(number)
    return (
        datetime.fromisoformat(found[name]) - datetime.fromisoformat(found["reported_at"])
    ).total_seconds() / 3600


def test_the_clocks(still: Town):
    """Orders of magnitude: minutes for danger, a day for what presses, working days for the rest; rows override."""
    emergency = still.resident().reports(f"{still.stairs()}电梯困人了")
    assert hours(still, emergency, "respond_by") <= 1
    assert hours(still, emergency, "due_at") <= 24
    pressing = still.resident().reports("云杉苑2栋1单元水管爆了，水漫到楼道")
    assert still.api().demand(pressing)["urgency"] in {"urgent", "emergency"}
    assert hours(still, pressing, "respond_by") <= 4
    assert hours(still, pressing, "due_at") <= 26
    api = still.api()
    plain = str(
        api.order(text="楼道没人打扫", estate="梧桐里", building="50", category="sanitation", urgency="normal")[
            "no"
        ]
    )
    assert 4 * 24 <= hours(still, plain, "due_at") <= 20 * 24
    row = str(
        api.order(text="扶手松了", estate="梧桐里", building="51", category="building", urgency="normal")["no"]
    )
    assert hours(still, row, "respond_by") >= 2
    assert 20 <= hours(still, row, "due_at") <= 12 * 24  # sixteen working hours
    calendar = str(
        api.order(text="电梯", estate="梧桐里", building="52", category="elevator", urgency="urgent")["no"]
    )
    assert hours(still, calendar, "respond_by") == 1
    assert hours(still, calendar, "due_at") == 24
    for number in (plain, row):
        due = datetime.fromisoformat(api.demand(number)["due_at"])
        assert 8 <= due.hour <= 18


def test_a_place_that_nobody_names(still: Town):
    """Without an answer in thirty minutes the street's staff get a card; before that they do not."""
    who = still.resident()
    number = who.reports("单元门坏了，关不上")
    mark = still.platform.mark()
    still.run_due((here(still) + timedelta(minutes=28)).isoformat())
    assert "luzr" not in still.platform.told(number, since=mark)
    still.run_due((here(still) + timedelta(minutes=32)).isoformat())
    (card,) = [one for one in still.platform.about(number, since=mark) if one.to == "luzr"]
    assert card.kind == "template_card"
    assert still.api().demand(number)["community"] is None
    assert number in who.says(still.stairs())
    assert still.api().demand(number)["community"] == "梧桐社区"


def test_silence_closes_without_a_rating(still: Town):
    """Done closes after fourteen days; the rating stays null."""
    api = still.api()
    number = still.resident().reports(f"{still.stairs()}单元门坏了")
    assert api.act(number, "fulfil", note="好了").status == 200
    still.run_due((here(still) + timedelta(days=13, hours=23)).isoformat())
    assert api.demand(number)["stage"] == "done"
    still.run_due((here(still) + timedelta(days=14, hours=1)).isoformat())
    found = api.demand(number)
    assert (found["stage"], found["rating"]) == ("closed", None)


def test_what_is_overdue(still: Town):
    """`overdue` is held against the clock."""
    late = still.resident().reports(f"{still.stairs()}电梯坏了", at=time.time() - 3 * 86400)
    fresh = still.resident().reports(f"{still.stairs()}电梯坏了")
    api = still.api()
    found = {one["no"] for one in api.get("/demands", limit=100, overdue="true")["items"]}
    assert late in found
    assert fresh not in found


def test_run_due_leaves_the_data_sound(still: Town):
    """After all of it `db check` finds nothing wrong."""
    done = still.house.run("db", "check")
    assert done.code == 0, done.all


def test_a_day_message_kept_back_by_an_ill_platform_waits_for_the_morning(still: Town):
    """What an ill platform kept back is delivered late, but not in the night; twice never."""
    still.settle()
    still.platform.ill["/cgi-bin/message/send"] = broken
    plain = str(
        still.api().order(
            text="楼道没人打扫", estate="梧桐里", building="53", category="sanitation", urgency="normal"
        )["no"]
    )
    still.settle(calm=1)
    still.service.stop()
    still.platform.ill.clear()
    mark = still.platform.mark()
    still.run_due(at(still, 23))
    assert not still.platform.told(plain, since=mark)
    still.run_due(at(still, 8, days=1))
    assert sorted(one.to for one in still.platform.about(plain)) == ["fangjl", "yuansf"]
    mark = still.platform.mark()
    still.run_due(at(still, 8, days=1))
    assert still.platform.mark() == mark, "a second run for the same moment does nothing"
