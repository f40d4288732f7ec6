"""`/api/v1`: tokens and what each sees, collections, filters, cursors, errors, repeated keys, the fields of a demand."""

from datetime import datetime

import pytest
from tests.blackbox.conftest import Town
from tests.blackbox.service import Api

FIELDS = [
    "no",
    "stage",
    "intent",
    "category",
    "urgency",
    "text",
    "community",
    "estate",
    "building",
    "unit",
    "room",
    "place",
    "reporter",
    "supporters",
    "reported_at",
    "respond_by",
    "due_at",
    "handler",
    "helpers",
    "escalated_to",
    "rating",
    "attachments",
    "events",
]
COLLECTIONS = ["demands", "resources", "services", "responsibilities", "ratings", "organisations"]
MINE, OTHER = "梧桐社区", "海棠社区"


@pytest.fixture(scope="module")
def roles(town: Town) -> dict[str, Api]:
    """A token of every role."""
    return {
        "admin": town.api(),
        "street": town.api("street"),
        "secretary": town.api("secretary", "--community", MINE),
        "elsewhere": town.api("secretary", "--community", OTHER),
        "clerk": town.api("clerk", "--community", MINE),
        "provider": town.api("provider", "--organisation", "恒信物业"),
        "rival": town.api("provider", "--organisation", "乐居物业"),
        "viewer": town.api("viewer"),
    }


def order(town: Town, what: str = "电梯坏了", **more: object) -> str:
    return str(town.api().order(text=f"{town.stairs()}{what}", **more)["no"])


def test_without_a_token(town: Town):
    """No token, a wrong one, another scheme: 401 and the common error form."""
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}):
        got = town.service.call("GET", "/api/v1/demands", headers=headers)
        assert got.status == 401, headers
        assert set(got.json["error"]) >= {"code", "message"}
        assert got.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in got.headers
    assert town.service.call("GET", "/api/v1/openapi.json").status == 200


def test_fields_of_a_demand(town: Town):
    """All the fields that stand, times with offset, events in order; text suffices and fields override."""
    made = town.api().order(text=f"{town.stairs()}电梯坏了")
    assert not set(FIELDS) - set(made)
    found = town.api().demand(made["no"])
    assert not set(FIELDS) - set(found)
    for name in ("reported_at", "respond_by", "due_at"):
        assert datetime.fromisoformat(found[name]).tzinfo is not None
    assert [set(event) >= {"at", "act", "by", "note"} for event in found["events"]] == [True, True]
    assert [event["act"] for event in found["events"]] == ["order", "dispatch"]
    assert (found["supporters"], found["helpers"], found["rating"], found["escalated_to"]) == (0, [], None, None)
    assert found["attachments"] == []
    given = town.api().order(
        text="有点问题",
        intent="demand.report",
        category="building",
        urgency="urgent",
        estate="海棠小区",
        building="7",
        unit="1",
    )
    assert [given[name] for name in ("category", "urgency", "estate", "building", "community", "handler")] == [
        *("building", "urgent", "海棠湾", "7", OTHER, "乐居物业")
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": 5}, "text"),
        ({"text": "坏了", "category": "lava"}, "category"),
        ({"text": "坏了", "urgency": "soon"}, "urgency"),
        ({"text": "坏了", "estate": "没有这个小区"}, "estate"),
        ({"text": "坏了", "building": 3.5}, "building"),
        ({"text": "坏了", "colour": "red"}, "colour"),
        (["text"], None),
    ],
)
def test_bodies_that_are_wrong(town: Town, body, field):
    """A wrong body is a 4xx that names the field."""
    got = town.api().call("POST", "/demands", body)
    assert got.status in {400, 422}, got.text
    assert {"code", "message"} <= set(got.json["error"])
    if field:
        assert got.json["error"].get("field") == field, got.text


def test_broken_json_and_wrong_paths(town: Town):
    """Broken JSON is 400, what is not there 404, wrong method 405: all in the common form."""
    api = town.api()
    got = api.call("POST", "/demands", b"{")
    assert (got.status, set(got.json["error"]) >= {"code", "message"}) == (400, True)
    for path in ("/demands/D20200101-9999", "/nothing", "/demands/..%2f..%2fetc", "/points/nobody-here-at-all"):
        got = api.call("GET", path)
        assert got.status in {404, 200} if "points" in path else got.status == 404, path
    assert api.call("DELETE", "/demands").status == 405


@pytest.mark.parametrize("name", COLLECTIONS)
def test_collections(town: Town, name):
    """Every collection answers items and a cursor; cursors that were never given are refused."""
    page = town.api().get("/" + name)
    assert set(page) == {"items", "next"}
    assert town.api().call("GET", "/" + name, cursor="bogus").status in {400, 422}
    assert town.api().call("GET", "/" + name, limit="many").status in {400, 422}


def test_filters_and_cursors(town: Town):
    """Filters hold together; cursors walk through everything once; unknown filter values are refused."""
    api = town.api()
    made = {order(town, "楼道灯不亮") for _ in range(5)}
    lift = order(town)
    for number in list(made)[:2]:
        assert api.act(number, "accept").status == 200
    seen, cursor = [], None
    while True:
        page = api.get("/demands", limit=2, category="power", **({"cursor": cursor} if cursor else {}))
        assert len(page["items"]) <= 2
        seen += [one["no"] for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen))
    assert made <= set(seen)
    assert lift not in seen

    def numbers(**filters: str) -> set[str]:
        return {one["no"] for one in api.get("/demands", limit=100, **filters)["items"]}

    accepted = numbers(stage="accepted", category="power", estate="梧桐里")
    assert accepted & made == set(list(made)[:2])
    assert not numbers(estate="海棠湾") & (made | {lift})
    assert numbers(q=lift) == {lift}
    assert numbers(q="楼道灯") >= made
    assert lift in numbers(urgency="urgent")
    assert not numbers(overdue="true") & made
    assert made <= numbers(overdue="false", category="power")
    for wrong in ({"stage": "asleep"}, {"category": "lava"}, {"urgency": "soon"}, {"overdue": "perhaps"}):
        assert api.call("GET", "/demands", **wrong).status in {400, 422}, wrong


def test_what_each_role_sees(town: Town, roles: dict[str, Api]):
    """A community's tokens see their community; providers their own orders; viewers no persons."""
    number = order(town, "302室电梯坏了，电话13755556666", phone="13755556666")
    for role, api in roles.items():
        assert api.call("GET", f"/demands/{number}").status == (404 if role in {"elsewhere", "rival"} else 200), (
            role
        )
        listed = {one["no"] for one in api.get("/demands", limit=100, q=number)["items"]}
        assert (number in listed) == (role not in {"elsewhere", "rival"}), role
    assert "13755556666" in str(roles["secretary"].demand(number))
    assert "13755556666" not in str(roles["viewer"].demand(number))
    me = roles["secretary"].get("/me")
    assert "calendar" in me
    assert me["role"] == "secretary"


ACTS = {
    "dispatch": {"to": "乐居物业"},
    "accept": {},
    "return": {"reason": "不归我们"},
    "progress": {"note": "在修"},
    "fulfil": {"note": "好了"},
    "extend": {"days": 2, "reason": "等配件"},
    "grant": {"days": 2},
    "pause": {"reason": "等钱", "until": "2027-03-01"},
    "escalate": {"reason": "太难"},
    "correct": {"category": "building"},
    "close": {"reason": "other"},
    "merge": {"into": "D20200101-0001"},
    "assist": {},
    "urge": {},
    "supplement": {"text": "还有"},
}


def test_viewers_never_act(town: Town, roles: dict[str, Api]):
    """Every act of a viewer is 403; a provider's act on somebody else's order is 404; nothing changes."""
    number = order(town)
    before = town.api().demand(number)
    for verb, fields in ACTS.items():
        assert roles["viewer"].act(number, verb, **fields).status == 403, verb
        assert roles["rival"].act(number, verb, **fields).status == 404, verb
        assert roles["elsewhere"].act(number, verb, **fields).status == 404, verb
    assert roles["viewer"].call("POST", "/demands", {"text": "电梯坏了"}).status == 403
    assert town.api().demand(number) == before


@pytest.mark.parametrize("verb", ["dispatch", "grant", "pause", "escalate", "correct", "close", "merge"])
def test_what_is_the_secretarys(town: Town, roles: dict[str, Api], verb):
    """What is the secretary's is not the unit's."""
    number = order(town)
    before = town.api().demand(number)
    fields = {"into": order(town)} if verb == "merge" else ACTS[verb]
    assert roles["provider"].act(number, verb, **fields).status == 403
    assert town.api().demand(number) == before


@pytest.mark.parametrize("verb", ["accept", "progress", "fulfil", "return", "extend"])
def test_what_is_the_units(town: Town, roles: dict[str, Api], verb):
    """What is the unit's is not the secretary's nor the clerk's."""
    number = order(town)
    before = town.api().demand(number)
    for role in ("secretary", "clerk", "street"):
        assert roles[role].act(number, verb, **ACTS[verb]).status == 403, role
    assert town.api().demand(number) == before


def test_wrong_acts(town: Town):
    """Unknown verbs, missing and malformed fields are 400 with the field; nothing changes."""
    number = order(town)
    before = town.api().demand(number)
    for verb, fields, field in [
        ("dance", {}, "act"),
        ("dispatch", {}, "to"),
        ("dispatch", {"to": "没有的单位"}, "to"),
        ("return", {}, "reason"),
        ("extend", {"days": 0, "reason": "x"}, "days"),
        ("extend", {"days": "many", "reason": "x"}, "days"),
        ("close", {"reason": "because"}, "reason"),
        ("correct", {"category": "lava"}, "category"),
        ("correct", {"estate": "没有的小区"}, "estate"),
        ("merge", {"into": "D20200101-0001"}, "into"),
        ("pause", {"reason": "x", "until": "someday"}, "until"),
    ]:
        got = town.api().act(number, verb, **fields)
        assert got.status in {400, 404, 409, 422}, (verb, fields, got.text)
        assert got.json["error"].get("field") == field, (verb, fields, got.text)
    assert town.api().act(number, "merge", into=number).status in {400, 409, 422}
    assert town.api().demand(number) == before


def test_repeated_keys(town: Town):
    """The same key repeats the first answer, refusals too; another body under a used key is refused."""
    api = town.api()
    body = {"text": f"{town.stairs()}电梯坏了"}
    first = api.call("POST", "/demands", body, key="k-order-1")
    again = api.call("POST", "/demands", body, key="k-order-1")
    assert (again.status, again.json) == (first.status, first.json)
    number = first.json["no"]
    act = {"act": "progress", "note": "量了尺寸"}
    one = api.call("POST", f"/demands/{number}/acts", act, key="k-act-1")
    two = api.call("POST", f"/demands/{number}/acts", act, key="k-act-1")
    assert (two.status, two.json) == (one.status, one.json)
    assert api.acts(number).count("progress") == 1
    assert api.call("POST", f"/demands/{number}/acts", act | {"note": "别的"}, key="k-act-1").status in {409, 422}
    assert api.acts(number).count("progress") == 1


def test_people_may_edit_lists_with_the_version(town: Town, roles: dict[str, Api]):
    """POST makes, PATCH wants the item's version, a stale one is 409; viewers do neither."""
    api = roles["secretary"]
    made = api.call("POST", "/resources", {"title": "轮椅两把", "kind": "item", "place": "居委会一楼"})
    if made.status in {400, 422}:
        made = api.call("POST", "/resources", {"title": "轮椅两把", "place": "居委会一楼"})
    assert made.status in {200, 201}, made.text
    item = made.json
    number = item.get("no") or item["id"]
    changed = api.call("PATCH", f"/resources/{number}", {"title": "轮椅三把", "version": item["version"]})
    assert changed.status == 200, changed.text
    assert api.get(f"/resources/{number}")["title"] == "轮椅三把"
    assert api.call("PATCH", f"/resources/{number}", {"title": "x", "version": item["version"]}).status == 409
    assert api.call("PATCH", f"/resources/{number}", {"title": "x"}).status in {400, 409, 422, 428}
    assert roles["viewer"].call("POST", "/resources", {"title": "别的"}).status == 403
    assert api.get(f"/resources/{number}")["title"] == "轮椅三把"


def test_figures(town: Town):
    """`stats` answers for a span of days and refuses what is no day."""
    assert town.api().call("GET", "/stats", **{"from": "2026-11-01", "to": "2026-11-30"}).status == 200
    assert town.api().call("GET", "/stats", **{"from": "never"}).status in {400, 422}
