"""What is a matter that can be decided, and what it is about without who does it and by when."""

from types import SimpleNamespace

import pytest

from redprop_bot.council.matter_words import bare_matter
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


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("由万和物业1月31日前修好门禁", "修好门禁"),
        ("清理楼道垃圾，康居物业负责，20天内", "清理楼道垃圾"),
    ],
)
def test_who_does_it_and_until_when_is_no_part_of_the_matter(text, matter):
    """A unit's name says 物业, and its matter is none of fees."""
    reg = SimpleNamespace(organisation_names={"万和物业": None, "康居物业": None})
    assert bare_matter(reg, text) == matter
