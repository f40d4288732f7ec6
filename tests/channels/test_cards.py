"""Cards stay inside the platform's limits, whatever is put into them."""

from datetime import UTC, datetime

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.channels import WorkSender, cards
from redprop_bot.channels.texts import harmless
from redprop_bot.errors import PlatformRefused
from redprop_bot.ports import Channel, Form, FrozenClock, Outbound
from redprop_bot.simulated import Twin
from redprop_bot.simulated.cards import judge

BUTTON = {"key": "accept", "text": "接单", "style": 1}
FULL = {
    "task_id": "D1_order",
    "title": "新工单",
    "desc": "电梯坏了",
    "rows": [["地点", "3栋"]],
    "quote": "我妈八十了",
    "url": "https://example.org/m/orders/D1",
    "buttons": [BUTTON],
}


def test_buttons_make_an_interaction_and_none_make_a_notice():
    """And without an address either, it is said as text."""
    assert cards.template_card(FULL)["card_type"] == "button_interaction"
    notice = {**FULL, "buttons": []}
    assert cards.template_card(notice)["card_type"] == "text_notice"
    assert cards.message({**notice, "url": ""}) == {
        "msgtype": "text",
        "text": {"content": "新工单\n电梯坏了\n地点：3栋\n我妈八十了"},
    }


def test_absent_fields_are_left_out():
    """The platform rejects empty ones."""
    assert set(cards.template_card({"task_id": "t", "title": "x", "buttons": [BUTTON]})) == {
        "card_type", "main_title", "task_id", "button_list",
    }  # fmt: skip


@given(
    st.text(max_size=60),
    st.text(max_size=400),
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=100)), max_size=9),
    st.lists(st.text(max_size=20).filter(lambda text: harmless(text).split()), min_size=1, max_size=6),
)
def test_any_content_is_a_card_the_platform_takes(title, desc, rows, texts):
    """Lengths, empty strings, control characters, markup."""
    buttons = [{"key": f"k{n}", "text": words, "style": None} for n, words in enumerate(texts)]
    payload = {**FULL, "title": title, "desc": desc, "rows": rows, "quote": desc, "buttons": buttons}
    assert cards.fitting(payload) == ""
    judge(cards.template_card(payload))
    judge(cards.template_card({**payload, "buttons": []}))


@pytest.mark.parametrize(
    "change",
    [
        {"task_id": ""},
        {"task_id": "工单"},
        {"task_id": "x" * 129},
        {"buttons": [BUTTON] * 7},
        {"buttons": [{**BUTTON, "text": " \x00"}]},
        {"buttons": [{**BUTTON, "key": "k" * 1025}]},
    ],
)
async def test_what_cannot_be_cut_is_refused_here(change):
    """An id or a key cut short would be another one."""
    clock = FrozenClock(datetime(2026, 11, 25, tzinfo=UTC))
    async with Twin(clock) as twin, aiohttp.ClientSession() as session:
        sender = WorkSender(twin.work_settings(), session, clock=clock)
        with pytest.raises(PlatformRefused):
            await sender.send(Outbound(Channel.WORK, "limgr", Form.CARD, {**FULL, **change}))
        assert not twin.work.calls
