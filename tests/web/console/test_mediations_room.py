"""The room of the mediations, the secretary's alone; and the sheet of the whistles, page and file."""

import io

from docx import Document
from openpyxl import load_workbook
from tests.web.console.conftest import sit
from tests.web.test_api_mediations import take

PATH = "/console/mediations"
TEXT = "海棠苑3栋2单元楼上漏水吵起来了，请社区来调解"


async def _opened(secretary, house, **more):
    demand = await house.report(house.token("admin"), TEXT, intent="mediation")
    await secretary.get(f"{PATH}/new?demand={demand['no']}")
    form = {"demand": demand["no"], "other": "王大爷", "matter": "", **more}
    answer = await secretary.post(f"{PATH}/new", form)
    assert answer.status == 303, answer.said
    return answer.headers["Location"].partition("?")[0]


async def test_a_case_from_opening_to_the_paper(secretary, small_house):
    """Forms stand only where the stage allows them; the paper holds both names and the times of their yes."""
    page = await _opened(secretary, small_house)
    no = page.rpartition("/")[2]
    answer = await secretary.get(page)
    assert "加入调解" in answer.text  # the side that is only a name has a code
    assert [f.select_one('[name="act"]')["value"] for f in answer.soup.select("form.card")] == ["ask", "withdraw"]
    assert (await secretary.post(f"{page}/act", {"act": "ask", "mediator": "卫党员"})).status == 303
    take(small_house, no)
    at = {"act": "date", "starts_at": "2026-11-27T15:00", "place": "会议室"}
    assert (await secretary.post(f"{page}/act", at)).status == 303
    assert (await secretary.post(f"{page}/act", {**at, "starts_at": "2026-11-01T15:00"})).status == 422
    assert (await secretary.post(f"{page}/act", {"act": "offer", "offer": "楼上修防水"})).status == 303
    assert (await secretary.get(f"{page}/paper.docx")).status == 409
    for side in "ab":
        assert (await secretary.post(f"{page}/act", {"act": "sign", "side": side})).status == 303
    assert "加入调解" not in (await secretary.get(page)).text  # there is nothing left to join
    async with small_house.client.get(f"{page}/paper.docx", cookies=secretary.jar) as response:
        document = Document(io.BytesIO(await response.read()))
    words = "\n".join(p.text for p in document.paragraphs)
    assert "楼上修防水" in words
    assert "王大爷" in words
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[2][:2] == ["王大爷", "2026年11月25日 10:00"]
    assert "代记" in rows[2][2]
    for side in "ab":
        assert (await secretary.post(f"{page}/act", {"act": "kept", "side": side, "kept": "true"})).status == 303
    assert "成功率 100%" in (await secretary.get(PATH)).text


async def test_the_way_from_an_order_and_back(secretary, small_house):
    """A complaint offers it to the secretary in charge, then leads to its case; nobody else sees either."""
    demand = await small_house.report(small_house.token("admin"), TEXT, intent="mediation")
    path = f"/console/demands/{demand['no']}"
    assert "请帮帮团调解" in (await secretary.get(path)).text
    await secretary.get(f"{PATH}/new?demand={demand['no']}")
    await secretary.post(f"{PATH}/new", {"demand": demand["no"], "other": "王大爷", "matter": ""})
    assert "看调解" in (await secretary.get(path)).text
    for who in ("street", "clerk"):
        other = await sit(small_house, who)
        assert "调解</a>" not in (await other.get(path)).soup.select_one("#acts, main").decode_contents(), who


async def test_nobody_else_enters(secretary, small_house):
    """Another secretary and the street find no such case; clerk, unit and viewer have no such room."""
    page = await _opened(secretary, small_house)
    for who in ("other", "street"):
        other = await sit(small_house, who)
        assert (await other.get(page)).status == 404
        assert (await other.get(f"{page}/paper.docx")).status == 404
        assert "王大爷" not in (await other.get(PATH)).text
    for who in ("clerk", "viewer", "provider"):
        other = await sit(small_house, who)
        assert (await other.get(PATH)).status == 403


async def test_the_sheet_of_the_whistles(secretary, small_house):
    """One matter with its units: answers, progress, reasons; the same in the file; a unit sees its own rows only."""
    admin = small_house.token("admin")
    demand = await small_house.report(admin, "=海棠苑3栋2单元外墙掉砖")
    body = {"demand": demand["no"], "units": ["春晖物业", "望月供水所"], "reason": "一起看看"}
    _, made = await small_house.api("POST", "/whistles", admin, body)
    one, other = (i["id"] for i in made["items"])
    unit, water = (small_house.token("provider", organisation=n) for n in body["units"])
    status, item = await small_house.api(
        "POST", f"/whistles/{one}/acts", unit, {"act": "progress", "note": "架子搭好了"}
    )
    assert (status, item["state"], item["progress"]) == (200, "claimed", "架子搭好了")
    await small_house.api("POST", f"/whistles/{other}/acts", water, {"act": "decline", "reason": "不是水管"})
    answer = await secretary.get("/console/whistles")
    text = " ".join(answer.soup.select_one("main").text.split())
    assert "架子搭好了" in text
    assert "不是水管" in text
    assert "叫了 2 家次，应答 2" in text
    async with small_house.client.get("/console/whistles/sheet.xlsx", cookies=secretary.jar) as response:
        rows = list(load_workbook(io.BytesIO(await response.read())).active.values)
    assert [row[0] for row in rows] == ["单号", demand["no"], None]
    assert [row[4] for row in rows[1:]] == ["春晖物业", "望月供水所"]
    seat = await sit(small_house, "water")
    text = (await seat.get("/console/whistles")).text
    assert "春晖物业" not in text
    assert "架子搭好了" not in text
    assert (await secretary.get("/console/whistles?quarter=abc")).status == 200
    _, sheet = await small_house.api("GET", "/whistles/sheet?quarter=2026Q4", admin)
    assert [u["unit"] for u in sheet["items"][0]["units"]] == body["units"]
    assert (await small_house.api("GET", "/whistles/sheet?quarter=2026Q3", admin))[1]["items"] == []
