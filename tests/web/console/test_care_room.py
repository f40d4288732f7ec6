"""`/console/care`, and why a caretaker has an order, where a demand says which row answers it."""

import pytest
from tests.web.conftest import ROSTER, House
from tests.web.console.conftest import Browser, sit

from redprop_bot.registry.importing import import_data

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
