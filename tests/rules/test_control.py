"""What counts as saying that a danger is under control, and what does not."""

import pytest

from redprop_bot.content import Content
from redprop_bot.rules.control import under_control


@pytest.mark.parametrize(
    "text",
    [
        "控制住了",
        "3号控制住了，阀门关了",
        "火灭了，正在清理",
        "人救出来了",
        "险情解除，人都没事",
        "已控制，不用担心",
    ],
)
def test_said_plainly(text: str, content: Content) -> None:
    """The shipped words, with whatever stands around them."""
    assert under_control(text, content.deadlines.control_words)


@pytest.mark.parametrize(
    "text",
    [
        "还没控制住", "没有控制住", "控制不住", "控制住了吗", "控制住没有？", "正在想办法控制住", "马上能控制住",
        "预计十分钟内控制住", "人还没救出来", "尽快把火扑灭", "在路上了",
    ],
)  # fmt: skip
def test_denied_asked_and_hoped_for(text: str, content: Content) -> None:
    """The clock of a danger runs on where it is not said that it is over."""
    assert not under_control(text, content.deadlines.control_words)
