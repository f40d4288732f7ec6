"""示范创建 by API: opened, filled in, reviewed level by level; what is refused changes nothing; the board; who hears."""

from bs4 import BeautifulSoup
from tests.web.conftest import House

from redprop_bot.store import soundness
from redprop_bot.store.tables import Outbox
from redprop_bot.web.api.document import ITEMS

OPEN = {"standard": "七有", "estate": "海棠苑"}


def _told(house: House) -> list[tuple[str, str]]:
    """Who was told what so far, and no more of it."""
    return house.office.store.run(
        lambda tx: [(row.receiver, row.message) for row in tx.list(Outbox) if row.message.startswith("standard_")]
    )


async def _opened(house: House, token: str, **more):
    status, item = await house.api("POST", "/standards", token, OPEN | more)
    assert status == 201, item
    return item


async def _marked(house: House, token: str, item, but: int | None = None):
    """Every item is met by somebody's word, but one."""
    for row in item["items"]:
        if row["number"] != but:
            body = {"act": "mark", "item": row["number"], "mark": "met", "note": "11月20日看过"}
            status, done = await house.api("POST", f"/standards/{item['id']}/acts", token, body)
            assert status == 200, done
    return done


async def test_from_opening_over_a_return_to_the_board(house):
    """Four levels, one sends it back; each hears when it is their turn; nobody stands on the board in person."""
    secretary, street = house.token("secretary", community="海棠社区"), house.token("street")
    item = await _opened(house, secretary)
    assert set(item) == set(ITEMS["Standard"]["properties"])
    assert set(item["items"][0]) == set(ITEMS["Standard"]["properties"]["items"]["items"]["properties"])
    path = f"/standards/{item['id']}/acts"
    repairs = item["items"][3]
    assert (repairs["figure"], repairs["value"], repairs["least"], repairs["mark"]) == ("closed", 0, 1, "not_met")
    assert repairs["known"] == "海棠苑办结 0 件（需求清单，2025年11月26日到2026年11月25日）"
    await _marked(house, secretary, item)

    async def decide(token, act, level, **more):
        return await house.api("POST", path, token, {"act": act, "level": level, **more})

    status, now = await decide(secretary, "pass", "self")
    assert (status, now["level"], now["met"]) == (200, "community", 7)
    assert _told(house) == [("linsj", "standard_next")]
    assert (await decide(secretary, "pass", "self"))[0] == 409  # once
    assert (await decide(secretary, "pass", "community"))[0] == 422  # no reason
    assert (await decide(street, "pass", "community", reason="好"))[0] == 403
    assert (await decide(secretary, "pass", "community", reason="都看过了"))[0] == 200
    assert _told(house)[1:] == [("hejd", "standard_next")]
    assert (await decide(secretary, "pass", "street", reason="好"))[0] == 403
    assert (await decide(street, "pass", "district", reason="好", by="区里"))[0] == 409  # not yet
    changed = {"act": "mark", "item": 1, "mark": "not_met"}
    assert (await house.api("POST", path, secretary, changed))[0] == 409  # handed in
    status, now = await decide(street, "return", "street", reason="监控只有两处")
    assert (status, now["level"], now["round"], now["state"]) == (200, "self", 2, "open")
    assert _told(house)[2:] == [("linsj", "standard_returned")]
    assert now["decisions"][-1]["reason"] == "监控只有两处"
    before = now["decisions"]

    for level, token in (("self", secretary), ("community", secretary), ("street", street)):
        status, now = await decide(token, "pass", level, reason="补上了", round=2)
        assert status == 200, now
    assert (await decide(street, "pass", "district", reason="现场看过"))[0] == 422  # by whom
    status, now = await decide(street, "pass", "district", reason="现场看过", by="区委组织部张科长")
    assert (status, now["state"], now["finished_at"] is not None) == (200, "passed", True)
    assert now["decisions"][: len(before)] == before  # what was decided stands
    assert now["decisions"][-1]["decided_by"] == "区委组织部张科长"
    assert ("hejd", "standard_passed") in _told(house)
    assert (await decide(street, "return", "district", reason="再看看", by="张科长"))[0] == 409
    assert (await house.api("POST", path, secretary, changed))[0] == 409

    page = BeautifulSoup(await (await house.client.get("/board/海棠社区/海棠苑")).text(), "html.parser")
    text = page.select_one('[aria-labelledby="s-reviewed"]').text
    for said in ("海棠苑　七有", "区里审核验收通过", "2026年11月25日"):
        assert said in text
    for hidden in ("张科长", "林书记", "现场看过", "监控只有两处"):
        assert hidden not in page.text
    other = await (await house.client.get("/board/银杏社区")).text()
    assert "七有" not in other
    again = await _opened(house, secretary)  # a new one has its own history
    assert (again["round"], again["decisions"], again["state"]) == (1, [], "open")
    _, listed = await house.api("GET", "/standards?state=passed", secretary)
    assert [one["id"] for one in listed["items"]] == [item["id"]]
    assert [line for line in house.office.store.look(soundness.problems) if "创建" in line] == []


async def test_open_items_and_missing_evidence_hold_it(small_house):
    """Nothing is handed in with open items or too few met; met wants evidence; a figure that is reached is its own."""
    secretary = small_house.token("secretary", community="海棠社区")
    five = await _opened(small_house, secretary, standard="five")
    path = f"/standards/{five['id']}/acts"
    marks = {row["key"]: (row["mark"], row["value"]) for row in five["items"]}
    assert marks["organisation"] == ("open", None)  # the register does not say: neither none nor fine
    assert marks["team"] == ("met", 1)
    assert "海棠苑业委会" in five["items"][1]["known"]
    hand_in = {"act": "pass", "level": "self"}
    status, refused = await small_house.api("POST", path, secretary, hand_in)
    assert (status, "还有 2 条没看：有组织、有阵地" in refused["error"]["message"]) == (409, True)
    for item, mark in ((1, "not_met"), (3, "met")):
        body = {"act": "mark", "item": item, "mark": mark}
        expected = 200 if mark == "not_met" else 422
        assert (await small_house.api("POST", path, secretary, body))[0] == expected
    for links in (["javascript:alert(1)"], ["https://x/" + "a" * 300], ["https://x"] * 6):
        body = {"act": "mark", "item": 3, "mark": "met", "links": links}
        assert (await small_house.api("POST", path, secretary, body))[0] == 422
    body = {"act": "mark", "item": 3, "mark": "met", "links": ["https://x.cn/1.jpg"]}
    status, now = await small_house.api("POST", path, secretary, body)
    assert (status, now["items"][2]["links"]) == (200, ["https://x.cn/1.jpg"])
    status, refused = await small_house.api("POST", path, secretary, hand_in)
    assert status == 409
    assert "要做到 5 条，现在做到 2 条" in refused["error"]["message"]
    _, same = await small_house.api("GET", f"/standards/{five['id']}", secretary)
    assert (same["level"], same["round"], same["decisions"]) == ("self", 1, [])
    assert _told(small_house) == []


async def test_figures_are_taken_anew_and_a_persons_mark_stays(small_house):
    """What was closed meanwhile counts when it is counted anew; what somebody marked is theirs."""
    admin, secretary = small_house.token("admin"), small_house.token("secretary", community="海棠社区")
    item = await _opened(small_house, secretary)
    path = f"/standards/{item['id']}/acts"
    order = await small_house.report(admin)
    for act in ("accept", "fulfil"):
        await small_house.act(admin, order["no"], act)
    await small_house.act(admin, order["no"], "rate", stars=5)
    _, now = await small_house.api("POST", path, secretary, {"act": "recount"})
    assert (now["items"][3]["value"], now["items"][3]["mark"]) == (1, "met")
    body = {"act": "mark", "item": 4, "mark": "not_met", "note": "门锁还没修"}
    await small_house.api("POST", path, secretary, body)
    _, now = await small_house.api("POST", path, secretary, {"act": "recount"})
    assert (now["items"][3]["mark"], now["items"][3]["note"]) == ("not_met", "门锁还没修")


async def test_who_sees_and_who_may(small_house):
    """A unit and another community find nothing; who only looks sees names covered; one is open at a time."""
    secretary = small_house.token("secretary", community="海棠社区")
    item = await _opened(small_house, secretary)
    path = f"/standards/{item['id']}"
    assert (await small_house.api("POST", "/standards", secretary, OPEN))[0] == 409
    for body in (OPEN | {"standard": "九九"}, OPEN | {"estate": "银杏里"}, {"estate": "海棠苑"}):
        assert (await small_house.api("POST", "/standards", secretary, body))[0] == 422
    unit = small_house.token("provider", organisation="春晖物业")
    other = small_house.token("secretary", community="银杏社区")
    for token in (unit, other):
        assert (await small_house.api("GET", path, token))[0] == 404
        assert (await small_house.api("POST", f"{path}/acts", token, {"act": "stop", "reason": "x"}))[0] == 404
    assert (await small_house.api("GET", "/standards", other))[1]["items"] == []
    viewer = small_house.token("viewer", community="海棠社区")
    _, seen = await small_house.api("GET", path, viewer)
    assert seen["opened_by"].endswith("**")
    for role in ("viewer", "clerk"):
        token = small_house.token(role, community="海棠社区")
        assert (await small_house.api("POST", "/standards", token, OPEN | {"standard": "six"}))[0] == 403
        body = {"act": "mark", "item": 1, "mark": "met", "note": "看过"}
        assert (await small_house.api("POST", f"{path}/acts", token, body))[0] == 403
    assert (await small_house.api("POST", f"{path}/acts", secretary, {"act": "stop"}))[0] == 422
    status, over = await small_house.api("POST", f"{path}/acts", secretary, {"act": "stop", "reason": "开错了"})
    assert (status, over["state"]) == (200, "stopped")
    await _opened(small_house, secretary)
    assert (await small_house.api("GET", "/standards?state=none", secretary))[0] == 422
    assert (await small_house.api("GET", "/standards/99999", secretary))[0] == 404


async def test_an_acceptance_after_a_trial_ends_with_the_street(small_house):
    """The same steps with another list: three levels, none of them written down for others."""
    secretary, street = small_house.token("secretary", community="海棠社区"), small_house.token("street")
    item = await _opened(small_house, secretary, standard="trial", estate="海棠里")
    await _marked(small_house, secretary, item)
    path = f"/standards/{item['id']}/acts"
    for level, token in (("self", secretary), ("community", secretary), ("street", street)):
        body = {"act": "pass", "level": level, "reason": "照着看过"}
        status, now = await small_house.api("POST", path, token, body)
        assert status == 200, now
    assert now["state"] == "passed"


async def _passed(house: House, secretary: str, street: str):
    """A trial acceptance that came through."""
    item = await _opened(house, secretary, standard="trial")
    await _marked(house, secretary, item)
    for level, token in (("self", secretary), ("community", secretary), ("street", street)):
        body = {"act": "pass", "level": level, "reason": "照着看过"}
        await house.api("POST", f"/standards/{item['id']}/acts", token, body)
    return f"/standards/{item['id']}"


async def test_a_grant_is_tracked_to_its_project(house):
    """What is spent is what the budget of the project says of this source; where it says nothing, it is not known."""
    admin, street = house.token("admin"), house.token("street")
    secretary = house.token("secretary", community="海棠社区")
    _, project = await house.api("POST", "/projects", admin, {"title": "门岗改造", "community": "海棠社区"})
    grant = {"act": "grant", "project": project["no"], "source": "示范奖补", "amount": 50000}
    open_ = await _opened(house, secretary)
    status, refused = await house.api("POST", f"/standards/{open_['id']}/acts", street, grant)
    assert (status, "还没有全部审完" in refused["error"]["message"]) == (409, True)
    path = await _passed(house, secretary, street)
    assert (await house.api("POST", f"{path}/acts", secretary, grant))[0] == 403
    for wrong in ({"amount": 0}, {"project": "P20260101-0001"}, {"source": " "}, {"amount": None}):
        assert (await house.api("POST", f"{path}/acts", street, grant | wrong))[0] == 422
    status, now = await house.api("POST", f"{path}/acts", street, grant)
    assert status == 200, now
    assert set(now["grants"][0]) == set(ITEMS["Standard"]["properties"]["grants"]["items"]["properties"])
    assert (now["grants"][0]["amount"], now["grants"][0]["spent"]) == (50000, None)
    assert ("linsj", "standard_granted") in _told(house)
    assert (await house.api("POST", f"{path}/acts", street, grant))[0] == 409
    lines = [
        {"title": "岗亭", "planned": 30000, "spent": 12000.5, "source": "示范奖补"},
        {"title": "道闸", "planned": 20000, "source": "示范奖补"},
        {"title": "监控", "planned": 9000, "spent": 9000, "source": "维修资金"},
    ]
    _, project = await house.api("GET", f"/projects/{project['no']}", admin)
    body = {"version": project["version"], "budget": lines}
    assert (await house.api("PATCH", f"/projects/{project['no']}", admin, body))[0] == 200
    _, now = await house.api("GET", path, secretary)
    assert (now["grants"][0]["planned"], now["grants"][0]["spent"]) == (50000, 12000.5)
    back = {"act": "ungrant", "grant": 1, "reason": "金额记错了"}
    assert (await house.api("POST", f"{path}/acts", street, {**back, "reason": ""}))[0] == 422
    assert (await house.api("POST", f"{path}/acts", street, {**back, "grant": 2}))[0] == 404
    assert (await house.api("POST", f"{path}/acts", street, back))[0] == 200
    assert (await house.api("POST", f"{path}/acts", street, back))[0] == 409
    status, now = await house.api("POST", f"{path}/acts", street, grant | {"amount": 45000.5})
    assert _told(house).count(("linsj", "standard_granted")) == 2
    assert [(g["amount"], g["undone_at"] is None) for g in now["grants"]] == [(50000, False), (45000.5, True)]
    board = await (await house.client.get("/board/海棠社区")).text()
    assert "45,000" not in board
