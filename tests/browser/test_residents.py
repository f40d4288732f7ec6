"""What residents and passers-by see, in a real browser: the board without a login, the phone pages, posters."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture
from tests.support import pictures

from redprop_bot.ports import Channel
from redprop_bot.store import demands, people

RESIDENT, NEIGHBOUR, MANAGER, SECRETARY = "demo-resident-1", "demo-resident-2", "hanlq", "shenxl"
BOARDS = (
    "/board/荷塘社区",
    "/board/荷塘社区/荷香苑",
    "/board/石桥社区",
    "/board/荷塘社区?open=",
    "/board/荷塘社区/posted/1",
)
MINE = ("/m/mine", "/m/report", "/m/near", "/m/me")


@contextmanager
def phone(browser, town, who, size=NARROW):
    """A page in the browser of somebody's phone, signed in."""
    with page_of(browser, town, "", size) as page:
        page.goto(f"/demo/phones/{who}/open?to=/m/mine")
        yield page


def orders(town, who):
    def job(tx):
        found = people.who(tx, Channel.OA, who)
        return demands.of_reporter(tx, found[0].id)

    return town.office.store.look(job)


def must_be_fit(page, size, path):
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    assert page.evaluate(AUDIT) == [], path


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_the_board_is_there_for_everybody(town, browser, size, large):
    """Without a login, at both widths, in both sizes of type; nothing sticks out, everything can be read and named."""
    town.say(RESIDENT, "3栋1单元门禁坏了")
    with page_of(browser, town, "", size) as page:
        for path in BOARDS:
            page.goto(path)
            if large and path == BOARDS[0]:
                page.click("text=大字")
                page.wait_for_url("**/board/**")
            assert page.evaluate("document.documentElement.className") == ("large" if large else "")
            must_be_fit(page, size, path)
            name = "-".join(("board", str(BOARDS.index(path)), "large" if large else "normal"))
            picture(page, name)
            tops = "all => new Set(all.map(e => e.getBoundingClientRect().top)).size"
            assert page.locator(".alarm a").evaluate_all(tops) <= 1, path
        assert page.locator("form").count() == 1  # the one for the size of type: nobody is asked who they are


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_the_phone_pages_fit(town, browser, large):
    """On a narrow screen, also in large type."""
    town.say(RESIDENT, "5栋楼道灯不亮")
    with phone(browser, town, RESIDENT) as page:
        if large:
            page.click("text=大字")
            page.wait_for_url("**/m/mine")
        for path in (*MINE, f"/m/orders/{orders(town, RESIDENT)[0].no}"):
            page.goto(path)
            for fold in page.locator("main details").all():
                fold.locator("summary").click()
            must_be_fit(page, NARROW, path)
            picture(page, f"phone-{path.split('/')[2]}-{'large' if large else 'normal'}")


def test_a_report_with_a_photo_goes_round_to_its_stars(town, browser, tmp_path):
    """Written into the form, seen by the unit, done, rated on the page: no word was said in chat by the resident."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(pictures.jpeg())
    with phone(browser, town, NEIGHBOUR) as page:
        page.click("main >> text=报一件事")
        page.fill("#text", "单元门关不上，风呼呼往里灌")
        page.fill("#building", "7")
        page.set_input_files("input[name=photo1]", file)
        page.click("text=交上去")
        page.wait_for_selector("h1:has-text('收到了')")
        picture(page, "phone-sent")
        order = orders(town, NEIGHBOUR)[0]
        assert (order.text, order.building) == ("单元门关不上，风呼呼往里灌", "7")
        page.click(f"text=看 {order.no}")
        assert page.locator(".pictures img").count() == 1
        town.say(MANAGER, f"{order.no} 修好了", work=True)
        page.reload()
        must_be_fit(page, NARROW, "rate")
        picture(page, "phone-rate")
        page.check("input[name=stars][value='5']")
        page.check("input[name=why][value='来得快']")
        page.fill("#reason", "谢谢师傅")
        page.click("text=交评价")
        page.wait_for_selector("text=谢谢您的评价")
    assert orders(town, NEIGHBOUR)[0].stars == 5


def test_a_wrong_file_costs_nothing_that_was_typed(town, browser, tmp_path):
    """The page says what is wrong, and the words are still there."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"<script>alert(1)</script>")
    with phone(browser, town, RESIDENT) as page:
        page.goto("/m/report")
        page.fill("#text", "写了很久的一段话")
        page.set_input_files("input[name=photo1]", file)
        page.click("text=交上去")
        page.wait_for_selector("#wrong")
        assert page.input_value("#text") == "写了很久的一段话"
        must_be_fit(page, NARROW, "refused")
        picture(page, "phone-refused")


def test_the_keyboard_goes_through_in_order(town, browser):
    """The first stop skips to the content; the next ones come as they stand, and each can be seen to be there."""
    with page_of(browser, town, "", WIDE) as page:
        page.goto(BOARDS[0])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        tops = []
        for _ in range(12):
            page.keyboard.press("Tab")
            top, outline = page.evaluate(
                "() => { const e = document.activeElement; return [e.getBoundingClientRect().top + scrollY, "
                "getComputedStyle(e).outlineStyle]; }"
            )
            tops.append(round(top))
            assert outline != "none"
        assert tops == sorted(tops)


def test_posters_are_printed_one_to_a_page(town, browser):
    """All of an estate in one go; as PDF each sheet is one page of A4."""
    with page_of(browser, town, SECRETARY, WIDE) as page:
        page.goto("/console/posters")
        picture(page, "posters")
        page.click("text=打印全部 >> nth=0")
        sheets = page.locator(".sheet").count()
        assert sheets == 9
        picture(page, "poster")
        data = page.pdf(prefer_css_page_size=True, print_background=True)
        assert data.count(b"/Type /Page\n") == sheets


def test_a_report_outlives_a_lost_connection(town, browser):
    """Nothing is sent without a network; where nobody answered the words are put back, and it is one report."""
    with phone(browser, town, NEIGHBOUR) as page:
        before = len(orders(town, NEIGHBOUR))
        page.goto("/m/report")
        page.fill("[name=text]", "单元门口的台阶松了一块")
        page.route("**/m/report", lambda route: route.abort("connectionrefused"))
        page.click("text=交上去")
        expect(page).to_have_url(re.compile("^chrome-error://"))
        page.unroute("**/m/report")
        page.goto("/m/report")
        page.get_by_text("填的放回来了").wait_for()
        assert page.input_value("[name=text]") == "单元门口的台阶松了一块"
        page.context.set_offline(True)
        page.click("text=交上去")
        page.get_by_text("网络断了").wait_for()
        page.context.set_offline(False)
        page.click("text=交上去")
        page.get_by_text("收到了").wait_for()
        assert len(orders(town, NEIGHBOUR)) == before + 1
        page.goto("/m/report")
        assert page.input_value("[name=text]") == ""


def test_a_house_on_the_same_machine_needs_no_network(town, browser):
    """A browser on a computer without a network says so; what answers all the same is sent to."""
    with phone(browser, town, NEIGHBOUR) as page:
        before = len(orders(town, NEIGHBOUR))
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', {get: () => false})")
        page.goto("/m/report")
        assert page.evaluate("navigator.onLine") is False
        page.fill("[name=text]", "单元门口的信箱锁坏了")
        page.click("text=交上去")
        page.get_by_text("收到了").wait_for()
        assert len(orders(town, NEIGHBOUR)) == before + 1


def test_the_code_on_a_poster_of_the_demo_is_scanned(town, browser):
    """Opened in a browser it is as if the first resident scanned it; a reload scans nothing again."""
    with page_of(browser, town, "") as page:
        page.goto("/demo?scan=building:荷香苑/5")
        page.get_by_text("扫了荷香苑 5栋的码").wait_for()
        assert page.url == f"{town.address}/demo"
