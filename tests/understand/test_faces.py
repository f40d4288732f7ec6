"""The little pictures of WeChat are no words: they raise no alarm, ask nothing, and hide nothing that is said beside them."""

import pytest

from redprop_bot.understand import faces


@pytest.mark.parametrize(
    "text",
    ["[菜刀]", "[炸弹]", "[嘴唇]", "[裂开][裂开]", "[翻白眼]", "[捂脸]", "[微笑]", "/::)", "/:strong", "/::'("],
)
def test_faces_alone_are_small_talk(read, text):
    """Whatever they show."""
    assert [(act.intent, act.urgency) for act in read(text)] == [("greeting", None)]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("[强]", "feedback.satisfied"),
        ("[OK][玫瑰]", "feedback.satisfied"),
        ("/:strong", "feedback.satisfied"),
        ("[弱]", "feedback.unsatisfied"),
        ("/:weak", "feedback.unsatisfied"),
        ("😡", "feedback.unsatisfied"),
        ("😤😤", "feedback.unsatisfied"),
        ("💯", "feedback.satisfied"),
        ("😊", "greeting"),
        ("👍👎", "greeting"),
        ("[强][弱]", "greeting"),
        ("[流泪]", "greeting"),
    ],
)
def test_a_thumb_answers_whether_it_was_done_well(read, text, intent):
    """Only thumbs, only when that was asked, and not both at once."""
    assert [act.intent for act in read(text, asked="rating")] == [intent]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("早上好[嘴唇]", "早上好"),
        ("3栋电梯又坏了[发怒][发怒]", "3栋电梯又坏了"),
        ("楼上着火了[大哭]快来人", "楼上着火了 快来人"),
        ("灯修好了没[微笑]", "灯修好了没"),
        ("/::@电梯坏了", "电梯坏了"),
    ],
)
def test_beside_words_they_weigh_nothing(read, text, plain):
    """As if they were not there."""
    told, meant = ([(act.intent, act.category, act.urgency) for act in read(one)] for one in (text, plain))
    assert told == meant


@pytest.mark.parametrize("text", ["[图片]", "[3栋]漏水", "http://a.cn/:8080", "漏水[厨房]"])
def test_other_brackets_stay(text):
    """What is no face is read."""
    assert faces.blanked(text) == text
