"""SQLite databases for tests: copies of a file that was migrated once a run."""

import shutil
from pathlib import Path

from tests.support.once import once
from tests.support.postgres import run_folder

from redprop_bot.store import migrate
from redprop_bot.store.engine import open_engine


def migrated(target: Path) -> str:
    """A migrated database at `target`; returns its address."""
    shutil.copyfile(once(run_folder() / "template.db", _migrate), target)
    return f"sqlite:///{target}"


def _migrate(path: Path) -> None:
    engine = open_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()  # the last to leave writes the log back into the file
