"""One script, same length; voice slips repaired, good words left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.understand.normalise import LIMIT, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("樓道燈壞了", "楼道灯坏了"),
        ("著火了", "着火了"),
        ("睡著了", "睡着了"),
        ("１２３ＡＢ", "123ab"),
        ("我哋冇水", "我哋冇水"),
    ],
)
def test_script_is_folded(text, expected):
    """Traditional, full-width and capital letters."""
    assert normalise(text).norm == expected


@pytest.mark.parametrize("text", ["著名", "显著", "土著", "名著", "著作"])
def test_the_other_zhu_stays(text):
    """著 is right where it is right."""
    assert normalise(text).norm == text


@given(st.text(max_size=300))
def test_length_is_kept(text):
    """Spans of one text are spans of the other."""
    both = normalise(text)
    assert len(both.raw) == len(both.norm)


def test_length_is_bounded():
    """Nobody reads twenty thousand characters."""
    assert len(normalise("水漏了，" * 6000).norm) <= LIMIT


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ("店梯坏了", "电梯"),
        ("物页不管", "物业"),
        ("下水到堵了", "下水道"),
        ("道扎不抬", "道闸"),
        ("找网哥员", "网格员"),
    ],
)
def test_voice_slips_are_repaired(reader, slip, word):
    """By sound, against the words of the house."""
    assert word in reader.lexicon.repairer.repair(slip)


@pytest.mark.parametrize(
    ("slip", "danger"),
    [
        ("车棚那头在冒言", "冒烟"),
        ("楼道里一股交味", "焦味"),
        ("配电贵打火化了", "打火花"),
        ("三楼招火了", "着火"),
        ("电表香在冒活", "冒火"),
        ("厨房没气味好重，是煤气灌漏的", "煤气罐"),
        ("我爸晕道了", "晕倒"),
        ("老人摔到出雪了", "出血"),
        ("外墙砖托落", "脱落"),
    ],
)
def test_words_of_danger_are_heard_through_slips(reader, slip, danger):
    """Who is frightened looks at no spelling; the words cut the text no other way."""
    assert danger in reader.lexicon.repairer.repair(slip)


@pytest.mark.parametrize(
    "text",
    [
        "楼上漏到我家来了",
        "顶楼水箱响",
        "那块地没人管",
        "卫健中心在哪",
        "地上还带点油",
        "活动提前到九点",
        "缝里有烟出来",
        "一宿没睡",
        "他回我你谁啊",
        "那你税交了没",
    ],
)
def test_what_only_sounds_like_it_stands(reader, text):
    """楼上漏到 is no 楼道."""
    assert reader.lexicon.repairer.repair(text) == text


@pytest.mark.parametrize("text", ["今天天气很好", "我在店里等你", "下水游泳", "他到家了", "报平安", "道理我都懂"])
def test_good_words_are_left_alone(reader, text):
    """No repair without need."""
    assert reader.lexicon.repairer.repair(text) == text
