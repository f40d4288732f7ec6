"""What is wrong with posts, figures or assessors is said with file and line; all of it at once."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.content import Content, load_content, packaged_root, roots
from redprop_bot.errors import ContentError

POSTS, RECORD = "posts.yaml", "record.yaml"


def _load(folder: Path, name: str, text: str) -> Content:
    path = folder / "data" / "workers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_content(roots(folder), zone=ZoneInfo("Asia/Shanghai"), address="http://x")


def _packaged(name: str) -> str:
    return (packaged_root() / "data" / "workers" / name).read_text("utf-8")


def test_three_posts_and_eighteen_grades(content):
    """The table that ships has them, and each figure only for who does such work."""
    posts = content.workers.posts
    assert (len(posts), {n for row in posts for n in range(row.lowest, row.highest + 1)}) == (3, set(range(1, 19)))
    assert "answered" in [row.key for row in content.workers.figures("secretary")]
    assert "answered" not in [row.key for row in content.workers.figures("grid")]
    assert [content.workers.assessed_by(duty) for duty in ("grid", "clerk", "secretary", "other")] == [
        "secretary",
        "secretary",
        "street",
        None,
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        (POSTS, "lowest: 7", "lowest: 19", "posts.0.lowest 比最高的 18 级还高"),
        (POSTS, "key: deputy", "key: chief", "posts.1.key “chief” 写了两次"),
        (POSTS, "title: 副职岗", "title: 正职岗", "posts.1.title “正职岗” 写了两次"),
        (POSTS, "duties: [secretary]", "duties: [mayor]", "posts.0.duties.0 只能是"),
        (RECORD, "key: households", "key: visits", "figures.1.key “visits” 写了两次"),
        (RECORD, "key: households", "key: smiles", "figures.1.key 只能是 visits、households"),
        (RECORD, "duty: clerk, by: secretary", "duty: grid, by: secretary", "assessors.2.duty “grid” 写了两次"),
        (RECORD, "by: street", "by: me", "assessors.0.by 只能是 secretary、street"),
        (RECORD, "key: basic", "key: unfit", "levels.3.key “unfit” 写了两次"),
        (RECORD, "keep_years: 5", "keep_years: 0", "keep_years 不能小于 1"),
        (RECORD, 'at: "09:10"', "at: 早上", "at 写成 08:30 这样的时间"),
    ],
)
def test_every_fault_has_its_line(tmp_path, name, old, new, what):
    """What does not fit, and what is written twice."""
    text = _packaged(name)
    assert old in text
    with pytest.raises(ContentError) as caught:
        _load(tmp_path, name, text.replace(old, new, 1))
    (fault,) = caught.value.faults
    assert what in fault.what
    path = what.split(" ")[0].split(".")
    expected = f"{tmp_path}/data/workers/{name}:"
    line = int(fault.where.removeprefix(expected))
    said = text.replace(old, new, 1).splitlines()[line - 1]
    assert new.split(":")[0] in said or path[-1] in said


def test_faults_of_both_files_come_at_once(tmp_path):
    """Nothing is loaded, and nothing is left for the next start."""
    _write = tmp_path / "data" / "workers"
    _write.mkdir(parents=True)
    (_write / POSTS).write_text(_packaged(POSTS).replace("lowest: 7", "lowest: 19"), "utf-8")
    with pytest.raises(ContentError) as caught:
        _load(tmp_path, RECORD, _packaged(RECORD).replace("keep_years: 5", "keep_years: 0"))
    assert len(caught.value.faults) == 2
