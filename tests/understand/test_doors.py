"""Fields that somebody filled in by hand."""

import pytest

from redprop_bot.understand.slots.doors import bare


@pytest.mark.parametrize(
    ("field", "said", "short"),
    [
        ("building", "7栋", "7"),
        ("building", "07号楼", "7"),
        ("building", "十二幢", "12"),
        ("building", "c座", "C"),
        ("building", "１４＃", "14"),
        ("building", "甲楼", "甲"),
        ("building", "综合楼", "综合楼"),
        ("building", "7", "7"),
        ("unit", "二单元", "2"),
        ("unit", "3 门", "3"),
        ("unit", "东单元", "东单元"),
        ("room", "601室", "601"),
        ("room", "六零一", "601"),
        ("room", "一百零二房", "102"),
        ("room", "0301", "0301"),
        ("room", "门面房", "门面房"),
        ("place", "3栋", "3栋"),
    ],
)
def test_a_field_is_as_short_as_a_message_would_have_it(field: str, said: str, short: str) -> None:
    """The word goes, the number is digits; what is no number stays."""
    assert bare(field, said) == short
