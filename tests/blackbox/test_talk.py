"""`chat` in the terminal, and the words of a community's own content folder."""

import shutil
from pathlib import Path

from tests.blackbox.people import NUMBER
from tests.blackbox.service import House, settings

PACKAGED = Path(__file__).parents[2] / "data" / "replies" / "talk.yaml"


def test_talking_in_the_terminal(seeded: Path, tmp_path: Path):
    """A resident and a member of staff talk to the configured database, one after the other, and meet there."""
    shutil.copytree(seeded / "var", tmp_path / "var")
    house = House(tmp_path, settings())
    said = house.ok("chat", "--as", "resident:oTerminal", stdin="梧桐里3栋2单元电梯坏了\n怎么样了\n")
    (number,) = set(NUMBER.findall(said.split("http")[0]))
    assert said.count(number) >= 3
    worked = house.ok("chat", "--as", "work:fangjl", stdin=f"接单 {number}\n")
    assert number in worked
    assert (
        "办理中" in house.ok("chat", "--as", "resident:oTerminal", stdin="我报的事办得怎么样了\n")
        or "接单" in worked
    )


def test_a_folder_of_ones_own(seeded: Path, tmp_path: Path):
    """A file in `REDPROP_CONTENT_DIR` replaces the packaged one of the same path; the others stay."""
    shutil.copytree(seeded / "var", tmp_path / "var")
    mine = tmp_path / "mine" / "data" / "replies"
    mine.mkdir(parents=True)
    lines = PACKAGED.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip().startswith("hello:"))
    lines[at] = lines[at].split("hello:")[0] + "hello: 您好，梧桐里的乡亲！"
    (mine / "talk.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    house = House(tmp_path, settings(REDPROP_CONTENT_DIR=str(tmp_path / "mine")))
    said = house.ok("chat", "--as", "resident:oTerminal", stdin="你好\n梧桐里3栋2单元电梯坏了\n")
    assert "您好，梧桐里的乡亲！" in said
    assert NUMBER.search(said)
