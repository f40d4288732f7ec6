"""One thing or two: addresses of their own, a turn to something else, small talk before a request, a number at the end."""

import pytest

from redprop_bot.understand import apart


def _told(read, text, role="resident"):
    return [(act.intent, act.category, act.slots.get("building")) for act in read(text, role=role)]


def test_two_buildings_with_two_faults_are_two_reports(read):
    """However short: each is told with its own house number."""
    assert _told(read, "2栋没水，6栋没电") == [
        ("demand.report", "plumbing", "2"),
        ("demand.report", "power", "6"),
    ]


def test_two_faults_of_one_building_stay_with_their_kind(read):
    """One address, one fault told twice: one report."""
    assert len(_told(read, "2栋没水，厨房厕所都没水")) == 1


def test_a_comma_parts_two_matters_in_a_longer_message_too(read):
    """还有 opens the third; the first two are told in one breath."""
    told = _told(read, "说三个事：楼梯灯三楼不亮，垃圾桶盖子掉了，还有楼下棋牌室吵到半夜")
    assert [category for _, category, _ in told] == ["power", "sanitation", "noise"]


def test_what_is_done_with_does_not_hide_what_begins(read):
    """那个不用来了，但是…: one taken back, one reported."""
    told = _told(read, "那个漏水不用来了我自己拧紧了，但是马桶堵了得来一趟")
    assert [intent for intent, _, _ in told] == ["demand.withdraw", "demand.report"]


def test_each_household_of_a_visit_has_its_own_demand(read):
    """Next door begins with its house number."""
    told = _told(read, "今天跑了三户：4栋张大妈家灯泡不亮，6栋老李想申请低保，9栋刘姐家水管漏水", role="secretary")
    assert told[1:] == [
        ("demand.report", "power", "4"),
        ("demand.report", "aid", "6"),
        ("demand.report", "plumbing", "9"),
    ]


def test_a_number_at_the_end_is_of_all_that_was_said(read):
    """No second act for the number alone."""
    (act,) = read("灯换了，还差个灯罩，等货，先算进度吧，61", role="provider")
    assert (act.intent, act.slots["order"]) == ("order.progress", "61")


def test_what_is_asked_beside_a_report_is_not_of_the_reporters_house(read):
    """Activities are asked for by everybody; the lift is of building 6."""
    report, asked = read("6栋电梯按钮不亮，顺便问一下周末有啥活动")
    assert report.slots["building"] == "6"
    assert asked.intent == "activity.query"
    assert "building" not in asked.slots


def test_another_estate_is_not_of_the_building_told_before(read):
    """The gate of one estate is not at the house of another; of the same estate, it is told beside that house."""
    (_, gate) = read("桂花园2栋电梯不动了，翠竹苑门口井盖翘了")
    assert gate.slots.get("estate") == "翠竹苑"
    assert "building" not in gate.slots


@pytest.mark.parametrize(
    ("text", "order"),
    [("12号和13号是同一家报的，退13", "13"), ("19和23重复了，23打回去", "23"), ("退12、13，都不归我们", "12,13")],
)
def test_of_two_orders_that_say_the_same_one_is_sent_back(read, text, order):
    """The other is only what it is compared with."""
    (act,) = read(text, role="provider")
    assert (act.intent, act.slots["order"]) == ("order.return", order)


@pytest.mark.parametrize(
    ("role", "text", "time"),
    [
        ("secretary", "安居物业十二月底前把车棚建好", "2026-12-31"),
        ("resident", "三月底前换完", "2027-03-31"),
        ("resident", "广场舞从六点半跳到九点半", None),
        ("resident", "从今天早上七点到现在没水", "2026-11-25T07:00:00+08:00"),
    ],
)
def test_the_end_of_a_named_month_and_a_stretch_of_the_evening(read, role, text, time):
    """十二月底 is the last day of December; from six to nine every evening is no moment."""
    assert read(text, role=role)[0].slots.get("time") == time


def test_a_garage_number_is_no_room(read):
    """B1-033 is where the car stands."""
    slots = read("车位又被人占了，B1-033，打电话没人接")[0].slots
    assert slots.get("place") == "B1-033"
    assert "building" not in slots


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("查一下D20261123-0004", "progress.query"),
        ("帮我查下35号单", "progress.query"),
        ("我那个单号是多少来着", "progress.query"),
        ("我电话13900001111", "demand.supplement"),
        ("联系电话：139 0000 1111", "demand.supplement"),
        ("电梯坏了13900001111", "demand.report"),
    ],
)
def test_a_number_to_look_up_and_a_number_to_call(read, text, intent):
    """Neither is a new matter of its own, nor a question about what is kept of somebody."""
    (act,) = read(text)
    assert act.intent == intent


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("桂花园5栋门口", {"estate": "桂花园", "building": "5"}),
        ("桂花园东门口", {"estate": "桂花园", "place": "东门口"}),
        ("就在桂花园2栋楼下", {"estate": "桂花园", "building": "2"}),
    ],
)
def test_where_with_a_door_or_a_side_is_only_where(read, text, slots):
    """Asked for the place, a doorway is no matter of its own."""
    (act,) = read(text, asked="place")
    assert (act.why, act.slots) == (("答:地点", "别无他话"), slots)


@pytest.mark.parametrize(
    "text",
    [
        "我是桂花园5栋的赵大爷",
        "钱阿姨，桂花园5栋",
        "我叫孙福来，住桂花园5栋",
        "我姓周 桂花园5栋",
        "我是业主小李，家在桂花园5栋",
    ],
)
def test_who_somebody_is_says_nothing_of_what_is_there(read, text):
    """A name beside the place is no matter, least of all an alarm."""
    (act,) = read(text, asked="place")
    assert (act.why, act.slots) == (("答:地点", "别无他话"), {"estate": "桂花园", "building": "5"})


@pytest.mark.parametrize(
    "text", ["桂花园5栋门口堆垃圾", "桂花园5栋老李家漏水", "我是桂花园5栋的，没水", "李师傅没来 桂花园5栋"]
)
def test_where_with_what_is_there_is_not_only_where(read, text):
    """门口堆垃圾 tells of something."""
    (act,) = read(text, asked="place")
    assert "别无他话" not in act.why


@pytest.mark.parametrize(
    "text",
    [
        "地库里积水到脚踝，里头还有人在推车",
        "灯修好了，第二天又全灭了",
        "有人砸核桃，第三回了，楼板都震",
        "配电箱进水了，旁边还有小孩在玩",
    ],
)
def test_what_counts_things_or_days_opens_no_second_matter(read, reader, text):
    """还有人 in the middle of a clause and 第二天 are no 另外."""
    assert "word" not in [piece.cue for piece in reader.lexicon.splitter.pieces(text)]
    assert len(_told(read, text)) == 1


def test_that_which_counts_matters_still_opens_them(read):
    """还有 and 还有一件 at the beginning of a clause, 第二 with a stop behind it."""
    for text in (
        "楼道灯不亮，还有垃圾三天没人收",
        "楼道灯不亮。还有一件，垃圾三天没人收",
        "第一，楼道灯不亮；第二，垃圾三天没人收",
    ):
        assert [category for _, category, _ in _told(read, text)] == ["power", "sanitation"], text


def test_a_tale_of_trouble_and_what_came_of_it_are_one(read):
    """Told, then thanked for: nothing is left to be done."""
    told = _told(read, "卫生间漏水漏了半个月。昨天师傅来换了管子，现在修好了，谢谢你们")
    assert [intent for intent, _, _ in told] == ["feedback.satisfied"]


def test_thanks_and_then_another_thing_are_two(read):
    """However short the breath between them."""
    told = _told(read, "楼道灯修好了，谢谢师傅，就是单元门还关不上，也给看看")
    assert [intent for intent, _, _ in told] == ["feedback.satisfied", "demand.report"]


@pytest.mark.parametrize(
    "text", ["楼道灯又坏了，快来修", "下水道堵了，麻烦尽快", "5栋电梯又停了\n请快点", "水管爆了！赶紧来人"]
)
def test_hurry_with_a_fault_is_a_report(read, text):
    """Nothing was reported before: there is nothing to urge."""
    assert [intent for intent, _, _ in _told(read, text)] == ["demand.report"]


@pytest.mark.parametrize("text", ["电梯报过了怎么还没人来，快点", "那个漏水催一下，麻烦快点"])
def test_hurry_about_what_was_reported_urges(read, text):
    """What was said before is not reported anew."""
    assert [intent for intent, _, _ in _told(read, text)] == ["demand.urge"]


def test_markup_has_no_voice(read):
    """A tag is nobody's words; what people put between such signs themselves is theirs."""
    assert _told(read, "3栋电梯坏了<i onclick=run(1)>") == [("demand.report", "elevator", "3")]
    assert [act.urgency for act in read("3栋2单元<三楼着火了>快来人")] == ["emergency"]


@pytest.mark.parametrize(
    ("role", "text", "intents"),
    [
        ("secretary", "20归档，22转给保洁，23再催催", ["order.close", "order.dispatch", "demand.urge"]),
        ("secretary", "38归档，再把39转给绿化", ["order.close", "order.dispatch"]),
        ("secretary", "6办结，再帮我看下哪些超期了", ["order.close", "order.list"]),
        ("provider", "催什么催，52早就接了", ["order.accept"]),
        ("provider", "26修好了，回来路过4栋看见地库积水没到脚脖子", ["order.fulfil", "demand.report"]),
        ("member", "签到，南门口的路灯坏了没人修", ["checkin", "demand.report"]),
        ("member", "到岗打卡，发现9栋楼道灯不亮", ["checkin", "demand.report"]),
        ("member", "打卡，今天帮着铲了7栋楼道的小广告", ["checkin"]),
        ("member", "查下积分，周日的合唱排练给我报名", ["points.query", "activity.signup"]),
    ],
)  # fmt: skip
def test_staff_and_members_say_two_things_in_one_breath(read, role, text, intents):
    """Orders one by one, a signature and what was seen on the way."""
    assert [act.intent for act in read(text, role=role)] == intents


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("楼顶有人养鸽子，弄得满楼道都是臭味", ["pets"]),
        ("污水井往外冒，连车棚都淹了", ["plumbing"]),
        ("屋里灯老闪，换了灯泡也不行", ["power"]),
        ("楼下装修吵死人，打了物业电话也没人接", ["noise"]),
        ("楼道太脏了，电梯门也关不上了", ["sanitation", "elevator"]),
        ("燃气灶点不着，你们能来人看看不", ["gas_heat"]),
        ("桂花园2栋电梯不动了，翠竹苑门口井盖翘了", ["elevator", "fire_safety"]),
        ("门禁坏了还有路灯不亮还有垃圾没人清", ["building", "power", "sanitation"]),
    ],
)  # fmt: skip
def test_what_comes_of_it_is_no_second_matter(read, text, categories):
    """Consequences, vain attempts and pleas stay with their matter; addresses and a row of 还有 part."""
    assert [act.category for act in read(text)] == categories


def test_suggestions_for_two_places_are_two(read):
    """Like reports, each with the place it is meant for."""
    acts = read("建议在东门装个减速带，还有西门建议加个摄像头")
    assert [act.slots.get("place") for act in acts] == ["东门", "西门"]


def test_thanks_with_a_but_leave_something_to_do(read):
    """就是 after thanks tells what is still broken."""
    told = _told(read, "昨天反映的垃圾清了，谢谢你们，就是桶还是破的")
    assert [intent for intent, _, _ in told] == ["feedback.satisfied", "demand.report"]


def test_each_of_two_orders_has_its_own_day(read):
    """A bare number before a day is an order, too."""
    acts = read("38修好了，照片发你；39下周一再去", role="provider")
    told = [(act.intent, act.slots.get("order"), act.slots.get("time")) for act in acts]
    assert told == [("order.fulfil", "38", None), ("order.progress", "39", "2026-11-30")]


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("上午去了李大爷家，他说楼上漏水，还想有人陪他下棋", ["visit.log", "demand.report", "wish"]),
        ("刚从老周家出来，他说卫生间顶上渗水", ["visit.log", "demand.report"]),
        ("今天到刘婶家坐了坐，她嫌楼上吵", ["visit.log", "demand.report"]),
        ("派安居物业去李大爷家，他说漏水", ["order.dispatch"]),
    ],
)
def test_a_visit_without_an_address_is_a_visit(read, text, intents):
    """Whose home it was is enough; who is sent to a home is no visitor."""
    assert [intent for intent, _, _ in _told(read, text, "secretary")] == intents


@pytest.mark.parametrize(
    ("text", "intent", "category"),
    [
        ("请问谁管停车？我车被前后夹住出不来", "demand.report", "parking"),
        ("扫地阿姨叫她扫一下还翻白眼", "complaint", "sanitation"),
        ("停电啦，整片乌漆麻黑，电蚊香也点不着", "demand.report", "power"),
    ],
)
def test_words_of_danger_in_everyday_talk(read, text, intent, category):
    """A car that is shut in, an eye that is rolled, a mosquito coil."""
    (act,) = read(text)
    assert (act.intent, act.category, act.urgency == "emergency") == (intent, category, False)


def test_a_long_tale_is_about_what_its_clearest_sentence_asks_for(read):
    """The rest of it is about the teller; how urgent it is, he says in the end."""
    text = (
        "我在这里住了二十年，看着楼前的树从小苗长到三层高，邻居也换了好几茬，年轻时候热热闹闹，现在就剩我们几个老的。"
        "我不爱麻烦人，儿女隔得远，逢年过节打个电话。可是2栋1单元厨房的下水道堵了，水下不去。"
        "什么时候方便什么时候来，不着急。"
    )
    (act,) = read(text)
    assert (act.intent, act.category, act.urgency) == ("demand.report", "plumbing", "normal")


def test_not_this_but_that_is_one_matter(read):
    """What it is not was never reported."""
    told = _told(read, "3栋2单元，不是路灯不亮，是门口的垃圾桶没人收")
    assert [category for _, category, _ in told] == ["sanitation"]


@pytest.mark.parametrize(
    ("before", "said", "corrects"),
    [
        ("不是路灯不亮,", "是垃圾没人收", True),
        ("又不是电梯,", "而是门禁", True),
        ("路灯不亮了,", "是垃圾也没人收", False),
        ("路灯是不是坏了,", "是该换了", False),
        ("不是坏了吗,", "是不是该换了", False),
        ("不是路灯不亮。垃圾满了,", "是没人收", False),
        ("不是路灯不亮,", "垃圾也没人收", False),
    ],
)
def test_only_a_denial_just_before_is_set_right(before, said, corrects):
    """是 alone corrects nothing, nor does what was denied a sentence ago."""
    assert apart.corrects(before, said) is corrects


def test_a_unit_that_is_done_does_not_complain(read):
    """保安道过歉 belongs to what was done about the complaint."""
    assert [act.intent for act in read("1号办好了，保安道过歉", "provider")] == ["order.fulfil"]
