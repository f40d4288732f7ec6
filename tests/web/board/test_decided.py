"""What meetings decided, on the public board: only what is approved, and never a resident."""

from tests.web.test_api_meetings import _acts, _called

from redprop_bot.ports import Channel
from redprop_bot.store import people
from redprop_bot.store.tables import Person


async def _board(house, path="/board/海棠社区"):
    answer = await house.client.get(path)
    assert answer.status == 200
    return await answer.text()


async def test_decisions_stand_there_when_they_are_approved_without_any_name(small_house):
    """A draft is on no board; approved, its decisions are, with unit, date and state, without resident, phone, room."""

    def resident(tx):
        person = people.add(tx, Channel.OA, "o-feng")
        return tx.update(Person, person.id, name="冯桂兰", phone="13912345678")

    small_house.office.store.run(resident)
    secretary = small_house.token("secretary", community="海棠社区")
    item = await _called(small_house, secretary, topics=["冯桂兰家楼上漏水"])
    text = "冯桂兰反映的漏水，电话13912345678，501室，由物业修"
    _, item = await _acts(
        small_house, secretary, item, "resolve", text=text, handler="春晖物业", due_at="2026-12-31"
    )
    await _acts(small_house, secretary, item, "attend", person="简经理")
    await _acts(small_house, secretary, item, "minutes", remarks="冯桂兰到场旁听")
    assert "由物业修" not in await _board(small_house)
    status, _ = await _acts(small_house, secretary, item, "approve")
    assert status == 200
    for path in ("/board/海棠社区", "/board/海棠社区/海棠苑", f"/m/meetings/{item['no']}"):
        page = await _board(small_house, path)
        assert "由物业修" in page, path
        assert "待接单" in page, path
        assert "12月31日前" in page, path
        for private in ("冯桂兰", "13912345678", "501", "简经理", "林书记"):
            assert private not in page, (path, private)


async def test_the_year_of_quarters(small_house):
    """What was before the house was there is left out, and held against nobody; a quarter that has a date says so."""
    page = await _board(small_house)
    assert (page.count("没有记录"), page.count("没有开")) == (0, 0)
    assert ("三季度" in page, "四季度的会：<b>还没定哪天</b>" in page) == (False, True)
    await _called(small_house, small_house.token("secretary", community="海棠社区"))
    page = await _board(small_house)
    assert "已定日子" in page


async def test_what_two_neighbours_settled_is_on_no_board_and_in_no_list_of_who_only_looks(small_house):
    """A kind that is not public stays with those who were invited, also when its minutes are approved."""
    secretary = small_house.token("secretary", community="海棠社区")
    item = await _called(small_house, secretary, kind="mediation", title="冯桂兰和邹建国漏水的事")
    text = "邹建国赔冯桂兰六百元"
    _, item = await _acts(small_house, secretary, item, "resolve", text=text, answer="当场握手")
    await _acts(small_house, secretary, item, "minutes")
    assert (await _acts(small_house, secretary, item, "approve"))[0] == 200
    page = await _board(small_house)
    assert "漏水的事" not in page
    assert "六百元" not in page
    viewer = small_house.token("viewer", community="海棠社区")
    assert (await small_house.api("GET", "/meetings", viewer))[1]["items"] == []
    assert (await small_house.api("GET", f"/meetings/{item['no']}", viewer))[0] == 404
    assert len((await small_house.api("GET", "/meetings", secretary))[1]["items"]) == 1
    feed = (await small_house.api("GET", "/me", viewer))[1]["calendar"]
    answer = await small_house.client.get(feed.removeprefix(small_house.office.content.address))
    assert "漏水的事" not in await answer.text()
