"""Meetings in a real browser: from the form that calls one to frozen minutes, on wide and narrow screens and phones."""

import re

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

from redprop_bot.store import meetings

SECRETARY, MANAGER, RESIDENT = "shenxl", "hanlq", "demo-resident-1"
REPORTER = "of-the-wall"  # the demo is shared: whoever reports here has nothing else under way


@pytest.fixture(scope="module")
def meeting(town):
    """A joint meeting with something on its table; its number."""
    town.say(REPORTER, "荷香苑5栋3单元外墙掉瓷砖，砸到人怎么办")
    reported = town.say(REPORTER, "办到哪了")
    no = re.search(r"D\d{8}-\d{4,}", reported)[0]
    tabled = town.say(SECRETARY, f"提级 {no}，维修资金不够", work=True)
    assert f"{no} 已提级" in tabled
    town.say("demo-resident-2", "荷香苑提议题：东门晚上能不能留个小门")
    town.say(SECRETARY, "立项：老旧管网攻坚，禾润物业牵头，12月31日前", work=True)
    town.say(SECRETARY, "下周五上午九点半开听证会，社区三楼会议室，议题停车收费、充电棚选址", work=True)
    found = town.office.store.look(lambda tx: meetings.page(tx, kind="hearing", limit=1))
    return found[0].no


def _fits(page, size, name):
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    assert page.evaluate(AUDIT) == [], name
    picture(page, name)


def test_a_meeting_is_led_through_its_room(town, browser, meeting):
    """Decide about what is on the table, tick somebody off, put to the vote, write and approve: seen at both widths."""
    path = f"/console/meetings/{meeting}"
    with page_of(browser, town, SECRETARY) as page:
        page.goto(path)
        page.fill("#topic", "小区监控补盲")
        page.get_by_role("button", name="加上").click()
        page.wait_for_selector("text=小区监控补盲")
        box = page.locator('#decided input[name="demands"]').first
        box.check()
        page.fill("#text", "外墙由物业月底前排险，先围挡再修")
        page.select_option("#handler", "禾润物业")
        page.get_by_role("button", name="记下这条决议").click()
        page.wait_for_selector("#decided ol li")
        assert "禾润物业" in page.inner_text("#decided")
        for text in ("三栋立管换新，先换漏得最厉害的", "写错的一条"):
            page.fill("#text", text)
            page.select_option("#project", index=1)
            page.fill("#owner", "禾润物业")
            page.get_by_role("button", name="记下这条决议").click()
            page.wait_for_selector(f"#decided ol li:has-text('{text}')")
        assert "老旧管网攻坚第1条措施" in page.inner_text("#decided")
        wrong = page.locator("#decided ol li:has-text('写错的一条')")
        wrong.get_by_text("记错了").click()
        wrong.get_by_label("哪里错了").fill("会上没有这么定")
        wrong.get_by_role("button", name="撤回这一条").click()
        page.wait_for_selector("text=撤回了")
        assert "写错的一条" not in page.inner_text("#decided")
        while page.locator('#members button:has-text("到了")').count():
            with page.expect_navigation():
                page.locator('#members button:has-text("到了")').first.click()
        page.fill("#vote-text", "充电棚建在北门")
        page.get_by_role("button", name="开始表决").click()
        page.wait_for_selector("text=正在表决")
        page.fill("#remarks", "请各单位会后一周内报落实情况。")
        page.get_by_role("button", name="起草纪要").click()
        page.wait_for_selector("#minutes h3")
    for size in (WIDE, NARROW):
        with page_of(browser, town, SECRETARY, size) as page:
            for name, where in (("list", "/console/meetings"), ("new", "/console/meetings/new"), ("one", path)):
                assert page.goto(where).status == 200
                _fits(page, size, f"meeting-{name}")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["390", "1280"])
def test_the_phone_page_and_the_board(town, browser, meeting, size):
    """Who was invited votes there; everybody else reads what is public; the board shows the quarters."""
    with page_of(browser, town, MANAGER, size) as page:
        assert page.goto(f"/m/meetings/{meeting}").status == 200
        page.wait_for_selector("#agenda")
        _fits(page, size, "meeting-phone-member")
        if page.get_by_role("button", name="赞成").count():
            page.get_by_role("button", name="赞成").click()
            page.wait_for_selector("text=记下了")
    with page_of(browser, town, "", size) as page:
        assert page.goto(f"/m/meetings/{meeting}").status == 200
        _fits(page, size, "meeting-phone-public")
        assert page.goto("/board/荷塘社区").status == 200
        _fits(page, size, "meeting-board")
