"""Projects by API: opened with measures and money, reported, late, ended; who sees and who may."""

import pytest

from redprop_bot.clock import sweeping
from redprop_bot.store import soundness
from redprop_bot.store.tables import Outbox
from redprop_bot.web.api.document import ITEMS

BODY = {
    "title": "老旧电梯更新攻坚",
    "community": "海棠社区",
    "lead": "春晖物业",
    "ends_at": "2026-12-31",
    "budget": [{"title": "主机", "planned": 120000.5, "source": "维修资金"}, {"title": "监理", "planned": 8000}],
    "measures": [
        {"title": "查清每台的年限", "owner": "郝师傅", "due_at": "2026-12-01"},
        {"title": "请业委会表决", "owner": "海棠苑业委会", "due_at": "2026-12-15"},
        {"title": "换主机", "owner": "jianjl"},
    ],
    "milestones": [{"title": "方案定了", "due_at": "2026-12-10", "percent": 40}],
}


async def opened(house, token, **more):
    status, item = await house.api("POST", "/projects", token, {**BODY, **more})
    assert status == 201, item
    return item


def received(house, who):
    """Messages that somebody got or gets, in their order."""
    return house.office.store.look(lambda tx: [m.message for m in tx.list(Outbox) if m.receiver == who])


async def act(house, token, no, act, **fields):
    return await house.api("POST", f"/projects/{no}/acts", token, {"act": act, **fields})


async def test_a_project_goes_from_opening_to_result(house):
    """Owners are told, progress counts, the last measure lets it be ended, and what came of it stands."""
    secretary = house.token("secretary", community="海棠社区")
    item = await opened(house, secretary)
    assert set(item) == set(ITEMS["Project"]["properties"])
    assert set(item["measures"][0]) == set(ITEMS["Measure"]["properties"])
    assert (item["kind"], item["percent"], item["stage"], item["owner"]) == ("tackle", 0, "open", "林书记")
    assert [m["owner"] for m in item["measures"]] == ["郝师傅", "海棠苑业委会", "简经理"]
    assert item["measures"][0]["due_at"] == "2026-12-01T18:00:00+08:00"
    assert item["measures"][2]["due_at"] == "2026-12-31T18:00:00+08:00"
    assert (item["budget"]["planned"], item["budget"]["spent"]) == (128000.5, 0)
    for who in ("haosf", "ranzr", "jianjl"):
        assert "measure_given" in received(house, who)
    no = item["no"]
    unit = house.token("provider", organisation="春晖物业")
    status, item = await act(house, unit, no, "progress", measure=1, percent=60, note="查了一半")
    assert (status, item["percent"], item["measures"][0]["progress"]) == (200, 20, "查了一半")
    assert (await act(house, secretary, no, "complete", result="都换好了"))[1]["error"]["code"] == "measures_open"
    await act(house, unit, no, "progress", measure=1, percent=100)
    status, item = await act(house, house.token("provider", organisation="海棠苑业委会"), no, "finish", measure=2)
    assert (status, item["percent"], item["measures"][1]["stage"]) == (200, 66, "done")
    assert item["milestones"][0]["reached_at"] == "2026-11-25T10:00:00+08:00"
    assert (await act(house, unit, no, "finish", measure=2))[0] == 403
    assert (await act(house, unit, no, "finish", measure=3))[1]["percent"] == 100
    assert "measures_all_done" in received(house, "linsj")
    assert (await act(house, unit, no, "finish", measure=3))[1]["error"]["code"] == "measure_over"
    assert (await act(house, secretary, no, "spend", line="主机", spent=119000))[1]["budget"]["spent"] == 119000
    status, item = await act(house, secretary, no, "complete", result="三台电梯换好了")
    assert (status, item["stage"], item["result"]) == (200, "done", "三台电梯换好了")
    assert (await act(house, unit, no, "progress", measure=1, percent=10))[1]["error"]["code"] == "project_over"
    acts = [event["act"] for event in item["events"]]
    assert (acts[0], acts[-1], acts.count("measure_done")) == ("project_opened", "project_done", 3)
    assert house.office.store.look(soundness.problems) == []


async def test_a_late_measure_warns_owner_and_secretary_once_a_term(house):
    """Before its day the owner, after it both; again after five working days; what is done is left alone."""
    secretary = house.token("secretary", community="海棠社区")
    no = (await opened(house, secretary, milestones=[]))["no"]
    store, clock = house.office.store, house.clock

    async def until(day, hour=9):
        clock.at = clock.at.replace(month=12 if day < 20 else 11, day=day, hour=hour - 8, minute=0)
        await sweeping.sweep(store)
        await sweeping.sweep(store)

    await until(29)
    assert received(house, "haosf").count("measure_soon") == 1
    await until(2)
    assert (
        received(house, "haosf").count("measure_late"),
        received(house, "linsj").count("measure_late_copy"),
    ) == (1, 1)
    _, item = await house.api("GET", f"/projects/{no}", secretary)
    assert (item["late"], item["measures"][0]["late"]) == (1, True)
    await until(8)
    assert received(house, "linsj").count("measure_late_copy") == 1
    await until(10)
    assert received(house, "linsj").count("measure_late_copy") == 2
    await act(house, secretary, no, "finish", measure=1)
    await until(18)
    assert received(house, "haosf").count("measure_late") == 2
    assert received(house, "ranzr").count("measure_late") == 1  # its own day has come meanwhile


async def test_who_sees_and_who_arranges(house):
    """Others' units get 404, another community's secretary 403 and 404; a viewer sees names masked and does nothing."""
    secretary = house.token("secretary", community="海棠社区")
    no = (await opened(house, secretary))["no"]
    stranger = house.token("provider", organisation="金秋物业")
    assert (await house.api("GET", f"/projects/{no}", stranger))[0] == 404
    assert (await house.api("GET", "/projects", stranger))[1]["items"] == []
    for name in ("春晖物业", "海棠苑业委会"):
        mine = house.token("provider", organisation=name)
        assert [p["no"] for p in (await house.api("GET", "/projects", mine))[1]["items"]] == [no]
        assert (await act(house, mine, no, "cancel", reason="不做了"))[0] == 403
        assert (await house.api("POST", "/projects", mine, BODY))[0] == 403
    other = house.token("secretary", community="银杏社区")
    assert (await house.api("GET", f"/projects/{no}", other))[0] == 404
    assert (await house.api("POST", "/projects", other, BODY))[0] == 403
    _, item = await house.api("GET", f"/projects/{no}", house.token("viewer"))
    assert (item["owner"], item["measures"][0]["owner"], item["lead"]) == ("林**", "郝**", "春晖物业")
    assert (await act(house, house.token("viewer"), no, "progress", measure=1, percent=5))[0] == 403


async def test_a_change_needs_the_version(house):
    """PATCH with the version as read; a stale one is 409; dates, owner and lists change; lists keep their rows."""
    admin = house.token("admin")
    item = await opened(house, admin)
    path = f"/projects/{item['no']}"
    budget = [{"title": "主机", "planned": 100, "spent": 50}]
    status, changed = await house.api(
        "PATCH",
        path,
        admin,
        {"version": item["version"], "note": "先换一号楼", "ends_at": "2027-01-15", "budget": budget},
    )
    assert (status, changed["note"], changed["ends_at"][:10]) == (200, "先换一号楼", "2027-01-15")
    assert [(one["id"], one["spent"]) for one in changed["budget"]["lines"]] == [
        (item["budget"]["lines"][0]["id"], 50)
    ]
    status, answer = await house.api("PATCH", path, admin, {"version": item["version"], "note": "再改"})
    assert (status, answer["error"]["code"]) == (409, "stale")
    measure = changed["measures"][0]
    step = f"{path}/measures/{measure['number']}"
    status, moved = await house.api(
        "PATCH", step, admin, {"version": measure["version"], "owner": "金秋物业", "due_at": "2026-12-20"}
    )
    assert (status, moved["owner"], moved["due_at"][:10]) == (200, "金秋物业", "2026-12-20")
    assert "measure_given" in received(house, "youjl")
    assert (await house.api("PATCH", step, admin, {"version": measure["version"], "note": "x"}))[0] == 409
    status, added = await house.api("POST", f"{path}/measures", admin, {"title": "验收", "owner": "林书记"})
    assert (status, added["number"]) == (201, 4)
    assert (await act(house, admin, item["no"], "drop", measure=4, reason="不用了"))[1]["measures"][3][
        "stage"
    ] == "cancelled"


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"title": ""}, "missing", "title"),
        ({"kind": "hobby"}, "project_kind", "kind"),
        ({"owner": "月亮"}, "unknown_owner", "owner"),
        ({"lead": "月亮公司"}, "unknown_unit", "lead"),
        ({"ends_at": "2026-11-01"}, "project_dates", "ends_at"),
        ({"starts_at": "2025-01-01", "ends_at": "2025-02-01"}, "project_end", "ends_at"),
        ({"ends_at": "soon"}, "moment", "ends_at"),
        ({"measures": [{"title": "做", "owner": "月亮"}]}, "unknown_owner", "owner"),
        ({"measures": [{"title": "做"}]}, "missing", "measures.0.owner"),
        ({"measures": [{"title": "做", "owner": "简经理", "due_at": "2027-06-01"}]}, "measure_outside", "due_at"),
        ({"budget": [{"title": "主机", "planned": -1}]}, "number", "budget.0.planned"),
        ({"milestones": [{"title": "半", "due_at": "2026-12-10", "percent": 140}]}, "percent", "milestones"),
        ({"demands": ["D20260101-0001"]}, "no_demand", "demands"),
        ({"colour": "red"}, "unknown_field", "colour"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_there(small_house, more, code, field):
    """Each fault has its code and field; no project is left behind, and nobody was told."""
    admin = small_house.token("admin")
    status, answer = await small_house.api("POST", "/projects", admin, {**BODY, **more})
    assert (status, answer["error"]["code"], answer["error"].get("field")) == (422, code, field)
    assert (await small_house.api("GET", "/projects", admin))[1]["items"] == []
    assert received(small_house, "haosf") == []


async def test_sixteen_projects_with_seventy_three_measures(small_house):
    """Pages, filters and a picture of it all hold what a district writes down for a year."""
    admin = small_house.token("admin")
    for n in range(16):
        steps = [{"title": f"第{n + 1}项的第{k + 1}步", "owner": "简经理"} for k in range(5 if n < 9 else 4)]
        await opened(small_house, admin, title=f"整治项目{n + 1}", measures=steps, milestones=[])
    _, first = await small_house.api("GET", "/projects?limit=10", admin)
    _, rest = await small_house.api("GET", f"/projects?limit=10&cursor={first['next']}", admin)
    both = first["items"] + rest["items"]
    assert (len(both), sum(len(p["measures"]) for p in both), rest["next"]) == (16, 73, None)
    assert len((await small_house.api("GET", "/projects?q=项目7", admin))[1]["items"]) == 1
    assert (await small_house.api("GET", "/projects?stage=done", admin))[1]["items"] == []
    assert (await small_house.api("GET", "/projects?stage=asleep", admin))[0] == 422


async def test_a_request_that_is_repeated_opens_one_project(small_house):
    """The same Idempotency-Key gives the first answer."""
    admin = small_house.token("admin")
    _, first = await small_house.api("POST", "/projects", admin, BODY, Idempotency_Key="k1")
    _, second = await small_house.api("POST", "/projects", admin, BODY, Idempotency_Key="k1")
    assert first["no"] == second["no"]
    assert len((await small_house.api("GET", "/projects", admin))[1]["items"]) == 1
