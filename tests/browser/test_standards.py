"""示范创建 in a real browser: a secretary marks and hands in, the board shows what has passed, both widths."""

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

from redprop_bot.appraise import grants
from redprop_bot.appraise import standards as steps
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.registry.register import register
from redprop_bot.store import projects

SECRETARY = "shenxl"


@pytest.fixture(scope="module")
def opened(town, browser):
    """A trial acceptance and a standard that has come past its first two levels; the address of the latter."""
    assert "荷香苑七有创建开了" in town.say(SECRETARY, "创建荷香苑七有", work=True)
    assert "晨曦公寓五有创建开了" in town.say(SECRETARY, "晨曦公寓创建五有", work=True)
    with page_of(browser, town, SECRETARY) as page:
        page.goto("/console/standards")
        page.click("text=荷香苑　七有")
        address = page.url.removeprefix(town.address)
        for item in range(1, 8):
            page.fill(f"#note{item}", "11月20日上午去看过，值班表在门岗")
            page.click(f"#i{item} button[value=met]")
            page.wait_for_url(f"**#i{item}")
        page.fill("#reason", "七条都看过了")
        page.click("#decide button[value=pass]")
        page.wait_for_selector("text=下一级的人会收到")
        page.fill("#reason", "社区党委看过，同意")
        page.click("#decide button[value=pass]")
        page.wait_for_selector("text=由街道来定")
    return address


@pytest.fixture(scope="module")
def passed(town, opened):
    """A third one that came all the way and was given money; its address."""

    def job(tx):
        reg, who = register(tx), Reviewer("管理员", communities=None, street=True)
        estate = reg.estate_names["荷香苑"]
        one = steps.open_application(tx, tx.content.standards.of("trial"), estate, who)
        for item in range(1, 6):
            steps.marked(tx, one, who, position=item, mark="met", note="照着看过", links=["https://x.cn/1"])
        for level in ("self", "community", "street"):
            one = steps.decide(tx, one, who, level=level, outcome="pass", reason="看过，同意")
        home = projects.page(tx, communities=[estate.community_id], limit=1)
        if home:
            grants.give(tx, one, who, project=home[0].no, source="示范奖补", yuan=50000)
        return one.id

    assert opened
    return f"/console/standards/{town.office.store.run(job)}"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_are_read_on_both_widths(town, browser, opened, passed, size):
    """Nothing runs out of the page, everything has a name; the board shows the level and the day."""
    width = size["width"]
    with page_of(browser, town, "admin", size) as page:
        other = page.goto("/console/standards") and page.get_attribute("text=晨曦公寓　五有", "href")
        for path, name in (
            ("/console/standards", "list"),
            (opened, "street"),
            (other, "self"),
            (passed, "passed"),
        ):
            assert page.goto(path).status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(AUDIT) == [], path
            picture(page, f"standards-{name}")
        assert page.goto("/board/荷塘社区").status == 200
        text = page.inner_text('[aria-labelledby="s-reviewed"]')
        assert "社区评审通过" in text
        assert "沈秀兰" not in text
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture(page, "standards-board")
