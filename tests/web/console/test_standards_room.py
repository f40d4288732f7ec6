"""The room of 示范创建: opened, marked, handed in and decided by its pages; who may not has no form."""

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
    assert (refused.status, "要写上证据" in refused.said) == (422, True)
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
