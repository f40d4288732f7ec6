"""考评 by API: opened, scored by its parties, a result with its working, an appeal; what is refused changes nothing."""

from datetime import timedelta

import pytest
from tests.support.told import told
from tests.web.conftest import House

from redprop_bot.appraise.grade import year_grade
from redprop_bot.clock.kinds import ABOVE
from redprop_bot.loop import due
from redprop_bot.registry.register import register
from redprop_bot.store import soundness
from redprop_bot.store.tables import AppraisalBallot
from redprop_bot.web.api.document import ITEMS

OPEN = {"sheet": "month", "period": "2026-10"}
GOOD = {"clean": 20, "order": 22, "repair": 18, "attitude": 24}
QUARTER = {"open": 18, "respond": 16, "clean": 20, "order": 20, "mend": 16}


def _told(house: House) -> list[tuple[str, str]]:
    """Who was told what so far, and no more of it."""
    return house.office.store.run(
        lambda tx: [(row.receiver, row.message) for row in told(tx) if row.message.startswith("appraisal_")]
    )


def _scored_by(house: House, row: int, *parties: str) -> None:
    """As if people of these parties had scored in chat."""

    def job(tx):
        for n, party in enumerate(parties):
            tx.insert(AppraisalBallot, appraisal_id=row, party=party, scorer=str(900 + n), points=GOOD, at=tx.now)

    house.office.store.run(job)


async def _opened(house: House, token: str, **more):
    status, made = await house.api("POST", "/appraisals", token, OPEN | more)
    assert status == 201, made
    return made["items"][0]


async def _act(house: House, token: str, row: int, act: str, **fields):
    return await house.api("POST", f"/appraisals/{row}/acts", token, {"act": act, **fields})


async def _published(house: House, secretary: str):
    """A month of which three parties have scored, with its result."""
    row = (await _opened(house, secretary))["id"]
    assert (await _act(house, secretary, row, "score", points=GOOD))[0] == 200
    _scored_by(house, row, "grid", "committee")
    house.clock.at += timedelta(days=8)
    status, item = await _act(house, secretary, row, "publish")
    assert status == 200, item
    return item


async def test_from_opening_to_a_result_with_its_working(house):
    """Parties are asked once; the result names who is missing, weighs what is there, and can be added up by hand."""
    secretary = house.token("secretary", community="海棠社区")
    admin, unit = house.token("admin"), house.token("provider", organisation="春晖物业")
    house.clock.at += timedelta(days=-30)  # an order of October, done in time and praised
    order = await house.report(admin)
    for act in ("accept", "fulfil"):
        await house.act(admin, order["no"], act)
    await house.act(admin, order["no"], "rate", stars=5)
    house.clock.at += timedelta(days=30)
    item = await _opened(house, secretary)
    assert set(item) == set(ITEMS["Appraisal"]["properties"])
    assert sorted(_told(house)) == [(who, "appraisal_asked") for who in ("linsj", "maiwg", "ranzr")]
    row = item["id"]
    assert (await house.api("GET", f"/appraisals/{row}", unit))[0] == 404  # nothing before there is a result
    status, now = await _act(house, secretary, row, "score", points=GOOD)
    assert status == 200, now
    assert [(p["key"], p["scored"], p["given"]) for p in now["parties"]][:2] == [
        ("community", 1, GOOD),
        ("grid", 0, None),
    ]
    status, refused = await _act(house, secretary, row, "publish")
    assert (status, "网格党支部、业委会、党群代表" in refused["error"]["message"]) == (409, True)
    _scored_by(house, row, "grid", "grid", "committee", "members")  # of the members one: too few to count
    status, _ = await _act(house, secretary, row, "publish")
    assert status == 409  # not yet the day
    house.clock.at += timedelta(days=8)
    status, now = await _act(house, secretary, row, "publish")
    assert status == 200, now
    parts = {part["key"]: part for part in now["working"]}
    assert set(now["working"][0]) == set(ITEMS["Appraisal"]["properties"]["working"]["items"]["properties"])
    assert (parts["members"]["missing"], parts["members"]["scorers"]) == ("few", 1)
    assert [line["points"] for line in parts["members"]["lines"]] == [None] * 4  # one voice stays unheard of
    assert [line["points"] for line in parts["grid"]["lines"]] == [20, 22, 18, 24]
    satisfied, on_time = parts["figures"]["lines"]
    assert (satisfied["good"], satisfied["of"], satisfied["points"]) == (1, 1, 49.09)  # 60 × (1 + 8) ÷ 11
    assert (on_time["good"], on_time["of"], on_time["points"]) == (1, 1, 32.73)
    assert parts["figures"]["percent"] == 81.82
    assert (now["score"], now["stars"]) == (83.46, 4)  # (84 × 20 × 3 + 81.82 × 20) ÷ 80
    assert now["state"] == "published"
    assert (await _act(house, secretary, row, "score", points=GOOD))[0] == 409
    assert (await _act(house, secretary, row, "publish"))[0] == 409
    assert ("jianjl", "appraisal_published") in _told(house)
    _, seen = await house.api("GET", f"/appraisals/{row}", unit)
    assert (seen["score"], seen["stars"], len(seen["working"])) == (83.46, 4, 5)
    assert house.office.store.look(soundness.problems) == []


async def test_an_appeal_corrects_a_line_and_keeps_the_old_points(house):
    """The company says why, once and in time; the secretary decides with a reason; the history stays."""
    secretary, unit = (
        house.token("secretary", community="海棠社区"),
        house.token("provider", organisation="春晖物业"),
    )
    item = await _published(house, secretary)
    row = item["id"]
    assert item["score"] == 84
    assert (await _act(house, unit, row, "appeal"))[0] == 422
    assert (await _act(house, secretary, row, "appeal", reason="不对"))[0] == 403
    assert (await _act(house, secretary, row, "decide", outcome="stand", reason="好"))[0] == 409
    status, now = await _act(house, unit, row, "appeal", reason="维修一条漏看了三张单子")
    assert (status, now["state"], now["score"]) == (200, "appealed", 84)
    assert ("linsj", "appraisal_appealed") in _told(house)
    assert (await _act(house, unit, row, "appeal", reason="再说一遍"))[0] == 409
    assert (await _act(house, unit, row, "decide", outcome="stand", reason="好"))[0] == 403
    right = [{"party": "grid", "item": "repair", "points": 23.5}]
    for wrong in (
        {"outcome": "correct", "reason": "对"},
        {"outcome": "stand", "reason": "对", "corrections": right},
        {"outcome": "correct", "reason": "", "corrections": right},
        {"outcome": "correct", "reason": "对", "corrections": [right[0] | {"points": 26}]},
        {"outcome": "correct", "reason": "对", "corrections": [right[0] | {"item": "roof"}]},
        {"outcome": "correct", "reason": "对", "corrections": [right[0] | {"party": "members"}]},
        {"outcome": "correct", "reason": "对", "corrections": [right[0], right[0]]},
        {"outcome": "correct", "reason": "对", "corrections": [right[0] | {"points": 18}]},  # nothing changes
        {"outcome": "maybe", "reason": "对"},
    ):
        assert (await _act(house, secretary, row, "decide", **wrong))[0] == 422, wrong
    status, now = await _act(
        house, secretary, row, "decide", outcome="correct", reason="补看过", corrections=right
    )
    assert status == 200, now
    line = next(part for part in now["working"] if part["key"] == "grid")["lines"][2]
    assert (line["points"], line["was"]) == (23.5, 18)
    assert (now["score"], now["state"], now["decision"]) == (85.83, "settled", "补看过")
    assert ("jianjl", "appraisal_corrected") in _told(house)
    assert (await _act(house, secretary, row, "decide", outcome="stand", reason="好"))[0] == 409


@pytest.mark.parametrize(("decided", "told"), [(False, [0, 1, 1]), (True, [0, 0, 0])])
async def test_an_appeal_that_waits_is_told_once_more(house, decided, told):
    """As many days later as the company had to appeal; decided in between, never."""
    secretary, unit = (
        house.token("secretary", community="海棠社区"),
        house.token("provider", organisation="春晖物业"),
    )
    row = (await _published(house, secretary))["id"]
    await _act(house, unit, row, "appeal", reason="漏看了三张单子")
    if decided:
        await _act(house, secretary, row, "decide", outcome="stand", reason="看过了")

    def waits(days: int) -> int:
        house.clock.at += timedelta(days=days)
        for _ in range(2):
            house.office.store.run(lambda tx: due.sweep(tx, ABOVE))
        return _told(house).count(("linsj", "appraisal_undecided"))

    assert [waits(6), waits(2), waits(30)] == told


async def test_an_appeal_comes_in_time_and_the_result_may_stand(small_house):
    """After the last day it is too late; standing changes no number."""
    secretary = small_house.token("secretary", community="海棠社区")
    unit = small_house.token("provider", organisation="春晖物业")
    item = await _published(small_house, secretary)
    small_house.clock.at += timedelta(days=8)
    assert (await _act(small_house, unit, item["id"], "appeal", reason="不对"))[0] == 409
    small_house.clock.at += timedelta(days=-2)
    assert (await _act(small_house, unit, item["id"], "appeal", reason="不对"))[0] == 200
    status, now = await _act(small_house, secretary, item["id"], "decide", outcome="stand", reason="看过，没有错")
    assert (status, now["score"], now["working"]) == (200, item["score"], item["working"])
    assert ("jianjl", "appraisal_stands") in _told(small_house)


async def test_who_sees_and_who_may(small_house):
    """Another community and another company find nothing; who only looks changes nothing; bad points change nothing."""
    secretary = small_house.token("secretary", community="海棠社区")
    row = (await _opened(small_house, secretary))["id"]
    assert (await small_house.api("POST", "/appraisals", secretary, OPEN))[0] == 409
    for wrong in (
        {"sheet": "week"},
        {"period": "2026-11"},
        {"period": "2026-Q3"},
        {"period": "x"},
        {"unit": "金秋物业"},
    ):
        assert (await small_house.api("POST", "/appraisals", secretary, OPEN | wrong))[0] == 422, wrong
    for role, code in (("clerk", 403), ("viewer", 403)):
        token = small_house.token(role, community="海棠社区")
        assert (await small_house.api("POST", "/appraisals", token, OPEN | {"period": "2026-09"}))[0] == code
        for act in ("publish", "void", "score"):
            assert (await _act(small_house, token, row, act, points=GOOD, reason="x"))[0] == 403, (role, act)
    other = small_house.token("secretary", community="银杏社区")
    unit, rival = (small_house.token("provider", organisation=name) for name in ("春晖物业", "金秋物业"))
    for token in (other, unit, rival):
        assert (await small_house.api("GET", f"/appraisals/{row}", token))[0] == 404
        assert (await _act(small_house, token, row, "score", points=GOOD))[0] == 404
        assert (await small_house.api("GET", "/appraisals", token))[1]["items"] == []
    assert (await small_house.api("POST", "/appraisals", unit, OPEN | {"period": "2026-09"}))[0] == 403
    assert (await small_house.api("POST", "/appraisals", other, OPEN | {"community": "海棠社区"}))[0] == 422
    for points in (
        {},
        {**GOOD, "clean": 26},
        {**GOOD, "clean": -1},
        {**GOOD, "clean": 2.5},
        {**GOOD, "roof": 3},
        [1],
    ):
        assert (await _act(small_house, secretary, row, "score", points=points))[0] == 422, points
    assert (await _act(small_house, secretary, row, "score", points=GOOD, party="grid"))[0] == 403
    assert (await _act(small_house, secretary, row, "score", points=GOOD, party="moon"))[0] == 422
    _, now = await small_house.api("GET", f"/appraisals/{row}", secretary)
    assert all(party["scored"] == 0 for party in now["parties"])
    assert (await _act(small_house, secretary, row, "void"))[0] == 422
    status, over = await _act(small_house, secretary, row, "void", reason="开错了月份")
    assert (status, over["state"], over["score"]) == (200, "void", None)
    assert (await _act(small_house, secretary, row, "score", points=GOOD))[0] == 409
    await _opened(small_house, secretary)  # another one may be opened


async def test_too_few_give_no_result(small_house):
    """After the last day, too, it takes the least weight; nothing is invented for who is missing."""
    secretary = small_house.token("secretary", community="海棠社区")
    row = (await _opened(small_house, secretary))["id"]
    await _act(small_house, secretary, row, "score", points=GOOD)
    small_house.clock.at += timedelta(days=8)
    status, refused = await _act(small_house, secretary, row, "publish")
    assert (status, "占 20/100，要到 60%" in refused["error"]["message"]) == (409, True)


async def test_a_quarter_is_written_down_for_others_and_counts_its_months(small_house):
    """Bodies without an account are named; the mean of the months comes in by itself; the year has the last result."""
    secretary, street = small_house.token("secretary", community="海棠社区"), small_house.token("street")
    await _published(small_house, secretary)  # October: 84
    small_house.clock.at += timedelta(days=40)
    status, made = await small_house.api(
        "POST", "/appraisals", street, {"sheet": "季度考评", "period": "2026-Q4", "community": "海棠社区"}
    )
    assert status == 201, made
    row = made["items"][0]["id"]
    assert (await _act(small_house, secretary, row, "score", points=QUARTER))[0] == 403
    assert (await _act(small_house, street, row, "score", points=QUARTER, party="housing"))[0] == 422  # by whom
    for party in ("organisation", "housing", "trade", "third"):
        body = {"points": QUARTER, "party": party, "said_by": "张科长"}
        assert (await _act(small_house, street, row, "score", **body))[0] == 200
    assert (await _act(small_house, street, row, "score", points=QUARTER))[0] == 200  # their own
    status, now = await _act(small_house, street, row, "publish")  # everybody is there: no need to wait
    assert status == 200, now
    assert {p["key"]: p["said_by"] for p in now["parties"]}["housing"] == "张科长"
    unit = small_house.token("provider", organisation="春晖物业")
    _, seen = await small_house.api("GET", f"/appraisals/{row}", unit)
    assert {(p["said_by"], p["by"]) for p in seen["parties"]} == {("", None)}  # who said what is not for them
    figures = now["working"][-1]
    assert [(line["key"], line["points"], line["of"]) for line in figures["lines"]] == [
        ("months", 42, 1),
        ("solved", None, 0),
        ("satisfied", None, 0),
    ]
    assert (now["score"], now["stars"]) == (88.8, 4)  # 90 × 80 + 84 × 20

    def graded(tx):
        keys = {name: unit.id for name, unit in register(tx).organisation_names.items()}
        return [
            year_grade(tx, keys[name], year)
            for name, year in (("春晖物业", 2026), ("春晖物业", 2025), ("金秋物业", 2026))
        ]

    found, before, nobody = small_house.office.store.look(graded)
    assert (found.stars, found.score, found.title, found.period) == (4, 8880, "季度考评", "2026年四季度")
    assert (before, nobody) == (None, None)


@pytest.mark.parametrize("path", ["/appraisals?state=none", "/appraisals?unit=没有", "/appraisals/99999"])
async def test_bad_questions(small_house, path):
    """What is not there is said to be not there."""
    status, _ = await small_house.api("GET", path, small_house.token("admin"))
    assert status == (404 if path.endswith("9") else 422)
