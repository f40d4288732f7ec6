"""Which sentences ask who looks after a place; everything else stays a report, a complaint, a question of its own."""

import pytest

from redprop_bot.dialogue import whose


def _asked(text: str) -> str | None:
    match = next((found for one in whose._ASKED if (found := one.fullmatch(text))), None)
    return match["where"] if match else None


@pytest.mark.parametrize(
    "text",
    [
        "我们小区的网格员是谁",
        "网格员是哪位啊？",
        "谁是我们楼的网格员",
        "社区书记怎么联系",
        "我们这儿归谁管",
        "我家物业是哪家？",
    ],
)
def test_who_looks_after_us(text: str) -> None:
    """With a place that is the speaker's own."""
    where = _asked(text)
    assert where is not None
    assert whose._OURS.fullmatch(where)


@pytest.mark.parametrize(
    "text",
    ["物业费是多少", "物业不管事", "书记说话不算数", "网格员从来没来过", "这个网格员是谁派来的", "书记是谁选的"],
)
def test_what_asks_something_else(text: str) -> None:
    """Fees, complaints and gossip are no question for a name."""
    assert _asked(text) is None


def test_a_matter_that_somebody_should_see_to_is_no_place() -> None:
    """电梯坏了归谁管 is a report: what stands before is neither ours nor an estate."""
    where = _asked("电梯坏了归谁管")
    assert where is not None
    assert not whose._OURS.fullmatch(where)
