"""What is a matter that can be decided, and what it is about without who does it and by when."""

import pytest

from redprop_bot.dialogue.decision_words import is_matter


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("修门禁", True),
        ("西门加一盏灯", True),
        ("赞成", False),
        ("大家都同意", False),
        ("撤回表决", False),
        ("上次会上定了什么", False),
        ("要不要装雨棚？", False),
        ("修", False),
    ],
)
def test_a_bare_vote_and_a_question_are_no_matter(text, is_one):
    assert is_matter(text) is is_one
