"""Who is reached by a send, and what is refused before any call."""

from datetime import UTC, datetime

import aiohttp
import pytest

from redprop_bot.channels import OfficialAccountSender, WorkSender
from redprop_bot.errors import PlatformRefused
from redprop_bot.ports import Channel, Form, FrozenClock, Outbound
from redprop_bot.simulated import Trouble, Twin

SEND = "message/send"


@pytest.fixture
def clock():
    return FrozenClock(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))


@pytest.fixture
async def twin(clock):
    async with Twin(clock) as twin:
        yield twin


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def sender(twin, clock, session):
    return WorkSender(twin.work_settings(), session, clock=clock)


def text(receiver="wangsj", words="新工单"):
    return Outbound(Channel.WORK, receiver, Form.TEXT, {"text": words})


@pytest.mark.parametrize("receiver", ["@all", "@ALL", "a|b", "", "王书记", "a b", "x" * 65])
async def test_one_receiver_means_one(twin, sender, receiver):
    """No text goes to everybody because of an odd userid."""
    for form, payload in ((Form.TEXT, {"text": "x"}), (Form.CARD_UPDATE, {"response_code": "r", "text": "x"})):
        with pytest.raises(PlatformRefused):
            await sender.send(Outbound(Channel.WORK, receiver, form, payload))
    assert not twin.work.calls


@pytest.mark.parametrize(
    "answer",
    [
        b'{"errcode":0,"invaliduser":"limgr|wangsj"}',
        b'{"errcode":0,"unlicenseduser":"WangSJ"}',
        b'{"errcode":0,"invaliduser":["wangsj"]}',
    ],
)
async def test_a_receiver_named_as_missed_is_a_refusal(twin, sender, answer):
    """errcode 0 is not yet a delivery; the names come in lower case."""
    twin.work.faults.add(SEND, Trouble(body=answer))
    with pytest.raises(PlatformRefused) as error:
        await sender.send(text("WangSJ"))
    assert error.value.errcode == 81013


async def test_somebody_elses_name_is_none_of_ours(twin, sender):
    """A receiver whose name is part of a missed one was reached."""
    twin.work.faults.add(SEND, Trouble(body=b'{"errcode":0,"invaliduser":"wangsj2","msgid":"m"}'))
    assert (await sender.send(text())).msgid == "m"


@pytest.mark.parametrize(
    ("form", "payload"), [(Form.CARD, {}), (Form.CARD_UPDATE, {}), (Form.TEXT, {"text": "\x00"})]
)
async def test_what_an_official_account_cannot_say_is_refused_before_any_call(twin, clock, session, form, payload):
    """A form of the other channel, an empty text."""
    resident = OfficialAccountSender(twin.oa_settings(), session, clock=clock)
    with pytest.raises(PlatformRefused):
        await resident.send(Outbound(Channel.OA, "o1", form, payload))
    assert not twin.oa.calls


@pytest.mark.parametrize(
    ("form", "payload"),
    [(Form.MENU, {}), (Form.TEXT, {"text": " "}), (Form.CARD_UPDATE, {"response_code": "", "text": "x"})],
)
async def test_what_wecom_cannot_say_is_refused_before_any_call(twin, sender, form, payload):
    """A form of the other channel, an empty text, an update without its code."""
    with pytest.raises(PlatformRefused):
        await sender.send(Outbound(Channel.WORK, "wangsj", form, payload))
    assert not twin.work.calls


async def test_a_long_text_and_markup_reach_the_phone_cut_and_harmless(twin, sender):
    """2048 bytes, no link, no mention."""
    await sender.send(text(words="<a href='x'>点</a><@all>" + "好" * 2000))
    shown = twin.ledger.shown("wangsj")[0].text
    assert shown.startswith("＜a href='x'>点＜/a>＜@all>好")
    assert shown.endswith("以下略）")
    assert len(shown.encode()) <= 2048
