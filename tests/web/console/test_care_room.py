"""`/console/care`, and why a caretaker has an order, where a demand says which row answers it."""

import pytest
from tests.web.conftest import ROSTER, House
from tests.web.console.conftest import Browser, sit

from redprop_bot.loop import duty_list, publicity
from redprop_bot.loop.scope import Scope
from redprop_bot.registry.importing import import_data
from redprop_bot.registry.register import register

DUMP = "海棠里门口垃圾堆了三天没人收"


@pytest.fixture
def cared(small_house: House) -> House:
    """海棠里 without a company is taken care of until the end of the year; nobody sweeps but by the list elsewhere."""
    text = ROSTER.read_text("utf-8")
    new = "{name: 海棠里, kind: none, care: fallback, caretaker: 望月供水所, trial_until: 2026-12-20}"
    text = text.replace("{name: 海棠里, kind: old}", new)
    text = text.replace(
        "{category: sanitation, unit: 春晖物业}", "{category: sanitation, estate: 海棠苑, unit: 春晖物业}"
    )
    assert new in text
    small_house.office.store.run(lambda tx: import_data(tx, text.encode(), "r.yaml"))
    return small_house


async def test_the_page_says_how_each_estate_is_looked_after(cared: House) -> None:
    """Kind, mode, caretaker, trial and open orders; each community sees its own."""
    await cared.report(cared.token("admin"), DUMP)
    page = await (await sit(cared, "secretary")).get("/console/care")
    assert page.status == 200
    row = next(tr.get_text(" ", strip=True) for tr in page.soup.select("tbody tr") if "海棠里" in tr.text)
    assert row == "海棠里 海棠社区 无物业 兜底托管 托管 望月供水所 试行到2026年12月20日，还有25天 1 件"
    assert "银杏里" not in page.text
    counted = "小区 2 个，没有物业公司 1 个，有托管单位 1 个，在试行 1 个，还说不清怎么管 0 个。"
    assert counted in page.text


async def test_an_order_says_why_the_caretaker_has_it(cared: House) -> None:
    """On its page, in its history, and in the item of the API; by hand it is somebody's decision again."""
    item = await cared.report(cared.token("admin"), DUMP)
    why = "兜底托管：海棠里没有物业公司"
    assert (item["handler"], item["responsibility"], item["caretaking"]) == ("望月供水所", None, why)
    assert item["events"][-1]["note"] == "派给望月供水所，兜底托管：海棠里没有物业公司"
    desk: Browser = await sit(cared, "secretary")
    page = await desk.get(f"/console/demands/{item['no']}")
    assert f"{why}，责任清单里也没有对得上的一条" in page.text
    assert "不是照责任清单派的" not in page.text
    assert (await desk.act(item["no"], "dispatch", to="春晖物业")).status == 303
    _, after = await cared.api("GET", f"/demands/{item['no']}", cared.token("admin"))
    assert (after["handler"], after["caretaking"]) == ("春晖物业", None)


async def test_a_row_that_takes_over_says_from_whom(cared: House) -> None:
    """Looking at what a new row would move, what the caretaker has is not nobody's."""
    await cared.report(cared.token("admin"), DUMP)
    street = await sit(cared, "street")
    await street.get("/console/duties/new")
    form = {"category": "sanitation", "estate": "海棠里", "unit": "春晖物业", "match": "", "step": "preview"}
    page = await street.post("/console/duties/new", form)
    assert "望月供水所" in page.text
    assert "没人（等书记派）" not in page.text


async def test_nobody_from_outside_sees_it(cared: House) -> None:
    """A unit has nothing to do there."""
    assert (await (await sit(cared, "provider")).get("/console/care")).status == 403


async def test_a_caretaker_under_another_name_is_still_the_caretaker(cared: House) -> None:
    """As with a property company: what is reported goes there, whatever it is called by now."""
    admin = cared.token("admin")
    _, units = await cared.api("GET", "/organisations", admin)
    unit = next(one for one in units["items"] if one["name"] == "望月供水所")
    change = {"name": "望月服务中心", "version": unit["version"]}
    assert (await cared.api("PATCH", f"/organisations/{unit['id']}", admin, change))[0] == 200
    item = await cared.report(admin, DUMP)
    assert (item["handler"], item["caretaking"]) == ("望月服务中心", "兜底托管：海棠里没有物业公司")


async def test_a_caretaker_that_is_put_out_of_use_takes_nothing(cared: House) -> None:
    """Then the secretary decides as before, and the page says why."""
    admin = cared.token("admin")
    _, units = await cared.api("GET", "/organisations", admin)
    unit = next(one for one in units["items"] if one["name"] == "望月供水所")
    change = {"active": False, "version": unit["version"]}
    assert (await cared.api("PATCH", f"/organisations/{unit['id']}", admin, change))[0] == 200
    item = await cared.report(admin, DUMP)
    assert (item["stage"], item["handler"]) == ("new", None)
    page = await (await sit(cared, "secretary")).get("/console/care")
    assert "托管单位望月供水所已经停用" in page.text


async def test_the_caretaker_is_called_in_an_emergency_and_posts_like_a_company(cared: House) -> None:
    """Who takes the place of a company is on the duty list of its estate, and may post there."""

    def look(tx):
        reg = register(tx)
        unit = reg.organisation_names["望月供水所"]
        estate = reg.estate_names["海棠里"]
        called = {person.name for person, _, _ in duty_list.on_duty(tx, Scope(1, (estate.id,)))}
        return called, [one.name for one in publicity.own_estates(reg, unit.id)]

    called, posts = cared.office.store.look(look)
    assert "江工" in called
    assert posts == ["海棠里"]
