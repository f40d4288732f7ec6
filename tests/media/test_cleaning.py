"""What bytes are, whatever anybody calls them, and what of them is left: nothing that says where, when or by whom."""

import contextlib
import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import pictures

from redprop_bot.errors import BadMedia
from redprop_bot.media import clean
from redprop_bot.media import exif as reading
from redprop_bot.media.cleaning import ENDINGS, LIMITS, content_type

EXIF = pictures.tiff(turn=6)
KINDS = {
    "jpeg": ("image", pictures.jpeg(), "image/jpeg", (8, 8)),
    "png": ("image", pictures.png(), "image/png", (4, 4)),
    "gif": ("image", pictures.gif(frames=3), "image/gif", (2, 2)),
    "webp": ("image", pictures.webp(), "image/webp", (3, 3)),
    "amr": ("voice", pictures.AMR, "audio/amr", (None, None)),
    "amr-wb": ("voice", b"#!AMR-WB\n\0", "audio/amr-wb", (None, None)),
    "silk": ("voice", b"\x02#!SILK_V3\0", "audio/silk", (None, None)),
    "mp3": ("voice", b"\xff\xfb\x90\x00", "audio/mpeg", (None, None)),
    "mp4": ("video", pictures.mp4(), "video/mp4", (640, 480)),
    "quicktime": ("video", pictures.mp4(brand=b"qt  "), "video/quicktime", (640, 480)),
    "3gp": ("video", pictures.mp4(brand=b"3gp5"), "video/3gpp", (640, 480)),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_known_by_its_content(name):
    """Type and size come from the bytes; what is clean already stays as it is, and is kept under its own ending."""
    kind, data, wanted, size = KINDS[name]
    found = clean(kind, data)
    assert (found.content_type, (found.width, found.height), found.data) == (wanted, size, data)
    assert content_type(f"aa/1.{ENDINGS[wanted]}") == wanted


@pytest.mark.parametrize("name", KINDS)
def test_what_is_sent_as_something_else_is_refused(name):
    """A film is no picture, a picture no voice."""
    _, data, _, _ = KINDS[name]
    for kind in {"image", "voice", "video"} - {KINDS[name][0]}:
        with pytest.raises(BadMedia, match="kind"):
            clean(kind, data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        pictures.mp4(brand=b"heic"),
    ],
)
def test_what_is_no_picture_is_refused(data):
    """Programs, pages, drawings with scripts, documents."""
    for kind in LIMITS:
        with pytest.raises(BadMedia, match="kind"):
            clean(kind, data)


DIRTY = {
    "jpeg": (pictures.jpeg(exif=EXIF, comment=pictures.MAKER, behind=b"PK\x03\x04" + pictures.MAKER), "image"),
    "png": (pictures.png(extra=pictures.text_chunk() + pictures.exif_chunk(EXIF), behind=pictures.MAKER), "image"),
    "gif": (pictures.gif(comment=pictures.MAKER), "image"),
    "webp": (pictures.webp(exif=EXIF), "image"),
    "mp4": (pictures.mp4(said=b"+30.5000+117.2500/" + pictures.MAKER), "video"),
    "mp3": (b"ID3\x04\0\0\0\0\0\x14" + pictures.MAKER + b"\xff\xfb\x90\x00", "voice"),
}


@pytest.mark.parametrize("name", DIRTY)
def test_nothing_is_left_of_what_was_said_about_it(name):
    """Maker, comments, places and what hides behind the end are gone; cleaning again changes nothing."""
    data, kind = DIRTY[name]
    assert pictures.MAKER in data
    found = clean(kind, data)
    assert pictures.MAKER not in found.data
    assert b"+30.5" not in found.data
    assert b"PK" not in found.data
    again = clean(kind, found.data)
    assert (again.data, again.place) == (found.data, None)


@pytest.mark.parametrize("name", ["jpeg", "png", "webp"])
def test_the_place_is_read_before_it_goes(name):
    """Thirty and a half degrees north."""
    assert clean("image", DIRTY[name][0]).place() == (pictures.LAT, pictures.LNG)


def test_a_picture_stays_the_right_way_up():
    """How it is turned is all of EXIF that stays."""
    kept = clean("image", DIRTY["jpeg"][0]).data
    start = kept.index(b"Exif\0\0") + 6
    assert reading.read(kept[start:]) == reading.Exif(turn=6, place=None)
    assert b"Exif" not in clean("image", pictures.jpeg(exif=pictures.tiff(turn=1))).data


def test_a_film_keeps_its_length_and_its_samples():
    """Players find samples by their offset in the file."""
    data = DIRTY["mp4"][0]
    found = clean("video", data).data
    assert len(found) == len(data)
    assert found.index(b"film") == data.index(b"film")


BOMBS = {
    "a JPEG that claims 60 000 times 60 000": pictures.jpeg(60000, 60000),
    "a PNG that claims 40 000 times 40 000": pictures.png(40000, 40000, pixels=b""),
    "a small PNG that holds 100 MB": pictures.png(4, 4, pixels=bytes(100_000_000)),
    "a JPEG of a thousand scans": pictures.jpeg(scans=1000),
    "a GIF of ten thousand frames": pictures.gif(frames=10_000),
    "a GIF of 400 frames of 30 million pixels": pictures.gif(6000, 5000, frames=400),
    "a WebP that claims 16 384 times 16 384": pictures.webp(16384, 16384),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_little_memory(name):
    """Found by what it claims, or by counting what comes out; nothing of it is ever unpacked whole."""
    data = BOMBS[name]
    tracemalloc.start()
    try:
        with pytest.raises(BadMedia, match="bomb"):
            clean("image", data)
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", LIMITS)
def test_too_big_is_said_before_anything_is_looked_at(kind):
    """One byte above the limit."""
    with pytest.raises(BadMedia, match="too_big"):
        clean(kind, bytes(LIMITS[kind] + 1))


@pytest.mark.parametrize(
    "data",
    [
        pictures.jpeg()[:20],
        pictures.jpeg(0, 8),
        b"\xff\xd8\xff\xe0" + bytes(64),
        pictures.png()[:-6],
        pictures.png()[:-1] + b"\0",
        pictures.png()[:8] + pictures.png()[33:],
        pictures.gif()[:9],
        pictures.gif(frames=0),
        pictures.webp()[:16],
    ],
)
def test_a_broken_picture_is_refused(data):
    """Cut in its head, without size, without pixels, with a wrong checksum."""
    with pytest.raises(BadMedia, match="broken"):
        clean("image", data)


def test_a_picture_that_was_cut_off_shows_what_it_has():
    """A JPEG without its end gets one."""
    assert clean("image", pictures.jpeg()[:-2]).data == pictures.jpeg()


@given(st.binary(max_size=300), st.integers(0, 2**32))
def test_no_bytes_break_it(noise, seed):
    """Noise behind each kind of head, and each kind with bytes changed: clean, or BadMedia."""
    rng = random.Random(seed)
    for kind, whole, _, _ in KINDS.values():
        changed = bytearray(whole)
        for _ in range(3):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        for data in (whole[:12] + noise, bytes(changed), whole[: rng.randrange(len(whole))]):
            with contextlib.suppress(BadMedia):
                clean(kind, data)


@given(st.binary(max_size=200))
def test_no_exif_breaks_it(noise):
    """Whatever stands there, there is an answer."""
    for head in (b"", b"II*\0", b"MM\0*\0\0\0\x08"):
        assert 1 <= reading.read(head + noise).turn <= 8
    changed = bytearray(EXIF)
    for at, byte in enumerate(noise[:20]):
        changed[8 + (at * 7 + byte) % (len(changed) - 8)] = byte
    read = reading.read(bytes(changed)).place
    place = read() if read else None
    assert place is None or (abs(place[0]) <= 90 and abs(place[1]) <= 180)
