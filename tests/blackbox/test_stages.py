"""Section 7 by API: which act is refused in which stage, and what the allowed ones leave behind."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.blackbox.conftest import Town

SOON = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
FIELDS: dict[str, dict[str, object]] = {
    "dispatch": {"to": "乐居物业"},
    "accept": {},
    "return": {"reason": "不归我们"},
    "progress": {"note": "在修"},
    "fulfil": {"note": "好了"},
    "extend": {"days": 2, "reason": "等配件"},
    "grant": {"days": 2},
    "pause": {"reason": "等钱", "until": SOON},
    "resume": {},
    "rate": {"stars": 4},
    "reopen": {"reason": "又坏了"},
    "withdraw": {},
    "urge": {},
    "supplement": {"text": "还有一点"},
    "assist": {},
    "escalate": {"reason": "太难"},
    "correct": {"urgency": "urgent"},
    "close": {"reason": "other"},
}
OPEN = {"urge", "supplement", "assist", "escalate", "correct", "close"}
ALLOWED = {
    "new": OPEN | {"dispatch", "withdraw"},
    "dispatched": OPEN | {"dispatch", "accept", "return", "progress", "fulfil", "extend", "pause", "withdraw"},
    "accepted": OPEN | {"dispatch", "return", "progress", "fulfil", "extend", "pause", "withdraw"},
    "done": OPEN | {"rate", "reopen"},
    "closed": {"rate", "reopen"},
    "returned": OPEN | {"dispatch", "withdraw"},
    "tabled": OPEN | {"dispatch"},
    "suspended": OPEN | {"dispatch", "resume"},
    "withdrawn": set(),
    "merged": set(),
}
ROAD: dict[str, list[tuple[str, dict[str, object]]]] = {
    "new": [],
    "dispatched": [("dispatch", {"to": "恒信物业"})],
    "accepted": [("dispatch", {"to": "恒信物业"}), ("accept", {})],
    "done": [("dispatch", {"to": "恒信物业"}), ("fulfil", {"note": "好了"})],
    "closed": [("close", {"reason": "solved"})],
    "returned": [("dispatch", {"to": "恒信物业"}), ("return", {"reason": "不归我们"})],
    "tabled": [("escalate", {"reason": "太难"})],
    "suspended": [("dispatch", {"to": "恒信物业"}), ("pause", FIELDS["pause"])],
    "withdrawn": [("withdraw", {})],
}


def made(town: Town, stage: str) -> str:
    """A demand that nobody answers for, brought to a stage."""
    api = town.api()
    number = str(api.order(text=f"{town.stairs()}楼下流浪狗没人管", category="pets", intent="demand.report")["no"])
    for verb, fields in ROAD.get(stage, []):
        got = api.act(number, verb, **fields)
        assert got.status == 200, (verb, got.text)
    if stage == "merged":
        assert api.act(number, "merge", into=made(town, "new")).status == 200
    assert api.demand(number)["stage"] == stage
    return number


@pytest.mark.parametrize("stage", ALLOWED)
def test_what_a_stage_refuses(town: Town, stage: str):
    """What the stage does not allow is 409 and changes nothing."""
    api = town.api()
    number = made(town, stage)
    before = api.demand(number)
    for verb in FIELDS.keys() - ALLOWED[stage]:
        if verb == "grant" and stage in {"dispatched", "accepted"}:
            continue  # that a grant follows a request is not said
        got = api.act(number, verb, **FIELDS[verb])
        assert got.status == 409, (stage, verb, got.status, got.text)
        assert got.json["error"]["code"]
    assert api.demand(number) == before


@pytest.mark.parametrize(
    "stage", ["new", "dispatched", "accepted", "done", "closed", "returned", "tabled", "suspended"]
)
def test_what_a_stage_allows(town: Town, stage: str):
    """Each allowed act is taken once from that stage, and stands in the history under its verb."""
    api = town.api()
    for verb in sorted(ALLOWED[stage] - {"rate"} if stage == "closed" else ALLOWED[stage]):
        number = made(town, stage)
        got = api.act(number, verb, **FIELDS[verb])
        assert got.status == 200, (stage, verb, got.status, got.text)
        assert verb in api.acts(number), (stage, verb)


def test_fulfil_on_a_dispatched_order_accepts_it(town: Town):
    """Progress and fulfil on a dispatched order accept it."""
    api = town.api()
    number = made(town, "dispatched")
    assert api.act(number, "progress", note="在看").status == 200
    assert api.demand(number)["stage"] == "accepted"
    number = made(town, "dispatched")
    assert api.act(number, "fulfil", note="好了").status == 200
    assert api.demand(number)["stage"] == "done"


def test_the_third_dispatch_cannot_be_returned(town: Town):
    """Two units may send it back; the third keeps it."""
    api = town.api()
    number = made(town, "new")
    for unit in ("恒信物业", "乐居物业"):
        assert api.act(number, "dispatch", to=unit).status == 200
        assert api.act(number, "return", reason="不归我们").status == 200
    assert api.act(number, "dispatch", to="临川执法队").status == 200
    assert api.act(number, "return", reason="不归我们").status == 409
    assert api.demand(number)["stage"] == "dispatched"


def test_low_ratings_reopen(town: Town):
    """One and two stars are a reopening; three and more close; stars are one to five."""
    api = town.api()
    for stars, stage in ((1, "dispatched"), (2, "dispatched"), (3, "closed"), (5, "closed")):
        number = made(town, "done")
        assert api.act(number, "rate", stars=stars, reason="说明").status == 200
        assert api.demand(number)["stage"] == stage, stars
    number = made(town, "done")
    for wrong in (0, 6, 3.5, "five", None):
        got = api.act(number, "rate", stars=wrong)
        assert got.status in {400, 422}, (wrong, got.text)
        assert got.json["error"]["field"] == "stars"
    assert api.demand(number)["stage"] == "done"


def test_clocks_stop_while_suspended(town: Town):
    """Pause stops the clocks, resume goes back to where it was."""
    api = town.api()
    number = made(town, "accepted")
    assert api.act(number, "pause", reason="等维修资金", until=SOON).status == 200
    assert api.demand(number)["stage"] == "suspended"
    assert api.act(number, "resume").status == 200
    assert api.demand(number)["stage"] == "accepted"


def test_grant_limits(town: Town):
    """A secretary grants at most five days, the street ten, once."""
    secretary = town.api("secretary", "--community", "梧桐社区")
    api = town.api()
    number = made(town, "accepted")
    assert api.act(number, "extend", days=8, reason="等配件").status == 200
    before = api.demand(number)["due_at"]
    assert secretary.act(number, "grant", days=6).status in {400, 403, 409, 422}
    street = town.api("street")
    assert street.act(number, "grant", days=11).status in {400, 403, 409, 422}
    assert api.demand(number)["due_at"] == before
    assert street.act(number, "grant", days=8).status == 200
    assert api.demand(number)["due_at"] > before
    assert street.act(number, "grant", days=1).status == 409


def test_a_corrected_category_is_dispatched_anew(town: Town):
    """A changed category goes by the responsibility list again."""
    api = town.api()
    number = made(town, "new")
    assert api.act(number, "correct", category="elevator").status == 200
    found = api.demand(number)
    assert (found["category"], found["stage"], found["handler"]) == ("elevator", "dispatched", "恒信物业")


def test_helpers_beside_the_lead(town: Town):
    """A member who lends a hand stands among the helpers and takes nothing from the handler."""
    api = town.api()
    number = made(town, "accepted")
    town.staff("chengdy").says(f"我来认领 {number}，可以帮忙")
    found = api.demand(number)
    assert found["helpers"] == ["成党员"]
    assert (found["handler"], found["stage"]) == ("恒信物业", "accepted")
