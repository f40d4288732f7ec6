"""A video is given in pieces to those who may see it (RFC 9110): phones ask for nothing else."""

import pytest
from tests.support import pictures

from redprop_bot.notify.links import signed
from redprop_bot.store.tables import Demand

FILM = pictures.mp4(said=b"somewhere")
SIZE = len(FILM)


@pytest.fixture
async def film(small_house):
    """Asks for a resident's video with these headers; status, headers, bytes."""
    await small_house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
    await small_house.twin.oa.video("o-xu", FILM)
    no = small_house.office.store.look(lambda tx: tx.list(Demand))[0].no
    address = f"/m/orders/{no}/photos/1"
    key = signed(no, small_house.office.secret_key)

    async def ask(method="GET", k=key, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await small_house.client.request(method, f"{address}?k={k}", headers=headers)
        return answer.status, answer.headers, await answer.read()

    return ask


async def test_the_whole_says_that_there_are_parts(film):
    """With a mark for If-Range."""
    status, headers, data = await film()
    assert (status, len(data), headers["Content-Type"]) == (200, SIZE, "video/mp4")
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["ETag"].startswith('"')
    assert "Content-Range" not in headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),  # what a phone asks first
        ("bytes=0-0", 0, 0),
        ("bytes=7-", 7, SIZE - 1),
        ("bytes=10-19", 10, 19),
        (f"bytes=5-{SIZE * 9}", 5, SIZE - 1),
        ("bytes=-4", SIZE - 4, SIZE - 1),
        (f"bytes=-{SIZE * 2}", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
    ],
)
async def test_a_part_is_206(film, asked, first, last):
    """Exactly these bytes of what the whole is."""
    _, _, whole = await film()
    status, headers, data = await film(Range=asked)
    assert (status, headers["Content-Range"]) == (206, f"bytes {first}-{last}/{SIZE}")
    assert data == whole[first : last + 1]
    assert headers["Content-Length"] == str(last - first + 1)
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
async def test_behind_the_end_is_416(film, asked):
    """With the size, so that the phone can ask rightly."""
    status, headers, data = await film(Range=asked)
    assert (status, headers["Content-Range"], data) == (416, f"bytes */{SIZE}", b"")


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=9-3",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "items=0-1",
        "bytes 0-1",
        "",
        "bytes=" + "9" * 400 + "-",
    ],
)
async def test_what_is_no_single_range_gets_the_whole(film, asked):
    """As the standard has it: a range that is not understood is none."""
    status, _, data = await film(Range=asked)
    assert (status, len(data)) == (200, SIZE)


async def test_a_part_of_another_file_is_the_whole(film):
    """If-Range with another mark."""
    _, headers, _ = await film()
    assert (await film(Range="bytes=0-1", If_Range=headers["ETag"]))[0] == 206
    assert (await film(Range="bytes=0-1", If_Range='"other"'))[0] == 200


async def test_head_has_no_parts(film):
    """It tells the size."""
    status, headers, data = await film("HEAD", Range="bytes=0-1")
    assert (status, headers["Content-Length"], data) == (200, str(SIZE), b"")


async def test_nobody_else_gets_a_part(film):
    """Without the key there is nothing, whatever is asked for."""
    assert (await film(k="wrong", Range="bytes=0-1"))[0] == 404


async def test_a_file_that_is_gone_is_a_friendly_404(film, small_house):
    """Not an empty 206."""
    await film()
    [name] = small_house.office.media.older(small_house.clock.now().replace(year=2099))
    small_house.office.media.remove(name)
    assert (await film(Range="bytes=0-1"))[0] == 404
