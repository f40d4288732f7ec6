"""One's own data: seen, corrected, deleted; what deletion does is said before and is what it does."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text
from tests.support import pictures, rows
from tests.web.phone.conftest import TEXT, Hand, finished, report, version
from tests.web.test_login import WECOM

from redprop_bot.loop.actor import RULE
from redprop_bot.loop.offers import Offer, enter
from redprop_bot.store import demands, soundness
from redprop_bot.store.tables import Attachment, Demand, Outbox, Upload
from redprop_bot.volunteers import wishes

MINE = {"name": "许小满", "phone": "13900007777", "estate": "海棠苑", "building": "3", "unit": "2", "room": "1204"}


async def corrected(hand, **fields):
    await hand.look("/m/me")
    return await hand.send("/m/me", {**MINE, **fields})


async def test_what_is_kept_is_shown_and_can_be_put_right(hand):
    """Every field of the page is what is stored; an empty one is cleared."""
    answer = await corrected(hand)
    assert (answer.status, answer.headers["Location"]) == (303, "/m/me?said=corrected")
    page = BeautifulSoup(await hand.look("/m/me"), "html.parser")
    assert {one["name"]: one["value"] for one in page.select("input[type=text], input[type=tel]")} == {
        name: value for name, value in MINE.items() if name != "estate"
    }
    assert page.select_one("option[selected]").text == "海棠苑"
    await corrected(hand, phone="", room="", estate="", photo_place="yes")
    me = hand.me()
    assert (me.name, me.phone, me.room, me.estate_id, me.photo_place) == ("许小满", None, None, None, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "<script>alert(1)</script>"),
        ("name", "很" * 21),
        ("phone", "打我电话"),
        ("building", "3栋/2"),
        ("room", "<b>"),
        ("estate", "没有的小区"),
    ],
)
async def test_a_wrong_field_is_named_and_the_others_keep_what_was_typed(hand, field, value):
    """Nothing is stored then."""
    answer = await corrected(hand, **{field: value})
    page = BeautifulSoup(await hand.seen(answer), "html.parser")
    assert answer.status == 422
    assert page.select_one(f"#{field}")["aria-invalid"] == "true"
    assert page.find("script") is None
    other = "phone" if field != "phone" else "name"
    assert page.select_one(f"#{other}")["value"] == MINE[other]
    assert hand.me().name is None


async def test_boxes_too_keep_what_was_ticked(hand):
    """When another field was wrong, on and off alike."""
    await corrected(hand, monthly="yes")
    answer = await corrected(hand, photo_place="yes", phone="打我电话")
    page = BeautifulSoup(await hand.seen(answer), "html.parser")
    assert [box["name"] for box in page.select("input[type=checkbox][checked]")] == ["photo_place"]
    page = BeautifulSoup(await hand.look("/m/me"), "html.parser")
    assert [box["name"] for box in page.select("input[type=checkbox][checked]")] == ["monthly"]


async def test_a_yes_taken_back_forgets_where_pictures_were_taken(hand):
    """As the same words in chat do; saving other things does not."""
    await corrected(hand, photo_place="yes")
    await report(hand, files={"photo1": ("a.jpg", pictures.jpeg())})
    store = hand.house.office.store

    def place():
        return store.look(lambda tx: [(one.latitude, one.longitude) for one in tx.list(Attachment)])

    store.run(lambda tx: tx.update(Attachment, tx.list(Attachment)[0].id, latitude=31.5, longitude=118.5))
    await corrected(hand, photo_place="yes", name="小满")
    assert place() == [(31.5, 118.5)]
    await corrected(hand)
    assert place() == [(None, None)]


async def test_a_post_is_the_communitys_to_correct(small_house):
    """Who stands in the register sees their data and neither changes nor deletes them here."""
    secretary = Hand(small_house, "linsj", WECOM)
    assert (await secretary.enter()).status == 302
    page = await secretary.look("/m/me")
    assert "由社区统一改" in page
    assert "/m/me/forget" not in page
    assert (await secretary.send("/m/me", MINE)).status == 403
    assert (await secretary.send("/m/me/forget", {"agree": "yes"})).status == 403
    assert "林书记" in await secretary.look("/m/me")


async def test_what_deletion_does_stands_before_it(hand):
    """What goes and what stays, and no deleting without a yes."""
    page = await hand.look("/m/me")
    for words in ("会删掉", "会留下", "您发来的照片", "办理经过", "找不回来"):
        assert words in page
    assert (await hand.send("/m/me/forget", {})).status == 422
    assert hand.me() is not None


async def test_a_photo_of_a_form_that_was_never_right_is_deleted_too(hand):
    """It waits for the form; who is forgotten will not send it."""
    await report(hand, "", files={"photo1": ("a.jpg", pictures.jpeg())})
    await hand.look("/m/me")
    assert (await hand.send("/m/me/forget", {"agree": "yes"})).status == 200
    assert hand.house.office.store.look(lambda tx: tx.list(Upload)) == []


async def test_what_is_under_way_is_done_or_withdrawn_first(hand):
    """Somebody may be on their way: the page names the order, and withdrawing it opens the door."""
    await report(hand)
    no = hand.orders()[0].no
    assert no in await hand.look("/m/me")
    answer = await hand.send("/m/me/forget", {"agree": "yes"})
    assert answer.status == 409
    assert no in await answer.text()
    await hand.look(f"/m/orders/{no}")
    await hand.send(f"/m/orders/{no}/act", {"act": "withdraw", "version": version(hand, no)})
    await hand.look("/m/me")
    assert (await hand.send("/m/me/forget", {"agree": "yes"})).status == 200


async def test_deleted_is_gone_and_what_was_done_stays(hand, folder):
    """No table holds name, phone, account or door any more; the order, its unit and its stars do."""
    await corrected(hand)
    words = f"我是{MINE['name']}，{TEXT}，打{MINE['phone']}"
    await report(hand, words, files={"photo1": ("a.jpg", pictures.jpeg())}, room="1204", phone=MINE["phone"])
    no = hand.orders()[0].no
    token = hand.house.token("provider", organisation="春晖物业")
    assert (await hand.house.act(token, no, "fulfil", note="修好了"))[0] == 200
    await hand.house.deliver()
    name = hand.house.office.store.look(lambda tx: demands.attachments(tx, demands.by_no(tx, no).id))[0].name
    assert folder.get(name) is not None
    await hand.look("/m/me")
    answer = await hand.send("/m/me/forget", {"agree": "yes"})
    assert answer.status == 200
    assert "删好了" in await answer.text()
    assert folder.get(name) is None
    found = hand.house.office.store.look(_everything)
    for value in (MINE["name"], MINE["phone"], "o-xu"):
        assert [table for table, rows in found.items() if value in rows] == [], value
    assert [table for table, rows in found.items() if "1204" in rows and table != "card"] == []
    order = hand.house.office.store.look(lambda tx: demands.by_no(tx, no))
    assert (order.stage, order.category, order.building, order.room, order.phone) == (
        "done",
        "elevator",
        "3",
        None,
        None,
    )
    assert "电梯坏了" in order.text
    assert hand.house.office.store.look(soundness.problems) == []


async def test_who_only_said_it_in_an_order_is_gone_from_all_they_said(hand):
    """Name and phone stand in no field of theirs; a wish, a topic, an offer and what others were told know them."""
    said = "贾小燕家，七零四室，一三八零零零零二二二二或者138.0000.2222，联系人贾小燕"
    await report(hand, f"{TEXT}，{said}")
    no = hand.orders()[0].no
    token = hand.house.token("provider", organisation="春晖物业")
    assert (await hand.house.act(token, no, "fulfil", note="修好了"))[0] == 200

    def more(tx):
        wishes.make(tx, wishes.Wished("贾小燕想要一台轮椅，13800002222", me, None), RULE)
        offer = enter(tx, Offer(prefix="R", title="缝纫机，找贾小燕", note="打138.0000.2222", owner_id=me))
        rows.owed(tx, key=f"{offer.no}:offer", payload={"text": "缝纫机，找贾小燕13800002222"})

    me = hand.me().id
    hand.house.office.store.run(more)
    await hand.look("/m/me")
    assert (await hand.send("/m/me/forget", {"agree": "yes"})).status == 200
    found = hand.house.office.store.look(_everything)
    for value in ("贾小燕", "七零四", "一三八零", "138.0000.2222", "13800002222"):
        assert [table for table, rows in found.items() if value in rows] == [], value


async def test_words_beside_an_address_are_covered_too(hand):
    """A message in which a link stands tells as little of them as any other; the link still leads there."""
    await corrected(hand)
    no = await finished(hand)
    link = f"https://pic.example/{MINE['phone']}/1204"
    told = f"“图在{link}，门牌1204”\n联系：{MINE['name']} {MINE['phone']}"

    def tell(tx):
        about = demands.by_no(tx, no)
        tx.update(Demand, about.id, room="1204")
        return rows.owed(tx, demand_id=about.id, payload={"text": told, "link": link}).id

    key = hand.house.office.store.run(tell)
    await hand.look("/m/me")
    assert (await hand.send("/m/me/forget", {"agree": "yes"})).status == 200
    payload = hand.house.office.store.look(lambda tx: tx.get(Outbox, key)).payload
    assert payload == {"text": f"“图在{link}，门牌〔室号〕”\n联系：居民 〔电话〕", "link": link}


def _everything(tx):
    names = [row[0] for row in tx.connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
    return {
        name: "\n".join(str(tuple(row)) for row in tx.connection.execute(text(f'SELECT * FROM "{name}"')))
        for name in names
        if not name.startswith("demand_words")
    }


async def test_afterwards_they_are_new_here(hand):
    """The session is over, and the same account is another person with nothing of the former."""
    no = await finished(hand)
    old = hand.me().id
    await hand.look("/m/me")
    cookies = dict(hand.jar)
    assert (await hand.send("/m/me/forget", {"agree": "yes"})).status == 200
    hand.jar.update(cookies)  # somebody who kept the cookie
    assert (await hand.get("/m/me")).status == 302
    assert (await hand.enter("/m/mine")).status == 302
    assert hand.me().id != old
    assert "还没有报过事" in await hand.look("/m/mine")
    assert "报事内容" not in await hand.look(f"/m/orders/{no}")


async def test_forms_of_this_page_survive_a_login_that_is_over(hand):
    """What was typed stands there after signing in."""
    await hand.look("/m/me")
    hand.house.clock.at += timedelta(days=8)
    assert (await hand.send("/m/me", MINE)).status == 401
    await hand.enter("/m/me")
    page = BeautifulSoup(await hand.look("/m/me"), "html.parser")
    assert page.select_one("#name")["value"] == MINE["name"]
    assert hand.me().name is None


async def test_large_type_is_remembered(hand):
    """On every page of residents, until it is taken back; the way leads back to where one was."""
    assert 'class="large"' not in await hand.look("/m/mine")
    answer = await hand.send("/m/type", {"size": "large", "next": "/board/海棠社区".encode().decode()})
    assert answer.status == 303
    for path in ("/m/mine", "/m/report", "/m/me", "/board/海棠社区"):
        assert '<html lang="zh-CN" class="large">' in await hand.look(path)
    answer = await hand.send("/m/type", {"size": "normal", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/m/mine"
    assert 'class="large"' not in await hand.look("/m/mine")
    assert (await hand.send("/m/type", {"size": "large"}, Origin="https://evil.example")).status == 403


async def test_the_size_can_be_changed_wherever_one_is(hand):
    """Also on a page that answers a form: the way back is a page that can be opened; the last page of all has none."""
    no = await finished(hand)
    fields = {"act": "rate", "version": version(hand, no), "stars": "9", "page": f"/m/orders/{no}"}
    await hand.look(f"/m/orders/{no}")
    pages = [
        await (await hand.send(f"/m/orders/{no}/act", fields)).text(),
        await (await hand.send(f"/m/orders/{no}/act", fields, mark="x" * 43)).text(),
        await (await hand.send("/m/me/forget", {})).text(),
    ]
    for page, wanted in zip(pages, (f"/m/orders/{no}", f"/m/orders/{no}", "/m/me"), strict=True):
        back = BeautifulSoup(page, "html.parser").select_one("form.sizes input[name=next]")["value"]
        answer = await hand.send("/m/type", {"size": "large", "next": back})
        assert answer.headers["Location"] == wanted
        assert (await hand.get(wanted)).status == 200
    gone = await (await hand.send("/m/me/forget", {"agree": "yes"})).text()
    assert BeautifulSoup(gone, "html.parser").select_one("form.sizes") is None
    assert 'class="large"' in gone


async def test_a_long_list_goes_on(hand):
    """Thirty to a page, each once."""
    me = hand.me().id
    hand.house.office.store.run(lambda tx: [rows.demand(tx, reporter_id=me) for _ in range(35)])
    first = BeautifulSoup(await hand.look("/m/mine"), "html.parser")
    onward = first.select_one(".more a")["href"]
    second = BeautifulSoup(await hand.look(onward), "html.parser")
    numbers = [tag.text for page in (first, second) for tag in page.select(".rows .no")]
    assert len(numbers) == len(set(numbers)) == 35
    assert second.select_one(".more a") is None
