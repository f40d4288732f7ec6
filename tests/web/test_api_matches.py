"""Matching by API: the desk, the reasons, the three parties; who may see and who may ask."""

import pytest
from tests.support import helping

from redprop_bot.registry.register import changed
from redprop_bot.store.tables import Member
from redprop_bot.web.api.document import ITEMS

REPAIR = "海棠苑3栋2单元家里的洗衣机坏了，想请人上门维修"


@pytest.fixture
def helpers(house):
    """Two members who repair things."""

    def prepare(tx):
        for name, userid in (("甘师傅", "gansf"), ("卢师傅", "lusf")):
            person = helping.rows.person(tx, name=name, userid=userid)
            tx.insert(Member, person_id=person.id, branch="海棠苑党支部", skills=["家电维修"])
        changed(tx)

    house.office.store.run(prepare)


async def _begun(house, token, **fields):
    item = await house.report(house.token("admin"), REPAIR, category="convenience", phone="13900000001")
    return await house.api("POST", "/matches", token, {"demand": item["no"], **fields})


async def test_from_the_question_to_the_pair(house, helpers):
    """Asked, refused on the phone, the next asked, agreed; reasons and parties are told at every step."""
    secretary = house.token("secretary", community="海棠社区")
    status, made = await _begun(house, secretary)
    assert (status, made["state"], made["side"], made["asked"]) == (201, "seeking", "service", 1)
    assert set(made) == set(ITEMS["WholeMatch"]["properties"])
    (ask,) = made["asks"]
    assert sum(part["points"] for part in ask["parts"]) == ask["score"] > 45
    assert all(part["says"] for part in ask["parts"])
    path = f"/matches/{made['id']}"
    _, some = await house.api("GET", f"{path}/candidates", secretary)
    assert [set(one) for one in some["items"]] == [set(ITEMS["Candidate"]["properties"])]
    assert some["items"][0]["who"] != ask["who"]
    body = {"act": "answer", "ask": ask["id"], "yes": False, "reason": "出差"}
    status, item = await house.api("POST", f"{path}/acts", secretary, body)
    assert (status, [one["state"] for one in item["asks"]]) == (200, ["no", "waiting"])
    body = {"act": "answer", "ask": item["asks"][1]["id"], "yes": True}
    _, item = await house.api("POST", f"{path}/acts", secretary, body)
    assert (item["state"], item["asks"][1]["state"]) == ("paired", "yes")
    assert [one["state"] for one in item["parties"]["services"]] == ["no", "yes"]
    assert "13900000001" not in str(item["parties"])
    _, demand = await house.api("GET", f"/demands/{item['no']}", secretary)
    assert demand["helpers"] == [item["asks"][1]["who"]]
    assert (await house.api("POST", f"{path}/acts", secretary, body))[0] == 409
    assert (await house.api("POST", f"{path}/acts", secretary, {"act": "seek"}))[0] == 409
    _, page = await house.api("GET", f"/matches?demand={item['no']}", secretary)
    assert [set(one) for one in page["items"]] == [set(ITEMS["Match"]["properties"])]


async def test_somebody_is_chosen_and_it_is_called_off(house, helpers):
    """The desk asks whom it wants of those who fit; nobody else, and nobody after the end."""
    secretary = house.token("secretary", community="海棠社区")
    _, made = await _begun(house, secretary)
    path = f"/matches/{made['id']}"
    _, some = await house.api("GET", f"{path}/candidates", secretary)
    one = {name: some["items"][0][name] for name in ("subject", "subject_id")}
    status, item = await house.api("POST", f"{path}/acts", secretary, {"act": "ask", **one})
    assert (status, len(item["asks"])) == (200, 2)
    assert (await house.api("POST", f"{path}/acts", secretary, {"act": "ask", **one}))[0] == 404
    _, item = await house.api("POST", f"{path}/acts", secretary, {"act": "stop", "reason": "自己修好了"})
    assert (item["state"], item["why"], {a["state"] for a in item["asks"]}) == ("ended", "自己修好了", {"void"})
    assert (await house.api("POST", f"{path}/acts", secretary, {"act": "stop"}))[0] == 409
    answer = {"act": "answer", "ask": item["asks"][0]["id"], "yes": True}
    assert (await house.api("POST", f"{path}/acts", secretary, answer))[0] == 409


async def test_who_sees_and_who_may(small_house, tmp_path):
    """A unit and a viewer see no desk; another community's secretary finds nothing; a clerk reads and does not ask."""
    house = small_house
    secretary = house.token("secretary", community="海棠社区")
    _, made = await _begun(house, secretary)
    path = f"/matches/{made['id']}"
    for role, extra in (("viewer", {}), ("provider", {"organisation": "春晖物业"})):
        token = house.token(role, **extra)
        assert (await house.api("GET", "/matches", token))[0] == 403, role
        assert (await house.api("GET", path, token))[0] == 403, role
    clerk = house.token("clerk")
    assert (await house.api("GET", path, clerk))[0] == 200
    assert (await house.api("POST", f"{path}/acts", clerk, {"act": "stop"}))[0] == 403
    assert (await house.api("GET", "/matches/999", secretary))[0] == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "missing"),
        ({"demand": "D20261125-9999"}, 404, "no_demand"),
        ({"demand": "D20261125-0001", "side": "both"}, 422, "choice"),
        ({"demand": "D" * 5000}, 422, "too_long"),
    ],
)
async def test_what_cannot_be_begun(small_house, body, status, code):
    """Each with its code; nothing is sought."""
    admin = small_house.token("admin")
    found, answer = await small_house.api("POST", "/matches", admin, body)
    assert (found, answer["error"]["code"]) == (status, code)
    assert (await small_house.api("GET", "/matches", admin))[1]["items"] == []


async def test_complaints_are_not_matched(small_house):
    """Nobody is asked to look at a quarrel."""
    admin = small_house.token("admin")
    item = await small_house.report(admin, "投诉春晖物业保安态度差", intent="complaint", estate="海棠苑")
    status, answer = await small_house.api("POST", "/matches", admin, {"demand": item["no"]})
    assert (status, answer["error"]["code"]) == (409, "pairing_closed")


@pytest.mark.parametrize(
    "body",
    [{"act": "dance"}, {"act": "ask"}, {"act": "answer", "ask": 1}, {"act": "answer", "ask": 77, "yes": True}],
)
async def test_acts_that_are_none(small_house, body):
    """Wrong or half an act changes nothing."""
    secretary = small_house.token("secretary", community="海棠社区")
    _, made = await _begun(small_house, secretary)
    status, _ = await small_house.api("POST", f"/matches/{made['id']}/acts", secretary, body)
    assert status in (404, 422)
    _, item = await small_house.api("GET", f"/matches/{made['id']}", secretary)
    assert item == made
