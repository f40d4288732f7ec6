"""An activity in real browsers: planned at the console, signed up and checked in on a phone, counted in the ledger."""

import re
from datetime import timedelta

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture
from tests.browser.test_residents import must_be_fit, phone

from redprop_bot.store import activities, people
from redprop_bot.volunteers import ledger

SECRETARY, RESIDENT = "shenxl", "demo-resident-1"
RENEWAL = re.compile(r'<meta http-equiv="refresh"[^>]*>')


def newest(town):
    return town.office.store.look(lambda tx: activities.page(tx, communities=None, limit=1))[0]


@pytest.fixture(scope="module")
def planned(town, browser):
    """An activity that is on now, planned in the form."""
    now = town.office.clock.now().astimezone(town.office.content.zone)
    with page_of(browser, town, SECRETARY) as page:
        page.goto("/console/activities/new")
        page.fill("#title", "清理楼道")
        page.fill("#starts_at", (now - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))
        page.fill("#ends_at", (now + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))
        page.fill("#place", "荷香苑3栋楼下")
        page.fill("#capacity", "30")
        page.fill("#points", "20")
        page.click("text=排上")
        page.wait_for_selector("h1:has-text('清理楼道')")
    return newest(town)


def still(screen) -> None:
    """The page with the digits renews itself; without that, what leaves it does not cross its own renewal."""

    def without_renewal(route):
        answer = route.fetch()
        body = answer.text()
        assert RENEWAL.search(body)
        route.fulfill(response=answer, body=RENEWAL.sub("", body))

    screen.route("**/code", without_renewal)


def test_from_the_button_to_the_points(town, browser, planned):
    """Signed up by a tap; the six digits are read off the big screen; the points stand on the phone."""

    def balance() -> int:
        return town.office.store.look(lambda tx: ledger.balance(tx, people.called(tx, RESIDENT).id))

    before = balance()
    with phone(browser, town, RESIDENT) as mine, page_of(browser, town, SECRETARY) as screen:
        still(screen)
        screen.goto(f"/console/activities/{planned.no}/code")
        digits = screen.locator(".digits").inner_text().replace(" ", "")
        mine.goto("/m/activities")
        must_be_fit(mine, NARROW, "/m/activities")
        picture(mine, "phone-activities")
        mine.click("text=清理楼道")
        must_be_fit(mine, NARROW, "activity")
        picture(mine, "phone-activity")
        mine.click("text=我要报名")
        mine.wait_for_selector("text=报上了")
        mine.fill("#code", "000000" if digits != "000000" else "111111")
        mine.click("button:has-text('签到')")
        mine.wait_for_selector("text=这个码不对")
        mine.fill("#code", digits)
        mine.click("button:has-text('签到')")
        mine.wait_for_selector("text=已签到")
        picture(mine, "phone-activity-here")
        must_be_fit(mine, NARROW, "activity")
        mine.fill("#code", digits)
        mine.click("button:has-text('签退')")
        mine.wait_for_selector("text=已签退")
        screen.goto(f"/console/activities/{planned.no}")
        for reason, button in (("等会儿重新记", "没来，撤掉"), ("全程都在，手机没电", "补签全程")):
            screen.fill("td input[name=reason]", reason)
            screen.click(f"text={button}")
            screen.wait_for_selector("text=存好了")
        mine.goto("/m/points")
        must_be_fit(mine, NARROW, "/m/points")
        picture(mine, "phone-points")
    assert balance() - before == 20  # a few seconds were worth nothing; the organiser set it right


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_the_rooms_fit(town, browser, planned, size):
    """Calendar, form, one activity with its list, the big code, the ledger: at both widths, for everybody."""
    with page_of(browser, town, SECRETARY, size) as page:
        still(page)
        for name, path in (
            ("calendar", "/console/activities"),
            ("new", "/console/activities/new"),
            ("one", f"/console/activities/{planned.no}"),
            ("code", f"/console/activities/{planned.no}/code"),
            ("points", "/console/points"),
        ):
            assert page.goto(path).status == 200
            for fold in page.locator("main details").all():
                fold.locator("summary").click()
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
            assert page.evaluate(AUDIT) == [], path
            picture(page, f"activities-{name}")
