"""Demands at the console: found, read, acted on; what each role sees; who was faster; many at once."""

import io
import re
from datetime import timedelta

import pytest
from tests.support import pictures
from tests.support import rows as support_rows
from tests.web.console.conftest import SEATS, Browser, reported, sit

from redprop_bot.loop import reminding
from redprop_bot.loop.actor import holding
from redprop_bot.loop.acts import perform
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands, outgoing
from redprop_bot.store.tables import Attachment, Demand

EVIL = "<x-evil onclick=alert(1)>\"'`{{7*7}}</textarea><script>alert(1)</script>"


def now(house, no):
    return house.office.store.look(lambda tx: demands.by_no(tx, no))


def do(house, no, act, role="admin", **fields):
    """An act of somebody else."""

    def job(tx):
        return perform(tx, demands.by_no(tx, no), act, holding(role, name="别人"), fields)

    return house.office.store.run(job)


def shown_numbers(answer):
    return list(dict.fromkeys(re.findall(r"D\d{8}-\d{4}", answer.text)))


async def test_the_whole_loop_through_pages(house):
    """Dispatched by the secretary, taken and done by the unit, closed: on pages, and told as in chat."""
    no = await reported(house, "海棠苑1栋绿化带倒了一棵树，压在路上", category="greening")
    assert now(house, no).stage == "new"
    secretary, unit = await sit(house, "secretary"), await sit(house, "provider")
    today = await secretary.get("/console")
    assert "还没派出去" in today.text
    assert no in today.text
    assert (await unit.get(f"/console/demands/{no}")).status == 404
    done = await secretary.act(no, "dispatch", to="春晖物业", after="/console")
    assert (done.status, done.headers["Location"]) == (303, "/console?said=act_dispatch")
    assert "派出去了" in (await secretary.get("/console?said=act_dispatch")).said
    assert "等您接单" in (await unit.get("/console")).text
    assert (await unit.act(no, "accept")).status == 303
    assert (await unit.act(no, "progress", note="锯子借好了")).status == 303
    assert (await unit.act(no, "fulfil", note="搬走了")).status == 303
    assert now(house, no).stage == "done"
    assert (await secretary.act(no, "close", reason="solved")).status == 303
    page = await secretary.get(f"/console/demands/{no}")
    lines = [li.b.text for li in page.soup.select(".timeline li")]
    assert lines == ["办结", "完成", "进展", "接单", "派单", "报事"]
    assert "secretary" in page.text
    assert not page.soup.select("#acts form[action]") or "接单" not in page.soup.select_one("#acts").text


async def test_who_was_overtaken_is_told_and_keeps_what_they_typed(small_house, secretary):
    """The form of an older state changes nothing, says who did what, and holds the words."""
    no = await reported(small_house)
    version = now(small_house, no).version
    do(small_house, no, Act.ACCEPT)
    answer = await secretary.act(no, "supplement", version=version, text="门禁卡在门卫那里")
    assert answer.status == 409
    assert "别人" in answer.said
    assert "接单" in answer.said
    assert answer.soup.select_one("#stext").text == "门禁卡在门卫那里"
    assert answer.soup.select_one("#stext").find_parent("details").has_attr("open")
    for version in ("²", "9" * 5000, "-1", ""):
        assert (await secretary.act(no, "supplement", version=version, text="门禁卡")).status == 409, version[:4]
    again = await secretary.act(no, "supplement", text="门禁卡在门卫那里")
    assert again.status == 303


@pytest.mark.parametrize(
    ("act", "fields", "status"),
    [
        ("extend", {"days": "2", "reason": "等配件"}, 403),
        ("dispatch", {"to": "没有这家"}, 422),
        ("dispatch", {}, 422),
        ("dispatch", {"to": "春晖物业"}, 409),
        ("close", {"reason": "whatever"}, 422),
        ("pause", {"reason": "等雨停", "until": "昨天"}, 422),
        ("pause", {"reason": "等雨停", "until": "2026-11-01"}, 422),
        ("pause", {"reason": "等雨停"}, 422),
        ("merge", {"into": "D20990101-0001"}, 404),
        ("correct", {"category": "rockets"}, 422),
        ("correct", {"estate": "银杏里"}, 403),
        ("supplement", {"text": "x" * 1001}, 422),
        ("rate", {"stars": "5"}, 403),
        ("grant", {}, 409),
        ("nonsense", {}, 422),
        ("expire", {}, 422),
    ],
)
async def test_wrong_forms_say_what_is_wrong_and_change_nothing(small_house, secretary, act, fields, status):
    """On the page of the demand, with its forms."""
    no = await reported(small_house)
    before = now(small_house, no)
    answer = await secretary.act(no, act, **fields)
    assert (answer.status, now(small_house, no)) == (status, before)
    assert answer.said
    assert no in answer.text


async def test_what_is_emptied_in_the_form_is_taken_out(small_house, secretary):
    """A wrong room goes; what the form does not send, or sends as it is, stays."""
    no = await reported(small_house, "海棠苑3栋2单元501电梯坏了")
    before = now(small_house, no)
    assert (before.building, before.unit, before.room) == ("3", "2", "501")
    page = await secretary.get(f"/console/demands/{no}")
    form = {name: page.soup.select_one(f"#c{name}")["value"] for name in ("building", "unit", "room", "place")}
    assert (form["building"], form["room"]) == ("3", "501")
    assert (await secretary.act(no, "correct", **form | {"room": "", "place": "西门"})).status == 303
    after = now(small_house, no)
    assert (after.building, after.unit, after.room, after.place) == ("3", "2", None, "西门")
    assert (await secretary.act(no, "correct", urgency="normal")).status == 303
    assert (now(small_house, no).place, now(small_house, no).building) == ("西门", "3")


SEEN = {
    "admin": ["海棠", "银杏", "投诉"],
    "street": ["海棠", "银杏", "投诉"],
    "secretary": ["海棠", "投诉"],
    "other": ["银杏"],
    "clerk": ["海棠", "投诉"],
    "provider": ["海棠"],
    "viewer": ["海棠", "投诉"],
}


@pytest.mark.parametrize("who", SEATS)
async def test_each_role_sees_its_own(small_house, who):
    """On the list, on the board, by search and by address; a complaint not by the unit complained of."""
    nos = {
        "海棠": await reported(small_house),
        "银杏": await reported(small_house, "银杏里1栋电梯坏了"),
        "投诉": await reported(small_house, "我要投诉海棠苑的物业，保安骂人", intent="complaint", estate="海棠苑"),
    }
    browser = await sit(small_house, who)
    visible = {nos[name] for name in SEEN[who]}
    for path in ("/console/demands", "/console/demands/board"):
        assert set(shown_numbers(await browser.get(path))) == visible, path
    found = set(shown_numbers(await browser.get("/console/demands?q=电梯")))
    assert found == visible - {nos["投诉"]}
    for no in nos.values():
        assert (await browser.get(f"/console/demands/{no}")).status == (200 if no in visible else 404)


async def test_only_what_a_role_may_do_is_offered_and_done(small_house):
    """Who only looks has no buttons, and a form made by hand is refused."""
    no = await reported(small_house)
    before = now(small_house, no)
    for who in ("viewer", "clerk", "other"):
        browser = await sit(small_house, who)
        page = await browser.get(f"/console/demands/{no}")
        assert not page.soup.select("#acts")
        answer = await browser.act(no, "dispatch", to="金秋物业")
        assert answer.status in (403, 404)
        answer = await browser.post("/console/demands/bulk", {"pick": f"{no}:{before.version}", "to": "金秋物业"})
        assert answer.status in (403, 200)
    assert now(small_house, no) == before


async def test_persons_are_shown_to_who_may_know_them(small_house):
    """Reporter, phone and room to the secretary; masked or not at all to the others."""
    report = {"reporter": {"userid": "weidy"}, "phone": "13912345678"}
    no = await reported(small_house, "海棠苑3栋2单元502漏水，打13912345678", category="plumbing", **report)
    see = {
        who: (await (await sit(small_house, who)).get(f"/console/demands/{no}")).text
        for who in ("secretary", "viewer", "clerk")
    }
    assert "卫党员" in see["secretary"]
    assert "13912345678" in see["secretary"]
    for who in ("viewer", "clerk"):
        assert "卫党员" not in see[who]
        assert "13912345678" not in see[who]
    assert "502" not in see["viewer"]


async def test_markup_in_any_field_stays_text(small_house, secretary):
    """Scripts in words, notes, places, names of views, queries: nothing becomes a tag or a template."""
    no = await reported(small_house, f"海棠苑3栋电梯坏了{EVIL}", estate="海棠苑", place=EVIL[:60])
    await secretary.act(no, "supplement", text=EVIL)
    await secretary.post("/console/demands/views", {"name": EVIL, "query": f"q={EVIL}"})
    bad = await secretary.act(no, "merge", into=EVIL)
    pages = [bad, await secretary.get("/console"), await secretary.get(f"/console/demands/{no}")]
    pages += [
        await secretary.get(f"/console/demands{end}")
        for end in ("", "/board", f"?q={'%3Cscript%3E'}&stage=%22%3E%3Cx-evil%3E")
    ]
    for page in pages:
        assert not page.soup.select("x-evil")
        assert [s for s in page.soup.find_all("script") if not s.get("src", "").startswith("/static/")] == []
        assert not [
            t for t in page.soup.find_all(True) if any(a == "style" or a.startswith("on") for a in t.attrs)
        ]
    assert "{{7*7}}" in pages[2].soup.blockquote.text


async def test_every_page_has_its_headers(small_house, secretary):
    """A strict policy, no sniffing, no frames, no referrer elsewhere, nothing kept; also on errors."""
    for path, status in (("/console", 200), ("/console/demands/D1", 404), ("/console/login", 302)):
        answer = await secretary.get(path)
        assert answer.status == status
        if status == 302:
            continue
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"


# -- lists


async def test_filters_narrow_and_pages_go_on(house):
    """Each filter, several together, words; and every demand once by following the pages."""
    secretary = await sit(house, "secretary")
    lift = await reported(house)
    lamp = await reported(house, "海棠里楼道灯不亮", category="power", estate="海棠里", urgency="urgent")
    late = await reported(house, "海棠苑1栋垃圾没人收", category="sanitation")
    done = await reported(house, "海棠苑3栋门禁坏了", category="building")
    do(house, done, Act.CLOSE, reason="solved")
    house.office.store.run(
        lambda tx: tx.update(Demand, demands.by_no(tx, late).id, due_at=tx.now - timedelta(hours=1))
    )
    for query, expected in {
        "": [done, late, lamp, lift],
        "stage=closed": [done],
        "category=power": [lamp],
        "estate=海棠里": [lamp],
        "estate=海棠小区": [done, late, lift],
        "urgency=urgent": [lamp, lift],
        "unit=春晖物业": [late, lift],
        "overdue=true": [late],
        "q=楼道灯": [lamp],
        "q=" + lift[-4:]: [lift],
        "q=老人 电梯": [lift],
        "estate=海棠苑&category=elevator&stage=dispatched": [lift],
        "stage=nonsense&category=&urgency=x": [done, late, lamp, lift],
        "q=没有这种话": [],
        "below=abc": [done, late, lamp, lift],
    }.items():
        answer = await secretary.get(f"/console/demands?{query}")
        assert answer.status == 200
        listed = [n for n in shown_numbers(answer) if n in (lift, lamp, late, done)]
        rows = [r.select_one(".no").text for r in answer.soup.select("tbody tr")]
        assert rows == expected, (query, listed)
    assert shown_numbers(await secretary.get("/console/demands/late")) == [late]


async def test_every_demand_comes_once_by_following_the_pages(small_house, secretary):
    """A page holds thirty; the next begins where it ends, whatever comes meanwhile."""
    nos = [await reported(small_house, f"海棠苑1栋{n}单元门口地砖翘了", category="building") for n in range(1, 66)]
    path, seen = "/console/demands", []
    while path:
        answer = await secretary.get(path)
        seen += [r.select_one(".no").text for r in answer.soup.select("tbody tr")]
        onward = answer.soup.select_one("[data-next]")
        path = onward["href"] if onward else ""
        if len(seen) == 30:
            await reported(small_house, "海棠里树倒了", category="greening")
    assert seen == nos[::-1]


async def test_saved_views_are_ones_own(small_house, secretary):
    """Saved under a name, gone to, replaced by the same name, dropped; nobody else sees or drops them."""
    await secretary.post("/console/demands/views", {"name": "急的", "query": "urgency=urgent&evil=1"})
    await secretary.post("/console/demands/views", {"name": "急的", "query": "urgency=emergency"})
    page = await secretary.get("/console/demands")
    [view] = page.soup.select(".view a")
    assert (view.text, view["href"]) == ("急的", "/console/demands?urgency=emergency")
    other = await sit(small_house, "clerk")
    assert not (await other.get("/console/demands")).soup.select(".view")
    drop = page.soup.select_one(".view form")["action"]
    await other.post(drop)
    assert (await secretary.get("/console/demands")).soup.select(".view")
    await secretary.post(drop)
    assert not (await secretary.get("/console/demands")).soup.select(".view")
    bad = await secretary.post(
        "/console/demands/views", {"name": "坏的", "query": "q=a\r\nSet-Cookie: x=1&stage=<b>"}
    )
    assert (bad.status, bad.headers.get("Set-Cookie")) == (303, None)


async def test_many_are_dispatched_at_once_each_for_itself(house):
    """What cannot go is told with its reason, and holds back no other."""
    secretary = await sit(house, "secretary")
    free = [await reported(house, f"海棠苑{n}栋树枝断了", category="greening") for n in (1, 3)]
    stale = await reported(house, "海棠里的树也断了", category="greening")
    foreign = await reported(house, "银杏里的树断了", category="greening")
    picks = [("pick", f"{no}:{now(house, no).version}") for no in free]
    picks += [("pick", f"{stale}:0"), ("pick", f"{foreign}:{now(house, foreign).version}"), ("pick", "x")]
    answer = await secretary.post("/console/demands/bulk", [*picks, ("to", "望月供水所"), ("note", "一起看看")])
    assert answer.status == 200
    assert "2 件" in answer.said
    assert [now(house, no).stage for no in (*free, stale, foreign)] == ["dispatched", "dispatched", "new", "new"]
    refused = answer.soup.select("section")[0].text
    assert stale in refused
    assert foreign in refused
    messages = house.office.store.look(outgoing.counts)
    assert sum(n for channel, _, _, n in messages if channel == "work") > 0


@pytest.mark.parametrize("fields", [{}, {"to": "望月供水所"}, {"pick": "D1:1", "to": "没有这家"}])
async def test_a_bulk_form_that_is_none_keeps_its_page(small_house, secretary, fields):
    """Nothing ticked, no unit: the list again, with a sentence."""
    await reported(small_house, "海棠苑树断了", category="greening")
    answer = await secretary.post("/console/demands/bulk", {**fields, "note": "带上梯子"})
    assert answer.status == 422
    assert answer.soup.select_one("#bulknote")["value"] == "带上梯子"


async def test_a_bulk_form_comes_back_to_the_list_that_was_filtered(small_house, secretary):
    """Refused it shows the same list, from where it can be renewed; done it leads back there."""
    no = await reported(small_house, "海棠苑树断了", category="greening")
    other = await reported(small_house, "海棠苑1栋电梯坏了")
    after = "/console/demands?category=greening"
    pick = {"pick": f"{no}:{now(small_house, no).version}", "after": after}
    refused = await secretary.post("/console/demands/bulk", {**pick, "to": ""})
    assert refused.status == 422
    assert (no in refused.text, other in refused.text) == (True, False)
    assert refused.soup.select_one("input[name=after]")["value"] == after
    assert refused.soup.select_one("[data-live-note] a")["href"] == after
    done = await secretary.post("/console/demands/bulk", {**pick, "to": "望月供水所"})
    assert done.soup.select_one("main a.button")["href"] == after
    for evil in ("//x.example", "javascript:alert(1)", "/console/demands/../../m/mine"):
        done = await secretary.post("/console/demands/bulk", {**pick, "after": evil, "to": "望月供水所"})
        assert done.soup.select_one("main a.button")["href"] == "/console"


async def test_a_refused_form_can_be_renewed(small_house, secretary):
    """The address that a form is sent to shows nothing by itself: the link to the newest leads to the page."""
    no = await reported(small_house)
    answer = await secretary.act(no, "dispatch", to="没有这家", after="/console")
    assert answer.soup.select_one("[data-live-note] a")["href"] == f"/console/demands/{no}"


async def test_the_way_of_an_order_says_to_whom_also_where_words_were_added(small_house, secretary):
    """A note beside an act hides nothing of what was done."""
    no = await reported(small_house, "海棠苑树断了", category="greening")
    await secretary.act(no, "dispatch", to="春晖物业", note="今天去看看")
    await secretary.act(no, "dispatch", to="望月供水所")
    lines = [li.text for li in (await secretary.get(f"/console/demands/{no}")).soup.select(".timeline li")]
    assert "派给望月供水所" in lines[0]
    assert "派给春晖物业" in lines[1]
    assert "今天去看看" in lines[1]


async def test_why_it_went_there_and_its_clocks(small_house, secretary):
    """The row that sent it stands on the page, and each clock with how it stands."""
    no = await reported(small_house)
    text = (await secretary.get(f"/console/demands/{no}")).soup.text
    assert "责任清单第" in text
    assert "海棠苑·电梯" in text
    small_house.clock.at += timedelta(hours=2)
    states = [li.get("class") for li in (await secretary.get(f"/console/demands/{no}")).soup.select(".clocks li")]
    assert ["late"] in states


async def test_pictures_are_for_who_may_see_them(small_house, secretary):
    """Out of our own files for the secretary; not for a viewer, not for another community, not without a seat."""
    no = await reported(small_house)
    office = small_house.office
    name = f"ab/{'c' * 20}.jpg"
    picture = pictures.jpeg()
    office.media.put(name, picture)
    kept = {"kind": "image", "state": "kept", "name": name, "size": len(picture)}
    key = office.store.run(
        lambda tx: tx.insert(Attachment, demand_id=demands.by_no(tx, no).id, at=tx.now, **kept).id
    )
    path = f"/console/demands/{no}/photos/{key}"
    assert path in (await secretary.get(f"/console/demands/{no}")).text
    got = await secretary.get(path)
    assert (got.status, got.headers["Content-Type"]) == (200, "image/jpeg")
    assert (await (await sit(small_house, "viewer")).get(path)).status == 404
    assert (await (await sit(small_house, "other")).get(path)).status == 404
    assert (await Browser(small_house).get(path)).status == 302


async def test_forms_that_are_none_are_refused_in_words(small_house, secretary):
    """Not a form, too big, text that no database keeps, a field too long: a page that says so, nothing changed."""
    no = await reported(small_house)
    before = now(small_house, no)
    path = f"/console/demands/{no}/act"
    client, jar = small_house.client, secretary.jar
    for data, kind in (
        (b"{}", "application/json"),
        (b"\xff\xfe", "text/plain"),
        (b"act=urge&_mark=%00", "application/x-www-form-urlencoded"),
        (b"note=" + b"x" * 200_000, "application/x-www-form-urlencoded"),
        (b"note=" + b"x" * 2_000_000, "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=y"),
    ):
        client.session.cookie_jar.clear()
        async with client.post(
            path, data=io.BytesIO(data), headers={"Content-Type": kind}, cookies=jar, allow_redirects=False
        ) as answer:
            assert 400 <= answer.status < 500, (data[:20], answer.status)
            assert "text/html" in answer.headers["Content-Type"]
    assert now(small_house, no) == before


async def test_a_returned_order_says_why_and_is_not_offered_to_the_same_unit_first(house):
    """On the page of the day: the words of who sent it back, and another unit chosen."""
    no = await reported(house)
    provider, secretary = await sit(house, "provider"), await sit(house, "secretary")
    sent = await provider.act(no, "return", reason="不归我们管：电梯是厂家保修")
    assert sent.status == 303, sent.text
    row = next(li for li in (await secretary.get("/console")).soup.select("li[data-row]") if no in li.text)
    note = row.select_one(".note").text
    assert "春晖物业退回来的" in note
    assert "厂家保修" in note
    options = [one.text for one in row.select("select[name=to] option")]
    assert options[-1] == "春晖物业"
    assert options[0] != "春晖物业"


async def test_the_urgent_come_first_then_what_is_due_first(house):
    """Whatever was reported first."""
    secretary = await sit(house, "secretary")

    def job(tx):
        day = timedelta(days=1)
        made = {"community_id": 1, "stage": "new", "respond_by": tx.now}
        for words, urgency, days in (
            ("甲", "normal", 5),
            ("乙", "urgent", 1),
            ("丙", "normal", 3),
            ("丁", "urgent", 2),
        ):
            support_rows.demand(tx, **made, text=words, urgency=urgency, due_at=tx.now + days * day)

    house.office.store.run(job)
    piles = (await secretary.get("/console")).soup.select("section.card")
    pile = next(one for one in piles if "还没派出去" in one.h2.text)
    assert [one.text for one in pile.select(".words")] == ["乙", "丁", "丙", "甲"]


async def test_the_transfer_too_many_says_that_it_goes_up_and_why(house):
    """The page after the dispatch says so, and the way of the order tells the reason instead of a date."""
    no = await reported(house)
    secretary = await sit(house, "secretary")
    for unit in ("望月供水所", "金秋物业", "春晖物业"):
        answer = await secretary.act(no, "dispatch", to=unit)
        assert answer.status == 303, answer.text
        assert ("said=act_dispatch_up" in answer.headers["Location"]) == (unit == "春晖物业")
    assert "联席会议" in (await secretary.get(answer.headers["Location"])).said
    house.office.store.run(reminding.sweep)
    assert now(house, no).stage == "tabled"
    line = next(
        li
        for li in (await secretary.get(f"/console/demands/{no}")).soup.select(".timeline li")
        if "提级" in li.text
    )
    assert "已经转派三次" in line.text
    assert "到期" not in line.text
