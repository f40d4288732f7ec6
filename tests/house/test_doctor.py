"""`doctor`: each of its lines on this machine, by what is really wrong there."""

from pathlib import Path

import pytest

from redprop_bot import cli
from redprop_bot.cli.common import open_office
from redprop_bot.content import packaged_root
from redprop_bot.store import editions


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of its own, not made yet, and a folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDPROP_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    return tmp_path / "x.db"


def lines(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Name of the check → its line."""
    capsys.readouterr()
    cli.main(["doctor"])
    said = capsys.readouterr().out.splitlines()
    return {line.partition("：")[0][2:]: line for line in said}


def test_what_was_edited_and_fits_no_more_has_a_line(database, capsys) -> None:
    name = "data/visits/visits.yaml"
    assert cli.main(["db", "upgrade"]) == 0
    assert lines(capsys)["设置页里改过的"].startswith("✓")
    text = (packaged_root() / name).read_text("utf-8") + "\nold_key: 1\n"
    with open_office() as office:
        office.store.run(
            lambda tx: (
                editions.content_changed(tx),
                editions.keep(tx, editions.CONTENT, name, {"text": text}, by="x"),
            )
        )
    line = lines(capsys)["设置页里改过的"]
    assert line.startswith("✗")
    assert name in line
    assert "old_key" in line


def test_without_a_database_nothing_is_said_of_what_is_in_it(database, capsys) -> None:
    said = lines(capsys)
    assert said["数据库"].startswith("✗")
    assert not {"个别时限", "设置页里改过的"} & said.keys()
    assert "时钟" in said


def test_photos_that_cannot_be_kept_are_told_before_the_first_is_lost(
    database, tmp_path, capsys, monkeypatch
) -> None:
    assert cli.main(["db", "upgrade"]) == 0
    assert lines(capsys)["照片文件夹"].startswith("✓")
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("REDPROP_MEDIA_DIR", str(tmp_path / "taken" / "media"))
    assert lines(capsys)["照片文件夹"].startswith("✗")
    assert cli.main(["serve", "--port", "0"]) == 2
    assert "REDPROP_MEDIA_DIR" in capsys.readouterr().err


def own(folder: Path, name: str, text: str) -> Path:
    """A file of the community's own."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_own_files_that_nothing_reads_are_listed(database, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("REDPROP_CONTENT_DIR", str(tmp_path / "own"))
    rule = "rules:\n  - {name: 井盖没了, category: fire_safety, all: [井盖, 没了]}\n"
    read = {
        "data/holidays/2031.yaml": "off: [2031-01-01]\n",
        "data/words/emergency.yaml": rule,
        "README.md": "我们的",
        ".git/config.yaml": "x",
    }
    for name, text in read.items():
        own(tmp_path / "own", name, text)
    line = lines(capsys)["自己的内容"]
    assert line.startswith("✓")
    assert "自己的 1 条，替换了自带的" in line
    lost = ("replies/order.yaml", "data/reply/order.yaml", "data/replies/mine.yml", "data/limits/mine.yaml")
    for name in (*lost, "data/roster/template.yaml", "intents/mine.yml"):
        own(tmp_path / "own", name, "a: b\n")
    line = lines(capsys)["自己的内容"]
    assert line.startswith("✗")
    assert all(name in line for name in lost)
    assert "data/roster/template.yaml" in line
    assert not [name for name in read if name in line]


@pytest.mark.parametrize("text", ["", "[]\n", "rules: []\n", "words: {人: 人}\n"])
def test_an_own_file_of_danger_rules_must_have_some(database, tmp_path, capsys, monkeypatch, text) -> None:
    monkeypatch.setenv("REDPROP_CONTENT_DIR", str(tmp_path / "own"))
    path = own(tmp_path / "own", "data/words/emergency.yaml", text)
    cli.main(["doctor"])
    said = capsys.readouterr().out
    assert f"{path}:1" in said
    assert "没有一条险情规则" in said


def test_a_mistyped_setting_is_named_with_the_right_one_and_without_its_value(
    database, tmp_path, capsys, monkeypatch
) -> None:
    assert cli.main(["db", "upgrade"]) == 0
    assert lines(capsys)["设置的名字"].startswith("✓")
    monkeypatch.setenv("REDPROP_SOMEBODY_ELSES_TOOL", "x")
    assert lines(capsys)["设置的名字"].startswith("✓")  # named all the same
    (tmp_path / ".env").write_text(
        "# REDPROP_HOSTS=x\nREDPROP_OA_SECRET=wx-geheim\nexport REDPROP_PUBLICURL=x\n", "utf-8"
    )
    line = lines(capsys)["设置的名字"]
    assert line.startswith("✗")
    assert "REDPROP_OA_SECRET 没有这个设置，是不是 REDPROP_OA__SECRET？" in line
    assert "REDPROP_PUBLICURL 没有这个设置，是不是 REDPROP_PUBLIC_URL？" in line
    assert "geheim" not in line
    assert "HOSTS" not in line


def test_a_wrong_configuration_also_says_which_name_was_mistyped(database, capsys, monkeypatch) -> None:
    for name in ("SECRET", "TOKEN"):
        monkeypatch.setenv(f"REDPROP_OA__{name}", "geheim")
    monkeypatch.setenv("REDPROP_OA_APP_ID", "wx1")
    assert "是不是 REDPROP_OA__APP_ID？" in lines(capsys)["设置的名字"]
