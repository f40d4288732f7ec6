"""Rating and the like on the order's page: the steps of the loop, for whom it concerns, never over something newer."""

import pytest
from bs4 import BeautifulSoup
from tests.web.phone.conftest import finished, report, version

from redprop_bot.store import demands
from redprop_bot.store.tables import Demand


def stored(hand, no):
    return hand.house.office.store.look(lambda tx: demands.by_no(tx, no))


async def rate(hand, no, stars, *, reason="", why=(), of=None, **headers):
    await hand.look(f"/m/orders/{no}")
    fields = [("act", "rate"), ("version", of or version(hand, no)), ("stars", stars), ("reason", reason)]
    return await hand.send(f"/m/orders/{no}/act", [*fields, *(("why", one) for one in why)], **headers)


async def test_stars_with_reasons_close_the_order(hand):
    """What was tapped and what was written stand in the rating; the page says thank you."""
    no = await finished(hand)
    answer = await rate(hand, no, "5", reason="师傅真好", why=["来得快", "不是名单里的"])
    assert (answer.status, answer.headers["Location"]) == (303, f"/m/orders/{no}?said=act_rate")
    order = stored(hand, no)
    assert (order.stage, order.stars, order.rating_reason) == ("closed", 5, "来得快，师傅真好")
    assert "谢谢您的评价" in await hand.look(answer.headers["Location"])


async def test_few_stars_want_a_reason_and_send_it_back(hand):
    """Without one the form comes back with the stars; with one the unit has it again."""
    no = await finished(hand)
    answer = await rate(hand, no, "1")
    page = BeautifulSoup(await hand.seen(answer), "html.parser")
    assert answer.status == 422
    assert page.select_one("input[name=stars][checked]")["value"] == "1"
    assert stored(hand, no).stage == "done"
    assert (await rate(hand, no, "1", why=["没修好"])).status == 303
    order = stored(hand, no)
    assert (order.stage, order.reworks, order.rating_reason) == ("dispatched", 1, "没修好")


@pytest.mark.parametrize("stars", ["", "0", "6", "五", "5.0", "<b>"])
async def test_stars_are_one_to_five(hand, stars):
    """Anything else is said, and what was written stands there still."""
    no = await finished(hand)
    answer = await rate(hand, no, stars, reason="写了半天的理由", why=["修得好"])
    page = BeautifulSoup(await answer.text(), "html.parser")
    assert answer.status == 422
    assert page.select_one("#reason").text == "写了半天的理由"
    assert page.select_one("input[name=why][checked]")["value"] == "修得好"
    assert stored(hand, no).stars is None


async def test_a_stale_form_changes_nothing_and_keeps_its_words(hand):
    """Somebody was faster: the page shows what is new, with everything that was typed."""
    no = await finished(hand)
    old = version(hand, no)
    assert (await rate(hand, no, "4")).status == 303
    answer = await rate(hand, no, "1", reason="旧页面上写的", of=old)
    page = BeautifulSoup(await answer.text(), "html.parser")
    assert answer.status == 409
    assert "新进展" in page.select_one("#wrong").text
    assert page.select_one("#reason").text == "旧页面上写的"
    assert stored(hand, no).stars == 4


async def test_urging_adding_and_withdrawing(hand):
    """Each does what it says; what is withdrawn offers no more forms."""
    await report(hand)
    no = hand.orders()[0].no
    for act, text in (("urge", ""), ("supplement", "门口还有玻璃渣"), ("withdraw", "自己好了")):
        page = await hand.look(f"/m/orders/{no}")
        assert f'value="{act}"' in page
        answer = await hand.send(f"/m/orders/{no}/act", {"act": act, "version": version(hand, no), "text": text})
        assert answer.status == 303, await answer.text()
    order = stored(hand, no)
    history = hand.house.office.store.look(lambda tx: demands.history(tx, order.id))
    assert [event.act for event in history][-3:] == ["urge", "supplement", "withdraw"]
    assert order.stage == "withdrawn"
    assert "<form" not in (await hand.look(f"/m/orders/{no}")).split("<main")[1].split("</main>")[0]


async def test_who_may_harm_themselves_cannot_tap_the_alarm_away(hand):
    """As in chat: nobody is sent home; the page offers no such button and refuses the form of an old one."""
    await report(hand)
    no = hand.orders()[0].no
    order = stored(hand, no)
    words = {"urgency": "emergency", "text": "我活够了"}
    hand.house.office.store.run(lambda tx: tx.update(Demand, order.id, **words))
    assert 'value="withdraw"' not in await hand.look(f"/m/orders/{no}")
    answer = await hand.send(f"/m/orders/{no}/act", {"act": "withdraw", "version": version(hand, no), "text": ""})
    assert answer.status == 409
    assert "12356" in await answer.text()
    assert stored(hand, no).stage == order.stage


async def test_an_empty_addition_is_refused(hand):
    """There is nothing to add."""
    await report(hand)
    no = hand.orders()[0].no
    await hand.look(f"/m/orders/{no}")
    answer = await hand.send(
        f"/m/orders/{no}/act", {"act": "supplement", "version": version(hand, no), "text": "  "}
    )
    assert answer.status == 422


@pytest.mark.parametrize("act", ["rate", "urge", "withdraw", "dispatch", "close", "accept", "", "<b>"])
async def test_others_and_other_acts_do_nothing(hand, other, act):
    """A stranger's session acts on nothing, and no session does what is not offered here."""
    no = await finished(hand)
    await other.look("/m/me")
    fields = {"act": act, "version": version(hand, no), "stars": "1", "reason": "x", "text": "x"}
    assert (await other.send(f"/m/orders/{no}/act", fields)).status == 404
    if act in ("dispatch", "close", "accept", "", "<b>"):
        await hand.look(f"/m/orders/{no}")
        assert (await hand.send(f"/m/orders/{no}/act", fields)).status == 422
    order = stored(hand, no)
    assert (order.stage, order.stars) == ("done", None)


async def test_what_was_written_survives_a_login_that_is_over(hand):
    """The reason stands in the form again after signing in."""
    from datetime import timedelta

    no = await finished(hand)
    await hand.look(f"/m/orders/{no}")
    hand.house.clock.at += timedelta(days=8)
    fields = {
        "act": "rate",
        "version": version(hand, no),
        "stars": "4",
        "reason": "写了一段",
        "page": f"/m/orders/{no}",
    }
    answer = await hand.send(f"/m/orders/{no}/act", fields)
    assert answer.status == 401
    assert (await hand.enter(f"/m/orders/{no}")).status == 302
    page = BeautifulSoup(await hand.look(f"/m/orders/{no}"), "html.parser")
    assert page.select_one("#reason").text == "写了一段"
    assert page.select_one("input[name=stars][checked]")["value"] == "4"


async def test_a_rating_is_changed_from_what_it_is_and_nobody_is_urged_meanwhile(hand):
    """The form holds the stars, the reasons and the words of last time; done work is not urged."""
    no = await finished(hand)
    page = BeautifulSoup(await hand.look(f"/m/orders/{no}"), "html.parser")
    assert "催一催" not in page.text
    assert not page.select("input[name=stars][checked]")
    await rate(hand, no, "4", reason="师傅真好，下次还找", why=["来得快"])
    page = BeautifulSoup(await hand.look(f"/m/orders/{no}"), "html.parser")
    assert "改一改您的评价" in page.text
    assert page.select_one("input[name=stars][checked]")["value"] == "4"
    assert [one["value"] for one in page.select("input[name=why][checked]")] == ["来得快"]
    assert page.select_one("#reason").text == "师傅真好，下次还找"
    assert (await rate(hand, no, "5", reason="更好了")).status == 303
    assert stored(hand, no).rating_reason == "更好了"
