"""The shop, the wish wall, cards and their console rooms in a real browser, at both widths."""

import base64

import pytest
from tests.browser.conftest import NARROW, WIDE, page_of, picture
from tests.browser.test_residents import NEIGHBOUR, RESIDENT, SECRETARY, must_be_fit, phone

from redprop_bot.loop.actor import RULE
from redprop_bot.ports import Channel
from redprop_bot.store import partners as cards
from redprop_bot.store import people
from redprop_bot.store import shop as shelf
from redprop_bot.store import wishes as rows
from redprop_bot.volunteers import ledger, partners, shop, wishes

ROOMS = ("shop", "wishes", "visits", "partners")


@pytest.fixture(scope="module")
def furnished(town):
    """Something on the shelf, somebody with points, a wish that waits for somebody, a visit."""

    def job(tx):
        found = people.who(tx, Channel.OA, RESIDENT)
        assert found is not None
        made = ledger.Booking(
            key="browser",
            person_id=found[0].id,
            points=60,
            kind="activity",
            source="activity:b",
            reason="参加活动",
        )
        ledger.award(tx, made)
        shop.stock_up(tx, shop.Item("抽纸", 10, 8, "三层，一提"), RULE)
        shop.stock_up(tx, shop.Item("电饭煲", 900, 1), RULE)
        wishes.make(tx, wishes.Wished("想要一台收音机", None, None), RULE, published=True)

    town.say(RESIDENT, "想要一个放大镜看报纸")
    town.say(NEIGHBOUR, "你好")
    town.office.store.run(job)
    return town


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_the_shop_and_the_wall_fit_a_phone(furnished, browser, large):
    """Nothing sticks out, everything can be read and named; redeemed there, the code stands on the page."""
    with phone(browser, furnished, RESIDENT) as page:
        if large:
            page.click("text=大字")
            page.wait_for_url("**/m/mine")
        for path in ("/m/shop", "/m/wishes"):
            page.goto(path)
            must_be_fit(page, NARROW, path)
            picture(page, f"phone-{path.split('/')[2]}-{'large' if large else 'normal'}")
        if not large:
            page.goto("/m/shop")
            page.click("text=兑换 抽纸")
            page.wait_for_selector("text=等您来取")
            must_be_fit(page, NARROW, "/m/shop with a code")
            picture(page, "phone-shop-code")
            page.click("text=不要了，退回积分")
            page.wait_for_selector("text=退回去了")


def test_a_wish_is_written_on_the_page_and_agreed_to_at_the_console(furnished, browser):
    """Written on the phone; the secretary reads both words and says yes; it hangs on the wall."""
    with phone(browser, furnished, NEIGHBOUR) as page:
        page.goto("/m/wishes")
        page.fill("#text", "想有人陪着下盘象棋")
        page.click("text=许下")
        page.wait_for_selector("text=书记看过就上墙")
    wish = furnished.office.store.look(lambda tx: rows.page(tx, communities=None, statuses=["proposed"], limit=1))[
        0
    ]
    with page_of(browser, furnished, SECRETARY) as page:
        page.goto(f"/console/wishes/{wish.no}")
        must_be_fit(page, WIDE, "one wish")
        picture(page, "console-wish")
        page.click("text=同意上墙")
        page.wait_for_selector("text=上墙了")
    assert furnished.office.store.look(lambda tx: rows.by_no(tx, wish.no)).status == "published"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_the_rooms_fit(furnished, browser, size):
    """At the desk and on a phone."""
    with page_of(browser, furnished, SECRETARY, size) as page:
        for room in ROOMS:
            page.goto(f"/console/{room}")
            must_be_fit(page, size, room)
            picture(page, f"console-{room}")


def test_a_card_is_a_picture_that_fits_a_phone(furnished, browser):
    """Numbers and a name, behind the key of its address."""

    def job(tx):
        unit = next(iter(partners.units(tx, partners.register(tx))))
        card = cards.keep(tx, "2026Q3", {"offers": 3, "wishes": 12, "projects": 1}, unit_id=unit, person_id=None)
        return partners.address(tx, card)

    address = furnished.office.store.run(job)
    with page_of(browser, furnished, "", NARROW) as page:
        page.goto(address)
        must_be_fit(page, NARROW, "card")
        assert page.evaluate("document.querySelector('img.thanks').naturalWidth") == 640
        picture(page, "phone-card")


def test_a_photo_is_made_small_and_stands_on_the_shelf(furnished, browser, tmp_path):
    """A large picture chosen at the console leaves the browser small; both pages show it and fit."""
    large = tmp_path / "large.bmp.png"
    goods = furnished.office.store.look(lambda tx: shelf.shelf(tx, communities=None, limit=9))[-1]
    with page_of(browser, furnished, SECRETARY) as page:
        page.goto(f"/console/shop/{goods.id}")
        noisy = page.evaluate(
            """() => { const c = document.createElement('canvas'); c.width = 1400; c.height = 1000;
            const b = c.getContext('2d'), d = b.createImageData(1400, 1000); let s = 7;
            for (let i = 0; i < d.data.length; i++) { s = (s * 16807) % 2147483647; d.data[i] = i % 4 === 3 ? 255 : s; }
            b.putImageData(d, 0, 0); return c.toDataURL('image/png').split(',')[1]; }"""
        )
        large.write_bytes(base64.b64decode(noisy))
        page.set_input_files("#file", str(large))
        # Not wait_for_function: it evaluates text inside of the page, which our policy forbids.
        while page.evaluate("document.querySelector('#file').files[0].name") != "photo.jpg":
            page.wait_for_timeout(50)
        with page.expect_navigation():  # the picture that was chosen is shown before it is sent, too
            page.click("text=放上去")
        page.wait_for_selector("figure img")
        must_be_fit(page, WIDE, "goods with a picture")
        picture(page, "console-goods")
    kept = furnished.office.store.look(lambda tx: shelf.goods(tx, goods.id))
    assert kept.picture_size is not None
    assert 1000 < kept.picture_size < large.stat().st_size / 10
    with page_of(browser, furnished, SECRETARY, NARROW) as page:
        page.goto(f"/console/shop/{goods.id}")
        must_be_fit(page, NARROW, "goods with a picture on a phone")
    with phone(browser, furnished, RESIDENT) as page:
        page.goto("/m/shop")
        page.wait_for_selector(f"a[aria-label='看 {goods.title} 的图片'], img[alt='{goods.title}']")
        must_be_fit(page, NARROW, "the shelf with a picture")
        picture(page, "phone-shop-picture")
