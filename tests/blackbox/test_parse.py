"""`parse`: JSON Lines in, JSON Lines out, in order, labels of the taxonomy, no database and no network."""

import json
from pathlib import Path

import pytest
from tests.blackbox.conftest import ROSTER
from tests.blackbox.service import Done, House

LINES = [
    {"id": "a", "text": "云杉小区5幢3单元电梯坏了", "now": "2026-11-25T10:00:00+08:00"},
    {"id": "b", "text": "接单，D20261122-0007", "role": "provider"},
    {"id": "c", "text": "12号单派给乐居物业", "role": "secretary"},
    {"id": "d", "text": "会修家电，周末可以来帮忙", "role": "member"},
    {"id": "e", "text": "东门外着火了！", "estate": "梧桐小区"},
    {"id": "f", "text": "云杉路口的路灯不亮，另外6栋的垃圾三天没人收", "estate": "云杉苑"},
]
INTENTS = {
    *[
        "demand.report",
        "complaint",
        "mediation",
        "suggestion",
        "wish",
        "resource.offer",
        "service.offer",
        "progress.query",
        "demand.urge",
    ],
    *[
        "demand.withdraw",
        "demand.supplement",
        "feedback.satisfied",
        "feedback.unsatisfied",
        "praise",
        "consult",
        "notice.query",
    ],
    *[
        "meeting.query",
        "meeting.propose",
        "activity.query",
        "activity.signup",
        "activity.cancel",
        "checkin",
        "points.query",
    ],
    *[
        "points.redeem",
        "member.register",
        "order.assist",
        "order.accept",
        "order.return",
        "order.progress",
        "order.fulfil",
    ],
    *["order.extend", "order.dispatch", "order.escalate", "order.merge", "order.close", "order.list", "visit.log"],
    *["meeting.schedule", "meeting.resolve", "report.stats", "human", "help", "privacy", "greeting", "unknown"],
}
CATEGORIES = {
    "elevator",
    "plumbing",
    "power",
    "gas_heat",
    "building",
    "sanitation",
    "greening",
    "parking",
    "fire_safety",
    "public_order",
    "noise",
    "pets",
    "illegal_build",
    "property_fee",
    "neighbor",
    "committee",
    "elder_child",
    "aid",
    "convenience",
    "culture",
    "other",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A folder without any database; one that would be needed is named where none can be."""
    from tests.blackbox.service import settings

    env = settings("postgresql://nobody:x@127.0.0.1:1/none")
    return House(tmp_path_factory.mktemp("parse"), env)


@pytest.fixture(scope="module")
def parsed(house: House) -> Done:
    lines = [json.dumps(line, ensure_ascii=False) for line in LINES]
    lines[2:2] = ["{not json", json.dumps({"id": "x"}), json.dumps({"id": "y", "text": 7}), json.dumps(["a"])]
    lines.insert(1, json.dumps({"id": "z", "text": "你好", "role": "emperor"}))
    return house.run("parse", "-", "--roster", str(ROSTER), stdin="\n".join(lines) + "\n")


def rows(done: Done) -> list[dict]:
    return [json.loads(line) for line in done.out.splitlines()]


def test_order_is_kept_and_bad_lines_do_not_stop_the_run(parsed):
    """Every line gets one answer in its place; the bad ones an error, and the exit code says so at the end."""
    assert [row["id"] for row in rows(parsed)] == ["a", "z", "b", None, "x", "y", None, "c", "d", "e", "f"]
    assert {row["id"]: "error" in row for row in rows(parsed)} == dict.fromkeys("abcdef", False) | {
        "z": True,
        "x": True,
        "y": True,
        None: True,
    }
    assert parsed.code == 1


def test_labels_and_absent_things(parsed):
    """Labels are the taxonomy's; what is absent is null or missing, never an empty string."""
    for row in rows(parsed):
        if "error" in row:
            continue
        assert row["acts"], row
        for act in row["acts"]:
            assert {"intent", "category", "urgency", "slots", "confidence"} <= act.keys()
            assert act["intent"] in INTENTS
            assert act["category"] in CATEGORIES | {None}
            assert act["urgency"] in {"emergency", "urgent", "normal", None}
            assert 0 <= act["confidence"] <= 1
            assert "" not in act["slots"].values()
            assert "" not in act.values()


def test_what_is_understood(parsed):
    """Roles decide, estates and parties are named as the roster names them, dangers are dangers."""
    acts = {row["id"]: row["acts"] for row in rows(parsed) if "acts" in row}
    lift = acts["a"][0]
    assert (lift["intent"], lift["category"]) == ("demand.report", "elevator")
    assert {name: lift["slots"].get(name) for name in ("estate", "building", "unit")} == {
        "estate": "云杉苑",
        "building": "5",
        "unit": "3",
    }
    assert acts["b"][0]["intent"] == "order.accept"
    assert acts["b"][0]["slots"]["order"] == "D20261122-0007"
    assert acts["c"][0]["intent"] == "order.dispatch"
    assert (acts["c"][0]["slots"]["order"], acts["c"][0]["slots"]["party"]) == ("12", "乐居物业")
    assert acts["d"][0]["intent"] == "service.offer"
    assert (acts["e"][0]["intent"], acts["e"][0]["urgency"]) == ("demand.report", "emergency")
    assert [act["category"] for act in acts["f"]] == ["power", "sanitation"]


def test_a_file_and_no_roster(house):
    """A file may be named, blank lines are not lines, and without a roster places stay as they were said."""
    Path(house.folder, "in.jsonl").write_text('{"id": 1, "text": "金色家园3号楼电梯坏了"}\n\n', encoding="utf-8")
    env = {"REDPROP_DATABASE_URL": f"sqlite:///{house.folder}/not-there/none.db"}
    done = house.run("parse", "in.jsonl", env=env)
    assert done.code == 0, done.all
    (row,) = rows(done)
    assert row["id"] == 1
    assert row["acts"][0]["slots"]["estate"] == "金色家园"
    assert not Path(house.folder, "not-there").exists()


def test_explain_and_wrong_use(house):
    """`--explain` still writes JSON Lines; files that are not there are wrong use."""
    done = house.run("parse", "--explain", stdin='{"id":"q","text":"梧桐里3栋停水了"}\n')
    assert done.code == 0, done.all
    (row,) = rows(done)
    assert row["acts"][0]["category"] == "plumbing"
    assert set(row) > {"id", "acts"} or set(row["acts"][0]) > {
        "intent",
        "category",
        "urgency",
        "slots",
        "confidence",
    }
    assert house.run("parse", "nowhere.jsonl").code == 2
    assert house.run("parse", "--roster", "nowhere.yaml", stdin="").code == 2
