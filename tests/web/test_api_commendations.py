"""评选表彰 by API and on the board: companies by rule with each reason, people by consent, the result; who may."""

from datetime import timedelta

from bs4 import BeautifulSoup
from tests.support import rows
from tests.web.conftest import House

from redprop_bot.appraise import commendation as steps
from redprop_bot.appraise import commendation_telling as telling
from redprop_bot.appraise import commendation_vote as votes
from redprop_bot.appraise import company_figures
from redprop_bot.appraise.grade import Grade
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.clock.sweeping import sweep
from redprop_bot.notify import awaiting
from redprop_bot.registry.people import speaker
from redprop_bot.registry.register import register
from redprop_bot.store import commendations
from redprop_bot.store.tables import Commendation, Outbox
from redprop_bot.web.api.document import ITEMS

OPEN = {"award": "先进物业企业", "year": 2026}


async def _opened(house: House, token: str, **more):
    status, item = await house.api("POST", "/commendations", token, OPEN | more)
    assert status == 201, item
    return item


async def _act(house: House, token: str, item, act: str, **more):
    return await house.api("POST", f"/commendations/{item['id']}/acts", token, {"act": act, **more})


def _vote(house: House, key: int, openid: str, *numbers: int) -> None:
    """A resident of the estate votes."""

    def job(tx):
        reg = register(tx)
        person = rows.person(tx, openid=openid, estate_id=reg.estate_names["海棠苑"].id)
        votes.vote(tx, tx.get(Commendation, key), speaker(reg, person, {}), numbers)

    house.office.store.run(job)


async def _board(house: House):
    page = BeautifulSoup(await (await house.client.get("/board/海棠社区")).text(), "html.parser")
    return page.select_one('[aria-labelledby="s-commended"]')


async def test_a_company_stands_by_its_figures(small_house, monkeypatch):
    """Two years in a row: unknown is a person's word with a reason, not met is not discussed; each reason is shown."""
    secretary = small_house.token("secretary", community="海棠社区")
    item = await _opened(small_house, secretary)
    assert set(item) == set(ITEMS["Commendation"]["properties"])
    (one,) = item["candidates"]
    assert set(one) == set(ITEMS["Commendation"]["properties"]["candidates"]["items"]["properties"])
    assert (one["name"], one["state"]) == ("春晖物业", "asked")
    marks = {(row["title"], row["year"]): row["mark"] for row in one["verdicts"]}
    assert len(marks) == 8
    assert marks["解决的投诉不超过 3 件", 2025] == "met"
    assert {mark for (title, _year), mark in marks.items() if "投诉" not in title} == {"unknown"}
    assert (await _act(small_house, secretary, item, "admit", candidate=one["id"]))[0] == 422  # no reason
    assert (await _act(small_house, secretary, item, "admit", candidate=999, note="好"))[0] == 404
    status, now = await _act(small_house, secretary, item, "admit", candidate=one["id"], note="看过台账")
    assert (status, now["candidates"][0]["state"], now["candidates"][0]["note"]) == (200, "agreed", "看过台账")
    status, refused = await _act(small_house, secretary, item, "vote")
    assert (status, "参评的只有 1 个" in refused["error"]["message"]) == (409, True)
    assert (await _act(small_house, secretary, item, "stop", reason="再等等"))[0] == 200

    years = {2026: Grade(5, 9500, "年度考评", "2026年"), 2025: Grade(3, 7000, "年度考评", "2025年")}
    monkeypatch.setattr(company_figures, "year_grade", lambda _tx, _unit, year: years[year])
    again = await _opened(small_house, secretary)
    (one,) = again["candidates"]
    stars = {row["year"]: (row["mark"], row["said"]) for row in one["verdicts"] if "星级" in row["title"]}
    assert stars[2026] == ("met", "2026年评为 5 星，95.00 分（星级评定）")
    assert (stars[2025][0], one["state"]) == ("not_met", "dropped")
    status, refused = await _act(small_house, secretary, again, "admit", candidate=one["id"], note="服务好")
    assert (status, "有条件没有做到" in refused["error"]["message"]) == (409, True)


async def test_people_stand_by_consent_and_the_result_is_on_the_board(house):
    """Asked, agreed, voted, ended, confirmed; the board has who agreed to it, covered; who lost stands nowhere."""
    secretary = house.token("secretary", community="海棠社区")
    item = await _opened(house, secretary, award="staff")
    for name in ("郝师傅", "简经理"):
        status, now = await _act(house, secretary, item, "name", person=name, about="半夜上门修水管")
        assert status == 200, now
    assert (await _act(house, secretary, item, "name", person="郝师傅"))[0] == 409
    for wrong in ("江工", "尤经理", "没有这个人", ""):
        assert (await _act(house, secretary, item, "name", person=wrong))[0] == 422
    assert [one["state"] for one in now["candidates"]] == ["asked", "asked"]
    assert (await _act(house, secretary, item, "vote"))[0] == 409

    def agree(tx):
        reg, row = register(tx), tx.get(Commendation, item["id"])
        for name, shown in (("郝师傅", True), ("简经理", False)):
            steps.answered(tx, row, reg.person_named(name).id, agree=True, shown=shown)

    house.office.store.run(agree)
    for times in (
        {"ends_at": "2026-11-24"},
        {"starts_at": "2026-12-05", "ends_at": "2026-12-05T00:00"},
        {"ends_at": "2027-03-01"},
        {"starts_at": "2026-11-20", "ends_at": "2026-12-01"},
    ):
        assert (await _act(house, secretary, item, "vote", **times))[0] == 422
    status, now = await _act(house, secretary, item, "vote", ends_at="2026-12-01")
    assert (status, now["state"], now["ends_at"]) == (200, "voting", "2026-12-01T23:59:00+08:00")
    assert (await _act(house, secretary, item, "name", person="郝师傅"))[0] == 409
    for n, numbers in enumerate([(1,), (1, 2), (1,)]):
        _vote(house, item["id"], f"o-{n}", *numbers)
    _, now = await house.api("GET", f"/commendations/{item['id']}", secretary)
    assert (now["voted"], [one["votes"] for one in now["candidates"]]) == (3, [None, None])  # after the end
    assert "正在投票" in (await _board(house)).text
    assert (await _act(house, secretary, item, "confirm"))[0] == 409
    house.clock.at += timedelta(days=7)
    await sweep(house.office.store)
    await sweep(house.office.store)
    told = house.office.store.look(
        lambda tx: [row.receiver for row in tx.list(Outbox) if row.message.endswith("ended")]
    )
    assert told == ["linsj"]
    home = house.office.store.look(lambda tx: tx.get(Commendation, item["id"]).community_id)
    lines = house.office.store.look(lambda tx: awaiting.lines(tx, [home]))  # the card of the day has it, too
    assert lines == ["2026年最美物业人投完了，等您看票、定结果（说“确认最美物业人结果”）"]
    assert house.office.store.look(lambda tx: awaiting.lines(tx, [home + 99])) == []
    _, now = await house.api("GET", f"/commendations/{item['id']}", secretary)
    assert [(one["votes"], one["place"]) for one in now["candidates"]] == [(3, 1), (1, 2)]
    assert "最美物业人" not in (await _board(house)).text  # not before it is confirmed
    status, now = await _act(house, secretary, item, "confirm")
    assert (status, now["state"], [one["wins"] for one in now["candidates"]]) == (200, "confirmed", [True, True])
    text = (await _board(house)).text
    assert "2026年最美物业人　春晖物业郝**、一位物业人" in text
    for hidden in ("郝师傅", "简经理", "简**", "3 票"):
        assert hidden not in text
    assert (await _act(house, secretary, item, "stop", reason="不算"))[0] == 409
    assert (await _act(house, secretary, item, "confirm"))[0] == 409
    viewer = house.token("viewer", community="海棠社区")
    _, seen = await house.api("GET", f"/commendations/{item['id']}", viewer)
    assert [one["name"] for one in seen["candidates"]] == ["郝**", "简**"]


async def test_a_vote_that_has_not_begun_is_announced_as_that(small_house):
    """On the board nobody is sent to vote before its hour; from then on they are."""
    secretary = small_house.token("secretary", community="海棠社区")
    item = await _opened(small_house, secretary, award="staff")

    def stand(tx):
        row = tx.get(Commendation, item["id"])
        for name in ("郝师傅", "简经理"):
            steps.named(
                tx, row, Reviewer(name), register(tx).person_named(name), name=name, about=None, by_self=True
            )

    small_house.office.store.run(stand)
    status, now = await _act(small_house, secretary, item, "vote", starts_at="2026-11-27", ends_at="2026-12-01")
    assert status == 200, now
    early = (await _board(small_house)).text
    assert ("还没开始" in early, "正在投票" in early, "去投票" in early) == (True, False, False)
    small_house.clock.at += timedelta(days=3)
    runs = (await _board(small_house)).text
    assert ("还没开始" in runs, "正在投票" in runs, "去投票" in runs) == (False, True, True)


async def test_who_works_for_a_company_is_not_sent_to_the_page_of_voters(small_house):
    """They hear that it stands and until when; residents' page would only ask them where they live."""

    def job(tx):
        home = register(tx).estate_names["海棠苑"].community_id
        row = steps.open_commendation(
            tx, tx.content.awards.of("company"), home, 2026, Reviewer("管", communities=None)
        )
        telling.standing(tx, row, commendations.candidates(tx, row.id))
        return [row.payload["text"] for row in tx.list(Outbox) if row.message == "commendation_vote"]

    (text,) = small_house.office.store.run(job)
    assert ("春晖物业是候选" in text, "/m/" in text) == (True, False)


async def test_a_tie_at_the_last_place_is_said(small_house):
    """One place, two with as many votes: both are commended, and it stands there that they tie."""
    secretary = small_house.token("secretary", community="海棠社区")
    item = await _opened(small_house, secretary, award="staff")

    def stand(tx):
        reg, row = register(tx), tx.update(Commendation, item["id"], winners=1)
        for name in ("郝师傅", "简经理"):
            person = reg.person_named(name)
            steps.named(tx, row, Reviewer(name), person, name=name, about=None, by_self=True)
            steps.answered(tx, row, person.id, agree=True, shown=True)

    small_house.office.store.run(stand)
    await _act(small_house, secretary, item, "vote")
    _vote(small_house, item["id"], "o-1", 1)
    _vote(small_house, item["id"], "o-2", 2)
    small_house.clock.at += timedelta(days=8)
    status, now = await _act(small_house, secretary, item, "confirm")
    assert (status, now["tie"]) == (200, ["郝师傅", "简经理"])
    assert "春晖物业郝**、春晖物业简**票数一样，并列评上" in (await _board(small_house)).text


async def test_who_sees_and_who_may(small_house):
    """A unit and another community find nothing; clerks and the street look; one a year; called off nobody waits."""
    secretary = small_house.token("secretary", community="海棠社区")
    item = await _opened(small_house, secretary, award="热心业主")
    path = f"/commendations/{item['id']}"
    for wrong in ({}, {"award": "没有"}, {"year": 2027}, {"community": "银杏社区"}):
        expected = 409 if not wrong else 422
        assert (await small_house.api("POST", "/commendations", secretary, OPEN | {"award": "resident"} | wrong))[
            0
        ] == expected
    unit = small_house.token("provider", organisation="春晖物业")
    other = small_house.token("secretary", community="银杏社区")
    for token in (unit, other):
        assert (await small_house.api("GET", path, token))[0] == 404
        assert (await small_house.api("POST", f"{path}/acts", token, {"act": "stop", "reason": "x"}))[0] == 404
    assert (await small_house.api("GET", "/commendations", other))[1]["items"] == []
    assert (await small_house.api("GET", "/commendations", unit))[0] == 404
    for role in ("viewer", "clerk", "street"):
        limits = {} if role == "street" else {"community": "海棠社区"}
        token = small_house.token(role, **limits)
        assert (await small_house.api("GET", path, token))[0] == 200
        for body in ({"act": "name", "person": "郝师傅"}, {"act": "vote"}, {"act": "stop", "reason": "x"}):
            assert (await small_house.api("POST", f"{path}/acts", token, body))[0] == 403
    assert (await _act(small_house, secretary, item, "name", person="郝师傅"))[
        0
    ] == 422  # lives nowhere that is known
    assert (await _act(small_house, secretary, item, "stop"))[0] == 422
    status, over = await _act(small_house, secretary, item, "stop", reason="材料不齐")
    assert (status, over["state"]) == (200, "stopped")
    await _opened(small_house, secretary, award="resident")
    kept = small_house.office.store.look(lambda tx: commendations.page(tx, communities=None, limit=9))
    assert [row.state for row in kept] == ["gathering", "stopped"]
