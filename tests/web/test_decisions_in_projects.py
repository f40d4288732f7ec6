"""A decision that becomes a measure of a project: by API, in the room, on phone and board, from reporter to closing."""

import pytest
from tests.web.console.conftest import Browser, sit
from tests.web.phone.conftest import Hand
from tests.web.test_api_meetings import _acts, _called, _tabled
from tests.web.test_api_projects import opened
from tests.web.test_login import WECOM


async def _put(house, **more):
    """A tabled order, a meeting, a project, and the decision that joins them."""
    secretary, admin = house.token("secretary", community="海棠社区"), house.token("admin")
    order = await _tabled(house, admin)
    project = await opened(house, secretary, measures=[], milestones=[])
    item = await _called(house, secretary)
    said = {"text": "三号楼电梯换主机", "demands": [order["no"]], "handler": "春晖物业", "project": project["no"]}
    status, item = await _acts(house, secretary, item, "resolve", **{**said, **more})
    assert status == 200, item
    return secretary, admin, order["no"], project["no"], item


async def test_a_decision_is_followed_from_its_reporter_to_its_end(house):
    """The measure stands in meeting and project; what the unit reports reaches the order; done is done for both."""
    secretary, admin, no, project, item = await _put(house, due_at="2026-12-20")
    (resolution,) = item["resolutions"]
    assert (resolution["kind"], resolution["handler"], resolution["stage"]) == (
        "measure",
        "春晖物业",
        "dispatched",
    )
    assert (resolution["demands"], resolution["due_at"]) == ([no], "2026-12-20T18:00:00+08:00")
    assert resolution["measure"] == {
        "project": project,
        "title": "老旧电梯更新攻坚",
        "number": 1,
        "owner": "春晖物业",
        "percent": 0,
        "stage": "open",
        "due_at": "2026-12-20T18:00:00+08:00",
        "late": False,
        "progress": "",
    }
    _, whole = await house.api("GET", f"/projects/{project}", secretary)
    (measure,) = whole["measures"]
    assert (measure["title"], measure["resolution"]) == ("三号楼电梯换主机", {"meeting": item["no"], "number": 1})
    unit = house.token("provider", organisation="春晖物业")
    step = {"act": "progress", "measure": 1, "percent": 50, "note": "主机到货了"}
    assert (await house.api("POST", f"/projects/{project}/acts", unit, step))[0] == 200
    _, order = await house.api("GET", f"/demands/{no}", admin)
    assert (order["stage"], order["events"][-1]["note"]) == ("accepted", "主机到货了")
    _, item = await house.api("GET", f"/meetings/{item['id']}", secretary)
    assert (item["resolutions"][0]["stage"], item["resolutions"][0]["measure"]["percent"]) == ("accepted", 50)
    assert (await house.api("POST", f"/projects/{project}/acts", unit, {"act": "finish", "measure": 1}))[0] == 200
    _, order = await house.api("GET", f"/demands/{no}", admin)
    assert order["stage"] == "done"
    assert (await house.act(admin, no, "close", reason="solved"))[0] == 200
    _, item = await house.api("GET", f"/meetings/{item['id']}", secretary)
    assert (item["resolutions"][0]["stage"], item["resolutions"][0]["measure"]["stage"]) == ("closed", "done")


@pytest.mark.parametrize(
    ("said", "status", "code", "field"),
    [
        ({"project": "P20200101-0001"}, 404, "no_project_named", "project"),
        ({"project": "没有这个项目"}, 404, "no_project_named", "project"),
        ({"handler": None}, 422, "resolution_owner", "handler"),
        ({"handler": "月亮公司"}, 422, "unknown_owner", "handler"),
        ({"owner": "没有的人"}, 422, "unknown_owner", "owner"),
        ({"due_at": "2027-06-01"}, 422, "measure_outside", "due_at"),
        ({"due_at": "2026-11-01"}, 422, "resolution_due", "due_at"),
        ({"due_at": "下周"}, 422, "moment", "due_at"),
        ({"answer": "当场说清"}, 422, "resolution_both", "project"),
        ({"project": 7}, 422, "type", "project"),
    ],
)
async def test_what_does_not_fit_is_refused_whole(small_house, said, status, code, field):
    """With code, field and Chinese words; the meeting, the order and the project are as they were."""
    secretary, admin = small_house.token("secretary", community="海棠社区"), small_house.token("admin")
    order = await _tabled(small_house, admin)
    project = await opened(small_house, secretary)
    item = await _called(small_house, secretary)
    given = {"text": "换主机", "demands": [order["no"]], "handler": "春晖物业", "project": project["no"], **said}
    given = {name: value for name, value in given.items() if value is not None}
    found, answer = await _acts(small_house, secretary, item, "resolve", **given)
    assert (found, answer["error"]["code"], answer["error"]["field"]) == (status, code, field)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer["error"]["message"])
    assert (await small_house.api("GET", f"/meetings/{item['id']}", secretary))[1] == item
    assert (await small_house.api("GET", f"/projects/{project['no']}", secretary))[1] == project
    assert (await small_house.api("GET", f"/demands/{order['no']}", admin))[1]["stage"] == "tabled"


async def test_a_decision_is_taken_back_by_api(small_house):
    """Its order is on the agenda again, its measure is off; twice is 404, frozen is 409."""
    secretary, admin, no, project, item = await _put(small_house)
    status, answer = await _acts(small_house, secretary, item, "undo", resolution=1)
    assert (status, answer["error"]["field"]) == (422, "reason")
    status, item = await _acts(small_house, secretary, item, "undo", resolution=1, reason="单位记错了")
    assert (status, item["resolutions"]) == (200, [])
    assert (await small_house.api("GET", f"/demands/{no}", admin))[1]["stage"] == "tabled"
    _, whole = await small_house.api("GET", f"/projects/{project}", secretary)
    assert [one["stage"] for one in whole["measures"]] == ["cancelled"]
    status, answer = await _acts(small_house, secretary, item, "undo", resolution=1, reason="再撤一次")
    assert (status, answer["error"]["code"]) == (404, "no_resolution")
    other = small_house.token("secretary", community="银杏社区")
    assert (await _acts(small_house, other, item, "undo", resolution=1, reason="不是我的"))[0] == 404
    await _acts(small_house, secretary, item, "resolve", text="修好", demands=[no], handler="春晖物业")
    await _acts(small_house, secretary, item, "minutes")
    await _acts(small_house, secretary, item, "approve")
    status, answer = await _acts(small_house, secretary, item, "undo", resolution=2, reason="晚了")
    assert (status, answer["error"]["code"]) == (409, "minutes_frozen")


async def _sent(secretary: Browser, page: str, act: str, **fields: str):
    answer = await secretary.get(page)
    version = answer.soup.select_one('input[name="version"]')["value"]
    return await secretary.post(page, {"act": act, "version": version, **fields})


async def test_the_room_offers_open_projects_and_shows_how_far_they_are(small_house):
    """Chosen from a list; a wrong owner stays on the page with what was typed; taken back from the page, too."""
    token, admin = small_house.token("secretary", community="海棠社区"), small_house.token("admin")
    order = await _tabled(small_house, admin)
    project = await opened(small_house, token, measures=[], milestones=[])
    over = await opened(small_house, token, title="已经停的项目", measures=[], milestones=[])
    await small_house.api("POST", f"/projects/{over['no']}/acts", token, {"act": "cancel", "reason": "不做了"})
    item = await _called(small_house, token)
    secretary, page = await sit(small_house, "secretary"), f"/console/meetings/{item['no']}"
    answer = await secretary.get(page)
    assert [o["value"] for o in answer.soup.select("#project option")] == ["", project["no"]]
    given = {"text": "换主机", "demands": order["no"], "handler": "春晖物业", "project": project["no"]}
    answer = await _sent(secretary, page, "resolve", **given, owner="没有的人")
    assert (answer.status, "名册里没有找到" in answer.said) == (422, True)
    assert (answer.soup.select_one("#owner")["value"], answer.soup.select_one("#text").text) == (
        "没有的人",
        "换主机",
    )
    assert (await _sent(secretary, page, "resolve", **given, owner="简经理")).status == 303
    await small_house.api(
        "POST", f"/projects/{project['no']}/acts", token, {"act": "progress", "measure": 1, "percent": 30}
    )
    decided = (await secretary.get(page)).soup.select_one("#decided").text
    assert "老旧电梯更新攻坚第1条措施 30%" in decided
    project_page = await secretary.get(f"/console/projects/{project['no']}")
    assert "决议第 1 条" in project_page.soup.select_one("#m1").text
    assert (await _sent(secretary, page, "undo", resolution="1", reason="记错了")).status == 303
    assert "还没有决议" in (await secretary.get(page)).soup.select_one("#decided").text


async def test_phone_and_board_show_the_measure_and_no_person(small_house):
    """Who was invited sees the way into the project; everybody sees how far it is, and not whose it is."""
    token = small_house.token("secretary", community="海棠社区")
    project = await opened(small_house, token, measures=[], milestones=[])
    item = await _called(small_house, token)
    said = {"text": "每周去看一次", "owner": "简经理", "project": project["no"], "due_at": "2026-12-20"}
    assert (await _acts(small_house, token, item, "resolve", **said))[0] == 200
    await small_house.api(
        "POST", f"/projects/{project['no']}/acts", token, {"act": "progress", "measure": 1, "percent": 30}
    )
    hand = Hand(small_house, "jianjl", WECOM)
    assert (await hand.enter()).status == 302
    inside = await hand.look(f"/m/meetings/{item['no']}")
    assert f"/m/projects/{project['no']}" in inside
    assert "简经理" in inside.partition('id="decided"')[2].partition("</section>")[0]
    await _acts(small_house, token, item, "minutes")
    await _acts(small_house, token, item, "approve")
    small_house.client.session.cookie_jar.clear()
    for path in ("/board/海棠社区", f"/m/meetings/{item['no']}"):
        answer = await small_house.client.get(path)
        page = await answer.text()
        assert "老旧电梯更新攻坚第1条措施，30%" in page, path
        assert "12月20日前" in page, path
        assert "简经理" not in page, path
