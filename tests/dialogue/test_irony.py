"""修得真好，一上去就抖: good words with a trouble beside them give no stars and thank nobody."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.dialogue import praised, rating_words
from redprop_bot.store.tables import Demand, Task

WHO = "r:罗阿姨"
LIFT = "槐荫里2栋1单元的电梯按钮失灵了"


def test_good_words_with_a_trouble_are_asked_about(stage: Stage, say: Say) -> None:
    """They closed the order with five stars, and the unit was told so."""
    say(WHO, LIFT)
    say("fangjl", "修好了")
    assert say(WHO, "修得真好，一坐就抖") == ["ask.done_or_not"]
    (order,) = stage.store.look(lambda tx: tx.list(Demand))
    assert (order.stage, order.stars) == ("done", None)
    assert say(WHO, "没修好") == ["done.rate_bad"]


@pytest.mark.parametrize("text", ["修得真好", "很满意，师傅来得快", "不抖了，谢谢师傅"])
def test_good_words_are_still_good(say: Say, text: str) -> None:
    """Nothing is asked."""
    say(WHO, LIFT)
    say("fangjl", "修好了")
    assert say(WHO, text) == ["done.rate_good"]


def test_praise_that_tells_of_a_trouble_is_a_report(stage: Stage, say: Say) -> None:
    """The lift was lost in a task of praise."""
    say(WHO, "表扬一下万和物业，槐荫里2栋1单元电梯坏了四天都没人修，真有耐心")
    (order,) = stage.store.look(lambda tx: tx.list(Demand))
    assert (order.category, order.building) == ("elevator", "2")
    assert stage.store.look(lambda tx: tx.list(Task)) == []


def test_praise_that_tells_of_what_is_open_hurries_it(stage: Stage, say: Say) -> None:
    """No second order."""
    say(WHO, LIFT)
    assert say(WHO, "表扬一下物业，电梯坏了五天都没修，真有耐心") == ["done.urge"]
    assert len(stage.store.look(lambda tx: tx.list(Demand))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "表扬一下老丁，电梯坏了他半夜来修，态度好",
        "给万和物业点赞，下水道堵了两小时就通了",
        "表扬保安，小偷偷车被他抓住了",
        "表扬老丁，修水管的时候水都没喝一口",
        "表扬小葛，还没下班就赶来了",
        "表扬保洁，以前都没人管，现在天天扫",
        "表扬小姚，又热心又细心",
        "表扬老丁，电梯坏了还没报他就来修了",
        "夸夸小葛，灯坏了很快修好，还不收钱",
        "表扬小姚，下雪天也没休息",
    ],
)
def test_praise_is_still_praise(text: str) -> None:
    """Whatever was broken before."""
    assert not praised.tells_of_trouble(text)


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("修得可真好，坐上去跟蹦迪似的", True),
        ("挺好，就是又漏了", True),
        ("修得真好，以前一上去就抖，现在稳多了", False),
        ("一报就来，很满意", False),
        ("一开就亮，谢谢师傅", False),
        ("很好，不再漏了", False),
        ("现在不晃了", False),
        ("挺好的，就是晚了点", False),
        ("修好了，比以前稳，以前老停", False),
        ("满意，一按就来", False),
    ],
)
def test_what_is_a_trouble_beside_good_words(text: str, *, doubtful: bool) -> None:
    """What is over, or goes at a touch, is none."""
    assert rating_words.is_doubtful(text) is doubtful
