"""The rooms of shop, wishes and visits: what is done there is done as by chat and API, and who may not cannot."""

import pytest
from tests.web.console.conftest import sit
from tests.web.test_api_shop import earned

from redprop_bot.store import shop as shelf
from redprop_bot.store import wishes as rows
from redprop_bot.store.tables import Goods, Redemption, Wish
from redprop_bot.volunteers import ledger


def look(house, job):
    return house.office.store.look(job)


def all_of(model):
    return lambda tx: tx.list(model, order=model.__table__.c.id)


async def test_goods_are_entered_counted_and_picked_up_by_code(small_house, secretary):
    """On the shelf, redeemed in chat, handed over against the code; a wrong code hands nothing over."""
    await secretary.get("/console/shop")
    form = {"title": "抽纸", "points": "10", "stock": "5", "note": "三层", "community": "海棠社区"}
    made = await secretary.post("/console/shop", form)
    assert made.status == 303
    goods = look(small_house, all_of(Goods))[0]
    assert (goods.title, goods.points, goods.stock) == ("抽纸", 10, 5)
    page = await secretary.get(f"/console/shop/{goods.id}")
    assert "上架" in page.text
    edited = {"version": "1", "title": "抽纸", "points": "12", "stock": "4", "note": "三层", "active": "true"}
    assert (await secretary.post(f"/console/shop/{goods.id}", edited)).status == 303
    stale = await secretary.post(f"/console/shop/{goods.id}", edited | {"stock": "99"})
    assert (stale.status, look(small_house, all_of(Goods))[0].stock) == (409, 4)
    earned(small_house, "weidy", 40)
    await small_house.twin.work.say("weidy", "兑换抽纸1包")
    held = look(small_house, all_of(Redemption))[0]
    assert held.code not in (await secretary.get("/console/shop")).text  # the clerk asks for it
    wrong = await secretary.post("/console/shop/pick", {"code": "12345x"})
    assert (wrong.status, look(small_house, all_of(Redemption))[0].state) == (422, "held")
    assert "没有等着取的码" in wrong.text
    assert (await secretary.post("/console/shop/pick", {"code": f"{held.code[:3]} {held.code[3:]}"})).status == 303
    assert look(small_house, all_of(Redemption))[0].state == "picked"


async def test_cancelled_at_the_counter_gives_both_back_and_is_told(small_house, secretary):
    """Points and stock as before, and whoever redeemed it hears of it."""
    await secretary.get("/console/shop")
    await secretary.post("/console/shop", {"title": "肥皂", "points": "10", "stock": "5", "note": ""})
    earned(small_house, "weidy", 40)
    await small_house.twin.work.say("weidy", "兑换肥皂")
    held = look(small_house, all_of(Redemption))[0]
    assert (await secretary.post(f"/console/shop/held/{held.id}/cancel", {})).status == 303
    after = look(
        small_house, lambda tx: (shelf.goods(tx, held.goods_id).stock, ledger.balance(tx, held.person_id))
    )
    assert after == (5, 40)
    await small_house.deliver()
    assert any("退还给您" in str(entry) for entry in small_house.twin.ledger.shown("weidy"))


@pytest.mark.parametrize(
    "fields", [{"points": "0"}, {"points": "-3"}, {"stock": "-1"}, {"stock": "x"}, {"title": ""}]
)
async def test_odd_goods_come_back_with_what_was_typed(small_house, secretary, fields):
    """Nothing is on the shelf, and nothing has to be typed again."""
    await secretary.get("/console/shop")
    form = {"title": "牙膏一支", "points": "10", "stock": "5", "note": "薄荷味的"} | fields
    answer = await secretary.post("/console/shop", form)
    assert (answer.status, look(small_house, all_of(Goods))) == (422, [])
    assert "薄荷味的" in answer.text


async def test_the_yes_with_other_words_and_the_no(small_house, secretary):
    """What the secretary writes hangs on the wall; a no says no more; both are said once."""
    await small_house.twin.work.say("maiwg", "走访记录：到海棠苑3栋2单元501，她说想要一台血压计")
    await small_house.twin.work.say("maiwg", "走访记录：到海棠里，他说想要一本字帖")
    first, second = look(small_house, all_of(Wish))
    page = await secretary.get(f"/console/wishes/{first.no}")
    assert "同意上墙" in page.text
    publish = {"act": "publish", "text": "想要一台电子血压计，电话13812345678"}
    assert (await secretary.post(f"/console/wishes/{first.no}", publish)).status == 303
    assert (await secretary.post(f"/console/wishes/{first.no}", publish)).status == 409
    assert (await secretary.post(f"/console/wishes/{second.no}", {"act": "decline"})).status == 303
    first, second = look(small_house, all_of(Wish))
    assert (first.status, second.status) == ("published", "refused")
    assert "电子血压计" in first.shown
    assert "138" not in first.shown
    listed = await secretary.get("/console/wishes?status=published")
    assert first.no in listed.text
    assert second.no not in listed.text


async def test_claimed_delivered_and_received_for_those_who_said_so(small_house, secretary):
    """A member by name, then both words: fulfilled, and the member has the points."""
    await secretary.get("/console/wishes")
    made = await secretary.post("/console/wishes", {"text": "一位独居老人想要一台收音机", "estate": ""})
    assert made.status == 303
    wish = look(small_house, all_of(Wish))[0]
    path = f"/console/wishes/{wish.no}"
    assert "卫党员" in (await secretary.get(path)).text
    assert (await secretary.post(path, {"act": "claim", "member": "没有这个人"})).status == 422
    for form in ({"act": "claim", "member": "卫党员"}, {"act": "deliver"}, {"act": "receive"}):
        assert (await secretary.post(path, form)).status == 303, form
    done = look(small_house, lambda tx: rows.by_no(tx, wish.no))
    assert (done.status, look(small_house, lambda tx: ledger.balance(tx, done.claimer_id))) == ("fulfilled", 10)


async def test_visits_are_counted_and_lead_to_what_came_of_them(small_house, secretary):
    """Per worker, estate and kind, with the numbers as links; another span is empty."""
    await small_house.twin.work.say("maiwg", "走访记录：到海棠苑3栋2单元501，她说楼道灯不亮")
    page = await secretary.get("/console/visits")
    assert "共 1 次、1 户，带回 1 件事" in page.text
    assert page.soup.select_one('a[href^="/console/demands/D"]') is not None
    assert "还没有走访" in (await secretary.get("/console/visits?span=last")).text
    assert "还没有走访" in (await secretary.get("/console/visits?kind=talk")).text


async def test_who_only_looks_does_nothing_and_units_do_not_come_in(small_house, secretary):
    """A viewer sees no code, no words and no buttons; a unit has no such room."""
    await secretary.get("/console/shop")
    await secretary.post("/console/shop", {"title": "肥皂", "points": "10", "stock": "5", "note": ""})
    await small_house.twin.work.say("maiwg", "走访记录：到海棠苑3栋2单元501，她说想要一台血压计")
    wish = look(small_house, all_of(Wish))[0]
    viewer = await sit(small_house, "viewer")
    assert "<h2>上新</h2>" not in (await viewer.get("/console/shop")).text
    assert "她说" not in (await viewer.get("/console/visits")).text
    assert (await viewer.get(f"/console/wishes/{wish.no}")).status == 404
    assert (await viewer.post("/console/shop", {"title": "盆", "points": "1", "stock": "1"})).status == 403
    unit = await sit(small_house, "provider")
    for path in ("/console/shop", "/console/wishes", "/console/visits"):
        assert (await unit.get(path)).status == 403


async def test_today_says_what_waits_in_other_rooms(small_house, secretary):
    """A wish that somebody made stands there until it was looked at; to whom it is no matter it is not told."""
    unit = await sit(small_house, "provider")
    assert "微心愿等着上墙" not in (await secretary.get("/console")).text
    await small_house.twin.work.say("maiwg", "走访记录：到海棠苑3栋2单元501，她说想要一台血压计")
    waiting = look(small_house, all_of(Wish))
    assert [one.status for one in waiting] == ["proposed"]
    today = await secretary.get("/console")
    assert "1 个微心愿等着上墙" in today.text
    assert "微心愿等着上墙" not in (await unit.get("/console")).text
    answer = await secretary.post(f"/console/wishes/{waiting[0].no}", {"act": "decline"})
    assert answer.status == 303, answer.said
    assert "微心愿等着上墙" not in (await secretary.get("/console")).text
