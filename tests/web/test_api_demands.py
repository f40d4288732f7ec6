"""The demand list by API: reporting, finding, and what each token sees of it."""

import base64
from datetime import timedelta
from urllib.parse import quote

import pytest
from tests.support import pictures

CONTRACT = {
    "no", "stage", "intent", "category", "urgency", "text", "community", "estate", "building", "unit", "room",
    "place", "reporter", "supporters", "reported_at", "respond_by", "due_at", "handler", "helpers",
    "escalated_to", "rating", "attachments", "events",
}  # fmt: skip


async def test_a_text_is_enough(house):
    """What is in the text is understood, dispatched, and shown with every field of the contract."""
    item = await house.report(house.token("clerk"), "海棠苑3栋2单元电梯坏了，困不住人但老人下不来")
    assert set(item) >= CONTRACT
    assert (item["category"], item["estate"], item["building"], item["unit"]) == ("elevator", "海棠苑", "3", "2")
    assert (item["stage"], item["handler"], item["community"]) == ("dispatched", "春晖物业", "海棠社区")
    assert item["reported_at"] == "2026-11-25T10:00:00+08:00"
    assert item["due_at"].endswith("+08:00")
    assert item["reporter"] is None


async def test_the_level_and_the_further_clocks_are_shown(house):
    """Beside the contract's fields: the level by its colour, first contact, the right to return, complexity."""
    item = await house.report(house.token("clerk"), "海棠苑3栋2单元电梯按钮不灵")
    assert (item["level"], item["complex"], item["stuck"], item["contacted_at"]) == ("yellow", False, False, None)
    assert item["respond_by"] <= item["first_contact_by"] <= item["due_at"]
    assert item["return_until"] == "2026-11-26T10:00:00+08:00"


async def test_what_is_past_its_next_look_is_on_the_long_stuck_list_and_nothing_else(house, clock):
    """`stuck=true` finds it from the moment of the next look on, `stuck=false` all the rest."""
    admin = house.token("admin")
    waits = await house.report(admin, "海棠苑3栋2单元电梯按钮不灵")
    other = await house.report(admin, "海棠苑1栋1单元水管漏水")
    await house.act(admin, waits["no"], "pause", reason="等配件", until="2026-12-10")

    async def numbers(stuck: str) -> list[str]:
        _status, page = await house.api("GET", f"/demands?stuck={stuck}", admin)
        return [item["no"] for item in page["items"]]

    assert await numbers("true") == []
    clock.at += timedelta(days=17)
    assert await numbers("true") == [waits["no"]]
    assert await numbers("false") == [other["no"]]


async def test_a_number_is_kept_as_it_is_dialled(house):
    """With the country before it or blanks in it; a fixed one with its extension."""
    admin = house.token("admin")
    for given, kept in (("+86 138 0000 0001", "13800000001"), ("0551-5550000-12", "0551-5550000-12")):
        item = await house.report(admin, "海棠苑3栋2单元楼道灯不亮", phone=given)
        assert item["reporter"]["phone"] == kept


async def test_fields_go_before_what_is_understood(small_house):
    """Structured fields override, the text stays as it was said."""
    item = await small_house.report(
        small_house.token("admin"),
        category="sanitation",
        urgency="urgent",
        estate="银杏里",
        building="1",
        unit="1",
        room="202",
        phone="13800000009",
        reported_at="2026-11-24T08:00:00Z",
    )
    assert (item["category"], item["urgency"], item["estate"], item["building"]) == (
        "sanitation", "urgent", "银杏里", "1",
    )  # fmt: skip
    assert (item["community"], item["text"]) == ("银杏社区", "海棠苑3栋2单元电梯坏了")
    assert item["no"].startswith("D20261124-")
    assert item["reporter"]["phone"] == "13800000009"


async def test_a_text_that_reports_nothing_is_a_report_all_the_same(small_house):
    """Nothing is lost: it waits for the secretary."""
    item = await small_house.report(small_house.token("admin"), "嗯")
    assert (item["stage"], item["intent"], item["category"], item["handler"]) == (
        "new",
        "demand.report",
        None,
        None,
    )


async def test_a_named_reporter_is_told_and_may_join(house):
    """The reporter hears of progress; the same report of a neighbour joins it with 200."""
    admin = house.token("admin")
    await house.twin.oa.subscribe("o-wen")
    await house.twin.oa.subscribe("o-qiu")
    item = await house.report(admin, reporter={"openid": "o-wen"})
    body = {"text": "海棠苑3栋2单元的电梯停了", "reporter": {"openid": "o-qiu"}}
    status, joined = await house.api("POST", "/demands", admin, body)
    assert (status, joined["no"], joined["outcome"], joined["supporters"]) == (200, item["no"], "joined", 1)
    await house.act(admin, item["no"], "accept")
    await house.deliver()
    for openid in ("o-wen", "o-qiu"):
        assert any("接单" in entry.text for entry in house.twin.ledger.shown(openid)), openid


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"text": ""}, 422, "text"),
        ({"text": "   "}, 422, "text"),
        ({"text": None}, 422, "text"),
        ({"text": 5}, 422, "text"),
        ({"text": "长" * 2001}, 422, "text"),
        ({"category": "magic"}, 422, "category"),
        ({"intent": "order.close"}, 422, "intent"),
        ({"urgency": "asap"}, 422, "urgency"),
        ({"estate": "没有这个小区"}, 422, "estate"),
        ({"building": 3}, 422, "building"),
        ({"phone": "abc"}, 422, "phone"),
        ({"phone": "1380"}, 422, "phone"),
        ({"room": "x" * 65}, 422, "room"),
        ({"reported_at": "昨天"}, 422, "reported_at"),
        ({"reported_at": "2026-11-25T12:00:00+08:00"}, 422, "reported_at"),
        ({"reported_at": "1999-01-01"}, 422, "reported_at"),
        ({"reporter": "o1"}, 422, "reporter"),
        ({"reporter": {}}, 422, "reporter"),
        ({"reporter": {"phone": "1"}}, 422, "reporter.phone"),
        ({"stage": "closed"}, 422, "stage"),
    ],
)
async def test_a_wrong_report_names_the_field_and_makes_nothing(small_house, change, status, field):
    """422, the field, no demand."""
    admin = small_house.token("admin")
    got, answer = await small_house.api("POST", "/demands", admin, {"text": "海棠苑1栋灯不亮"} | change)
    assert (got, answer["error"]["field"]) == (status, field)
    assert (await small_house.api("GET", "/demands", admin))[1] == {"items": [], "next": None}


# -- finding


async def _three(house, admin):
    await house.report(admin)
    await house.report(admin, "银杏里1栋1单元电梯异响")
    await house.report(admin, "海棠苑到处是垃圾没人扫")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [3, 2, 1]),
        ("?stage=dispatched", [3, 2, 1]),
        ("?stage=closed", []),
        ("?category=elevator", [2, 1]),
        ("?estate=海棠小区", [3, 1]),
        ("?q=异响", [2]),
        ("?q=-0003", [3]),
        ("?q=100%25", []),
        ("?overdue=false", [3, 2, 1]),
        ("?overdue=true", []),
        ("?category=elevator&estate=银杏里", [2]),
    ],
)
async def test_filters(small_house, query, expected):
    """Each filter narrows; together they narrow further; newest first."""
    admin = small_house.token("admin")
    await _three(small_house, admin)
    status, page = await small_house.api("GET", f"/demands{query}", admin)
    assert status == 200
    assert [int(item["no"][-4:]) for item in page["items"]] == expected
    assert page["next"] is None


async def test_overdue_is_held_against_the_clock(small_house):
    """Nothing runs in between: when the term is over the answer changes."""
    admin = small_house.token("admin")
    item = await small_house.report(admin)
    small_house.clock.at += timedelta(days=30)
    _, page = await small_house.api("GET", "/demands?overdue=true", admin)
    assert [(i["no"], i["overdue"]) for i in page["items"]] == [(item["no"], True)]
    await small_house.act(admin, item["no"], "accept")
    await small_house.act(admin, item["no"], "fulfil")
    assert (await small_house.api("GET", "/demands?overdue=true", admin))[1]["items"] == []


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_pages_hold_everything_once(small_house, size):
    """Following `next` gives each demand once, also when new ones come in between."""
    admin = small_house.token("admin")
    await _three(small_house, admin)
    seen, path = [], f"/demands?limit={size}"
    while path:
        _, page = await small_house.api("GET", path, admin)
        seen += [item["no"] for item in page["items"]]
        if len(seen) == size:
            await small_house.report(admin, "海棠里楼道灯不亮")
        path = page["next"] and f"/demands?limit={size}&cursor={page['next']}"
    assert [int(no[-4:]) for no in seen] == [3, 2, 1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e2", "limit"),
        ("limit=٣", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"ratings:5").decode().rstrip("="), "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"demands:5 or 1=1").decode().rstrip("="), "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"demands:" + b"9" * 30).decode().rstrip("="), "cursor"),
        ("stage=open", "stage"),
        ("category=x", "category"),
        ("urgency=x", "urgency"),
        ("estate=x", "estate"),
        ("overdue=yes", "overdue"),
        ("q=%00", "q"),
        ("q=" + "x" * 201, "q"),
        ("color=red", "color"),
        ("limit=1&limit=2", "limit"),
    ],
)
async def test_a_wrong_query_names_the_field(small_house, query, field):
    """A filter that cannot be is never taken for none."""
    status, answer = await small_house.api("GET", f"/demands?{query}", small_house.token("admin"))
    assert (status, answer["error"]["field"]) == (422, field)


# -- what each token sees


async def test_a_community_limits_what_is_there(small_house):
    """A token of one community finds, reads and acts on its own; another's is 404, for merging into as well."""
    admin = small_house.token("admin")
    ours, theirs = await small_house.report(admin), await small_house.report(admin, "银杏里1栋1单元电梯异响")
    for role in ("secretary", "clerk", "viewer", "street", "admin"):
        token = small_house.token(role, community="海棠社区")
        _, page = await small_house.api("GET", "/demands", token)
        assert [item["no"] for item in page["items"]] == [ours["no"]], role
        assert (await small_house.api("GET", f"/demands/{theirs['no']}", token))[0] == 404
    token = small_house.token("secretary", community="海棠社区")
    assert (await small_house.act(token, theirs["no"], "urge"))[0] == 404
    status, answer = await small_house.act(token, ours["no"], "merge", into=theirs["no"])
    assert (status, answer["error"]["field"]) == (404, "into")
    status, answer = await small_house.act(token, ours["no"], "correct", estate="银杏里")
    assert (status, answer["error"]["code"]) == (403, "not_your_community")
    assert (await small_house.act(token, ours["no"], "urge"))[0] == 200


async def test_a_limited_token_reports_only_at_home(small_house):
    """Elsewhere is refused; without a place it belongs to the token's community."""
    token = small_house.token("clerk", community="海棠社区")
    for body in ({"text": "灯不亮", "estate": "银杏里"}, {"text": "银杏里1栋电梯坏了"}):
        status, answer = await small_house.api("POST", "/demands", token, body)
        assert (status, answer["error"]["field"]) in ((422, "estate"), (403, "estate"))
    item = await small_house.report(token, "路灯不亮")
    assert (item["estate"], item["community"]) == (None, "海棠社区")
    assert (await small_house.api("GET", f"/demands/{item['no']}", token))[0] == 200
    assert len((await small_house.api("GET", "/demands", small_house.token("admin")))[1]["items"]) == 1


async def test_a_provider_sees_its_own_orders_only(small_house):
    """Somebody else's order is 404, and so is its own once it has been returned."""
    admin = small_house.token("admin")
    ours, theirs = await small_house.report(admin), await small_house.report(admin, "银杏里1栋1单元电梯异响")
    token = small_house.token("provider", organisation="春晖物业")
    _, page = await small_house.api("GET", "/demands", token)
    assert [item["no"] for item in page["items"]] == [ours["no"]]
    assert (await small_house.api("GET", f"/demands/{theirs['no']}", token))[0] == 404
    assert (await small_house.act(token, theirs["no"], "accept"))[0] == 404
    status, answer = await small_house.act(token, ours["no"], "return", reason="不归我们")
    assert (status, answer["stage"]) == (200, "returned")
    assert (await small_house.api("GET", f"/demands/{ours['no']}", token))[0] == 404


async def test_a_complaint_reaches_the_unit_only_when_released_and_without_the_reporter(house):
    """Before the secretary's word it is 404; after it the unit reads the matter, never the person."""
    admin, unit = house.token("admin"), house.token("provider", organisation="春晖物业")
    await house.twin.oa.subscribe("o-wen")
    house.office.store.run(_named("o-wen", "温如玉", "13811112222"))
    item = await house.report(
        admin,
        "我要投诉春晖物业态度差，我住1804，电话138-1111-2222",
        intent="complaint",
        estate="海棠苑",
        room="1804",
        reporter={"openid": "o-wen"},
    )
    assert (item["stage"], item["handler"], item["reporter"]["name"]) == ("new", None, "温如玉")
    assert (await house.api("GET", f"/demands/{item['no']}", unit))[0] == 404
    secretary = house.token("secretary", community="海棠社区")
    assert (await house.act(secretary, item["no"], "dispatch", to="春晖物业"))[0] == 200
    status, seen = await house.api("GET", f"/demands/{item['no']}", unit)
    assert status == 200
    assert (seen["reporter"], seen["room"]) == (None, None)  # a surname and four digits would be enough
    text = str((await house.api("GET", "/demands", unit))[1])
    assert not any(secret in text for secret in ("温如玉", "13811112222", "138-1111-2222", "o-wen", "1804"))


async def test_a_search_finds_only_what_its_token_reads(house):
    """Who does not read name, room and phone cannot guess them digit by digit; the secretary finds by all of it."""
    admin, viewer = house.token("admin"), house.token("viewer")
    unit = house.token("provider", organisation="春晖物业")
    words = "我要投诉春晖物业态度差，我叫贾小燕，住一八零四，打138.0000.2222"
    item = await house.report(admin, words, intent="complaint", estate="海棠苑")
    await house.report(admin, "楼道里有人抽烟")
    assert (await house.act(admin, item["no"], "dispatch", to="春晖物业"))[0] == 200

    async def finds(token, q):
        return [one["no"] for one in (await house.api("GET", f"/demands?q={quote(q)}", token))[1]["items"]]

    for secret in ("贾小燕", "一八零四", "138", "0000 2222", "2222"):
        assert await finds(admin, secret) == [item["no"]], secret
        assert await finds(viewer, secret) == await finds(unit, secret) == [], secret
    for plain in ("态度差", item["no"][-4:], "投诉 态度"):
        assert item["no"] in await finds(viewer, plain), plain
        assert item["no"] in await finds(unit, plain), plain


async def test_a_place_in_fields_is_kept_as_a_message_would_say_it(small_house):
    """`8栋` is building 8: shown once, and the neighbour who says so in words joins; a correction likewise."""
    admin = small_house.token("admin")
    item = await small_house.report(
        admin, "电梯坏了", estate="海棠苑", building="三栋", unit="2单元", room="五零一室"
    )
    assert [item[name] for name in ("building", "unit", "room")] == ["3", "2", "501"]
    status, item = await small_house.act(admin, item["no"], "correct", building="４号楼", place="北门")
    assert (status, item["building"], item["place"]) == (200, "4", "北门")
    assert (await small_house.act(admin, item["no"], "correct", building="4栋"))[0] == 409


async def test_what_turns_out_to_be_a_complaint_is_taken_from_the_unit(small_house):
    """An order that the secretary corrects into a complaint is 404 for the unit that has it, on lists as well."""
    admin, unit = small_house.token("admin"), small_house.token("provider", organisation="春晖物业")
    item = await small_house.report(admin)
    for act, fields in (("accept", {}), ("fulfil", {}), ("rate", {"stars": 4}), ("reopen", {"reason": "态度差"})):
        assert (await small_house.act(admin, item["no"], act, **fields))[0] == 200
    assert (await small_house.api("GET", "/stats", unit))[1]["total"] == 1
    assert (await small_house.act(admin, item["no"], "correct", intent="complaint"))[0] == 200
    assert (await small_house.api("GET", f"/demands/{item['no']}", unit))[0] == 404
    assert (await small_house.act(unit, item["no"], "accept"))[0] == 404
    for path in ("/demands", "/ratings"):
        assert (await small_house.api("GET", path, unit))[1]["items"] == []
    assert (await small_house.api("GET", "/stats", unit))[1]["total"] == 0
    status, given = await small_house.act(admin, item["no"], "dispatch", to="春晖物业")
    assert (status, given["handler"]) == (200, "春晖物业"), "the secretary lets the unit see its part again"
    assert (await small_house.act(admin, item["no"], "dispatch", to="春晖物业"))[0] == 409
    assert (await small_house.act(unit, item["no"], "accept"))[0] == 200


def _named(openid, name, phone):
    def job(tx):
        from redprop_bot.ports import Channel
        from redprop_bot.store import people
        from redprop_bot.store.tables import Person

        tx.update(Person, people.who(tx, Channel.OA, openid)[0].id, name=name, phone=phone)

    return job


async def test_only_who_needs_to_know_knows_the_reporter(house):
    """Admin, secretary in charge and the handling unit; to the others name, phone and room are not there."""
    admin = house.token("admin")
    await house.twin.oa.subscribe("o-wen")
    house.office.store.run(_named("o-wen", "温如玉", "13811112222"))
    await house.twin.oa.say("o-wen", "海棠苑3栋2单元1804室门口的电梯坏了，打13811112222找我")
    _, page = await house.api("GET", "/demands", admin)
    no = page["items"][0]["no"]
    knows = {
        "admin": True,
        "secretary": True,
        "provider": True,
        "street": False,
        "clerk": False,
        "viewer": False,
    }
    for role, may in knows.items():
        token = house.token(role, **({"organisation": "春晖物业"} if role == "provider" else {}))
        _, item = await house.api("GET", f"/demands/{no}", token)
        assert (item["reporter"]["name"] == "温如玉") is may, role
        assert (item["reporter"]["openid"] == "o-wen") is may, role
        assert ("温如玉" in str(item)) is may, role
        if not may:
            assert "13811112222" not in str(item), role
    viewer = house.token("viewer")
    seen = str((await house.api("GET", f"/demands/{no}", viewer))[1])
    assert not any(secret in seen for secret in ("13811112222", "温如玉", "o-wen", "1804"))
    assert (await house.api("GET", f"/demands/{no}", viewer))[1]["room"] is None


async def test_staff_is_masked_for_those_who_only_look(small_house):
    """Names of workers and helpers are whole for the office, a first character for a viewer."""
    admin = small_house.token("admin")
    item = await small_house.report(admin)
    await small_house.act(admin, item["no"], "assign", person="郝师傅")
    assert (await small_house.api("GET", f"/demands/{item['no']}", admin))[1]["assignee"] == "郝师傅"
    _, seen = await small_house.api("GET", f"/demands/{item['no']}", small_house.token("viewer"))
    assert seen["assignee"] == "郝**"
    assert "郝师傅" not in str(seen)


async def test_a_picture_has_an_address_that_works(house):
    """Sent by phone, seen by API: the address carries its key; a viewer gets none."""
    png = pictures.png()
    await house.twin.oa.say("o-wen", "海棠苑3栋2单元电梯坏了")
    await house.twin.oa.image("o-wen", png)
    _, page = await house.api("GET", "/demands", house.token("admin"))
    [attachment] = page["items"][0]["attachments"]
    assert attachment["kind"] == "image"
    path = attachment["url"].removeprefix(house.office.content.address)
    answer = await house.client.get(path)
    assert (answer.status, await answer.read()) == (200, png)
    assert (await house.client.get(path.split("?")[0])).status == 404
    _, page = await house.api("GET", "/demands", house.token("viewer"))
    assert page["items"][0]["attachments"][0]["url"] is None
