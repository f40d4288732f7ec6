"""Files of `REDPROP_CONTENT_DIR` that nothing reads: a slip in a name would else pass in silence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from redprop_bot.content.load import packaged_root

_OURS: Final = frozenset({".yaml", ".yml", ".tsv", ".gz"})
_WHOLE: Final = ("intents", "data/replies", "data/holidays", "data/reminders", "data/ladder", "data/templates")
"""Folders of which every `.yaml` is read, whatever it is called."""
_PACKAGED: Final = ("data/demo", "data/exam", "data/roster")
"""Folders that are only read as they are shipped."""


def unread(content_dir: Path | None) -> list[str]:
    """Their paths within the folder. What is hidden, or of no kind that is ever read, is nobody's slip."""
    return [] if content_dir is None else sorted(_unread(content_dir))


def _unread(root: Path) -> Iterator[str]:
    for path in root.rglob("*"):
        name = path.relative_to(root)
        hidden = any(part.startswith(".") for part in name.parts)
        if not hidden and path.suffix.lower() in _OURS and path.is_file() and not _is_read(name):
            yield name.as_posix()


def _is_read(name: Path) -> bool:
    if any(name.is_relative_to(folder) for folder in _WHOLE):
        return name.suffix == ".yaml"
    return (packaged_root() / name).is_file() and not any(name.is_relative_to(folder) for folder in _PACKAGED)
