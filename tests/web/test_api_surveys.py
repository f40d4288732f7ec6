"""电话回访 by API and at the console: the list of a month, whom to call, what came of it."""

from datetime import date

import pytest

from redprop_bot.appraise import survey
from redprop_bot.store import demands, soundness
from redprop_bot.store import surveys as rows
from redprop_bot.store.tables import Demand, Survey, SurveyCall
from redprop_bot.web.api.document import ITEMS


async def _drawn(house, **values):
    """A closed order of this month, and the list that it stands on; both numbers."""
    item = await house.report(house.token("admin"))
    clock = house.office.clock

    def close(tx):
        demand = demands.by_no(tx, item["no"])
        tx.update(Demand, demand.id, stage="closed", closed_at=tx.now, phone="13912340000", **values)
        month = clock.now().date().replace(day=1)
        drawn = survey.draw(tx, demand.community_id, month)
        assert survey.draw(tx, demand.community_id, month) is None  # once
        return drawn.id

    return item["no"], house.office.store.run(close)


async def test_a_list_is_read_and_its_calls_are_written_down(house):
    """What is said is kept once; who is unhappy says why, and the order is done again."""
    no, key = await _drawn(house)
    secretary = house.token("secretary", community="海棠社区")
    _, page = await house.api("GET", "/surveys", secretary)
    assert (len(page["items"]), set(page["items"][0])) == (1, set(ITEMS["Survey"]["properties"]))
    assert (page["items"][0]["closed"], page["items"][0]["calls"], page["items"][0]["open"]) == (1, 1, 1)
    _, calls = await house.api("GET", f"/surveys/{key}/calls", secretary)
    assert set(calls["items"][0]) == set(ITEMS["SurveyCall"]["properties"])
    assert (calls["items"][0]["demand"], calls["items"][0]["contact"]) == (no, "13912340000")
    path = f"/surveys/{key}/calls/{no}"
    assert (await house.api("POST", path, secretary, {"result": "unhappy"}))[0] == 422
    assert (await house.api("POST", path, secretary, {"result": "fine"}))[0] == 422
    status, done = await house.api("POST", path, secretary, {"result": "not_reached"})
    assert (status, done["state"], done["tries"]) == (200, "not_reached", 1)
    status, done = await house.api("POST", path, secretary, {"result": "unhappy", "note": "还是漏"})
    assert (status, done["state"], done["tries"], done["reopened"], done["note"]) == (
        200,
        "unhappy",
        2,
        True,
        "还是漏",
    )
    assert (await house.api("POST", path, secretary, {"result": "satisfied"}))[0] == 409
    _, order = await house.api("GET", f"/demands/{no}", secretary)
    assert (order["stage"], order["events"][-1]["act"]) == ("dispatched", "reopen")
    _, one = await house.api("GET", f"/surveys/{key}", secretary)
    assert (one["unhappy"], one["open"], one["not_reached"]) == (1, 0, 0)
    assert [line for line in house.office.store.look(soundness.problems) if no in line and "回访" in line] == []


async def test_who_sees_and_who_may(house):
    """For a unit and another community there is no list; who only looks is told no name and changes nothing."""
    no, key = await _drawn(house)
    path = f"/surveys/{key}/calls/{no}"
    unit = house.token("provider", organisation="春晖物业")
    assert (await house.api("GET", "/surveys", unit))[0] == 404
    viewer = house.token("viewer", community="海棠社区")
    _, calls = await house.api("GET", f"/surveys/{key}/calls", viewer)
    assert (calls["items"][0]["contact"], calls["items"][0]["note"]) == (None, None)
    for token in (viewer, house.token("clerk", community="海棠社区")):
        assert (await house.api("POST", path, token, {"result": "satisfied"}))[0] == 403
    secretary = house.token("secretary", community="海棠社区")
    for wrong in (f"/surveys/{key + 1}/calls/{no}", f"/surveys/{key}/calls/D20000101-0001"):
        assert (await house.api("POST", wrong, secretary, {"result": "satisfied"}))[0] == 404
    assert (await house.api("GET", "/surveys?month=1", secretary))[0] == 422
    assert (await house.api("GET", "/surveys?month=2001-01", secretary))[1]["items"] == []


@pytest.mark.parametrize("percent", [0.0, 10.0])
async def test_nobody_is_called_where_nothing_was_closed(house, percent):
    """An empty month has no list, whatever the rate."""
    found = house.office.store.run(lambda tx: survey.draw(tx, None, date(2026, 1, 1)))
    assert (found, percent >= 0) == (None, True)


async def test_a_result_without_a_call_is_found(house):
    """`db check` names the order whose result nobody can have heard, and a list longer than what was closed."""
    no, key = await _drawn(house)
    assert house.office.store.look(lambda tx: [p for p in soundness.problems(tx) if "回访" in p]) == []

    def spoil(tx):
        call = rows.calls(tx, key)[0][0]
        tx.update(SurveyCall, call.id, state="satisfied")
        tx.update(Survey, key, closed=0)

    house.office.store.run(spoil)
    found = house.office.store.look(lambda tx: [p for p in soundness.problems(tx) if "回访" in p])
    assert len(found) == 2
    assert any(no in line for line in found)
