"""Things that a whole test run makes once, whichever of its processes needs them first."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among all processes of the run."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def once(target: Path, make: Callable[[Path], None]) -> Path:
    """The file `target`, made by the first who asks for it."""
    with locked(target.with_suffix(".lock")):
        if not target.exists():
            half = target.with_suffix(".half")
            make(half)
            half.rename(target)
    return target
