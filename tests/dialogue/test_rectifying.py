"""整改 as people say it: an order in a sentence, that it is done, what is open; and what merely sounds like it."""

import pytest

from redprop_bot.appraise import rectification
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.registry.register import register
from redprop_bot.store import rectifications
from redprop_bot.store.tables import Outbox

SECRETARY, STREET, GRID, MANAGER, WORKER, RESIDENT = "qinsj", "gaozr", "yaowg", "fangjl", "dingsf", "r:罗阿姨"
ALL = Hand(Reviewer("管理员", communities=None, street=True))


def _rows(stage):
    return stage.store.look(lambda tx: rectifications.page(tx, communities=None, limit=20))


def _open(stage, *items, unit="万和物业"):
    def job(tx):
        reg = register(tx)
        here = next(e.community_id for e in reg.estates.values() if e.property_name == unit)
        key = reg.organisation_names[unit].id
        return rectification.open_order(tx, ALL, community_id=here, unit=key, items=items, reason="检查").id

    return stage.store.run(job)


def _told(stage, message):
    rows = stage.store.look(lambda tx: tx.list(Outbox))
    return sorted(row.receiver for row in rows if row.message == message)


@pytest.mark.parametrize(
    "order",
    [
        ("给万和物业下整改：东门道闸修好，12月10日前", ["东门道闸修好"], (12, 10), "书记在对话里交代的"),
        (
            "给万和物业下整改：东门道闸修好；垃圾房每天冲洗，2026年12月10号之前改好。",
            ["东门道闸修好", "垃圾房每天冲洗"],
            (12, 10),
            None,
        ),
        ("对万和物业下发整改通知：1.道闸 2.垃圾房，限10天内完成", ["道闸", "垃圾房"], (12, 5), None),
        (
            "因为三次抽查都不合格，请给万和物业开一张整改单：楼道杂物清掉",
            ["楼道杂物清掉"],
            (12, 9),
            "三次抽查都不合格",
        ),
    ],
)
def test_a_secretary_gives_an_order_in_a_sentence(stage, say, order):
    """With its day, or the usual days; the managers hear; said again it is there already."""
    text, items, due, reason = order
    assert say(SECRETARY, text) == ["rectification.opened"]
    (row,) = _rows(stage)
    assert row.items == items
    local = row.due_at.astimezone(stage.office.content.zone)
    assert (local.month, local.day, local.hour) == (*due, 18)
    assert reason is None or row.reason == reason
    assert _told(stage, "rectification_opened") == [MANAGER, "shaojl"]
    assert say(STREET, text) == ["error.rectification_twice"]
    assert len(_rows(stage)) == 1


def test_who_may_not_and_what_cannot_be(stage, say):
    """Another community, a grid worker, a day that is past or none; nothing is opened."""
    for who in (GRID, "lusj"):
        assert say(who, "给万和物业下整改：道闸修好，12月10日前") == ["error.rectification_open"]
    assert say(SECRETARY, "给万和物业下整改：道闸修好，2月31日前") == ["error.rectification_due"]
    assert say(SECRETARY, "给万和物业下整改：道闸修好，2025年12月10日前") == ["error.rectification_due"]
    assert say(SECRETARY, "给万和物业下整改：；，12月10日前") == ["error.missing"]
    assert _rows(stage) == []


def test_a_manager_says_that_it_is_done(stage, say):
    """The only one that is open; of two the one whose number is said; another company's never."""
    first = _open(stage, "道闸修好")
    foreign = _open(stage, "补灯", unit="康居物业")
    assert say(MANAGER, "整改") == ["rectification.listed"]
    assert say(WORKER, "整改好了")[0].startswith("rectification") is False  # speaks for nobody
    assert say(MANAGER, f"{foreign}号整改好了") == ["error.rectification_none"]
    assert say(MANAGER, "整改好了，换了电机") == ["rectification.reported"]
    assert _told(stage, "rectification_reported") == ["gaozr", SECRETARY]
    assert not any(key.startswith("rectification") for key in say(MANAGER, "整改好了"))  # nothing is open: as ever
    second, third = _open(stage, "垃圾房冲洗"), _open(stage, "楼道清理")
    assert say(MANAGER, "都整改好了") == ["rectification.which"]
    assert say(MANAGER, f"第{second}号整改已经完成") == ["rectification.reported"]
    assert say(MANAGER, f"整改单{third}号改好了：清了两车") == ["rectification.reported"]
    assert [row.state for row in _rows(stage)] == ["reported", "reported", "open", "reported"]
    assert {row.id: row.report for row in _rows(stage)}[first] == "整改好了，换了电机"
    assert say(SECRETARY, "看看整改") == ["rectification.listed"]
    assert say("lusj", "整改") == ["rectification.none"]


def test_with_an_order_of_a_resident_at_hand_it_is_asked_which(stage, say):
    """Nothing is done to either before it is clear."""
    say(RESIDENT, "槐荫里3栋2单元电梯坏了")
    say(WORKER, "接单")
    row = _open(stage, "道闸修好")
    assert say(MANAGER, "整改好了") == ["rectification.which_kind"]
    assert [one.state for one in _rows(stage)] == ["open"]
    assert say(MANAGER, f"{row}号整改好了") == ["rectification.reported"]


def test_it_is_rechecked_in_a_sentence(stage, say):
    """Failed with what was seen and a day, or the usual days; passed; of two the one whose number is said."""
    first = _open(stage, "道闸修好")
    assert say(SECRETARY, "整改合格") != ["rectification.checked"]  # nothing waits for a re-check
    assert say(SECRETARY, f"{first}号整改合格") == ["error.rectification_early"]
    say(MANAGER, "整改好了，换了电机")
    assert say(SECRETARY, "整改不合格") == ["error.missing"]
    assert say(SECRETARY, f"{first}号整改复查不合格，道闸还是卡，12月20日前改好") == ["rectification.failed_again"]
    (row,) = _rows(stage)
    local = row.due_at.astimezone(stage.office.content.zone)
    assert (row.failures, row.failed, local.month, local.day) == (1, "道闸还是卡", 12, 20)
    say(MANAGER, "整改好了，又换了一个")
    second = _open(stage, "垃圾房冲洗")
    say(MANAGER, f"{second}号整改好了")
    assert say(SECRETARY, "整改复查合格") == ["rectification.which_later"]
    assert say(STREET, f"{second}号整改不合格：地上还有积水") == ["rectification.failed_again"]
    assert say(SECRETARY, f"整改第{first}号复查合格了，去看过") == ["rectification.checked"]
    assert say(SECRETARY, f"{first}号整改合格") == ["error.no_rectification"]
    assert say("lusj", f"{second}号整改合格") == ["error.no_rectification"]
    assert [(row.state, row.failures) for row in _rows(stage)] == [("open", 1), ("passed", 1)]
    assert _told(stage, "rectification_passed") == [MANAGER, "shaojl"]


def test_more_days_are_asked_for_and_answered_in_a_sentence(stage, say):
    """A day and why by the company; yes, or no with a reason, by whoever runs it."""
    first = _open(stage, "道闸修好")
    assert say(SECRETARY, "同意整改延期") != ["rectification.granted"]
    assert say(MANAGER, f"{first}号整改延期到12月12日") == ["error.missing"]
    assert say(MANAGER, f"{first}号整改延期到13月40日，缺件") == ["error.rectification_due"]
    assert say(MANAGER, "整改申请延期到12月12日，电机要等厂家发货") == ["rectification.more_asked"]
    assert say(SECRETARY, f"不同意{first}号整改延期") == ["error.missing"]
    assert say(SECRETARY, f"不同意{first}号整改延期：库里有货") == ["rectification.refused"]
    assert say(SECRETARY, f"同意{first}号整改延期") == ["error.rectification_nothing_asked"]
    second = _open(stage, "垃圾房冲洗")
    assert say(MANAGER, f"{second}号整改延期到12月15日：等水管") == ["rectification.more_asked"]
    assert say(SECRETARY, "同意整改延期") == ["rectification.granted"]
    rows = {row.id: row for row in _rows(stage)}
    assert (rows[first].extension, rows[second].extension) == ("refused", "granted")
    assert rows[second].due_at.astimezone(stage.office.content.zone).day == 15
    assert rows[first].extension_why == "电机要等厂家发货"


EVERYDAY = (
    (RESIDENT, "要求物业整改"),
    (RESIDENT, "给万和物业下整改：道闸修好，12月10日前"),
    (RESIDENT, "整改好了"),
    (RESIDENT, "整改"),
    (RESIDENT, "空调外机安装不当，要求整改"),
    (RESIDENT, "让我签字说已整改，消防通道的柜子还好好站在那里"),
    (SECRETARY, "槐荫里3栋居民反映电梯坏了，请万和物业整改"),
    (SECRETARY, "已发限期整改函，三日内复查"),
    (GRID, "槐荫里消防通道堵了，要求万和物业整改"),
    (MANAGER, "整改照片发群里了"),
    (MANAGER, "噪声超标，今天约店里老板来签整改"),
    (WORKER, "整改"),
    (WORKER, "1号整改合格"),
    (WORKER, "整改不合格，返工"),
    (RESIDENT, "1号整改不合格，道闸还是卡"),
    (RESIDENT, "不同意整改延期"),
    (SECRETARY, "消防检查不合格，要求整改"),
    (SECRETARY, "灭火器整改通过验收了吗"),
)


@pytest.mark.parametrize(("who", "text"), EVERYDAY)
def test_everyday_sentences_stay_what_they_were(stage, say, who, text):
    """Whoever it does not concern, and what only holds such words, goes its usual way."""
    _open(stage, "道闸修好")
    assert not any(key.startswith(("rectification", "error.rectification")) for key in say(who, text))
    assert [(row.items, row.state) for row in _rows(stage)] == [(["道闸修好"], "open")]
