"""示范创建 as people say it: what opens, asks and decides; and what merely holds such a word."""

import pytest

from redprop_bot.appraise import standards as steps
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.store import standards
from redprop_bot.store.tables import Outbox, StandardItem

SECRETARY, STREET, RESIDENT = "qinsj", "gaozr", "r:罗阿姨"


def _all_met(stage) -> None:
    """As if every item had been marked on the page."""

    def job(tx):
        (one,) = standards.page(tx, communities=None, state="open", limit=2)
        for item in standards.items(tx, [one.id])[one.id]:
            steps.marked(
                tx, one, Reviewer("页面", communities=None), position=item.position, mark="met", note="看过"
            )

    stage.store.run(job)


def _told(stage) -> list[tuple[str, str]]:
    rows = stage.store.look(lambda tx: tx.list(Outbox))
    return [(row.receiver, row.message) for row in rows if row.message.startswith("standard")]


def test_a_round_is_decided_in_words(stage, say):
    """Handed in, passed, sent back with a reason that is told, passed again; the district's result has its page."""
    assert say(SECRETARY, "创建槐荫里七有") == ["standard.opened"]
    _all_met(stage)
    assert say(SECRETARY, "槐荫里七有提交") == ["standard.handed_in"]
    assert say(SECRETARY, "槐荫里七有提交") == ["error.standard_turn"]  # what is decided is decided
    assert say(SECRETARY, "槐荫里七有通过：都好") == ["standard.ask_level"]
    assert say(SECRETARY, "槐荫里七有社区评审通过") == ["error.missing"]
    assert say(SECRETARY, "槐荫里七有社区评审通过：七条都看过了") == ["standard.passed_on"]
    assert _told(stage) == [(STREET, "standard_next")]
    assert say(SECRETARY, "槐荫里七有街道通过：好") == ["error.standard_role"]
    assert say(STREET, "槐荫里七有街道审签退回：车位没有画线") == ["standard.returned"]
    assert _told(stage)[1:] == [(SECRETARY, "standard_returned")]
    assert say(SECRETARY, "七有创建到哪一步了") == ["standard.progress"]
    assert say(RESIDENT, "槐荫里七有到哪一步了") == ["standard.public_new"]
    for who, text in (
        (SECRETARY, "七有自查完了，提交：车位画好了"),
        (SECRETARY, "七有社区评审通过：画好了"),
        (STREET, "七有街道审签通过：去看过"),
    ):
        assert say(who, text)[0].startswith("standard.")
    assert say(STREET, "七有区里审核验收通过：好") == ["standard.ask_page"]
    assert say(RESIDENT, "槐荫里七有到哪一步了") == ["standard.public"]

    def district(tx):
        (one,) = standards.page(tx, communities=None, state="open", limit=2)
        street = Reviewer("高主任", street=True)
        steps.decide(tx, one, street, level="district", outcome="pass", reason="好", decided_by="区里张科长")

    stage.store.run(district)
    assert say(SECRETARY, "槐荫里七有结果怎么样") == ["standard.progress_over"]
    assert say(RESIDENT, "槐荫里七有通过了吗") == ["standard.progress_over"]
    assert say(STREET, "槐荫里七有街道退回：再看看") == ["error.standard_over"]


def test_two_estates_are_told_apart(stage, say):
    """Where two are open the estate has to be named; one of another community is nobody else's."""
    assert say(SECRETARY, "给槐荫里申报七有") == ["standard.opened"]
    assert say(SECRETARY, "金鹿苑创建七有") == ["standard.opened"]
    assert say(SECRETARY, "七有提交") == ["standard.which"]
    assert say(SECRETARY, "示范创建到哪一步了") == ["standard.progress", "standard.progress"]
    assert say("lusj", "示范创建进度") == ["standard.none"]
    assert say("lusj", "金鹿苑七有提交") == ["error.no_application"]
    assert say(SECRETARY, "金鹿苑申请试用期验收") == ["standard.opened"]
    found = stage.store.look(lambda tx: len(tx.list(StandardItem)))
    assert found == 7 + 7 + 5


EVERYDAY = (
    (RESIDENT, "槐荫里7有个路灯不亮"),
    (RESIDENT, "十七有人漏水，槐荫里1栋"),
    (RESIDENT, "周五有活动吗"),
    (RESIDENT, "周六有结果吗"),
    (RESIDENT, "星期五有进展了吗"),
    (RESIDENT, "我家507有水漏下来"),
    (RESIDENT, "3号楼五有条狗总叫"),
    (RESIDENT, "槐荫里3栋六有个井盖破了"),
    (RESIDENT, "电梯修到哪一步了"),
    (RESIDENT, "我报的事到哪一步了"),
    (RESIDENT, "办到哪了"),
    (RESIDENT, "申请加装电梯"),
    (RESIDENT, "想申请一个车位"),
    (RESIDENT, "小区创建文明城市，垃圾没人管"),
    (RESIDENT, "创建文明城市怎么还有小广告"),
    (RESIDENT, "试用期的物业保洁不行"),
    (RESIDENT, "新物业试用期验收了吗，楼道灯还是坏的"),
    (RESIDENT, "业委会通过了吗"),
    (RESIDENT, "维修资金审批通过了没有"),
    (RESIDENT, "提交了材料没人理"),
    ("fangjl", "1号单到哪一步了"),
    ("fangjl", "修好了，请验收"),
    ("dingsf", "槐荫里7有两处漏水，修好了"),
    (SECRETARY, "退回"),
    (SECRETARY, "通过"),
    (SECRETARY, "周五有什么会"),
    (SECRETARY, "周六有活动，帮我发个通知"),
    (SECRETARY, "示范小区的路灯坏了"),
    (SECRETARY, "1号单退回：不归他们管"),
    (SECRETARY, "同意延期"),
    (SECRETARY, "提交街道"),
    (STREET, "这个月办得怎么样"),
    (STREET, "各社区创建文明城区的材料周五有人收吗"),
)


@pytest.mark.parametrize(("who", "text"), EVERYDAY)
def test_everyday_words_go_where_they_went(say, who, text):
    """While one is open, too."""
    say(SECRETARY, "创建槐荫里七有")
    found = say(who, text)
    assert not [key for key in found if key.startswith(("standard.", "error.standard"))], found
