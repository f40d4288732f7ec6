"""Orders that nobody calls orders, deeds given to several hands, and who is complained of."""

import pytest

from redprop_bot.understand.emergency import Alarm, Rule


@pytest.mark.parametrize(
    ("role", "text", "order"),
    [
        ("resident", "五十六号那个我爸申请助浴的批了没", "56"),
        ("provider", "1290路面补平了，1292挖到一半碰着电缆", "1290"),
        ("resident", "麻烦把208提前一下，家里有病人", "208"),
        ("resident", "58那个别来了，我爱人自己拧紧了", "58"),
        ("resident", "取消那个三百零六号，我按错了", "306"),
        ("resident", "那个四十一号我爸说暖气热了，给五星", "41"),
        ("provider", "那几张单子啊五十三和五十四都弄完了", "53,54"),
        ("provider", "1266单元门的锁我拆回来了，新的后天到", "1266"),
    ],
)
def test_numbers_pointed_at_are_orders(read, role, text, order):
    """那个三百零六号 is an order that was spoken of."""
    found = read(text, role)[0].slots.get("order")
    assert found == order


@pytest.mark.parametrize(
    "text",
    [
        "住三百零六号的老陈家漏水",
        "那个十二号楼的灯不亮",
        "那个三十一号店太吵",
        "那个二十号下午的活动我去",
        "三十一号那个活动还有名额吗",
    ],
)
def test_houses_shops_and_days_are_none(read, text):
    """What has a number and is no order."""
    assert all("order" not in act.slots for act in read(text))


def test_a_unit_has_two_digits(read):
    """The number before 单元门 is the order's, not a unit of the house."""
    assert all("unit" not in act.slots for act in read("1266单元门的锁我拆回来了，新的后天到", "provider"))
    assert read("12号楼3单元漏水")[0].slots["unit"] == "3"


@pytest.mark.parametrize(
    ("text", "hands"),
    [
        ("会议决定：凉亭由和美物业十二月底前翻新；夜里巡逻归保安队；废旧电池交给环卫所，钱从公共收益里出", 3),
        ("定了三条，一是遛鸟区由物业立牌子，二是晒被区请园林公司划线，三是顶楼违建请城管中队送达通知", 3),
        ("会上定了由物业补灯，下周完工", 1),
    ],
)
def test_each_hand_has_its_resolution(read, text, hands):
    """Whether the hand is named before the deed or behind it."""
    acts = read(text, "secretary")
    assert [act.intent for act in acts] == ["meeting.resolve"] * hands
    assert len({act.slots.get("party") for act in acts}) == hands


def test_two_orders_for_two_units(read):
    """A name that begins with 和 is a name, too."""
    acts = read("2101给和美物业，2102给供电所，都先打个电话", "secretary")
    assert [(act.intent, act.slots.get("party")) for act in acts] == [
        ("order.dispatch", "和美物业"),
        ("order.dispatch", "供电所"),
    ]


def test_merged_and_then_given(read):
    """Two acts, though a comma parts them."""
    acts = read("单子505、506是一个井，并成一张，然后派给市政", "secretary")
    assert [act.intent for act in acts] == ["order.merge", "order.dispatch"]


def test_staff_told_to_hurry_urge_nobody(read):
    """别催了 answers somebody."""
    assert [act.intent for act in read("别催了，38号早接了，师傅路上堵着", "provider")] == ["order.accept"]


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("维修资金动了三回，物业经理老傅从来不贴明细", "物业经理老傅"),
        ("门岗那个老倌儿见外卖就拦，见收破烂的就放", "门岗那个老倌儿"),
        ("街道大厅那个戴帽子男的，问他办证翻白眼不理人", "街道大厅那个戴帽子男的"),
        ("自来水公司抄表员坐家里乱填数，说他还顶嘴", "自来水公司抄表员"),
        ("志愿者队长态度恶劣，谁去问都骂", "志愿者队长"),
        ("园林公司那帮人中午开着吹风机，还冲人翻白眼", "园林公司那帮人"),
    ],
)
def test_who_is_complained_of(read, text, party):
    """The person with the unit; money for repairs is no trade."""
    (act,) = read(text)
    assert (act.intent, act.slots["party"]) == ("complaint", party)


def test_a_rule_may_be_sure(reader):
    """轻生 holds whatever the weights say; most rules do not."""
    rules = reader.lexicon.alarm.rules
    assert {rule.name for rule in rules if rule.sure} >= {"轻生", "一氧化碳"}
    assert sum(rule.sure is True for rule in rules) < len(rules) / 4
    assert {rule.name for rule in rules if rule.sure is False} >= {"有人倒地", "身体卡住"}
    assert Rule("", "", ()).sure is None
    assert Alarm().find("着火了") is None


@pytest.mark.parametrize(
    "text",
    [
        "电梯广告里喊救命，把声音调小行不行",
        "松鼠溜进教室，关在里头了，别开门，来个人捉",
        "燃气报警器装在哪儿合适，统一装吧",
        "建议窨井盖都换成带网的，省得有人掉下去",
    ],
)
def test_a_rule_that_the_weights_deny_is_not_believed(read, text):
    """Two words of danger in a sentence that has none."""
    assert all(act.urgency != "emergency" for act in read(text))


@pytest.mark.parametrize(
    ("role", "text", "intent"),
    [
        ("secretary", "提级 D20261126-0007，维修资金不够", "order.escalate"),
        ("secretary", "办结 D20261126-0007，居民满意", "order.close"),
        ("provider", "延期 D20261126-0007 3天，等配件", "order.extend"),
        ("provider", "退单 D20261126-0007，不归我们管", "order.return"),
        ("provider", "进度 D20261126-0007，等明天到货", "order.progress"),
    ],
)
def test_a_number_behind_a_command_is_of_that_command(read, role, text, intent):
    """A space after the verb makes no two orders of one."""
    assert [(act.intent, act.slots.get("order")) for act in read(text, role)] == [(intent, "D20261126-0007")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("会议决定：由万和物业12月18日前修好岗亭；由康居物业12月22日前换好窗纱", 2),
        ("会议决定：\n1. 万和物业通下水道\n2. 康居物业补草皮\n3. 清源水务查水表", 3),
        ("会上定了 由万和物业修好岗亭 由康居物业换好窗纱", 2),
        ("会议决定：物业和社区12月18日前清理消防通道", 1),
        ("会议决定由万和物业和康居物业一起清理消防通道", 1),
        ("会上定了，为了大家安全，由康居物业换一批窗纱，由万和物业修岗亭", 2),
    ],
)
def test_each_hand_gets_its_part_whatever_its_name(read, text, number):
    """A name may hold an "and", and a list may stand below its heading."""
    assert [act.intent for act in read(text, "secretary")] == ["meeting.resolve"] * number
