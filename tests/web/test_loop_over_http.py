"""The whole loop from outside: two platforms in safe mode, the API beside them, nothing known of the inside."""

from datetime import timedelta

from redprop_bot.ports import Channel


def _texts(house, person):
    return [entry.text for entry in house.twin.ledger.shown(person)]


def _card(house, person):
    cards = [e for e in house.twin.ledger.shown(person) if e.kind == "card"]
    return cards[-1].detail["task_id"], cards[-1].detail["card"]


async def _reported(house):
    """A resident reports, and the property company gets its card."""
    outcome = await house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
    assert outcome.ok
    await house.deliver()
    _, found = await house.api("GET", "/demands", house.token("admin"))
    return outcome, found["items"][0]["no"]


async def test_a_report_goes_round_and_is_all_in_the_api(house):
    """Report → card at the property → tapped accept → fulfil → resident told → rated → closed."""
    outcome, no = await _reported(house)
    assert no in outcome.text
    assert "春晖物业" in outcome.text
    task_id, card = _card(house, "jianjl")
    accept = next(b["key"] for b in card["button_list"] if b["key"].startswith("accept"))
    assert (await house.twin.work.tap("jianjl", task_id, accept)).ok
    await house.deliver()
    assert house.twin.work.cards["jianjl", task_id].replaced
    assert any("接单" in text for text in _texts(house, "o-xu"))
    assert (await house.twin.work.say("jianjl", f"{no} 修好了，换了门机板")).ok
    await house.deliver()
    menu = [e for e in house.twin.ledger.shown("o-xu") if e.kind == "menu"][-1]
    tapped = menu.detail["options"][0]
    assert (await house.twin.oa.say("o-xu", tapped["content"], menu_item=tapped["id"])).ok
    await house.deliver()
    status, item = await house.api("GET", f"/demands/{no}", house.token("admin"))
    assert status == 200
    assert (item["stage"], item["rating"]["stars"], item["handler"]) == ("closed", 5, "春晖物业")
    assert [e["act"] for e in item["events"]] == ["order", "dispatch", "accept", "fulfil", "rate"]
    assert [e["by"] for e in item["events"]][1:4] == ["责任清单", "简经理", "简经理"]
    assert item["events"][1]["note"] == "派给春晖物业"
    assert house.twin.ledger.violations == []


async def test_the_same_delivery_again_gets_the_same_answer_and_changes_nothing(house):
    """A repeated message in a new envelope is answered alike; there is one demand and one card."""
    outcome, no = await _reported(house)
    before = await house.api("GET", f"/demands/{no}", house.token("admin"))
    cards = len(house.twin.ledger.shown("jianjl"))
    assert (await house.twin.oa.phones.again()).text == outcome.text
    await house.deliver()
    token = house.token("admin")
    assert await house.api("GET", f"/demands/{no}", token) == before
    assert len((await house.api("GET", "/demands", token))[1]["items"]) == 1
    assert len(house.twin.ledger.shown("jianjl")) == cards


async def test_a_card_acts_once(house):
    """A second tap on a card that was delivered twice changes nothing and says so."""
    _, no = await _reported(house)
    task_id, _card_shown = _card(house, "jianjl")
    await house.twin.work.tap("jianjl", task_id, f"accept:{no}")
    house.clock.at += timedelta(seconds=2)
    again = await house.twin.work.tap("jianjl", task_id, f"accept:{no}")
    assert "已经处理过" in again.text
    _, item = await house.api("GET", f"/demands/{no}", house.token("admin"))
    assert [e["act"] for e in item["events"]].count("accept") == 1


async def test_what_is_done_by_api_is_told_on_the_phones(house):
    """An act of a token reaches the resident like one of chat."""
    _, no = await _reported(house)
    token = house.token("provider", organisation="春晖物业")
    assert (await house.act(token, no, "accept"))[0] == 200
    status, item = await house.act(token, no, "fulfil", note="换了门机板", media=["https://a.example/1.jpg"])
    assert (status, item["stage"]) == (200, "done")
    assert item["attachments"][0]["url"] == "https://a.example/1.jpg"
    await house.deliver()
    assert any("换了门机板" in text for text in _texts(house, "o-xu"))


async def test_the_token_of_a_platform_outlives_the_process(house):
    """A second process sends with the token that the first one fetched."""
    await _reported(house)
    assert house.twin.work.tokens.fetches == 1
    from redprop_bot.bootstrap.sending import SharedTokens, senders
    from redprop_bot.channels.work_api import token_name
    from redprop_bot.notify.delivery import Delivery
    from redprop_bot.web.serving import calling

    assert await SharedTokens(house.office.store).get(token_name(house.twin.work_settings())) is not None
    await house.twin.oa.say("o-xu", "海棠苑1栋1单元电梯也坏了，按钮不亮")
    async with calling() as session:
        await Delivery(house.office.store, senders(house.office, session)).drain_all()
    assert len([e for e in house.twin.ledger.shown("jianjl") if e.channel is Channel.WORK]) >= 2
    assert house.twin.work.tokens.fetches == 1
