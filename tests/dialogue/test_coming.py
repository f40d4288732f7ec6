"""When somebody comes, said with the taking of an order."""

import pytest

from redprop_bot.dialogue.coming import beside


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("接单，今天傍晚前去不了，后天上午十点上门", "后天上午十点上门"),
        ("收到 两点半左右到", "两点半左右到"),
        ("我接了一会儿带人过去", "一会儿带人过去"),
        ("这单我接，周六上午来，家里留个人", "周六上午来，家里留个人"),
        ("接单 不过要后天早上才能来", "要后天早上才能来"),
        ("收到，四十分钟到楼下", "四十分钟到楼下"),
    ],
)
def test_it_is_told_in_their_words(said, told):
    """Without 接了 and 收到, and without what is not about it."""
    assert beside(said) == told


@pytest.mark.parametrize(
    "said",
    [
        "接了",
        "收到，马上处理",
        "接单，下午能过去吗",
        "接了，下午三点还要去社区开会",
        "都接了，谁明天上午去",
        "接了，今天来不了",
        "收到，这就安排",
        "接了，料下午到不了",
    ],
)
def test_nothing_is_told_where_it_is_not_said(said):
    """A question, another errand, or that nobody comes."""
    assert beside(said) == ""
