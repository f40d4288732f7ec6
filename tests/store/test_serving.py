"""One serve on a SQLite database, whatever way its address is written, until its process ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from redprop_bot.errors import ConfigError
from redprop_bot.store import serving

HOLD = """
import sys
from redprop_bot.store import serving
with serving.alone(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_told_why(tmp_path: Path) -> None:
    """The second gets a fault that names the way out; when the first has ended, the next may start."""
    url = f"sqlite:///{tmp_path / 'redprop.db'}"
    with serving.alone(url), pytest.raises(ConfigError, match="PostgreSQL"), serving.alone(url):
        pytest.fail("two serve at once")
    with serving.alone(url):
        pass


def test_other_ways_to_write_the_address_are_the_same_database(tmp_path: Path, monkeypatch) -> None:
    """A relative address and a link lead to the same lock."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "redprop.db").touch()
    (tmp_path / "link.db").symlink_to(tmp_path / "redprop.db")
    with serving.alone(f"sqlite:///{tmp_path / 'redprop.db'}"):
        for other in ("sqlite:///redprop.db", "sqlite:///link.db"):
            with pytest.raises(ConfigError), serving.alone(other):
                pytest.fail("two serve at once")


def test_other_databases_are_free(tmp_path: Path) -> None:
    """Each database has its own lock."""
    with serving.alone(f"sqlite:///{tmp_path / 'a.db'}"), serving.alone(f"sqlite:///{tmp_path / 'b.db'}"):
        pass


def test_postgres_takes_any_number() -> None:
    """No lock is needed there, and no server is asked."""
    url = "postgresql://u@127.0.0.1:1/none"
    with serving.alone(url), serving.alone(url):
        pass


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    """A process that is killed leaves no lock behind."""
    url = f"sqlite:///{tmp_path / 'redprop.db'}"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ConfigError), serving.alone(url):
            pytest.fail("two serve at once")
        holder.kill()
        holder.wait(30)
        with serving.alone(url):
            pass
