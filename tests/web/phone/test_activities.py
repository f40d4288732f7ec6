"""Activities and points on a phone: looking, signing up, checking in, one's own points and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.gatherings import activity, digits

from redprop_bot.store import activities as rows
from redprop_bot.volunteers import ledger


@pytest.fixture
def what(hand):
    """Something that is on now."""
    return hand.house.office.store.run(lambda tx: activity(tx, title="清理楼道", capacity=1))


def code(hand, what) -> str:
    return hand.house.office.store.look(lambda tx: digits(tx, what))


async def test_from_the_list_to_the_points(hand, what):
    """Signed up by a button, in and out by the code, the points on one's own page."""
    assert "清理楼道" in await hand.look("/m/activities")
    page = await hand.look(f"/m/activities/{what.no}")
    assert "我要报名" in page
    path = f"/m/activities/{what.no}/act"
    assert (await hand.send(path, {"act": "join"})).status == 303
    page = await hand.look(f"/m/activities/{what.no}")
    assert "您已经报上了" in page
    wrong = await hand.send(path, {"act": "in", "code": "000000"})
    assert wrong.status == 409
    assert "这个码不对" in await hand.seen(wrong)
    assert (await hand.send(path, {"act": "in", "code": code(hand, what)})).status == 303
    hand.house.clock.at += timedelta(hours=2)
    await hand.look(f"/m/activities/{what.no}")
    assert (await hand.send(path, {"act": "out", "code": code(hand, what)})).status == 303
    page = await hand.look("/m/points")
    assert "我的积分 20 分" in page
    assert "+20" in page
    store = hand.house.office.store
    assert store.look(lambda tx: ledger.balance(tx, hand.me().id)) == 20


async def test_the_code_in_the_address_stands_in_the_form(hand, what):
    """Whoever scans the screen only has to tap; scanning alone checks nobody in."""
    await hand.look(f"/m/activities/{what.no}")
    await hand.send(f"/m/activities/{what.no}/act", {"act": "join"})
    page = await hand.look(f"/m/activities/{what.no}?code={code(hand, what)}")
    assert f'value="{code(hand, what)}"' in page
    assert hand.house.office.store.look(lambda tx: rows.attendances(tx, what.id)) == []
    assert 'value="&' not in await hand.look(f"/m/activities/{what.no}?code=%22%3E%3Cscript")


async def test_a_form_without_its_mark_changes_nothing(hand, what):
    """Another site cannot sign anybody up."""
    await hand.look(f"/m/activities/{what.no}")
    assert (await hand.send(f"/m/activities/{what.no}/act", {"act": "join"}, mark="x")).status == 401
    assert hand.house.office.store.look(lambda tx: rows.going(tx, what.id)) == 0


async def test_strangers_may_look_and_see_no_names(small_house):
    """No login: the activity and how many places, nobody's name; what is planned is not there."""
    from tests.support.gatherings import KEEPER, joined

    from redprop_bot.volunteers import activities
    from redprop_bot.volunteers.activities import Plan

    store = small_house.office.store
    shown = store.run(lambda tx: activity(tx, capacity=3))
    store.run(lambda tx: joined(tx, shown, name="罗桂兰"))
    now = datetime(2026, 12, 1, 1, tzinfo=UTC)
    hidden = store.run(
        lambda tx: activities.plan(tx, Plan("还没定", now, now + timedelta(hours=1)), KEEPER, publish=False)
    )
    answer = await small_house.client.get(f"/m/activities/{shown.no}")
    text = await answer.text()
    assert (answer.status, "还有 2 个名额" in text, "罗桂兰" in text) == (200, True, False)
    assert (await small_house.client.get(f"/m/activities/{hidden.no}")).status == 404
    assert "王书记" not in text
    answer = await small_house.client.get("/m/points", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/m/login?next=/m/points")
    assert "还没定" not in await (await small_house.client.get("/m/activities")).text()


async def test_the_board_shows_the_calendar(small_house):
    """What is published stands there, and after a quarter what was earned, with names only of who agreed."""
    from tests.support.books import booking

    from redprop_bot.registry.register import register
    from redprop_bot.store import people, points

    store = small_house.office.store
    here = next(k for k, c in store.look(register).communities.items() if c.name == "海棠社区")
    store.run(lambda tx: activity(tx, begins=timedelta(days=2), community_id=here))
    text = await (await small_house.client.get("/board/海棠社区")).text()
    assert "清理楼道" in text
    assert "积分公示" not in text

    def give(tx):
        for userid in ("weidy", "maiwg"):
            ledger.award(tx, booking(people.called(tx, userid).id, 10, community_id=here))
        points.show_name(tx, people.called(tx, "weidy").id, shown=True)

    store.run(give)
    small_house.clock.at = datetime(2027, 1, 2, 2, tzinfo=UTC)
    text = await (await small_house.client.get("/board/海棠社区")).text()
    assert "2026年第4季度积分公示" in text
    assert "卫党员" in text
    assert "小麦" not in text
    small_house.clock.at = datetime(2027, 1, 20, 2, tzinfo=UTC)
    assert "积分公示" not in await (await small_house.client.get("/board/海棠社区")).text()


async def test_whose_flat_it_is_and_whom_to_call_is_for_who_has_a_place(hand):
    """The page is open to everybody; who signed up needs to know where to go."""
    told = {"title": "陪吴奶奶（2栋604）读报", "place": "2栋604", "note": "联系人何秀英 137 0000 2222"}
    shown = hand.house.office.store.run(lambda tx: activity(tx, **told))
    for path in ("/m/activities", f"/m/activities/{shown.no}"):
        page = await hand.look(path)
        assert "读报" in page
        assert not any(secret in page for secret in ("604", "何秀英", "137 0000 2222"))
    await hand.send(f"/m/activities/{shown.no}/act", {"act": "join"})
    page = await hand.look(f"/m/activities/{shown.no}")
    assert all(known in page for known in ("2栋604", "何秀英", "137 0000 2222"))
