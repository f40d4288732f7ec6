"""What the product ships with, read once a process: to read it takes longer than most tests run.

Only the shipped files, which no test writes to; a folder of a community's own is read each time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from redprop_bot.bootstrap import building
from redprop_bot.content import Above, Content, load_content
from redprop_bot.content.load import packaged_root
from redprop_bot.understand.load import load_reader
from redprop_bot.understand.reader import Reader

_reader = cache(load_reader)
_content = cache(load_content)


@contextmanager
def reading_once() -> Iterator[None]:
    """Within it an office is built from what was read before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "load_reader", reader)
        patch.setattr(building, "load_content", _loaded)
        yield


def reader(folders: Sequence[Path]) -> Reader:
    """As `load_reader`; a reader keeps nothing of what it reads."""
    return _reader(tuple(folders)) if _shipped(folders) else load_reader(folders)


def _loaded(folders: Sequence[Path], *, above: Above | None = None, **rest: Any) -> Content:
    if above is None and _shipped(folders):
        return _content(tuple(folders), **rest)
    return load_content(folders, above=above, **rest)


def _shipped(folders: Sequence[Path]) -> bool:
    return list(folders) == [packaged_root()]
