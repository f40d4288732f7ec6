"""The commands of `redprop-bot`: each is found in the family that declares it, and loads no more than it needs."""

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from redprop_bot import cli


def _declared(family: str) -> tuple[str, ...]:
    commands = argparse.ArgumentParser().add_subparsers()
    import_module(f"redprop_bot.cli.{family}").add(commands)
    return tuple(commands.choices)


def test_every_family_declares_exactly_the_commands_that_the_table_says() -> None:
    assert {family: _declared(family) for family in cli.FAMILIES} == cli.FAMILIES


def test_every_module_that_declares_commands_is_a_family() -> None:
    folder = Path(cli.__file__).parent
    declaring = {path.stem for path in folder.glob("*.py") if "\ndef add(commands" in path.read_text("utf-8")}
    assert declaring == set(cli.FAMILIES)


def test_a_sweep_loads_no_web_application() -> None:
    code = (
        "import sys; from redprop_bot import cli; "
        "sys.exit(cli.main(['run-due', '--now', 'x']) * 10 + ('redprop_bot.web.app' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 20, done.stderr
    assert "2026-11-25T08:00:00+08:00" in done.stderr


def test_an_unknown_command_is_answered_with_all_that_there_are(capsys) -> None:  # type: ignore[no-untyped-def]
    assert cli.main(["nonsense"]) == 2
    says = capsys.readouterr().err
    assert all(command in says for commands in cli.FAMILIES.values() for command in commands)


def test_only_what_listens_to_people_needs_what_they_are_understood_with(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """A sweep goes on while a sentence for learning is being mended; to talk it has to be right."""
    wrong = tmp_path / "content" / "intents" / "mine.yaml"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("family: 我的\nnonsense: 1\n", "utf-8")
    monkeypatch.setenv("REDPROP_CONTENT_DIR", str(tmp_path / "content"))
    monkeypatch.setenv("REDPROP_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    assert cli.main(["db", "upgrade"]) == 0
    assert cli.main(["run-due", "--now", "2026-11-25T08:00:00+08:00"]) == 0
    assert cli.main(["chat", "--as", "resident:o1"]) == 2
