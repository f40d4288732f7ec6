"""Keeping no longer than the community decided: rows and files go once, an open order loses nothing, on both engines."""

import os
from datetime import timedelta

import pytest
from tests.support import rows

from redprop_bot.content.shapes import Limits
from redprop_bot.errors import StorageFault
from redprop_bot.media import FileMedia, Retention
from redprop_bot.media.retention import LOOK
from redprop_bot.store import demands, listing, media
from redprop_bot.store.tables import Attachment, Demand, Posting

DAYS = timedelta(days=180)
LOOSE = timedelta(days=2)


class Breaking(FileMedia):
    """A folder that fails to remove what it is told to, or dies after it."""

    refuses: set[str] = set()  # noqa: RUF012 - set per test
    dies_after: int | None = None

    def remove(self, name):
        if name in self.refuses:
            raise StorageFault("EACCES")
        super().remove(name)
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                raise KeyboardInterrupt  # as a kill: nothing catches it


@pytest.fixture
def files(tmp_path):
    return Breaking(tmp_path / "media")


def keep(store, files, number=1, *, kind="kept", **demand):
    """A demand with pictures that are at home; its key and their names."""

    def job(tx):
        row = rows.demand(tx, **demand)
        filled = {"demand_id": row.id, "kind": "image", "channel": "oa", "at": tx.now, "state": kind}
        keys = [tx.insert(Attachment, media_id=f"m{n}", **filled).id for n in range(number)]
        names = [f"ab/{key}-{key:08x}.jpg" for key in keys]
        for key, name in zip(keys, names, strict=True):
            tx.update(Attachment, key, name=name)
        return row.id, names

    key, names = store.run(job)
    for name in names:
        files.put(name, b"picture")
    return key, names


def there(store, files, names):
    """How many rows and how many files there still are."""
    return len(store.look(lambda tx: tx.list(Attachment))), sum(files.get(name) is not None for name in names)


def closed(clock, stage="closed", days=0, **more):
    return {"stage": stage, "closed_at": clock.now() - timedelta(days=days), **more}


@pytest.mark.parametrize("stage", ["closed", "withdrawn"])
async def test_they_go_so_many_days_after_the_end(store, clock, files, stage):
    """Not a moment before; rows and files together, counted once, and a second sweep finds nothing."""
    _, names = keep(store, files, 3, **closed(clock, stage))
    clock.at += DAYS
    assert await Retention(store, files).sweep() == {}
    assert there(store, files, names) == (3, 3)
    clock.at += timedelta(seconds=1)
    assert await Retention(store, files).sweep() == {"media_over": 3}
    assert there(store, files, names) == (0, 0)
    assert await Retention(store, files).sweep() == {}


@pytest.mark.parametrize("stage", ["new", "dispatched", "accepted", "done", "returned", "tabled", "suspended"])
async def test_an_open_order_loses_nothing(sqlite_store, clock, files, stage):
    """However old it is, also when it was closed once and is open again."""
    _, names = keep(sqlite_store, files, 2, **closed(clock, stage))
    clock.at += timedelta(days=4000)
    assert await Retention(sqlite_store, files).sweep() == {}
    assert there(sqlite_store, files, names) == (2, 2)


async def test_what_was_merged_goes_with_that_into_which_it_was(store, clock, files):
    """Along the whole chain: as long as its end is open the pictures of all are part of it."""
    last, kept_last = keep(store, files, **closed(clock, "accepted"))
    middle, kept_middle = keep(store, files, **closed(clock, "merged", merged_into_id=last))
    _, kept_first = keep(store, files, **closed(clock, "merged", merged_into_id=middle))
    names = kept_last + kept_middle + kept_first
    clock.at += DAYS * 2
    assert await Retention(store, files).sweep() == {}
    store.run(lambda tx: tx.update(Demand, last, stage="closed", closed_at=tx.now))
    assert await Retention(store, files).sweep() == {}
    clock.at += DAYS + timedelta(seconds=1)
    assert await Retention(store, files).sweep() == {"media_over": 3}
    assert there(store, files, names) == (0, 0)


async def test_rows_without_a_file_go_too(sqlite_store, clock, files):
    """What was refused, has expired or is somebody else's address; what is still fetched comes later."""
    for kind in ("refused", "expired", "linked", "wanted"):
        key, names = keep(sqlite_store, files, kind=kind, **closed(clock))
        sqlite_store.run(lambda tx, key=key: tx.execute(_nameless(key)))
        files.remove(names[0])
    clock.at += DAYS + timedelta(seconds=1)
    assert await Retention(sqlite_store, files).sweep() == {"media_over": 3}
    assert sqlite_store.look(lambda tx: [a.state for a in tx.list(Attachment)]) == ["wanted"]


def _nameless(demand_id):
    table = Attachment.__table__
    return table.update().where(table.c.demand_id == demand_id).values(name=None)


@pytest.mark.parametrize("removed", [0, 1, 2])
async def test_a_kill_half_way_is_made_up_for(store, clock, files, removed):
    """Hidden but not removed, some files removed, all removed and no row: each row is counted once, by who removes it."""
    key, names = keep(store, files, 3, **closed(clock))
    clock.at += DAYS + timedelta(seconds=1)
    files.dies_after = removed
    with pytest.raises(KeyboardInterrupt):
        await Retention(store, files).sweep()
    assert store.look(lambda tx: demands.attachments(tx, key)) == []  # nobody is shown what is going
    assert store.look(lambda tx: listing.attachments(tx, [key])) == {key: []}
    files.dies_after = None
    assert await Retention(store, files).sweep() == {"media_over": 3}
    assert there(store, files, names) == (0, 0)


async def test_two_sweepers_count_each_once(store, open_store, clock, files):
    """Both have seen the same rows; who comes second removes nothing more."""
    _, names = keep(store, files, 2, **closed(clock))
    clock.at += DAYS + timedelta(seconds=1)
    store.run(lambda tx: media.leave(tx, before=tx.now - DAYS, limit=10))
    keys = [a.id for a in store.look(lambda tx: media.leaving(tx, after=0, limit=10))]
    assert await Retention(store, files).sweep() == {"media_over": 2}
    assert store.run(lambda tx: media.gone(tx, keys)) == 0
    assert there(store, files, names) == (0, 0)


async def test_a_file_that_cannot_be_removed_keeps_its_row_and_holds_up_no_other(
    sqlite_store, clock, files, caplog
):
    """It is tried again by the next sweep, and then counted."""
    _, names = keep(sqlite_store, files, 3, **closed(clock))
    clock.at += DAYS + timedelta(seconds=1)
    files.refuses = {names[0]}
    assert await Retention(sqlite_store, files).sweep() == {"media_over": 2}
    assert there(sqlite_store, files, names) == (1, 1)
    assert "EACCES" in caplog.text
    files.refuses = set()
    assert await Retention(sqlite_store, files).sweep() == {"media_over": 1}


async def test_files_of_nobody_go_sooner(sqlite_store, clock, files, tmp_path):
    """Left by a crash, without a row or beside the one that counts; what is being fetched is left alone."""
    _, [mine] = keep(sqlite_store, files)
    _, [coming] = keep(sqlite_store, files, kind="wanted")
    lost, twin = "cd/9999-00ff.jpg", mine.replace("-", "-9", 1)
    half = tmp_path / "media" / "ab" / ".half"
    for name in (lost, twin):
        files.put(name, b"left over")
    half.write_bytes(b"begun")
    (tmp_path / "media" / "note.txt").write_text("not ours")
    age(tmp_path, clock.now() - LOOSE)
    assert await Retention(sqlite_store, files).sweep() == {}
    clock.at += timedelta(seconds=1)
    assert await Retention(sqlite_store, files).sweep() == {"media_loose": 2}
    assert [files.get(name) is not None for name in (mine, coming, lost, twin)] == [True, True, False, False]
    assert not half.exists()
    assert (tmp_path / "media" / "note.txt").exists()


async def test_what_a_form_or_the_board_holds_stays(store, clock, files, tmp_path):
    """Their names tell no key: a picture of a report, a posted document. The twins that no row has go."""
    picture, paper = "cd/p-00ff.jpg", "cd/b-00ff.pdf"

    def job(tx):
        row = rows.demand(tx)
        tx.insert(Attachment, demand_id=row.id, kind="image", at=tx.now, state="kept", name=picture)
        place = rows.community(tx)
        tx.insert(Posting, community_id=place.id, kind="fees", title="收费", by_name="物业", at=tx.now, name=paper)

    store.run(job)
    lost = ["cd/p-00aa.jpg", "cd/b-00aa.pdf"]
    for name in (picture, paper, *lost):
        files.put(name, b"content")
    age(tmp_path, clock.now() - LOOSE * 2)
    assert await Retention(store, files).sweep() == {"media_loose": 2}
    assert [files.get(name) is not None for name in (picture, paper, *lost)] == [True, True, False, False]


async def test_the_folder_is_looked_through_now_and_then(sqlite_store, clock, files, tmp_path):
    """Not at every sweep: it may be large."""
    sweeper = Retention(sqlite_store, files)
    assert await sweeper.sweep() == {}
    files.put("cd/9999-00ff.jpg", b"left over")
    age(tmp_path, clock.now() - LOOSE * 2)
    assert await sweeper.sweep() == {}
    clock.at += LOOK
    assert await sweeper.sweep() == {"media_loose": 1}


def age(tmp_path, moment):
    """All files are as old as that."""
    for path in (tmp_path / "media").rglob("*"):
        if path.is_file():
            os.utime(path, (moment.timestamp(), moment.timestamp()))


async def test_without_a_folder_there_is_nothing_to_do(sqlite_store, tmp_path):
    """Nobody has sent anything yet."""
    assert await Retention(sqlite_store, FileMedia(tmp_path / "none")).sweep() == {}


def test_what_may_be_reopened_keeps_its_pictures(content):
    """Thirty days after closing a resident may still say that it is not done: fewer days cannot be set."""
    with pytest.raises(ValueError, match="media_days"):
        Limits.model_validate({**content.limits.model_dump(), "media_days": 30})
