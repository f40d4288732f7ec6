"""Section 3: what is missing or malformed stops the start with its name and what is wrong, never with a secret."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.blackbox.service import Done, House, settings
from tests.blackbox.wire import OA
from tests.support.ports import free_port

SECRET = "hush-hush-never-to-be-seen-77"
OA_WORDS = {"REDPROP_OA__APP_ID", "REDPROP_OA__SECRET", "REDPROP_OA__TOKEN", "REDPROP_OA__AES_KEY"}
WORK_WORDS = {
    *("REDPROP_WORK__CORP_ID", "REDPROP_WORK__AGENT_ID", "REDPROP_WORK__SECRET"),
    *("REDPROP_WORK__TOKEN", "REDPROP_WORK__AES_KEY"),
}


def start(folder: Path, *, without: Iterable[str] = (), **more: str) -> Done:
    """`serve` with a whole configuration, bar one value, or with one of it changed."""
    env = settings(platform="http://127.0.0.1:9", **more)
    for name in without:
        del env[name]
    return House(folder, env).run("serve", "--port", str(free_port()), seconds=120)


LEFT_OUT = [
    {"REDPROP_OA__APP_ID", "REDPROP_OA__AES_KEY", "REDPROP_WORK__CORP_ID", "REDPROP_WORK__TOKEN"},
    {
        "REDPROP_OA__SECRET",
        "REDPROP_OA__TOKEN",
        "REDPROP_WORK__AGENT_ID",
        "REDPROP_WORK__SECRET",
        "REDPROP_WORK__AES_KEY",
    },
]


@pytest.mark.parametrize("names", LEFT_OUT, ids=min)
def test_a_channel_half_configured(tmp_path, names):
    """Each value a channel needs is named when it is missing, on a line of its own; the start ends with 2."""
    done = start(tmp_path, without=names)
    assert done.code == 2, done.all
    for name in OA_WORDS | WORK_WORDS:
        lines = [line for line in done.all.splitlines() if re.search(rf"{name}\b", line)]
        assert len(lines) == (name in names), done.all


WRONG = {
    "REDPROP_OA__MODE": ["loud"],
    "REDPROP_OA__AES_KEY": [OA.aes_key[:-1] + "!", OA.aes_key[:-1], ""],
    "REDPROP_WORK__AES_KEY": [SECRET, "", OA.aes_key + "A"],
    "REDPROP_OA__TOKEN": ["", "a", "has space " + SECRET],
    "REDPROP_WORK__AGENT_ID": ["seven", ""],
    "REDPROP_OA__API_BASE": ["not an address", "ftp://x"],
    "REDPROP_WORK__API_BASE": ["127.0.0.1"],
    "REDPROP_PORT": ["eighty", "70000"],
    "REDPROP_TIMEZONE": ["Asia/Atlantis"],
    "REDPROP_SCHEDULER": ["maybe"],
    "REDPROP_DATABASE_URL": [
        f"mysql://root:{SECRET}@localhost/x",
        "sqlite:///",
        f"postgresql://u:{SECRET}@h:port/x",
    ],
    "REDPROP_PUBLIC_URL": ["nowhere"],
    "REDPROP_CONTENT_DIR": ["/no/such/folder"],
    "REDPROP_SECRET_KEY": ["hush-short"],
}


@pytest.mark.parametrize("turn", range(3))
def test_malformed_values(tmp_path, turn):
    """All malformed values are told in one go, a line each, with the name and never with a secret."""
    wrong = {name: values[turn] for name, values in WRONG.items() if len(values) > turn}
    done = start(tmp_path, **wrong)
    assert done.code == 2, (wrong, done.all)
    for name in wrong:
        lines = [line for line in done.all.splitlines() if re.search(rf"{name}\b", line)]
        assert len(lines) == 1, (name, done.all)
        assert len(lines[0]) > len(name) + 3, "says what is wrong"
    assert "Traceback" not in done.all
    for name, value in wrong.items():
        if len(value) > 5 and ("KEY" in name or "TOKEN" in name or SECRET in value):
            assert value not in done.all
    assert SECRET not in done.all


@pytest.mark.parametrize(
    "address", [f"postgresql://u:{SECRET}@127.0.0.1:1/x", "sqlite:///bad.db", "sqlite:////proc/nope/x.db"]
)
@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["token", "list"], ["run-due"]])
def test_a_database_that_cannot_be_used(tmp_path, command, address):
    """Every command says so in one line and ends with 2: no trace of the program, no password."""
    (tmp_path / "bad.db").write_text("not a database at all\n" * 9, "utf-8")
    house = House(tmp_path, settings(REDPROP_DATABASE_URL=address))
    done = house.run(*command)
    assert done.code == 2
    (line,) = [line for line in done.all.splitlines() if line.strip()]
    assert line.startswith("REDPROP_DATABASE_URL: ")
    assert SECRET not in done.all


def test_an_empty_content_folder_is_none(tmp_path):
    """A line without a value must not make the working directory the community's content."""
    (tmp_path / "data" / "replies").mkdir(parents=True)
    (tmp_path / "data" / "replies" / "x.yaml").write_text("done: {accept: 错的 {nobody}}", "utf-8")
    house = House(tmp_path, settings(REDPROP_CONTENT_DIR=""))
    assert "✓ 配置" in house.run("doctor").all


def test_a_dot_env_file_is_read_and_the_environment_wins(tmp_path):
    """A `.env` in the folder counts; what the environment says lies above it."""
    (tmp_path / ".env").write_text(
        f'REDPROP_TIMEZONE="Nowhere/Land"\nREDPROP_OA__SECRET={SECRET}\n', encoding="utf-8"
    )
    env = settings()
    del env["REDPROP_TIMEZONE"]
    house = House(tmp_path, env)
    done = house.run("doctor")
    assert done.code == 1
    assert "REDPROP_TIMEZONE" in done.all
    assert "REDPROP_OA__APP_ID" in done.all
    assert SECRET not in done.all
    assert "REDPROP_TIMEZONE" not in house.run("doctor", env={"REDPROP_TIMEZONE": "Asia/Shanghai"}).all


def test_broken_content_names_every_fault(tmp_path):
    """A content folder with broken files: all faults with file and line, exit 2."""
    mine = tmp_path / "mine"
    (mine / "data" / "limits").mkdir(parents=True)
    (mine / "intents").mkdir()
    (mine / "data" / "limits" / "limits.yaml").write_text(
        "demands_per_hour: lots\nquiet_from: [\n", encoding="utf-8"
    )
    (mine / "intents" / "zz_mine.yaml").write_text("a: b\n\t- : :\n", encoding="utf-8")
    done = House(tmp_path, settings(REDPROP_CONTENT_DIR=str(mine))).run(
        "serve", "--port", str(free_port()), seconds=20
    )
    assert done.code == 2, done.all
    for file in ("limits.yaml", "zz_mine.yaml"):
        assert re.search(rf"{re.escape(file)}\D{{0,6}}\d+", done.all), done.all
    assert "Traceback" not in done.all


RULES = {
    "deadlines/deadlines.yaml": ("shifts: [18:00-08:00]\nrework: soon\n", [1, 2]),
    "reminders/own.yaml": (
        "reminders:\n  - name: a1\n    clock: sundial\n    when: noon\n    tell: []\n",
        [3, 4, 5],
    ),
    "ladder/own.yaml": (
        "steps:\n  - name: b1\n    when: due\n    do: shout\n    tell: [{to: mayor, message: x}]\n",
        [4, 5],
    ),
    "holidays/own.yaml": ('"off": [2027-02-05, 2027-02-06]\n"on": [2027-02-06]\n', [2]),
    "hours/hours.yaml": ("hours:\n  - {unit: a, shifts: [25:00-26:00]}\n", [2]),
    "digests/digests.yaml": ("digests: []\nweights: {response: 100}\nrank_from: 0\nshown: 3\n", [2, 3]),
    "whistle/whistle.yaml": ("kinds: {}\ndecline_reasons: []\nmost_units: 0\n", [1, 2, 3]),
}


def test_broken_rule_files_name_every_fault(tmp_path):
    """Terms, reminders, ladder, holidays, hours, digests, whistles: all of it at once, file and line, exit 2."""
    mine = tmp_path / "mine" / "data"
    for name, (text, _lines) in RULES.items():
        (mine / name).parent.mkdir(parents=True, exist_ok=True)
        (mine / name).write_text(text, encoding="utf-8")
    done = House(tmp_path, settings(REDPROP_CONTENT_DIR=str(mine.parent))).run(
        "serve", "--port", str(free_port()), seconds=20
    )
    assert done.code == 2, done.all
    for name, (_text, lines) in RULES.items():
        for line in lines:
            assert re.search(rf"{re.escape(name)}:{line}\b", done.all), (name, line, done.all)
    assert "Traceback" not in done.all


def test_several_workers_on_sqlite(tmp_path):
    """SQLite takes one process; more exits 2 and names PostgreSQL."""
    done = House(tmp_path, settings()).run("serve", "--workers", "2", "--port", str(free_port()), seconds=120)
    assert done.code == 2
    assert "PostgreSQL" in done.all


def test_a_second_serve_on_one_sqlite(tmp_path):
    """A second `serve` on the same SQLite database does not start beside the first."""
    house = House(tmp_path, settings())
    house.ok("db", "upgrade")
    try:
        house.serve()
        done = house.run("serve", "--port", str(free_port()), seconds=120)
        assert done.code == 2, done.all
        assert "PostgreSQL" in done.all
    finally:
        house.close()


def test_unknown_words_on_the_command_line(tmp_path):
    """Wrong use is 2 everywhere."""
    house = House(tmp_path, settings())
    for wrong in (
        ["export", "wishes", "--out", "a.csv"],
        ["run-due", "--now", "soon"],
        ["export", "demands", "--out", "a.pdf"],
    ):
        done = house.run(*wrong)
        assert done.code == 2, (wrong, done.all)
        assert "Traceback" not in done.all
