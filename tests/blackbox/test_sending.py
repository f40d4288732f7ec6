"""Where a report goes: its place, its parts, the right unit and the right people of it, and no strangers."""

import re

from tests.blackbox.conftest import Town


def test_without_a_place_it_is_made_and_asked_once(town: Town):
    """Nothing is lost: the demand is there, one question is asked, the answer completes it and sends it on its way."""
    who = town.resident()
    number = who.reports("单元门坏了，关不上")
    found = town.api().demand(number)
    assert (found["community"], found["estate"]) == (None, None)
    mark = town.platform.mark()
    lives = town.stairs()
    reply = who.says(lives)
    assert number in reply
    found = town.api().demand(number)
    assert (found["community"], found["estate"], found["handler"]) == ("梧桐社区", "梧桐里", "恒信物业")
    town.platform.wait_for(number, to="fangjl", since=mark)
    assert lives.startswith(f"梧桐里{found['building']}栋")


def test_several_things_in_one_message(town: Town):
    """Two things are two orders with one reply."""
    lives = town.stairs()
    reply = town.resident().says(f"{lives}电梯坏了，另外楼道灯也不亮")
    numbers = set(re.findall(r"D\d{8}-\d{4,}", reply))
    assert len(numbers) == 2, reply
    assert {town.api().demand(number)["category"] for number in numbers} == {"elevator", "power"}


def test_workers_off_duty_and_of_other_trades_are_spared(town: Town):
    """Cards go to the managers and the workers whose estate and trade fit; who is off duty is left alone."""
    mark = town.platform.mark()
    number = town.resident().reports("云杉苑3栋1单元电梯坏了")
    town.platform.wait_for(number, to="fangjl", since=mark)
    town.settle()
    assert town.platform.told(number, since=mark) == {"fangjl", "baosf"}


def test_words_of_the_list_choose_the_unit(town: Town):
    """A row with match words wins over the plain row of its category; a unit without managers tells all its staff."""
    mark = town.platform.mark()
    number = town.resident().reports(f"{town.stairs()}停水了，一滴都没有")
    assert town.api().demand(number)["handler"] == "碧泉供水公司"
    town.platform.wait_for(number, to="dinggong", since=mark)
    town.settle()
    assert town.platform.told(number, since=mark) == {"dinggong", "zougong"}


def test_strangers_are_refused_kindly(town: Town):
    """Who is not of the handler does not accept; nothing changes."""
    number = town.resident().reports(f"{town.stairs()}电梯坏了")
    before = town.api().demand(number)
    for who in ("qujl", "dinggong", "musj"):
        assert town.staff(who).says(f"接单 {number}")
    assert town.resident().says(f"{number} 撤销，不用修了")
    assert town.api().demand(number)["stage"] == "dispatched"
    assert town.api().demand(number)["events"] == before["events"]
