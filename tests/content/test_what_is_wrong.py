"""What is wrong with a data file is said in the words of those who write it, each fault with its line."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.content import load_content, roots
from redprop_bot.errors import ContentError

WRONG = {
    "data/survey/survey.yaml": "percent: 200\nunhappy: perhaps\nreported_for: true\nat: 25:99\nmore: 1\n",
    "data/partners/partners.yaml": "kinds: [club]\nhour: 8.5\n",
    "data/visits/visits.yaml": "kinds:\n  - {code: A, name: 走}\nmost_households: x\n",
}


def test_every_fault_is_said_in_chinese_with_its_line(tmp_path: Path) -> None:
    """Numbers out of bounds, wrong kinds, choices, lengths, forms, what is missing and what is too much."""
    for name, text in WRONG.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_content(roots(tmp_path), zone=ZoneInfo("Asia/Shanghai"), address="http://x")
    said = {str(fault).partition("data/")[2] for fault in caught.value.faults}
    assert said == {
        "survey/survey.yaml:1: percent 不能大于 100",
        "survey/survey.yaml:2: unhappy 写 true 或者 false",
        "survey/survey.yaml:4: at 写成 08:30 这样的时间，加引号",
        "survey/survey.yaml:5: more 没有这一项",
        "partners/partners.yaml:1: kinds.0 只能是 property、committee、department、partner、volunteer_team、party",
        "partners/partners.yaml:2: hour 写一个整数",
        "visits/visits.yaml:2: kinds.0.code 写法不对",
        "visits/visits.yaml:2: kinds.0.name 至少 2 个字",
        "visits/visits.yaml:3: most_households 写一个整数",
        "visits/visits.yaml:1: keep_days 缺少这一项",
    }


def test_a_slot_that_is_none_is_told_with_file_and_line(tmp_path: Path) -> None:
    """In an own file of replies, where nobody would find it among all the others."""
    name = "data/replies/visits.yaml"
    (tmp_path / name).parent.mkdir(parents=True)
    packaged = (roots(None)[0] / name).read_text("utf-8")
    line = next(n for n, text in enumerate(packaged.splitlines(), 1) if "{" in text and ": " in text)
    said = packaged.splitlines(keepends=True)
    said[line - 1] = said[line - 1].replace("{", "{nobody}{", 1)
    (tmp_path / name).write_text("".join(said), "utf-8")
    with pytest.raises(ContentError) as caught:
        load_content(roots(tmp_path), zone=ZoneInfo("Asia/Shanghai"), address="http://x")
    (fault,) = caught.value.faults
    assert fault.where == f"{tmp_path / name}:{line}"
    assert "{nobody}" in fault.what
