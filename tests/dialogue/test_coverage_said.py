"""Which sentences ask for rates of coverage, and which only sound like it."""

import pytest
from tests.dialogue.conftest import Say

from redprop_bot.dialogue.coverage_said import CODES, asked, nowhere

ASKED = {
    "all": [
        "党组织覆盖率", "党建覆盖率怎么样？", "覆盖率", "两个覆盖情况", "查一下党组织和工作覆盖率", "党的组织和工作覆盖率是多少",
        "帮我看看我们社区的党组织覆盖率", "全街道党组织覆盖率", "党组织覆盖情况怎么样",
    ],
    "committee": [
        "哪些小区没有业委会", "有哪些小区还没有成立业委会？", "还有哪些小区没业委会", "没有业委会的小区有哪些", "没成立业委会的小区",
        "业委会成立情况", "业委会组建率", "我们社区哪些小区没有业委会", "多少小区成立了业委会", "几个小区有业委会",
    ],
    "seats": [
        "业委会党员比例", "业委会里党员比例多少", "业委会成员党员占比", "业委会委员中党员占多少", "哪些业委会党员比例不到30%",
        "业主委员会党员比例", "哪些业委会党员没到一半",
    ],
    "company": [
        "哪些物业没有党组织", "哪家物业还没建党支部", "哪些物业公司没有党建指导员", "物业党组织组建率", "物业企业党组织覆盖率", "组建率是多少",
    ],
    "due": ["应建未建", "应建未建的有哪些", "应建尽建情况", "3名以上党员应建未建", "三名以上党员的物业应建未建的有哪些"],
    "branch": ["哪些小区没有党支部", "小区党支部组建率", "没有党支部的小区有哪些？"],
    "reviewed": ["业委会候选人联审", "候选人联审情况", "哪些业委会还没联审", "业委会联审情况"],
}  # fmt: skip
OTHERS = [
    "我们小区没有业委会，物业说什么就是什么",
    "我们小区为什么没有业委会",
    "怎么成立业委会",
    "我想成立业委会，找谁",
    "业委会主任是谁",
    "业委会不管事",
    "业委会什么时候换届",
    "投诉业委会乱花钱",
    "我们小区有业委会吗",
    "业委会成立大会什么时候开",
    "业委会的党员都去哪了",
    "党支部什么时候开会",
    "党员报到",
    "我是党员，想做点事",
    "党组织关系怎么转",
    "开党组织生活会",
    "绿化覆盖率太低了，树都死了",
    "小区绿化覆盖率是多少",
    "监控没有全覆盖，3栋门口丢车了",
    "手机信号覆盖不到地下车库",
    "网络覆盖率怎么样",
    "垃圾分类覆盖率多少",
    "哪些物业没有回复",
    "哪家物业没接单",
    "哪个小区没有水",
    "哪些小区停电",
    "哪些小区没有派单",
    "有没有人管3栋的电梯",
    "哪些单没办",
    "本月统计",
    "各物业按时办结率多少",
    "满意率是多少",
    "物业费收缴率多少",
    "物业党支部来人修灯了",
    "3栋2单元没有灯",
    "社区书记是谁",
    "立项：业委会组建攻坚",
    "定业委会联席会议，下周三下午两点",
    "提议题：成立业委会",
    "四级联审情况",
    "业委会候选人名单公示在哪",
    "候选人联审材料交给谁",
    "党员比例",
    "联审",
    "走访3栋302，反映没有业委会",
]


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, many in ASKED.items() for text in many])
def test_questions_of_rates_are_heard(topic: str, text: str) -> None:
    """In the ways in which they are asked, of no place but one's own."""
    found = asked(text)
    assert found is not None
    assert (found.topic, nowhere(found.where)) == (topic, True)


@pytest.mark.parametrize("text", OTHERS)
def test_what_only_sounds_like_it_goes_where_it_went(text: str) -> None:
    """Reports, questions how, other rates: either no question of these, or in front stand words of no place."""
    found = asked(text)
    assert found is None or not nowhere(found.where)


@pytest.mark.parametrize("where", ["槐荫里", "槐荫社区", "金鹿苑小区"])
def test_a_place_may_stand_in_front(where: str) -> None:
    """Whether it is one is asked of the register."""
    assert [asked(f"{where}{text}").where for text in ("党组织覆盖率", "的业委会党员比例")] == [where, where]


def test_the_past_is_not_told_as_now(say: Say) -> None:
    """The register has no past: said first, where an earlier month or year is asked for."""
    assert say("qinsj", "上个月党组织覆盖率是多少")[0] == "coverage.now_only"
    assert say("qinsj", "槐荫社区去年业委会组建率")[0] == "coverage.now_only"
    assert say("qinsj", "今年的党组织覆盖率")[0] == "coverage.told"


def test_every_topic_has_rates_of_its_own() -> None:
    """What can be asked can be told."""
    assert set(ASKED) == set(CODES)


@pytest.mark.parametrize("text", ["绿化覆盖率是多少", "网络覆盖率怎么样", "春天小区党组织覆盖率"])
def test_words_in_front_that_are_no_place_are_left_to_language(say: Say, text: str) -> None:
    """A rate of something else, or of a place that nobody knows, is not answered with ours."""
    for who in ("qinsj", "r:罗阿姨"):
        assert not [key for key in say(who, text) if key.startswith("coverage.")]
