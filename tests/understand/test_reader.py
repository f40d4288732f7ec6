"""Whole messages, from text to acts."""

import pytest


@pytest.mark.parametrize(
    ("role", "text", "intent"),
    [
        ("provider", "办好了", "order.fulfil"),
        ("resident", "办好了，很满意", "feedback.satisfied"),
        ("provider", "这个不归我们管", "order.return"),
        ("provider", "早就接了，师傅在路上", "order.accept"),
        ("secretary", "吹哨，请城管和消防到场", "order.escalate"),
        ("secretary", "派给安居物业", "order.dispatch"),
        ("member", "我到了，签到", "checkin"),
        ("member", "我有多少积分", "points.query"),
        ("resident", "转人工", "human"),
        ("resident", "帮助", "help"),
    ],
)
def test_the_same_words_mean_what_their_speaker_can_mean(read, role, text, intent):
    """The role decides between readings."""
    assert [act.intent for act in read(text, role)] == [intent]


def test_a_report_has_category_urgency_and_place(read):
    """The commonest message of all is read whole."""
    (act,) = read("桂花园3栋2单元501厨房水管爆了，水喷得到处都是，电话13912345678")
    assert (act.intent, act.category, act.urgency) == ("demand.report", "plumbing", "urgent")
    assert act.slots == {"estate": "桂花园", "building": "3", "unit": "2", "room": "501", "phone": "13912345678"}
    assert 0 < act.confidence <= 1
    assert "水管爆了" in act.text


def test_two_things_said_are_two_acts(read):
    """A thank-you and a new report, joined by a word such as 另外, are told apart."""
    acts = read("路灯修好了，谢谢；另外楼道里垃圾好几天没人收了")
    assert [act.intent for act in acts] == ["feedback.satisfied", "demand.report"]


def test_orders_are_counted_each_for_itself(read):
    """One message may finish some orders and report on another."""
    acts = read("61、62都修好了，63还在等配件", "provider")
    assert [(act.intent, act.slots.get("order")) for act in acts] == [
        ("order.fulfil", "61,62"),
        ("order.progress", "63"),
    ]


def test_merging_names_the_order_that_stays(read):
    """`into` is the one that remains."""
    (act,) = read("把1052并到1050", "secretary")
    assert act.intent == "order.merge"
    assert act.slots["order"] == "1052"
    assert act.slots["into"] == "1050"


@pytest.mark.parametrize(
    ("asked", "text", "intent", "slots"),
    [
        ("place", "翠竹苑5栋1单元", "demand.supplement", {"estate": "翠竹苑", "building": "5", "unit": "1"}),
        ("rating", "还行", "feedback.satisfied", {}),
        ("rating", "2", "feedback.unsatisfied", {"stars": 2}),
        ("which_order", "12", "demand.supplement", {"order": "12"}),
        ("days", "三天", "order.extend", {"days": 3}),
        ("reason", "没有配件", "demand.supplement", {"reason": "没有配件"}),
    ],
)
def test_a_bare_answer_is_read_by_what_was_asked(read, asked, text, intent, slots):
    """The conversation decides what two characters mean."""
    (act,) = read(text, asked=asked)
    assert (act.intent, dict(act.slots)) == (intent, slots)


def test_somebody_who_changes_the_subject_is_not_held_to_the_question(read):
    """Asked for a place, a person may well ask for a human instead."""
    (act,) = read("算了，给我转人工", asked="place")
    assert act.intent == "human"


@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b", "\ud83d", "。。。", "asdf qwer", "https://example.org/x?y=1", "😂😂😂"]
)
def test_what_says_nothing_is_answered_all_the_same(read, text):
    """Never an exception, never an empty list, never a guess that sets people in motion."""
    acts = read(text)
    assert acts
    assert acts[0].intent in {"unknown", "greeting"}


def test_absent_things_are_missing(read):
    """No empty slot leaves the room."""
    for act in read("楼道灯不亮了"):
        assert all(value not in ("", None) for value in act.slots.values())


def test_explaining_changes_nothing_but_why(read):
    """The explanation is a view of the same reading."""
    plain, told = read("三单元门禁坏了"), read("三单元门禁坏了", explain=True)
    assert [(a.intent, a.category, a.slots) for a in plain] == [(a.intent, a.category, a.slots) for a in told]
    assert len(told[0].why) >= len(plain[0].why)
