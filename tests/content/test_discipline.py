"""What is wrong with the rules of 整改, boards and cases is said with file and line, all of it at once."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.content import load_content, roots
from redprop_bot.errors import ContentError

_OWN = """\
days: 10
longest: 60
remind: 1
check: 2
extension: 7
talk_overdue: false
talk_failures: 3
"""


def _load(folder: Path, text: str):
    path = folder / "data" / "discipline" / "rectification.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_content(roots(folder), zone=ZoneInfo("Asia/Shanghai"), address="http://x")


def test_a_community_has_its_own(tmp_path):
    """Its file takes the place of the one that ships."""
    found = _load(tmp_path, _OWN).rectification
    assert (found.days, found.talk_overdue, found.talk_failures) == (10, False, 3)


def test_every_fault_has_its_line(tmp_path):
    """Too few days, a reminder that comes too early, a word for a number, a key that is none."""
    wrong = _OWN.replace("longest: 60", "longest: 5").replace("remind: 1", "remind: 10")
    wrong = wrong.replace("check: 2", "check: 两天") + "talks: 3\n"
    with pytest.raises(ContentError) as caught:
        _load(tmp_path, wrong)
    path = f"{tmp_path}/data/discipline/rectification.yaml"
    assert [fault.where for fault in caught.value.faults] == [f"{path}:{line}" for line in (2, 3, 4, 8)]
    assert ["不能小于 days" in caught.value.faults[0].what, "要小于 days" in caught.value.faults[1].what] == [
        True,
        True,
    ]


_BOARD = """\
title: 红黄榜
sheets: [year]
days: 5
colours:
  - {key: red, name: 红榜, top: 3}
  - {key: yellow, name: 黄榜, bottom: 1, below: 70}
"""


def _board(folder: Path, text: str):
    path = folder / "data" / "discipline" / "board.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_content(roots(folder), zone=ZoneInfo("Asia/Shanghai"), address="http://x").ranking


def test_a_board_of_ones_own(tmp_path):
    """Its own name, sheets and colours."""
    found = _board(tmp_path, _BOARD)
    assert (found.title, found.sheets, [one.name for one in found.colours]) == (
        "红黄榜",
        ("year",),
        ["红榜", "黄榜"],
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("[year]", "[year, decade]", 2, "sheets.1 没有叫 decade 的打分表"),
        ("key: yellow", "key: red", 4, "有一个颜色写了两次"),
        ("key: yellow", "key: green", 6, "colours.1.key"),
        ("top: 3", "top: 3, below: 60", 5, "只写一头"),
        (", top: 3", "", 5, "只写一头"),
        ("days: 5", "days: 0", 3, "days"),
    ],
)
def test_every_fault_of_a_board_has_its_line(tmp_path, old, new, line, what):
    """What does not fit, what is written twice, a sheet that there is not."""
    with pytest.raises(ContentError) as caught:
        _board(tmp_path, _BOARD.replace(old, new, 1))
    (fault,) = caught.value.faults
    assert fault.where == f"{tmp_path}/data/discipline/board.yaml:{line}"
    assert what in fault.what


_CASES = """\
kinds:
  - key: list
    name: 重点名单
    by: street
    scope: street
    answer: 5
    months: 6
    public: true
    suggest: {within: 6, failures: 2}
  - key: leave
    name: 退出
    by: secretary
    scope: estate
    answer: 3
    steps:
      - {name: 表决, days: 30}
"""


def _cases(folder: Path, text: str):
    path = folder / "data" / "discipline" / "sanctions.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_content(roots(folder), zone=ZoneInfo("Asia/Shanghai"), address="http://x").sanctions


def test_cases_of_ones_own(tmp_path):
    """Kinds are found by key and by name."""
    found = _cases(tmp_path, _CASES)
    assert [one.key for one in found.kinds] == ["list", "leave"]
    assert found.of("重点名单") == found.of("list")
    assert found.of("黑名单") is None


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("months: 6", "months: 0", 7, "months"),
        ("    months: 6\n", "", 2, "只写一样"),
        ("    answer: 3\n", "    answer: 3\n    months: 3\n", 10, "只写一样"),
        ("key: leave", "key: list", 1, "有一种写了两次"),
        ("name: 退出", "name: 重点名单", 1, "有一种写了两次"),
        ("    steps:\n      - {name: 表决, days: 30}\n", "    months: 3\n", 10, "写 steps"),
        ("by: street", "by: secretary", 2, "by 也要写 street"),
        (", failures: 2", "", 9, "写 failures 或者 black"),
        ("scope: estate", "scope: building", 13, "scope"),
        ("    answer: 3\n", "    answer: 3\n    public: true\n", 10, "public 只有写了 months 的才有"),
        ("days: 30", "days: 三十", 16, "days"),
    ],
)
def test_every_fault_of_a_case_has_its_line(tmp_path, old, new, line, what):
    """Both ways at once or none, twice the same, who may not be."""
    with pytest.raises(ContentError) as caught:
        _cases(tmp_path, _CASES.replace(old, new, 1))
    (fault,) = caught.value.faults
    assert what in fault.what
    assert fault.where == f"{tmp_path}/data/discipline/sanctions.yaml:{line}"
