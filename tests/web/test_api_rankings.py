"""红黑榜 by API and on the public board: seen by each company first, published by hand, versions, who may not."""

from datetime import timedelta

from tests.support.told import told
from tests.web.conftest import House

from redprop_bot.appraise import periods, scorecard
from redprop_bot.clock.kinds import ABOVE
from redprop_bot.loop import due
from redprop_bot.registry.register import register
from redprop_bot.rules import grades
from redprop_bot.rules.grades import Line, Part
from redprop_bot.store import soundness
from redprop_bot.store.tables import Appraisal
from redprop_bot.web.api.document import ITEMS

NEW = {"sheet": "quarter", "period": "2026-Q3"}


def result(house: House, unit: str, community: str, score: int, state: str = "published") -> int:
    """A result of the third quarter, of one party of two, as if it had been scored; its key."""

    def job(tx):
        reg, sheet = register(tx), tx.content.appraisal.of("quarter")
        here = next(key for key, one in reg.communities.items() if one.name == community)
        key = reg.organisation_names[unit].id
        (row,) = scorecard.begin(tx, sheet, periods.ended_by_key("2026-Q3"), here, [key], by="管理员")
        parts = [
            Part("street", "街道", 50, (Line("a", "甲", 100, score, "mean", 1),), 1),
            Part("b", "乙", 50, (), 0),
        ]
        parts[1] = Part("b", "乙", 50, (), 0, missing="silent")
        values = {"state": state, "score": score, "stars": 3, "working": grades.kept(parts)}
        tx.update(Appraisal, row.id, **values, published_at=tx.now, appeal_until=tx.now + timedelta(days=7))
        return row.id

    return house.office.store.run(job)


def _told(house: House) -> list[tuple[str, str]]:
    rows = house.office.store.look(told)
    return [(row.receiver, row.message) for row in rows if row.message.startswith("ranking_")]


async def drafted(house: House, token: str):
    """The third quarter."""
    status, made = await house.api("POST", "/rankings", token, NEW)
    assert status == 201, made
    return made


async def _act(house: House, token: str, row: int, act: str, **fields):
    return await house.api("POST", f"/rankings/{row}/acts", token, {"act": act, **fields})


async def _board(house: House, community: str = "海棠社区") -> str:
    answer = await house.client.request("GET", f"/board/{community}")
    return await answer.text()


async def test_from_the_draft_to_the_public_board(house):
    """Only the street sees a draft, a company its own line; after the days it is published and stands for everybody."""
    street, spring = house.token("street"), house.token("provider", organisation="春晖物业")
    autumn, secretary = (
        house.token("provider", organisation="金秋物业"),
        house.token("secretary", community="海棠社区"),
    )
    assert (await house.api("POST", "/rankings", street, NEW))[0] == 409  # not one result
    first = result(house, "春晖物业", "海棠社区", 8812)
    made = await drafted(house, street)
    assert set(made) == set(ITEMS["Ranking"]["properties"])
    assert set(made["lines"][0]) == set(ITEMS["Ranking"]["properties"]["lines"]["items"]["properties"])
    assert [(one["unit"], one["place"], one["score"], one["apart"]) for one in made["lines"]] == [
        ("春晖物业", 1, 88.12, None),
        ("金秋物业", None, None, "no_result"),
    ]
    row = made["id"]
    assert (await house.api("POST", "/rankings", street, NEW))[0] == 409  # one is being made
    for token in (spring, autumn, secretary):
        assert (await house.api("GET", f"/rankings/{row}", token))[0] == 404
        assert (await house.api("GET", "/rankings", token))[1]["items"] == []
    assert _told(house) == []
    assert (await _act(house, street, row, "publish"))[0] == 409  # nobody has seen it
    result(house, "金秋物业", "银杏社区", 5950)
    status, now = await _act(house, street, row, "ask")  # as the results are now
    assert (status, now["state"], now["review_until"]) == (200, "review", "2026-12-02T18:00:00+08:00")
    assert _told(house) == [("jianjl", "ranking_asked"), ("youjl", "ranking_asked")]
    _, seen = await house.api("GET", f"/rankings/{row}", spring)
    assert [
        (one["unit"], one["place"], one["appraisals"], one["scored"], one["parties"]) for one in seen["lines"]
    ] == [("春晖物业", 1, [first], 1, 2)]
    assert (await house.api("GET", f"/rankings/{row}", secretary))[0] == 404
    assert "2026年三季度红黑榜" not in await _board(house)
    assert (await _act(house, street, row, "publish"))[0] == 409  # days are left
    house.clock.at += timedelta(days=8)
    for _ in range(2):
        house.office.store.run(lambda tx: due.sweep(tx, ABOVE))
    assert _told(house)[2:] == [("hejd", "ranking_over")]
    assert "2026年三季度红黑榜" not in await _board(house)  # nothing is published by itself
    for token in (spring, secretary, house.token("viewer", community="海棠社区")):
        assert (await _act(house, token, row, "publish"))[0] in (403, 404)
    status, now = await _act(house, street, row, "publish")
    assert (status, now["state"]) == (200, "published")
    page = await _board(house)
    for said in (
        "2026年三季度红黑榜",
        "第 1 名　春晖物业",
        "红榜",
        "88.12 分",
        "1/2 方打了分",
        "第 2 名　金秋物业",
        "黑榜",
    ):
        assert said in page, said
    for hidden in ("何街道", "管理员", "简经理"):
        assert hidden not in page
    assert "春晖物业" in await _board(house, "银杏社区")
    _, seen = await house.api("GET", f"/rankings/{row}", autumn)
    assert [(one["unit"], one["colour"], one["appraisals"] != []) for one in seen["lines"]] == [
        ("春晖物业", "red", False),
        ("金秋物业", "black", True),
    ]
    assert house.office.store.look(soundness.problems) == []


async def test_an_objection_holds_it_back_until_it_is_decided(house):
    """Once, in time, read by the street alone; a reason for the company; who is put apart has no place."""
    street, autumn = house.token("street"), house.token("provider", organisation="金秋物业")
    spring = house.token("provider", organisation="春晖物业")
    result(house, "春晖物业", "海棠社区", 7000)
    result(house, "金秋物业", "银杏社区", 5950)
    row = (await drafted(house, street))["id"]
    assert (await _act(house, autumn, row, "object", reason="早"))[0] == 404
    await _act(house, street, row, "ask")
    assert (await _act(house, street, row, "object", reason="x"))[0] == 403
    assert (await _act(house, autumn, row, "object"))[0] == 422
    assert (await _act(house, autumn, row, "object", reason="九月才接手"))[0] == 200
    assert (await _act(house, autumn, row, "object", reason="再说一次"))[0] == 409
    assert _told(house)[-1] == ("hejd", "ranking_objected")
    _, seen = await house.api("GET", f"/rankings/{row}", spring)
    assert "九月才接手" not in str(seen)
    house.clock.at += timedelta(days=8)
    assert (await _act(house, spring, row, "object", reason="晚了"))[0] == 409
    assert (await _act(house, street, row, "publish"))[0] == 409
    given = {"unit": "金秋物业", "outcome": "apart", "reason": "接手不到一个月"}
    for wrong in ({"reason": ""}, {"outcome": ""}, {"unit": ""}, {"outcome": "x"}):
        assert (await _act(house, street, row, "decide", **given | wrong))[0] == 422, wrong
    assert (await _act(house, street, row, "decide", **given | {"unit": "春晖物业"}))[0] == 409
    assert (await _act(house, autumn, row, "decide", **given))[0] == 403
    status, now = await _act(house, street, row, "decide", **given)
    assert (status, now["lines"][1]["apart"], now["lines"][1]["decision"]) == (200, "decided", "接手不到一个月")
    assert (await _act(house, street, row, "decide", **given))[0] == 409
    assert _told(house)[-1] == ("youjl", "ranking_apart")
    assert (await _act(house, street, row, "publish"))[0] == 200
    page = await _board(house)
    assert "这一期不排" in page
    assert "九月才接手" not in page
    assert "接手不到一个月" not in page


async def test_points_change_only_by_an_appeal_and_are_seen_again(small_house):
    """A line whose result is appealed has no place; corrected points are asked about anew before anything is public."""
    house = small_house
    street = house.token("street")
    first = result(house, "春晖物业", "海棠社区", 8600, "appealed")
    result(house, "金秋物业", "银杏社区", 8000)
    row = (await drafted(house, street))["id"]
    _, now = await _act(house, street, row, "ask")
    assert [(one["unit"], one["place"], one["apart"]) for one in now["lines"]] == [
        ("金秋物业", 1, None),
        ("春晖物业", None, "appealed"),
    ]
    house.clock.at += timedelta(days=8)
    house.office.store.run(lambda tx: tx.update(Appraisal, first, state="settled", score=9000))
    status, said = await _act(house, street, row, "publish")
    assert (status, "春晖物业" in str(said)) == (409, True)
    _, now = await _act(house, street, row, "ask")
    assert [(one["unit"], one["place"]) for one in now["lines"]] == [("春晖物业", 1), ("金秋物业", 2)]
    asked = sorted(who for who, what in _told(house) if what == "ranking_asked")
    assert asked == ["jianjl", "jianjl", "youjl", "youjl"]
    assert (await _act(house, street, row, "publish"))[0] == 409  # the days begin anew
    house.clock.at += timedelta(days=8)
    assert (await _act(house, street, row, "publish"))[0] == 200


async def test_versions_and_taking_down(small_house):
    """The next version takes the place of the first one when it is published; what is taken down is gone, with why."""
    house = small_house
    street, spring = house.token("street"), house.token("provider", organisation="春晖物业")
    result(house, "春晖物业", "海棠社区", 8600)

    async def published():
        row = (await drafted(house, street))["id"]
        await _act(house, street, row, "ask")
        house.clock.at += timedelta(days=8)
        return (await _act(house, street, row, "publish"))[1]

    one = await published()
    two = await published()
    assert (one["number"], two["number"]) == (1, 2)
    assert (await house.api("GET", f"/rankings/{one['id']}", street))[1]["state"] == "replaced"
    assert (await _board(house)).count("2026年三季度红黑榜") == 1
    assert (await _act(house, street, one["id"], "withdraw", reason="x"))[0] == 409
    assert (await _act(house, street, two["id"], "withdraw"))[0] == 422
    assert (await _act(house, spring, two["id"], "withdraw", reason="x"))[0] == 403
    status, now = await _act(house, street, two["id"], "withdraw", reason="表算错了")
    assert (status, now["state"], now["reason"]) == (200, "withdrawn", "表算错了")
    assert "2026年三季度红黑榜" not in await _board(house)
    _, seen = await house.api("GET", f"/rankings/{two['id']}", spring)
    assert [one["unit"] for one in seen["lines"]] == ["春晖物业"]  # of others nothing any more
    assert sorted(_told(house)[-2:]) == [("jianjl", "ranking_withdrawn"), ("youjl", "ranking_withdrawn")]
    before = len(_told(house))
    row = (await drafted(house, street))["id"]
    assert (await _act(house, street, row, "withdraw", reason="先不排"))[1]["state"] == "void"
    assert len(_told(house)) == before  # nobody had seen it


async def test_what_is_wrong_is_said_and_changes_nothing(small_house):
    """No such sheet, one that is not ranked, a period that runs or has another length; who is not of the street."""
    house = small_house
    street = house.token("street")
    result(house, "春晖物业", "海棠社区", 8600)
    for wrong in (
        {"sheet": "week"},
        {"sheet": "month"},
        {"period": "2026-Q4"},
        {"period": "2026-09"},
        {"street": "没有"},
    ):
        assert (await house.api("POST", "/rankings", street, NEW | wrong))[0] == 422, wrong
    for role in ("secretary", "clerk", "viewer"):
        assert (await house.api("POST", "/rankings", house.token(role, community="海棠社区"), NEW))[0] == 403
    unit = house.token("provider", organisation="春晖物业")
    assert (await house.api("POST", "/rankings", unit, NEW))[0] == 403
    assert (await house.api("GET", "/rankings", street))[1]["items"] == []
    assert _told(house) == []
