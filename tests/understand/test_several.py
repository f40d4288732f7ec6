"""Several things in one message, and several orders in one line: nothing lost, nothing made of an address or a number."""

import pytest


def _said(acts):
    return [act.category or act.intent for act in acts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("桂花园1栋1单元，第一，楼道灯不亮；第二，垃圾好几天没人收；第三，电梯按钮不灵", ["power", "sanitation", "elevator"]),
        ("第一热水管漏水，第二走廊堆满纸箱，第三棋牌室吵到后半夜", ["plumbing", "fire_safety", "noise"]),
        ("厨房水管漏水，第一天一小滩，第二天流到客厅", ["plumbing"]),
        ("两样，头一样电梯按钮不灵，二一样篮球架锈穿了", ["elevator", "building"]),
        ("3栋垃圾没人收，还有5栋路灯不亮", ["sanitation", "power"]),
        ("电梯坏了，还有垃圾没人收", ["elevator", "sanitation"]),
        ("家里停水了，楼道的灯也坏了", ["plumbing", "power"]),
        ("3栋，垃圾没人收；5栋，路灯不亮", ["sanitation", "power"]),
        ("水管漏水，还有地板泡了", ["plumbing"]),
        ("厨房漏水，墙也湿了", ["plumbing"]),
        ("下水道堵了，马桶也不通了", ["plumbing"]),
        ("电梯坏了，我家有老人，还有孩子", ["elevator"]),
    ],
)  # fmt: skip
def test_matters_are_counted(read, text, expected):
    """As many acts as matters."""
    assert _said(read(text)) == expected


def test_one_address_serves_all(read):
    """Said once, it holds for every matter of the message."""
    acts = read("桂花园1栋1单元，第一，楼道灯不亮；第二，垃圾好几天没人收；第三，电梯按钮不灵")
    assert [dict(act.slots) for act in acts] == [{"estate": "桂花园", "building": "1", "unit": "1"}] * 3


def test_each_address_stays_with_its_matter(read):
    """Two buildings, two matters."""
    assert [act.slots["building"] for act in read("3栋垃圾没人收，还有5栋路灯不亮")] == ["3", "5"]


@pytest.mark.parametrize(
    ("role", "text", "expected"),
    [
        ("provider", "接1号单、2号单", [("order.accept", "1,2", None)]),
        ("provider", "接单 1号、2号", [("order.accept", "1,2", None)]),
        ("provider", "收到1号，2号", [("order.accept", "1,2", None)]),
        ("provider", "接了 1", [("order.accept", "1", None)]),
        ("provider", "3号办结，已经解决", [("order.fulfil", "3", None)]),
        ("secretary", "3号办结，已经解决", [("order.close", "3", None)]),
        ("secretary", "2号并到1号", [("order.merge", "2", "1")]),
        ("secretary", "2并到1", [("order.merge", "2", "1")]),
        ("secretary", "7并到5", [("order.merge", "7", "5")]),
        ("secretary", "把3号、4号归到2号", [("order.merge", "3,4", "2")]),
        ("secretary", "1、2、3号单派给安居物业", [("order.dispatch", "1,2,3", None)]),
        ("provider", "1号、2号接了，3号做不了退回", [("order.accept", "1,2", None), ("order.return", "3", None)]),
        ("provider", "1号单，已修好；2号单，退回", [("order.fulfil", "1", None), ("order.return", "2", None)]),
        ("provider", "延期 1号 3天", [("order.extend", "1", None)]),
        ("member", "接1号", [("order.assist", "1", None)]),
    ],
)
def test_numbers_beside_a_verb_are_orders(read, role, text, expected):
    """Never days of the month, never an act of their own."""
    acts = read(text, role)
    assert [(act.intent, act.slots.get("order"), act.slots.get("into")) for act in acts] == expected
    assert all("time" not in act.slots for act in acts)


def test_a_day_stays_a_day(read):
    """A meeting on the 3rd is no order."""
    assert read("3号开联席会，议题是停车", "secretary")[0].slots["time"] == "2026-12-03"


@pytest.mark.parametrize("role", ["provider", "secretary", "member", "resident"])
def test_danger_goes_before_the_role(read, role):
    """Whoever sees a fire reports it."""
    (act,) = read("桂花园2栋着火了冒浓烟", role)
    assert (act.intent, act.urgency) == ("demand.report", "emergency")


@pytest.mark.parametrize("role", ["provider", "secretary"])
@pytest.mark.parametrize("text", ["1号单办得怎么样了", "查一下1号单的进度"])
def test_a_question_about_an_order_does_nothing_to_it(read, role, text):
    """Asked, not done."""
    (act,) = read(text, role)
    assert act.intent in ("progress.query", "order.list")


def test_a_new_trouble_beside_an_order_is_not_its_end(read):
    """What the unit sees on the spot is no report of completion."""
    assert all(act.intent != "order.fulfil" for act in read("1号单这边的垃圾满了", "provider"))
