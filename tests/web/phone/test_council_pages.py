"""Projects and mediations on the phone: one's own measure is reported, a side says yes; who has no part finds nothing."""

import io

from docx import Document
from tests.web.phone.conftest import Hand, report
from tests.web.test_api_mediations import take
from tests.web.test_api_projects import BODY
from tests.web.test_login import WECOM


async def _signed_in(house, who):
    hand = Hand(house, who, WECOM)
    assert (await hand.enter()).status == 302
    return hand


async def test_an_owner_reports_on_the_phone(small_house):
    """The form stands for one's own measure only; what is wrong is told with the page; finished it is gone."""
    _, item = await small_house.api("POST", "/projects", small_house.token("admin"), BODY)
    path = f"/m/projects/{item['no']}"
    worker = await _signed_in(small_house, "haosf")
    page = await worker.look(path)
    assert "要您办的：查清每台的年限" in page
    assert "要您办的：换主机" not in page
    assert page.count('class="bar"') == 3
    assert ("虚线是今天" in page, "菱形是节点" in page) == (True, bool(item["milestones"]))
    answer = await worker.send(f"{path}/act", {"act": "progress", "measure": "1", "percent": "160"})
    assert (answer.status, "0 到 100" in await answer.text()) == (422, True)
    assert (await worker.send(f"{path}/act", {"act": "progress", "measure": "1", "percent": "60"})).status == 303
    answer = await worker.send(f"{path}/act", {"act": "finish", "measure": "3"})
    assert (answer.status, "不归您办" in await answer.text()) == (403, True)
    assert (await worker.send(f"{path}/act", {"act": "finish", "measure": "1"})).status == 303
    assert "要您办的" not in await worker.look(path)
    assert "60%" not in (await worker.look(path)).partition("措施</h2>")[2].partition("请业委会")[0]


async def test_a_project_is_nobody_elses(small_house, hand):
    """Another unit's people and residents find nothing; without a session one signs in first."""
    _, item = await small_house.api("POST", "/projects", small_house.token("admin"), BODY)
    path = f"/m/projects/{item['no']}"
    stranger = await _signed_in(small_house, "youjl")
    assert (await stranger.get(path)).status == 404
    assert (await hand.get(path)).status == 404
    nobody = Hand(small_house, "o-new", WECOM)
    assert (await nobody.get(path)).status == 302
    await stranger.look("/m/me")
    assert (await stranger.send(f"{path}/act", {"act": "finish", "measure": "1"})).status == 404


async def _case(house, hand):
    """A mediation between the resident and a unit, with an offer."""
    await report(hand, "投诉物业保安骂人")
    no = hand.orders()[0].no
    admin = house.token("admin")
    body = {"demand": no, "other": "春晖物业", "matter": "保安说话冲"}
    _, case = await house.api("POST", "/mediations", admin, body)
    path = f"/mediations/{case['no']}/acts"
    await house.api("POST", path, admin, {"act": "ask", "mediator": "卫党员"})
    take(house, case["no"])
    await house.api("POST", path, admin, {"act": "note", "note": "只有书记看的话"})
    await house.api("POST", path, admin, {"act": "offer", "offer": "保安当面道歉"})
    return case["no"]


async def test_both_sides_sign_on_the_phone(small_house, hand):
    """Each sees the offer and no name of the other; after both yes the paper is there with both times."""
    path = f"/m/mediations/{await _case(small_house, hand)}"
    page = await hand.look(path)
    assert "保安当面道歉" in page
    assert "只有书记看的话" not in page
    assert "春晖物业" not in page
    assert (await hand.get(f"{path}/paper.docx")).status == 404
    answer = await hand.send(f"{path}/act", {"act": "yes", "number": "7"})
    assert (answer.status, "改过了" in await answer.text()) == (409, True)
    assert (await hand.send(f"{path}/act", {"act": "yes", "number": "1"})).status == 303
    assert 'value="yes"' not in await hand.look(path)
    unit = await _signed_in(small_house, "jianjl")
    page = await unit.look(path)
    assert "骂人" not in page
    assert "3栋" not in page
    assert (await unit.send(f"{path}/act", {"act": "yes", "number": "1"})).status == 303
    page = await hand.look(path)
    assert "春晖物业" in page
    paper = await hand.get(f"{path}/paper.docx")
    table = Document(io.BytesIO(await paper.read())).tables[0]
    assert [row.cells[1].text for row in table.rows[1:]] == ["2026年11月25日 10:00"] * 2
    assert table.rows[2].cells[2].text == "简经理"


async def test_a_mediation_is_nobody_elses(small_house, hand, other):
    """Neighbours, the other community's secretary, the street, and the unit's rival find nothing; no form works."""
    path = f"/m/mediations/{await _case(small_house, hand)}"
    assert (await other.get(path)).status == 404
    await other.look("/m/me")
    assert (await other.send(f"{path}/act", {"act": "yes", "number": "1"})).status == 404
    for who in ("yuesj", "hejd", "youjl", "ranzr"):
        person = await _signed_in(small_house, who)
        assert (await person.get(path)).status == 404, who
        assert (await person.get(f"{path}/paper.docx")).status == 404, who
    mediator = await _signed_in(small_house, "weidy")
    assert "只有书记看的话" in await mediator.look(path)


async def test_a_side_may_leave(small_house, hand):
    """It is voluntary: a side ends it on the phone, and the case is over for both."""
    path = f"/m/mediations/{await _case(small_house, hand)}"
    await hand.look(path)
    assert (await hand.send(f"{path}/act", {"act": "quit"})).status == 303
    page = await hand.look(path)
    assert "已撤" in page
    assert 'value="yes"' not in page
