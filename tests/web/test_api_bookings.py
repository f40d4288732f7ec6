"""Places and bookings by API: near, free, booked, given back, used; what may not be."""

import asyncio

import pytest

from redprop_bot.web.api.document import ITEMS

ROOM = {"title": "海棠议事厅", "kind": "room", "estate": "海棠苑", "hours": "每天 9:00-17:00", "capacity": 30}
SPAN = {"starts_at": "2026-11-26T10:00:00+08:00", "ends_at": "2026-11-26T12:00:00+08:00"}


async def _room(house, token, **fields):
    status, item = await house.api("POST", "/resources", token, ROOM | fields)
    assert status == 201, item
    return item["no"]


async def test_a_room_from_the_list_to_its_use(house):
    """Entered with its hours, booked, what is free told, given back, counted."""
    secretary = house.token("secretary", community="海棠社区")
    no = await _room(house, secretary)
    status, made = await house.api(
        "POST", f"/resources/{no}/bookings", secretary, SPAN | {"heads": 20, "name": "夕阳红舞队"}
    )
    assert (status, made["state"], set(made)) == (201, "booked", set(ITEMS["Booking"]["properties"]))
    assert (made["starts_at"], made["resource"]) == (SPAN["starts_at"], no)
    _, free = await house.api("GET", f"/resources/{no}/free?day=2026-11-26", secretary)
    assert [(f["from"][11:16], f["to"][11:16]) for f in free["free"]] == [("09:00", "10:00"), ("12:00", "17:00")]
    status, wrong = await house.api("POST", f"/resources/{no}/bookings", secretary, SPAN)
    assert (status, wrong["error"]["code"]) == (409, "booking_taken")
    _, page = await house.api("GET", f"/bookings?resource={no}&from=2026-11-26&to=2026-11-27", secretary)
    assert [one["no"] for one in page["items"]] == [made["no"]]
    status, done = await house.api(
        "POST", f"/bookings/{made['no']}/acts", secretary, {"act": "cancel", "reason": "停电"}
    )
    assert (status, done["state"], done["reason"], done["version"]) == (200, "cancelled", "停电", 2)
    assert (await house.api("POST", f"/bookings/{made['no']}/acts", secretary, {"act": "cancel"}))[0] == 409
    assert (await house.api("POST", f"/resources/{no}/bookings", secretary, SPAN))[0] == 201
    _, used = await house.api("POST", f"/resources/{no}/use", secretary, {"heads": 42})
    assert (used["month"], used["counted_heads"], set(used)) == ("2026-11", 42, set(ITEMS["Use"]["properties"]))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31", "2101-01-01", "morgen"])
async def test_a_day_of_another_age_is_a_wrong_field(small_house, day):
    """Before the first day of the calendar and behind the last the answer was 500."""
    secretary = small_house.token("secretary", community="海棠社区")
    no = await _room(small_house, secretary)
    for what in ("free", "use"):
        status, wrong = await small_house.api("GET", f"/resources/{no}/{what}?day={day}", secretary)
        assert (status, wrong["error"]["field"]) == (422, "day")
    status, wrong = await small_house.api("POST", f"/resources/{no}/use", secretary, {"heads": 1, "day": day})
    assert (status, wrong["error"]["field"]) == (422, "day")


async def test_twenty_requests_at_once_book_once(house):
    """Over HTTP, on both engines."""
    secretary = house.token("secretary", community="海棠社区")
    no = await _room(house, secretary)
    calls = (house.api("POST", f"/resources/{no}/bookings", secretary, SPAN) for _ in range(20))
    statuses = [status for status, _ in await asyncio.gather(*calls)]
    assert sorted(statuses) == [201] + [409] * 19


async def test_the_same_key_books_once(small_house):
    """A repeated request gets the first answer."""
    secretary = small_house.token("secretary", community="海棠社区")
    no = await _room(small_house, secretary)
    answers = [
        await small_house.api("POST", f"/resources/{no}/bookings", secretary, SPAN, Idempotency_Key="k1")
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 201


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"starts_at": "昨天"}, 422, "moment"),
        ({"starts_at": "2026-11-24T10:00:00+08:00"}, 422, "booking_past"),
        ({"ends_at": "2026-11-26T09:00:00+08:00"}, 422, "booking_backwards"),
        ({"ends_at": "2026-11-26T18:00:00+08:00"}, 422, "booking_closed"),
        ({"heads": 31}, 422, "booking_full"),
        ({"heads": -1}, 422, "number"),
        ({"heads": "十"}, 422, "type"),
        ({"purpose": "开" * 101}, 422, "too_long"),
        ({"room": 1}, 422, "unknown_field"),
        ({"ends_at": None}, 422, "missing"),
    ],
)
async def test_what_cannot_be_booked(small_house, change, status, code):
    """Each with its code and nothing booked."""
    secretary = small_house.token("secretary", community="海棠社区")
    no = await _room(small_house, secretary)
    found, answer = await small_house.api("POST", f"/resources/{no}/bookings", secretary, SPAN | change)
    assert (found, answer["error"]["code"]) == (status, code)
    assert (await small_house.api("GET", "/bookings", secretary))[1]["items"] == []


async def test_who_may(small_house):
    """A viewer books nothing and reads no names; other units and communities find what is not theirs not there."""
    house = small_house
    secretary, viewer = house.token("secretary", community="海棠社区"), house.token("viewer")
    no = await _room(house, secretary)
    _, made = await house.api(
        "POST", f"/resources/{no}/bookings", secretary, SPAN | {"name": "严阿姨", "purpose": "生日"}
    )
    assert (await house.api("POST", f"/resources/{no}/bookings", viewer, SPAN))[0] == 403
    _, seen = await house.api("GET", f"/bookings/{made['no']}", viewer)
    assert (seen["name"], seen["purpose"]) == ("严**", "")
    unit = house.token("provider", organisation="春晖物业")
    assert (await house.api("GET", f"/bookings/{made['no']}", unit))[0] == 404
    assert (await house.api("GET", "/bookings", unit))[1]["items"] == []
    assert (await house.api("POST", f"/resources/{no}/bookings", unit, SPAN))[0] == 403
    for path in ("/bookings/B20261125-0999", "/resources/R20261125-0999/free", "/bookings/%E4%B8%80"):
        assert (await house.api("GET", path, secretary))[0] == 404


async def test_what_is_near(small_house):
    """By a position or an estate, as soon as it is entered; half a position, or none at all, is refused."""
    house = small_house
    admin = house.token("admin")
    await _room(house, admin, title="海棠食堂", kind="canteen", lat=31.5, lng=118.5)
    _, near = await house.api("GET", "/places?lat=31.501&lng=118.5", admin)
    assert [(one["title"], one["km"]) for one in near["items"]] == [("海棠食堂", 0.11)]
    assert set(near["items"][0]) == set(ITEMS["NearPlace"]["properties"])
    _, near = await house.api("GET", "/places?lat=20&lng=100", admin)
    assert near["items"] == []
    for query in (
        "",
        "?lat=31.5",
        "?lat=abc&lng=1",
        "?lat=999&lng=1",
        "?estate=月亮湾",
        "?lat=31&lng=118&limit=99",
    ):
        assert (await house.api("GET", f"/places{query}", admin))[0] == 422, query


async def test_a_place_is_edited_with_its_version(small_house):
    """A stale version changes neither the row nor the place."""
    admin = small_house.token("admin")
    no = await _room(small_house, admin)
    status, item = await small_house.api(
        "PATCH", f"/resources/{no}", admin, {"version": 1, "capacity": 50, "bookable": False}
    )
    assert (status, item["capacity"], item["bookable"], item["version"]) == (200, 50, False, 2)
    assert (await small_house.api("PATCH", f"/resources/{no}", admin, {"version": 1, "capacity": 9}))[0] == 409
    assert (await small_house.api("GET", f"/resources/{no}", admin))[1]["capacity"] == 50
    assert (await small_house.api("POST", f"/resources/{no}/bookings", admin, SPAN))[0] == 409
    assert (await small_house.api("PATCH", f"/resources/{no}", admin, {"version": 2, "lat": 31.5}))[0] == 422


async def test_a_place_that_closes_gives_its_bookings_back(house):
    """Shorter hours call off what lies outside, withdrawing calls off the rest; another title changes nothing."""
    secretary = house.token("secretary", community="海棠社区")
    no = await _room(house, secretary)
    late = {"starts_at": "2026-11-26T15:00:00+08:00", "ends_at": "2026-11-26T16:30:00+08:00"}
    made = [
        (await house.api("POST", f"/resources/{no}/bookings", secretary, span))[1]["no"] for span in (SPAN, late)
    ]

    async def change(**fields):
        _, item = await house.api("GET", f"/resources/{no}", secretary)
        body = {"version": item["version"], **fields}
        assert (await house.api("PATCH", f"/resources/{no}", secretary, body))[0] == 200
        _, page = await house.api("GET", f"/bookings?resource={no}", secretary)
        return {one["no"]: one["state"] for one in page["items"]}

    assert await change(title="海棠会客厅") == {made[0]: "booked", made[1]: "booked"}
    assert await change(hours="每天 9:00-14:00") == {made[0]: "booked", made[1]: "cancelled"}
    assert await change(status="withdrawn") == {made[0]: "cancelled", made[1]: "cancelled"}
