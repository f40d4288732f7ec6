"""Everyday ways to say what a strict sentence is for."""

import pytest

from redprop_bot.dialogue import alarms, emergencies, meeting_words, visit_counts, withdrawal_words


@pytest.mark.parametrize("text", ["平转急：防汛", "启动应急模式，防汛", "进入应急状态", "开启应急响应：低温冰冻"])
def test_an_emergency_begins(text: str) -> None:
    """By the official word and by those that everybody uses."""
    assert emergencies._BEGIN.fullmatch(text)


@pytest.mark.parametrize("text", ["急转平", "解除应急", "结束应急模式", "退出应急状态"])
def test_an_emergency_ends(text: str) -> None:
    """Likewise."""
    assert emergencies._END.fullmatch(text)


@pytest.mark.parametrize("text", ["应急灯坏了", "应急物资不够", "启动电梯"])
def test_what_only_has_the_word_in_it(text: str) -> None:
    """Lamps and stores of an emergency switch nothing."""
    assert not emergencies._BEGIN.fullmatch(text)
    assert not emergencies._END.fullmatch(text)


@pytest.mark.parametrize("text", ["我这个月走访了多少户", "走访统计", "我们本季度入户情况"])
def test_counts_of_visits(text: str) -> None:
    """With and without who asks."""
    assert visit_counts._COUNTS.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "gathering"),
    [
        ("周日上午搞义诊，招20人", True),
        ("下周六组织志愿者清扫楼道", True),
        ("周五在活动室谈谈停车", False),
        ("明天下午请几家单位碰个头", False),
    ],
)
def test_what_people_come_to_of_their_own_will(text: str, gathering: bool) -> None:
    """An activity is signed up for; a meeting without a name is still a meeting."""
    assert meeting_words.is_gathering(text) is gathering


@pytest.mark.parametrize(
    ("text", "good_news"),
    [
        ("人已经安全了", True),
        ("人都出来了，没事了", True),
        ("我妈醒过来了，谢谢你们", True),
        ("火已经扑灭了！", True),
        ("里面的人救出来了", True),
        ("人还没出来", False),
        ("火灭了又烧起来了", False),
        ("有人出来了，里面还有一个", False),
        ("人出来了但是昏过去了", False),
        ("水漫出来了", False),
        ("谢谢 人没事了", True),
        ("人没事了吧", False),
    ],
)
def test_good_news_after_an_alarm(text: str, good_news: bool) -> None:
    """Whole sentences only: a word more may be another danger."""
    assert bool(alarms._RELIEF.fullmatch(text)) is good_news


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("没事了，谢谢你们", True),
        ("都没事啦", True),
        ("没事了，是邻居在熏鱼", True),
        ("虚惊一场，还是谢谢大家", True),
        ("误会，孩子按着玩的", True),
        ("我爸找到了！在公园下棋", True),
        ("找到了谢谢", True),
        ("找到人了", True),
        ("火灭了，没人受伤", True),
        ("人出来了，你们不用来了", True),
        ("没事了，可以不用来了吗", True),
        ("没事了吗", False),
        ("人出来了没有", False),
        ("没事了吧？师傅到哪了", False),
        ("误会？不是误会，真有人在里面", False),
        ("没事了，不过味道还很大", False),
        ("人救出来了，电梯门还关不上", False),
        ("找到了他的拐杖", False),
        ("找到了一只袜子", False),
        ("找着了，头上流血", False),
        ("灭了一半", False),
    ],
)
def test_an_alarm_that_is_over(text: str, over: bool) -> None:
    """Said, not asked, and nothing left of it: only then nobody need come."""
    assert alarms.is_safe(text) is over


@pytest.mark.parametrize(
    ("text", "still"),
    [
        ("人还没出来", True),
        ("电梯里的人还困着呢", True),
        ("火还没灭！", True),
        ("怎么还没人来啊", True),
        ("还没来电，5栋也停电了", False),
        ("还没人来收垃圾，楼道灯也坏了", False),
        ("人出来了", False),
        ("还是老样子", False),
    ],
)
def test_an_alarm_that_goes_on(text: str, still: bool) -> None:
    """One clause about the danger; whatever follows a comma may be another matter."""
    assert bool(alarms._STILL.fullmatch(text)) is still


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("报警了", True),
        ("已经打120了", True),
        ("119打过了", True),
        ("叫了救护车，马上到", True),
        ("要不要报警", False),
        ("你们报警了吗", False),
        ("报警了，又有人晕倒了", False),
        ("打110没人接", False),
    ],
)
def test_who_was_told_to_call_and_did(text: str, called: bool) -> None:
    """It is said of the danger that is known; a word more may be another one."""
    assert bool(alarms._CALLED.fullmatch(text)) is called


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("不用那么急", True),
        ("不用今天跑一趟，后天来就行", True),
        ("明天我不在家，别来", True),
        ("不用了，我等着", True),
        ("算了，还是周日来吧", True),
        ("算了 等你们", True),
        ("你们再不来我就撤单了", True),
        ("那一单不要撤", True),
        ("取消明天的上门，改后天", True),
        ("不用了", False),
        ("算了，不修了", False),
        ("别来了，我自己修好了", False),
        ("不急着用了，撤了吧", False),
        ("明天搬家，不用修了", False),
        ("不用再来了", False),
        ("还是不修了吧", False),
        ("早上报的那个不用了", False),
        ("等了两天没人来，不用修了", False),
        ("行吧，那就不修了", False),
        ("不修了是吧，那我打热线", True),
        ("师傅讲说不修了，凭什么", True),
        ("我可没说撤，你们接着修", True),
        ("谁给我撤的单", True),
        ("要不撤了吧，通了", False),
    ],
)
def test_what_only_puts_off(text: str, stays: bool) -> None:
    """Another day, patience or a threat takes nothing back; a reason why it is over does, whatever day is named."""
    assert withdrawal_words.puts_off(text) is stays
