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
