"""Whoever a complaint is about, and comes to the console by WeCom, finds it nowhere; everybody else does."""

import asyncio

import pytest
from tests.web.console.conftest import Browser, reported, sit
from tests.web.console.test_feed import contextlib_stack, heard
from tests.web.test_login import WECOM, Phone

from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Stage
from redprop_bot.store import demands, pressing, sifting
from redprop_bot.store.sifting import Sieve
from redprop_bot.web import staff
from redprop_bot.web.api import sight
from redprop_bot.web.console import feed

ABOUT = "我要投诉林书记，海棠苑3栋门口的事找了她五回，回回推脱"
DAYS = "from=2026-01-01&to=2026-12-31"


async def by_wecom(house, who: str) -> Browser:
    """Somebody of the staff at the console."""
    phone = Phone(house, who, WECOM)
    await phone.enter("/console")
    return Browser(house, phone.jar)


async def lists(browser: Browser) -> str:
    """Every page on which an order may stand, as one text."""
    paths = [
        "",
        "/demands",
        "/demands?intent=complaint",
        "/demands?q=推脱",
        "/demands/board",
        f"/demands?figure=came&{DAYS}",
        f"/figures/orders.csv?{DAYS}",
        "/messages",
        "/audit",
    ]
    pages = [await browser.get(f"/console{path}") for path in paths]
    assert {page.status for page in pages} == {200}, [page.status for page in pages]
    return "\n".join(page.text for page in pages)


async def test_the_accused_secretary_finds_the_complaint_nowhere(house):
    """Not in a list, a search, a count of a list, a file, by number or by an act; their other orders are there."""
    plain, no = await reported(house), await reported(house, ABOUT)
    accused = await by_wecom(house, "linsj")
    shown = await lists(accused)
    assert no not in shown
    assert "五回" not in shown
    assert plain in shown
    for path in (f"/console/demands/{no}", f"/console/demands/{no}/photos/1"):
        assert (await accused.get(path)).status == 404
    await accused.get(f"/console/demands/{plain}")
    assert (await accused.act(no, "close", reason="other")).status == 404
    assert (await accused.act(plain, "merge", into=no)).status == 404
    assert house.office.store.look(lambda tx: demands.by_no(tx, no)).stage == "new"


@pytest.mark.parametrize("who", ["hejd", "account", "maiwg"])
async def test_everybody_else_finds_it(small_house, who):
    """The street that looks after it, an account that is nobody of the register, the colleague who is not meant."""
    no = await reported(small_house, ABOUT)
    browser = await (sit(small_house, "secretary") if who == "account" else by_wecom(small_house, who))
    assert no in (await browser.get("/console/demands")).text
    assert (await browser.get(f"/console/demands/{no}")).status == 200


async def test_who_complains_of_the_community_complains_of_all_its_staff(small_house):
    """The street sees it; the secretary and the grid worker do not; an estate's company is another matter."""
    no = await reported(small_house, "投诉海棠社区居委会办事拖拉，海棠苑的车棚报了一年没人管")
    other = await reported(small_house, "投诉物业乱收费，海棠苑3栋电梯费收了两回")
    found = {}
    for who in ("linsj", "maiwg", "hejd"):
        text = (await (await by_wecom(small_house, who)).get("/console/demands")).text
        found[who] = [one for one in (no, other) if one in text]
    assert found == {"linsj": [other], "maiwg": [other], "hejd": [no, other]}


async def test_pages_go_on_where_something_is_left_out(small_house):
    """A page is full, the next begins behind it, and counts are of what is there."""
    numbers = [await reported(small_house, text) for text in ("海棠苑1栋路灯坏了", ABOUT, "海棠苑3栋楼道堆了杂物")]
    complaint = numbers.pop(1)

    def look(tx):
        viewer = staff.of_person(tx, register(tx).person_named("linsj").id)
        scope = sight.scope(viewer)
        first = sifting.sift(tx, scope, Sieve(), below=None, limit=1)
        second = sifting.sift(tx, scope, Sieve(), below=first.below, limit=1)
        waiting = {d.no for stage in Stage for d in pressing.urgent_first(tx, scope, stage, limit=9)}
        rows = [d.no for d in (*first.rows, *second.rows)]
        return rows, second.below, waiting, sifting.count(tx, scope, Sieve())

    assert small_house.office.store.look(look) == (numbers[::-1], None, set(numbers), 2)
    assert complaint not in numbers


async def test_live_changes_do_not_tell_the_accused(small_house):
    """A page that was open before the complaint came does not hear of it."""
    watch = small_house.client.app[feed.WATCH]
    watch.look_seconds = 0.02
    async with asyncio.timeout(20), contextlib_stack() as stack:
        listening = {}
        for who in ("linsj", "hejd"):
            browser = await by_wecom(small_house, who)
            small_house.client.session.cookie_jar.clear()
            response = await stack.enter_async_context(
                small_house.client.get("/console/feed", cookies=browser.jar)
            )
            listening[who] = response
        no, plain = await reported(small_house, ABOUT), await reported(small_house)
        assert (await heard(listening["hejd"], 1))[0]["no"] == no
        assert (await heard(listening["linsj"], 1))[0]["no"] == plain


async def test_a_report_that_turns_out_to_be_about_them_goes_past_them(house):
    """Corrected into a complaint, its words say whom it is about: it is the street's from then on."""
    no = await reported(house, "海棠苑3栋门口的路坑洼，林书记说了五回都没人来修")
    admin = await sit(house, "admin")
    assert (await admin.act(no, "correct", intent="complaint")).status in (200, 303)
    order = house.office.store.look(lambda tx: demands.by_no(tx, no))
    assert (order.intent, order.party, order.escalated_to) == ("complaint", "林书记", None)
    accused = await by_wecom(house, "linsj")
    assert no not in await lists(accused)
    assert (await accused.get(f"/console/demands/{no}")).status == 404
