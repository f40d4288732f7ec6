"""Who leads a community when its meeting comes need not be who led it when the meeting was called."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.council.conftest import chair_in, home, person

from redprop_bot.council import attending, convening, minutes
from redprop_bot.council.succession import convener
from redprop_bot.registry.importing import import_file
from redprop_bot.registry.register import register
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 12, 8, 15, 0, tzinfo=ZONE)
ROSTER = Path("tests/golden/roster.yaml")
OLD = "{name: 秦书记, userid: qinsj, duty: secretary}"


def _replaced(small_town, tmp_path, by):
    """The same roster with other secretaries."""
    roster = tmp_path / "roster.yaml"
    roster.write_text(ROSTER.read_text(encoding="utf-8").replace(OLD, by), encoding="utf-8")
    small_town.run(lambda tx: import_file(tx, roster))


def _called(small_town):
    key = home(small_town.store)

    def call(tx):
        chair = chair_in(tx, "qinsj", frozenset({key}))
        return convening.call(tx, chair, convening.Wish(kind="joint", community_id=key, starts_at=START)).id

    return small_town.run(call)


def _userids(tx, key):
    return sorted(register(tx).people[seat.person_id].userid or "" for seat in meetings.seats(tx, key))


def test_who_leads_by_now_sits_on_the_seat_of_who_led(small_town, tmp_path):
    """They sign in, are counted once, and the minutes name them."""
    key = _called(small_town)
    before = small_town.look(lambda tx: len(meetings.seats(tx, key)))
    _replaced(small_town, tmp_path, "{name: 宁书记, userid: ningsj, duty: secretary}")
    small_town.clock.at = START
    small_town.run(lambda tx: attending.arrive(tx, tx.get(Meeting, key), person(tx, "ningsj")))
    assert small_town.look(lambda tx: len(meetings.seats(tx, key))) == before
    assert small_town.look(lambda tx: convener(tx, tx.get(Meeting, key))) == "宁书记"
    rows = small_town.look(lambda tx: minutes.composed(tx, tx.get(Meeting, key))["rows"])
    assert ["召集", "宁书记"] in rows


def test_they_are_reminded_like_everybody(small_town, tmp_path):
    """Before the meeting, without having asked for it."""
    key = _called(small_town)
    _replaced(small_town, tmp_path, "{name: 宁书记, userid: ningsj, duty: secretary}")
    small_town.at(2026, 12, 8, 14, 30)
    assert "ningsj" in small_town.look(lambda tx: _userids(tx, key))


def test_a_second_secretary_gets_a_seat_and_the_first_keeps_theirs(small_town, tmp_path):
    """Nobody who still leads loses a seat."""
    key = _called(small_town)
    _replaced(small_town, tmp_path, f"{OLD}\n      - {{name: 宁书记, userid: ningsj, duty: secretary}}")
    small_town.clock.at = START
    small_town.run(lambda tx: attending.arrive(tx, tx.get(Meeting, key), person(tx, "ningsj")))
    assert {"qinsj", "ningsj"} <= set(small_town.look(lambda tx: _userids(tx, key)))
    assert small_town.look(lambda tx: convener(tx, tx.get(Meeting, key))) == "秦书记"
