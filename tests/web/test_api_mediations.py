"""Mediations by API: opened, led, signed on paper, counted; who sees them, and what is forgotten."""

from datetime import timedelta

import pytest

from redprop_bot.clock import sweeping
from redprop_bot.loop import forgetting
from redprop_bot.ports import Channel
from redprop_bot.store import people, soundness
from redprop_bot.store.tables import Mediation, MediationSide, Outbox, Person
from redprop_bot.web.api.document import ITEMS

TEXT = "海棠苑3栋2单元楼上漏水吵起来了，请社区来调解"


async def act(house, token, no, act, **fields):
    return await house.api("POST", f"/mediations/{no}/acts", token, {"act": act, **fields})


async def opened(house, token, other="王大爷", **more):
    admin = house.token("admin")
    demand = await house.report(admin, TEXT, intent="mediation")
    status, case = await house.api("POST", "/mediations", token, {"demand": demand["no"], "other": other, **more})
    assert status == 201, case
    return case


async def test_a_case_goes_from_order_to_kept(house):
    """Mediator asked, meeting, note, offer, both signatures with their times, follow-up; figures count it."""
    secretary = house.token("secretary", community="海棠社区")
    case = await opened(house, secretary)
    assert set(case) == set(ITEMS["Mediation"]["properties"])
    assert (case["stage"], [s["name"] for s in case["sides"]], case["candidates"]) == (
        "open",
        ["海棠苑3栋2单元居民", "王大爷"],
        [],
    )
    no = case["no"]
    assert (await house.api("GET", f"/demands/{case['demand']}", secretary))[1]["due_at"] is None
    status, asked = await act(house, secretary, no, "ask", mediator="卫党员")
    assert (status, asked["stage"], asked["mediator"]) == (200, "asked", "卫党员")
    assert (await act(house, secretary, no, "offer", offer="各让一步"))[1]["error"]["code"] == "mediation_stage"
    take(house, no)
    at = "2026-11-27T15:00:00+08:00"
    status, dated = await act(house, secretary, no, "date", starts_at=at, place="社区会议室")
    assert (status, dated["sessions"][0]["starts_at"]) == (200, at)
    assert (await act(house, secretary, no, "date", starts_at="2026-11-01"))[1]["error"][
        "code"
    ] == "mediation_past"
    status, answer = await act(house, secretary, no, "date", starts_at="2027-11-01")
    assert (status, answer["error"]["code"]) == (422, "mediation_far")
    assert (await act(house, secretary, no, "note", note="谈过了"))[1]["sessions"][0]["note"] == "谈过了"
    await act(house, secretary, no, "offer", offer="楼上修防水")
    for side in "ab":
        status, signed = await act(house, secretary, no, "sign", side=side)
        assert status == 200
    assert (signed["stage"], signed["agreed_at"][:10], signed["follow_at"][:10]) == (
        "agreed",
        "2026-11-25",
        "2026-12-25",
    )
    assert "纸面签字" in signed["sides"][0]["accepted_by"]
    assert signed["sides"][0]["accepted_at"] == "2026-11-25T10:00:00+08:00"
    assert (await house.api("GET", f"/demands/{case['demand']}", secretary))[1]["stage"] == "closed"
    assert (await act(house, secretary, no, "sign", side="a"))[0] == 409
    for side in "ab":
        status, kept = await act(house, secretary, no, "kept", side=side, kept=True)
    assert (status, kept["stage"]) == (200, "kept")
    _, figures = await house.api("GET", "/mediations/figures?from=2026-01-01&to=2027-01-01", house.token("viewer"))
    assert (figures["opened"], figures["kept"], figures["success"]) == (1, 1, 100)
    assert set(figures) == set(ITEMS["MediationFigures"]["properties"])
    assert house.office.store.look(soundness.problems) == []


def take(house, no):
    """The mediator says yes, as in chat."""
    from redprop_bot.council import conducting
    from redprop_bot.council.hands import Hand
    from redprop_bot.store import mediations

    def job(tx):
        case = mediations.by_no(tx, no)
        conducting.take(tx, case, Hand("卫党员", case.mediator_id))

    house.office.store.run(job)


async def test_nobody_else_knows_of_it(house):
    """Street, another secretary, clerk, viewer and the unit itself find nothing; a unit may not even count."""
    secretary = house.token("secretary", community="海棠社区")
    case = await opened(house, secretary, other="春晖物业")
    others = [
        house.token("secretary", community="银杏社区"),
        house.token("street"),
        house.token("clerk", community="海棠社区"),
        house.token("viewer"),
        house.token("provider", organisation="春晖物业"),
    ]
    for token in others:
        assert (await house.api("GET", f"/mediations/{case['no']}", token))[0] == 404
        assert (await house.api("GET", "/mediations", token))[1]["items"] == []
        assert (await act(house, token, case["no"], "withdraw", reason="x"))[0] in (403, 404)
    for token in others[2:]:
        body = {"one": "甲", "other": "乙", "matter": "吵"}
        assert (await house.api("POST", "/mediations", token, body))[0] == 403
    assert (await house.api("GET", "/mediations/figures", others[-1]))[0] == 403
    assert [c["no"] for c in (await house.api("GET", "/mediations", house.token("admin")))[1]["items"]] == [
        case["no"]
    ]
    assert (
        house.office.store.look(lambda tx: [m for m in tx.list(Outbox) if m.receiver in ("jianjl", "haosf")]) == []
    )


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"other": "王大爷"}, 422, "missing"),
        ({"one": "李大妈", "other": "李大妈", "matter": "吵"}, 422, "same_side"),
        ({"one": "李大妈", "other": "13800000000", "matter": "吵"}, 422, "unknown_side"),
        ({"one": "李大妈", "other": "D20260101-0001", "matter": "吵"}, 422, "unknown_side"),
        ({"one": "李大妈", "other": "王大爷"}, 422, "missing"),
        ({"demand": "D20260101-0001", "other": "王大爷"}, 404, "no_demand"),
    ],
)
async def test_what_is_wrong_opens_nothing(small_house, body, status, code):
    """Each fault has its code, and there is no case."""
    admin = small_house.token("admin")
    got, answer = await small_house.api("POST", "/mediations", admin, {"community": "海棠社区", **body})
    assert (got, answer["error"]["code"]) == (status, code)
    assert (await small_house.api("GET", "/mediations", admin))[1]["items"] == []


async def test_the_mediator_has_nothing_to_do_with_it(small_house):
    """A side, a unit's own people, whoever said no before: refused with the reason; not in the register: 422."""
    admin = small_house.token("admin")
    case = await opened(small_house, admin, other="春晖物业")
    assert (await act(small_house, admin, case["no"], "ask", mediator="简经理"))[1]["error"][
        "code"
    ] == "mediator_unit"
    assert (await act(small_house, admin, case["no"], "ask", mediator="月亮"))[1]["error"][
        "code"
    ] == "unknown_mediator"
    case = await opened(small_house, admin, other="卫党员", matter="占了车位")
    assert (await act(small_house, admin, case["no"], "ask", mediator="卫党员"))[1]["error"][
        "code"
    ] == "mediator_side"


async def test_its_words_go_after_their_time(small_house):
    """Two years after the end matter, offer, notes, names and letters are wiped; counts and stage stay."""
    admin, store = small_house.token("admin"), small_house.office.store
    case = await opened(small_house, admin)
    await act(small_house, admin, case["no"], "withdraw", reason="不调了")
    small_house.clock.at += timedelta(days=729)
    await sweeping.sweep(store)
    assert store.look(lambda tx: "漏水" in tx.list(Mediation)[0].matter)
    small_house.clock.at += timedelta(days=2)
    await sweeping.sweep(store)
    row, sides, letters = store.look(
        lambda tx: (
            tx.list(Mediation)[0],
            tx.list(MediationSide),
            [m.payload for m in tx.list(Outbox) if m.key.startswith(case["no"])],
        )
    )
    assert (row.stage, "漏水" in row.matter, row.reason) == ("withdrawn", False, "")
    assert [(s.person_id, s.name) for s in sides] == [(None, ""), (None, "")]
    assert letters
    assert not any(letters)


async def test_a_resident_who_is_forgotten_leaves_their_case(small_house):
    """Not while it goes on; afterwards neither name nor words that tell who it was are left."""
    admin, store = small_house.token("admin"), small_house.office.store

    def arrive(tx):
        person = people.add(tx, Channel.OA, "o-wang")
        return tx.update(Person, person.id, name="王桂芬", phone="13911112222").id

    key = store.run(arrive)
    case = await opened(small_house, admin, other="13911112222", matter="王桂芬家漏水，电话13911112222")
    assert store.look(lambda tx: forgetting.under_way(tx, key)) == [case["no"]]
    await act(small_house, admin, case["no"], "withdraw", reason="不调了")
    store.run(lambda tx: forgetting.forget(tx, tx.get(Person, key)))

    def left(tx):
        return repr([tx.list(Mediation), tx.list(MediationSide), [m.payload for m in tx.list(Outbox)]])

    text = store.look(left)
    assert "王桂芬" not in text
    assert "13911112222" not in text
