"""Drafting a revision from the tables as they are now: `python -m redprop_bot.store.draft "what changes"`.

The draft is the difference between the tables in the code and a fresh SQLite database at the newest revision; a
person reads and corrects it before it is committed. `python -m redprop_bot.store.draft spine --initial` writes
revision 0001 anew, which is right only as long as no database outside this tree was made with it.
"""

import argparse
import tempfile
from pathlib import Path

from alembic import command

from redprop_bot.store import migrate
from redprop_bot.store.engine import open_engine

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def draft(message: str, *, initial: bool = False) -> Path:
    """Write a revision file and return it."""
    if initial:
        for old in VERSIONS.glob("*.py"):
            old.unlink()
    number = f"{len(list(VERSIONS.glob('*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/draft.db")
        if not initial:
            migrate.upgrade(engine)
        with engine.connect() as connection:
            made = command.revision(migrate.config(connection), message, autogenerate=True, rev_id=number)
        engine.dispose()
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m redprop_bot.store.draft")
    parser.add_argument("message")
    parser.add_argument("--initial", action="store_true")
    wanted = parser.parse_args()
    draft(wanted.message, initial=wanted.initial)


if __name__ == "__main__":
    main()
