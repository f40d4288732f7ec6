"""What is wrong with a score sheet is said with its file and line; a community's own stands beside those that ship."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.content import load_content, roots
from redprop_bot.errors import ContentError

_OWN = """\
key: half
title: 半年看
for: property
every: quarter
days: 5
items:
  - {key: lamp, title: 路灯, words: [灯], full: 50}
  - {key: lift, title: 电梯, full: 50}
parties:
  - {key: street, name: 街道, weight: 50, by: street}
  - {key: grid, name: 网格, weight: 50, by: grid, least: 2}
figures:
  name: 办件
  weight: 20
  items:
    - {key: months, title: 各月, full: 10, figure: months}
damping: {size: 5, percent: 70}
least: 50
stars: [90, 80, 70, 60]
appeal: {days: 7, by: street}
"""


def _load(folder: Path, text: str):
    path = folder / "data" / "appraisal" / "half.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_content(roots(folder), zone=ZoneInfo("Asia/Shanghai"), address="http://x")


def test_an_own_sheet_is_found_by_its_names(tmp_path):
    """It opens by hand only, as it says no hour."""
    found = _load(tmp_path, _OWN + "words: [看半年]\n").appraisal
    assert found.of("half") is found.of("看半年")
    assert (found.of("half").at, found.of("half").months) == (None, 3)
    assert {one.key for one in found.all} == {"month", "quarter", "year", "half"}


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("key: lift", "key: lamp", 8, "items.1.key “lamp” 写了两次"),
        ("title: 电梯", "title: 灯具, words: [灯]", 8, "items.1.words “灯” 写了两次"),
        ("title: 电梯", "title: 电梯3号", 8, "items.1.title"),
        ("by: street}\n  - {key: grid", "by: mayor}\n  - {key: grid", 10, "parties.0.by 只能是"),
        ("key: grid", "key: street", 11, "parties.1.key “street” 写了两次"),
        ("key: grid", "key: figures", 11, "parties.1.key 不能叫 figures"),
        ("by: grid, least: 2", "by: grid, named: true", 11, "parties.1.named 只有"),
        (
            "by: street}\n  - {key: grid",
            "by: street, least: 2}\n  - {key: grid",
            10,
            "parties.0.least 社区、街道只打一份",
        ),
        ("figure: months", "figure: quarters", 16, "figures.items.0.figure 要比这张表的一期短"),
        ("figure: months", "figure: money", 16, "figures.items.0.figure 只能是 response"),
        ("[90, 80, 70, 60]", "[90, 80, 85, 60]", 19, "stars 要从高到低"),
        ("days: 5", "days: 5\nremind: 5", 6, "remind 要小于 days（5 天）"),
        ("title: 半年看", "title: 季度考评", 2, "“季度考评” 已经在"),
    ],
)
def test_every_fault_has_its_line(tmp_path, old, new, line, what):
    """What does not fit, what is written twice, what stands in another file."""
    with pytest.raises(ContentError) as caught:
        _load(tmp_path, _OWN.replace(old, new, 1))
    (fault,) = caught.value.faults
    assert fault.where == f"{tmp_path}/data/appraisal/half.yaml:{line}"
    assert what in fault.what
