"""What everybody may open shows nothing personal; a link with its key shows the words, and only of its own order."""

import re

import pytest
from tests.support import pictures
from tests.web.pages.conftest import NAME, NOTE, OPENID, PHONE, PLACE, ROOM, SECRET, WORDS

from redprop_bot.channels.client import Media
from redprop_bot.errors import PlatformRefused
from redprop_bot.notify.links import opens, order_page, signed
from redprop_bot.ports import Channel
from redprop_bot.registry.register import register
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand

BOARD = "/board/荷塘社区"
JPEG = pictures.jpeg()


class Album:
    """A platform that has one picture, or a fault."""

    def __init__(self, data: bytes | None) -> None:
        self.data = data

    async def send(self, message):
        raise AssertionError("nothing is sent by a page")

    async def media(self, media_id):
        if self.data is None or media_id != "media-1":
            raise PlatformRefused("media/get", 40007)
        return Media("text/html", self.data)


async def text_of(client, path: str) -> str:
    response = await client.get(path)
    assert response.status == 200
    return await response.text()


def personal(office) -> set[str]:
    """Everything in the database that tells who somebody is."""
    reg = office.store.look(register)
    staff = {v for p in reg.people.values() for v in (p.name, p.phone, p.userid) if v}
    return staff | {NAME, PHONE, OPENID, ROOM, WORDS, NOTE, PLACE}


@pytest.mark.parametrize("which", ["open", "closed", "complaint", "aid"])
async def test_an_order_page_without_key_shows_nobody(client, office, seeded, which):
    """No name, phone, account, room or word of anybody, whatever became of the order."""
    html = await text_of(client, f"/m/orders/{getattr(seeded, which)}")
    assert getattr(seeded, which) in html
    assert [value for value in personal(office) if value in html] == []
    assert not re.search(r"1\d{10}", html)


async def test_the_board_shows_nobody(client, office, seeded):
    """The board lists what is open and closed without a trace of a person."""
    html = await text_of(client, BOARD)
    assert seeded.open in html
    assert seeded.closed in html
    assert [value for value in personal(office) if value in html] == []
    assert not re.search(r"1\d{10}", html)


async def test_the_board_goes_down_to_the_building_and_no_further(client, seeded):
    """A public facility is named with its building, a family in need only with its estate."""
    html = await text_of(client, BOARD)
    assert "荷香苑5栋" in html
    assert "2单元" not in html
    aid = html.split(f"/m/orders/{seeded.aid}")[1].split("</a>")[0]
    assert "荷香苑" in aid
    assert "栋" not in aid


@pytest.mark.parametrize("building", ["5栋1803室", f"{NAME}家", "5-2-1803", "1803", "502"])
async def test_a_building_that_is_none_is_not_shown(client, office, seeded, building):
    """The column is free text for the API: only what looks like a building's number gets out."""
    office.store.run(lambda tx: tx.update(Demand, demands.by_no(tx, seeded.open).id, building=building))
    for path in (BOARD, f"/m/orders/{seeded.open}"):
        assert building not in await text_of(client, path)


async def test_a_complaint_is_nobody_elses_affair(client, seeded):
    """The board does not list it, its page without key says the stage and nothing about the matter."""
    assert seeded.complaint not in await text_of(client, BOARD)
    html = await text_of(client, f"/m/orders/{seeded.complaint}")
    assert "待派单" in html
    for word in ("环境卫生", "投诉", "荷香苑", "禾润物业", "办理经过"):
        assert word not in html


async def test_the_key_opens_words_and_pictures(client, office, seeded):
    """Who was sent the link reads what was said; phones and rooms stay covered, for neighbours hold it too."""
    html = await text_of(client, order_page("", seeded.closed, SECRET))
    assert "灯坏了" in html
    assert "约好了" in html
    assert f"/m/orders/{seeded.closed}/photos/" in html
    assert PHONE not in html
    assert ROOM not in html


async def test_a_neighbour_with_the_key_does_not_read_who_said_it(client, office, seeded):
    """The first reporter's name, room and phone, however they wrote them."""
    said = "灯坏了，我是贾小燕，住七零四，TEL13800002222，或者打139.0000.2222"
    office.store.run(lambda tx: tx.update(Demand, demands.by_no(tx, seeded.closed).id, text=said))
    html = await text_of(client, order_page("", seeded.closed, SECRET))
    assert "灯坏了" in html
    for secret in ("贾小燕", "七零四", "13800002222", "139.0000.2222"):
        assert secret not in html


async def test_a_key_opens_its_own_order_only(client, seeded):
    """The key of another order, or a wrong one, shows what everybody sees."""

    async def main(path):
        return (await text_of(client, path)).split("<main")[1]

    plain = await main(f"/m/orders/{seeded.open}")
    for key in (signed(seeded.closed, SECRET), signed(seeded.open, b"another secret"), "x", "密钥", ""):
        assert await main(f"/m/orders/{seeded.open}?k={key}") == plain


def test_keys_differ_by_order_and_secret():
    """A key is 22 characters, the same every time, and no other order's."""
    assert signed("D1", SECRET) == signed("D1", SECRET)
    assert len({signed("D1", SECRET), signed("D2", SECRET), signed("D1", b"x" * 16)}) == 3
    assert re.fullmatch(r"[\w-]{22}", signed("D1", SECRET))
    assert opens(signed("D1", SECRET), "D1", SECRET)
    assert not opens(signed("D1", SECRET)[:-1], "D1", SECRET)


def photo(office, seeded, number=None) -> str:
    found = office.store.look(lambda tx: demands.attachments(tx, demands.by_no(tx, seeded.closed).id))
    return f"/m/orders/{seeded.closed}/photos/{number or found[0].id}"


async def test_a_picture_needs_the_key(client, office, seeded):
    """With it the picture comes from the platform to which it was sent, without it nothing does."""
    office.senders = {Channel.WORK: Album(JPEG)}
    address, key = photo(office, seeded), signed(seeded.closed, SECRET)
    assert (await client.get(address)).status == 404
    assert (await client.get(f"{address}?k={signed(seeded.open, SECRET)}")).status == 404
    answer = await client.get(f"{address}?k={key}")
    assert (answer.status, answer.content_type, await answer.read()) == (200, "image/jpeg", JPEG)


@pytest.mark.parametrize("data", [b"<html><script>alert(1)</script>", b"MZ", None])
async def test_what_is_no_picture_is_not_passed_on(client, office, seeded, data):
    """Whatever the platform says it is, and also when the platform does not have it any more."""
    office.senders = {Channel.WORK: Album(data)}
    key = signed(seeded.closed, SECRET)
    assert (await client.get(f"{photo(office, seeded)}?k={key}")).status == 404


async def test_a_picture_of_another_order_is_not_there(client, office, seeded):
    """The key of one order does not open the pictures of another by their number."""
    office.senders = {Channel.WORK: Album(JPEG)}
    other = photo(office, seeded).replace(seeded.closed, seeded.open)
    assert (await client.get(f"{other}?k={signed(seeded.open, SECRET)}")).status == 404
