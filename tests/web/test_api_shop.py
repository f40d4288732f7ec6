"""The shop by API: goods with their versions, redeeming at the counter, picking up by code, cancelling."""

import asyncio

import pytest

GOODS = {"title": "抽纸", "points": 10, "stock": 10, "note": "三层", "community": "海棠社区"}
FIELDS = {"title", "community", "points", "stock", "note"}


def earned(house, userid: str, points: int) -> None:
    """Give somebody points, as an activity would."""
    from redprop_bot.store import people
    from redprop_bot.volunteers import ledger

    def job(tx):
        who = people.called(tx, userid)
        made = ledger.Booking(
            key=f"test:{userid}:{points}", person_id=who.id, points=points, kind="activity", source="activity:t",
            reason="参加活动",
        )  # fmt: skip
        ledger.award(tx, made)

    house.office.store.run(job)


async def balance(house, token, userid="weidy") -> int:
    return (await house.api("GET", f"/points/{userid}", token))[1]["balance"]


async def test_goods_are_entered_read_listed_and_edited_with_their_version(house):
    """The fields of the contract; a stale version is 409 and changes nothing; none is 422."""
    token = house.token("secretary", community="海棠社区")
    status, made = await house.api("POST", "/goods", token, GOODS)
    assert (status, {name: made[name] for name in FIELDS}, made["version"]) == (201, GOODS, 1)
    path = f"/goods/{made['id']}"
    assert (await house.api("GET", path, token)) == (200, made)
    assert (await house.api("GET", "/goods", token))[1] == {"items": [made], "next": None}
    status, changed = await house.api("PATCH", path, token, {"version": 1, "stock": 7, "points": 12})
    assert (status, changed["stock"], changed["points"], changed["version"]) == (200, 7, 12, 2)
    status, answer = await house.api("PATCH", path, token, {"version": 1, "stock": 99})
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (409, "stale", "version")
    assert (await house.api("PATCH", path, token, {"stock": 99}))[0] == 422
    assert (await house.api("GET", path, token))[1] == changed


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"points": 0}, "points"),
        ({"points": -5}, "points"),
        ({"points": 10**12}, "points"),
        ({"points": 1.5}, "points"),
        ({"points": "10"}, "points"),
        ({"stock": -1}, "stock"),
        ({"stock": 10**12}, "stock"),
        ({"title": ""}, "title"),
        ({"title": "纸" * 41}, "title"),
        ({"price": 3}, "price"),
        ({"community": "没有的社区"}, "community"),
    ],
)
async def test_odd_goods_are_refused_with_the_field(small_house, fields, field):
    """Nothing is on the shelf afterwards."""
    token = small_house.token("admin")
    status, answer = await small_house.api("POST", "/goods", token, GOODS | fields)
    assert (status, answer["error"]["field"]) == (422, field)
    assert (await small_house.api("GET", "/goods", token))[1]["items"] == []


async def test_who_keeps_the_shelf(small_house):
    """Secretaries and clerks of the community; a unit and who only looks do not; another community's do not."""
    refused = {
        small_house.token("viewer"): 403,
        small_house.token("provider", organisation="春晖物业"): 403,
        small_house.token("secretary", community="银杏社区"): 403,
    }
    for token, status in refused.items():
        assert (await small_house.api("POST", "/goods", token, GOODS))[0] == status
    clerk = small_house.token("clerk", community="海棠社区")
    made = (await small_house.api("POST", "/goods", clerk, GOODS))[1]
    other = small_house.token("secretary", community="银杏社区")
    assert (await small_house.api("GET", f"/goods/{made['id']}", other))[0] == 404
    assert (await small_house.api("PATCH", f"/goods/{made['id']}", other, {"version": 1, "stock": 0}))[0] == 404
    assert (await small_house.api("GET", "/goods", other))[1]["items"] == []


async def test_what_is_off_the_shelf_is_there_for_keepers_only(small_house):
    """`active` false hides it from everybody else and from redeeming."""
    token, viewer = small_house.token("admin"), small_house.token("viewer")
    made = (await small_house.api("POST", "/goods", token, GOODS))[1]
    await small_house.api("PATCH", f"/goods/{made['id']}", token, {"version": 1, "active": False})
    assert (await small_house.api("GET", f"/goods/{made['id']}", viewer))[0] == 404
    assert (await small_house.api("GET", "/goods", viewer))[1]["items"] == []
    assert len((await small_house.api("GET", "/goods?active=false", token))[1]["items"]) == 1
    earned(small_house, "weidy", 50)
    body = {"goods": made["id"], "userid": "weidy"}
    status, answer = await small_house.api("POST", "/redemptions", token, body)
    assert (status, answer["error"]["code"]) == (404, "no_goods")


async def test_redeemed_at_the_counter_picked_up_by_code_and_cancelled(house):
    """Stock and points move together; a wrong code hands nothing over; cancelling gives both back, once."""
    token = house.token("clerk", community="海棠社区")
    earned(house, "weidy", 45)
    goods = (await house.api("POST", "/goods", token, GOODS))[1]
    body = {"goods": goods["id"], "userid": "weidy", "quantity": 2}
    status, first = await house.api("POST", "/redemptions", token, body)
    assert (status, first["state"], first["points"], len(first["code"])) == (201, "held", 20, 6)
    assert (await house.api("GET", f"/goods/{goods['id']}", token))[1]["stock"] == 8
    assert await balance(house, token) == 25
    path = f"/redemptions/{first['id']}/acts"
    wrong = "000000" if first["code"] != "000000" else "000001"
    assert (await house.api("POST", path, token, {"act": "pick", "code": wrong}))[0] == 422
    status, picked = await house.api("POST", path, token, {"act": "pick", "code": first["code"]})
    assert (status, picked["state"], picked["code"]) == (200, "picked", None)
    assert (await house.api("POST", path, token, {"act": "cancel"}))[0] == 409
    second = (await house.api("POST", "/redemptions", token, body | {"quantity": 1}))[1]
    path = f"/redemptions/{second['id']}/acts"
    assert (await house.api("POST", path, token, {"act": "cancel"}))[1]["state"] == "cancelled"
    assert (await house.api("POST", path, token, {"act": "cancel"}))[0] == 409
    assert (await house.api("GET", f"/goods/{goods['id']}", token))[1]["stock"] == 8
    assert await balance(house, token) == 25
    listed = (await house.api("GET", "/redemptions?state=picked", token))[1]["items"]
    assert [one["id"] for one in listed] == [first["id"]]


@pytest.mark.parametrize("quantity", [0, -1, -(10**9), 21, 10**12, "2", 1.5, True])
async def test_odd_quantities_are_refused_and_nothing_moves(small_house, quantity):
    """Neither nothing nor less nor more than anybody carries."""
    token = small_house.token("admin")
    earned(small_house, "weidy", 45)
    goods = (await small_house.api("POST", "/goods", token, GOODS))[1]
    body = {"goods": goods["id"], "userid": "weidy", "quantity": quantity}
    assert (await small_house.api("POST", "/redemptions", token, body))[0] == 422
    assert (await small_house.api("GET", f"/goods/{goods['id']}", token))[1]["stock"] == 10
    assert await balance(small_house, token) == 45


async def test_codes_and_people_are_not_for_who_only_looks(small_house):
    """A viewer sees that something was redeemed, not by whom nor the code; units see nothing."""
    token = small_house.token("admin")
    earned(small_house, "weidy", 45)
    goods = (await small_house.api("POST", "/goods", token, GOODS))[1]
    made = (await small_house.api("POST", "/redemptions", token, {"goods": goods["id"], "userid": "weidy"}))[1]
    seen = (await small_house.api("GET", f"/redemptions/{made['id']}", small_house.token("viewer")))[1]
    assert (seen["code"], seen["person"]["userid"]) == (None, None)
    unit = small_house.token("provider", organisation="春晖物业")
    assert (await small_house.api("GET", f"/redemptions/{made['id']}", unit))[0] == 404
    assert (await small_house.api("GET", "/redemptions", unit))[1]["items"] == []
    acts = f"/redemptions/{made['id']}/acts"
    assert (await small_house.api("POST", acts, small_house.token("viewer"), {"act": "cancel"}))[0] == 403


async def test_the_same_key_redeems_once(house):
    """A retry with its Idempotency-Key gets the first answer; the stock has moved once."""
    token = house.token("admin")
    earned(house, "weidy", 45)
    goods = (await house.api("POST", "/goods", token, GOODS))[1]
    body = {"goods": goods["id"], "userid": "weidy"}
    first, again = [await house.api("POST", "/redemptions", token, body, Idempotency_Key="k1") for _ in range(2)]
    assert first == again
    assert (await house.api("GET", f"/goods/{goods['id']}", token))[1]["stock"] == 9


async def test_many_at_once_take_no_more_than_there_is(house):
    """Twenty requests for the last five: five are made, fifteen are 409."""
    token = house.token("admin")
    earned(house, "weidy", 100)
    goods = (await house.api("POST", "/goods", token, GOODS | {"stock": 5, "points": 1}))[1]
    body = {"goods": goods["id"], "userid": "weidy"}
    answers = await asyncio.gather(*(house.api("POST", "/redemptions", token, body) for _ in range(20)))
    assert sorted(status for status, _answer in answers) == [201] * 5 + [409] * 15
    assert (await house.api("GET", f"/goods/{goods['id']}", token))[1]["stock"] == 0
    assert await balance(house, token) == 95
