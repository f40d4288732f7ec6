"""A report by a form is a report like any other: once, with its photos, with nothing lost when something is wrong."""

import os
import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from tests.support import pictures
from tests.web.phone.conftest import TEXT, report

from redprop_bot.clock import sweeping
from redprop_bot.media import Retention
from redprop_bot.store import demands
from redprop_bot.store.tables import Upload

EVIL = "<x-evil onclick=alert(1)>{{7*7}}"


def attached(hand, no):
    return hand.house.office.store.look(lambda tx: demands.attachments(tx, demands.by_no(tx, no).id))


async def test_a_form_becomes_an_order_with_its_place_and_unit(hand):
    """What the fields say of the place stands in the order, the unit is the one of the list, the page names both."""
    answer = await report(hand, room="501", phone="0553-1234567")
    page = await hand.seen(answer)
    order = hand.orders()[0]
    assert answer.status == 200
    assert order.no in page
    assert "://" not in page.split("<main")[1]
    assert (order.building, order.unit, order.room, order.phone) == ("3", "2", "501", "0553-1234567")
    assert (order.category, order.stage, order.text) == ("elevator", "dispatched", TEXT)
    assert "春晖物业" in page


async def test_the_same_form_twice_is_one_order(hand):
    """A weak network or a second tap: the same answer, one order, its photos once."""
    page = await hand.look("/m/report")
    number = re.search(r'name="number" value="([0-9a-f]+)"', page)[1]
    given = {"text": TEXT, "estate": "海棠苑", "building": "3", "number": number}
    photo = {"photo1": ("a.jpg", pictures.jpeg())}
    first = await hand.seen(await hand.send("/m/report", given, photo))
    second = await hand.seen(await hand.send("/m/report", given, photo))
    assert len(hand.orders()) == 1
    no = hand.orders()[0].no
    assert no in first
    assert no in second
    assert len(attached(hand, no)) == 1


async def test_a_number_of_somebody_else_gives_nothing_of_theirs(hand, other):
    """The number of a form is worth nothing in another hand."""
    page = await hand.look("/m/report")
    number = re.search(r'name="number" value="([0-9a-f]+)"', page)[1]
    await hand.send("/m/report", {"text": TEXT, "estate": "海棠苑", "building": "3", "number": number}, {})
    await other.look("/m/report")
    text = "小区东门垃圾没人收"
    answer = await other.send("/m/report", {"text": text, "estate": "海棠苑", "number": number}, {})
    assert [order.text for order in other.orders()] == [text]
    assert hand.orders()[0].no not in await answer.text()


@pytest.mark.parametrize("text", ["谢谢", "1", "撤销", "取消", "满意", "哎呀"])
async def test_whatever_a_form_says_is_a_report(hand, text):
    """No command, no answer to a question, no rating: who fills in this form reports something."""
    assert (await report(hand, text)).status == 200
    assert [order.text for order in hand.orders()] == [text]


async def test_a_complaint_by_form_goes_to_the_secretary(hand):
    """The words decide, as in chat."""
    await report(hand, "我要投诉物业，打了三次电话没人管")
    order = hand.orders()[0]
    assert (order.intent, order.released) == ("complaint", False)


async def test_photos_come_along_without_what_they_say_about_the_phone(hand, folder):
    """Kept in our files, attached to the order, shown to who reported it; maker and place are gone."""
    exif = pictures.tiff()
    photos = {"photo1": ("a.jpg", pictures.jpeg(exif=exif)), "photo2": ("b.png", pictures.png())}
    await report(hand, files=photos)
    no = hand.orders()[0].no
    rows = attached(hand, no)
    assert [row.state for row in rows] == ["kept", "kept"]
    data = folder.get(rows[0].name)
    assert data.startswith(b"\xff\xd8")
    assert pictures.MAKER not in data
    soup = BeautifulSoup(await hand.look(f"/m/orders/{no}"), "html.parser")
    shown = [image["src"] for image in soup.select(".pictures img")]
    assert len(shown) == 2
    assert (await hand.get(shown[0])).content_type == "image/jpeg"


async def test_a_photo_stays_with_its_order_and_goes_with_a_form_that_was_refused(hand, folder, tmp_path):
    """That of a refused form at once; what a process left that died in between days later, and nothing else."""
    photo = {"photo1": ("a.jpg", pictures.jpeg())}
    await report(hand, files=photo)
    kept = attached(hand, hand.orders()[0].no)[0].name
    assert (await report(hand, files=photo, estate="没有的小区")).status == 422
    later = hand.house.clock.now() + timedelta(days=30)
    assert folder.older(later.replace(year=2099)) == [kept]
    folder.put(f"ab/p-ab{'0' * 30}.jpg", pictures.jpeg())
    for path in (tmp_path / "media").rglob("*.jpg"):
        os.utime(path, (hand.house.clock.now().timestamp(),) * 2)
    hand.house.clock.at = later
    assert await Retention(hand.house.office.store, folder).sweep() == {"media_loose": 1}
    assert folder.older(later) == [kept]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", b"<html><script>alert(1)</script>"),
        ("a.jpg", b"MZ" + bytes(200)),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.heic", b"\0\0\0\x18ftypheic"),
        ("a.png", pictures.png(width=40_000, height=40_000, pixels=b"\0")),
    ],
)
async def test_what_is_no_photo_is_said_and_nothing_is_lost(hand, name, data):
    """The words and the good photo wait; with the bad one left out the same form goes through."""
    answer = await report(hand, files={"photo1": ("ok.jpg", pictures.jpeg()), "photo2": (name, data)})
    page = BeautifulSoup(await hand.seen(answer), "html.parser")
    assert answer.status == 422
    assert "照片" in page.select_one("#wrong").text
    assert page.select_one("#text").text == TEXT
    assert page.select_one("#building")["value"] == "3"
    assert hand.orders() == []
    fields = {one["name"]: one["value"] for one in page.select("input[type=hidden]") if one["name"] != "_mark"}
    again = await hand.send("/m/report", {**fields, "text": TEXT, "estate": "海棠苑", "building": "3"}, {})
    assert again.status == 200
    assert [row.state for row in attached(hand, hand.orders()[0].no)] == ["kept"]


async def test_a_photo_waits_until_its_form_is_right_or_a_day_is_over(hand):
    """Nothing of it is kept beside the order, nor for who never came back."""

    def waiting():
        return hand.house.office.store.look(lambda tx: [row.token for row in tx.list(Upload)])

    photo = {"photo1": ("a.jpg", pictures.jpeg())}
    page = BeautifulSoup(await (await report(hand, "", files=photo)).text(), "html.parser")
    [token] = waiting()
    assert page.select_one("input[name=kept]")["value"] == token
    assert (await report(hand, kept=token)).status == 200
    assert len(attached(hand, hand.orders()[0].no)) == 1
    assert waiting() == []
    await report(hand, "", files=photo)
    hand.house.clock.at += timedelta(days=1)
    await sweeping.tidy(hand.house.office.store)
    assert len(waiting()) == 1
    hand.house.clock.at += timedelta(seconds=1)
    await sweeping.tidy(hand.house.office.store)
    assert waiting() == []


async def test_a_waiting_photo_is_its_owners(hand, other):
    """The token of a photo that waits is worth nothing in another hand."""
    answer = await report(hand, text="", files={"photo1": ("ok.jpg", pictures.jpeg())})
    page = BeautifulSoup(await hand.seen(answer), "html.parser")
    token = page.select_one("input[name=kept]")["value"]
    await report(other, kept=token)
    assert attached(other, other.orders()[0].no) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n "}, "text"),
        ({"text": "长" * 1001}, "text"),
        ({"estate": "没有的小区"}, "estate"),
        ({"phone": "<script>"}, "phone"),
        ({"building": "x" * 17}, "building"),
    ],
)
async def test_a_wrong_field_is_named_and_the_form_keeps_everything(hand, fields, field):
    """In Chinese, beside the field, and nothing was reported."""
    typed = {"text": TEXT, "place": "东门保安亭边上", **fields}
    answer = await report(hand, **typed)
    page = BeautifulSoup(await hand.seen(answer), "html.parser")
    assert answer.status == 422
    assert page.select_one(f"#{field}")["aria-invalid"] == "true"
    assert page.select_one("#place")["value"] == "东门保安亭边上"
    assert page.select_one("#text").text.strip() == typed["text"].strip()
    assert hand.orders() == []


async def test_scripts_in_every_field_stay_text(hand):
    """On the form, on the order's page and in the list."""
    answer = await report(hand, EVIL, place=EVIL[:64], building=EVIL[:16], phone=EVIL[:20])
    texts = [await answer.text()]
    assert answer.status == 422
    texts.append(await (await report(hand, EVIL, place=EVIL[:64], building=EVIL[:16])).text())
    no = hand.orders()[0].no
    texts += [await hand.look(path) for path in (f"/m/orders/{no}", "/m/mine", "/m/me")]
    for text in texts:
        soup = BeautifulSoup(text, "html.parser")
        assert soup.find("x-evil") is None
        assert "49" not in soup.get_text().replace(no, "")
    assert EVIL in BeautifulSoup(texts[2], "html.parser").text


async def test_a_login_that_is_over_loses_no_word(hand):
    """The form comes too late: what was written is on the page after signing in, and goes through then."""
    page = await hand.look("/m/report")
    number = re.search(r'name="number" value="([0-9a-f]+)"', page)[1]
    hand.house.clock.at += timedelta(days=8)
    answer = await hand.send(
        "/m/report", {"text": TEXT, "estate": "海棠苑", "building": "3", "number": number}, {}
    )
    soup = BeautifulSoup(await answer.text(), "html.parser")
    assert answer.status == 401
    assert TEXT in soup.text
    assert unquote(soup.select_one("a.button")["href"]) == "/m/login?next=/m/report"
    assert hand.orders() == []
    assert (await hand.enter("/m/report")).headers["Location"] == "/m/report"
    page = BeautifulSoup(await hand.look("/m/report"), "html.parser")
    assert page.select_one("#text").text == TEXT
    assert page.select_one("option[selected]").text == "海棠苑"
    given = {"text": page.select_one("#text").text, "estate": "海棠苑", "building": "3", "number": number}
    assert (await hand.send("/m/report", given, {})).status == 200
    assert len(hand.orders()) == 1
    assert BeautifulSoup(await hand.look("/m/report"), "html.parser").select_one("#text").text == ""


async def test_what_is_too_long_for_a_cookie_stands_there_to_be_copied(hand):
    """No promise is made that cannot be kept."""
    await hand.look("/m/report")
    hand.house.clock.at += timedelta(days=8)
    long = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(3000))
    answer = await hand.send("/m/report", {"text": long, "number": "0" * 32}, {})
    text = await answer.text()
    assert answer.status == 401
    assert long in text
    assert "复制" in text
    assert "redprop_draft" not in hand.jar


async def test_a_form_of_another_session_or_site_does_nothing(hand):
    """The mark must be the session's own; what another site sends is refused."""
    await hand.look("/m/report")
    given = {"text": TEXT, "estate": "海棠苑", "number": "0" * 32}
    assert (await hand.send("/m/report", given, {}, mark="x" * 43)).status == 401
    assert (await hand.send("/m/report", given, {}, Origin="https://evil.example")).status == 403
    assert (await hand.send("/m/report", given, {}, Sec_Fetch_Site="cross-site")).status == 403
    assert hand.orders() == []


async def test_without_a_login_the_form_leads_to_it(small_house, hand):
    """And back to the form, for the estate that was asked for."""
    hand.jar.clear()
    answer = await hand.get("/m/report")
    assert (answer.status, unquote(answer.headers["Location"])) == (302, "/m/login?next=/m/report")
    answer = await hand.get("/m/report?estate=海棠苑&x=1")
    back = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
    assert unquote((await hand.enter(back)).headers["Location"]) == "/m/report?estate=海棠苑"


async def test_the_building_of_ones_own_is_not_put_into_another_estate(hand):
    """At home the form knows it; asked for elsewhere it names the estate and no more."""
    await hand.look("/m/me")
    await hand.send("/m/me", {"estate": "海棠苑", "building": "3"})
    for estate, building in (("海棠苑", "3"), ("海棠里", "")):
        page = BeautifulSoup(await hand.look(f"/m/report?estate={estate}"), "html.parser")
        assert page.select_one("option[selected]").text == estate
        assert page.select_one("#building")["value"] == building
