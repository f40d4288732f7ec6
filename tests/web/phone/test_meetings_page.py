"""A meeting on the phone: who was invited answers, arrives and votes there; everybody sees what is public, nobody more."""

import io
import zipfile
from datetime import timedelta

import pytest
from icalendar import Calendar
from tests.web.phone.conftest import Hand
from tests.web.test_login import WECHAT, WECOM

START = "2026-12-16T09:30:00+08:00"


@pytest.fixture
async def meeting(small_house):
    """A joint meeting, called by the secretary."""
    token = small_house.token("secretary", community="海棠社区")
    body = {"kind": "joint", "starts_at": START, "place": "二楼会议室", "topics": ["3栋王大爷家门口堆物"]}
    status, item = await small_house.api("POST", "/meetings", token, body)
    assert status == 201
    return item


async def _signed(house, who, agent=WECOM):
    hand = Hand(house, who, agent)
    assert (await hand.enter()).status == 302
    return hand


async def _item(house, meeting):
    return (await house.api("GET", f"/meetings/{meeting['id']}", house.token("admin")))[1]


def _member(item, name):
    return next(one for one in item["members"] if one["name"] == name)


async def test_who_was_invited_answers_and_arrives(small_house, meeting):
    """No with a reason, then a deputy, who cannot send another; then there by the code of the room, once."""
    path = f"/m/meetings/{meeting['no']}"
    manager = await _signed(small_house, "jianjl")
    page = await manager.look(path)
    assert "您还没有回" in page
    assert (await manager.send(f"{path}/act", {"act": "decline"})).status == 422
    assert (await manager.send(f"{path}/act", {"act": "decline", "reason": "那天出差"})).status == 303
    assert _member(await _item(small_house, meeting), "简经理")["reason"] == "那天出差"
    await manager.look(path)
    assert (await manager.send(f"{path}/act", {"act": "deputy", "deputy": "郝师傅"})).status == 303
    assert _member(await _item(small_house, meeting), "郝师傅")["deputy_for"] == "简经理"
    worker = await _signed(small_house, "haosf")
    page = await worker.look(path)
    assert 'name="deputy"' not in page
    answer = await worker.send(f"{path}/act", {"act": "deputy", "deputy": "江工"})
    assert (answer.status, "不能再请人代" in await answer.text()) == (409, True)
    await worker.look(path)
    assert (
        await worker.send(f"{path}/act", {"act": "arrive", "code": meeting["code"]})
    ).status == 409  # weeks before
    small_house.clock.at += timedelta(days=21)
    worker, page = await _signed(small_house, "haosf"), ""
    page = await worker.look(f"{path}?c={meeting['code']}")
    assert f'value="{meeting["code"]}"' in page
    assert (await worker.send(f"{path}/act", {"act": "arrive", "code": "000000"})).status == 422
    await worker.look(path)
    assert (await worker.send(f"{path}/act", {"act": "arrive", "code": meeting["code"]})).status == 303
    await worker.look(path)
    assert (await worker.send(f"{path}/act", {"act": "arrive", "code": meeting["code"]})).status == 409
    item = await _item(small_house, meeting)
    assert (_member(item, "郝师傅")["present"], _member(item, "简经理")["present"], item["present"]) == (
        True,
        False,
        1,
    )


async def test_a_vote_on_the_phone_counts_once(small_house, meeting):
    """Below the quorum nothing is asked; a second vote of the same seat is refused; the count is what was given."""
    path, admin = f"/m/meetings/{meeting['no']}", small_house.token("admin")

    async def act(name, **fields):
        return await small_house.api("POST", f"/meetings/{meeting['id']}/acts", admin, {"act": name, **fields})

    small_house.clock.at += timedelta(days=21)
    status, answer = await act("vote", text="充电棚建在北门")
    assert (status, answer["error"]["code"]) == (409, "below_quorum")
    for name in ("林书记", "简经理", "冉主任"):
        assert (await act("attend", person=name))[0] == 200
    assert (await act("vote", text="充电棚建在北门"))[0] == 200
    for who, choice in (("jianjl", "yes"), ("ranzr", "no")):
        hand = await _signed(small_house, who)
        assert "充电棚建在北门" in await hand.look(path)
        assert (await hand.send(f"{path}/act", {"act": choice})).status == 303
        await hand.look(path)
        assert (await hand.send(f"{path}/act", {"act": "yes"})).status == 409
    status, answer = await act("count")
    assert (status, answer["error"]["code"]) == (409, "vote_below_quorum")
    assert (await act("ballot", choice="yes", person="林书记"))[0] == 200
    status, item = await act("count")
    vote = item["votes"][0]
    assert (status, vote["state"], vote["yes"], vote["no"]) == (200, "passed", 2, 1)
    status, answer = await act("ballot", choice="yes", person="林书记")
    assert status == 404  # none is open any more


async def test_who_was_not_invited_sees_what_is_public(small_house, meeting):
    """Without a session and with that of a resident: when, where, what about; no members, no forms, no files."""
    path = f"/m/meetings/{meeting['no']}"
    for hand in (Hand(small_house, "o-xu", WECHAT), await _signed(small_house, "o-xu", WECHAT)):
        page = await hand.look(path)
        assert "二楼会议室" in page
        for inner in ("林书记", "简经理", "签到码", 'name="act"', "议程（Word）"):
            assert inner not in page, inner
        for paper in ("agenda", "minutes"):
            assert (await hand.get(f"{path}/{paper}.docx")).status == 404
        assert (await hand.send(f"{path}/act", {"act": "attend"})).status in (401, 403)
    private = {"kind": "mediation", "community": "海棠社区", "starts_at": START}
    _, item = await small_house.api("POST", "/meetings", small_house.token("admin"), private)
    assert (await hand.get(f"/m/meetings/{item['no']}")).status == 404


async def test_what_tells_who_somebody_is_stands_on_no_open_page(small_house):
    """Topics and titles are words of the staff: phones, rooms and names stay with those who were invited."""
    token = small_house.token("secretary", community="海棠社区")
    topics = ["6栋1203罗翠花13900001111占道"]
    body = {"kind": "joint", "starts_at": START, "title": "协调林书记和703室的事", "topics": topics}
    _, item = await small_house.api("POST", "/meetings", token, body)
    page = await (await small_house.client.get(f"/m/meetings/{item['no']}")).text()
    assert "占道" in page
    for private in ("1203", "罗翠花", "13900001111", "703", "林书记"):
        assert private not in page, private


async def test_files_of_a_meeting(small_house, meeting):
    """The entry for a calendar parses; agenda and minutes are Word files with the words of the page."""
    path = f"/m/meetings/{meeting['no']}"
    secretary = await _signed(small_house, "linsj")
    answer = await secretary.get(f"{path}/calendar.ics")
    (event,) = Calendar.from_ical(await answer.text()).walk("VEVENT")
    assert (str(event["summary"]), event["dtstart"].dt.isoformat()) == (
        meeting["title"],
        "2026-12-16T01:30:00+00:00",
    )
    assert (await secretary.get(f"{path}/minutes.docx")).status == 404
    small_house.clock.at += timedelta(days=21)
    secretary, admin = await _signed(small_house, "linsj"), small_house.token("admin")
    await small_house.api(
        "POST", f"/meetings/{meeting['id']}/acts", admin, {"act": "minutes", "remarks": "请物业贴通知"}
    )
    for paper, words in (("agenda", "议程"), ("minutes", "请物业贴通知")):
        answer = await secretary.get(f"{path}/{paper}.docx")
        assert answer.status == 200
        text = zipfile.ZipFile(io.BytesIO(await answer.read())).read("word/document.xml").decode()
        assert words in text, paper
