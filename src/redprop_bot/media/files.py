"""A folder of files, each whole or not there at all; readable by nobody but the service.

Which file belongs to what stands in the database. A file without a row is what a crash between the two left, or a
form that was refused; it is written over when the same thing comes again, else `retention` removes it.
"""

import errno
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from redprop_bot.errors import StorageFault

_NAME: Final = re.compile(r"[0-9a-f]{2}/[0-9a-z-]{1,80}\.[0-9a-z]{1,8}")


class FileMedia:
    """A `ports.MediaStore` in a folder, which is made at the first file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, data: bytes) -> None:
        """Written beside, made durable, then moved into place."""
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(beside).replace(path)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _fault(error) from None

    def get(self, name: str, start: int = 0, length: int | None = None) -> bytes | None:
        """The bytes, or so many of them from `start` on; None when there are none."""
        try:
            with self._path(name).open("rb") as file:
                file.seek(start)
                return file.read(-1 if length is None else length)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _fault(error) from None

    def remove(self, name: str) -> None:
        """Keep it no longer."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise _fault(error) from None

    def older(self, before: datetime) -> list[str]:
        """Names of all that was put before a moment; what was begun then and never put is gone."""
        found = []
        try:
            for path in self._all():
                if not _was_there(path, before.timestamp()):
                    continue
                if path.name.startswith("."):
                    path.unlink(missing_ok=True)
                elif _NAME.fullmatch(name := path.relative_to(self._folder).as_posix()):
                    found.append(name)
        except OSError as error:
            raise _fault(error) from None
        return sorted(found)

    def _all(self) -> Iterator[Path]:
        if not self._folder.is_dir():
            return
        for part in self._folder.iterdir():
            if part.is_dir():
                yield from part.iterdir()

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        return self._folder / name


def _was_there(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:  # gone meanwhile
        return False


def _fault(error: OSError) -> StorageFault:
    return StorageFault(errno.errorcode.get(error.errno or 0, "EIO"))
