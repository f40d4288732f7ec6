"""Danger to life is found when told calmly or in dialect; what only sounds like it raises nobody from bed.

Files of pairs, a danger and its harmless twin: `dangers.yaml`, `calm_dangers.yaml` (by category),
`held_out_dangers.yaml`, whose sentences no rule is written for, and `chance_dangers.yaml`, where a word of peace
(讲座, 谢谢你, 停车场) stands beside the danger by chance, and `cries.yaml`, where there are hardly any words at all.
"""

from functools import partial
from pathlib import Path

import pytest
import yaml

from redprop_bot.understand.required import required

HERE = Path(__file__).parent


def _pairs(name):
    told = yaml.safe_load((HERE / name).read_text("utf-8"))
    if isinstance(told, list):
        return [("", danger, twin) for danger, twin in told]
    return [(category, danger, twin) for category, listed in told.items() for danger, twin in listed]


PLAIN = _pairs("dangers.yaml")
CALM = _pairs("calm_dangers.yaml")
HELD_OUT = _pairs("held_out_dangers.yaml")
CHANCE = _pairs("chance_dangers.yaml")
CRIES = _pairs("cries.yaml")

# Known misses and false alarms; these numbers only ever go down. They went up once, when the weights no longer had to be
# nearly sure to raise an alarm (`EMERGENCY_SHARE`): of dangers in files held out 87 in 100 are found since, 78 before,
# and of reports that are none 4.5 in 100 are taken for one, 2.7 before. These twins are the hardest of them: a child's
# kite on the railing where the danger is a child.
KNOWN = {"plain": (PLAIN, 1, 18), "calm": (CALM, 1, 11), "held out": (HELD_OUT, 1, 8)}


def _alarmed(read, text):
    return [act for act in read(text) if act.urgency == "emergency"]


def test_the_lists_are_long_enough():
    """More than two hundred new pairs, a third of them held out, each danger with its harmless twin."""
    assert len(PLAIN) >= 190
    assert len(CALM) + len(HELD_OUT) >= 220
    assert 3 * len(HELD_OUT) >= len(CALM) + len(HELD_OUT)
    dangers = [danger for _, danger, _ in (*PLAIN, *CALM, *HELD_OUT)]
    assert len(set(dangers)) == len(dangers)


@pytest.mark.parametrize("name", KNOWN)
def test_dangers_are_found(read, name):
    """Emergencies of all kinds, calm and in dialect: at least 95 of 100."""
    pairs, most, _ = KNOWN[name]
    missed = [danger for _, danger, _ in pairs if not _alarmed(read, danger)]
    assert len(missed) <= most, missed
    assert len(missed) <= 0.05 * len(pairs)


@pytest.mark.parametrize("name", KNOWN)
def test_their_harmless_twins_are_not(read, name):
    """Sentences with the same words and no danger."""
    pairs, _, most = KNOWN[name]
    false = [twin for _, _, twin in pairs if _alarmed(read, twin)]
    assert len(false) <= most, false


@pytest.mark.parametrize(("danger", "twin"), [(danger, twin) for _, danger, twin in CHANCE])
def test_a_word_that_stands_there_by_chance_takes_no_danger_back(read, danger, twin):
    """Who says 谢谢你 in the end, or walks a dog, is in danger all the same."""
    assert _alarmed(read, danger)
    assert not _alarmed(read, twin)


@pytest.mark.parametrize(("danger", "twin"), [(danger, twin) for _, danger, twin in CRIES])
def test_a_cry_is_enough(read, danger, twin):
    """救命 and nothing else; and thanks that are a farewell."""
    assert _alarmed(read, danger)
    assert not _alarmed(read, twin)


def test_rules_alone_hardly_ever_cry_wolf(reader):
    """The rules, without the weights, fire on at most one twin of a hundred."""
    twins = [twin for _, _, twin in (*PLAIN, *CALM, *HELD_OUT)]
    false = [twin for twin in twins if reader.lexicon.alarm.find(twin)]
    assert len(false) <= 0.01 * len(twins), false


def test_a_danger_is_of_its_category(read):
    """Who must come depends on it: nine of ten."""
    found = [(category, _alarmed(read, danger)) for category, danger, _ in (*CALM, *HELD_OUT)]
    right = sum(any(act.category == category for act in acts) for category, acts in found)
    assert right >= 0.9 * len(found)


@pytest.mark.parametrize("text", ["楼上着火了！", "我被困在电梯里", "家里有煤气味", "有人触电倒地"])
def test_the_plainest_dangers_never_slip(read, text):
    """No counting here."""
    assert _alarmed(read, text)


@pytest.mark.parametrize(
    "text", ["气死我了，车位又被占！！！", "救命啊作业太多了", "要死了热死了，空调什么时候修"]
)
def test_dramatic_words_alone_raise_nothing(read, text):
    """Anger is not danger."""
    assert not _alarmed(read, text)


@pytest.mark.parametrize(
    ("denied", "there"),
    [
        ("走廊顶上那个小圆盒子叫个不停，红点一闪一闪，没看见烟", "走廊顶上那个小圆盒子叫个不停，门缝里往外冒烟"),
        ("灶台边上那个感应器老叫，没看见火也没闻见烟", "灶台边上那个感应器老叫，没看见火，煤气味呛人"),
    ],
)
def test_danger_that_nobody_saw_needs_a_look_today(read, denied, there):
    """What is named only to say that it was not seen is no danger; what is there beside it still is."""
    assert [act.urgency for act in read(denied)] == ["urgent"]
    assert [act.urgency for act in read(there)] == ["emergency"]


@pytest.mark.parametrize(
    "text",
    [
        "去年电梯困过人，后来换了新的",
        "消防演练时三楼冒黑烟，是道具",
        "保安大哥救了掉进湖里的孩子，必须表扬",
        "插座换好了，不冒火花了，谢谢",
    ],
)
def test_what_is_past_or_played_or_mended_raises_nothing(read, text):
    """The danger is over, or never was."""
    assert not _alarmed(read, text)


@pytest.mark.parametrize(
    "text",
    [
        "非常满意，但是楼下电瓶车冒烟了",
        "给你们点赞，送锦旗，可是楼道着火了",
        "感谢上次修好水管，现在配电箱在冒火花",
        "谢谢师傅，灯修好了，就是我妈晕倒了叫不醒",
    ],
)
def test_thanks_hide_no_danger(read, text):
    """What is thanked for is over; what comes after the turn is not."""
    assert _alarmed(read, text)


STAFF = [
    ("provider", "北门保安让人捅了肚子，血止不住，救护车还没到", "北门保安换岗了，晚班两个人都到了"),
    ("provider", "暖气管炸了，开水喷到修管的徒弟身上，人还困在管道间", "暖气管换好了，打压两小时不掉，管道间擦干"),
    ("provider", "高架栏杆外头站个人 单手抓着 巡逻的在跟他说话", "高架栏杆焊好了，单手摇不动"),
    ("provider", "地下室水管爆了正往配电间灌 柜子带着电 拉不了闸", "配电间进水那单，水抽干了，明天送电"),
    (
        "secretary",
        "17栋301薛阿姨，独居，两天没下楼，电话没人接，敲门不应，屋里电视开着",
        "走访17栋301薛阿姨，敲门应得慢，人精神",
    ),
    ("secretary", "三楼冒烟了，敲门没人应，已喊人去看", "走访11户，烟道都通畅，提示单签了字"),
]


BESIDE = (
    "楼下做生意的着火了，快来人",
    "社区统一装的护栏断了，孩子从三楼掉下去了",
    "各楼栋电梯均正常，就3号楼电梯困了两个人，老人喘不上气",
    "民警来讲了也没用，他又拿刀冲出来砍人了",
    "你们上午来做防煤气中毒宣传，下午我妈就煤气中毒昏过去了，快来人",
    "报警器标定的时候地下室真漏气了，两个人倒了",
    "孩子走丢了，红衣服，谁看到赶紧联系",
)


@pytest.mark.parametrize("text", BESIDE)
def test_words_of_every_day_beside_it_clear_no_danger(read, text):
    """What is told of a danger often names a talk, a check, a shop: none of them takes it back."""
    assert _alarmed(read, text)


QUIET = (
    "绿化带的桂花树被人砍倒了",
    "车胎被人扎了两个洞，人跑了",
    "手被划伤了，门口铁皮翘起来了，请修一下，快",
    "学校护栏外边站着好多接孩子的家长",
    "阳台外面挂着个大喇叭，天天放歌",
    "池塘护栏外面站着钓鱼的人，劝也不听",
    "空调外机挂着，滴水砸到楼下行人身上",
    "热水烫头发，理发店把我头发烫坏了怎么办",
    "灯正着着没人关，浪费电",
    "配电房旁边下水道冲水声音大，还在涨价吗",
    "外机的铁架子锈了，螺丝让我捡着了两颗",
    "那辆白色轿车压着黄线，倒了半天才出来，我的车位都没法进",
    "物业账单多出六块钱，算得我想死的心都有",
    "【安全提醒】冬天用煤气勤开窗，闻到味别开灯，请转给家里老人",
    "电视上看到别处的电动车烧着了，咱们这儿还没有过，下次会上议一议充电棚",
)


@pytest.mark.parametrize("text", QUIET)
def test_what_only_sounds_like_the_newer_rules_is_quiet(read, text):
    """A tyre is stabbed, parents stand outside a railing, hair is burnt."""
    assert not _alarmed(read, text)


@pytest.mark.parametrize(("role", "danger", "quiet"), STAFF)
def test_what_staff_see_is_a_danger_and_no_progress(read, role, danger, quiet):
    """Told in the words of work; what is done, visited or under way raises nobody."""
    assert _alarmed(partial(read, role=role), danger)
    assert not _alarmed(partial(read, role=role), quiet)


@pytest.mark.parametrize("text", ["去年电梯困过人，现在又困了三个在里面", "上个月漏过煤气，今天又闻到煤气味了"])
def test_what_is_past_and_here_again_is_found(read, text):
    """A word of now stands beside the past."""
    assert _alarmed(read, text)


@pytest.mark.parametrize(
    ("source", "chars"),
    [
        ("煤气|瓦斯", "煤瓦"),
        ("(?:漏|跑).{0,2}气", "气"),
        ("(?<![手脚])麻(?!烦)", "麻"),
        ("[甲乙]丙?", "甲乙"),
        ("丙?丁{0,2}", None),
        ("[^甲]|乙", None),
        ("[甲乙]{1,3}?丙??丁{0,2}?", "甲乙"),
        ("(?i)ktv", None),
        ("(?P<what>煤)气", None),
        ("(?:甲(?:乙|丙)?|丁)戊{1,2}", "戊"),
    ],
)
def test_what_a_pattern_cannot_do_without(source, chars):
    """A set of characters of which every match has one, or None."""
    got = required(source)
    assert got is None if chars is None else got <= set(chars) and got


def test_the_quick_look_hides_no_rule(reader):
    """Whatever a rule matches is found with and without looking at the characters first."""
    alarm = reader.lexicon.alarm
    for _, danger, twin in (*PLAIN, *CALM, *HELD_OUT):
        for text in (danger, twin):
            slow = next((rule for rule in alarm.rules if rule.matches(text)), None)
            if len(text) <= 48:
                assert alarm.first(text) is slow


@pytest.mark.parametrize(
    "text",
    ["孩子写作业把我气得吐血", "没困人", "电梯没困人，误报", "里面没人被困", "到家了，她在睡觉", "学学怎么预防煤气中毒", "电梯里还有股尿味"],
)  # fmt: skip
def test_what_people_say_when_nothing_is_wrong(read, text):
    """A figure of speech, a lesson, and news that nobody is in it."""
    assert not _alarmed(read, text)


@pytest.mark.parametrize(
    "text", ["没困人，配电间着火了", "没人被困，可是有人晕倒了", "我到家了，她叫不醒", "电梯里一股焦糊味，冒烟了"]
)
def test_good_news_of_one_thing_takes_no_other_danger_back(read, text):
    """Nobody is caught, and it burns."""
    assert _alarmed(read, text)
