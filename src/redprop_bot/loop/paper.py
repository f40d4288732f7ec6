"""Papers to take away: what kind of file they are, and a new one to write on.

The library that makes them takes a tenth of a second and megabytes that the service can do without until somebody
asks for the first paper: only here it is called.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from redprop_bot.loop.word_file import Paper

TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def new_paper(title: str, at: datetime, *, wide: bool = False) -> "Paper":
    """An empty paper under its title; `at` is the only thing that the file says of its making."""
    from redprop_bot.loop.word_file import Paper  # noqa: PLC0415 - not needed to start

    return Paper(title, at, wide=wide)
