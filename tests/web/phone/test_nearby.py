"""What is near, on the phone: places by estate and position, booking by form, giving back; what is refused."""

from bs4 import BeautifulSoup
from tests.web.test_login import WECHAT

from redprop_bot.store.tables import Booking
from redprop_bot.volunteers import indexing

SPAN = {"day": "2026-11-26", "from": "14:00", "to": "16:00", "heads": "12", "purpose": "合唱"}


async def _places(house):
    token = house.token("secretary", community="海棠社区")
    bodies = (
        {
            "title": "海棠议事厅",
            "kind": "room",
            "estate": "海棠苑",
            "hours": "每天 9:00-17:00",
            "place": "海棠苑南门",
            "capacity": 30,
        },
        {
            "title": "海棠食堂",
            "kind": "canteen",
            "estate": "海棠苑",
            "hours": "每天 7:00-9:00",
            "bookable": False,
            "services": ["早餐"],
        },
    )
    made = [(await house.api("POST", "/resources", token, body))[1]["no"] for body in bodies]
    house.office.store.run(indexing.settle)
    return made


def _texts(page):
    return BeautifulSoup(page, "html.parser").text


async def test_what_is_near_is_there_for_everybody(small_house, hand):
    """By estate; sorts of places; without an estate it is asked for; a position that is none is left aside."""
    await _places(small_house)
    page = await hand.look("/m/near?estate=海棠苑")
    assert all(
        word in page
        for word in ("海棠议事厅", "海棠苑南门", "现在开着", "10:00–17:00", "海棠食堂", "现在没开", "早餐")
    )
    assert "海棠议事厅" not in await hand.look("/m/near?estate=海棠苑&sort=食堂")
    assert "先选小区" in await hand.look("/m/near")
    for query in ("?lat=x&lng=y", "?lat=1", "?estate=<script>", "?sort='&estate=海棠苑"):
        page = await hand.look(f"/m/near{query}")
        assert BeautifulSoup(page, "html.parser").find("script") is None


async def test_booked_on_the_phone_and_given_back(small_house, hand, other):
    """The form books; another one is told what is free and keeps what they typed; one's own is given back."""
    room, _ = await _places(small_house)
    path = f"/m/places/{room}"
    await hand.look(path)
    answer = await hand.send(f"{path}/book", SPAN)
    assert (answer.status, answer.headers["Location"]) == (303, f"{path}?said=booked")
    page = await hand.look(path)
    assert "您约了 明天14:00–16:00" in _texts(page)
    await other.look(path)
    clash = await other.send(f"{path}/book", SPAN)
    text = await other.seen(clash)
    assert clash.status == 409
    assert "09:00–14:00、16:00–17:00" in text
    assert BeautifulSoup(text, "html.parser").select_one("#purpose")["value"] == "合唱"
    assert "您约了" not in text
    number = BeautifulSoup(page, "html.parser").select_one("[name=booking]")["value"]
    assert (await other.send(f"{path}/cancel", {"booking": number})).status == 403
    await hand.look(path)
    assert (await hand.send(f"{path}/cancel", {"booking": number})).status == 303
    assert (await other.send(f"{path}/book", SPAN)).status == 303
    assert [row.state for row in small_house.office.store.look(lambda tx: tx.list(Booking))] == [
        "cancelled",
        "booked",
    ]


async def test_wrong_forms_book_nothing(small_house, hand):
    """Each says why; a place that may not be booked has no form and takes none."""
    room, canteen = await _places(small_house)
    path = f"/m/places/{room}"
    await hand.look(path)
    for change in ({"day": "昨天"}, {"day": "2026-11-24"}, {"from": "25:99"}, {"to": "13:00"}, {"to": "18:00"}, {"heads": "-1"},
                   {"heads": "31"}, {"heads": "9" * 9}, {"purpose": "唱" * 101}, {"day": ""}):  # fmt: skip
        answer = await hand.send(f"{path}/book", SPAN | change)
        assert answer.status == 422, change
        assert 'id="wrong"' in await hand.seen(answer)
    page = await hand.look(f"/m/places/{canteen}")
    assert "约上" not in page
    assert (await hand.send(f"/m/places/{canteen}/book", SPAN)).status == 409
    for no in ("R20261125-0999", "none", "%27"):
        assert (await hand.get(f"/m/places/{no}")).status == 404
        assert (await hand.send(f"/m/places/{no}/book", SPAN)).status == 404
    assert (await hand.send(f"{path}/cancel", {"booking": "B20261125-0001"})).status == 422
    assert (await hand.send(f"{path}/book", SPAN, mark="x" * 43)).status == 401
    assert small_house.office.store.look(lambda tx: tx.list(Booking)) == []


async def test_who_is_not_signed_in_sees_and_cannot_book(small_house):
    """No form, a way to sign in; whose bookings there are is nobody's to see."""
    from tests.web.phone.conftest import Hand

    room, _ = await _places(small_house)
    stranger = Hand(small_house, "o-stranger", WECHAT)
    page = await stranger.look(f"/m/places/{room}")
    assert "登录" in page
    assert "约上" not in page
    assert (await stranger.send(f"/m/places/{room}/book", SPAN)).status == 401
