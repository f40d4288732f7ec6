"""The room of coverage: rates with their numbers, what to do next by name, as far as an account may see; a workbook."""

import io

from openpyxl import load_workbook
from tests.web.console.conftest import sit

from redprop_bot.store.tables import Organisation


async def test_the_room_says_what_to_do_next_and_what_is_not_said(small_house, secretary):
    """Each figure stands with its numbers; names follow; another community is not there."""
    page = await secretary.get("/console/coverage")
    assert page.status == 200
    tiles = [" ".join(tile.text.split()) for tile in page.soup.select(".tiles li")]
    assert "业委会委员里党员40% 2/5" in tiles
    assert "小区有业委会100% 1/1 另有 1 个没写" in tiles
    assert "小区有党支部名册里没写 2 个没写" in tiles
    assert "春晖物业：没有党组织，也没派指导员" in page.soup.select_one("#todo").text
    assert "海棠里：没写有没有业委会" in page.soup.select_one("#unsaid").text
    assert "金秋物业" not in page.text
    assert not page.soup.select("#community")
    assert "覆盖" in [link.text.strip() for link in page.soup.select("nav a")]


async def test_the_street_sees_every_community_and_picks_one(small_house):
    """A row for each, and the same page for one; an estate of another community is let go."""
    street = await sit(small_house, "street")
    page = await street.get("/console/coverage")
    assert "各社区" in page.text
    assert {"海棠社区", "银杏社区"} <= {option.text for option in page.soup.select("#community option")}
    one = await street.get("/console/coverage?community=银杏社区&estate=海棠苑")
    assert one.soup.h1.text == "银杏社区 党组织和工作覆盖"
    assert "春晖物业" not in one.text
    estate = await street.get("/console/coverage?estate=海棠苑")
    assert estate.soup.h1.text == "海棠苑 党组织和工作覆盖"


async def test_units_stay_outside_and_who_looks_sees_no_members(small_house, secretary):
    """A unit is refused; how many members a company has is for who works on it."""
    unit = await sit(small_house, "provider")
    for path in ("/console/coverage", "/console/coverage/coverage.xlsx"):
        assert (await unit.get(path)).status == 403
    heads = lambda page: [head.text for head in page.soup.select("#rows th")]  # noqa: E731
    assert heads(await secretary.get("/console/coverage")) == ["物业公司", "服务的小区", "党组织", "党员"]
    viewer = await sit(small_house, "viewer")
    assert heads(await viewer.get("/console/coverage")) == ["物业公司", "服务的小区", "党组织"]


async def test_the_workbook_holds_rates_names_and_rows(small_house, secretary):
    """As many sheets as there are lists; no person stands in it."""
    answer = await small_house.client.get("/console/coverage/coverage.xlsx", cookies=secretary.jar)
    assert answer.status == 200
    book = load_workbook(io.BytesIO(await answer.read()))
    assert book.sheetnames == ["比率", "要办的", "名册里没写的", "物业公司", "业委会", "小区"]
    rates = {row[0]: row[1:] for row in book["比率"].iter_rows(values_only=True)}
    assert rates["业委会委员里党员"] == (2, 5, 0.4, 0)
    assert ("海棠苑业委会", "海棠苑", 5, 2, "没写") in list(book["业委会"].iter_rows(values_only=True))
    said = str([[cell for row in sheet.iter_rows(values_only=True) for cell in row] for sheet in book])
    assert "冉主任" not in said
    assert "银杏" not in said


async def test_members_and_the_review_are_entered_where_the_unit_is(small_house, secretary):
    """The form of the unit has both; what is no day comes back with what was typed; then the company is due."""
    units = small_house.office.store.look(lambda tx: {one.name: one for one in tx.list(Organisation)})
    firm, board = (
        f"/console/people/units/{units['春晖物业'].id}",
        f"/console/people/units/{units['海棠苑业委会'].id}",
    )
    form = await secretary.get(firm)
    fields = {"version": "1", "name": "春晖物业", "kind": "property", "party": "none", "party_members": "3"}
    assert form.soup.select_one("#party_members")["value"] == ""
    assert (await secretary.post(firm, fields)).status == 303
    fields = {"version": "1", "name": "海棠苑业委会", "kind": "committee", "estate": "海棠苑", "seats": "5"}
    await secretary.get(board)
    wrong = await secretary.post(board, fields | {"party_seats": "2", "reviewed": "上个月"})
    assert (wrong.status, wrong.soup.select_one("#reviewed")["value"]) == (422, "上个月")
    assert (await secretary.post(board, fields | {"party_seats": "2", "reviewed": "否"})).status == 303
    assert (await secretary.get(board)).soup.select_one("#reviewed")["value"] == "否"
    todo = (await secretary.get("/console/coverage")).soup.select_one("#todo").text
    assert "春晖物业：党员够 3 名，该建党组织，还没建" in todo
    assert "海棠苑业委会：候选人还没有联审" in todo
