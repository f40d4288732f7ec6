"""The room of 示范创建: opened, marked, handed in and decided by its pages; who may not has no form."""

from aiohttp import FormData
from tests.support import pictures
from tests.web.console.conftest import sit

PATH = "/console/standards"


async def _opened(secretary, **more):
    await secretary.get(PATH)
    answer = await secretary.post(PATH, {"estate": "海棠苑", "standard": "seven", **more})
    assert answer.status == 303, answer.said
    return answer.headers["Location"].partition("?")[0]


async def _mark(browser, page, item, **more):
    return await browser.post(f"{page}/act", {"act": "mark", "item": str(item), "mark": "met", **more})


async def test_from_the_list_to_the_last_level(secretary, small_house):
    """The secretary opens, marks and hands in; the street sends back, then passes; the district's is written down."""
    page = await _opened(secretary)
    answer = await secretary.get(page)
    assert "海棠苑办结 0 件（需求清单" in answer.text
    refused = await _mark(secretary, page, 1, note="")
    assert (refused.status, "要有证据" in refused.said) == (422, True)
    refused = await _mark(secretary, page, 1, note="值班表", links="ftp://x")
    assert refused.status == 422
    assert refused.soup.select_one("#note1").text == "值班表"  # what was typed is there again
    assert refused.soup.select_one("#links1").text == "ftp://x"
    await secretary.get(page)
    answer = await _mark(secretary, page, 1, note="值班表在门岗", links="https://x.cn/1\nhttps://x.cn/2")
    assert (answer.status, answer.headers["Location"].endswith("#i1")) == (303, True)
    refused = await secretary.post(f"{page}/act", {"act": "pass", "level": "self", "round": "1"})
    assert (refused.status, "还有 5 条没看" in refused.said) == (409, True)
    await secretary.get(page)
    for item in range(2, 8):
        assert (await _mark(secretary, page, item, note="看过")).status == 303
    for level in ("self", "community"):
        form = {"act": "pass", "level": level, "round": "1", "reason": "都看过了"}
        assert (await secretary.post(f"{page}/act", form)).status == 303
    answer = await secretary.get(page)
    assert answer.soup.select("#decide") == []
    assert answer.soup.select('input[name="item"]') == []
    assert "由街道来定" in answer.text
    assert [a["href"] for a in answer.soup.select("#i1 a")] == ["https://x.cn/1", "https://x.cn/2"]

    street = await sit(small_house, "street")
    await street.get(page)
    form = {"act": "return", "level": "street", "round": "1", "reason": "监控只有两处"}
    assert (await street.post(f"{page}/act", form)).status == 303
    assert (await street.post(f"{page}/act", form)).status == 409  # the page of the round before
    answer = await secretary.get(page)
    assert "监控只有两处" in answer.soup.select_one(".timeline").text
    for level in ("self", "community"):
        form = {"act": "pass", "level": level, "round": "2", "reason": "补上了"}
        assert (await secretary.post(f"{page}/act", form)).status == 303
    await street.get(page)
    form = {"act": "pass", "level": "street", "round": "2", "reason": "可以"}
    assert (await street.post(f"{page}/act", form)).status == 303
    answer = await street.get(page)
    assert answer.soup.select_one("#by") is not None
    form = {"act": "pass", "level": "district", "round": "2", "reason": "现场看过", "by": "区委组织部张科长"}
    assert (await street.post(f"{page}/act", form)).status == 303
    answer = await street.get(page)
    assert "区委组织部张科长定的，street代记" in answer.text
    assert answer.soup.select(f'form[action="{page}/act"]') == []
    assert "通过了" in (await street.get(f"{PATH}?state=passed")).soup.select_one("tbody").text


async def test_who_may_not_has_no_form(secretary, small_house):
    """A clerk looks, a unit does not; another community finds nothing; the trail leads to it."""
    page = await _opened(secretary)
    clerk = await sit(small_house, "clerk")
    answer = await clerk.get(page)
    assert (answer.status, answer.soup.select(f'form[action="{page}/act"]')) == (200, [])
    assert (await _mark(clerk, page, 1, note="看过")).status == 403
    unit = await sit(small_house, "provider")
    assert (await unit.get(PATH)).status == 403
    other = await sit(small_house, "other")
    assert (await other.get(page)).status == 404
    street = await sit(small_house, "street")
    assert (await street.get(PATH)).soup.select("#estate") == []  # each community has a secretary of its own
    assert (await secretary.get(PATH)).soup.select_one("#estate").text == "海棠苑海棠里"
    await other.get(PATH)
    refused = await other.post(PATH, {"estate": "海棠苑", "standard": "six"})
    assert (refused.status, "海棠苑" in refused.said) == (422, True)
    rows = (await secretary.get("/console/audit")).soup.select("tbody tr")
    assert [(row.select("td")[2].text, row.a["href"]) for row in rows if row.a and "示范创建" in row.a.text] == [
        ("开了", page)
    ]


async def test_one_is_called_off_with_a_reason(secretary):
    """It is over then, and another may be opened."""
    page = await _opened(secretary)
    twice = await secretary.post(PATH, {"estate": "海棠苑", "standard": "seven"})
    assert (twice.status, "已经在创建七有了" in twice.said) == (409, True)
    await secretary.get(page)
    assert (await secretary.post(f"{page}/act", {"act": "stop", "reason": "开错了小区"})).status == 303
    assert (await secretary.get(page)).soup.select(f'form[action="{page}/act"]') == []
    assert await _opened(secretary) != page


async def test_a_picture_proves_an_item(secretary, small_house):
    """It is cleaned, seen by the community and the street alone; taken down, what it alone proved is open again."""
    page = await _opened(secretary)
    await secretary.get(page)

    async def send(data: bytes, item: int = 1):
        form = FormData()
        form.add_field("_mark", secretary.mark)
        form.add_field("item", str(item))
        form.add_field("file", data, filename="photo.jpg", content_type="image/jpeg")
        return await secretary._take("POST", f"{page}/photos", form, {})

    assert (await send(b"<script>alert(1)</script>")).status == 422
    await secretary.get(page)
    assert (await send(pictures.jpeg(), 99)).status == 422
    await secretary.get(page)
    assert (await send(pictures.jpeg())).status == 303
    address = (await secretary.get(page)).soup.select_one("#i1 img")["src"]
    assert (await secretary.get(address)).status == 200
    await secretary.get(page)
    assert (await _mark(secretary, page, 1)).status == 303  # no words needed
    clerk, unit, other = [await sit(small_house, who) for who in ("clerk", "provider", "other")]
    assert (await clerk.get(address)).status == 200
    for who in (unit, other):
        assert (await who.get(address)).status == 404
    _, seen = await small_house.api("GET", page.replace("/console", ""), small_house.token("admin"))
    assert [one.endswith(address) for one in seen["items"][0]["photos"]] == [True]
    await secretary.get(page)
    for _ in range(4):
        assert (await send(pictures.jpeg())).status == 303
    many = await send(pictures.jpeg())
    assert (many.status, "最多放 5 张" in many.said) == (409, True)
    await secretary.get(page)
    shown = (await secretary.get(page)).soup.select("#i1 img")
    for image in shown:
        assert (await secretary.post(f"{image['src']}/drop")).status == 303
    answer = await secretary.get(page)
    assert (answer.soup.select("#i1 img"), answer.soup.select_one("#i1 .tag").text) == ([], "还没看")
    assert (await secretary.get(address)).status == 404


async def test_the_street_enters_a_grant_on_the_page(secretary, small_house):
    """After the last level; the page shows what the project spends of it, and takes back what was wrong."""
    page = await _opened(secretary, standard="trial")
    street = await sit(small_house, "street")
    for item in range(1, 6):
        await secretary.get(page)
        await _mark(secretary, page, item, note="看过")
    for who, level in ((secretary, "self"), (secretary, "community"), (street, "street")):
        await who.get(page)
        form = {"act": "pass", "level": level, "round": "1", "reason": "看过"}
        assert (await who.post(f"{page}/act", form)).status == 303
    assert "先去立项" in (await street.get(page)).soup.select_one("#grants").text
    admin = small_house.token("admin")
    _, made = await small_house.api("POST", "/projects", admin, {"title": "门岗改造", "community": "海棠社区"})
    await street.get(page)
    form = {"act": "grant", "project": made["no"], "source": "示范奖补", "amount": "很多"}
    refused = await street.post(f"{page}/act", form)
    assert (refused.status, refused.soup.select_one("#source")["value"]) == (422, "示范奖补")
    await street.get(page)
    assert (await street.post(f"{page}/act", {**form, "amount": "50000"})).status == 303
    card = (await secretary.get(page)).soup.select_one("#grants")
    assert "示范奖补 50,000.00 元" in card.text
    assert "花了多少不知道" in card.text
    assert card.select("form") == []
    await street.get(page)
    assert (await street.post(f"{page}/act", {"act": "ungrant", "grant": "1", "reason": "记错了"})).status == 303
    assert "已撤回" in (await street.get(page)).soup.select_one("#grants").text
