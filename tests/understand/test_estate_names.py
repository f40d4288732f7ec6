"""Names of estates as rosters write them, and as people write the same names."""

import pytest

from redprop_bot.understand.gazetteer import EstateName, Gazetteer

NAMES = (
    "松涛家园(东区)",
    "松涛家园(西区)",
    "碧水·云台",
    "62号院",
    "滨河城三期",
    "春晓“听雨轩”",
    "枫桥新居（一期）",
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("松涛家园东区2栋灯不亮", "松涛家园(东区)"),
        ("松涛家园（西区）2栋灯不亮", "松涛家园(西区)"),
        ("我住碧水云台", "碧水·云台"),
        ("六十二号院没水", "62号院"),
        ("62号院没水", "62号院"),
        ("滨河城3期没水", "滨河城三期"),
        ("春晓听雨轩没水", "春晓“听雨轩”"),
        ("枫桥新居1期没水", "枫桥新居（一期）"),
        ("枫桥新居没水", "枫桥新居（一期）"),
        ("松涛家园没水", None),
    ],
)
def test_signs_and_numbers_of_a_name_may_be_written_otherwise(said: str, name: str | None) -> None:
    """Without brackets and dots, the number in either script; a head that two estates share names neither."""
    assert Gazetteer(tuple(map(EstateName, NAMES))).estate(said) == name


def test_a_name_that_stands_in_the_roster_goes_before_another_way_to_write_one() -> None:
    """`三期` and `3期` of the same roster stay two estates."""
    both = Gazetteer((EstateName("滨河城三期"), EstateName("滨河城3期")))
    assert [both.estate(said) for said in ("滨河城三期", "滨河城3期")] == ["滨河城三期", "滨河城3期"]
