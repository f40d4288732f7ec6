"""The room of 考评: opened, scored and brought to a result by its pages; a company sees its result and appeals."""

from datetime import timedelta

import pytest
from tests.web.console.conftest import sit
from tests.web.test_api_appraisals import GOOD, QUARTER, _scored_by

from redprop_bot.errors import NotFound, Refused
from redprop_bot.registry.register import register
from redprop_bot.web.api import appraisals as api
from redprop_bot.web.api.calls import Call
from redprop_bot.web.staff import of_person

PATH = "/console/appraisals"
FORM = {f"p_{key}": str(points) for key, points in GOOD.items()}


async def _opened(secretary, **more):
    await secretary.get(PATH)
    answer = await secretary.post(PATH, {"what": "month 2026-10", "community": "海棠社区", **more})
    assert answer.status == 303, answer.said
    return answer.headers["Location"].partition("?")[0]


async def test_from_the_list_to_an_appeal(secretary, small_house):
    """The secretary opens, scores and publishes; the company sees every line but no name, and appeals; it is corrected."""
    page = await _opened(secretary)
    unit, rival = await sit(small_house, "provider"), await sit(small_house, "autumn")
    assert (await unit.get(page)).status == 404
    answer = await secretary.get(page)
    assert [label.text.split()[0] for label in answer.soup.select(".fields label")][:4] == [
        "环境卫生",
        "公共秩序",
        "维修养护",
        "服务态度",
    ]
    bad = await secretary.post(f"{page}/act", {"act": "score", "party": "community", **FORM, "p_clean": "99"})
    assert (bad.status, "“环境卫生”打 0 到 25 分" in bad.said) == (422, True)
    assert bad.soup.select_one("#p_community_clean")["value"] == "99"  # what was typed stands there again
    done = await secretary.post(f"{page}/act", {"act": "score", "party": "community", **FORM})
    assert done.status == 303, done.said
    early = await secretary.post(f"{page}/act", {"act": "publish"})
    assert (early.status, "还没到期" in early.said) == (409, True)
    _scored_by(small_house, int(page.rpartition("/")[2]), "grid", "committee")
    small_house.clock.at += timedelta(days=8)
    secretary = await sit(small_house, "secretary")  # a seat lasts a working day
    await secretary.get(page)
    assert (await secretary.post(f"{page}/act", {"act": "publish"})).status == 303
    unit = await sit(small_house, "provider")
    answer = await unit.get(page)
    assert answer.status == 200
    text = answer.soup.select_one("#working").text
    for said in ("84 ÷ 100 = 百分之 84", "（84 × 20 + 84 × 20 + 84 × 20）÷ 60 = 84 分", "一共 100，打了分的占 60"):
        assert said in text
    assert "没有打分，这一方不算" in text
    for hidden in ("林书记", "secretary", "经过"):
        assert hidden not in answer.soup.select_one("main").text
    assert not answer.soup.select("#decide")
    assert (await unit.post(f"{page}/act", {"act": "appeal", "reason": "环境那条看漏了"})).status == 303
    rival = await sit(small_house, "autumn")
    assert (await rival.get(page)).status == 404
    secretary = await sit(small_house, "secretary")
    answer = await secretary.get(page)
    assert "环境那条看漏了" in answer.text
    none = await secretary.post(f"{page}/act", {"act": "decide", "outcome": "correct", "reason": "对"})
    assert none.status == 422
    fields = {"act": "decide", "outcome": "correct", "reason": "补看过", "c_grid/clean": "24"}
    assert (await secretary.post(f"{page}/act", fields)).status == 303
    answer = await unit.get(page)
    assert "更正前 20 分" in answer.text
    assert "85.33 分，4 星" in answer.text
    assert "怎么定的：补看过" in answer.soup.text
    listed = await unit.get(PATH)
    assert "85.33 分 · 4 星" in listed.text
    assert not listed.soup.select("form.card")


async def test_the_street_writes_down_who_gave_the_points(small_house):
    """Four bodies without an account and its own; a secretary of the community finds no sheet there."""
    street = await sit(small_house, "street")
    page = await _opened(street, what="quarter 2026-Q3")
    answer = await street.get(page)
    assert len(answer.soup.select("form.card[id^=s_]")) == 5
    form = {f"p_{key}": str(points) for key, points in QUARTER.items()} | {"act": "score", "party": "housing"}
    assert (await street.post(f"{page}/act", form)).status == 422
    assert (await street.post(f"{page}/act", form | {"said_by": "区住建局张科长"})).status == 303
    secretary = await sit(small_house, "secretary")
    answer = await secretary.get(page)
    assert not answer.soup.select("form.card[id^=s_]")
    assert "张科长" not in answer.text  # not before there is a result, and then for the street alone
    for who in ("viewer", "clerk"):
        seat = await sit(small_house, who)
        answer = await seat.get(page)
        assert answer.status == 200
        assert not answer.soup.select("form.card")
        assert (await seat.post(f"{page}/act", {"act": "void", "reason": "x"})).status in {403, 404}
    other = await sit(small_house, "other")
    assert (await other.get(page)).status == 404


async def test_a_committee_scores_at_the_console_and_sees_nothing_else(small_house):
    """A member of the owners' committee finds the open round, gives points, and loses sight of it with the result."""
    secretary = await sit(small_house, "secretary")
    page = await _opened(secretary)
    row = int(page.rpartition("/")[2])
    await secretary.get(page)
    await secretary.post(f"{page}/act", {"act": "score", "party": "community", **FORM})

    def seated(tx):
        person = register(tx).person_named("ranzr")
        return of_person(tx, person.id)

    def call(tx, path, body=None):
        found = Call(tx, seated(tx), small_house.office, {"id": str(row)}, {}, body or {})
        return path(found).body

    store = small_house.office.store
    (listed,) = store.run(lambda tx: call(tx, api.found))["items"]
    assert (listed["id"], listed["score"], listed["working"]) == (row, None, [])
    assert [(p["key"], p["scored"], p["given"]) for p in listed["parties"] if p["yours"]] == [
        ("committee", None, None)
    ]
    done = store.run(lambda tx: call(tx, api.acted, {"act": "score", "points": GOOD}))
    assert [p["given"] for p in done["parties"]] == [None, None, GOOD, None]
    for act in ({"act": "publish"}, {"act": "void", "reason": "x"}, {"act": "appeal", "reason": "x"}):
        with pytest.raises(Refused):
            store.run(lambda tx, act=act: call(tx, api.acted, act))
    _scored_by(small_house, row, "grid", "committee")
    small_house.clock.at += timedelta(days=8)
    secretary = await sit(small_house, "secretary")
    await secretary.get(page)
    assert (await secretary.post(f"{page}/act", {"act": "publish"})).status == 303
    assert "占 20　secretary" in (await secretary.get(page)).soup.select_one("#working").text
    with pytest.raises(NotFound):
        store.run(lambda tx: call(tx, api.one))
