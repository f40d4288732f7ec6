"""Sentences of booking, of what is near, of being left alone: what they are, and what only sounds like them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.dialogue import booked, booking_words, matched, nearby, rebooking

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZONE)  # a Wednesday


def _stretch(text: str, *, lent: bool = False) -> tuple[str, str] | None:
    found = booking_words.read(text, NOW, ZONE, "议事厅").stretch(lent=lent)
    return None if found is None else (f"{found[0]:%m-%d %H:%M}", f"{found[1]:%m-%d %H:%M}")


@pytest.mark.parametrize(
    ("words", "stretch"),
    [
        ("议事厅 明天下午2点到4点", ("11-26 14:00", "11-26 16:00")),
        ("议事厅明天下午两点半到四点", ("11-26 14:30", "11-26 16:00")),
        ("周五上午9点到11点15个人教书法", ("11-27 09:00", "11-27 11:00")),
        ("后天10点 2个小时", ("11-27 10:00", "11-27 12:00")),
        ("11月28日14:00-16:00开业主会", ("11-28 14:00", "11-28 16:00")),
        ("2026-11-27 09:00到2026-11-27 11:00", ("11-27 09:00", "11-27 11:00")),
        ("下午3点到5点", ("11-25 15:00", "11-25 17:00")),
        ("周日晚上7点到9点", ("11-29 19:00", "11-29 21:00")),
        ("明天", None),
        ("明天下午", None),
        ("", None),
        ("99点到100点", None),
    ],
)
def test_when_a_room_is_wanted(words, stretch):
    """Day, from and until; without both it is asked."""
    assert _stretch(words) == stretch


@pytest.mark.parametrize(
    ("words", "stretch"),
    [
        ("轮椅 明天到周五", ("11-26 09:00", "11-27 18:00")),
        ("轮椅3天，从明天开始", ("11-26 09:00", "11-29 09:00")),
        ("轮椅明天9点到后天12点", ("11-26 09:00", "11-27 12:00")),
    ],
)
def test_when_a_thing_is_wanted(words, stretch):
    """From day to day; fetched in the morning and brought back in the evening where no hour is said."""
    assert _stretch(words, lent=True) == stretch


def test_how_many_and_what_for():
    """Numbers of people are no times; what is left is the purpose."""
    said = booking_words.read("议事厅 明天下午2点到4点 20人 开茶话会", NOW, ZONE, "议事厅")
    assert (said.heads, said.purpose) == (20, "开茶话会")
    assert booking_words.read("议事厅 明天2点到3点", NOW, ZONE, "议事厅").purpose == ""


@pytest.mark.parametrize(
    ("words", "anything"),
    [
        ("附近有什么", True),
        ("我家附近有食堂吗", True),
        ("小区周边有哪些场地", True),
        ("附近", True),
        ("附近工地太吵了", False),
        ("附近有煤气味", False),
        ("附近有人晕倒了", False),
        ("小区旁边有垃圾没人清", False),
    ],
)
def test_what_asks_for_places_near(words, anything):
    """Reports about what is near are reports."""
    match = nearby._NEAR.fullmatch(words)
    what = match["what"] if match else "x"
    places_meant = bool(nearby._ANYTHING.fullmatch(what)) or "食堂" in what
    assert (match is not None and places_meant and bool(nearby._ME.fullmatch(match["where"]))) is anything


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("这段时间别找我", date(2026, 12, 25)),
        ("12月5日前别找我帮忙", date(2026, 12, 5)),
        ("三天内别找我", date(2026, 11, 29)),
        ("这周别找我", date(2026, 11, 30)),
        ("下周别找我", date(2026, 12, 7)),
        ("下周三之前别找我", date(2026, 12, 2)),
        ("这个月别找我", date(2026, 12, 1)),
        ("下个月别找我", date(2027, 1, 1)),
        ("我最近忙，别找我了", date(2026, 12, 25)),
        ("物业的人别找我麻烦", None),
        ("别找我家老人", None),
        ("你们怎么还不派人来，别找我要钱", None),
    ],
)
def test_until_when_somebody_wants_to_be_left_alone(words, until, content):
    """Days, weeks, months and dates; complaints are none of it."""
    match = matched._REST.fullmatch(words)
    found = matched.until(match["span"] + match["after"], NOW, ZONE, content.matching.rest_days) if match else None
    assert (found.astimezone(ZONE).date() if found else None) == until


def test_a_booking_has_a_form_of_its_own():
    """What only begins alike is none: whether a place is named decides then."""
    assert booked._BOOK.fullmatch("预约议事厅")["rest"] == "议事厅"
    assert booked._BOOK.fullmatch("电梯坏了") is None
    assert rebooking._CANCEL.fullmatch("取消报名") is None
    assert rebooking._CANCEL.fullmatch("取消预约 B20261125-0001")["no"] == "B20261125-0001"
    assert timedelta(minutes=30) == booking_words.read("半小时", NOW, ZONE, "").length


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("想借个会议室开会", "开会"),
        ("能借个地方开个家长会吗", "开个家长会"),
        ("我们合唱队想租个场地彩排", "彩排"),
        ("后天下午想借间活动室", "后天下午"),
        ("周六上午我们想用一下场地办个讲座", "周六上午 办个讲座"),
        ("想约个场地开会", "开会"),
        ("我们想预约个地方排练", "排练"),
        ("想找个地方给老人过生日", "给老人过生日"),
        ("能不能借社区的会议室？", ""),
        ("能找个地方停车吗", None),
        ("想要个地方晒被子", None),
        ("没地方住能借个房间吗", None),
        ("为什么不能借会议室开会", None),
        ("建议你们申请场地办讲座", None),
        ("什么时候能借活动室", None),
        ("要用场地堆建筑垃圾", None),
        ("会议室的灯坏了", None),
        ("想借个轮椅", None),
    ],
)
def test_any_room_will_do(said, rest):
    """Somewhere to come together is booked; a place to park, to live or to store things is another matter."""
    assert booking_words.room_wanted(said) == rest
