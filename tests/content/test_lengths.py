"""Wordings that no platform takes whole are faults at the start, with their file and line."""

from zoneinfo import ZoneInfo

import pytest

from redprop_bot.content import load_content, roots
from redprop_bot.errors import ContentError


def faults_with(tmp_path, name, text):
    """The faults of the content with this file in it."""
    path = tmp_path / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    try:
        load_content(roots(tmp_path), zone=ZoneInfo("Asia/Shanghai"), address="http://x")
    except ContentError as error:
        return [str(fault) for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mine:\n  long: " + "好" * 683 + "\n", "2049 字节，一条消息最多 2048 字节"),
        ("mine:\n  long: " + "好" * 682 + "\n", None),
    ],
)
def test_a_text_fits_into_one_message(tmp_path, text, says):
    """2 048 bytes is what passive replies, customer-service messages and WeCom texts take."""
    faults = faults_with(tmp_path, "replies/mine.yaml", text)
    assert (
        faults == [] if says is None else [says in fault and "mine.yaml:2" in fault for fault in faults] == [True]
    )


def test_a_card_has_a_short_title(tmp_path):
    """The first line of what becomes a card with buttons is its title; slots do not count yet."""
    from redprop_bot.content import packaged_root

    packaged = (packaged_root() / "data/replies/tell.yaml").read_text("utf-8")
    changed = packaged.replace("{no} 被退回，请您重新定", "{no} " + "被退回" * 12 + "请您重新定", 1)
    faults = faults_with(tmp_path, "replies/tell.yaml", changed)
    assert len(faults) == 1
    assert "“tell.returned” 第一行是卡片标题，最多 36 个字" in faults[0]


def test_a_button_has_ten_characters(tmp_path):
    """Buttons of cards are named in the labels."""
    from redprop_bot.content import packaged_root

    packaged = (packaged_root() / "data/labels/labels.yaml").read_text("utf-8")
    changed = packaged.replace(
        "accept: 接单, return: 退单, grant", "accept: 我这就去把这一单接下来, return: 退单, grant"
    )
    faults = faults_with(tmp_path, "labels/labels.yaml", changed)
    assert len(faults) == 1
    assert "应为 1 到 10 个字" in faults[0]
