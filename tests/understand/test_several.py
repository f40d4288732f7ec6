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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("南门的灯不亮，北门那排也不亮", [("power", "南门"), ("power", "北门")]),
        ("东门道闸坏了，西门道闸也抬不起来", [("building", "东门"), ("building", "西门")]),
        ("2栋电梯停了，6栋的也停了", [("elevator", "2"), ("elevator", "6")]),
        ("2栋的电梯停了6栋的也停了爬得腿软", [("elevator", "2"), ("elevator", "6")]),
        ("4栋1单元没水，2单元也没水", [("plumbing", "4"), ("plumbing", "4")]),
        ("2栋电梯坏了，物业也不来", [("elevator", "2")]),
        ("东门的灯坏了，修也没人修", [("power", "东门")]),
    ],
)
def test_the_same_of_another_place_is_another_matter(read, text, expected):
    """It leans on what was said of the first place; what comes of it, or who does nothing, is no second one."""
    acts = read(text)
    assert [(act.category, act.slots.get("place") or act.slots.get("building")) for act in acts] == expected


def test_why_the_whistle_is_blown_is_no_demand(read):
    """It is the reason; 另外 opens a matter of its own."""
    (act,) = read("吹哨！请消防队到现场，楼道里码了几十个煤气罐", role="secretary")
    assert (act.intent, act.slots["reason"]) == ("order.escalate", "楼道里码了几十个煤气罐")
    (act,) = read("1203 吹哨，外墙又掉了两块砖，请住建局来人", role="secretary")
    assert (act.intent, act.slots["reason"]) == ("order.escalate", "外墙又掉了两块砖")
    both = read("1203吹哨请住建局来人，外墙掉砖。另外5栋路灯不亮，报一下", role="secretary")
    assert [act.intent for act in both] == ["order.escalate", "demand.report"]


@pytest.mark.parametrize(
    ("text", "role", "heard"),
    [
        ("签到，护河队到齐了。另外6栋山墙的瓷砖在往下掉", "member", [("checkin", None), ("demand.report", "6")]),
        (
            "路灯修得利索，谢谢。还有2号楼垃圾没人收",
            "resident",
            [("feedback.satisfied", None), ("demand.report", "2")],
        ),
        ("灯不亮了，垃圾也没人收，都在2号楼", "resident", [("demand.report", "2"), ("demand.report", "2")]),
    ],
)
def test_an_address_told_with_the_next_matter_is_of_that_one(read, text, role, heard):
    """Of several reports it may be the address of all."""
    assert [(act.intent, act.slots.get("building")) for act in read(text, role=role)] == heard


@pytest.mark.parametrize(
    ("text", "role", "intents"),
    [
        ("会开完了，散会记两条：漏雨的车棚由和美物业补，晾衣绳交安居物业拆", "secretary", ["meeting.resolve"] * 2),
        ("走访记录：阳光里3栋201，户主腿脚还行，无诉求", "secretary", ["visit.log"]),
        ("表扬维修班老吴师傅，大年初一还上门通下水，请给他发个奖", "resident", ["praise"]),
        ("合唱班那个帮我退了，改报剪纸", "resident", ["activity.cancel", "activity.signup"]),
    ],
)
def test_counted_parts_rewards_and_changes_of_mind(read, text, role, intents):
    """As many acts as matters, whoever says them."""
    assert [act.intent for act in read(text, role=role)] == intents


def test_people_of_a_house_that_was_visited_have_doors(read):
    """1102嫌…, 703想…: the rooms of that house, and no orders."""
    log, *told = read("访桂花园6栋：1102嫌楼上夜里拖凳子；703说楼道垃圾没人收", role="secretary")
    assert (log.intent, "room" in log.slots) == ("visit.log", False)
    assert [(a.category, a.slots["building"], a.slots["room"]) for a in told] == [
        ("noise", "6", "1102"),
        ("sanitation", "6", "703"),
    ]
    (act,) = read("1102退单，不是我们的", role="provider")
    assert (act.intent, act.slots["order"]) == ("order.return", "1102")


@pytest.mark.parametrize(
    "text",
    [
        "议定三件：万和下周五前补路面；居委会月底前出公约；巡逻队每晚走一遍楼道",
        "刚散会，记一下：物业补灭火器，业委会公示账目，派出所老秦找领舞的谈",
    ],
)
def test_as_many_resolutions_as_hands(read, text):
    """Counted where the opening counts them, whoever they are given to."""
    assert [act.intent for act in read(text, role="secretary")] == ["meeting.resolve"] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "喂我是六栋三单元的我家厨房水龙头关不紧一直滴还有我们楼道里小广告贴得满墙都是你派人铲一铲",
            ["plumbing", "sanitation"],
        ),
        ("对讲机说话听不清了物业前台说要换主板还有两天才到货", ["building"]),
        ("电梯昨天停到今天老人在家里还有三个买菜都下不去", ["elevator"]),
    ],
)
def test_what_is_said_without_a_breath_is_cut_too(read, text, expected):
    """还有 in a long run without a stop may open another matter, or only count on."""
    assert [
        category
        for category in _said(read(text))
        if category in ("plumbing", "sanitation", "building", "elevator")
    ] == expected


def test_until_when_is_no_closing(read):
    """限三个工作日办结 belongs to the order that is given; another order's number closes another."""
    (act,) = read("1027派给物业，限三个工作日办结", role="secretary")
    assert (act.intent, act.slots["order"], act.slots["days"]) == ("order.dispatch", "1027", 3)
    both = read("1027派给物业，1028办结", role="secretary")
    assert [act.intent for act in both] == ["order.dispatch", "order.close"]


def test_orders_given_to_hands_that_no_list_knows(read):
    """Short names of companies, of the roster or not."""
    for one, other in (("安居", "和美"), ("万和", "诚品")):
        acts = read(f"1025给{one}，1026给{other}", role="secretary")
        assert [(act.intent, act.slots["order"]) for act in acts] == [
            ("order.dispatch", "1025"),
            ("order.dispatch", "1026"),
        ]


def test_a_visit_with_nothing_asked_is_only_a_log(read):
    """What is told of health is no demand when nothing is asked; nobody opening is no visit."""
    for text in (
        "走访2栋3单元江老师，血压稳，药够吃到月底，没啥要办的",
        "入户登记：2栋1101，独居，身子硬朗没提要求，女儿电话13900001234",
    ):
        assert [act.intent for act in read(text, role="secretary")] == ["visit.log"]
    assert [a.intent for a in read("走访2栋501，老人说楼道灯坏了，其他没啥要求", role="secretary")] == [
        "visit.log",
        "demand.report",
    ]
    (act,) = read("2栋102的聋哑大爷，擂了半天门没人应，窗户里看见他趴在地上一动不动", role="secretary")
    assert (act.intent, act.urgency) == ("demand.report", "emergency")


def test_who_asks_beside_a_report_asks_of_no_house(read):
    """The address stands with what is broken."""
    asks, tells = read("医保在哪个窗口办？另外我家2栋1902地漏下水慢，给看看")
    assert (asks.intent, dict(asks.slots)) == ("consult", {})
    assert (tells.slots["building"], tells.slots["room"]) == ("2", "1902")


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
