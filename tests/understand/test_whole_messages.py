"""Classes of messages that are easily half heard, each with a twin that looks alike and is not meant."""

import pytest


def _heard(acts, *names):
    return [(act.intent, *(act.slots.get(name) for name in names)) for act in acts]


@pytest.mark.parametrize(
    ("role", "text", "order"),
    [
        ("resident", "1046都半个月了，水还在往下滴", "1046"),
        ("resident", "1052补充：钥匙在对门大姐家", "1052"),
        ("resident", "1033的师傅手脚麻利，灯亮了，五星", "1033"),
        ("resident", "撤掉1064，我自己弄好了", "1064"),
        ("resident", "尾号0019那单，到哪一步了", "0019"),
        ("member", "1047、1048我们学校支部认了", "1047,1048"),
        ("provider", "尾号0036退回，不归我们管", "0036"),
        ("secretary", "1142楼梯都塌了一角，吹哨请住建来", "1142"),
    ],
)
def test_a_bare_number_may_be_an_order(read, role, text, order):
    """Nobody writes 单 behind every number; zeros that were said stay."""
    assert read(text, role)[0].slots.get("order") == order


@pytest.mark.parametrize(
    "text",
    [
        "1201漏水了",
        "1203的业主，暖气不热",
        "302的师傅来看过没",
        "88路公交又改道了",
        "2024年修过一回",
        "我手机尾号0031",
        "车牌尾号6688的挡路",
    ],
)
def test_rooms_buses_years_and_phones_are_no_orders(read, text):
    """A number of a floor and a door, a line, a year, a phone."""
    assert all("order" not in act.slots for act in read(text))


def test_a_list_is_a_matter_for_each_number(read):
    """Counted off: each with its own place, and the estate with all; what is said of all at the end is none."""
    acts = read("桂花园的，攒了三样：一是6栋1单元电梯按钮不灵；二是篮球场的网破了；三是西门的地砖翘了。都不急")
    assert _heard(acts, "estate", "building", "place") == [
        ("demand.report", "桂花园", "6", None),
        ("demand.report", "桂花园", None, "篮球场"),
        ("demand.report", "桂花园", None, "西门"),
    ]


def test_circled_numbers_join_no_address(read):
    """②二单元 is the second item, not unit 22."""
    acts = read("走访记录 翠竹苑5栋：①一单元路灯不亮②二单元垃圾没人收", "secretary")
    assert _heard(acts, "building", "unit") == [
        ("visit.log", "5", None),
        ("demand.report", "5", "1"),
        ("demand.report", "5", "2"),
    ]


def test_reasons_that_are_counted_are_no_matters(read):
    """退单，一是…二是… is one order given back."""
    assert [act.intent for act in read("31号单退单，一是没配件，二是不归我们管", "provider")] == ["order.return"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今早敲了桂花园7栋1单元六户门，两户说水压小", ["visit.log", "demand.report"]),
        (
            "下午走了翠竹苑4栋，独居的钟奶奶灯泡不亮；她还念叨着想要副老花镜",
            ["visit.log", "demand.report", "wish"],
        ),
        ("跑了趟枫林小区，三楼的老韩建议把空地划成车位", ["visit.log", "suggestion"]),
        ("晚上转了桂花园3栋，住户家里都挺好", ["visit.log"]),
    ],
)
def test_a_visit_in_any_verb(read, text, expected):
    """The log first, then what each of the people said."""
    acts = read(text, "secretary")
    assert [act.intent for act in acts] == expected
    assert [act.slots.get("time") for act in acts[1:]] == [None] * (len(acts) - 1)


@pytest.mark.parametrize("text", ["12号单转给安居物业", "转了桂花园那单给市供水公司", "敲定了，周五开会"])
def test_what_is_no_visit(read, text):
    """Handing on is no walk, settling a day no knock."""
    assert all(act.intent != "visit.log" for act in read(text, "secretary"))


@pytest.mark.parametrize(
    ("text", "intent", "parties"),
    [
        ("91给绿化公司，92给安居物业", "order.dispatch", ["绿化公司", "安居物业"]),
        (
            "会上定了：安居物业十天内补齐路灯，业委会月底前公示账目，社区牵头划线",
            "meeting.resolve",
            ["安居物业", "业委会", "社区"],
        ),
        ("会议决定和美物业修道闸，绿化公司把草皮补上", "meeting.resolve", ["和美物业", "绿化公司"]),
        ("91、92都给安居物业", "order.dispatch", ["安居物业"]),
    ],
)
def test_each_hand_gets_its_own_act(read, text, intent, parties):
    """Two hands, two acts; one hand, one act whatever the number of orders."""
    assert _heard(read(text, "secretary"), "party") == [(intent, party) for party in parties]


def test_one_taken_back_and_one_urged(read):
    """Only the order beside the verb is taken back."""
    acts = read("单号1082和1083说的一件事，撤掉1083，1082帮催一催")
    assert _heard(acts, "order") == [("demand.withdraw", "1083"), ("demand.urge", "1082")]


def test_why_time_is_asked_for_is_no_act_of_its_own(read):
    """The reason stands before the number."""
    (act,) = read("玻璃没到货，43号单想推到12月8号", "provider")
    assert (act.intent, act.slots["reason"], act.slots["time"]) == ("order.extend", "玻璃没到货", "2026-12-08")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("明天的联席会取消，街道临时有会场检查", None),
        ("后天的议事会改期，讲课的律师来不了", "讲课的律师来不了"),
        ("周五晚七点活动室开议事会", None),
    ],
)
def test_why_a_meeting_is_called_off(read, text, reason):
    """A meeting that is held needs no reason."""
    (act,) = read(text, "secretary")
    assert act.intent == "meeting.schedule"
    assert reason is None or act.slots["reason"] == reason


@pytest.mark.parametrize(
    "text",
    [
        "奶奶摔了，头上流血，120打了，在东门",
        "大爷从台阶滚下来一脸血",
        "铁架砸中外卖小哥了，躺着不动",
        "疯狗已经咬了三个人",
    ],
)
def test_people_hurt_are_an_emergency(read, text):
    """Whether or not the ambulance has been called."""
    assert read(text)[0].urgency == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "消防通道又停满了，上次着火消防车就没进来",
        "车被堵死了，我要送我妈去医院复查，挪车电话不接",
        "院里的狗追着放学的娃咬裤腿",
        "昨天墙砖掉下来砸在车上，上头还翘着几块",
        "孩子膝盖磕破了皮，滑梯那边的钉子露着",
        "要是救护车来了都进不来，这路得修修",
        "刚才说的那根水管，在602阳台上",
    ],
)
def test_what_was_once_or_might_be_is_none(read, text):
    """Told to say why it matters."""
    assert all(act.urgency != "emergency" for act in read(text))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("水从二楼门口往外冒", None),
        ("每个单元门口都放一个桶呗", None),
        ("老年食堂的菜太咸了，建议少放盐", None),
        ("活动室的琴我能修", None),
        ("活动室门口的台阶断了", "活动室门口的台阶"),
        ("东门那边路灯不亮", "东门"),
        ("南门那排路灯不亮", "南门"),
    ],
)
def test_what_is_a_place(read, text, place):
    """Outdoors and by name, without the pointing behind it."""
    assert read(text)[0].slots.get("place") == place


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("对门占着过道，吵了三回，请社区评评理", "对门"),
        ("物业扣着押金不退，谈不拢，请社区调解", "物业"),
        ("我是楼下的，楼上天天拖椅子，说了就骂，请帮我们调解", "楼上"),
        ("对面麻将馆老板跟我为了噪音差点打起来，请社区来调解", "对面麻将馆老板"),
        ("业委会跟开发商互相告，请街道出面调解", None),
        ("两家为了一棵香椿树闹上了派出所，请帮帮团来劝和", None),
    ],
)
def test_the_other_side_of_a_quarrel_is_the_party(read, text, party):
    """Not who speaks, not who is to settle it, nor where it ended up; of two that are both named none."""
    assert read(text)[0].intent == "mediation"
    assert read(text)[0].slots.get("party") == party


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("村口装了晨跑音箱，六点整就响，狗都跟着叫", None),
        ("东门道闸刷脸不抬，早七点半最堵", None),
        ("电钻从早上七点干到现在，吵得头疼", "2026-11-25T07:00:00+08:00"),
        ("我奶奶早上六点多出去的，到现在没回", "2026-11-25T06:00:00+08:00"),
        ("隔壁房东改成排练室，周三周五敲架子鼓", None),
        ("住宅里供佛堂，初一十五来几十号人", None),
        ("树太密，我家白天当晚上过，剪一剪", None),
        ("楼顶的航空灯灭了，从前晚上看得见", None),
    ],
)
def test_what_happens_again_and_again_has_no_day(read, text, time):
    """An hour without a day is today's only where something happened once."""
    assert read(text)[0].slots.get("time") == time


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("监控屏黑了一路，没人修", None),
        ("昨晚那台车充了一宿电，挡着唯一的出口", None),
        ("有块玻璃下来，扎着一个路人", None),
        ("2号门那边积水", "2号门"),
        ("东边那条路坑坑洼洼", "东边那条路"),
        ("建议篮球场晚上早点关灯", None),
        ("建议中心花园的灯换成太阳能的", "中心花园"),
        ("我住滨河花园3栋2单元501，地下车库的灯不亮", "地下车库"),
    ],
)
def test_what_only_looks_like_a_place(read, text, place):
    """Measures and other words; what a suggestion is about; the flat says enough."""
    assert read(text)[0].slots.get("place") == place


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("门敲了半天才开，梁嬢嬢说厨房下水堵得水漫一地", "demand.report"),
        ("坐在炕沿上听老两口讲，楼道灯坏了俩月，夜里起来怕摔", "demand.report"),
        ("鞋都没来得及换就上了七楼，陶师傅眼睛看不见，想找个人念念报", "wish"),
    ],
)
def test_a_visit_is_heard_without_the_verb_of_a_visit(read, text, asked):
    """The community tells it between the lines; a resident who says the same has visited nobody."""
    assert [act.intent for act in read(text, "secretary")] == ["visit.log", asked]
    assert "visit.log" not in [act.intent for act in read(text)]


def test_what_was_taken_down_from_a_call_is_no_visit(read):
    """The hotline passes on what somebody said at home."""
    acts = read("来电人说梁嬢嬢家厨房下水堵得水漫一地", "secretary")
    assert [(act.intent, act.category) for act in acts] == [("demand.report", "plumbing")]
