"""黑名单 and 退出 in a real browser: begun on the page, heard, taken a step further; both widths."""

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

from redprop_bot.appraise import sanctions as steps
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.store import sanctions

SECRETARY = "shenxl"


@pytest.fixture(scope="module")
def opened(town, browser):
    """One that a secretary has begun on the page, the company has answered, and one step of which was taken."""
    with page_of(browser, town, SECRETARY) as page:
        page.goto("/console/sanctions")
        page.fill("#reason", "一半以上的住户签字要求换物业，签名册在社区")
        page.click("form.card button.main")
        page.wait_for_selector("text=公司负责人马上会收到")
        address = page.url.removeprefix(town.address).partition("?")[0]

    def said(tx):
        row = sanctions.one(tx, int(address.rpartition("/")[2]))
        unit = Hand(Reviewer("经理"), frozenset({row.organisation_id}))
        steps.answer(tx, row, unit, text="愿意整改，请给三个月，换了项目经理和保洁队伍")

    town.office.store.run(said)
    with page_of(browser, town, SECRETARY) as page:
        page.goto(address)
        page.fill("#dwhy", "签名册核过了，请业主大会表决")
        page.click("#decide button[value=go]")
        page.wait_for_selector("text=定了，公司会收到理由")
        page.fill("#stext", "320 户参加，面积过三分之二，280 户同意")
        page.click("#step button")
        page.wait_for_selector("text=记下了，公司会收到")
    return address


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_are_read_on_both_widths(town, browser, opened, size):
    """Nothing runs out of the page, everything has a name."""
    with page_of(browser, town, SECRETARY, size) as page:
        for path, name in (("/console/sanctions", "list"), (opened, "one")):
            assert page.goto(path).status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
            assert page.evaluate(AUDIT) == [], path
            picture(page, f"sanctions-{name}")
