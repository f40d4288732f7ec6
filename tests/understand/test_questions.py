"""Who asks, looks something up or says that it is not done yet gives no order; with twins that do."""

import pytest


@pytest.mark.parametrize(
    ("role", "question", "order"),
    [
        ("provider", ("查38号单", "progress.query"), ("收到38号单", "order.accept")),
        ("provider", ("38号单", "progress.query"), ("38号单接了", "order.accept")),
        ("provider", ("38号单弄好了没", "progress.query"), ("38号单弄好了", "order.fulfil")),
        ("provider", ("38号没修好", "order.progress"), ("38号没问题，修好了", "order.fulfil")),
        ("provider", ("41号后天下午5点前换好", "order.progress"), ("41号后天下午要用，刚换好了", "order.fulfil")),
        ("secretary", ("看一下38号单", "progress.query"), ("38号办结", "order.close")),
        ("secretary", ("38号单归档了吗", "progress.query"), ("38号单归档吧", "order.close")),
        ("secretary", ("38号单提级了没有", "progress.query"), ("38号单一直没人管，提级", "order.escalate")),
        ("secretary", ("38号能不能结", "progress.query"), ("38号居民满意，能结了", "order.close")),
        ("resident", ("插花班还有名额吗", "activity.query"), ("插花班还有名额吗，我想报一个", "activity.signup")),
        ("resident", ("能带老人报名吗", "activity.query"), ("插花班能给我报个名吗", "activity.signup")),
        ("resident", ("插花班报名截止了没有", "activity.query"), ("报名插花班", "activity.signup")),
        ("resident", ("那个灯啥时候能弄好", "progress.query"), ("那个灯弄好了，谢谢", "feedback.satisfied")),
        ("resident", ("电梯年前能修好不", "progress.query"), ("电梯修好了", "feedback.satisfied")),
        ("resident", ("社区有什么可以借的", "consult"), ("我家有轮椅可以借给大家", "resource.offer")),
        ("resident", ("谁会修收音机", "demand.report"), ("我会修收音机，谁家要修找我", "service.offer")),
    ],
)
def test_a_question_is_no_order(read, role, question, order) -> None:
    """The words are the same."""
    for said, meant in (question, order):
        assert [act.intent for act in read(said, role)] == [meant]


def test_each_order_has_its_own_end(read) -> None:
    """One is done, the other is not."""
    told = [(act.intent, act.slots["order"]) for act in read("38号修好了，41号没修好", "provider")]
    assert told == [("order.fulfil", "38"), ("order.progress", "41")]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("投诉网格员小姚从来不上门", "complaint"),
        ("投诉社工小李从来没来看过我妈", "complaint"),
        ("没什么好投诉的，网格员小姚天天上门，真好", "praise"),
        ("要投诉电梯坏了没人修", "demand.report"),
    ],
)
def test_who_complains_does_not_praise(read, said, meant) -> None:
    """Whatever friendly words stand beside 投诉 at the front; a lift that is broken now stays a report."""
    assert [act.intent for act in read(said, "resident")] == [meant]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("槐荫里2栋1单元302，我想投诉保洁大姐骂老人", "complaint"),
        ("槐荫里2栋，我要举报看车棚的老孙私下收钱", "complaint"),
        ("槐荫里2栋302，修马桶的小葛跟我要了一包烟钱", "complaint"),
        ("槐荫里2栋，门卫对老人又吼又骂，我要投诉", "complaint"),
        ("槐荫里2栋302厨房漏水，物业再不来我就要投诉了", "demand.report"),
        ("我要投诉保洁，该打哪个电话", "consult"),
        ("我要投诉保洁的事有回音了吗", "progress.query"),
        ("槐荫里2栋，我要举报楼上搭违建", "demand.report"),
    ],
)
def test_who_works_there_is_complained_of(read, said, meant) -> None:
    """Said as what the speaker does now, of somebody who works there, wherever that is; no threat and no question."""
    assert [act.intent for act in read(said, "resident")] == [meant]
