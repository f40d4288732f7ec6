"""The ledger of points by API: who sees what, points by hand, corrections, the export that adds up."""

import csv
import io

import pytest
from openpyxl import load_workbook
from tests.support.office import converted

from redprop_bot.store import people
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import table_of
from redprop_bot.volunteers import ledger
from redprop_bot.volunteers.ledger import Booking
from redprop_bot.web import ledgers
from redprop_bot.web.api.document import ITEMS


def give(house, userid, points, key="t:1", reason="清理楼道"):
    """Points from an activity."""

    def job(tx):
        person = people.called(tx, userid)
        booking = Booking(key, person.id, points, "activity", f"activity:{key}", reason)
        return ledger.award(tx, booking)

    return house.office.store.run(job)


async def test_a_statement_has_the_balance_and_what_it_is_made_of(house):
    """The balance is the sum of the items; each has the fields of the contract."""
    admin = house.token("admin")
    for number in (1, 2, 3):
        give(house, "weidy", 10 * number, key=f"t:{number}")
    status, found = await house.api("GET", "/points/weidy", admin)
    assert (status, found["balance"]) == (200, 60)
    assert sum(item["delta"] for item in found["items"]) == 60
    assert set(found["items"][0]) == set(ITEMS["PointEntry"]["properties"])
    newest = found["items"][0]
    assert newest["person"] == {"userid": "weidy", "name": "卫党员"}
    assert (newest["delta"], newest["reason"], newest["source"], newest["ledger"]) == (
        30,
        "清理楼道",
        "activity:t:3",
        "machine",
    )
    _, page = await house.api("GET", "/points?limit=2", admin)
    _, rest = await house.api("GET", f"/points?limit=2&cursor={page['next']}", admin)
    assert [i["delta"] for i in page["items"] + rest["items"]] == [30, 20, 10]
    assert rest["next"] is None


async def test_who_has_nothing_and_who_does_not_exist(small_house):
    """A member without entries has 0; nobody is 404."""
    admin = small_house.token("admin")
    assert (await small_house.api("GET", "/points/weidy", admin))[1]["balance"] == 0
    assert (await small_house.api("GET", "/points/nobody", admin))[0] == 404


async def test_who_only_looks_sees_no_names_and_units_see_nothing(small_house):
    """A viewer gets masked persons; a unit neither the ledger nor somebody else's statement."""
    give(small_house, "weidy", 10)
    _, page = await small_house.api("GET", "/points", small_house.token("viewer"))
    assert page["items"][0]["person"] == {"userid": None, "name": "卫**"}
    unit = small_house.token("provider", organisation="春晖物业")
    assert (await small_house.api("GET", "/points", unit))[1]["items"] == []
    assert (await small_house.api("GET", "/points/weidy", unit))[0] == 404


async def test_points_by_hand_count_when_somebody_else_agrees(house):
    """The clerk asks, the secretary agrees; the clerk's token cannot, nor can it twice."""
    clerk, secretary = house.token("clerk"), house.token("secretary")
    body = {"userid": "weidy", "delta": 5, "reason": "夜里帮着送医"}
    status, made = await house.api("POST", "/points", clerk, body)
    assert (status, made["state"], made["delta"]) == (201, "open", 5)
    assert (await house.api("GET", "/points/weidy", clerk))[1]["balance"] == 0
    path = f"/point-requests/{made['id']}/acts"
    assert (await house.api("POST", path, clerk, {"act": "approve"}))[0] == 403
    _, waits = await house.api("GET", "/point-requests", secretary)
    assert [one["id"] for one in waits["items"]] == [made["id"]]
    status, done = await house.api("POST", path, secretary, {"act": "approve"})
    assert (status, done["state"]) == (200, "approved")
    assert (await house.api("POST", path, secretary, {"act": "approve"}))[0] == 409
    _, found = await house.api("GET", "/points/weidy", secretary)
    assert (found["balance"], found["items"][0]["ledger"]) == (5, "hand")
    assert found["items"][0]["approved_by"] != found["items"][0]["by"]


async def test_who_may_agree_hears_of_points_that_were_asked_for_here(small_house):
    """The same card as after a sentence in chat."""
    clerk = small_house.token("clerk", community="海棠社区")
    body = {"userid": "weidy", "delta": 5, "reason": "帮忙搬桌椅"}
    assert (await small_house.api("POST", "/points", clerk, body))[0] == 201

    def asked(tx):
        return tx.list(Outbox, table_of(Outbox).c.message == "points_request")

    assert small_house.office.store.look(asked)


async def test_an_approver_may_not_approve_what_they_asked_for(small_house):
    """The same token asks and agrees: 403, nothing is booked."""
    secretary = small_house.token("secretary")
    _, made = await small_house.api(
        "POST", "/points", secretary, {"userid": "weidy", "delta": 5, "reason": "好人"}
    )
    status, answer = await small_house.api(
        "POST", f"/point-requests/{made['id']}/acts", secretary, {"act": "approve"}
    )
    assert (status, answer["error"]["code"]) == (403, "points_own_approval")
    assert (await small_house.api("GET", "/points/weidy", secretary))[1]["balance"] == 0


@pytest.mark.parametrize("delta", [-5, 0, 10**9, 1.5, "5", True, None])
async def test_wrong_numbers_are_refused(small_house, delta):
    """Negative, nothing, huge, half, not a number: 422, and the ledger is untouched."""
    admin = small_house.token("admin")
    status, answer = await small_house.api(
        "POST", "/points", admin, {"userid": "weidy", "delta": delta, "reason": "x"}
    )
    assert (status, answer["error"]["field"]) == (422, "delta")
    assert (await small_house.api("GET", "/point-requests", admin))[1]["items"] == []
    assert (await small_house.api("GET", "/points", admin))[1]["items"] == []


async def test_a_wrong_entry_is_taken_back_by_another(house):
    """A counter-entry, once; the entry itself stays."""
    secretary = house.token("secretary")
    entry = give(house, "weidy", 10)
    path = f"/points/{entry.id}/acts"
    status, back = await house.api("POST", path, secretary, {"act": "counter", "reason": "签错人了"})
    assert (status, back["delta"], back["reverses"]) == (201, -10, entry.id)
    _, again = await house.api("POST", path, secretary, {"act": "counter", "reason": "再来一次"})
    assert again == back
    assert (await house.api("GET", "/points/weidy", secretary))[1]["balance"] == 0
    for role, expected in (("viewer", 403), ("clerk", 403)):
        wrong = await house.api("POST", path, house.token(role), {"act": "counter", "reason": "x"})
        assert wrong[0] == expected


async def test_the_export_adds_up(small_house):
    """The column of a person's points in the .xlsx sums up to their balance; reasons never become formulas."""
    for number in (1, 2):
        give(small_house, "weidy", 10 * number, key=f"t:{number}", reason="=1+1")
    office = small_house.office
    rows = office.store.look(lambda tx: ledgers.rows(office, tx, "points"))
    sheet = load_workbook(io.BytesIO(ledgers.as_xlsx("points", rows))).active
    heads, *lines = [list(row) for row in sheet.iter_rows()]
    column = {cell.value.split()[-1]: n for n, cell in enumerate(heads)}
    assert sum(line[column["delta"]].value for line in lines) == 30
    assert {line[column["reason"]].data_type for line in lines} == {"s"}


@pytest.mark.slow
async def test_the_export_adds_up_in_libreoffice(small_house, tmp_path):
    """Another program reads the same numbers out of the file: earned, taken back, and what is left."""
    for number in range(1, 41):
        give(small_house, "weidy", number, key=f"t:{number}", reason=f"第{number}次")
    office = small_house.office
    rows = office.store.look(lambda tx: ledgers.rows(office, tx, "points"))
    made = converted(tmp_path, {"points": ledgers.as_xlsx("points", rows)}, "csv", "xlsx")
    heads, *lines = csv.reader(io.StringIO(made["points"].decode("utf-8")))
    column = next(n for n, head in enumerate(heads) if head.split()[-1] == "delta")
    balance = (await small_house.api("GET", "/points/weidy", small_house.token("secretary")))[1]["balance"]
    assert sum(int(line[column]) for line in lines) == balance > 0
    assert len(lines) == len(rows)
