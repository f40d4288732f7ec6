"""What a secretary says of meetings: kind, hour, place and topics out of one sentence; moves, cancellations, decisions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.golden.play import Theatre, enrol

from redprop_bot.dialogue import entry
from redprop_bot.dialogue.session import Session
from redprop_bot.dialogue.turn import Turn
from redprop_bot.ports import Channel, Inbound, Kind
from redprop_bot.registry.people import identify
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting, Resolution
from redprop_bot.store.tx import Tx

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning


class _EnoughError(Exception):
    """Carries the result out and undoes what was done."""


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """The golden town, at ten in the morning of a Wednesday."""
    made = Theatre(tmp_path_factory.mktemp("meetings"))
    made.office.clock.at = NOW
    enrol(made.office.store)
    yield made
    made.office.close()


def _play(theatre: Theatre, *lines: tuple[str, str]):
    """What was replied to each line, and the meetings and decisions then; nothing stays."""

    def job(tx: Tx):
        states: dict[str, dict] = {}
        said = []
        for n, (who, text) in enumerate(lines):
            channel = Channel.OA if who.startswith("o-") else Channel.WORK
            inbound = Inbound(channel, f"k{n}", who, Kind.TEXT, tx.now, text=text)
            session = Session.load(states.get(who, {}), tx.now)
            turn = Turn(tx, inbound, identify(tx, channel, who), session, theatre.office.reader)
            entry.handle(turn)
            states[who] = turn.session.save()
            said.append([one.key for one in turn.said])
        raise _EnoughError((said, tx.list(Meeting, order=Meeting.__table__.c.id), tx.list(Resolution)))

    try:
        theatre.office.store.run(job)
    except _EnoughError as enough:
        return enough.args[0]
    raise AssertionError


@pytest.mark.parametrize(
    ("text", "kind", "when", "place", "topics"),
    [
        ("周五晚上七点在槐荫里2栋楼下开板凳会，聊聊堆纸箱的事", "bench", (11, 27, 19, 0), "槐荫里2栋楼下", ["堆纸箱的事"]),
        ("周六上午十点开板凳会，议一下雨棚谁来换，地点大槐树下", "bench", (11, 28, 10, 0), "大槐树下", ["雨棚谁来换"]),
        ("周五下午三点开议事会，社区活动室，议题停车", "hall", (11, 27, 15, 0), "社区活动室", ["停车"]),
        ("下周二上午九点联席会，会议室", "joint", (12, 1, 9, 0), "会议室", []),
        ("通知：12月5日14:00召开居民代表会", "hall", (12, 5, 14, 0), None, []),
        ("周三晚上七点开恳谈会，议题停车", "talk", None, None, ["停车"]),
        ("议事会定在12月25号晚七点，活动室", "hall", (12, 25, 19, 0), "活动室", []),
        ("12月16日上午九点半开联席会议，地点二楼会议室，议题停车、充电棚", "joint", (12, 16, 9, 30), "二楼会议室", ["停车", "充电棚"]),
        ("12月3日下午开听证会", "hearing", (12, 3, 14, 30), None, []),
        ("明天下午四点开个碰头会，讨论电梯", "consult", (11, 26, 16, 0), None, ["电梯"]),
    ],
)  # fmt: skip
def test_a_meeting_in_one_sentence(theatre, text, kind, when, place, topics):  # noqa: PLR0917 - a row of the table
    """Kind, hour, place and topics as they were said; a day without an hour has that of its part or of the kind."""
    (said,), made, _ = _play(theatre, ("qinsj", text))
    assert said == ["meeting.called"]
    (meeting,) = made
    assert (meeting.kind, meeting.place, meeting.topics) == (kind, place, topics)
    if when is not None:
        local = meeting.starts_at.astimezone(ZONE)
        assert (local.month, local.day, local.hour, local.minute) == when


CALLED = ("qinsj", "12月16日上午九点半开联席会议，二楼会议室")


@pytest.mark.parametrize(
    ("text", "when", "place"),
    [
        ("联席会推迟到12月18日", (12, 18, 9, 30), "二楼会议室"),
        ("联席会改到12月17日下午两点", (12, 17, 14, 0), "二楼会议室"),
        ("把联席会提前到八点半", (12, 16, 8, 30), "二楼会议室"),
        ("联席会地点换到三楼活动室，时间不变", (12, 16, 9, 30), "三楼活动室"),
        ("原定16号的联席会改到12月21日上午十点", (12, 21, 10, 0), "二楼会议室"),
    ],
)
def test_a_meeting_is_moved(theatre, text, when, place):
    """What was not said stays: the hour of another day, the day of another hour, the place."""
    (_, said), made, _ = _play(theatre, CALLED, ("qinsj", text))
    assert said == ["meeting.moved"], text
    local = made[0].starts_at.astimezone(ZONE)
    assert ((local.month, local.day, local.hour, local.minute), made[0].place) == (when, place)


def test_what_is_missing_is_asked(theatre):
    """No hour, no new day, no reason, no owner: one question each, and the answer does it."""
    said, made, decided = _play(
        theatre,
        ("qinsj", "安排个党建联席会"),
        ("qinsj", "12月16日上午九点半"),
        ("qinsj", "联席会延期，时间另行通知"),
        ("qinsj", "12月18日下午三点"),
        ("qinsj", "会议决定：门禁要修好"),
        ("qinsj", "1"),
        ("qinsj", "下周五上午九点开听证会"),
        ("qinsj", "听证会取消"),
        ("qinsj", "人来不齐"),
    )
    assert [one[0] for one in said] == [
        "meeting.ask_when",
        "meeting.called",
        "meeting.ask_when",
        "meeting.moved",
        "meeting.ask_owner",
        "meeting.resolved",
        "meeting.called",
        "meeting.ask_reason",
        "meeting.cancelled",
    ]
    assert [(m.kind, m.state) for m in made] == [
        ("joint", "called"),
        ("consult", "called"),  # what is decided weeks before the joint meeting is none of it
        ("hearing", "cancelled"),
    ]
    assert len(decided) == 1


@pytest.mark.parametrize(
    ("text", "unit", "due"),
    [
        ("会议决定：由万和物业月底前修好门禁", "万和物业", (11, 30)),
        ("联席会议定，清源水务一周内换管", "清源水务", (12, 2)),
        ("会议决定：由万和物业十天内清完地下室", "万和物业", (12, 5)),  # a Saturday
        ("会议决定：康居物业一个月内补种绿篱", "康居物业", (12, 25)),
        ("会议决定：由康居物业半个月内刷好车位线", "康居物业", (12, 10)),
        ("会议决定：由万和物业六个工作日内换好门禁", "万和物业", (12, 3)),
        ("记一下，会上交办康居物业装监控，12月20日前", "康居物业", (12, 20)),
    ],
)
def test_a_decision_in_one_sentence(theatre, text, unit, due):
    """Who does it and until when; with no meeting called, the decision makes one."""
    (said,), made, decided = _play(theatre, ("qinsj", text))
    assert said == ["meeting.resolved"]
    (meeting,), (row,) = made, decided
    assert (meeting.begun_at is not None, meeting.by_name) == (True, "秦书记")
    names = theatre.office.store.look(_names)
    assert names[row.handler_id] == unit
    if due is not None:
        local = row.due_at.astimezone(ZONE)
        assert (local.month, local.day) == due


def _names(tx: Tx) -> dict[int, str]:
    from redprop_bot.registry.register import register

    return {key: unit.name for key, unit in register(tx).organisations.items()}


@pytest.mark.parametrize(
    ("who", "text", "key"),
    [
        ("qinsj", "昨天下午三点开议事会", "error.meeting_past"),
        ("yaowg", "周五下午三点开议事会", "error.meeting_role"),
        ("fangjl", "写纪要", None),
        ("qinsj", "纪要定稿 M20261125-0009", "error.no_meeting"),
        ("qinsj", "计票", "error.no_meeting_now"),
        ("qinsj", "会议决定：由月亮公司月底前修好门禁", "meeting.unknown_owner"),
    ],
)
def test_what_cannot_be_is_told(theatre, who, text, key):
    """In plain words, and nothing is there afterwards."""
    (said,), made, decided = _play(theatre, (who, text))
    if key is not None:
        assert said == [key]
    assert (made, decided) == ([], [])
    assert theatre.office.store.look(lambda tx: meetings.page(tx, limit=5)) == []
