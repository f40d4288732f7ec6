"""整改 in a real browser: a secretary opens one, the company reports, it is re-checked and talked about, both widths."""

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

from redprop_bot.appraise import rectification
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.store import rectifications

SECRETARY = "shenxl"


@pytest.fixture(scope="module")
def opened(town, browser):
    """One that a secretary has opened on the page and the company has reported; its address."""
    with page_of(browser, town, SECRETARY) as page:
        page.goto("/console/rectifications")
        page.fill("#items", "东门道闸修好，抬杆不卡\n垃圾房每天冲洗，地面没有积水")
        page.fill("#reason", "11 月检查看到的")
        page.click("form.card button.main")
        page.wait_for_selector("text=公司负责人马上会收到")
        address = page.url.removeprefix(town.address).partition("?")[0]

    def said(tx):
        row = rectifications.one(tx, int(address.rpartition("/")[2]))
        unit = Hand(Reviewer("经理"), frozenset({row.organisation_id}))
        rectification.report(tx, row, unit, text="道闸换了电机，垃圾房装了水管，每天早上七点冲")

    town.office.store.run(said)
    with page_of(browser, town, SECRETARY) as page:
        page.goto(address)
        page.fill("#cwhy", "垃圾房地面还有积水")
        page.click("#check button[value=fail]")
        page.wait_for_selector("text=公司会收到新的日子")
    return address


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_are_read_on_both_widths(town, browser, opened, size):
    """Nothing runs out of the page, everything has a name."""
    with page_of(browser, town, SECRETARY, size) as page:
        for path, name in (("/console/rectifications", "list"), (opened, "one")):
            assert page.goto(path).status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
            assert page.evaluate(AUDIT) == [], path
            picture(page, f"rectifications-{name}")
