"""Acts by API: who may, from where, with which fields; what is refused changes nothing."""

import pytest

from redprop_bot.store.tables import Outbox

UNIT = "春晖物业"

ACTS = {
    "dispatch": {"to": "望月供水所"},
    "assign": {"person": "郝师傅"},
    "accept": {},
    "return": {"reason": "不归我们管"},
    "progress": {"note": "配件在路上"},
    "fulfil": {"note": "好了"},
    "extend": {"days": 2, "reason": "等配件"},
    "grant": {},
    "pause": {"reason": "等停电", "until": "2026-12-10"},
    "resume": {},
    "rate": {"stars": 5},
    "reopen": {"reason": "没修好"},
    "withdraw": {},
    "urge": {},
    "supplement": {"text": "门也关不上"},
    "assist": {},
    "merge": {"into": None},
    "escalate": {"reason": "要动用维修资金"},
    "correct": {"building": "1"},
    "close": {"reason": "solved"},
}
BEFORE = {  # what has to have happened before an act can pass
    "progress": ("accept",),
    "fulfil": ("accept",),
    "grant": ("extend",),
    "resume": ("pause",),
    "rate": ("accept", "fulfil"),
    "reopen": ("accept", "fulfil"),
}
MAY = {  # the table of the contract, for the roles of tokens
    "admin": set(ACTS),
    "street": {"dispatch", "grant", "escalate"},
    "secretary": {
        "dispatch", "grant", "pause", "resume", "reopen", "urge", "supplement", "merge", "escalate", "correct", "close",
    },
    "clerk": set(),
    "provider": {"assign", "accept", "return", "progress", "fulfil", "extend"},
    "viewer": set(),
}  # fmt: skip


async def _ready(house, admin, act):
    item = await house.report(admin)
    for earlier in BEFORE.get(act, ()):
        status, item = await house.act(admin, item["no"], earlier, **ACTS[earlier])
        assert status == 200, item
    fields = dict(ACTS[act])
    if act == "merge":
        fields["into"] = (await house.report(admin, "海棠苑1栋垃圾没人收"))["no"]
    return item, fields


@pytest.mark.parametrize("act", ACTS)
async def test_each_role_may_do_what_the_table_says_and_nothing_else(small_house, act):
    """Allowed is 200; everything else is 403 and leaves the demand untouched."""
    house = small_house
    admin = house.token("admin")
    for role, allowed in MAY.items():
        limits = {"organisation": UNIT} if role == "provider" else {}
        token = house.token(role, **limits)
        item, fields = await _ready(house, admin, act)
        status, answer = await house.act(token, item["no"], act, **fields)
        if act in allowed:
            assert status == 200, (role, act, answer)
            assert answer["events"][-1]["act"] in (act, "reopen", "dispatch")
            assert answer["version"] > item["version"]
        else:
            own = (role, act) == ("provider", "assist")  # it may help, and its own order is no help
            assert status == (409 if own else 403), (role, act, answer)
            assert answer["error"]["message"]
            assert (await house.api("GET", f"/demands/{item['no']}", admin))[1] == item
        await house.act(admin, item["no"], "close", reason="other")  # so that the next report is not the same one


@pytest.mark.parametrize(
    ("act", "fields", "status", "code", "field"),
    [
        ("rate", {"stars": 5}, 409, "stage", None),
        ("resume", {}, 409, "stage", None),
        ("dispatch", {}, 422, "missing", "to"),
        ("dispatch", {"to": "没有这家"}, 422, "unknown_unit", "to"),
        ("dispatch", {"to": 7}, 422, "type", "to"),
        ("dispatch", {"to": ["春晖物业"]}, 422, "type", "to"),
        ("dispatch", {"to": "春晖物业"}, 409, "already_there", None),
        ("dispatch", {"to": "x" * 2000}, 422, "too_long", "to"),
        ("assign", {"person": "谁"}, 422, "unknown_person", "person"),
        ("extend", {"days": 0, "reason": "等"}, 422, "days", "days"),
        ("extend", {"days": True, "reason": "等"}, 422, "type", "days"),
        ("extend", {"days": "2", "reason": "等"}, 422, "type", "days"),
        ("grant", {}, 409, "nothing_asked", None),
        ("pause", {"reason": "等", "until": "明天"}, 422, "moment", "until"),
        ("pause", {"reason": "等", "until": "2026-11-24"}, 422, "until", "until"),
        ("pause", {"reason": "等", "until": "0001-01-01T00:00:00+14:00"}, 422, "moment", "until"),
        ("merge", {"into": "D20200101-0001"}, 404, "no_demand", "into"),
        ("correct", {"category": "magic"}, 422, "category", "category"),
        ("correct", {"colour": "red"}, 422, "unknown_field", "colour"),
        ("correct", {"estate": "别处"}, 422, "unknown_estate", "estate"),
        ("escalate", {"reason": "没钱", "to": "火星人"}, 422, "unknown_table", "to"),
        ("escalate", {"reason": "没钱", "to": "望月供水所"}, 422, "whistle_instead", "to"),
        ("escalate", {"reason": "没钱", "to": "一长串话" * 6 + "会议"}, 422, "unknown_table", "to"),
        ("close", {"reason": "烦"}, 422, "close_reason", "reason"),
        ("fulfil", {"media": ["not an address"]}, 422, "media", "media"),
        ("fulfil", {"media": "https://a.example/1"}, 422, "type", "media"),
        ("accept", {"stars": 5}, 422, "unknown_field", "stars"),
        ("expire", {}, 422, "unknown_act", "act"),
        ("order", {}, 422, "unknown_act", "act"),
        ("", {}, 422, "missing", "act"),
        (None, {}, 422, "missing", "act"),
        (["accept"], {}, 422, "type", "act"),
    ],
)
async def test_a_wrong_act_is_named_and_changes_nothing(small_house, act, fields, status, *, code, field):
    """Status, code, the field and a sentence; the demand stands as before."""
    admin = small_house.token("admin")
    item = await small_house.report(admin)
    got, answer = await small_house.act(admin, item["no"], act, **fields)
    assert (got, answer["error"]["code"], answer["error"].get("field")) == (status, code, field)
    assert answer["error"]["message"] not in ("", code)
    assert (await small_house.api("GET", f"/demands/{item['no']}", admin))[1] == item


async def test_a_demand_that_is_not_there_is_404(small_house):
    """For reading and for acting, whatever stands in its place."""
    admin = small_house.token("admin")
    for no in ("D20261125-0009", "D1", "%00", "R20261125-0001", "D20261125-٠٠٠٩"):
        for call in (small_house.api("GET", f"/demands/{no}", admin), small_house.act(admin, no, "accept")):
            status, answer = await call
            assert (status, answer["error"]["code"]) == (404, "no_demand"), no
            assert no in ("%00", "D20261125-٠٠٠٩") or no in answer["error"]["message"]


# -- Idempotency-Key


async def test_the_same_key_repeats_the_first_answer(house):
    """Once done, twice told: the same bytes, one event."""
    admin = house.token("admin")
    item = await house.report(admin)
    path, body = f"/demands/{item['no']}/acts", {"act": "urge"}
    answers = [await house.api("POST", path, admin, body, Idempotency_Key="k-1") for _ in range(3)]
    assert answers[0][0] == 200
    assert answers[1] == answers[0] == answers[2]
    _, now = await house.api("GET", f"/demands/{item['no']}", admin)
    assert [e["act"] for e in now["events"]].count("urge") == 1


async def test_a_refusal_is_repeated_too(small_house):
    """The first answer stands even when the act would pass by now."""
    admin = small_house.token("admin")
    item = await small_house.report(admin)
    path = f"/demands/{item['no']}/acts"
    first = await small_house.api("POST", path, admin, {"act": "rate", "stars": 5}, Idempotency_Key="k-2")
    assert first[0] == 409
    for act in ("accept", "fulfil"):
        await small_house.act(admin, item["no"], act)
    assert await small_house.api("POST", path, admin, {"act": "rate", "stars": 5}, Idempotency_Key="k-2") == first
    assert (await small_house.api("GET", f"/demands/{item['no']}", admin))[1]["stage"] == "done"


async def test_a_key_belongs_to_one_request_of_one_token(small_house):
    """Another body is 422 and does nothing; another token has keys of its own; a bad key is 422."""
    one, other = small_house.token("admin"), small_house.token("admin")
    body = {"text": "海棠苑1栋门口垃圾没人收"}
    first = await small_house.api("POST", "/demands", one, body, Idempotency_Key="k-3")
    status, answer = await small_house.api(
        "POST", "/demands", one, body | {"urgency": "urgent"}, Idempotency_Key="k-3"
    )
    assert (status, answer["error"]["code"]) == (422, "key_reused")
    status, answer = await small_house.api("POST", "/resources", one, body, Idempotency_Key="k-3")
    assert (status, answer["error"]["code"]) == (422, "key_reused")
    second = await small_house.api("POST", "/demands", other, body, Idempotency_Key="k-3")
    assert (first[0], second[0]) == (201, 201)
    assert first[1]["no"] != second[1]["no"]
    for key in ("", "x" * 201, "with space"):
        status, answer = await small_house.api("POST", "/demands", one, body, Idempotency_Key=key)
        assert (status, answer["error"]["field"]) == (422, "Idempotency-Key"), key
    assert len((await small_house.api("GET", "/demands", one))[1]["items"]) == 2


async def test_requests_with_one_key_at_the_same_time_act_once(house):
    """Ten at once: one demand, ten equal answers."""
    import asyncio

    admin = house.token("admin")
    body = {"text": "海棠苑1栋门口垃圾没人收"}
    calls = [house.api("POST", "/demands", admin, body, Idempotency_Key="k-4") for _ in range(10)]
    answers = await asyncio.gather(*calls)
    assert {status for status, _ in answers} == {201}
    assert len({item["no"] for _, item in answers}) == 1
    assert len((await house.api("GET", "/demands", admin))[1]["items"]) == 1


async def test_a_refusal_that_is_kept_undoes_what_came_before_it(house):
    """The answer is stored and repeated; the half-made row is not there."""
    limited = house.token("secretary", community="海棠社区")
    body = {"category": "noise", "unit": "春晖物业"}
    for _ in range(2):
        status, answer = await house.api("POST", "/responsibilities", limited, body, Idempotency_Key="k-5")
        assert (status, answer["error"]["code"]) == (403, "not_your_community")
    admin = house.token("admin")
    assert (await house.api("POST", "/responsibilities", admin, body | {"category": "pets"}))[0] == 201
    _, page = await house.api("GET", "/responsibilities?limit=2", admin)
    assert [item["category"] for item in page["items"]] == ["pets", "sanitation"]


@pytest.mark.parametrize("to", ["街道", "联席会议", "街道党建联席会议", "专题会议", "听证会", "周末议事厅", None])
async def test_it_is_raised_to_the_street_or_to_a_meeting(small_house, to):
    """By any name of them; without one it is the joint meeting."""
    admin = small_house.token("admin")
    item = await small_house.report(admin)
    status, answer = await small_house.act(admin, item["no"], "escalate", reason="没钱", to=to)
    assert (status, answer["escalated_to"]) == (200, to or "街道党建联席会议")


@pytest.mark.parametrize("empty", ["", None])
async def test_a_wrong_part_of_the_place_is_taken_out(small_house, empty):
    """Empty or null clears it, and whoever goes there is told."""
    admin = small_house.token("admin")
    item = await small_house.report(admin, "海棠苑3栋2单元501电梯坏了")
    assert (item["building"], item["unit"], item["room"]) == ("3", "2", "501")
    status, answer = await small_house.act(admin, item["no"], "correct", unit=empty, room=empty)
    assert (status, answer["building"], answer["unit"], answer["room"]) == (200, "3", None, None)
    told = small_house.office.store.look(lambda tx: {row.message for row in tx.list(Outbox)})
    assert "corrected" in told
    status, answer = await small_house.act(admin, item["no"], "correct", unit=empty)
    assert (status, answer["error"]["code"]) == (409, "nothing_new")
