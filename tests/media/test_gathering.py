"""From the platform into our files: what each answer and each fault leads to, once, on both engines.

Bad input of this part: not a picture, 50 MB, a decompression bomb, a full disk, an expired id, an address in the
place of bytes, a page in the place of bytes.
"""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from tests.support import pictures, rows

from redprop_bot.channels import Media, OfficialAccountSender
from redprop_bot.errors import (
    ContentRefused,
    CredentialError,
    NotEntitled,
    PlatformBusy,
    PlatformRefused,
    StorageFault,
)
from redprop_bot.media import FileMedia, Gathering
from redprop_bot.ports import Channel
from redprop_bot.simulated import Trouble, Twin
from redprop_bot.simulated.faults import HTML
from redprop_bot.store import media
from redprop_bot.store.tables import Attachment, Outbox, Person, Replay

PHOTO = pictures.jpeg(exif=pictures.tiff(turn=3))


class Album:
    """A platform that gives what was laid into it, or raises it; counts what was asked for."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    async def send(self, message):
        raise AssertionError("nothing is sent by gathering")

    async def media(self, media_id):
        self.asked.append(media_id)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Media("text/html", answer)


class FullDisk(FileMedia):
    """A folder on a disk that has no room until `room` is set."""

    room = False

    def put(self, name, data):
        if not self.room:
            raise StorageFault("ENOSPC")
        super().put(name, data)


@pytest.fixture
def files(tmp_path):
    return FileMedia(tmp_path / "media")


def wanted(store, number=1, *, kind="image", agreed=False, **values):
    """Attachments of one demand that a resident sent; their keys."""

    def job(tx):
        sender = rows.person(tx, photo_place=agreed)
        demand = rows.demand(tx, reporter_id=sender.id)
        filled = {"demand_id": demand.id, "kind": kind, "channel": "oa", "by_id": sender.id, "at": tx.now}
        filled |= {"state": "wanted", "not_before": tx.now} | values
        return [tx.insert(Attachment, media_id=f"m-{n}", **filled).id for n in range(number)]

    return store.run(job)


def look(store, key):
    return store.look(lambda tx: media.get(tx, key))


def told(store):
    return store.look(lambda tx: [m.payload["text"] for m in tx.list(Outbox)])


def gathering(store, source, files):
    return Gathering(store, {Channel.OA: source}, files)


async def test_a_picture_comes_home_without_its_metadata(store, files):
    """Kept under a name of its own, with type, size and no place: nobody agreed to that."""
    [key] = wanted(store)
    assert await gathering(store, Album(PHOTO), files).gather_all() == 1
    row = look(store, key)
    assert (row.state, row.content_type, row.width, row.height) == ("kept", "image/jpeg", 8, 8)
    assert (row.latitude, row.longitude) == (None, None)
    kept = files.get(row.name)
    assert len(kept) == row.size
    assert pictures.MAKER not in kept
    assert told(store) == []
    assert await gathering(store, Album(PHOTO), files).gather_all() == 0


async def test_the_place_is_noted_for_who_agreed(store, files):
    """And is gone from the file all the same."""
    [key] = wanted(store, agreed=True)
    await gathering(store, Album(PHOTO), files).gather_all()
    row = look(store, key)
    assert (row.latitude, row.longitude) == (pictures.LAT, pictures.LNG)
    assert pictures.MAKER not in files.get(row.name)


@pytest.mark.parametrize(
    ("kind", "answer", "state", "error", "said"),
    [
        ("image", b"MZ\x90\0" * 20, "refused", "kind", "打不开"),
        ("image", pictures.png(4, 4, pixels=bytes(9_000_000)), "refused", "bomb", "打不开"),
        ("image", pictures.jpeg(60_000, 60_000), "refused", "bomb", "打不开"),
        ("image", pictures.jpeg(size=13 * 1024 * 1024), "refused", "too_big", "太大"),
        ("voice", PHOTO, "refused", "kind", "打不开"),
        ("image", ContentRefused("media/get", None, "answer of more than 20 bytes"), "refused", "too_big", "太大"),
        ("image", PlatformRefused("media/get", 40007, "invalid media_id"), "expired", None, "没能及时取下来"),
        (
            "image",
            PlatformRefused("media/get", 48001, "api unauthorized"),
            "refused",
            "media/get errcode=48001",
            "打不开",
        ),
    ],
)
async def test_what_will_never_be_a_picture_is_settled_and_told_once(
    store, files, kind, answer, *, state, error, said
):
    """The sender hears it in a sentence with the number and may send it again; the platform is not asked again."""
    [key] = wanted(store, kind=kind)
    source = Album(answer)
    for _ in range(2):
        await gathering(store, source, files).gather_all()
    row = look(store, key)
    assert row.state == state
    assert (row.error or "").startswith(error or "")
    assert len(source.asked) == 1
    [text] = told(store)
    assert said in text
    assert "D20261125-" in text


@pytest.mark.parametrize(
    "fault",
    [
        PlatformBusy("media/get", -1),
        CredentialError("media/get", 40001),
        NotEntitled("media/get", 50002, "user limited"),
        b"<html><body>502 Bad Gateway</body></html>",
        RuntimeError("nobody thought of this"),
    ],
)
async def test_what_may_pass_is_tried_again_later(store, clock, files, fault):
    """Nothing is lost and nothing is told: the next try, some time later, brings it home."""
    [key] = wanted(store)
    source = Album(fault, PHOTO)
    assert await gathering(store, source, files).gather_all() == 1
    row = look(store, key)
    assert (row.state, row.attempts) == ("wanted", 1)
    assert clock.now() < row.not_before <= clock.now() + timedelta(minutes=30)
    assert await gathering(store, source, files).gather_all() == 0
    clock.at = row.not_before
    await gathering(store, source, files).gather_all()
    assert look(store, key).state == "kept"
    assert told(store) == []


async def test_a_full_disk_loses_nothing(store, clock, tmp_path):
    """Each try is put off; when there is room again everything comes home."""
    keys = wanted(store, 4)
    files = FullDisk(tmp_path / "media")
    await gathering(store, Album(PHOTO), files).gather_all()
    assert {look(store, key).state for key in keys} == {"wanted"}
    assert {look(store, key).error for key in keys} == {"storage: ENOSPC"}
    files.room = True
    clock.at += timedelta(minutes=1)
    await gathering(store, Album(PHOTO), files).gather_all()
    assert {look(store, key).state for key in keys} == {"kept"}


async def test_after_three_days_it_is_over(store, clock, files):
    """What could not be fetched in time is expired, and its sender told; a minute earlier it still is wanted."""
    [key] = wanted(store)
    source = Album(PlatformBusy("media/get", -1))
    clock.at += timedelta(days=3)
    await gathering(store, source, files).gather_all()
    assert look(store, key).state == "wanted"
    clock.at += timedelta(minutes=1)
    await gathering(store, source, files).gather_all()
    assert look(store, key).state == "expired"
    assert len(told(store)) == 1
    assert len(source.asked) == 1


async def test_pauses_grow_up_to_half_an_hour(store, clock, files):
    """Twenty tries take hours, not minutes."""
    [key] = wanted(store)
    source, pauses = Album(PlatformBusy("media/get", -1)), []
    for _ in range(20):
        await gathering(store, source, files).gather_all()
        row = look(store, key)
        pauses.append(row.not_before - clock.now())
        clock.at = row.not_before
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(minutes=30)


async def test_two_gatherers_share_the_work(store, files):
    """Each thing is asked for once."""
    keys = wanted(store, 20)
    source = Album(PHOTO)
    await asyncio.gather(*(gathering(store, source, files).gather_all() for _ in range(2)))
    assert sorted(source.asked) == sorted(f"m-{n}" for n in range(20))
    assert {look(store, key).state for key in keys} == {"kept"}


async def test_what_a_dead_process_had_is_taken_over(store, clock, files):
    """After its lease; until then nobody else asks."""
    [key] = wanted(store)
    store.run(lambda tx: media.claim(tx, limit=1, lease=timedelta(minutes=2)))
    source = Album(PHOTO)
    assert await gathering(store, source, files).gather_all() == 0
    clock.at += timedelta(minutes=2)
    assert await gathering(store, source, files).gather_all() == 1
    assert look(store, key).state == "kept"


async def test_the_same_thing_twice_is_one_file(store, clock, files, tmp_path):
    """A crash between file and row: the second try writes over the first."""
    [key] = wanted(store)
    await gathering(store, Album(PHOTO), files).gather_all()
    store.run(lambda tx: tx.update(Attachment, key, state="wanted", name=None, not_before=tx.now))
    await gathering(store, Album(PHOTO), files).gather_all()
    assert len([p for p in (tmp_path / "media").rglob("*") if p.is_file()]) == 1


async def test_an_address_is_never_called(store, files):
    """What came as an address stays one."""
    [key] = wanted(store, state="linked", url="http://127.0.0.1:1/inside", not_before=None)
    source = Album(PHOTO)
    assert await gathering(store, source, files).gather_all() == 0
    assert (source.asked, look(store, key).state) == ([], "linked")


async def test_it_runs_until_it_is_stopped(store, files):
    """Woken it gathers at once; stopped it ends."""
    worker = gathering(store, Album(PHOTO), files)
    work = asyncio.create_task(worker.run())
    [key] = wanted(store)
    worker.wake()
    while look(store, key).state == "wanted":  # noqa: ASYNC110 - the worker has no bell of its own
        await asyncio.sleep(0.01)
    worker.stop()
    await asyncio.wait_for(work, 20)


# -- with the real client and the simulated platform


@pytest.fixture
async def platform(clock):
    async with Twin(clock) as twin, aiohttp.ClientSession() as session:
        yield twin.oa, OfficialAccountSender(twin.oa_settings(), session, clock=clock)


@pytest.mark.parametrize(
    ("trouble", "state", "error"),
    [
        (None, "kept", ""),
        (Trouble(body=b"\xff\xd8\xff\xe0" + bytes(50 * 1024 * 1024)), "refused", "too_big"),
        (Trouble(errcode=40007, errmsg="invalid media_id"), "expired", ""),
        (HTML, "wanted", "platform_busy"),
        (Trouble(body=b'{"video_url": "http://169.254.169.254/latest/meta-data"}'), "refused", "media/get"),
        (Trouble(body=b'{"video_url": "file:///etc/passwd"}'), "refused", "media/get"),
        (Trouble(body=b""), "wanted", "platform_busy"),
        (Trouble(status=502, body=b"bad gateway"), "wanted", "platform_busy"),
    ],
)
async def test_each_answer_of_the_platform(sqlite_store, files, platform, trouble, *, state, error):
    """Bytes, 50 MB, too late, a page, an address that is not the platform's own, nothing."""
    oa, sender = platform
    media_id = oa.keep(PHOTO)
    [key] = wanted(sqlite_store)
    sqlite_store.run(lambda tx: tx.update(Attachment, key, media_id=media_id))
    if trouble is not None:
        oa.faults.add("media/get", trouble, times=None)
    await gathering(sqlite_store, sender, files).gather()
    row = look(sqlite_store, key)
    assert row.state == state
    assert (row.error or "").startswith(error)


async def test_no_token_stands_in_what_is_noted(sqlite_store, files, platform):
    """Errors of the platform are kept with the row, their secrets are not."""
    oa, sender = platform
    [key] = wanted(sqlite_store)
    oa.faults.add("media/get", Trouble(errcode=48001, errmsg=f"api unauthorized {oa.secret}"), times=None)
    await gathering(sqlite_store, sender, files).gather()
    assert oa.secret not in (look(sqlite_store, key).error or "")
    assert sqlite_store.look(lambda tx: tx.list(Replay)) == []
    assert sqlite_store.look(lambda tx: len(tx.list(Person))) == 1
