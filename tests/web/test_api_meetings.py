"""Meetings by API: called, changed, held, decided, written down and frozen; and everything that is refused."""

import pytest

from redprop_bot.web.api.document import ITEMS

START, END = "2026-12-16T09:30:00+08:00", "2026-12-16T11:30:00+08:00"


async def _called(house, token, **fields):
    body = {"kind": "joint", "community": "海棠社区", "starts_at": START, "ends_at": END, **fields}
    status, item = await house.api("POST", "/meetings", token, body)
    assert status == 201, item
    return item


async def _acts(house, token, item, act, **fields):
    return await house.api("POST", f"/meetings/{item['id']}/acts", token, {"act": act, **fields})


async def _tabled(house, admin, text="海棠苑3栋2单元电梯坏了"):
    order = await house.report(admin, text)
    status, order = await house.act(admin, order["no"], "escalate", reason="维修资金不够")
    assert (status, order["stage"]) == (200, "tabled")
    return order


async def test_a_meeting_goes_from_the_call_to_frozen_minutes(house):
    """Called with its members, fed by a tabled order, decided, attended, written, approved; then nothing changes."""
    secretary, admin = house.token("secretary", community="海棠社区"), house.token("admin")
    item = await _called(house, secretary, place="二楼会议室", topics=["停车"])
    assert set(item) == set(ITEMS["Meeting"]["properties"])
    assert (item["no"][:10], item["kind"], item["state"]) == ("M20261125-", "joint", "called")
    assert (item["starts_at"], item["ends_at"], item["topics"]) == (START, END, ["停车"])
    assert item["minutes"] is None
    assert item["members"]
    assert all(
        set(m) == set(ITEMS["Meeting"]["properties"]["members"]["items"]["properties"]) for m in item["members"]
    )
    order = await _tabled(house, admin)
    status, item = await _acts(house, secretary, item, "agenda", topic="加装充电桩")
    assert (status, item["topics"]) == (200, ["停车", "加装充电桩"])
    matter = next(point for point in item["agenda"] if order["no"] in point["demands"])
    assert (matter["kind"], matter["voices"]) == ("matter", 1)
    assert "维修资金不够" in "".join(matter["lines"])
    status, item = await _acts(
        house,
        secretary,
        item,
        "resolve",
        text="电梯年前修好",
        demands=[order["no"]],
        handler="春晖物业",
        due_at="2026-12-31",
    )
    assert status == 200, item
    (resolution,) = item["resolutions"]
    assert (resolution["handler"], resolution["stage"]) == ("春晖物业", "dispatched")
    assert (resolution["demands"], resolution["due_at"]) == ([order["no"]], "2026-12-31T18:00:00+08:00")
    _, order = await house.api("GET", f"/demands/{order['no']}", admin)
    assert (order["stage"], order["handler"], order["due_at"]) == (
        "dispatched",
        "春晖物业",
        "2026-12-31T18:00:00+08:00",
    )
    status, item = await _acts(house, secretary, item, "attend")
    assert status == 200, item
    assert [m["present"] for m in item["members"]].count(True) == 1
    status, item = await _acts(house, house.token("provider", organisation="春晖物业"), item, "attend")
    assert (status, item["present"]) == (200, 2)
    status, item = await _acts(house, secretary, item, "minutes", remarks="会后由物业贴通知")
    assert (status, item["minutes"]["state"]) == (200, "draft")
    status, item = await _acts(house, secretary, item, "approve")
    assert (status, item["minutes"]["state"], item["state"]) == (200, "approved", "held")
    for act, fields in (
        ("agenda", {"topic": "再加一条"}),
        ("resolve", {"text": "再定一条", "handler": "春晖物业"}),
        ("attend", {}),
        ("minutes", {}),
        ("approve", {}),
        ("cancel", {"reason": "不开"}),
    ):
        status, answer = await _acts(house, secretary, item, act, **fields)
        assert (status, answer["error"]["code"]) == (409, "minutes_frozen"), act
    change = {"version": item["version"], "title": "改名"}
    assert (await house.api("PATCH", f"/meetings/{item['id']}", secretary, change))[0] == 409
    assert (await house.api("GET", f"/meetings/{item['no']}", secretary))[1] == item


async def test_a_resolution_without_an_order_makes_one(house):
    """A matter nobody has reported becomes an order of the unit with the date, and the meeting shows its stage."""
    secretary = house.token("secretary", community="海棠社区")
    item = await _called(house, secretary)
    status, item = await _acts(
        house,
        secretary,
        item,
        "resolve",
        text="北门装充电棚",
        handler="春晖物业",
        due_at="2026-12-31T18:00:00+08:00",
    )
    assert status == 200, item
    (no,) = item["resolutions"][0]["demands"]
    provider = house.token("provider", organisation="春晖物业")
    assert (await house.act(provider, no, "accept"))[0] == 200
    _, item = await house.api("GET", f"/meetings/{item['id']}", secretary)
    assert item["resolutions"][0]["stage"] == "accepted"
    assert (await house.act(provider, no, "fulfil"))[0] == 200
    _, item = await house.api("GET", f"/meetings/{item['id']}", secretary)
    assert item["resolutions"][0]["stage"] == "done"


async def test_what_is_answered_on_the_spot_is_closed(house):
    """The answer closes the order; nobody is to do anything."""
    secretary, admin = house.token("secretary", community="海棠社区"), house.token("admin")
    order, item = await _tabled(house, admin), await _called(house, secretary)
    status, item = await _acts(
        house,
        secretary,
        item,
        "resolve",
        text="电梯保养合同",
        demands=[order["no"]],
        answer="合同上周已续，今天起有人保养",
    )
    assert (status, item["resolutions"][0]["stage"], item["resolutions"][0]["handler"]) == (200, "closed", None)
    assert (await house.api("GET", f"/demands/{order['no']}", admin))[1]["stage"] == "closed"


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"starts_at": "2026-11-20T09:30:00+08:00", "ends_at": None}, 422, "meeting_past"),
        ({"ends_at": "2026-12-16T08:00:00+08:00"}, 422, "meeting_ends"),
        ({"ends_at": START}, 422, "meeting_ends"),
        ({"starts_at": "2029-01-01T09:30:00+08:00", "ends_at": None}, 422, "meeting_far"),
        ({"starts_at": "上周三"}, 422, "moment"),
        ({"starts_at": "2026-12-16"}, 422, "hour"),
        ({"ends_at": "2026-12-17"}, 422, "hour"),
        ({"kind": "茶话"}, 422, "meeting_kind"),
        ({"community": "月亮社区"}, 422, "unknown_community"),
        ({"members": ["没这个人"]}, 422, "unknown_member"),
        ({"starts_at": None}, 422, "missing"),
    ],
)
async def test_a_meeting_that_cannot_be_is_not_called(small_house, fields, status, code):
    """What is wrong is said by its code in Chinese, and there is no meeting."""
    admin = small_house.token("admin")
    body = {"kind": "joint", "community": "海棠社区", "starts_at": START, "ends_at": END, **fields}
    body = {name: value for name, value in body.items() if value is not None}
    got, answer = await small_house.api("POST", "/meetings", admin, body)
    assert (got, answer["error"]["code"]) == (status, code)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in answer["error"]["message"])
    assert (await small_house.api("GET", "/meetings", admin))[1]["items"] == []


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"text": "修门禁"}, 422, "resolution_owner"),
        ({"text": "修门禁", "handler": "月亮公司"}, 422, "unknown_unit"),
        ({"text": "修门禁", "handler": "春晖物业", "due_at": "2026-11-01"}, 422, "resolution_due"),
        ({"handler": "春晖物业"}, 422, "missing"),
        ({"text": "修门禁", "handler": "春晖物业", "demands": ["D20200101-0001"]}, 404, "no_demand"),
        ({"text": "修门禁", "handler": "春晖物业", "vote": 3}, 404, "no_vote"),
        ({"text": "修门禁", "handler": "春晖物业", "helpers": ["月亮公司"]}, 422, "unknown_unit"),
    ],
)
async def test_a_resolution_that_cannot_be_leaves_nothing(small_house, fields, status, code):
    """Refused with the field; no resolution and no order is there, and an order that was named is untouched."""
    admin = small_house.token("admin")
    item = await _called(small_house, admin)
    got, answer = await _acts(small_house, admin, item, "resolve", **fields)
    assert (got, answer["error"]["code"]) == (status, code)
    assert (await small_house.api("GET", f"/meetings/{item['id']}", admin))[1] == item
    assert (await small_house.api("GET", "/demands", admin))[1]["items"] == []


async def test_who_may(house):
    """A clerk, a viewer, a unit, another community's secretary call, decide and close nothing."""
    item = await _called(house, house.token("secretary", community="海棠社区"))
    clerk, viewer = house.token("clerk"), house.token("viewer")
    unit = house.token("provider", organisation="春晖物业")
    body = {"starts_at": START, "kind": "bench", "community": "海棠社区"}
    for token in (clerk, viewer, unit):
        assert (await house.api("POST", "/meetings", token, body))[0] == 403
        assert (await _acts(house, token, item, "resolve", text="修门禁", handler="春晖物业"))[0] == 403
        assert (await _acts(house, token, item, "approve"))[0] == 403
    _, seen = await house.api("GET", f"/meetings/{item['id']}", viewer)
    assert all(member["name"].endswith("**") for member in seen["members"])
    assert (seen["code"], item["code"] is None) == (None, False)


async def test_a_stale_change_and_a_taken_room(small_house):
    """A version that is old, a listed room that is taken, what was cancelled: 409 and nothing changes."""
    admin = small_house.token("admin")
    item = await _called(small_house, admin, place="二楼会议室")
    path = f"/meetings/{item['id']}"
    status, moved = await small_house.api(
        "PATCH", path, admin, {"version": item["version"], "starts_at": "2026-12-17T09:30:00+08:00"}
    )
    assert (status, moved["ends_at"]) == (200, "2026-12-17T11:30:00+08:00")
    status, answer = await small_house.api("PATCH", path, admin, {"version": item["version"], "title": "改名"})
    assert (status, answer["error"]["code"]) == (409, "stale")
    at = {
        "starts_at": "2026-12-17T10:00:00+08:00",
        "ends_at": "2026-12-17T10:30:00+08:00",
        "community": "海棠社区",
    }
    bench = {**at, "kind": "bench", "place": "二楼会议室"}
    assert (await small_house.api("POST", "/meetings", admin, bench))[0] == 201  # no room that the community lists
    await small_house.api("POST", "/resources", admin, {"title": "二楼会议室", "kind": "meeting_room"})
    status, answer = await small_house.api(
        "POST", "/meetings", admin, {**at, "kind": "bench", "place": "二楼会议室"}
    )
    assert (status, answer["error"]["code"]) == (409, "room_taken")
    status, item = await _acts(small_house, admin, item, "cancel", reason="书记去开会")
    assert (status, item["state"], item["reason"]) == (200, "cancelled", "书记去开会")
    status, answer = await _acts(small_house, admin, item, "agenda", topic="停车")
    assert (status, answer["error"]["code"]) == (409, "meeting_cancelled")
