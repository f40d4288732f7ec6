"""Words about a measure: done, or only how far; what is booked as done is told to residents."""

from datetime import date

import pytest

from redprop_bot.dialogue.measure_words import is_done, percent_in

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    "said",
    [
        "还没有做完，吊车排不上",
        "没有全部完成",
        "下星期能弄好",
        "月底前竣工，这几天在铺砖",
        "做完了一半",
        "快完工了",
        "不能完工，缺一道手续",
        "预计12月22日办好",
        "12月22日办好",
        "年底才能完成",
        "没几天就能完成",
        "完成了没有",
        "完成了七成",
        "完工时间推迟了",
        "等做完再报",
        "还没到100%",
    ],
)
def test_what_only_speaks_of_the_end_finishes_nothing(said):
    assert not is_done(said, TODAY)


@pytest.mark.parametrize(
    "said",
    [
        "办完了",
        "完成，请来验收",
        "还没到月底就完成了",
        "12月20日前完成了",
        "11月28日完成",
        "提前竣工",
        "没有遗留问题，都做好了",
        "按计划完成",
        "不锈钢栏杆做好了",
        "门前的路做好了",
        "节能灯那块完成了",
    ],
)
def test_what_tells_of_the_end_finishes(said):
    assert is_done(said, TODAY)


@pytest.mark.parametrize(
    ("said", "percent"), [("完成了一半", 50), ("做好八成了", 80), ("60%", 60), ("百分之百", None), ("100%", 100)]
)
def test_how_far(said, percent):
    assert percent_in(said) == percent
