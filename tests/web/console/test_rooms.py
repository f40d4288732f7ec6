"""The other rooms: lists with versions, duties with a look ahead, people, roster, messages, trail, settings, tasks."""

import asyncio
import io
import json

import aiohttp
import pytest
from tests.web.conftest import ROSTER
from tests.web.console.conftest import SEATS, Browser, reported, sit
from tests.web.console.test_demands import EVIL, now

from redprop_bot.content import load_content, roots
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.store import editions, lists
from redprop_bot.store.tables import Outbox, Resource
from redprop_bot.web.console import feed
from redprop_bot.web.console.rooms import ALL

PATHS = sorted({way.path for room in ALL for way in room.ways if way.method == "GET" and "{" not in way.path})


@pytest.mark.parametrize("who", SEATS)
async def test_every_room_opens_for_its_roles_and_for_no_other(small_house, who):
    """What is in the navigation opens; what is not is refused; nobody gets a fault."""
    browser = await sit(small_house, who)
    role = SEATS[who].role
    shown = {a["href"] for a in (await browser.get("/console")).soup.select("nav.menu a")}
    assert shown == {room.path for room in ALL if role in room.roles}
    for room in ALL:
        for way in room.ways:
            if way.method == "GET" and "{" not in way.path and "file" not in way.path and "reply" not in way.path:
                may = role in (way.roles or room.roles)
                assert (await browser.get(way.path)).status == (200 if may else 403), way.path


async def test_nobody_sees_a_room_without_signing_in(small_house):
    """Every address leads to the door, and a form as well."""
    for path in PATHS:
        answer = await Browser(small_house).get(path)
        assert answer.status == 302
        assert answer.headers["Location"].startswith("/console/login?next=")
    assert (await Browser(small_house).post("/console/settings/file", {"text": "x"})).status == 401


# -- resources and services


async def test_an_entry_is_made_edited_and_its_versions_kept(house):
    """Entered, edited, edited by somebody slower who is told; each version says what is different, and who."""
    secretary = await sit(house, "secretary")
    made = await secretary.post(
        "/console/resources/new", {"title": "红色议事厅", "hours": "周末", "place": "一楼"}
    )
    assert made.status == 303
    path = made.headers["Location"].partition("?")[0]
    edit = {"title": "红色议事厅", "hours": "天天", "place": "", "version": "1"}
    assert (await secretary.post(path, edit)).status == 303
    slow = await secretary.post(path, edit | {"hours": "我刚才想写的"})
    assert slow.status == 409
    assert slow.soup.select_one("#hours")["value"] == "我刚才想写的"
    page = await secretary.get(path)
    changes = page.soup.select_one(".timeline li").text
    assert "什么时候：周末 → 天天" in changes.replace("\n", "")
    assert "在哪" in changes or "地点" in changes
    assert "secretary" in changes
    entry = house.office.store.look(lambda tx: tx.find(Resource))
    assert (entry.hours, entry.place, entry.status, entry.version) == ("天天", None, "published", 2)
    for field, value in (("title", ""), ("title", "长" * 61), ("status", "nonsense")):
        wrong = await secretary.post(path, {"title": "好", "version": "2", field: value})
        assert wrong.status == 422


async def test_offers_wait_today_and_are_decided_once(small_house):
    """What a unit offers to all waits for the street; the second decision is told that somebody was faster."""
    unit, secretary = await sit(small_house, "provider"), await sit(small_house, "street")
    made = await unit.post("/console/services/new", {"title": f"修水管{EVIL}"[:60]})
    no = made.headers["Location"].partition("?")[0].rpartition("/")[2]
    page = await secretary.get("/console")
    assert not page.soup.select("x-evil")
    form = {"publish": "yes", "version": "1"}
    assert (await secretary.post(f"/console/offers/{no}", form)).status == 303
    assert (await secretary.post(f"/console/offers/{no}", form | {"publish": "no"})).status == 409
    assert (await secretary.post("/console/offers/X1", form)).status == 404
    assert (await unit.post(f"/console/offers/{no}", form)).status == 403


async def test_tasks_are_answered_from_today(small_house):
    """The words reach who asked, the task is off the list, and is not answered twice."""
    await small_house.twin.oa.say("o-xu", "我想找个人工聊聊")
    secretary = await sit(small_house, "street")
    [task] = small_house.office.store.look(lambda tx: lists.open_tasks(tx, [None, 1, 2]))
    page = await secretary.get("/console")
    assert task.no in page.text
    path = f"/console/tasks/{task.no}"
    assert (await secretary.post(path, {"text": ""})).status == 303
    assert (await secretary.post(path, {"text": ""})).status == 409
    assert task.no not in (await secretary.get("/console")).soup.select_one("[data-live]").text
    assert (await secretary.post("/console/tasks/T20200101-0001", {})).status == 404


# -- duties


async def test_a_change_of_the_duty_list_shows_what_it_would_move_and_then_does(house):
    """A look changes nothing and names matters; saved, the next matter goes the other way."""
    first = await reported(house)
    secretary = await sit(house, "secretary")
    row = next(
        r for r in house.office.store.look(register).responsibilities if r.category == "elevator" and r.estate_id
    )
    path = f"/console/duties/{row.id}"
    change = {"category": "elevator", "estate": "海棠苑", "unit": "望月供水所", "match": "", "respond_hours": "1"}
    change |= {"resolve_hours": "24", "version": str(row.version)}
    look = await secretary.post(path, change | {"step": "preview"})
    assert look.status == 200
    effect = look.soup.select_one("#effect").text
    assert "1 件" in effect
    assert "春晖物业 → 望月供水所" in effect
    assert first in look.text
    assert look.soup.select_one("#unit option[selected]").text == "望月供水所"
    assert house.office.store.look(register).responsibility(row.id).version == row.version
    assert (await secretary.post(path, change | {"step": "save"})).status == 303
    second = await reported(house, "海棠苑1栋电梯停了")
    units = house.office.store.look(register).organisation_names
    assert now(house, second).handler_id == units["望月供水所"].id
    assert now(house, first).handler_id == units["春晖物业"].id
    slow = await secretary.post(path, change | {"unit": "春晖物业", "step": "save"})
    assert slow.status == 409
    picks = [("pick", f"{first}:{now(house, first).version}"), ("to", "望月供水所")]
    assert (await secretary.post("/console/demands/bulk", picks)).status == 200
    assert now(house, first).handler_id == units["望月供水所"].id
    page = (await secretary.get(path)).soup.text
    assert "第 2 版" in page


async def test_new_rows_and_rows_that_are_taken_off(small_house, secretary):
    """A new row with words is tried on real matters before it is; taken off, matters go as before."""
    await reported(small_house, "海棠苑电梯有怪味", category="elevator")
    form = {"category": "elevator", "estate": "海棠苑", "unit": "望月供水所", "match": "怪味、异味"}
    look = await secretary.post("/console/duties/new", form | {"step": "preview"})
    assert "1 件" in look.soup.select_one("#effect").text
    assert look.soup.select_one("#match")["value"] == "怪味、异味"
    assert (await secretary.post("/console/duties/new", form | {"step": "save"})).status == 303
    row = small_house.office.store.look(register).responsibilities[-1]
    assert list(row.match) == ["怪味", "异味"]
    again = await secretary.post("/console/duties/new", form | {"step": "save"})
    assert again.status == 409
    for field, value in (
        ("unit", "没有这家"),
        ("respond_hours", "很快"),
        ("category", "rockets"),
        ("estate", "没有这里"),
    ):
        wrong = await secretary.post("/console/duties/new", form | {field: value, "step": "preview"})
        assert wrong.status in (404, 422), field
    retire = {"step": "retire", "version": "1"}
    assert (await secretary.post(f"/console/duties/{row.id}", retire)).status == 303
    assert small_house.office.store.look(register).responsibility(row.id) is None
    other = await sit(small_house, "other")
    foreign = next(r for r in small_house.office.store.look(register).responsibilities if r.estate_id)
    assert (await other.get(f"/console/duties/{foreign.id}")).status == 404


# -- people and roster


async def test_units_are_edited_and_people_go_off_duty(small_house, secretary):
    """A unit gets its next version; who is off duty gets no cards; another community's staff is not ours."""
    reg = small_house.office.store.look(register)
    unit = reg.organisation_names["望月供水所"]
    form = {"name": "望月供水公司", "kind": "department", "party": "branch", "version": str(unit.version)}
    path = f"/console/people/units/{unit.id}"
    assert (await secretary.post(path, form)).status == 303
    assert (await secretary.post(path, form)).status == 409
    assert "望月供水公司" in (await secretary.get("/console/people?q=供水")).text
    taken = await secretary.post("/console/people/units/new", form | {"name": "春晖物业"})
    assert taken.status == 409
    worker = next(p for p in reg.all_posts if reg.people[p.person_id].userid == "haosf")
    assert (await secretary.post(f"/console/people/posts/{worker.id}", {"on": "no"})).status == 303
    assert not next(p for p in small_house.office.store.look(register).all_posts if p.id == worker.id).on_duty
    theirs = next(p for p in reg.all_posts if reg.people[p.person_id].userid == "yuesj")
    assert (await secretary.post(f"/console/people/posts/{theirs.id}", {"on": "no"})).status == 403
    viewer = (await (await sit(small_house, "viewer")).get("/console/people")).text
    assert "13900000001" not in viewer
    assert "林书记" not in viewer


async def upload(browser, data, name="名册.yaml"):
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("_mark", browser.mark)
    form.add_field("file", io.BytesIO(data), filename=name)
    return await browser._take("POST", "/console/roster/look", form, {})


async def test_a_roster_is_looked_at_and_then_taken_in(house):
    """The look says what would change and changes nothing; the yes does it, and says so to the trail."""
    street = await sit(house, "street")
    await street.get("/console/roster")
    changed = ROSTER.read_text("utf-8").replace("小麦", "小麦苗").encode()
    before = house.office.store.look(register).revision
    look = await upload(street, changed)
    assert look.status == 200
    assert "改动 1" in look.text
    assert house.office.store.look(register).revision == before
    token = look.soup.select_one("[name=token]")["value"]
    other = await sit(house, "admin")
    assert (await other.post("/console/roster/take", {"token": token})).status == 404
    taken = await street.post("/console/roster/take", {"token": token})
    assert taken.status == 303
    assert "小麦苗" in {p.name for p in house.office.store.look(register).people.values()}
    assert (await street.post("/console/roster/take", {"token": token})).status == 404
    assert "名册.yaml" in (await street.get("/console/audit/edits")).text


async def test_a_look_that_is_too_old_is_made_anew(small_house):
    """When the register has changed since, the file is looked at once more."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    token = (await upload(street, ROSTER.read_text("utf-8").replace("小麦", "小麦苗").encode())).soup.select_one(
        "[name=token]"
    )["value"]
    post = small_house.office.store.look(register).all_posts[0]
    assert (await street.post(f"/console/people/posts/{post.id}", {"on": "no"})).status == 303
    assert (await street.post("/console/roster/take", {"token": token})).status == 422


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "x.yaml"),
        (b"\x89PNG\r\n\x1a\n", "x.xlsx"),
        (b"PK\x03\x04broken", "x.xlsx"),
        (b"\xd0\xcf\x11\xe0old", "x.xls"),
        (b"MZ\x90\x00", "x.yaml"),
        (b"[1, 2", "x.yaml"),
        (b"communities: [{nam: x}]", "x.yaml"),
        ("organisations: [{name: <script>alert(1)</script>, kind: 没有}]".encode(), "<script>.yaml"),
        (b"a: &x [*x]", "x.yaml"),
    ],
)
async def test_files_that_are_not_what_they_say(small_house, data, name):
    """Each is refused with words and places, nothing is executed, nothing changes."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    before = small_house.office.store.look(register).revision
    answer = await upload(street, data, name)
    assert answer.status == 422, answer.soup.text
    assert all(s.get("src", "").startswith("/static/") for s in answer.soup.find_all("script"))
    assert small_house.office.store.look(register).revision == before
    assert answer.soup.select("main ol li") or answer.said


async def test_a_file_that_is_too_big_is_not_read(small_house):
    """More than a roster can be is refused."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    assert (await upload(street, b"#" * (9 << 20))).status == 413


async def test_the_roster_comes_out_as_it_went_in(small_house):
    """An export taken in again changes nothing; templates are given; a form that is none is not there."""
    street = await sit(small_house, "street")
    await street.get("/console/roster")
    for form in ("yaml", "xlsx"):
        small_house.client.session.cookie_jar.clear()
        async with small_house.client.get(f"/console/roster/export.{form}", cookies=street.jar) as response:
            data = await response.read()
            assert "attachment" in response.headers["Content-Disposition"]
        look = await upload(street, data, f"名册.{form}")
        assert "没有变化" in look.text
        assert (await street.get(f"/console/roster/template.{form}")).status == 200
    assert (await street.get("/console/roster/export.exe")).status == 404


# -- messages and trail


async def test_what_failed_is_shown_with_its_reason_and_sent_again(house):
    """The reason in plain words; once more by a click, once; who may not is refused."""
    no = await reported(house)
    store = house.office.store

    def fail(tx):
        row = tx.list(Outbox)[0]
        tx.update(Outbox, row.id, state="dead", error="message/send errcode=81013 user invalid", attempts=3)
        return row.id

    key = store.run(fail)
    secretary = await sit(house, "secretary")
    page = await secretary.get("/console/messages?state=dead")
    assert "企业微信里没有这个人" in page.text
    assert no in page.text
    assert (await secretary.post(f"/console/messages/{key}/again")).status == 303
    assert store.look(lambda tx: tx.get(Outbox, key)).state == "pending"
    await house.deliver()
    assert store.look(lambda tx: tx.get(Outbox, key)).state == "sent"
    assert (await secretary.post(f"/console/messages/{key}/again")).status == 409
    assert (await secretary.post("/console/messages/999999/again")).status == 404
    assert (await (await sit(house, "other")).post(f"/console/messages/{key}/again")).status == 404
    assert (await (await sit(house, "clerk")).get("/console/messages")).status == 403
    assert "重发了一条消息" in (await secretary.get("/console/audit")).text


async def test_the_trail_holds_acts_and_no_words(small_house, secretary):
    """Who did what to what; what residents wrote stands with the demand only."""
    no = await reported(small_house, "海棠苑3栋电梯里有人骂我", category="elevator")
    await secretary.act(no, "supplement", text="秘密的补充")
    page = await secretary.get("/console/audit")
    rows = [[cell.text for cell in row.select("td")] for row in page.soup.select("tbody tr")]
    assert next(row[1:] for row in rows if row[3] == no) == ["secretary", "补充", no]
    assert "登录" in page.text
    assert "秘密" not in page.text
    assert "骂我" not in page.text


# -- settings


@pytest.fixture
def settled(small_house):
    """A house whose content can be read anew."""
    office = small_house.office

    def load(above):
        return load_content(
            roots(None),
            zone=office.content.zone,
            address=office.content.address,
            secret=office.content.secret,
            above=above,
        )

    office.load = load
    return small_house


async def test_a_reply_is_edited_checked_taken_up_and_undone(settled):
    """New words hold at once; a slot that is none does not pass; going back is a version, too."""
    office = settled.office
    admin = await sit(settled, "admin")
    path, key = "/console/settings/reply", "greeting.thanks"
    old = office.content.replies.templates[key]
    page = await admin.get(f"{path}?key={key}")
    assert old in page.text
    wrong = await admin.post(path, {"key": key, "text": "谢谢{nobody}", "version": "0"})
    assert wrong.status == 422
    assert "谢谢{nobody}" in wrong.soup.select_one("#text").text
    assert "nobody" in wrong.soup.select_one("ol").text
    assert (await admin.post(path, {"key": key, "text": " ", "version": "0"})).status == 422
    assert (await admin.post(path, {"key": key, "text": old, "version": "0"})).status == 409
    assert (await admin.post(path, {"key": "no.such", "text": "x", "version": "0"})).status == 404
    assert (await admin.post(path, {"key": key, "text": "应该的，街坊！", "version": "0"})).status == 303
    assert office.content.replies.say(key) == "应该的，街坊！"
    slow = await admin.post(path, {"key": key, "text": "我也想改", "version": "0"})
    assert slow.status == 409
    assert (await admin.post(path, {"key": key, "text": "第二版", "version": "1"})).status == 303
    undo = {"kind": "reply", "subject": key, "version": "2", "to": "1"}
    assert (await admin.post("/console/settings/undo", undo)).status == 303
    assert office.content.replies.say(key) == "应该的，街坊！"
    assert (await admin.post("/console/settings/undo", undo | {"version": "3", "to": "0"})).status == 303
    assert office.content.replies.say(key) == old
    versions = office.store.look(lambda tx: editions.versions(tx, "reply", key))
    assert [v.version for v in versions] == [4, 3, 2, 1]
    assert "恢复到原来的" in (await admin.get(f"{path}?key={key}")).text


async def test_terms_are_edited_as_a_file_and_every_fault_is_told_with_its_line(settled):
    """A wrong file changes nothing and says where; a right one moves the clocks of what comes next."""
    admin = await sit(settled, "admin")
    path, name = "/console/settings/file", "data/deadlines/deadlines.yaml"
    page = await admin.get(f"{path}?path={name}")
    text = page.soup.select_one("#text").text.lstrip("\n")
    wrong = await admin.post(path, {"path": name, "text": text.replace("rework", "rewrok", 1), "version": "0"})
    assert wrong.status == 422
    assert "deadlines.yaml:" in wrong.soup.select_one("ol").text
    assert "rewrok" in wrong.soup.select_one("#text").text
    before = settled.office.content.deadlines.extension_secretary
    import re

    longer = re.sub(r"secretary: \d+", "secretary: 4", text, count=1)
    assert longer != text
    assert (await admin.post(path, {"path": name, "text": longer, "version": "0"})).status == 303
    assert settled.office.content.deadlines.extension_secretary == 4 != before
    for bad in ("data/words/places.yaml", "../../etc/passwd", "data/deadlines/../labels/labels.yaml", ""):
        assert (await admin.get(f"{path}?path={bad}")).status == 404
    assert (await (await sit(settled, "secretary")).get("/console/settings")).status == 403


async def test_other_processes_take_it_up(settled, open_store):
    """Another office on the same database works with the new words after its next look, and only then loads."""
    from dataclasses import replace

    office = settled.office
    admin = await sit(settled, "admin")
    other = replace(office, store=open_store(office.store.url))
    loaded = []

    def load(above):
        loaded.append(above)
        return office.load(above)

    other.load = load
    assert not await other.refresh()
    key = "greeting.thanks"
    await admin.post("/console/settings/reply", {"key": key, "text": "街坊好", "version": "0"})
    assert await other.refresh()
    assert other.content.replies.say(key) == other.store.content.replies.say(key) == "街坊好"
    assert not await other.refresh()
    assert len(loaded) == 1


async def test_what_fits_no_more_is_told_and_the_files_hold(settled, caplog):
    """An edit that a new version of the product does not know leaves the service as it is."""
    office = settled.office

    def spoil(tx):
        editions.keep(tx, editions.REPLY, "gone.key", {"text": "x"}, by="x")
        editions.content_changed(tx)

    before = office.content
    office.store.run(spoil)
    assert not await office.refresh()
    assert office.content is before
    assert "does not fit" in caplog.text


# -- live


async def test_the_feed_tells_what_changed_to_who_may_see_it(house, open_store):
    """Also what another process commits; not to another community, not to a unit that does not have it."""
    watch = house.client.app[feed.WATCH]
    watch.look_seconds = 0.02
    listening = {}
    async with asyncio.timeout(20), contextlib_stack() as stack:
        for who in ("secretary", "other", "provider"):
            browser = await sit(house, who)
            house.client.session.cookie_jar.clear()
            response = await stack.enter_async_context(house.client.get("/console/feed", cookies=browser.jar))
            assert response.content_type == "text/event-stream"
            listening[who] = response
        assert (await house.client.get("/console/feed")).status == 401
        beside = open_store(house.office.store.url)
        no = await reported(house, "银杏里1栋电梯坏了")
        mine = await reported(house)
        beside.run(lambda tx: do_in(tx, mine))
        assert [c["no"] for c in await heard(listening["other"], 2)] == [no, no]
        assert {c["no"] for c in await heard(listening["secretary"], 3)} == {mine}
        assert {c["no"] for c in await heard(listening["provider"], 3)} == {mine}


def contextlib_stack():
    from contextlib import AsyncExitStack

    return AsyncExitStack()


def do_in(tx, no):
    from redprop_bot.loop.actor import holding
    from redprop_bot.loop.acts import perform
    from redprop_bot.store import demands

    return perform(tx, demands.by_no(tx, no), Act.ACCEPT, holding("admin", name="另一个进程"), {})


async def heard(response, count):
    found = []
    async for raw in response.content:
        if raw.startswith(b"data: ") and b"no" in raw:
            found.append(json.loads(raw[6:]))
            if len(found) == count:
                return found
    raise AssertionError(found)
