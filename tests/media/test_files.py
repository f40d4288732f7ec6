"""The folder of files: each whole or not there, whatever the disk does."""

import resource

import pytest

from redprop_bot.errors import StorageFault
from redprop_bot.media import FileMedia

NAME = "ab/7-0123456789abcdef.jpg"


@pytest.fixture
def files(tmp_path):
    return FileMedia(tmp_path / "media")


def test_what_is_put_is_there_until_it_is_removed(files):
    """Also in place of what was there; removing twice is fine."""
    assert files.get(NAME) is None
    files.put(NAME, b"one")
    files.put(NAME, b"two")
    assert files.get(NAME) == b"two"
    files.remove(NAME)
    files.remove(NAME)
    assert files.get(NAME) is None


def test_nobody_else_on_the_machine_reads_them(files, tmp_path):
    """Neither files nor folders."""
    files.put(NAME, b"one")
    [path] = [p for p in (tmp_path / "media").rglob("*") if p.is_file()]
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "name", ["../x.jpg", "ab/../../x.jpg", "/etc/passwd", "ab/x", "ab/x.jpg\n", "ab/.x.jpg", ""]
)
def test_a_name_stays_in_its_folder(files, name):
    """Names are ours; one that is not is a fault of the program."""
    for act in (lambda: files.put(name, b""), lambda: files.get(name), lambda: files.remove(name)):
        with pytest.raises(ValueError):
            act()


def test_a_full_disk_is_named_and_leaves_nothing_half(files, tmp_path):
    """What was there is still there, what was begun is gone, and with room it passes."""
    files.put(NAME, b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StorageFault, match="EFBIG"):
            files.put(NAME, bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files.get(NAME) == b"old"
    assert [p.name for p in (tmp_path / "media").rglob("*") if p.is_file()] == [NAME.split("/")[1]]
    files.put(NAME, bytes(5000))
    assert files.get(NAME) == bytes(5000)


def test_a_folder_that_is_none_is_a_fault_that_passes(tmp_path):
    """A file in its place: the fault has the system's name, and goes when the file does."""
    (tmp_path / "media").write_text("in the way")
    files = FileMedia(tmp_path / "media")
    with pytest.raises(StorageFault, match=r"EEXIST|ENOTDIR"):
        files.put(NAME, b"one")
    (tmp_path / "media").unlink()
    files.put(NAME, b"one")
    assert files.get(NAME) == b"one"
