"""The other rooms: who may enter which, lists with versions, duties with a look ahead, messages, trail, tasks."""

from datetime import timedelta

import pytest
from tests.support import rows
from tests.web.console.conftest import SEATS, Browser, reported, sit
from tests.web.console.test_demands import EVIL, now

from redprop_bot.registry.register import register
from redprop_bot.store import lists, outgoing
from redprop_bot.store.tables import Outbox, Resource
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


async def test_a_place_that_is_entered_can_be_booked_and_another_thing_cannot(house):
    """The way that the page of places tells: a resource whose kind is one of the places; a service has no such kind."""
    secretary = await sit(house, "secretary")
    assert "种类选“场地”" in (await secretary.get("/console/places")).text
    form = (await secretary.get("/console/resources/new")).soup.select("#kind option")
    assert {"场地", "物品"} < {one.text for one in form}
    assert form[0]["value"] == "other"
    assert not (await secretary.get("/console/services/new")).soup.select("#kind")
    for title, kind in (("红色议事厅", "场地"), ("一箱旧书", "other")):
        answer = await secretary.post("/console/resources/new", {"title": title, "kind": kind})
        assert answer.status == 303
    page = (await secretary.get("/console/places")).text
    assert ("红色议事厅" in page, "一箱旧书" in page) == (True, False)


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
    for version in ("²", "9" * 5000, ""):
        assert (await secretary.post(f"/console/offers/{no}", form | {"version": version})).status == 409
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


async def test_what_lies_on_one_pile_takes_no_place_on_the_next(small_house, secretary):
    """Each on the first pile that it fits, all of them somewhere, and a way to the rest where there is more."""

    def job(tx):
        unit = register(tx).organisation_names["春晖物业"].id
        late = {"community_id": 1, "handler_id": unit, "stage": "accepted", "respond_by": tx.now}
        for n in range(4 + 12):
            due = {"due_at": tx.now - timedelta(hours=40 - n), "urgency": "emergency" if n < 4 else "normal"}
            rows.demand(tx, **late, **due)

    def piles(page):
        return {s.h2.find(string=True, recursive=False).strip(): s for s in page.soup.select("section.card")}

    small_house.office.store.run(job)
    found = piles(await secretary.get("/console"))
    assert [len(found[name].select("li[data-row]")) for name in ("险情", "超期了")] == [4, 12]
    assert found["超期了"].select_one(".more") is None
    small_house.office.store.run(job)
    found = piles(await secretary.get("/console"))
    assert [len(found[name].select("li[data-row]")) for name in ("险情", "超期了")] == [8, 12]
    assert found["超期了"].select_one(".more a")["href"] == "/console/demands/late"


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
    slow = change | {"unit": "金秋物业", "match": "停了", "step": "save"}
    for _ in range(2):  # refused for as long as the newest was not looked at; what was typed stays
        answer = await secretary.post(path, slow)
        assert answer.status == 409
        assert answer.soup.select_one("#rule [name=version]")["value"] == str(row.version)
        assert answer.soup.select_one("#match")["value"] == "停了"
        assert answer.soup.select_one("#wrong a")["href"] == path
    fresh = (await secretary.get(path)).soup.select_one("#rule [name=version]")["value"]
    assert (await secretary.post(path, slow | {"version": fresh})).status == 303
    page = (await secretary.get(path)).soup.text
    assert "第 2 版" in page


async def test_what_is_at_work_is_offered_to_the_unit_that_it_would_go_to(small_house):
    """A row that changes its category lets go of one matter and takes another: each has a button of its own."""
    street = await sit(small_house, "street")
    spare = {"category": "elevator", "estate": "", "unit": "望月供水所", "match": "", "step": "save"}
    assert (await street.post("/console/duties/new", spare)).status == 303
    lift, rubbish = await reported(small_house), await reported(small_house, "海棠苑1栋门口垃圾没人收")
    row = next(r for r in small_house.office.store.look(register).responsibilities if r.estate_id)
    change = {"category": "sanitation", "estate": "海棠苑", "unit": "金秋物业", "match": "", "version": "1"}
    look = await street.post(f"/console/duties/{row.id}", change | {"step": "preview"})
    assert [h.text for h in look.soup.select("h3") if "改派" in h.text] == ["改派给望月供水所", "改派给金秋物业"]
    picks = [box["value"] for box in look.soup.select("[name=pick][form=rule]")]
    assert [pick.partition(":")[0] for pick in picks] == [lift, rubbish]
    held = now(small_house, rubbish).handler_id
    # one press saves the rule and moves what was ticked; what was not stays where it is
    both = [*(change | {"step": "save"}).items(), ("pick", picks[1])]
    stale = [(name, "9" if name == "version" else value) for name, value in both]
    refused = await street.post(f"/console/duties/{row.id}", stale)
    assert refused.status == 409
    assert [box["value"] for box in refused.soup.select("[name=pick][checked]")] == [picks[1]]
    assert now(small_house, rubbish).handler_id == held
    saved = await street.post(f"/console/duties/{row.id}", both)
    assert saved.status == 200
    assert "责任清单存好了" in saved.said
    assert "1 件派给金秋物业" in saved.said
    reg = small_house.office.store.look(register)
    assert reg.responsibility(row.id).category == "sanitation"
    assert now(small_house, rubbish).handler_id == reg.organisation_names["金秋物业"].id
    assert now(small_house, lift).handler_id == row.unit_id


async def test_a_tick_that_the_saved_rule_does_not_move_or_that_is_overtaken_is_said(small_house):
    """The rule is saved all the same; each order says why it stayed."""
    street = await sit(small_house, "street")
    lift, other = await reported(small_house), await reported(small_house, "海棠苑5栋电梯停了")
    row = next(r for r in small_house.office.store.look(register).responsibilities if r.estate_id)
    change = {"category": "elevator", "estate": "海棠苑", "unit": "金秋物业", "match": "", "version": "1"}
    picks = [
        ("pick", f"{lift}:77"),
        ("pick", "D20200101-0001:1"),
        ("pick", f"{other}:{now(small_house, other).version}"),
    ]
    saved = await street.post(f"/console/duties/{row.id}", [*change.items(), ("step", "save"), *picks])
    assert saved.status == 200
    text = saved.soup.text
    assert "这 2 件没有派" in text
    assert "不用换人" in text
    assert now(small_house, lift).handler_id == row.unit_id
    units = small_house.office.store.look(register).organisation_names
    assert now(small_house, other).handler_id == units["金秋物业"].id


async def test_rows_for_the_whole_street_are_read_only_for_a_community(small_house, secretary):
    """Who may change them is said, instead of a refusal after the work; of a new row every estate is no choice."""
    street = await sit(small_house, "street")
    spare = {"category": "elevator", "estate": "", "unit": "望月供水所", "match": "", "step": "save"}
    assert (await street.post("/console/duties/new", spare)).status == 303
    row = small_house.office.store.look(register).responsibilities[-1]
    page = (await secretary.get(f"/console/duties/{row.id}")).soup
    assert "由街道来改" in page.select_one(".note").text
    assert page.select_one("#rule fieldset").has_attr("disabled")
    assert not page.select("#rule button")
    rows = (await secretary.get("/console/duties")).soup
    assert rows.select_one(f'a[href="/console/duties/{row.id}"]').text == "看"
    assert "改" in {a.text for a in rows.select("td a")}
    assert "各小区" not in (await secretary.get("/console/duties/new")).soup.select_one("#estate").text
    mine = (await street.get(f"/console/duties/{row.id}")).soup
    assert mine.select("#rule button")


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
    listed = await secretary.get("/console/duties")
    tr = listed.soup.select_one(f'a[href="/console/duties/{row.id}"]').find_parent("tr")
    assert [td.text for td in tr.select('[data-head="接单"], [data-head="办结"]')] == ["通用", "通用"]
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
    far = retire | {"version": "9" * 5000}
    assert (await secretary.post(f"/console/duties/{row.id}", far)).status == 409
    assert (await secretary.post(f"/console/duties/{row.id}", retire)).status == 303
    assert small_house.office.store.look(register).responsibility(row.id) is None
    other = await sit(small_house, "other")
    foreign = next(r for r in small_house.office.store.look(register).responsibilities if r.estate_id)
    assert (await other.get(f"/console/duties/{foreign.id}")).status == 404


async def test_terms_are_written_as_they_are_read(small_house, secretary):
    """Minutes or hours as the list says them; a bare number is hours; what was kept is said in the same words."""
    row = small_house.office.store.look(register).responsibilities[0]
    path, form = f"/console/duties/{row.id}", {"category": row.category, "estate": "海棠苑", "unit": "春晖物业"}
    for typed, kept, said in (
        ("15 分钟", 0.25, "15 分钟"),
        ("100分钟", 100 / 60, "100 分钟"),
        ("2个小时", 2, "2 小时"),
        ("1.5", 1.5, "1.5 小时"),
        ("", None, ""),
    ):
        version = (await secretary.get(path)).soup.select_one("[name=version]")["value"]
        more = {"respond_hours": typed, "resolve_hours": "1天", "version": version, "match": "", "step": "save"}
        assert (await secretary.post(path, form | more)).status == 422
        assert (await secretary.post(path, form | more | {"resolve_hours": "24 小时"})).status == 303
        now = small_house.office.store.look(register).responsibility(row.id)
        assert (now.respond_hours, now.resolve_hours) == (pytest.approx(kept) if kept else None, 24)
        fields = (await secretary.get(path)).soup.select("#respond_hours, #resolve_hours")
        assert [field["value"] for field in fields] == [said, "24 小时"]


# -- messages and trail


async def test_what_waits_because_there_were_many_says_so(house):
    """Not by the name that the code has for it."""
    await reported(house)
    house.office.store.run(
        lambda tx: [
            tx.update(
                Outbox, row.id, state="pending", error=outgoing.CROWDED, not_before=tx.now + timedelta(minutes=1)
            )
            for row in tx.list(Outbox)
        ]
    )
    page = await (await sit(house, "secretary")).get("/console/messages")
    assert "好几条" in page.text
    assert outgoing.CROWDED not in page.text


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
    assert ["secretary", "重发了一条", "消息"] in _trail(await secretary.get("/console/audit"))


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("message/update_template_card errcode=40058 response_code is unknown, hint: [1]", "不耽误办事"),
        ("message/send errcode=77777 odd thing, more info at https://x", "代码 77777"),
        ("message/send errcode=None timed out", "没有应答"),
    ],
)
async def test_a_reason_is_never_the_english_of_the_platform(small_house, secretary, error, why):
    """What is not known by heart is told as a number to pass on."""
    await reported(small_house)
    small_house.office.store.run(
        lambda tx: tx.update(Outbox, tx.list(Outbox)[0].id, state="dead", error=error, attempts=3)
    )
    told = (await secretary.get("/console/messages?state=dead")).soup.select_one(".late").text
    assert why in told
    assert "info" not in told
    assert "errcode" not in told


def _trail(page):
    """Who, what and about what, line by line."""
    return [[cell.text for cell in row.select("td")][1:] for row in page.soup.select("tbody tr")]


def test_a_happening_without_a_word_is_a_change(content):
    """A code never comes onto a page, not even one that a community's own file of labels does not know yet."""
    assert content.labels.told("mode", "mode_began") == ("应急", "转应急")
    assert content.labels.told("mode", "something_new") == ("应急", "有变动")
    assert content.labels.told("something", "else") == ("其他", "有变动")


async def test_the_trail_holds_acts_and_no_words(small_house, secretary):
    """Who did what to what; what residents wrote stands with the demand only."""
    no = await reported(small_house, "海棠苑3栋电梯里有人骂我", category="elevator")
    await secretary.act(no, "supplement", text="秘密的补充")
    page = await secretary.get("/console/audit")
    assert next(row for row in _trail(page) if row[2] == no) == ["secretary", "补充", no]
    assert "登录" in page.text
    assert "秘密" not in page.text
    assert "骂我" not in page.text
