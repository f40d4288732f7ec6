"""年底评价意见 by API: figures fill themselves in, words are confirmed, what was sent is fixed; who sees and who may."""

import base64
import io
from datetime import timedelta

from docx import Document
from tests.web.conftest import House

from redprop_bot.web.api.document import ITEMS

OPEN = {"company": "春晖物业", "year": 2026}


async def _opened(house: House, token: str, **more):
    status, item = await house.api("POST", "/opinions", token, OPEN | more)
    assert status == 201, item
    return item


def _figures(item):
    return {row["key"]: (row["value"], row["of"]) for row in item["figures"]}


async def _paper(house: House, token: str, item) -> str:
    """Every word of the Word file."""
    status, found = await house.api("GET", f"/opinions/{item['id']}/paper", token)
    assert status == 200, found
    assert found["name"] == f"2026年春晖物业综合评价意见第{item['number']}版.docx"
    paper = Document(io.BytesIO(base64.b64decode(found["base64"])))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])


async def test_from_opening_to_the_next_version(house):
    """Draft, confirmed, sent; changed again only as another version; the first one stays word for word."""
    admin, secretary = house.token("admin"), house.token("secretary", community="海棠社区")
    order = await house.report(admin)
    for act in ("accept", "fulfil"):
        await house.act(admin, order["no"], act)
    await house.act(admin, order["no"], "rate", stars=5)
    item = await _opened(house, secretary)
    assert set(item) == set(ITEMS["Opinion"]["properties"])
    assert [row["key"] for row in item["figures"]] == [
        row.figure.value for row in house.office.content.opinion.rows
    ]
    known = _figures(item)
    assert (known["came"], known["closed"], known["satisfied"]) == ((1, None), (1, None), (1, 1))
    assert (known["complaints"], known["reworks"]) == ((0, None), (0, None))
    assert (known["rectified"], known["listed"]) == ((0, None), (0, None))
    for unknown in ("fee_rate", "meetings", "stars"):
        assert known[unknown] == (None, None)
    said = {row["key"]: row["said"] for row in item["figures"]}
    assert said["came"] == "需求清单里收到 1 件（2026年1月1日到2026年11月25日）"
    path = f"/opinions/{item['id']}/acts"

    text = await _paper(house, secretary, item)
    for there in ("海棠苑", "草稿", "还没有写", "还没有确认", "不知道", "100%（1/1）", said["came"]):
        assert there in text
    assert (await house.api("POST", path, secretary, {"act": "confirm"}))[0] == 422  # no words
    assert (await house.api("POST", path, secretary, {"act": "send"}))[0] == 409  # not confirmed
    words = {"act": "write", "words": "电梯修得快，楼道灯要补。", "fee_rate": 92.5, "fee_from": "物业报的台账"}
    for wrong in ({"fee_rate": 101}, {"fee_rate": 92.505}, {"fee_from": ""}, {"words": "长" * 2001}):
        assert (await house.api("POST", path, secretary, words | wrong))[0] == 422
    status, now = await house.api("POST", path, secretary, words | {"version": 1})
    assert (status, now["fee_rate"], _figures(now)["fee_rate"]) == (200, 92.5, (9250, 10000))
    assert (await house.api("POST", path, secretary, words | {"version": 1}))[0] == 409  # an older look
    status, now = await house.api("POST", path, secretary, {"act": "confirm"})
    assert (status, now["state"], now["confirmed_by"] is not None) == (200, "confirmed", True)
    assert (await house.api("POST", path, secretary, {"act": "confirm"}))[0] == 409
    _, now = await house.api("POST", path, secretary, {"act": "recount"})
    assert (now["state"], now["confirmed_by"]) == ("draft", None)  # what changed is confirmed anew
    await house.api("POST", path, secretary, {"act": "confirm"})
    for day in ("2026-11-24", "2026-11-26", "昨天"):
        assert (await house.api("POST", path, secretary, {"act": "send", "on": day}))[0] == 422
    house.clock.at += timedelta(days=3)
    status, sent = await house.api("POST", path, secretary, {"act": "send", "on": "2026-11-27"})
    assert (status, sent["state"], sent["sent_on"], sent["sent_by"]) == (200, "sent", "2026-11-27", "海棠社区书记")
    text = await _paper(house, secretary, sent)
    for there in ("92.5%", "电梯修得快", "2026年11月25日，由", "2026年11月27日交区物业主管部门", "第 1 版"):
        assert there in text
    assert "草稿" not in text
    for body in (words, {"act": "recount"}, {"act": "confirm"}, {"act": "send"}):
        assert (await house.api("POST", path, secretary, body))[0] == 409

    await house.report(admin, text="海棠苑1栋1单元电梯异响")
    status, second = await house.api("POST", path, secretary, {"act": "renew"})
    assert (status, second["number"], second["state"], second["words"]) == (200, 2, "draft", sent["words"])
    assert (_figures(second)["came"], second["fee_rate"]) == ((2, None), 92.5)
    assert (await house.api("POST", path, secretary, {"act": "renew"}))[0] == 409
    assert (await house.api("GET", f"/opinions/{item['id']}", secretary))[1] == sent
    _, listed = await house.api("GET", "/opinions?year=2026&company=春晖物业", secretary)
    assert [one["number"] for one in listed["items"]] == [2, 1]


async def test_a_complaint_counts_for_whom_it_is_about_when_it_was_solved(small_house):
    """Solved and not; of another company not; nothing that was said of it stands there."""
    admin, secretary = small_house.token("admin"), small_house.token("secretary", community="海棠社区")
    for text, reason in (
        ("投诉春晖物业保安骂人", "solved"),
        ("投诉春晖物业前台不接电话", "no_action"),
        ("投诉金秋物业乱收费", "solved"),
    ):
        item = await small_house.report(admin, text=f"海棠苑3栋1单元{text}", intent="complaint")
        status, done = await small_house.act(admin, item["no"], "close", reason=reason)
        assert status == 200, done
    opinion = await _opened(small_house, secretary)
    row = next(row for row in opinion["figures"] if row["key"] == "complaints")
    assert row["value"] == 1
    assert "办结的投诉 2 件，其中解决了 1 件" in row["said"]
    assert "骂人" not in await _paper(small_house, secretary, opinion)


async def test_who_sees_and_who_may(small_house):
    """A unit and another community find nothing; who only looks or clerks changes nothing; one is written at a time."""
    secretary = small_house.token("secretary", community="海棠社区")
    item = await _opened(small_house, secretary)
    path = f"/opinions/{item['id']}"
    assert (await small_house.api("POST", "/opinions", secretary, OPEN))[0] == 409
    for wrong in (
        {"year": 2027},
        {"year": 1999},
        {"company": "金秋物业"},
        {"company": "望月供水所"},
        {"year": None},
    ):
        assert (await small_house.api("POST", "/opinions", secretary, OPEN | wrong))[0] == 422
    unit = small_house.token("provider", organisation="春晖物业")
    other = small_house.token("secretary", community="银杏社区")
    for token in (unit, other):
        assert (await small_house.api("GET", path, token))[0] == 404
        assert (await small_house.api("GET", f"{path}/paper", token))[0] == 404
        assert (await small_house.api("POST", f"{path}/acts", token, {"act": "recount"}))[0] == 404
    assert (await small_house.api("GET", "/opinions", unit))[0] == 404
    assert (await small_house.api("GET", "/opinions", other))[1]["items"] == []
    for role in ("viewer", "clerk", "street"):
        limits = {} if role == "street" else {"community": "海棠社区"}
        token = small_house.token(role, **limits)
        assert (await small_house.api("GET", path, token))[0] == 200
        body = {"act": "write", "words": "好"}
        assert (await small_house.api("POST", f"{path}/acts", token, body))[0] == 403
        more = {} if limits else {"community": "海棠社区"}
        assert (await small_house.api("POST", "/opinions", token, OPEN | more | {"year": 2025}))[0] == 403
    assert (await small_house.api("GET", path, secretary))[1] == item
    for query in ("state=none", "year=26", "company=没有"):
        assert (await small_house.api("GET", f"/opinions?{query}", secretary))[0] == 422


async def test_as_many_words_as_may_be_written_may_be_confirmed(small_house):
    """What was saved is not refused afterwards as too long."""
    secretary = small_house.token("secretary", community="海棠社区")
    path = f"/opinions/{(await _opened(small_house, secretary))['id']}/acts"
    assert (await small_house.api("POST", path, secretary, {"act": "write", "words": "好" * 2000}))[0] == 200
    status, now = await small_house.api("POST", path, secretary, {"act": "confirm"})
    assert (status, now["state"]) == (200, "confirmed")
