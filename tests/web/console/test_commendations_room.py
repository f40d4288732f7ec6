"""The room of 评选表彰: opened, people put forward, put to the vote, confirmed by its pages; who may not has no form."""

from datetime import timedelta

from tests.support import rows
from tests.web.console.conftest import sit

from redprop_bot.appraise import commendation as steps
from redprop_bot.appraise import commendation_vote as votes
from redprop_bot.registry.people import speaker
from redprop_bot.registry.register import register
from redprop_bot.store.tables import Commendation

PATH = "/console/commendations"


async def _opened(secretary, award):
    await secretary.get(PATH)
    answer = await secretary.post(PATH, {"award": award, "year": "2026", "community": "海棠社区"})
    assert answer.status == 303, answer.said
    return answer.headers["Location"].partition("?")[0]


async def test_from_opening_to_the_result(secretary, small_house):
    """Names are asked, a vote runs, nobody sees counts before its end, the result is confirmed once."""
    page = await _opened(secretary, "staff")
    key = int(page.rpartition("/")[2])
    await secretary.get(page)
    refused = await secretary.post(f"{page}/act", {"act": "name", "person": "没有", "about": "修得快"})
    assert (refused.status, refused.soup.select_one("#about").text) == (422, "修得快")
    for name in ("郝师傅", "简经理"):
        await secretary.get(page)
        assert (
            await secretary.post(f"{page}/act", {"act": "name", "person": name, "about": "修得快"})
        ).status == 303
    answer = await secretary.get(page)
    assert [tag.text for tag in answer.soup.select(".rows .tag")] == ["等本人答复", "等本人答复"]
    assert answer.soup.select_one("#vote button").has_attr("disabled")

    def agree(tx):
        reg = register(tx)
        for name in ("郝师傅", "简经理"):
            steps.answered(tx, tx.get(Commendation, key), reg.person_named(name).id, agree=True, shown=True)

    small_house.office.store.run(agree)
    await secretary.get(page)
    wrong = await secretary.post(f"{page}/act", {"act": "vote", "ends_at": "2026-11-20T10:00"})
    assert (wrong.status, wrong.soup.select_one("#ends_at")["value"]) == (422, "2026-11-20T10:00")
    await secretary.get(page)
    assert (await secretary.post(f"{page}/act", {"act": "vote", "ends_at": "2026-11-30T18:00"})).status == 303

    def vote(tx):
        reg = register(tx)
        person = rows.person(tx, estate_id=reg.estate_names["海棠苑"].id)
        votes.vote(tx, tx.get(Commendation, key), speaker(reg, person, {}), [2])

    small_house.office.store.run(vote)
    answer = await secretary.get(page)
    assert "1 人投了" in answer.text
    assert " 票</b>" not in answer.text
    assert answer.soup.select("#confirm, #vote, #name") == []
    small_house.clock.at += timedelta(days=6)
    await secretary.enter("secretary")
    assert "1 票" in (await secretary.get(page)).text
    assert (await secretary.post(f"{page}/act", {"act": "confirm"})).status == 303
    answer = await secretary.get(page)
    assert answer.soup.select(f'form[action="{page}/act"]') == []
    assert "简经理" in (await secretary.get(f"{PATH}?state=confirmed")).soup.select_one("tbody").text
    trail = (await secretary.get("/console/audit")).soup.select("tbody tr")
    said = [row.select("td")[2].text for row in trail if row.a and "评选表彰" in row.a.text]
    assert said == ["定结果", "开始投票", "开了"]


async def test_a_company_is_shown_with_each_reason(secretary, small_house):
    """Unknown conditions have a form for a reason; dropped with one; a clerk has none, a unit no room."""
    page = await _opened(secretary, "company")
    answer = await secretary.get(page)
    lines = [li.text for li in answer.soup.select(".rows ul li")]
    assert any("2025年 星级四星以上 不知道" in line and "还没有评" in line for line in lines)
    assert answer.soup.select_one(".rows .tag").text == "等书记核实"
    candidate = answer.soup.select_one('input[name="candidate"]')["value"]
    refused = await secretary.post(f"{page}/act", {"act": "admit", "candidate": candidate, "note": ""})
    assert refused.status == 422
    await secretary.get(page)
    form = {"act": "admit", "candidate": candidate, "note": "台账看过"}
    assert (await secretary.post(f"{page}/act", form)).status == 303
    answer = await secretary.get(page)
    assert "台账看过" in answer.text
    assert answer.soup.select_one(".rows .tag").text == "参评"
    form = {"act": "drop", "candidate": candidate, "note": "自己说不参加"}
    assert (await secretary.post(f"{page}/act", form)).status == 303
    clerk, unit, other = [await sit(small_house, who) for who in ("clerk", "provider", "other")]
    answer = await clerk.get(page)
    assert (answer.status, answer.soup.select(f'form[action="{page}/act"]')) == (200, [])
    assert (await clerk.post(f"{page}/act", {"act": "vote"})).status == 403
    assert (await unit.get(page)).status == 403
    assert (await other.get(page)).status == 404
    street = await sit(small_house, "street")
    assert (await street.get(PATH)).soup.select("#award") == []
