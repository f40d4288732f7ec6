"""The console in a real browser: the whole loop, live changes, keys, widths, and what people with other eyes need."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

from redprop_bot.appraise import survey
from redprop_bot.registry.register import register
from redprop_bot.store import demands, sifting
from redprop_bot.store.tables import Demand
from redprop_bot.web.console.rooms import ALL

SECRETARY, MANAGER, RESIDENT = "shenxl", "hanlq", "demo-resident-1"

PLACES = sorted(
    {
        way.path
        for room in ALL
        for way in room.ways
        if way.method == "GET" and "{" not in way.path and "." not in way.path
    }
)
PLACES = [p for p in PLACES if p not in ("/console/settings/file", "/console/settings/reply")]


@pytest.fixture(scope="session")
def busy(town):
    """A town in which something is going on; the number of a lift that stands."""
    for text in ("3栋2单元电梯又不走了，老人下不了楼", "楼下垃圾桶满了没人收", "我要投诉物业，报了三次都没人来"):
        town.say(RESIDENT, text)
    town.say("demo-resident-2", "楼道堵了，电瓶车在充电，冒烟了！")
    town.say("tianye", "我周末可以帮老人修家电", work=True)
    town.say("demo-resident-2", "我想找个人工聊聊")
    return next(d.no for d in town.office.store.look(lambda tx: sifting.search(tx, sifting.Scope(), q="电梯")))


def stage(town, no):
    return town.office.store.look(lambda tx: demands.by_no(tx, no)).stage


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
@pytest.mark.parametrize("who", ["admin", SECRETARY, MANAGER])
def test_every_page_fits_and_can_be_used_by_everybody(town, browser, busy, who, size):
    """No page is wider than the screen; fields have labels, words contrast, ids are single, headings there."""
    with page_of(browser, town, who, size) as page:
        open_to = {a.get_attribute("href") for a in page.query_selector_all("nav.menu a")}
        places = [p for p in PLACES if p in open_to or any(p.startswith(f"{o}/") for o in open_to - {"/console"})]
        more = [f"/console/demands/{busy}"] if who != "admin" else [
            f"/console/demands/{busy}", "/console/duties/1", "/console/people/units/1",
            "/console/settings/file?path=data/deadlines/deadlines.yaml", "/console/settings/reply?key=greeting.hello",
        ]  # fmt: skip
        for path in [*places, *more]:
            answer = page.goto(path)
            assert answer.status in (200, 403), path
            if answer.status == 403:
                continue
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{path} is {wide} wide"
            assert page.evaluate(AUDIT) == [], path
            name = re.sub(r"[^\w]+", "-", path.removeprefix("/console")).strip("-") or "today"
            picture(page, f"{who}-{name[:40]}")


def test_the_door_looks_right(town, browser):
    """Before anybody is in, at both widths."""
    for size in (WIDE, NARROW):
        with page_of(browser, town, "", size) as page:
            page.goto("/console/login")
            assert page.evaluate(AUDIT) == []
            picture(page, "login")


def test_all_rooms_are_seen_at_once(town, browser):
    """On a small screen of a desk nothing of the menu is out of sight."""
    with page_of(browser, town, "admin", {"width": 1280, "height": 800}) as page:
        menu = page.locator("nav.menu")
        assert menu.locator("a").count() == sum("admin" in room.roles for room in ALL)
        assert menu.evaluate("e => e.scrollHeight <= e.clientHeight")
        picture(page, "menu")


def test_on_a_phone_numbers_stay_whole_and_buttons_can_be_met(town, browser, busy):
    """A number is one line, what can be tapped is as large as a finger, tabs are all there."""
    with page_of(browser, town, "admin", NARROW) as page:
        height = "all => Math.max(...all.map(e => e.getBoundingClientRect().height))"
        page.goto("/console/board")
        assert page.locator(".tel").evaluate_all(height) < 40
        assert page.locator(".line button").evaluate_all(height) < 50
        page.goto("/console/duties")
        least = "all => Math.min(...all.map(e => e.getBoundingClientRect().height))"
        assert page.locator("td .button").evaluate_all(least) >= 44
        page.goto("/console/messages")
        assert page.locator("nav.tabs").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_a_board_that_is_wider_than_the_page_fades_out_at_its_edge(town, browser, busy):
    """As long as there is more to the right; at the end it does not, nor where all is seen."""
    edge = "e => parseFloat(getComputedStyle(e).getPropertyValue('--edge'))"
    with page_of(browser, town, "admin", {"width": 1000, "height": 800}) as page:
        page.goto("/console/demands/board")
        board = page.locator(".board")
        assert board.evaluate(edge) > 0
        picture(page, "board-fades")
        board.evaluate("e => { e.scrollLeft = e.scrollWidth; }")
        page.wait_for_timeout(200)
        assert board.evaluate(edge) == 0
        page.set_viewport_size({"width": 2200, "height": 800})
        page.wait_for_timeout(200)
        assert board.evaluate(edge) == 0


def test_the_loop_goes_round_through_pages(town, browser):
    """A resident says a sentence; the secretary dispatches, the manager takes it and is done, live on both pages."""
    town.say(RESIDENT, "我要投诉门岗师傅，态度太差，跟人吵架")
    no = town.office.store.look(lambda tx: sifting.search(tx, sifting.Scope(), q="门岗师傅"))[0].no
    with page_of(browser, town, SECRETARY) as secretary, page_of(browser, town, MANAGER) as manager:
        row = secretary.locator("li", has_text=no)
        row.locator("select[name=to]").select_option("禾润物业")
        row.get_by_role("button", name=f"派单 {no}").click()
        secretary.get_by_text("派出去了。").wait_for()
        manager.locator(f"text={no}").first.wait_for()  # by itself, without a reload
        manager.get_by_role("button", name=f"接单 {no}").click()
        manager.get_by_text("接单了，居民会知道。").wait_for()
        secretary.goto(f"/console/demands/{no}")
        manager.goto(f"/console/demands/{no}")
        manager.get_by_text("说说进展").click()
        manager.fill("#pnote", "找门岗谈过了，明天上门道歉")
        manager.get_by_role("button", name="告诉居民").click()
        secretary.get_by_text("找门岗谈过了").wait_for()  # live
        manager.get_by_text("办好了", exact=True).first.click()
        manager.get_by_role("button", name="办好了，请居民评价").click()
        manager.get_by_text("记下了，正请居民评价。").wait_for()
        assert stage(town, no) == "done"
        picture(secretary, "loop")


def test_words_are_not_taken_away_while_somebody_types(town, browser, busy):
    """A change elsewhere leaves what is being typed alone, and says that there is something new."""
    with page_of(browser, town, SECRETARY) as page:
        page.goto(f"/console/demands/{busy}")
        page.get_by_text("补充情况").click()
        page.fill("#stext", "物业电话打不通")
        town.say(RESIDENT, f"{busy} 补充：电梯里还有人")
        page.locator("[data-live-note]").wait_for(state="visible")
        assert page.input_value("#stext") == "物业电话打不通"
        page.get_by_role("button", name="补上").click()
        assert "先做了一步" in page.locator("#wrong").inner_text()
        assert page.input_value("#stext") == "物业电话打不通"
        page.get_by_role("button", name="补上").click()
        page.get_by_text("补上了。").wait_for()


def test_a_lost_connection_takes_no_words_away(town, browser, busy):
    """Without a network nothing is sent and the words stay; where nothing answered they are put back afterwards."""
    with page_of(browser, town, SECRETARY) as page:
        page.goto(f"/console/demands/{busy}")
        page.get_by_text("补充情况").click()
        page.fill("#stext", "断网时写的一句话")
        page.context.set_offline(True)
        page.get_by_role("button", name="补上").click()
        page.get_by_text("网络断了").wait_for()
        assert page.input_value("#stext") == "断网时写的一句话"
        page.context.set_offline(False)
        page.route("**/act", lambda route: route.abort("connectionrefused"))
        page.get_by_role("button", name="补上").click()
        expect(page).to_have_url(re.compile("^chrome-error://"))
        page.unroute("**/act")
        page.go_back()
        page.get_by_text("填的放回来了").wait_for()
        assert page.input_value("#stext") == "断网时写的一句话"
        page.get_by_role("button", name="补上").click()
        page.get_by_text("补上了。").wait_for()
        page.reload()
        assert page.input_value("#stext") == ""


def test_search_filters_and_keys(town, browser, busy):
    """A slash goes to the search, j and o to the first row, x ticks, g and a letter to a room, ? tells so."""
    with page_of(browser, town, SECRETARY) as page:
        page.goto("/console/demands")
        page.keyboard.press("/")
        page.keyboard.type("电梯")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=%E7%94%B5%E6%A2%AF*")
        assert page.locator("tbody tr").count() == 1
        page.keyboard.press("j")
        page.keyboard.press("x")
        assert page.locator("[data-count]").inner_text() == "勾了 1 件"
        page.keyboard.press("?")
        page.get_by_role("button", name="知道了").click()
        page.keyboard.press("o")
        page.wait_for_url(f"**/console/demands/{busy}")
        page.keyboard.press("g")
        page.keyboard.press("z")
        page.wait_for_url("**/console/duties")


def test_the_duty_list_reroutes_and_says_so_before(town, browser, busy):
    """What a change would do is shown; after it the next report of the kind goes to the other unit."""
    reg = town.office.store.look(register)
    row = [r for r in reg.responsibilities if r.category == "sanitation" and r.estate_id][-1]
    where = reg.estates[row.estate_id].name
    with page_of(browser, town, "admin") as page:
        page.goto(f"/console/duties/{row.id}")
        page.select_option("#unit", "云溪公共服务办")
        page.get_by_role("button", name="先看看会怎样").click()
        page.locator("#effect").wait_for()
        picture(page, "reroute")
        page.get_by_role("button", name="存下来").click()
        page.get_by_text("存好了，马上生效。").wait_for()
    town.say(RESIDENT, f"{where}门口一地垃圾，好几天没人扫")
    found = town.office.store.look(lambda tx: sifting.search(tx, sifting.Scope(), q="一地垃圾"))[0]
    assert town.office.store.look(register).organisations[found.handler_id].name == "云溪公共服务办"


def test_a_roster_is_taken_in_after_a_look(town, browser, tmp_path):
    """Download, change, look, yes; and a file with a fault is refused with its place."""
    with page_of(browser, town, "admin") as page:
        page.goto("/console/roster")
        with page.expect_download() as got:
            page.click("text=导出 YAML")
        text = got.value.path().read_text("utf-8")
        bad, good = tmp_path / "坏的.yaml", tmp_path / "好的.yaml"
        bad.write_text(text.replace("duty: secretary", "duty: king", 1), "utf-8")
        good.write_text(text.replace("柳叶", "柳小叶"), "utf-8")
        page.set_input_files("#file", bad)
        page.get_by_role("button", name="看看会改什么").click()
        page.get_by_text("什么都没有动").wait_for()
        picture(page, "roster-faults")
        page.set_input_files("#file", good)
        page.get_by_role("button", name="看看会改什么").click()
        page.get_by_text("就这样导入").wait_for()
        picture(page, "roster-look")
        page.get_by_text("就这样导入").click()
        page.get_by_text("名册导入了").wait_for()
        page.goto("/console/people?q=柳小叶")
        page.get_by_text("柳小叶").first.wait_for()


def test_the_keyboard_alone_goes_through_the_door_and_a_page(town, browser):
    """Tab order follows the page: skip link first, then the brand, the menu; every stop can be seen."""
    with page_of(browser, town, "admin") as page:
        page.goto("/console/demands")
        stops = []
        for _ in range(14):
            page.keyboard.press("Tab")
            stops.append(
                page.evaluate("(document.activeElement.innerText || document.activeElement.id || '').trim()")
            )
            box = page.evaluate(
                "(() => { const r = document.activeElement.getBoundingClientRect(); return [r.width, r.height]; })()"
            )
            assert min(box) > 0, stops
        assert stops[0] == "跳到正文"
        assert stops[2:4] == ["今天", "需求清单"]


def test_who_is_called_and_what_they_said_is_written_down(town, browser):
    """The list of a month fits both widths; who is unhappy has it done again, and nobody is asked twice."""
    town.say(RESIDENT, "我叫钱大妈，电话13912340000，3栋1单元的单元门关不严")

    def drawn(tx):
        demand = sifting.search(tx, sifting.Scope(), q="单元门关不严")[0]
        month = tx.now.astimezone(tx.content.zone).date().replace(day=1)
        tx.update(Demand, demand.id, stage="closed", closed_at=tx.now)
        found = survey.draw(tx, demand.community_id, month)
        return found.id if found else 0

    key = town.office.store.run(drawn)
    for size in (WIDE, NARROW):
        with page_of(browser, town, SECRETARY, size) as page:
            for path in ("/console/surveys", f"/console/surveys/{key}"):
                page.goto(path)
                assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
                assert page.evaluate(AUDIT) == []
                picture(page, f"calls{path.count('/')}")
            tops = "all => new Set(all.map(e => e.getBoundingClientRect().top)).size"
            assert page.locator(".answers button").evaluate_all(tops) == page.locator(".answers").count()
    with page_of(browser, town, SECRETARY) as page:
        page.goto(f"/console/surveys/{key}")
        assert page.locator("a[href='tel:13912340000']").count() == 1
        grounds = "all => new Set(all.map(e => getComputedStyle(e).backgroundColor)).size"
        assert page.locator("li:has(a[href='tel:13912340000']) button").evaluate_all(grounds) == 1
        with page.expect_navigation():
            page.click("button:has-text('不满意')")
        assert "还没填" in page.inner_text("main") or page.query_selector(".note.bad")
        page.fill("input[name=note]", "门还是关不严")
        with page.expect_navigation():
            page.click("button:has-text('不满意')")
        assert "已重办" in page.inner_text("main")
        assert page.query_selector("button:has-text('不满意')") is None
