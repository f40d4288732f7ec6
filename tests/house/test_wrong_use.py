"""What goes wrong at the terminal ends in one line that says what to do, with code 2, never in a traceback."""

import io
import json
import sys
from pathlib import Path

import pytest

from redprop_bot import cli


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of its own, made, and a folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDPROP_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    assert cli.main(["db", "upgrade"]) == 0
    return tmp_path / "x.db"


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch):
    """Give something to standard input."""

    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    return give


def test_a_copy_says_what_is_not_in_it(database, tmp_path, capsys, monkeypatch) -> None:
    assert cli.main(["account", "list"]) == 0  # the key is made
    assert cli.main(["backup", "b.bak"]) == 0
    said = capsys.readouterr().out
    assert str(tmp_path / "x.key") in said
    assert "var/media" in said
    monkeypatch.setenv("REDPROP_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'x.db'}")
    assert cli.main(["restore", "b.bak"]) == 0
    assert str(tmp_path / "new" / "x.key") in capsys.readouterr().err
    monkeypatch.setenv("REDPROP_SECRET_KEY", "x" * 20)
    assert cli.main(["restore", "b.bak", "--force"]) == 0
    assert "x.key" not in capsys.readouterr().err
    assert cli.main(["backup", "c.bak"]) == 0
    assert "密钥" not in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_named(database, tmp_path, capsys, monkeypatch) -> None:
    assert cli.main(["backup", "b.bak"]) == 0
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("REDPROP_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'y.db'}")
    monkeypatch.setenv("REDPROP_SECRET_KEY", "x" * 20)
    for command in (["restore", "b.bak"], ["serve", "--port", "0"], ["db", "upgrade"]):
        capsys.readouterr()
        assert cli.main(command) == 2, command
        assert str(tmp_path / "file") in capsys.readouterr().err


@pytest.mark.parametrize("moment", ["1970-01-01", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59"])
def test_a_moment_of_another_age_is_a_slip(database, capsys, moment) -> None:
    assert cli.main(["run-due", "--now", moment]) == 2
    assert "2020" in capsys.readouterr().err


def test_chat_fed_with_another_encoding(database, capsys, type_in) -> None:
    type_in("三号楼停水了\n".encode("gbk"))
    assert cli.main(["chat", "--as", "resident:o1"]) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_settings_in_another_encoding(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes("# 我们的设置\nREDPROP_PORT=8080\n".encode("gbk"))
    assert cli.main(["doctor"]) in (1, 2)
    both = capsys.readouterr()
    said = both.out + both.err
    assert ".env: 不是 UTF-8 文本" in said
    assert "REDPROP_OA" not in said


def test_an_account_that_was_closed_is_opened_again(database, capsys, type_in) -> None:
    type_in(b"correct horse 9\n")
    assert cli.main(["account", "create", "阿宽", "--role", "admin"]) == 0
    assert cli.main(["account", "close", "阿宽"]) == 0
    for command in (["password", "阿宽"], ["totp", "阿宽"], ["create", "阿宽", "--role", "admin"]):
        type_in(b"another horse 9\n")
        capsys.readouterr()
        assert cli.main(["account", *command]) == 2, command
        assert "account open 阿宽" in capsys.readouterr().err
    assert cli.main(["account", "open", "阿宽"]) == 0
    assert cli.main(["account", "totp", "阿宽"]) == 0
    assert "otpauth" in capsys.readouterr().out
    cli.main(["account", "open", "阿宽"])
    cli.main(["account", "list"])
    assert "本来就能用" in (said := capsys.readouterr().out)
    assert "有效" in said


def test_the_list_of_accounts_says_for_which_community(database, tmp_path, capsys, type_in) -> None:
    (tmp_path / "r.yaml").write_text("communities: [{name: 柳河社区}]\n", "utf-8")
    assert cli.main(["roster", "import", "r.yaml"]) == 0
    for name, more in (
        ("阿宽", ["--role", "secretary", "--community", "柳河社区"]),
        ("阿敏", ["--role", "admin"]),
    ):
        type_in(b"correct horse 9\n")
        assert cli.main(["account", "create", name, *more]) == 0
    capsys.readouterr()
    assert cli.main(["account", "list"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split("\t") for line in said] == [
        ["阿宽", "secretary", "柳河社区", "密码", "有效"],
        ["阿敏", "admin", "全部", "密码", "有效"],
    ]


def test_an_unknown_community_is_answered_with_those_there_are(database, tmp_path, capsys) -> None:
    assert cli.main(["token", "create", "--role", "secretary", "--community", "没有社区"]) == 2
    assert "roster import" in capsys.readouterr().err
    (tmp_path / "r.yaml").write_text("communities: [{name: 柳河社区}, {name: 金鹿社区}]\n", "utf-8")
    assert cli.main(["roster", "import", "r.yaml"]) == 0
    assert cli.main(["token", "create", "--role", "secretary", "--community", "没有社区"]) == 2
    assert "柳河社区、金鹿社区" in capsys.readouterr().err


def parsed(capsys: pytest.CaptureFixture[str], data: bytes, *more: str) -> tuple[int, list[dict[str, object]]]:
    """Code and rows of `parse` for the bytes of a file."""
    Path("p.jsonl").write_bytes(data)
    capsys.readouterr()
    code = cli.main(["parse", "p.jsonl", *more])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_messages_of_other_encodings(tmp_path, capsys, monkeypatch) -> None:
    """A mark at the beginning is no part of the first line; bytes that are no UTF-8 are a fault of theirs alone."""
    monkeypatch.chdir(tmp_path)
    code, rows = parsed(capsys, '\ufeff{"id":1,"text":"三栋停水了"}\n'.encode())
    assert (code, rows[0]["id"], "acts" in rows[0]) == (0, 1, True)
    mixed = '{"id":1,"text":"停水了"}\n'.encode("gbk") + b'{"id":2,"text":"\\udc80\\ud800"}\n'
    code, rows = parsed(capsys, mixed)
    assert code == 1
    assert rows[0] == {"id": None, "error": "不是 UTF-8"}
    assert rows[1]["id"] == 2
    assert "acts" in rows[1]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"communities: 5\n", "communities"),
        ("communities: [{name: 柳河社区}]\n".encode("gbk"), "UTF-8"),
        ("communities: [{name: 柳河社区, estates: [{nam: 柳岸}]}]\n".encode(), "r.yaml:1"),
    ],
)
def test_a_wrong_roster_is_told_as_the_import_does(tmp_path, capsys, monkeypatch, data, says) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.yaml").write_bytes(data)
    (tmp_path / "p.jsonl").write_bytes(b"")
    assert cli.main(["parse", "p.jsonl", "--roster", "r.yaml"]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert "object" not in said
