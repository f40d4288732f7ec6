"""The room of statistics: who sees whose figures, every figure leads to its orders, what is taken along is masked."""

import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from docx import Document
from openpyxl import load_workbook
from tests.web.conftest import House
from tests.web.console.conftest import Browser, reported, sit

PHONE, NAME, ROOM = "13912345678", "欧阳明月", "1203"
FILES = ("figures.xlsx", "figures.csv", "orders.xlsx", "orders.csv", "report", "report.docx")


@pytest.fixture
async def busy(small_house: House) -> House:
    """Five orders: two closed, one done, one with its unit, and a complaint about that unit."""
    admin = small_house.token("admin")
    nos = [
        await reported(small_house),
        await reported(small_house, "海棠苑1栋门口垃圾没人收"),
        await reported(
            small_house, f"我叫{NAME}，海棠苑3栋2单元{ROOM}室水管漏水，电话{PHONE}", room=ROOM, phone=PHONE
        ),
        await reported(small_house, "海棠苑5栋楼道灯不亮"),
    ]
    for no in nos:
        await small_house.act(admin, no, "dispatch", to="春晖物业")
    for no in nos[:3]:
        await small_house.act(admin, no, "accept")
        await small_house.act(admin, no, "fulfil", note="修好了")
    for no in nos[:2]:
        await small_house.act(admin, no, "close", reason="solved")
    await reported(
        small_house, f"我要投诉物业乱收费，我是{NAME}，电话{PHONE}", intent="complaint", estate="海棠苑"
    )
    return small_house


def numbers(answer) -> dict[str, str]:
    """The big figures of the page by their title."""
    return {tile.h2.text: tile.select_one(".figure a").text for tile in answer.soup.select(".tiles li")}


async def test_every_figure_leads_to_its_orders(busy: House) -> None:
    """Behind each number on the page stand as many orders as it says; behind each rate its denominator."""
    secretary = await sit(busy, "secretary")
    page = await secretary.get("/console/figures")
    assert numbers(page)["进来"] == "5"
    followed = 0
    for link in page.soup.select('main a[href^="/console/demands?"]'):
        said = link.text.strip()
        count = re.fullmatch(r"(?:差 )?(\d+)(?: 件| 次)?", said) or re.search(r"（\d+/(\d+)）", said)
        if count is None or int(count[1]) > 30:
            continue
        if "not_" in link["href"]:
            wanted = re.search(r"（(\d+)/(\d+)）", said)
            number = int(wanted[2]) - int(wanted[1]) if wanted else int(count[1])
        else:
            number = int(count[1])
        rows = (await secretary.get(link["href"])).soup.select("tr[data-row]")
        assert len(rows) == number, (said, link["href"])
        followed += 1
    assert followed > 25


async def test_the_list_says_which_figure_it_is_about(busy: House) -> None:
    """The list from a figure says so, keeps it through another filter, and offers the way to everything."""
    secretary = await sit(busy, "secretary")
    answer = await secretary.get("/console/demands?figure=closed&from=2026-11-01&to=2026-11-30&category=elevator")
    assert "2026年11月1日到11月30日办结的" in answer.said
    kept = {field["name"]: field["value"] for field in answer.soup.select(".filters input[type=hidden]")}
    assert kept == {"figure": "closed", "from": "2026-11-01", "to": "2026-11-30"}
    assert len(answer.soup.select("tr[data-row]")) == 1
    nonsense = await secretary.get("/console/demands?figure=drop&from=2026-11-01&to=<script>")
    assert nonsense.status == 200
    assert nonsense.said == ""


async def test_who_sees_whose(busy: House) -> None:
    """Another community and another's unit see none of it, whatever they ask for; a unit sees what it was given."""
    other = await sit(busy, "other")
    for query in ("", "?community=海棠社区", "?estate=海棠苑"):
        answer = await other.get(f"/console/figures{query}")
        assert "这一段还没有单子" in answer.text
        assert "海棠" not in answer.soup.h1.text
    unit = await sit(busy, "provider")
    page = await unit.get("/console/figures?unit=别家&community=银杏社区")
    assert numbers(page)["进来"] == "4"  # not the complaint about itself
    assert page.soup.select(".filters select") == []
    assert "各单位" not in page.text
    street = await sit(busy, "street")
    assert numbers(await street.get("/console/figures?community=海棠社区"))["进来"] == "5"
    assert "这一段还没有单子" in (await street.get("/console/figures?community=银杏社区")).text


@pytest.mark.parametrize("name", FILES)
async def test_nobody_without_a_seat_takes_anything(small_house: House, name: str) -> None:
    """The door comes first."""
    answer = await Browser(small_house).get(f"/console/figures/{name}")
    assert answer.status == 302
    assert "/console/login" in answer.headers["Location"]


async def test_what_is_taken_along_opens_and_names_nobody(busy: House) -> None:
    """Orders and report hold no name, phone or room, for whoever takes them; numbers are those of the page."""
    for who in ("admin", "secretary", "provider", "viewer"):
        browser = await sit(busy, who)
        texts = {name: await text_of(browser, name) for name in FILES}
        for name, text in texts.items():
            for secret in (PHONE, NAME, ROOM, PHONE[-8:]):
                assert secret not in text, (who, name)
        assert texts["orders.csv"].count("D20261125-") == (4 if who == "provider" else 5)
        assert "海棠苑3栋" in texts["orders.xlsx"]
        assert "水管漏水" not in texts["orders.xlsx"]  # words of people stay where they are


async def text_of(browser: Browser, name: str) -> str:
    """Everything that can be read in a file."""
    data = await raw(browser, f"/console/figures/{name}")
    if name.endswith("xlsx"):
        book = load_workbook(io.BytesIO(data))
        return "\n".join(str(value) for sheet in book for row in sheet.values for value in row)
    if name.endswith("docx"):
        made = Document(io.BytesIO(data))
        cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])
    if name.endswith("csv"):
        assert data.startswith(b"\xef\xbb\xbf")
    return data.decode("utf-8")


async def raw(browser: Browser, path: str) -> bytes:
    browser.house.client.session.cookie_jar.clear()
    async with browser.house.client.get(path, cookies=browser.jar) as response:
        assert response.status == 200
        return await response.read()


async def test_an_empty_month_and_a_wrong_one(busy: House) -> None:
    """Nothing there is said in a sentence; days that cannot be are said so beside this month."""
    secretary = await sit(busy, "secretary")
    empty = await secretary.get("/console/figures?period=2024-02")
    assert "这一段还没有单子" in empty.text
    wrong = await secretary.get("/console/figures?from=2026-11-20&to=2026-11-01")
    assert (wrong.status, "这段日子看不了" in wrong.said) == (200, True)
    assert numbers(wrong)["进来"] == "5"
    assert (await secretary.get("/console/figures/report?period=2026-99")).status == 422
    script = await secretary.get("/console/figures?estate=<script>alert(1)</script>&unit='><b>")
    assert "<script>alert" not in script.text


async def test_the_way_through_the_months(busy: House) -> None:
    """Back to October and on again; the choice of an estate goes along."""
    secretary = await sit(busy, "secretary")
    page = await secretary.get("/console/figures?estate=海棠苑")
    back = page.soup.select_one("a[rel=prev]")["href"]
    assert parse_qs(urlsplit(back).query) == {"period": ["2026-10"], "estate": ["海棠苑"]}
    october = await secretary.get(back)
    assert "2026年10月" in october.soup.h1.text
    onward = october.soup.select_one("a[rel=next]")["href"]
    assert numbers(await secretary.get(onward))["进来"] == "5"


async def test_the_report_of_a_unit_is_the_units(busy: House) -> None:
    """Its name stands on it and not that of whoever sits there; its sections are counted as they stand."""
    unit = await sit(busy, "provider")
    assert (await unit.get("/console/figures")).soup.h1.text.startswith("春晖物业 ")
    page = (await unit.get("/console/figures/report")).soup
    assert page.h1.text == "春晖物业群众诉求办理情况月报"
    assert page.select_one(".signed").text.startswith("春晖物业")
    assert [head.text for head in page.select("h2")] == ["一、总的情况", "二、各类事", "三、集中在哪里"]
    word = await text_of(unit, "report.docx")
    assert "春晖物业群众诉求办理情况月报" in word
    assert "二、各类事" in word


async def test_every_value_of_the_report_says_what_it_is(busy: House) -> None:
    """On a phone rows are cards: each value has the head of its column with it."""
    page = (await (await sit(busy, "secretary")).get("/console/figures/report")).soup
    for table in page.select("table"):
        heads = [head.text for head in table.select("th")]
        for row in table.select("tbody tr"):
            assert [cell["data-head"] for cell in row.select("td")] == heads
    assert [head.text[:2] for head in page.select("h2")] == ["一、", "二、", "三、", "四、"]


async def test_nothing_is_said_in_words(busy: House) -> None:
    """No dash, and no “none” that sounds like nothing done in time: a rate of nothing says what there was none of."""
    secretary = await sit(busy, "secretary")
    page = (await secretary.get("/console/figures?period=2026-12")).soup
    tiles = {tile.h2.text: tile.select_one(".figure").text for tile in page.select(".tiles li")}
    assert tiles["进来"] == "0 件"
    assert {tiles[name] for name in ("响应率", "解决率")} == {"没有到期的"}
    assert tiles["满意率"] == "没有人评"
    this_month = (await secretary.get("/console/figures")).soup.select_one(".tiles").text
    assert "还没有人评" in this_month
    assert "上期 没有到期的" in this_month
    report = (await secretary.get("/console/figures/report?period=2026-12")).soup
    assert "响应率：没有到期的；解决率：没有到期的；满意率：没有人评。" in report.text
    assert "—" not in "".join(sentence.text for sentence in report.select("main p"))


async def test_the_chart_is_as_wide_as_its_page(busy: House) -> None:
    """Bars stand by parts of the width: a phone shows the whole month, in letters of the same size."""
    chart = (await (await sit(busy, "secretary")).get("/console/figures")).soup.select_one("svg.chart")
    assert not chart.has_attr("viewbox")
    assert [one["x"][-1] + one["width"][-1] for one in chart.select("rect")] == ["%%", "%%"]
