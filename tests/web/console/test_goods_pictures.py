"""Pictures of goods: proven by their bytes, one file each, on the shelf for everybody, light on a phone."""

import io
from datetime import timedelta

import aiohttp
import pytest
from bs4 import BeautifulSoup
from tests.support import pictures
from tests.web.console.conftest import sit
from tests.web.phone.conftest import Hand
from tests.web.test_login import WECHAT

from redprop_bot.media import Retention
from redprop_bot.store import shop as rows
from redprop_bot.store.tables import Goods

FORM = {"title": "抽纸", "points": "10", "stock": "5", "note": "", "community": "海棠社区"}


@pytest.fixture
async def goods(small_house, secretary):
    """Something on the shelf, without a picture."""
    await secretary.get("/console/shop")
    await secretary.post("/console/shop", FORM)
    return small_house.office.store.look(lambda tx: tx.list(Goods, order=Goods.__table__.c.id))[0]


def now(house, goods):
    return house.office.store.look(lambda tx: rows.goods(tx, goods.id))


def files(house):
    """Every file that is kept."""
    return set(house.office.media.older(house.office.clock.now() + timedelta(days=3650)))


async def send(seat, goods, data, version, name="photo.jpg"):
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("_mark", seat.mark)
    form.add_field("version", str(version))
    form.add_field("file", io.BytesIO(data), filename=name)
    return await seat._take("POST", f"/console/shop/{goods.id}/picture", form, {})


async def resident(house):
    """Somebody with a phone, signed in."""
    phone = Hand(house, "o-xu", WECHAT)
    assert (await phone.enter()).status == 302
    return phone


async def test_a_picture_is_put_up_shown_replaced_and_taken_down(small_house, secretary, goods):
    """Console, API and phone show it without what a camera says; a new one has a new address; then none is there."""
    token = small_house.token("secretary", community="海棠社区")
    assert (await send(secretary, goods, pictures.jpeg(), 1)).status == 303
    item = (await small_house.api("GET", f"/goods/{goods.id}", token))[1]
    assert (item["version"], "/m/shop/" in item["picture"]) == (2, True)
    path = "/m/shop/" + item["picture"].partition("/m/shop/")[2]
    answer = await small_house.client.get(path)
    data = await answer.read()
    assert (answer.status, answer.content_type) == (200, "image/jpeg")
    assert pictures.MAKER not in data
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = await secretary.get(f"/console/shop/{goods.id}")
    [shown] = page.soup.select("figure img")
    assert (await secretary._take("GET", shown["src"], None, {})).status == 200
    assert page.soup.select_one("figure img")["alt"] == "抽纸"
    phone = await resident(small_house)
    [small] = BeautifulSoup(await phone.look("/m/shop"), "html.parser").select("li img")
    assert small["src"] == path
    assert (await send(secretary, goods, pictures.png(), 2, "p.png")).status == 303
    item = (await small_house.api("GET", f"/goods/{goods.id}", token))[1]
    assert path not in item["picture"]
    await secretary.get(f"/console/shop/{goods.id}")
    dropped = await secretary.post(f"/console/shop/{goods.id}/picture/drop", {"version": "3"})
    assert (dropped.status, now(small_house, goods).picture) == (303, None)
    assert (await small_house.client.get(path)).status == 404


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<script>alert(1)</script>", "不是照片"),
        (b"%PDF-1.7\n%%EOF", "不是照片"),
        (b"", "还没有选文件"),
        (b"\xff\xd8\xff\xe0", "不是照片"),
    ],
)
async def test_what_is_no_picture_is_refused_and_leaves_no_file(small_house, secretary, goods, data, says):
    """Whatever it is called; the goods stay as they are."""
    answer = await send(secretary, goods, data, 1)
    assert (answer.status, says in answer.text) == (422, True)
    assert (files(small_house), now(small_house, goods).version) == (set(), 1)


async def test_a_form_that_is_refused_later_leaves_no_file_either(small_house, secretary, goods):
    """A stale version, another community, a viewer, something huge."""
    assert (await send(secretary, goods, pictures.jpeg(), 7)).status == 409
    assert files(small_house) == set()
    stranger = await sit(small_house, "other")
    await stranger.get("/console/shop")
    assert (await send(stranger, goods, pictures.jpeg(), 1)).status == 404
    viewer = await sit(small_house, "viewer")
    await viewer.get("/console/shop")
    assert (await send(viewer, goods, pictures.jpeg(), 1)).status == 403
    await secretary.get("/console/shop")
    assert (await send(secretary, goods, b"\xff\xd8\xff" + bytes(13 << 20), 1)).status == 413
    assert (files(small_house), now(small_house, goods).version) == (set(), 1)


async def test_the_file_of_a_replaced_picture_goes_and_the_other_stays(small_house, secretary, goods):
    """Also where two goods have the same picture: each has a file of its own."""
    await secretary.post("/console/shop", FORM | {"title": "肥皂"})
    twin = small_house.office.store.look(lambda tx: tx.list(Goods, order=Goods.__table__.c.id))[1]
    for one, version in ((goods, 1), (twin, 1), (goods, 2)):
        assert (await send(secretary, one, pictures.jpeg(), version)).status == 303
    assert len(files(small_house)) == 3
    small_house.clock.at += timedelta(days=4000)  # the files are as old as the machine says
    swept = await Retention(small_house.office.store, small_house.office.media).sweep()
    kept = {now(small_house, goods).picture, now(small_house, twin).picture}
    assert (swept["media_loose"], files(small_house)) == (1, kept)


async def test_a_phone_loads_a_light_page_whatever_was_put_up(small_house, secretary, goods):
    """Under 100 KB with its pictures; a large one is a tap away; what is off the shelf is shown to nobody."""
    await secretary.post("/console/shop", FORM | {"title": "大米", "points": "11"})
    rice = small_house.office.store.look(lambda tx: tx.list(Goods, order=Goods.__table__.c.id))[1]
    assert (await send(secretary, goods, pictures.jpeg(), 1)).status == 303
    large = pictures.jpeg()
    large = large[:2] + b"\xff\xdb\xff\xf0" + bytes(0xFFEE) + b"\xff\xdb\xff\xf0" + bytes(0xFFEE) + large[2:]
    assert (await send(secretary, rice, large, 1)).status == 303
    assert now(small_house, rice).picture_size > 100_000
    phone = await resident(small_house)
    soup = BeautifulSoup(await phone.look("/m/shop"), "html.parser")
    total = len(str(soup).encode())
    for tag in soup.select("link[href], img[src]"):
        total += len(await (await phone.get(tag.get("href") or tag.get("src"))).read())
    assert total < 100_000
    assert [a["href"].split("?")[0] for a in soup.select("li p a")] == [f"/m/shop/{rice.id}/picture"]
    edited = {"version": "2", "title": "大米", "points": "11", "stock": "5", "note": "", "active": "false"}
    assert (await secretary.post(f"/console/shop/{rice.id}", edited)).status == 303
    assert (await phone.get(f"/m/shop/{rice.id}/picture")).status == 404
    seen = await secretary._take("GET", f"/console/shop/{rice.id}/picture", None, {})
    assert seen.status == 200
