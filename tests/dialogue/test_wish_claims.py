"""Who looks at the wall of wishes takes nothing on; who says that they will, does."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.dialogue.wish_words import DID, claims
from redprop_bot.store.tables import Wish


@pytest.mark.parametrize(
    "text",
    [
        "心愿墙",
        "看看心愿墙",
        "微心愿",
        "有什么心愿",
        "谁家有心愿",
        "心愿清单",
        "老人的心愿是啥",
        "还有心愿可以认领吗",
        "心愿有人认领了吗",
        "看一下可以认领的心愿",
    ],
)
def test_who_looks_takes_nothing(stage: Stage, say: Say, text: str) -> None:
    """The only wish on the wall was given to whoever opened the wall."""
    say("r:罗阿姨", "心愿：想有个人陪我去取老花镜")
    say("qinsj", "同意公布")
    say("songls", text)
    assert [wish.claimer_id for wish in stage.store.look(lambda tx: tx.list(Wish))] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "我来圆这个心愿",
        "认领心愿",
        "我认领老花镜的心愿",
        "我来帮她实现心愿",
        "这个心愿我包了",
        "心愿墙上那个我来",
        "我想认领一个微心愿",
        "我愿意圆这个心愿",
        "老花镜那个心愿我陪她去，我来",
        "我们单位认领这个心愿",
    ],
)
def test_who_takes_it_on_has_it(text: str) -> None:
    """In the words of every day."""
    assert claims(text)


@pytest.mark.parametrize(
    ("text", "did"),
    [
        ("陪完了", True),
        ("眼镜取回来了", True),
        ("头发剪好了", True),
        ("已经送到家了", True),
        ("修好了吗", False),
        ("还没陪完", False),
        ("药拿到了没", False),
    ],
)
def test_what_is_said_when_it_is_given(text: str, *, did: bool) -> None:
    """And not what is asked, or not yet so."""
    assert bool(DID.search(text)) is did
