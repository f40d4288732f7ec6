"""What is wrong with a title or the table of the opinion is said with its file and line."""

from zoneinfo import ZoneInfo

import pytest

from redprop_bot.content import load_content, roots
from redprop_bot.errors import ContentError

_OWN = """\
key: green
title: 绿色物业
for: company
years: 2
conditions:
  - {title: 按时九成, figure: on_time, least: 90, from: 5}
  - {title: 投诉不多, figure: complaints, most: 3}
"""
_OPINION = """\
to: 区住建局
rows:
  - {figure: came, title: 收到的事}
  - {figure: stars, title: 星级}
"""


def _load(folder, text, name="commendation/green"):
    path = folder / "data" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_content(roots(folder), zone=ZoneInfo("Asia/Shanghai"), address="http://x")


def test_an_own_title_stands_beside_those_that_ship(tmp_path):
    """Found by its names; the one opinion file takes the place of the other."""
    content = _load(tmp_path, _OWN + "words: [绿物业]\n")
    assert content.awards.of("绿物业") is content.awards.of("green")
    assert {"company", "staff", "resident", "green"} == {one.key for one in content.awards.all}
    one, word = content.awards.spoken_of("我给绿物业投票")
    assert (one.years, word) == (2, "绿物业")
    assert _load(tmp_path, _OPINION, "opinion/opinion").opinion.to == "区住建局"


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("for: company", "for: resident", 5, "conditions 只用在 for: company"),
        ("for: company", "for: moon", 3, "for 只能是 company、staff、resident"),
        ("years: 2", "years: 3", 4, "years"),
        ("least: 90", "least: 101", 6, "是百分之几，不能大于 100"),
        ("most: 3", "least: 1, most: 3", 7, "least、most 写一个，只写一个"),
        (", most: 3", "", 7, "least、most 写一个，只写一个"),
        ("most: 3", "most: 3, from: 4", 7, "只有百分率才用得上"),
        ("title: 投诉不多", "title: 按时九成", 7, "“按时九成” 写了两次"),
        ("figure: complaints", "figure: money", 7, "conditions.1.figure 只能是"),
        ("title: 绿色物业", "title: 最美业主", 2, "“最美业主” 已经在"),
        ("key: green", "key: staff", 1, "“staff” 已经在"),
    ],
)
def test_every_fault_of_a_title_has_its_line(tmp_path, old, new, line, what):
    """What does not fit, what is written twice, what stands in another file."""
    with pytest.raises(ContentError) as caught:
        _load(tmp_path, _OWN.replace(old, new, 1))
    (fault,) = caught.value.faults
    assert fault.where == f"{tmp_path}/data/commendation/green.yaml:{line}"
    assert what in fault.what


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("figure: stars", "figure: came", "同一个 figure 只写一次"),
        ("title: 星级", "title: 收到的事", "同一个 title 只写一次"),
        ("figure: stars", "figure: moons", "只能是"),
        ("to: 区住建局\n", "", "to"),
    ],
)
def test_every_fault_of_the_opinion_is_said(tmp_path, old, new, what):
    """In the file that has it."""
    with pytest.raises(ContentError) as caught:
        _load(tmp_path, _OPINION.replace(old, new, 1), "opinion/opinion")
    (fault,) = caught.value.faults
    assert fault.where.startswith(f"{tmp_path}/data/opinion/opinion.yaml:")
    assert what in fault.what
