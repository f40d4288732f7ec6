"""黑名单 and 退出 by API: the company is heard first, it is decided, each step is on record; who may not, and the board."""

from datetime import datetime, timedelta

from tests.support.told import told
from tests.web.conftest import House
from tests.web.test_api_rankings import result

from redprop_bot.clock.kinds import ABOVE
from redprop_bot.loop import due
from redprop_bot.store import soundness
from redprop_bot.web.api.document import ITEMS

LISTING = {"kind": "blacklist", "unit": "春晖物业", "reason": "三次整改都没有改好"}
OPINION = {"company": "春晖物业", "year": 2026}
LEAVING = {"kind": "退出", "unit": "春晖物业", "estate": "海棠苑", "reason": "一半住户签字要换"}


def _told(house: House) -> list[tuple[str, str]]:
    rows = house.office.store.look(told)
    return [
        (row.receiver, row.message.removeprefix("sanction_")) for row in rows if row.message.startswith("sanction")
    ]


def _sweep(house: House, at: datetime) -> None:
    house.clock.at = at
    for _ in range(2):
        house.office.store.run(lambda tx: due.sweep(tx, ABOVE))


async def _open(house: House, token: str, body):
    status, made = await house.api("POST", "/sanctions", token, body)
    assert status == 201, made
    return made


async def _act(house: House, token: str, row: int, act: str, **fields):
    return await house.api("POST", f"/sanctions/{row}/acts", token, {"act": act, **fields})


async def _board(house: House, path: str) -> str:
    answer = await house.client.request("GET", f"/board/{path}")
    return await answer.text()


async def test_a_company_is_listed_and_comes_off_the_list(house):
    """Heard first; on the public board of its own community while it lasts; the months over, it is gone by itself."""
    street, unit = house.token("street"), house.token("provider", organisation="春晖物业")
    made = await _open(house, street, LISTING)
    row = made["id"]
    assert set(made) == set(ITEMS["Sanction"]["properties"])
    assert (made["state"], made["answer_until"], made["listing"]) == ("hearing", "2026-12-02T18:00:00+08:00", True)
    assert made["grounds"] == {"months": 12, "failures": 0, "overdues": 0, "black": 0}
    assert made["acts"] == ["drop"]
    assert _told(house) == [("jianjl", "opened")]
    assert (await _act(house, street, row, "go", reason="够了"))[0] == 409  # its days run
    assert "黑名单" not in await _board(house, "海棠社区")
    status, seen = await house.api("GET", f"/sanctions/{row}", unit)
    assert (status, seen["acts"], {one["by"] for one in seen["history"]}) == (200, ["answer"], {None})
    assert (await _act(house, unit, row, "answer"))[0] == 422
    assert (await _act(house, unit, row, "answer", text="换了项目经理"))[0] == 200
    assert (await _act(house, unit, row, "answer", text="再说一句"))[0] == 409
    assert _told(house)[1:] == [("hejd", "answered")]
    assert (await _act(house, street, row, "go"))[0] == 422  # no reason
    status, now = await _act(house, street, row, "go", reason="还是没有改好")
    assert (status, now["state"], now["due_at"]) == (200, "running", "2027-11-25T18:00:00+08:00")
    assert sorted(_told(house)[2:]) == [("jianjl", "listed"), ("linsj", "listed_here")]
    assert "春晖物业" in await _board(house, "海棠社区")
    assert "黑名单" in await _board(house, "海棠社区/海棠苑")
    for other in ("海棠社区/海棠里", "银杏社区"):
        assert "黑名单" not in await _board(house, other)
    for act, token in (("go", street), ("drop", street), ("step", street), ("answer", unit)):
        assert (await _act(house, token, row, act, reason="x", text="x", on="2026-11-25"))[0] == 409, act
    _, opinion = await house.api("POST", "/opinions", house.token("secretary", community="海棠社区"), OPINION)
    (line,) = [one for one in opinion["figures"] if one["key"] == "listed"]
    assert (line["value"], line["said"].partition("（")[0]) == (1, "列入 1 次黑名单")
    _sweep(house, house.clock.at + timedelta(days=366))
    status, now = await house.api("GET", f"/sanctions/{row}", street)
    assert (now["state"], now["due_at"], now["history"][-1]["side"]) == ("done", None, "clock")
    assert sorted(_told(house)[4:]) == [("jianjl", "over"), ("linsj", "over_here")]
    assert "黑名单" not in await _board(house, "海棠社区")
    assert house.office.store.look(soundness.problems) == []
    assert (await _open(house, street, LISTING))["id"] != row  # it may come again


async def test_a_company_leaves_an_estate_step_by_step(house):
    """The secretary decides when the company's days are over; a late step is told once; the last one ends it."""
    secretary, unit = (
        house.token("secretary", community="海棠社区"),
        house.token("provider", organisation="春晖物业"),
    )
    made = await _open(house, secretary, LEAVING)
    row, steps = made["id"], [one["name"] for one in made["steps"]]
    assert (made["community"], made["estate"], len(steps)) == ("海棠社区", "海棠苑", 5)
    status, refused = await house.api("POST", "/sanctions", secretary, LEAVING)
    assert (status, refused["error"]["code"]) == (409, "sanction_twice")
    _sweep(house, house.clock.at + timedelta(days=8))
    assert _told(house)[1:] == [("linsj", "heard")]
    secretary, unit = (
        house.token("secretary", community="海棠社区"),
        house.token("provider", organisation="春晖物业"),
    )
    assert (await _act(house, unit, row, "answer", text="晚了"))[0] == 409
    status, now = await _act(house, secretary, row, "go", reason="住户签字核过了")
    assert (status, now["acts"], now["due_at"]) == (200, ["step", "stop"], "2027-02-01T18:00:00+08:00")
    for day in ("2025-11-24", "2026-12-04", "12月3日", None):
        fields = {"on": day} if day else {}
        assert (await _act(house, secretary, row, "step", text="开了", **fields))[0] == 422, day
    assert (await _act(house, secretary, row, "step", on="2026-12-03"))[0] == 422
    assert (await _act(house, unit, row, "step", on="2026-12-03", text="x"))[0] == 403
    _sweep(house, house.clock.at + timedelta(days=61))
    assert _told(house)[2:] == [("jianjl", "began"), ("linsj", "began_here"), ("linsj", "step")]
    secretary, unit = (
        house.token("secretary", community="海棠社区"),
        house.token("provider", organisation="春晖物业"),
    )
    assert (await house.api("GET", f"/sanctions/{row}", secretary))[1]["late"] is True
    status, now = await _act(house, secretary, row, "step", on="2027-01-20", text="320 户参加，280 户同意")
    assert (now["steps"][0]["on"], now["late"], now["state"]) == ("2027-01-20", False, "running")
    assert (await _act(house, secretary, row, "step", on="2027-01-19", text="早了"))[0] == 422
    for number in range(1, 5):
        status, now = await _act(house, secretary, row, "step", on="2027-02-02", text=f"第 {number} 步")
        assert status == 200, now
    assert (now["state"], now["acts"], [one["text"] for one in now["steps"]][1:]) == (
        "done",
        [],
        [f"第 {number} 步" for number in range(1, 5)],
    )
    stepped = [("jianjl", "stepped"), ("linsj", "stepped_here")]
    assert _told(house)[5:] == [*stepped * 4, ("jianjl", "done"), ("linsj", "done_here")]
    assert [one["name"].removeprefix("sanction_") for one in now["history"]] == [
        *("opened", "began"),
        *["stepped"] * 5,
        "done",
    ]
    assert (await _act(house, secretary, row, "stop", reason="x"))[0] == 409
    assert house.office.store.look(soundness.problems) == []


async def test_it_is_dropped_or_stopped_with_a_reason(house):
    """Dropped before the company spoke, stopped on the way; both are told, neither without a reason."""
    street, secretary = house.token("street"), house.token("secretary", community="海棠社区")
    row = (await _open(house, street, LISTING))["id"]
    assert (await _act(house, street, row, "stop", reason="x"))[0] == 409  # it does not run yet
    assert (await _act(house, street, row, "drop"))[0] == 422
    assert (await _act(house, street, row, "drop", reason="已经改好"))[1]["state"] == "dropped"
    assert (await _act(house, street, row, "drop", reason="又"))[0] == 409
    row = (await _open(house, secretary, LEAVING))["id"]
    unit = house.token("provider", organisation="春晖物业")
    await _act(house, unit, row, "answer", text="我们愿意走")
    await _act(house, secretary, row, "go", reason="两边同意")
    assert (await _act(house, secretary, row, "stop"))[0] == 422
    assert (await _act(house, street, row, "stop", reason="表决没有通过"))[1]["state"] == "stopped"
    assert _told(house) == [
        *(("jianjl", "opened"), ("jianjl", "dropped"), ("hejd", "dropped_here")),
        *(("jianjl", "opened"), ("linsj", "answered"), ("jianjl", "began"), ("linsj", "began_here")),
        *(("jianjl", "stopped"), ("linsj", "stopped_here")),
    ]
    assert house.office.store.look(soundness.problems) == []


async def test_who_may_not_changes_and_reads_nothing(house):
    """Another community, another company, a clerk, a viewer, a secretary for the street's list, the company itself."""
    street, secretary = house.token("street"), house.token("secretary", community="海棠社区")
    other, rival = house.token("secretary", community="银杏社区"), house.token("provider", organisation="金秋物业")
    clerk, viewer = house.token("clerk", community="海棠社区"), house.token("viewer", community="海棠社区")
    unit = house.token("provider", organisation="春晖物业")
    for token in (secretary, clerk, viewer, unit, rival):
        assert (await house.api("POST", "/sanctions", token, LISTING))[0] == 403
    elsewhere = house.token("street", community="银杏社区")
    for token in (other, elsewhere):
        assert (await house.api("POST", "/sanctions", token, LISTING))[0] == 422  # no company of theirs
    for token in (clerk, viewer, unit):
        assert (await house.api("POST", "/sanctions", token, LEAVING))[0] == 403
    assert (await house.api("POST", "/sanctions", other, LEAVING))[0] == 422  # no estate of theirs
    assert _told(house) == []
    row = (await _open(house, street, LEAVING))["id"]
    for token in (other, rival):
        assert (await house.api("GET", f"/sanctions/{row}", token))[0] == 404
        assert (await house.api("GET", "/sanctions", token))[1]["items"] == []
        assert (await _act(house, token, row, "drop", reason="x"))[0] == 404
    for token in (clerk, unit):
        for act in ("go", "drop", "step", "stop"):
            fields = {"reason": "x", "text": "x", "on": "2026-11-25"}
            assert (await _act(house, token, row, act, **fields))[0] == 403, act
    for token in (secretary, clerk, street):
        assert (await _act(house, token, row, "answer", text="x"))[0] == 403
    assert (await _act(house, viewer, row, "drop", reason="x"))[0] == 403
    _, seen = await house.api("GET", f"/sanctions/{row}", viewer)
    assert (seen["acts"], seen["history"][0]["by"] != seen["history"][0]["text"]) == ([], True)
    listed = await _open(house, street, LISTING)
    for token, rows in ((street, 2), (secretary, 2), (clerk, 2), (unit, 2), (other, 0), (rival, 0)):
        assert len((await house.api("GET", "/sanctions?state=open", token))[1]["items"]) == rows
    assert (await house.api("GET", "/sanctions?state=gone", street))[0] == 422
    assert (await _act(house, secretary, listed["id"], "drop", reason="x"))[0] == 403  # the street's alone
    assert (await _act(house, street, listed["id"], "list"))[0] == 422


async def test_what_cannot_be_is_said(house):
    """A kind that there is not, an estate where none belongs, one that others look after, a unit that is no company."""
    street = house.token("street")
    for more, field in (
        ({"kind": "开除"}, "kind"),
        ({"estate": "海棠苑"}, "estate"),
        ({"unit": "望月供水所"}, "unit"),
        ({"unit": "没有的物业"}, "organisation"),
        ({"reason": " "}, "reason"),
    ):
        status, answer = await house.api("POST", "/sanctions", street, LISTING | more)
        assert (status, answer["error"]["field"]) == (422, field), more
    for more, field in (
        ({"estate": "银杏里"}, "unit"),
        ({"unit": "望月供水所"}, "unit"),
        ({"estate": "海棠里"}, "estate"),
        ({"estate": ""}, "estate"),
        ({"estate": "没有的小区"}, "estate"),
    ):
        status, answer = await house.api("POST", "/sanctions", street, LEAVING | more)
        assert (status, answer["error"]["field"]) == (422, field), more
    assert (await house.api("GET", "/sanctions/99", street))[0] == 404
    assert _told(house) == []


async def test_the_street_is_asked_to_look(house):
    """At the third failed re-check of a year, at the second black board; of each count once, and not while one runs."""
    street = house.token("street")
    order = {"unit": "春晖物业", "community": "海棠社区", "items": ["道闸"], "due": "2026-12-10", "reason": "检查"}
    _, made = await house.api("POST", "/rectifications", street, order)
    order_id = made["id"]
    unit = house.token("provider", organisation="春晖物业")
    for number in range(1, 5):
        await house.api("POST", f"/rectifications/{order_id}/acts", unit, {"act": "report", "text": "好了"})
        failed = {"act": "fail", "reason": "没好", "due": "2026-12-20"}
        assert (await house.api("POST", f"/rectifications/{order_id}/acts", street, failed))[0] == 200
        assert _told(house) == [("hejd", "suggested")] * max(0, number - 2)
    made = await _open(house, street, LISTING)
    assert (made["grounds"]["failures"], made["grounds"]["black"]) == (4, 0)
    before = _told(house)
    result(house, "春晖物业", "海棠社区", 4000)
    result(house, "金秋物业", "银杏社区", 3000)
    _, board = await house.api("POST", "/rankings", street, {"sheet": "quarter", "period": "2026-Q3"})
    address = f"/rankings/{board['id']}/acts"
    assert (await house.api("POST", address, street, {"act": "ask"}))[0] == 200
    house.clock.at += timedelta(days=8)
    street = house.token("street")
    assert (await house.api("POST", address, street, {"act": "publish"}))[0] == 200
    assert _told(house) == before  # 金秋 was black once, of 春晖 a case runs

    await _act(house, street, made["id"], "drop", reason="再看看")
    house.clock.at += timedelta(days=400)
    street, unit = house.token("street"), house.token("provider", organisation="春晖物业")
    made = await _open(house, street, LISTING)
    assert (made["grounds"]["failures"], made["grounds"]["black"]) == (0, 0)  # what is old is not counted
    await _act(house, street, made["id"], "drop", reason="没有新的")
    asked = _told(house).count(("hejd", "suggested"))
    for number in range(1, 4):  # the order is an old one, its failures are of this year
        await house.api("POST", f"/rectifications/{order_id}/acts", unit, {"act": "report", "text": "好了"})
        failed = {"act": "fail", "reason": "没好", "due": str((house.clock.at + timedelta(days=9)).date())}
        assert (await house.api("POST", f"/rectifications/{order_id}/acts", street, failed))[0] == 200
        assert _told(house).count(("hejd", "suggested")) == asked + (number == 3)
