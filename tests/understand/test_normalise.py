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


@pytest.mark.parametrize("text", ["今天天气很好", "我在店里等你", "下水游泳", "他到家了", "报平安", "道理我都懂"])
def test_good_words_are_left_alone(reader, text):
    """No repair without need."""
    assert reader.lexicon.repairer.repair(text) == text
