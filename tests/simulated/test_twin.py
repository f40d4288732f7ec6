"""The twin against a bot that is nothing but the channels: what a person does arrives, what is sent is seen."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from tests.simulated.echo import START, serving

from redprop_bot.channels import Media, OfficialAccountSender, WorkSender
from redprop_bot.errors import PlatformRefused
from redprop_bot.ports import Channel, Form, Kind, Outbound
from redprop_bot.simulated import Twin
from redprop_bot.simulated.letters import verification


async def test_both_addresses_are_verified(twin, bot):
    """Saving the callback address on either platform succeeds."""
    assert await twin.oa.verify()
    assert await twin.work.verify()


async def test_a_raw_plus_in_the_query_survives_the_web_framework(twin, bot):
    """Whether the platform escapes it or not, the echostr is the same Base64."""
    for _ in range(20):
        query, echo = verification(twin.work._seal, now=int(START.timestamp()), encrypted=True)
        assert await twin.work.phones.courier.ask(unquote(query)) == (200, echo.encode())


async def test_a_message_in_each_mode_is_answered_on_the_phone(clock, mode):
    """Plain, compat and safe mode all carry text both ways."""
    async with Twin(clock, mode=mode) as twin:
        async for _ in serving(twin, clock):
            outcome = await twin.oa.say("o1", "3栋电梯又坏了 ]]> <x>")
            assert (outcome.ok, outcome.text, outcome.attempts) == (True, "text:3栋电梯又坏了 ]]> <x>", 1)
            assert [(e.side, e.kind) for e in twin.ledger.phone("o1")] == [("person", "text"), ("account", "text")]
            assert twin.ledger.violations == []


async def test_every_act_of_a_resident_arrives(twin, bot):
    """Pictures, voice, places, follows, scans and menu taps reach the bot as what they are."""
    await twin.oa.subscribe("o1", "estate_7")
    await twin.oa.scan("o1", "estate_7")
    await twin.oa.scan("o2", "estate_8")
    await twin.oa.click("o1", "REPORT")
    await twin.oa.image("o1", b"jpeg")
    await twin.oa.voice("o1", b"amr", "楼道灯不亮")
    await twin.oa.location("o1", 30.51, 117.05, "桂花园3栋")
    await twin.oa.say("o1", "满意", menu_item="rate:5")
    await twin.oa.unsubscribe("o1")
    seen = [delivery.inbound for delivery in bot.deliveries]
    assert [i.event for i in seen] == ["subscribe", "scan", "subscribe", "click", "", "", "", "", "unsubscribe"]
    assert [i.event_key for i in seen] == ["estate_7", "estate_7", "estate_8", "REPORT", "", "", "", "rate:5", ""]
    assert seen[4].kind is Kind.IMAGE
    assert twin.oa.media[seen[4].media_id] == b"jpeg"
    assert (seen[5].kind, seen[5].text) == (Kind.VOICE, "楼道灯不亮")
    assert (seen[6].latitude, seen[6].longitude, seen[6].label) == (30.51, 117.05, "桂花园3栋")
    assert len({i.key for i in seen}) == len(seen)
    assert bot.headers[0]["User-Agent"] == "Mozilla/4.0"


async def test_a_second_delivery_has_the_same_key_in_a_new_envelope(twin, bot):
    """The same message again is known by its key; its signature and bytes are others."""
    await twin.oa.say("o1", "你好")
    await twin.oa.phones.again()
    first, second = bot.deliveries
    assert first.inbound == second.inbound
    assert first.replay_key != second.replay_key
    assert first.body_hash != second.body_hash


async def test_a_card_is_tapped_once_and_gives_way_to_a_text(twin, bot, clock, session):
    """Card, tap, update; the response code does not work twice, and no button is left."""
    sender = WorkSender(twin.work_settings(), session, clock=clock)
    receipt = await sender.send(Outbound(Channel.WORK, "limgr", Form.CARD, CARD))
    assert receipt.msgid
    assert receipt.response_code
    outcome = await twin.work.tap("limgr", "D20261125-0001_order", "accept", {"q": ["a", "b"]})
    assert outcome.text == "event:accept"
    tapped = bot.deliveries[0].inbound
    assert (tapped.event, tapped.sender, tapped.task_id) == ("template_card_event", "limgr", CARD["task_id"])
    assert tapped.extra["selected.q"] == "a,b"
    assert tapped.extra["card_type"] == "button_interaction"
    update = Outbound(
        Channel.WORK, "limgr", Form.CARD_UPDATE, {"response_code": tapped.response_code, "text": "李经理已接单"}
    )
    await sender.send(update)
    assert [e.kind for e in twin.ledger.phone("limgr")] == ["card", "tap", "text", "card_update"]
    with pytest.raises(LookupError):
        await twin.work.tap("limgr", CARD["task_id"], "accept")
    with pytest.raises(PlatformRefused):
        await sender.send(update)


async def test_a_response_code_dies_after_72_hours(twin, clock, session):
    """An update that comes too late is refused."""
    sender = WorkSender(twin.work_settings(), session, clock=clock)
    receipt = await sender.send(Outbound(Channel.WORK, "limgr", Form.CARD, CARD))
    clock.at += timedelta(hours=72, seconds=1)
    with pytest.raises(PlatformRefused):
        await sender.send(
            Outbound(
                Channel.WORK, "limgr", Form.CARD_UPDATE, {"response_code": receipt.response_code, "text": "晚了"}
            )
        )


async def test_a_task_id_is_used_once(twin, clock, session):
    """The same card cannot be sent a second time."""
    sender = WorkSender(twin.work_settings(), session, clock=clock)
    await sender.send(Outbound(Channel.WORK, "limgr", Form.CARD, CARD))
    with pytest.raises(PlatformRefused):
        await sender.send(Outbound(Channel.WORK, "limgr", Form.CARD, CARD))


async def test_five_messages_in_48_hours(twin, bot, clock, session):
    """After the fifth message of one's own the platform says no until the resident speaks again."""
    sender = OfficialAccountSender(twin.oa_settings(), session, clock=clock)
    text = Outbound(Channel.OA, "o1", Form.TEXT, {"text": "已派单"})
    with pytest.raises(PlatformRefused) as refused:
        await sender.send(text)
    assert refused.value.errcode == 40003
    await twin.oa.say("o1", "水管漏水")
    for _ in range(5):
        await sender.send(text)
    with pytest.raises(PlatformRefused) as refused:
        await sender.send(text)
    assert refused.value.errcode == 45047
    assert refused.value.rid
    await twin.oa.say("o1", "在吗")
    await sender.send(text)
    clock.at += timedelta(hours=49)
    with pytest.raises(PlatformRefused) as refused:
        await sender.send(text)
    assert refused.value.errcode == 45015
    await twin.oa.click("o1", "MY")
    for _ in range(3):
        await sender.send(text)
    with pytest.raises(PlatformRefused):
        await sender.send(text)
    await twin.oa.unsubscribe("o1")
    with pytest.raises(PlatformRefused):
        await sender.send(text)


async def test_a_menu_message_shows_its_options(twin, bot, clock, session):
    """Options reach the phone with their ids."""
    await twin.oa.say("o1", "好了")
    sender = OfficialAccountSender(twin.oa_settings(), session, clock=clock)
    options = [{"id": "rate:5", "text": "满意"}, {"id": "rate:1", "text": "不满意"}]
    await sender.send(Outbound(Channel.OA, "o1", Form.MENU, {"head": "请评价", "options": options, "tail": ""}))
    shown = twin.ledger.shown("o1")[-1]
    assert (shown.kind, shown.text) == ("menu", "请评价")
    assert [option["content"] for option in shown.detail["options"]] == ["满意", "不满意"]


async def test_an_unknown_member_is_a_refusal_though_the_platform_says_ok(twin, clock, session):
    """Sent to one who is not there: all invalid; named among others: errcode 0, lower-cased."""
    sender = WorkSender(twin.work_settings(), session, clock=clock)
    with pytest.raises(PlatformRefused) as refused:
        await sender.send(Outbound(Channel.WORK, "Nobody", Form.TEXT, {"text": "在吗"}))
    assert refused.value.errcode == 81013


async def test_those_who_watch_see_every_entry(twin, bot):
    """The demo page follows the phones through a queue, and stops when it goes."""
    queue = twin.subscribe()
    await twin.work.say("wangsj", "你好")
    assert [queue.get_nowait().side for _ in range(2)] == ["person", "account"]
    twin.unsubscribe(queue)
    await twin.work.say("wangsj", "再见")
    assert queue.empty()


CARD = {
    "task_id": "D20261125-0001_order",
    "title": "新工单 D20261125-0001",
    "desc": "3栋2单元电梯又坏了",
    "rows": [["地点", "桂花园3栋2单元"], ["紧急", "红"]],
    "quote": "我妈八十了下不来楼",
    "url": "http://127.0.0.1/m/orders/D20261125-0001",
    "buttons": [{"key": "accept", "text": "接单", "style": 1}, {"key": "return", "text": "退单", "style": 2}],
}


async def test_a_picture_is_fetched_by_its_id(twin, bot, clock, session):
    """From both platforms, with the token; an unknown id is a refusal."""
    resident = OfficialAccountSender(twin.oa_settings(), session, clock=clock)
    staff = WorkSender(twin.work_settings(), session, clock=clock)
    await twin.oa.image("o1", b"\xff\xd8\xff one")
    await twin.work.image("limgr", b"\xff\xd8\xff two")
    ids = [delivery.inbound.media_id for delivery in bot.deliveries]
    assert (await resident.media(ids[0])).data == b"\xff\xd8\xff one"
    assert (await staff.media(ids[1])) == Media("image/jpeg", b"\xff\xd8\xff two")
    twin.work.tokens.revoke()
    assert (await staff.media(ids[1])).data == b"\xff\xd8\xff two"
    with pytest.raises(PlatformRefused) as refused:
        await staff.media("nothing")
    assert refused.value.errcode == 40007


async def test_a_member_speaks_sends_places_and_events(twin, bot):
    """The rest of what a member may do."""
    await twin.work.location("limgr", 30.5, 117.05, "东门")
    await twin.work.event("limgr", "enter_agent")
    await twin.work.event("limgr", "click", EventKey="TODO")
    assert [delivery.outcome for delivery in bot.deliveries] == ["handled", "ignored", "handled"]
    assert bot.deliveries[0].inbound.label == "东门"
    assert bot.deliveries[2].inbound.event_key == "TODO"
