"""Addresses, phones, orders, moments, amounts: own forms, own sentences."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.understand.gazetteer import EstateName, Gazetteer
from redprop_bot.understand.normalise import normalise
from redprop_bot.understand.numerals import to_int
from redprop_bot.understand.slots import address, amounts, orders, phone, reason, when

NOW = datetime.fromisoformat("2026-11-25T09:00:00+08:00")


@pytest.mark.parametrize(
    ("text", "building", "unit", "room"),
    [
        ("3-2-501", "3", "2", "501"),
        ("3#2单元501", "3", "2", "501"),
        ("三号楼贰单元五零一", "3", "2", "501"),
        ("12幢", "12", None, None),
        ("A2栋", "A2", None, None),
        ("七栋一单元一千二百零三室", "7", "1", "1203"),
        ("9#1702", "9", None, "1702"),
        ("5号楼3门201", "5", "3", "201"),
        ("8动二单元三零四", "8", "2", "304"),
        ("枫林/6/1/1002/灯坏", "6", "1", "1002"),
        ("我住六零三的", None, None, "603"),
        ("C座", "C", None, None),
    ],
)
def test_addresses_in_every_form(text, building, unit, room):
    """Only digits or letters are kept."""
    found = {}
    for span in address.find(normalise(text).norm):
        found.update(span.slots)
    assert found == {k: v for k, v in (("building", building), ("unit", unit), ("room", room)) if v}


@pytest.mark.parametrize(
    "text", ["十八楼的灯坏了", "整栋楼都没电", "一座山", "2026-11-25开会", "3个人", "电话0551-6543210"]
)
def test_what_is_no_address(text):
    """Floors, counts, dates and phones are not buildings."""
    assert not [span for span in address.find(text) if "building" in span.slots]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("139 1234 5678", "13912345678"),
        ("幺三九一二三四五六七八", "13912345678"),
        ("139-1234-5678", "13912345678"),
        ("13900000000", "13900000000"),
        ("座机0551-65432101", "055165432101"),
        ("电话65432101", "65432101"),
    ],
)
def test_phones_with_blanks_and_chinese_digits(text, expected):
    """Digits only."""
    assert [span.slots["phone"] for span in phone.find(normalise(text).norm)] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12号单", {"order": "12"}),
        ("单子1024", {"order": "1024"}),
        ("D20261122-0009", {"order": "D20261122-0009"}),
        ("四十七号单", {"order": "47"}),
        ("21、22两单", {"order": "21,22"}),
    ],
)
def test_order_numbers(text, expected):
    """In every form people use."""
    assert orders.join(orders.strong(normalise(text).norm)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天下午三点", "2026-11-26T15:00:00+08:00"),
        ("昨晚11点", "2026-11-24T23:00:00+08:00"),
        ("今晚", "2026-11-25"),
        ("下周五上午九点半", "2026-12-04T09:30:00+08:00"),
        ("上周日", "2026-11-22"),
        ("12月3日", "2026-12-03"),
        ("月底前", "2026-11-30"),
        ("大后天", "2026-11-28"),
        ("三天前", "2026-11-22"),
    ],
)
def test_moments(text, expected):
    """Relative to the message, in the zone of the community."""
    assert [m.text() for m in when.find(text, NOW)] == [expected]


@pytest.mark.parametrize(
    ("zone", "hour", "text", "expected"),
    [
        ("Asia/Urumqi", 23, "明天下午三点半来修", "2026-11-26T15:30:00+06:00"),
        ("America/La_Paz", 22, "明天上午9点开会", "2026-11-26T09:00:00-04:00"),
        ("Asia/Shanghai", 23, "明天上午9点开会", "2026-11-26T09:00:00+08:00"),
        ("America/La_Paz", 22, "今天下午来", "2026-11-25"),
    ],
)
def test_clock_and_day_are_those_of_where_it_was_said(zone, hour, text, expected):
    """Three o'clock is three o'clock there, and tomorrow begins at midnight there."""
    assert [m.text() for m in when.find(text, datetime(2026, 11, 25, hour, tzinfo=ZoneInfo(zone)))] == [expected]


@pytest.mark.parametrize("text", ["每天晚上十点", "最近", "本周", "11月", "过几天", "周末"])
def test_stretches_and_habits_give_no_moment(text):
    """What cannot be a day is none."""
    assert when.find(text, NOW) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("三天", 3), ("5个工作日", 5), ("一周", 7), ("半个月", 15), ("第三天", None)]
)
def test_days(text, expected):
    """Days asked for."""
    assert amounts.days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("五星好评", 5),
        ("给2星", 2),
        ("⭐⭐⭐", 3),
        ("满分", 5),
        ("还可以", None),
        ("打八分", 4),
        ("60分", 3),
        ("100分", 5),
        ("零分", 1),
        ("3分", 3),
        ("5分钟就修好了", None),
        ("120分", None),
    ],
)
def test_stars(text, expected):
    """Stars given."""
    assert amounts.stars(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("廿五", 25), ("一百零三", 103), ("二零一", 201), ("十", 10), ("两千三", 2300), ("x", None)],
)
def test_numerals(text, expected):
    """Numbers in any script."""
    assert to_int(text) == expected


def test_a_reason_is_what_remains():
    """Behind the word, or beside the order."""
    assert reason.find("order.return", "退单,理由:没有资质", "退单，理由：没有资质") == "没有资质"
    assert reason.find("order.extend", "配件没到货,申请延期", "配件没到货，申请延期") == "配件没到货"
    assert reason.find("order.accept", "收到", "收到") is None


def test_estates_by_name_alias_stem_and_sound():
    """What people call an estate leads to the roster's name."""
    book = Gazetteer((EstateName("桂花园", ("桂园",)), EstateName("枫林小区"), EstateName("幸福家园")))
    assert book.estate("桂花園") == "桂花园"
    assert book.estate("桂园东门") == "桂花园"
    assert book.estate("枫林那边") == "枫林小区"
    assert book.estate("贵花园") == "桂花园"
    assert book.estate("祝你幸福") is None
    assert Gazetteer.empty().estate("随便什么") is None


@pytest.mark.parametrize(
    ("text", "estate"),
    [
        ("桂花园3栋电梯坏了", "桂花园"),
        ("我住东苑2栋，灯不亮", "东苑"),
        ("水管漏了，在和平里三号楼", "和平里"),
        ("锦绣城8栋停水", "锦绣城"),
        ("兰亭苑5幢门禁坏了", "兰亭苑"),
        ("我家花园3栋那边", None),
        ("小区里3栋停电", None),
        ("幼儿园2号楼旁边积水", None),
        ("你们院里3栋没灯", None),
    ],
)
def test_without_a_roster_an_estate_is_kept_as_said(text, estate):
    """A short name right before a house, too; a place inside is none."""
    found = Gazetteer.empty().find_estates(text)
    assert [name for _, _, name in found] == ([estate] if estate else [])
