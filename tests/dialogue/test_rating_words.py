"""Words about the result: content, denied, asked, or only read; whoever is not content closes nothing."""

import pytest

from redprop_bot.dialogue import rating_words
from redprop_bot.rules.intended import Said

WORDS = {
    Said.DENIED: """没有修好 没有弄好 没有解决 还没有办好 并没有修好 师傅没有修好 没有彻底修好 没有满意 不太满意 不怎么满意
        不是很满意 谈不上满意 修得不太好 哪里修好了 不给星 谁说修好了 这叫修好了？ 修好了，没几天没好 修好才怪 满意个鬼 解决了一半""",
    Said.MEANT: """修好了 满意 很满意 没有不满意 没什么不满意的 不是不满意，就是慢了点 师傅没收钱，满意 没话说，满意 没多久就修好了 没想到这么快修好了
        从没这么满意过 没问题了 不漏了 行 还行 好 谢了 挺好的 不好意思才看到，修好了 没得说 不错 好着呢 好的，满意
        收到，谢谢，修好了 修好了，要怎么评价？ 上次没修好这次修好了""",
    Said.ASKED: "修好没有 电梯修好了没 修好了吗 满意吗 弄好了吗 好了没有啊 修好了？ 解决了没",
    Said.NOT: "收到 好的收到 收到，谢谢 知道了 好的，知道了 嗯，明白",
}


@pytest.mark.parametrize(
    ("text", "said"), [(text, said) for said, listed in WORDS.items() for text in listed.split()]
)
def test_how_a_word_about_the_result_is_meant(text: str, said: Said) -> None:
    """没 in front of the work denies it, elsewhere it does not; what was only read is no praise."""
    assert rating_words.meant(text) is said


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("灯又亮了，没什么不满意的", True),
        ("水又通了", True),
        ("灯又亮了一下就灭了", False),
        ("又亮了，没两天又黑了", False),
        ("又坏了", False),
    ],
)
def test_words_that_sound_like_trouble_and_tell_of_none(text: str, good: bool) -> None:
    """又 tells of what came back, the good as well as the bad."""
    assert rating_words.is_content(text) is good
