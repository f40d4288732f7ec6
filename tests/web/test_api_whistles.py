"""Whistles and the emergency mode by API."""

from datetime import timedelta

import pytest

from redprop_bot.loop import due
from redprop_bot.web import ledgers
from redprop_bot.web.api.document import ITEMS


async def _blown(house, token, **fields):
    item = await house.report(house.token("admin"))
    return await house.api("POST", "/whistles", token, {"demand": item["no"], **fields})


@pytest.fixture
def units(house):
    """Two units of the roster."""
    names = house.office.store.look(lambda tx: sorted(_names(tx)))
    return names[:2]


def _names(tx):
    from redprop_bot.registry.register import register

    return register(tx).organisation_names


async def test_a_whistle_is_blown_answered_done_rated_and_counted(house, units):
    """From the call to the stars; the ledger and its figures say the same."""
    secretary = house.token("secretary", community="海棠社区")
    status, made = await _blown(house, secretary, units=units, kind="emergency", reason="社区协调不动")
    assert (status, [i["unit"] for i in made["items"]]) == (201, units)
    first, second = (f"/whistles/{i['id']}" for i in made["items"])
    one, other = (house.token("provider", organisation=name) for name in units)
    status, item = await house.api("POST", f"{first}/acts", one, {"act": "claim"})
    assert (status, item["state"], item["answered_at"] is not None) == (200, "claimed", True)
    assert (await house.api("POST", f"{first}/acts", one, {"act": "claim"}))[0] == 409
    assert (await house.api("POST", f"{second}/acts", other, {"act": "decline"}))[0] == 422
    status, item = await house.api("POST", f"{second}/acts", other, {"act": "decline", "reason": "人手不够"})
    assert (status, item["state"], item["reason"]) == (200, "declined", "人手不够")
    assert (await house.api("POST", f"{first}/acts", secretary, {"act": "rate", "stars": 5}))[0] == 409
    assert (await house.api("POST", f"{first}/acts", one, {"act": "done", "note": "接通了"}))[1]["state"] == "done"
    assert (await house.api("POST", f"{first}/acts", one, {"act": "rate", "stars": 5}))[0] == 403
    assert (await house.api("POST", f"{first}/acts", secretary, {"act": "rate", "stars": 6}))[0] == 422
    assert (await house.api("POST", f"{first}/acts", secretary, {"act": "rate", "stars": 5}))[1]["stars"] == 5
    _, figures = await house.api("GET", "/whistles/figures?quarter=2026Q4", secretary)
    assert (figures["total"]["called"], figures["total"]["answered"], figures["total"]["stars"]) == (2, 2, 5.0)
    assert set(figures["total"]) == set(ITEMS["WhistleFigures"]["properties"]["total"]["properties"])
    _, none = await house.api("GET", "/whistles?quarter=2026Q3", secretary)
    assert none["items"] == []
    _, page = await house.api("GET", "/whistles?quarter=2026Q4&limit=1", secretary)
    assert (len(page["items"]), set(page["items"][0])) == (1, set(ITEMS["Whistle"]["properties"]))
    assert page["next"]


async def test_who_sees_and_who_may(house, units):
    """A unit sees its own call only; another community's secretary none; a viewer and a clerk blow nothing."""
    secretary = house.token("secretary", community="海棠社区")
    _, made = await _blown(house, secretary, units=units[:1])
    path = f"/whistles/{made['items'][0]['id']}"
    stranger = house.token("provider", organisation=units[1])
    assert (await house.api("GET", path, stranger))[0] == 404
    assert (await house.api("GET", "/whistles", stranger))[1]["items"] == []
    assert (await house.api("GET", path, house.token("provider", organisation=units[0])))[0] == 200
    for role in ("viewer", "clerk"):
        status, _ = await house.api(
            "POST", "/whistles", house.token(role), {"demand": made["demand"], "units": units[1:]}
        )
        assert status == 403, role


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"units": []}, 422, "whistle_units"),
        ({"units": ["月亮公司"]}, 422, "unknown_unit"),
        ({}, 422, "missing"),
        ({"units": ["春晖物业"], "kind": "loud"}, 422, "whistle_kind"),
    ],
)
async def test_a_bad_whistle_changes_nothing(small_house, body, status, code):
    """What is wrong is said by its code, and there is no call."""
    admin = small_house.token("admin")
    got, answer = await _blown(small_house, admin, **body)
    assert (got, answer["error"]["code"]) == (status, code)
    assert (await small_house.api("GET", "/whistles", admin))[1]["items"] == []


async def test_a_whistle_for_a_new_matter_makes_the_demand(small_house):
    """Demand or report, one of the two; a closed demand takes none."""
    admin = small_house.token("admin")
    body = {"report": {"text": "海棠苑3栋2单元外墙掉砖"}, "units": ["春晖物业"]}
    status, made = await small_house.api("POST", "/whistles", admin, body)
    assert status == 201
    assert (await small_house.api("GET", f"/demands/{made['demand']}", admin))[1]["no"] == made["demand"]
    both = body | {"demand": made["demand"]}
    assert (await small_house.api("POST", "/whistles", admin, both))[1]["error"]["code"] == "demand_or_report"
    await small_house.act(admin, made["demand"], "close", reason="solved")
    closed = {"demand": made["demand"], "units": ["金秋物业"]}
    assert (await small_house.api("POST", "/whistles", admin, closed))[1]["error"]["code"] == "whistle_closed"


async def test_the_ledger_is_exported(small_house):
    """`export whistles` gives the same items."""
    admin = small_house.token("admin")
    await _blown(small_house, admin, units=["春晖物业"])
    office = small_house.office
    rows = office.store.look(lambda tx: ledgers.rows(office, tx, "whistles"))
    assert [row["unit"] for row in rows] == ["春晖物业"]


async def test_an_emergency_is_switched_on_and_off(house):
    """Begin, the same again 409, a foreign one 403, end with figures, end again 409."""
    secretary = house.token("secretary", community="海棠社区")
    body = {"scope": ["海棠苑"], "title": "台风防御", "until": "2026-11-26T18:00:00+08:00"}
    status, mode = await house.api("POST", "/modes", secretary, body)
    assert (status, mode["scope"], mode["ended_at"]) == (201, "海棠苑", None)
    assert set(mode) == set(ITEMS["Mode"]["properties"])
    assert mode["figures"]["duty"] == len(mode["duty"]) > 0
    assert (await house.api("POST", "/modes", secretary, body))[1]["error"]["code"] == "mode_on"
    _, item = await house.api("POST", "/demands", house.token("admin"), {"text": "海棠苑3栋2单元灯不亮"})
    assert item["due_at"] <= "2026-11-25T23:59:59+08:00"  # twelve hours instead of five working days
    path = f"/modes/{mode['no']}"
    status, ended = await house.api("POST", f"{path}/acts", secretary, {"act": "end"})
    assert (status, ended["figures"]["reports"], ended["ended_by"] is not None) == (200, 1, True)
    assert (await house.api("POST", f"{path}/acts", secretary, {"act": "end"}))[1]["error"]["code"] == "mode_ended"
    assert (await house.api("GET", "/modes?on=true", secretary))[1]["items"] == []
    assert len((await house.api("GET", "/modes", secretary))[1]["items"]) == 1


@pytest.mark.parametrize(
    ("role", "body", "code"),
    [
        ("secretary", {"scope": ["月亮湾"], "title": "停水"}, "unknown_scope"),
        ("secretary", {"scope": [], "title": "停水"}, "scope"),
        ("secretary", {"scope": ["海棠苑"]}, "missing"),
        ("secretary", {"scope": ["海棠苑"], "title": "停水", "until": "2020-01-01"}, "mode_until"),
        ("secretary", {"scope": ["海棠苑"], "title": "停水", "until": "2027-01-01"}, "mode_until"),
        ("clerk", {"scope": ["海棠苑"], "title": "停水"}, "mode_role"),
        ("provider", {"scope": ["海棠苑"], "title": "停水"}, "mode_role"),
        ("viewer", {"scope": ["海棠苑"], "title": "停水"}, "forbidden"),
    ],
)
async def test_a_bad_switch_changes_nothing(small_house, role, body, code):
    """What is wrong is said by its code; nothing is on, nobody is called."""
    limits = {"organisation": "春晖物业"} if role == "provider" else {}
    _, answer = await small_house.api("POST", "/modes", small_house.token(role, **limits), body)
    assert answer["error"]["code"] == code
    assert (await small_house.api("GET", "/modes", small_house.token("admin")))[1]["items"] == []


async def test_the_clock_ends_a_forgotten_emergency(small_house):
    """At its hour it is over, and a second sweep finds nothing to do."""
    admin = small_house.token("admin")
    await small_house.api("POST", "/modes", admin, {"scope": ["海棠苑"], "title": "停水"})
    small_house.clock.at += timedelta(hours=25)
    while await small_house.office.store.write(due.sweep):
        pass
    (mode,) = (await small_house.api("GET", "/modes", admin))[1]["items"]
    assert mode["ended_by"] == "到期自动"


async def test_a_unit_that_helps_sees_the_order_and_says_how_far_it_is(house, units):
    """Only the unit that helps, by the number, and without who reported it; it accepts and fulfils nothing."""
    secretary = house.token("secretary", community="海棠社区")
    item = await house.report(house.token("admin"))
    order = f"/demands/{item['no']}"
    helper = next(name for name in units if name != item["handler"])
    mine = house.token("provider", organisation=item["handler"])
    assert (await house.api("POST", f"{order}/acts", mine, {"act": "accept"}))[0] == 200
    theirs = house.token("provider", organisation=helper)
    assert (await house.api("GET", order, theirs))[0] == 404
    _status, made = await house.api(
        "POST",
        "/whistles",
        secretary,
        {"demand": item["no"], "units": [helper], "kind": "routine", "reason": "要吊篮"},
    )
    assert (await house.api("GET", order, theirs))[0] == 404
    await house.api("POST", f"/whistles/{made['items'][0]['id']}/acts", theirs, {"act": "claim"})
    status, seen = await house.api("GET", order, theirs)
    assert (status, seen["helpers"]) == (200, [helper])
    told = {"act": "progress", "note": "吊篮明天到"}
    assert (await house.api("POST", f"{order}/acts", theirs, told))[0] == 200
    assert (await house.api("POST", f"{order}/acts", theirs, {"act": "fulfil"}))[0] == 403
