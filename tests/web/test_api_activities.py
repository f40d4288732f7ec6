"""Activities by API: the fields of the contract, versions, places, check-in, who may."""

import pytest

from redprop_bot.web.api.document import ITEMS

BODY = {
    "title": "清理楼道",
    "community": "海棠社区",
    "place": "3栋楼下",
    "starts_at": "2026-11-25T09:30:00+08:00",
    "ends_at": "2026-11-25T11:30:00+08:00",
    "capacity": 2,
    "points": 20,
    "kind": "volunteer",
    "note": "带手套",
}


@pytest.fixture
def secretary(house):
    return house.token("secretary", community="海棠社区")


async def planned(house, token, **more):
    status, item = await house.api("POST", "/activities", token, BODY | more)
    assert status == 201, item
    return item


async def act(house, token, no, verb, **fields):
    return await house.api("POST", f"/activities/{no}/acts", token, {"act": verb, **fields})


async def test_an_activity_has_the_fields_of_the_contract(house, secretary):
    """What was given comes back, numbers beside it; a keeper's is public at once."""
    item = await planned(house, secretary)
    assert {name: item[name] for name in BODY} == BODY
    assert (item["signups"], item["checkins"], item["status"], item["version"]) == (0, 0, "published", 2)
    assert set(item) == set(ITEMS["Activity"]["properties"])
    assert item["no"].startswith("A20261125-")
    _, page = await house.api("GET", "/activities", house.token("viewer"))
    assert [one["no"] for one in page["items"]] == [item["no"]]
    for key in (item["no"], item["id"]):
        assert (await house.api("GET", f"/activities/{key}", secretary))[1] == item
    assert (await house.api("GET", "/activities/999999", secretary))[0] == 404


async def test_whose_flat_it_is_and_whom_to_call_is_not_for_who_only_looks(small_house):
    """Title, place, note and reason: covered for a viewer, whole for a keeper."""
    keeper, viewer = small_house.token("secretary", community="海棠社区"), small_house.token("viewer")
    told = {"title": "给3栋501王奶奶过生日", "place": "3栋2单元501", "note": "找社工小林13812345678"}
    item = await planned(small_house, keeper, **told)
    _, item = await act(small_house, keeper, item["no"], "cancel", reason="3栋501家里没人")
    for token, shown in ((keeper, True), (viewer, False)):
        for path in ("/activities", f"/activities/{item['no']}"):
            _, answer = await small_house.api("GET", path, token)
            [seen] = answer.get("items", [answer])
            assert ({**told, "reason": "3栋501家里没人"}.items() <= seen.items()) == shown
            words = " ".join(seen[name] for name in ("title", "place", "note", "reason"))
            assert [word in words for word in ("501", "13812345678")] == [shown, shown]
            assert "过生日" in seen["title"]


async def test_from_sign_up_to_points(house, secretary):
    """Signed up, checked in with the code, checked out: counted, and in the ledger."""
    no = (await planned(house, secretary))["no"]
    status, item = await act(house, secretary, no, "signup", userid="weidy")
    assert (status, item["signups"]) == (200, 1)
    _, shown = await house.api("GET", f"/activities/{no}/code", secretary)
    assert (len(shown["code"]), shown["scene"]) == (6, f"activity:{no}:{shown['code']}")
    status, answer = await act(house, secretary, no, "checkin", userid="maiwg", code=shown["code"])
    assert (status, answer["error"]["code"]) == (409, "not_signed_up")
    status, item = await act(house, secretary, no, "checkin", userid="weidy", code=shown["code"])
    assert (status, item["checkins"]) == (200, 1)
    assert (await act(house, secretary, no, "checkin", userid="weidy", code=shown["code"]))[0] == 409
    assert (await act(house, secretary, no, "checkout", userid="weidy", code="000000"))[0] == 409
    from datetime import UTC, datetime

    house.clock.at = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
    _, shown = await house.api("GET", f"/activities/{no}/code", secretary)
    assert (await act(house, secretary, no, "checkout", userid="weidy", code=shown["code"]))[0] == 200
    _, found = await house.api("GET", "/points/weidy", secretary)
    assert (found["balance"], found["items"][0]["source"]) == (15, f"activity:{no}")
    _, people = await house.api("GET", f"/activities/{no}/people", secretary)
    assert (people["items"][0]["userid"], people["items"][0]["way"]) == ("weidy", "code")
    assert set(people["items"][0]) == set(ITEMS["Participant"]["properties"])
    status, _ = await act(
        house, secretary, no, "correct", userid="weidy", came_at=BODY["starts_at"], reason="早来了"
    )
    assert status == 200
    assert (await house.api("GET", "/points/weidy", secretary))[1]["balance"] == 20


async def test_edits_need_the_version_that_is_there(house, secretary):
    """A stale one is 409; the capacity can be raised, not below what is taken; null takes the limit away."""
    item = await planned(house, secretary)
    path = f"/activities/{item['no']}"
    for who in ("weidy", "maiwg", "linsj"):
        await act(house, secretary, item["no"], "signup", userid=who)
    status, changed = await house.api(
        "PATCH", path, secretary, {"version": 2, "capacity": None, "title": "大扫除"}
    )
    assert (status, changed["title"], changed["capacity"], changed["signups"]) == (200, "大扫除", None, 3)
    assert (await house.api("PATCH", path, secretary, {"version": 2, "title": "x"}))[0] == 409
    assert (await house.api("PATCH", path, secretary, {"version": changed["version"], "capacity": 1}))[0] == 409
    assert (await house.api("PATCH", path, secretary, {"title": "x"}))[0] == 422
    status, off = await house.api(
        "PATCH", path, secretary, {"version": changed["version"], "status": "cancelled", "reason": "下雨"}
    )
    assert (status, off["status"], off["reason"]) == (200, "cancelled", "下雨")
    assert (await act(house, secretary, item["no"], "signup", userid="youjl"))[0] == 409


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ends_at": "2026-11-25T09:00:00+08:00"}, "ends_at"),
        ({"points": -1}, "points"),
        ({"points": 10**9}, "points"),
        ({"capacity": 0}, "capacity"),
        ({"title": ""}, "title"),
        ({"starts_at": "明天"}, "starts_at"),
        ({"community": "月亮社区"}, "community"),
        ({"lat": 31.0}, "lng"),
        ({"colour": "red"}, "colour"),
        ({"starts_at": "2026-12-16"}, "starts_at"),
        ({"ends_at": "2026-12-17"}, "ends_at"),
    ],
)
async def test_what_cannot_be_is_named(small_house, more, field):
    """422 with the field; nothing is planned."""
    token = small_house.token("secretary", community="海棠社区")
    status, answer = await small_house.api("POST", "/activities", token, BODY | more)
    assert (status, answer["error"]["field"]) == (422, field)
    assert (await small_house.api("GET", "/activities", token))[1]["items"] == []


async def test_who_may_plan_publish_and_look(small_house):
    """A unit's plan waits for the secretary and is hidden from others; a viewer changes nothing."""
    unit = small_house.token("provider", organisation="春晖物业")
    secretary = small_house.token("secretary", community="海棠社区")
    status, item = await small_house.api("POST", "/activities", unit, BODY)
    assert (status, item["status"]) == (201, "planned")
    await small_house.deliver()
    assert [e for e in small_house.twin.ledger.shown("linsj") if e.kind == "card"]
    path = f"/activities/{item['no']}"
    for token, expected in (
        (unit, 200),
        (secretary, 200),
        (small_house.token("viewer"), 404),
        (small_house.token("provider", organisation="金秋物业"), 404),
        (small_house.token("secretary", community="银杏社区"), 404),
    ):
        assert (await small_house.api("GET", path, token))[0] == expected
    assert (await act(small_house, unit, item["no"], "publish"))[0] == 403
    assert (await act(small_house, secretary, item["no"], "publish"))[1]["status"] == "published"
    viewer = small_house.token("viewer")
    assert (await act(small_house, viewer, item["no"], "signup", userid="weidy"))[0] == 403
    assert (await small_house.api("GET", f"{path}/people", viewer))[0] == 403
    assert (await small_house.api("GET", f"{path}/code", viewer))[0] == 403
    elsewhere = small_house.token("secretary", community="银杏社区")
    assert (await small_house.api("POST", "/activities", elsewhere, BODY))[0] == 403


async def test_activities_stand_in_the_calendars_of_whom_they_concern(small_house):
    """In a secretary's all of the community; in a member's those they go to; what is off says so."""
    from icalendar import Calendar

    from redprop_bot.notify import links
    from redprop_bot.store import people

    secretary = small_house.token("secretary", community="海棠社区")
    item = await planned(small_house, secretary)
    await planned(small_house, secretary, title="读书会")
    await act(small_house, secretary, item["no"], "signup", userid="weidy")

    async def events(address):
        answer = await small_house.client.get(address.removeprefix(small_house.office.content.address))
        return {
            str(e["summary"]): str(e["status"]) for e in Calendar.from_ical(await answer.text()).walk("VEVENT")
        }

    feed = (await small_house.api("GET", "/me", secretary))[1]["calendar"]
    assert await events(feed) == {"清理楼道": "CONFIRMED", "读书会": "CONFIRMED"}
    office = small_house.office
    key = office.store.look(lambda tx: people.called(tx, "weidy")).id
    mine = links.calendar(office.content.address, f"p{key}", office.secret_key)
    assert await events(mine) == {"清理楼道": "CONFIRMED"}
    await act(small_house, secretary, item["no"], "cancel", reason="下雨")
    assert await events(mine) == {"清理楼道": "CANCELLED"}
    elsewhere = (await small_house.api("GET", "/me", small_house.token("secretary", community="银杏社区")))[1]
    assert await events(elsewhere["calendar"]) == {}
