"""A folder of files, each whole or not there at all; readable by nobody but the service.

Which file belongs to what stands in the database. A file without a row is what a crash between the two left; it is
written over when the same thing is gathered again.
"""

import errno
import os
import re
import tempfile
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

    def get(self, name: str) -> bytes | None:
        """The bytes, None when there are none."""
        try:
            return self._path(name).read_bytes()
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

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        return self._folder / name


def _fault(error: OSError) -> StorageFault:
    return StorageFault(errno.errorcode.get(error.errno or 0, "EIO"))
