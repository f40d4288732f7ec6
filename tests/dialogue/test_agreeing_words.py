"""Yes and no to 想请您搭把手, and what is neither."""

import pytest

from redprop_bot.dialogue.agreeing_words import answer


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("行，我这就去", True),
        ("好嘞，没问题，晚上我过去看看", True),
        ("嗯，我来吧", True),
        ("可以的，叫她来我家拿", True),
        ("我等下过去", True),
        ("不好意思，我在外地，去不了", False),
        ("这两天走不开", False),
        ("对不起，明天有事", False),
        ("推车借给别人了，现在没有", False),
        ("我不会修这个", False),
        ("行不行？", None),
        ("好，几点去？", None),
        ("好的，我们单元门也坏了", None),
        ("楼上水管坏了", None),
        ("我家没水", None),
        ("可以，五颗星", None),
        ("去不了植树活动了，取消报名", None),
        ("好的，谢谢", None),
        ("谢谢", None),
    ],
)
def test_a_short_sentence_answers(text: str, agrees: bool | None) -> None:
    """The first clause that is more than politeness decides; a question or a report is none."""
    assert answer(text) is agrees


def test_who_waits_for_somebody_says_that_it_is_about_helping() -> None:
    """可以 may then be said to the plumber."""
    assert answer("可以，下午", of_help=True) is None
    assert answer("可以，我下午过去", of_help=True) is True
