"""What an Official Account sends, against the simulated platform: limits before the wire and behind it."""

from datetime import timedelta

import pytest
from tests.channels.account import api, clock, pauses, session, twin

from redprop_bot.channels import oa_account, oa_messages
from redprop_bot.channels.client import File
from redprop_bot.errors import (
    ContentRefused,
    NotEntitled,
    NotGranted,
    PlatformRefused,
    Unreachable,
    WindowClosed,
)
from redprop_bot.simulated.official import UNCERTIFIED

__all__ = ["api", "clock", "pauses", "session", "twin"]

PICTURE = File("door.jpg", "image/jpeg", b"\xff\xd8\xff a door")
PAGE = "https://example.org/m/orders/D20261125-0001"


# -- customer-service messages


async def test_every_kind_of_message_reaches_the_phone(twin, api):
    """Text, picture, voice, video, music, link, article, menu, mini program: one after the other, five a window."""
    picture, sound = (
        await api.upload("image", PICTURE),
        await api.upload("voice", File("a.amr", "audio/amr", b"#!AMR")),
    )
    film, still = await api.upload("video", File("a.mp4", "video/mp4", b"mp4")), await api.upload("thumb", PICTURE)
    bodies = [
        oa_messages.text("已派给安居物业"),
        oa_messages.image(picture),
        oa_messages.voice(sound),
        oa_messages.video(film, still, "巡查", "3栋"),
        oa_messages.music("https://example.org/a.mp3", still, title="队歌"),
        oa_messages.news("公示", "本周办结", PAGE, "https://example.org/a.jpg"),
        oa_messages.published("article-1"),
        oa_messages.menu("请评价", [("rate:5", "满意"), ("rate:1", "不满意")], "谢谢"),
        oa_messages.mini_program("电费", "wx1", "pages/pay", still),
    ]
    for body in bodies:
        twin.oa._acted("o1", "message")
        await api.send("o1", body)
    shown = twin.ledger.shown("o1")
    assert [entry.kind for entry in shown] == [
        "text", "image", "voice", "video", "music", "news", "mpnewsarticle", "menu", "miniprogrampage"
    ]  # fmt: skip
    assert shown[1].detail["media_id"] == picture
    assert shown[5].detail["article"]["url"] == PAGE
    assert [option["id"] for option in shown[7].detail["options"]] == ["rate:5", "rate:1"]


async def test_a_message_says_who_wrote_it(twin, api):
    """The grey line about AI, and the member of staff."""
    await api.send("o1", oa_messages.text("您好"), ai=True)
    await api.send("o1", oa_messages.text("您好"), kf_account="zhang@gh", ai=False)
    assert [entry.detail for entry in twin.ledger.shown("o1")] == [
        {"ai": True},
        {"ai": False, "kf_account": "zhang@gh"},
    ]


@pytest.mark.parametrize(
    "build",
    [
        lambda: oa_messages.text(" "),
        lambda: oa_messages.text("字" * 683),
        lambda: oa_messages.image(""),
        lambda: oa_messages.video("m", "", "t"),
        lambda: oa_messages.video("m", "t", "字" * 43),
        lambda: oa_messages.music("ftp://x", "t"),
        lambda: oa_messages.news("", "d", PAGE),
        lambda: oa_messages.news("t", "d", "javascript:alert(1)"),
        lambda: oa_messages.news("t", "d" * 513, PAGE),
        lambda: oa_messages.menu("h", []),
        lambda: oa_messages.menu("h", [("a", "x")] * 11),
        lambda: oa_messages.menu("h", [("a", "x"), ("a", "y")]),
        lambda: oa_messages.menu("h" * 2049, [("a", "x")]),
        lambda: oa_messages.menu("h", [("a", "")]),
        lambda: oa_messages.mini_program("t", "", "p", "m"),
        lambda: oa_messages.custom("", oa_messages.text("x")),
        lambda: oa_messages.custom("张三", oa_messages.text("x")),
        lambda: oa_messages.template("o1", "", {"thing1": "x"}),
        lambda: oa_messages.template("o1", "t", {}),
        lambda: oa_messages.template("o1", "t", {"thing1": "字" * 21}),
        lambda: oa_messages.template("o1", "t", {"thing1": "x"}, url="not an address"),
        lambda: oa_messages.template("o1", "t", {"thing1": "x"}, client_id="x" * 65),
        lambda: oa_messages.subscription("o1", "t", {"phrase2": "太长的词组了"}),
        lambda: oa_account.code(0, 60),
        lambda: oa_account.code(100_001, None),
        lambda: oa_account.code("x" * 65, 60),
        lambda: oa_account.code("x", 2_592_001),
        lambda: oa_account.article("", "<p>x</p>", "m"),
        lambda: oa_account.article("t", "<p>x</p>", ""),
        lambda: oa_account.article("字" * 65, "<p>x</p>", "m"),
    ],
)
def test_what_does_not_fit_costs_no_call(build):
    """Found before the wire, as the same kind of error that the platform's answer becomes."""
    with pytest.raises(ContentRefused):
        build()


def test_residents_words_bring_no_markup():
    """What looks like a link or a mention is plain text."""
    assert "<a" not in oa_messages.text('<a href="http://x">点我</a>')["text"]["content"]
    assert "<" not in oa_messages.menu("<a>", [("a", "<a href=x>")])["msgmenu"]["head_content"]


async def test_windows_are_told_apart_from_counts(twin, api, clock):
    """45047 after the fifth, 45015 after 48 hours; after a tap three within the minute."""
    for _ in range(5):
        await api.send("o1", oa_messages.text("x"))
    with pytest.raises(WindowClosed) as error:
        await api.send("o1", oa_messages.text("x"))
    assert error.value.errcode == 45047
    clock.at += timedelta(hours=48)
    with pytest.raises(WindowClosed) as error:
        await api.send("o1", oa_messages.text("x"))
    assert error.value.errcode == 45015
    for trigger in ("menu", "scan", "subscribe"):
        twin.oa._acted("o1", trigger)
        assert twin.oa._quota.left("o1") == 3
        clock.at += timedelta(minutes=1)
        assert twin.oa._quota.left("o1") == 0


async def test_typing_is_shown_after_an_exchange_only(twin, api, clock):
    """45080 and 45081 are about typing, never about a send."""
    await api.typing("o1")
    with pytest.raises(PlatformRefused) as error:
        await api.typing("o1")
    assert error.value.errcode == 45081
    await api.typing("o1", on=False)
    clock.at += timedelta(seconds=31)
    with pytest.raises(WindowClosed) as error:
        await api.typing("o1")
    assert error.value.errcode == 45080


# -- templates and subscriptions

VALUES = {
    "thing1": "3栋电梯",
    "time2": "2026年11月25日 17:00",
    "phrase3": "已派单",
    "character_string4": "D20261125-0001",
}


async def test_a_template_message_gives_an_id_under_which_its_outcome_comes(twin, api):
    """And is shown to followers only."""
    first = await api.send_template("o1", "t", VALUES, url=PAGE)
    second = await api.send_template("o1", "t", VALUES, mini=("wx1", "pages/a"))
    assert first.isdecimal()
    assert first != second
    assert twin.ledger.shown("o1")[0].detail["url"] == PAGE
    twin.oa.known.add("o2")
    with pytest.raises(Unreachable) as error:
        await api.send_template("o2", "t", VALUES)
    assert error.value.errcode == 43004
    with pytest.raises(Unreachable):
        await api.send_template("nobody", "t", VALUES)


async def test_the_same_client_id_is_sent_once_in_ten_minutes(twin, api, clock):
    """So at-least-once does not show twice."""
    first = await api.send_template("o1", "t", VALUES, client_id="outbox-7")
    assert await api.send_template("o1", "t", VALUES, client_id="outbox-7") == first
    assert len(twin.ledger.shown("o1")) == 1
    clock.at += timedelta(minutes=10)
    await api.send_template("o1", "t", VALUES, client_id="outbox-7")
    assert len(twin.ledger.shown("o1")) == 2


async def test_an_undocumented_reject_of_a_value_is_a_content_refusal(twin, api):
    """47003 names the key; the caller may try other words."""
    twin.oa.sending.templates = {"t": {"const5": ["维修", "投诉"]}}
    await api.send_template("o1", "t", {"const5": "维修"})
    with pytest.raises(ContentRefused) as error:
        await api.send_template("o1", "t", {"const5": "别的"})
    assert (error.value.errcode, "data.const5.value" in error.value.message) == (47003, True)
    twin.oa.sending.validates = False  # a test account takes anything
    await api.send_template("o1", "t", {"const5": "别的"})
    with pytest.raises(PlatformRefused) as error:
        await api.send_template("o1", "unknown", {"const5": "维修"})
    assert error.value.errcode == 40037


async def test_one_grant_is_one_notice(twin, api):
    """Then 43101; long-term templates go on."""
    twin.oa.sending.grants["o1", "t"] = 1
    await api.send_subscription("o1", "t", VALUES, page=PAGE)
    with pytest.raises(NotGranted):
        await api.send_subscription("o1", "t", VALUES)
    twin.oa.sending.grants["o1", "gov"] = 1
    twin.oa.sending.long_term.add("gov")
    for _ in range(3):
        await api.send_subscription("o1", "gov", VALUES, mini=("wx1", "pages/a"))
    assert len(twin.ledger.shown("o1")) == 4


async def test_an_account_without_certification_is_told_so(twin, api):
    """48001: not worth another try on this account."""
    twin.oa.lacks = UNCERTIFIED
    for call in (
        api.send("o1", oa_messages.text("x")),
        api.send_template("o1", "t", VALUES),
        api.send_subscription("o1", "t", VALUES),
        api.code("x", 60),
        api.person(twin.oa.visit("o1")),
    ):
        with pytest.raises(NotEntitled):
            await call
