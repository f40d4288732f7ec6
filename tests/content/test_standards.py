"""What is wrong with a standard is said with its file and line; a community's own stands beside those that ship."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.content import load_content, roots
from redprop_bot.errors import ContentError

_OWN = """\
key: nine
title: 九有
for: estate
items:
  - {key: light, title: 有路灯, evidence: 看一圈}
  - {key: rain, title: 有雨棚, evidence: 看一圈, figure: closed, least: 3}
levels:
  - {key: self, name: 小区自查, by: secretary}
"""


def _load(folder: Path, text: str, name: str = "nine"):
    path = folder / "data" / "standards" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_content(roots(folder), zone=ZoneInfo("Asia/Shanghai"), address="http://x")


def test_an_own_standard_is_found_by_its_names(tmp_path):
    """The longest name that occurs decides."""
    found = _load(tmp_path, _OWN + "words: [有路灯的小区]\n").standards
    assert found.of("nine") is found.of("九有")
    one, word = found.spoken_of("海棠苑有路灯的小区到哪了")
    assert (one.key, word) == ("nine", "有路灯的小区")
    assert found.spoken_of("路灯坏了") is None
    assert {"seven", "five", "six", "trial", "nine"} == {one.key for one in found.all}


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("key: rain", "key: light", 6, "items.1.key “light” 写了两次"),
        ("title: 有雨棚", "title: 有路灯", 6, "items.1.title “有路灯” 写了两次"),
        ("figure: closed", "figure: money", 6, "items.1.figure 只能是 closed、visits"),
        ("figure: closed, ", "", 6, "items.1.least 写了 figure 才用得上"),
        ("by: secretary", "by: mayor", 8, "levels.0.by 只能是 secretary、street"),
        ("for: estate", "for: moon", 3, "for 只能是 estate"),
        ("for: estate", "for: estate\nleast: 3", 4, "least 不能大于 2"),
        ("title: 九有", "title: 七有", 2, "“七有” 已经在"),
        ("key: nine", "key: seven", 1, "“seven” 已经在"),
        ("evidence: 看一圈, figure", "figure", 6, "items.1.evidence 缺少这一项"),
    ],
)
def test_every_fault_has_its_line(tmp_path, old, new, line, what):
    """What does not fit, what is written twice, what stands in another file."""
    with pytest.raises(ContentError) as caught:
        _load(tmp_path, _OWN.replace(old, new, 1))
    (fault,) = caught.value.faults
    assert fault.where == f"{tmp_path}/data/standards/nine.yaml:{line}"
    assert what in fault.what
