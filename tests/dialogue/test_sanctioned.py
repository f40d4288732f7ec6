"""黑名单 and 退出 as people speak of them: a company answers once, all sides ask; what merely sounds like it."""

import pytest

from redprop_bot.appraise import sanctions as steps
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.registry.register import register
from redprop_bot.store import sanctions
from redprop_bot.store.tables import Outbox

SECRETARY, OTHER, STREET, MANAGER, RIVAL, WORKER = "qinsj", "lusj", "gaozr", "fangjl", "wangjl", "dingsf"
RESIDENT = "r:罗阿姨"
ALL = Hand(Reviewer("管理员", communities=None, street=True))


def _open(stage, name="黑名单", estate=None):
    def job(tx):
        reg = register(tx)
        where = reg.estate_names[estate].id if estate else None
        unit = reg.organisation_names["万和物业"].id
        kind = tx.content.sanctions.of(name)
        return steps.open_case(tx, ALL, kind, unit=unit, estate_id=where, reason="检查").id

    return stage.store.run(job)


def _answers(stage):
    rows = stage.store.look(lambda tx: sanctions.page(tx, organisations=None, limit=9))
    return {row.id: row.answer for row in rows}


def test_a_company_answers_in_a_sentence(stage, say):
    """The only case that waits for it; of two the one whose number is said; once."""
    assert say(MANAGER, "申辩：换了项目经理") == ["error.sanction_no_answer"]
    first = _open(stage)
    assert say(RIVAL, "申辩：不关我的事") == ["error.sanction_no_answer"]
    second = _open(stage, "退出", "槐荫里")
    assert say(MANAGER, "申辩：换了项目经理") == ["sanction.which"]
    assert say(MANAGER, f"{second}号申辩：我们愿意改") == ["sanction.answered"]
    assert say(MANAGER, "我们要申辩，换了项目经理") == ["sanction.answered"]
    assert say(MANAGER, "申辩：再说一句") == ["error.sanction_no_answer"]
    assert _answers(stage) == {first: "换了项目经理", second: "我们愿意改"}
    told = stage.store.look(lambda tx: [o.receiver for o in tx.list(Outbox) if o.message == "sanction_answered"])
    assert sorted(told) == sorted([STREET, STREET, SECRETARY])


def test_everybody_hears_what_concerns_them(stage, say):
    """The street, the community of the company, the company; another community and another company hear of nothing."""
    assert say(STREET, "黑名单") == ["sanction.none"]
    _open(stage)
    _open(stage, "退出", "槐荫里")
    for who in (STREET, SECRETARY, MANAGER):
        assert say(who, "看看黑名单") == ["sanction.listed"], who
        assert say(who, "退出程序到哪一步了？") == ["sanction.listed"], who
    for who in (OTHER, RIVAL):
        assert say(who, "黑名单") == ["sanction.none"], who


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (RESIDENT, "黑名单"),
        (RESIDENT, "申辩：我没有乱停车"),
        (RESIDENT, "把万和物业拉进黑名单"),
        (WORKER, "黑名单"),
        (WORKER, "申辩：不是我弄坏的"),
        (SECRETARY, "申辩：不是我们"),
        (SECRETARY, "退出"),
        (MANAGER, "退出"),
        (SECRETARY, "居民要求把万和物业列入黑名单"),
    ],
)
def test_everyday_sentences_stay_what_they_were(stage, say, who, text):
    """Whoever it does not concern, and what only holds such words, goes its usual way."""
    row = _open(stage)
    assert not any(key.startswith(("sanction", "error.sanction")) for key in say(who, text))
    assert _answers(stage) == {row: ""}
