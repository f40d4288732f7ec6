"""Values made to fit the kind of a keyword: whatever comes, what leaves is what the platform takes, or nothing."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules import fields, keywords
from redprop_bot.simulated import oa_keywords

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 25, 10, 5, tzinfo=UTC)

CASES = [
    ("thing1", "3栋2单元电梯坏了", "3栋2单元电梯坏了"),
    ("thing1", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"),
    ("thing1", "水与排水（投诉）", "水与排水 投诉"),
    ("thing1", "两\n行\x00", "两 行"),
    ("thing1", "（）", None),
    ("thing1", "", None),
    ("phrase1", "待派单", "待派单"),
    ("phrase1", "正在办理之中", "正在办理之"),
    ("phrase1", "ok", None),
    ("phrase1", "㐀", None),
    ("character_string1", "D20261125-0007", "D20261125-0007"),
    ("character_string1", "单号 D1", "D1"),
    ("character_string1", "单号", None),
    ("phone_number1", "王师傅 138-0000-0001", "138-0000-0001"),
    ("phone_number1", "没有", None),
    ("number1", "共 12.5 件", "12.5"),
    ("amount1", "收费￥30元", "￥30元"),
    ("letter1", "A 座 B", "AB"),
    ("symbol1", "好！？", "！？"),
    ("car_number1", "皖A·12345", "皖A12345"),
    ("name1", "安居物业服务有限责任公司第一分公司", "安居物业服务有限责任"),
    ("name1", "Li Ping 3", "Li Ping"),
    ("time1", AT, "2026年11月25日 18:05"),
    ("date1", AT, "2026年11月25日"),
    ("time1", AT.isoformat(), "2026年11月25日 18:05"),
    ("time1", "18:05", "18:05"),
    ("time1", "明天下午", None),
    ("thing1", AT, "2026-11-25 18:05"),
    ("const1", "办理中", "办理中"),
    ("const1", "别的", None),
    ("keyword1", "随便什么", "随便什么"),
]


@pytest.mark.parametrize(("key", "value", "made"), CASES)
def test_fitted(key, value, made):
    """Cleaned and cut as people would do it by hand; None where nothing of it fits."""
    assert fields.fitted(key, value, ZONE, ("办理中", "已办结")) == made


@given(kind=st.sampled_from(sorted(keywords.KINDS)), value=st.text(max_size=60))
def test_what_is_made_is_taken(kind, value):
    """Whatever somebody wrote, both our table and the platform's twin take what was made of it."""
    key = f"{kind}1"
    made = fields.fitted(key, value, ZONE, (value,))
    if made is not None:
        assert keywords.wrong(key, made) is None
        if kind != "date":  # the twin knows fewer ways to write one
            oa_keywords.judge({key: {"value": made}}, {})
