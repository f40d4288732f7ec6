"""`GET /coverage`: rates with their numbers and names, of what a token may see; and what the register learns by API."""

import pytest

from redprop_bot.registry.importing import import_file
from redprop_bot.store.tables import Organisation
from redprop_bot.store.worker import Store

ALL = ["organised", "covered", "due", "branch", "committee", "seats", "mark", "mark", "reviewed"]


def rate(page, code, percent=None):
    found = next(one for one in page["rates"] if one["code"] == code and percent in (None, one["percent"]))
    return (
        found["count"],
        found["of"],
        [gap["name"] for gap in found["missing"]],
        [g["name"] for g in found["unknown"]],
    )


async def test_the_rates_of_all_with_numbers_and_names(house):
    """Of the street, each community beside it, and the rows behind them."""
    status, page = await house.api("GET", "/coverage", house.token("street"))
    assert (status, page["name"], [one["code"] for one in page["rates"]]) == (200, "望月街道", ALL)
    assert rate(page, "organised") == (0, 2, ["春晖物业", "金秋物业"], ["海棠里"])
    assert rate(page, "committee") == (1, 1, [], ["海棠里", "银杏里"])
    assert rate(page, "seats") == (2, 5, [], [])
    assert rate(page, "mark", 50) == (0, 1, ["海棠苑业委会"], [])
    assert "海棠苑业委会：党员 2/5，不到 50%" in page["todo"]
    assert "海棠里：没写有没有业委会" in page["unsaid"]
    assert [part["community"] for part in page["communities"]] == ["海棠社区", "银杏社区"]
    assert page["rates"][5]["rate"] == 0.4


async def test_a_community_and_an_estate(house):
    """By name; the estate by an alias, too."""
    admin = house.token("admin")
    _, page = await house.api("GET", "/coverage?community=银杏社区", admin)
    assert (page["name"], page["community"], rate(page, "organised")) == (
        "银杏社区", "银杏社区", (0, 1, ["金秋物业"], [])
    )  # fmt: skip
    _, page = await house.api("GET", "/coverage?estate=海棠小区", admin)
    assert (page["estate"], [one["estate"] for one in page["estates"]]) == ("海棠苑", ["海棠苑"])
    for odd, field in (("community=哪里", "community"), ("estate=哪里", "estate"), ("street=哪里", "street")):
        status, answer = await house.api("GET", f"/coverage?{odd}", admin)
        assert (status, answer["error"]["field"]) == (422, field)


async def test_who_keeps_a_community_sees_that_one(house):
    """Another is refused, its estates are not there; units see none; who only looks sees no numbers of members."""
    own = house.token("secretary", community="海棠社区")
    _, page = await house.api("GET", "/coverage", own)
    assert (page["name"], page["communities"]) == ("海棠社区", [])
    assert "银杏" not in str(page)
    assert "金秋" not in str(page)
    assert (await house.api("GET", "/coverage?community=银杏社区", own))[0] == 403
    assert (await house.api("GET", "/coverage?estate=银杏里", own))[0] == 422
    assert (await house.api("GET", "/coverage", house.token("provider", organisation="春晖物业")))[0] == 403
    assert (await house.api("GET", "/coverage"))[0] == 401
    assert all("members" in one for one in page["companies"])
    _, masked = await house.api("GET", "/coverage", house.token("viewer"))
    assert not any("members" in one for one in masked["companies"])
    for person in ("林书记", "冉主任", "卫党员", "简经理"):
        assert person not in str(page)


async def test_what_is_entered_counts_and_is_kept(house, database_url, clock, content):
    """Members of a company and a review by PATCH; a branch of an estate as a unit; it is all there after a restart."""
    token = house.token("secretary", community="海棠社区")
    _, found = await house.api("GET", "/organisations?q=春晖", token)
    company = found["items"][0]
    assert company["party_members"] is None
    status, company = await house.api(
        "PATCH", f"/organisations/{company['id']}", token, {"version": 1, "party_members": 3}
    )
    assert (status, company["party_members"]) == (200, 3)
    _, found = await house.api("GET", "/organisations?q=业委会", token)
    path = f"/organisations/{found['items'][0]['id']}"
    status, answer = await house.api("PATCH", path, token, {"version": 1, "reviewed": "通过了"})
    assert (status, answer["error"]["field"]) == (422, "reviewed")
    status, board = await house.api("PATCH", path, token, {"version": 1, "reviewed": "2026年5月12日"})
    assert (status, board["reviewed"]) == (200, "2026-05-12")
    branch = {"name": "海棠苑党支部", "kind": "party", "party": "branch", "estate": "海棠苑"}
    assert (await house.api("POST", "/organisations", token, branch))[0] == 201
    masked = await house.api("GET", f"/organisations/{company['id']}", house.token("viewer"))
    assert "party_members" not in masked[1]
    _, page = await house.api("GET", "/coverage", token)
    assert rate(page, "due") == (0, 1, ["春晖物业"], [])
    assert rate(page, "branch") == (1, 1, [], ["海棠里"])
    assert rate(page, "reviewed") == (1, 1, [], [])
    assert (page["committees"][0]["reviewed"], page["committees"][0]["reviewed_on"]) == (True, "2026-05-12")
    again = Store(database_url, clock=clock, content=content)
    try:
        kept = again.look(lambda tx: tx.get(Organisation, company["id"]).party_members)
    finally:
        again.close()
    assert kept == 3


async def test_figures_of_orders_keep_their_form(small_house):
    """`/stats` says what it said."""
    _, page = await small_house.api("GET", "/stats", small_house.token("admin"))
    assert set(page) == {
        "from", "to", "community", "total", "overdue", "stage", "intent", "category", "urgency", "closing", "rates",
    }  # fmt: skip
    assert set(page["rates"]) == {"response", "solved", "satisfied"}


async def test_several_streets_are_told_apart(small_house, tmp_path):
    """Each has the rates of its own communities."""
    path = tmp_path / "two.yaml"
    path.write_text(
        "street: [{name: 望月街道}, {name: 听风街道}]\n"
        "communities:\n"
        "  - {name: 海棠社区, street: 望月街道, estates: [{name: 海棠苑, property: 春晖物业}]}\n"
        "  - {name: 青石社区, street: 听风街道, estates: [{name: 青石园, lacks: [committee]}]}\n",
        "utf-8",
    )
    small_house.office.store.run(lambda tx: import_file(tx, path))
    admin = small_house.token("admin")
    _, page = await small_house.api("GET", "/coverage?street=听风街道", admin)
    assert (page["name"], rate(page, "committee")) == ("听风街道", (0, 1, ["青石园"], []))
    own = small_house.token("secretary", community="海棠社区")
    assert (await small_house.api("GET", "/coverage?street=听风街道", own))[0] == 403


@pytest.mark.parametrize("field", ["party_members", "reviewed"])
async def test_what_was_entered_can_be_taken_back(small_house, field):
    """Empty means that nothing is said any more."""
    admin = small_house.token("admin")
    body = {"name": "新物业", "kind": "property", "party_members": 4, "reviewed": "no"}
    _, unit = await small_house.api("POST", "/organisations", admin, body)
    assert (unit["party_members"], unit["reviewed"]) == (4, "no")
    _, unit = await small_house.api("PATCH", f"/organisations/{unit['id']}", admin, {"version": 1, field: None})
    assert unit[field] is None
