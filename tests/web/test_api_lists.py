"""Resources, services, responsibilities, units, ratings, figures and `me` by API."""

import pytest

from redprop_bot.store.tables import Estate

OFFERS = ("resources", "services")


@pytest.mark.parametrize("name", OFFERS)
async def test_keepers_publish_at_once_and_others_wait_for_the_secretary(house, name):
    """What the secretary enters is public; what a unit offers is a card on the secretary's phone first."""
    body = {"title": "活动室", "kind": "room", "place": "1栋旁", "hours": "周末", "community": "海棠社区"}
    secretary = house.token("secretary", community="海棠社区")
    status, item = await house.api("POST", f"/{name}", secretary, body)
    assert (status, item["status"], item["community"], item["kind"]) == (201, "published", "海棠社区", "room")
    assert item["no"][0] == name[0].upper()
    unit = house.token("provider", organisation="春晖物业")
    status, offered = await house.api("POST", f"/{name}", unit, {"title": "电钻一把", "estate": "海棠苑"})
    assert (status, offered["status"], offered["owner"]) == (201, "proposed", "春晖物业")
    await house.deliver()
    cards = [e for e in house.twin.ledger.shown("linsj") if e.kind == "card"]
    assert await house.twin.work.tap("linsj", cards[-1].detail["task_id"], f"publish:{offered['no']}")
    _, now = await house.api("GET", f"/{name}/{offered['no']}", unit)
    assert now["status"] == "published"


@pytest.mark.parametrize("name", OFFERS)
async def test_what_is_not_public_is_there_only_for_those_who_decide_and_who_offered(small_house, name):
    """A proposal is 404 and not on the list for viewers and other units."""
    mine, other = (small_house.token("provider", organisation=unit) for unit in ("春晖物业", "金秋物业"))
    _, item = await small_house.api("POST", f"/{name}", mine, {"title": "电钻一把"})
    seen = {"clerk": 200, "secretary": 200, "viewer": 404}
    for role, expected in seen.items():
        token = small_house.token(role)
        assert (await small_house.api("GET", f"/{name}/{item['no']}", token))[0] == expected, role
        _, page = await small_house.api("GET", f"/{name}", token)
        assert len(page["items"]) == (expected == 200), role
    assert (await small_house.api("GET", f"/{name}/{item['no']}", mine))[0] == 200
    assert (await small_house.api("GET", f"/{name}/{item['no']}", other))[0] == 404
    assert (await small_house.api("GET", f"/{name}", other))[1]["items"] == []


async def test_where_a_resident_lives_who_lends_something_is_not_for_who_only_looks(small_house):
    """What was said in chat, with a flat and a phone in it, is whole for the secretary and covered for a viewer."""
    await small_house.twin.oa.say("o-xu", "海棠苑3栋2单元501，我有个闲置轮椅可以借给大家用，打13812345678")
    secretary = small_house.token("secretary", community="海棠社区")
    _, page = await small_house.api("GET", "/resources", secretary)
    [item] = page["items"]
    path = f"/resources/{item['no']}"
    change = {
        "version": item["version"],
        "status": "published",
        "place": "3栋2单元501",
        "note": "找徐姐13812345678",
    }
    assert (await small_house.api("PATCH", path, secretary, change))[0] == 200
    for token, shown in ((secretary, True), (small_house.token("viewer"), False)):
        _, seen = await small_house.api("GET", path, token)
        told = " ".join(seen[name] or "" for name in ("title", "place", "note"))
        assert ["501" in told, "13812345678" in told, "轮椅" in seen["title"]] == [shown, shown, True]


async def test_an_edit_needs_the_version_that_is_there(house):
    """The right version passes and counts up; a stale one is 409 and changes nothing; none is 422."""
    token = house.token("secretary")
    _, item = await house.api("POST", "/services", token, {"title": "修家电", "place": "门岗"})
    path = f"/services/{item['no']}"
    status, changed = await house.api("PATCH", path, token, {"version": 1, "hours": "晚上", "place": None})
    assert (status, changed["version"], changed["hours"], changed["place"]) == (200, 2, "晚上", None)
    status, answer = await house.api("PATCH", path, token, {"version": 1, "title": "别的"})
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (409, "stale", "version")
    assert (await house.api("PATCH", path, token, {"title": "别的"}))[0] == 422
    assert (await house.api("GET", path, token))[1] == changed


async def test_who_may_edit_an_offer(small_house):
    """Keepers of the community, and the unit its own words but not its publication."""
    unit, other = (small_house.token("provider", organisation=name) for name in ("春晖物业", "金秋物业"))
    _, item = await small_house.api("POST", "/services", unit, {"title": "修家电", "community": "海棠社区"})
    path = f"/services/{item['no']}"
    for token, body, status in (
        (small_house.token("viewer"), {"title": "x"}, 403),
        (small_house.token("clerk"), {"title": "x"}, 403),
        (small_house.token("secretary", community="银杏社区"), {"title": "x"}, 404),
        (other, {"title": "x"}, 404),
        (unit, {"status": "published"}, 403),
        (unit, {"title": "修大家电"}, 200),
    ):
        assert (await small_house.api("PATCH", path, token, {"version": 1} | body))[0] == status
    status, done = await small_house.api(
        "PATCH", path, small_house.token("secretary", community="海棠社区"), {"version": 2, "status": "published"}
    )
    assert (status, done["status"], done["title"]) == (200, "published", "修大家电")
    status, _ = await small_house.api(
        "POST",
        "/services",
        small_house.token("secretary", community="银杏社区"),
        {"title": "x", "estate": "海棠苑"},
    )
    assert status == 403


# -- the responsibility list


async def test_a_changed_row_decides_the_next_dispatch(house):
    """A row that is added, changed and taken off counts from the next report on; each change is a version."""
    admin = house.token("admin")
    body = {
        "category": "elevator",
        "estate": "海棠小区",
        "unit": "望月供水所",
        "match": ["异响"],
        "resolve_hours": 3.5,
    }
    status, row = await house.api("POST", "/responsibilities", admin, body)
    assert (status, row["estate"], row["resolve_hours"], row["version"]) == (201, "海棠苑", 3.5, 1)
    assert (await house.report(admin, "海棠苑3栋电梯异响"))["handler"] == "望月供水所"
    path = f"/responsibilities/{row['id']}"
    status, row = await house.api("PATCH", path, admin, {"version": 1, "unit": "金秋物业"})
    assert (status, row["unit"], row["version"], row["match"]) == (200, "金秋物业", 2, ["异响"])
    assert row == (await house.api("GET", path, admin))[1]
    assert (await house.report(admin, "海棠苑1栋电梯异响"))["handler"] == "金秋物业"
    assert (await house.api("PATCH", path, admin, {"version": 1, "unit": "春晖物业"}))[0] == 409
    assert (await house.api("PATCH", path, admin, {"version": 2, "active": False}))[0] == 200
    assert (await house.report(admin, "海棠里3栋电梯异响声音大", estate="海棠苑"))["handler"] == "春晖物业"
    assert (await house.api("GET", path, admin))[1]["active"] is False
    _, page = await house.api("GET", "/responsibilities", admin)
    assert row["id"] not in [item["id"] for item in page["items"]]


async def test_rows_are_kept_by_those_of_the_community(small_house):
    """Rows for everybody are not one community's; units and viewers keep none; twins are 409."""
    limited = small_house.token("secretary", community="海棠社区")
    row = {"category": "noise", "unit": "春晖物业"}
    for token, body, status in (
        (small_house.token("viewer"), row, 403),
        (small_house.token("clerk"), row, 403),
        (small_house.token("provider", organisation="春晖物业"), row, 403),
        (limited, row, 403),
        (limited, row | {"estate": "银杏里"}, 403),
        (limited, row | {"estate": "海棠苑"}, 201),
        (limited, row | {"estate": "海棠苑"}, 409),
        (small_house.token("admin"), row | {"unit": "没有这家"}, 422),
        (small_house.token("admin"), row | {"match": "停水"}, 422),
        (small_house.token("admin"), row | {"respond_hours": -1}, 422),
        (small_house.token("admin"), row | {"respond_hours": "1"}, 422),
    ):
        assert (await small_house.api("POST", "/responsibilities", token, body))[0] == status, body
    _, page = await small_house.api("GET", "/responsibilities", limited)
    assert {item["estate"] for item in page["items"]} == {None, "海棠苑"}
    assert len((await small_house.api("GET", "/responsibilities", small_house.token("admin")))[1]["items"]) == 4
    for path in ("/responsibilities/9999", "/responsibilities/x", "/responsibilities/-1"):
        assert (await small_house.api("GET", path, limited))[0] == 404


# -- units


async def test_units_are_entered_and_edited(house):
    """A new unit can be dispatched to; a taken name is 409; one with open orders is not put out of use."""
    admin = house.token("admin")
    status, unit = await house.api("POST", "/organisations", admin, {"name": "云帆电梯", "kind": "department"})
    assert (status, unit["party"], unit["active"]) == (201, "none", True)
    item = await house.report(admin)
    assert (await house.act(admin, item["no"], "dispatch", to="云帆电梯"))[1]["handler"] == "云帆电梯"
    path = f"/organisations/{unit['id']}"
    status, answer = await house.api("PATCH", path, admin, {"version": 1, "active": False})
    assert (status, answer["error"]["code"]) == (409, "has_open_orders")
    assert (await house.api("PATCH", path, admin, {"version": 1, "name": "春晖物业"}))[0] == 409
    status, unit = await house.api("PATCH", path, admin, {"version": 1, "seats": 5, "party_seats": 3})
    assert (status, unit["version"], unit["seats"]) == (200, 2, 5)
    status, answer = await house.api("PATCH", path, admin, {"version": 2, "seats": 2})
    assert (status, answer["error"]["field"]) == (422, "party_seats")
    await house.act(admin, item["no"], "close", reason="solved")
    assert (await house.api("PATCH", path, admin, {"version": 2, "active": False}))[1]["active"] is False
    assert (await house.act(admin, (await house.report(admin))["no"], "dispatch", to="云帆电梯"))[0] == 422


async def test_staff_of_a_unit_is_named_without_phones(small_house):
    """Names for the office, a first character for a viewer; a phone for nobody."""
    _, page = await small_house.api("GET", "/organisations?q=春晖", small_house.token("clerk"))
    assert [one["name"] for one in page["items"][0]["staff"]] == ["简经理", "郝师傅"]
    _, page = await small_house.api("GET", "/organisations?q=春晖", small_house.token("viewer"))
    assert [one["name"] for one in page["items"][0]["staff"]] == ["简**", "郝**"]
    assert (
        await small_house.api("POST", "/organisations", small_house.token("clerk"), {"name": "x", "kind": "party"})
    )[0] == 403


# -- what residents said, and the figures


async def test_ratings_and_figures_agree(house):
    """The reporter's and a neighbour's stars stand on the list and in the rates, with the numbers beside them."""
    admin = house.token("admin")
    for openid, text in (("o-wen", "海棠苑3栋2单元电梯坏了"), ("o-qiu", "海棠苑3栋2单元电梯停了")):
        await house.twin.oa.say(openid, text)
    no = (await house.api("GET", "/demands", admin))[1]["items"][0]["no"]
    await house.act(admin, no, "accept")
    await house.act(admin, no, "fulfil", note="好了")
    await house.twin.oa.say("o-wen", "满意")
    await house.twin.oa.say("o-qiu", "满意", menu_item=f"satisfied:{no}")
    await house.report(admin, "海棠苑1栋门口垃圾没人收")
    _, page = await house.api("GET", "/ratings", admin)
    assert [(item["no"], item["stars"], len(item["supporters"])) for item in page["items"]] == [(no, 5, 1)]
    assert (await house.api("GET", f"/ratings/{no}", admin))[1] == page["items"][0]
    _, stats = await house.api("GET", "/stats", admin)
    assert (stats["total"], stats["stage"], stats["closing"]) == (2, {"closed": 1, "dispatched": 1}, {"solved": 1})
    assert stats["category"] == {"elevator": 1, "sanitation": 1}
    assert stats["rates"] == {
        "response": {"rate": 1.0, "count": 1, "of": 1},
        "solved": {"rate": 1.0, "count": 1, "of": 1},
        "satisfied": {"rate": 1.0, "count": 2, "of": 2},
    }
    other = house.token("secretary", community="银杏社区")
    _, theirs = await house.api("GET", "/stats", other)
    assert (theirs["total"], theirs["rates"]["satisfied"]) == (0, {"rate": None, "count": 0, "of": 0})
    assert (await house.api("GET", "/ratings", other))[1]["items"] == []
    assert (await house.api("GET", f"/ratings/{no}", other))[0] == 404


async def test_a_period_is_what_it_says(small_house):
    """`from` and `to` are whole local days; the wrong way round is 422."""
    admin = small_house.token("admin")
    await small_house.report(admin, reported_at="2026-11-20T23:30:00+08:00")
    for query, total in (
        ("from=2026-11-20&to=2026-11-20", 1),
        ("from=2026-11-21&to=2026-11-25", 0),
        ("from=2026-11-01&to=2026-11-19", 0),
        ("from=2026-11-20T15:00:00Z&to=2026-11-20T16:00:00Z", 1),
        ("", 1),
    ):
        assert (await small_house.api("GET", f"/stats?{query}", admin))[1]["total"] == total, query
    for query in ("from=2026-12-01&to=2026-11-01", "from=x", "to=2026-13-01", "from=9999-12-31"):
        assert (await small_house.api("GET", f"/stats?{query}", admin))[0] == 422, query


async def test_me_says_who_the_token_is(small_house):
    """Role and limits by name, and the address of a calendar that can be read with nothing else."""
    token = small_house.token("provider", organisation="春晖物业")
    _, me = await small_house.api("GET", "/me", token)
    assert {k: me[k] for k in ("role", "name", "community", "organisation")} == {
        "role": "provider",
        "name": "春晖物业",
        "community": None,
        "organisation": "春晖物业",
    }
    address = small_house.office.content.address
    assert me["calendar"].startswith(f"{address}/calendar/")
    answer = await small_house.client.get(me["calendar"].removeprefix(address))
    assert (answer.status, answer.content_type) == (200, "text/calendar")


async def test_a_unit_that_serves_elsewhere_too_is_not_renamed_or_closed_by_one_community(house):
    """春晖物业 looks after an estate of 海棠社区: another's secretary cannot touch it; one's own plain facts stay free."""
    street = house.token("street")
    _, page = await house.api("GET", "/organisations?q=春晖物业", street)
    unit = page["items"][0]
    other = house.token("secretary", community="银杏社区")
    changes = ({"name": "春晖物业（改）"}, {"active": False}, {"kind": "department"})
    for change in changes:
        status, told = await house.api("PATCH", f"/organisations/{unit['id']}", other, {"version": 1, **change})
        assert (status, told["error"]["code"]) == (403, "not_your_community"), change
    assert (await house.api("GET", f"/organisations/{unit['id']}", street))[1] == unit
    body = {"version": unit["version"], "name": "春晖物业服务"}
    assert (await house.api("PATCH", f"/organisations/{unit['id']}", street, body))[0] == 200


async def test_a_company_under_another_name_keeps_its_estates(house):
    """Estates that named it name it still; nobody is told the old name."""
    admin = house.token("admin")
    _, page = await house.api("GET", "/organisations?q=春晖", admin)
    unit = page["items"][0]
    status, _ = await house.api(
        "PATCH", f"/organisations/{unit['id']}", admin, {"version": unit["version"], "name": "新晖物业"}
    )
    assert status == 200
    named = {estate.property_name for estate in house.office.store.look(lambda tx: tx.list(Estate))}
    assert "新晖物业" in named
    assert "春晖物业" not in named
