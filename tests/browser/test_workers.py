"""社区工作者考核 in a real browser: the secretary writes an assessment, the worker answers; both widths."""

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

SECRETARY, GRID = "shenxl", "dingym"


@pytest.fixture(scope="module")
def written(town, browser):
    """A visit this month, and an assessment of the last one with its answer; the address of the sheet."""
    assert "记下" in town.say(GRID, "走访荷香苑2栋1单元301周奶奶家，身体挺好", work=True)
    assert "走访：" in town.say(GRID, "我这个月的工作", work=True)
    with page_of(browser, town, SECRETARY) as page:
        page.goto("/console/workers")
        page.click("text=丁一鸣")
        address = page.url.removeprefix(town.address)
        page.select_option("#level", "competent")
        page.fill("#reason", "走访都记下了，答应居民的事回得快一点更好")
        page.click("text=记下")
        page.wait_for_selector("text=本人会收到")
    with page_of(browser, town, GRID) as page:
        page.goto(address)
        page.fill("#text", "知道了，下个月每天下班前回一遍")
        page.click("button:has-text('说一次')")
        page.wait_for_selector("text=考核人会收到")
    return address


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_are_read_on_both_widths(town, browser, written, size):
    """Nothing runs out of the page, and everything has a name."""
    sheet = written.partition("?")[0]
    with page_of(browser, town, SECRETARY, size) as page:
        for path, name in (
            ("/console/workers", "list"),
            (written, "assessed"),
            (f"{sheet}?period=2026", "year"),
        ):
            assert page.goto(path).status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
            assert page.evaluate(AUDIT) == [], path
            picture(page, f"workers-{name}")
