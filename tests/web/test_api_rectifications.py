"""整改 by API: opened, reported, more days, re-checked, talks; who may not changes nothing, and reads nothing."""

from datetime import UTC, datetime, timedelta

from tests.support.told import told
from tests.web.conftest import House
from tests.web.test_api_appraisals import _published

from redprop_bot.clock.kinds import ABOVE
from redprop_bot.loop import due
from redprop_bot.store import soundness
from redprop_bot.web.api.document import ITEMS

NEW = {
    "unit": "春晖物业",
    "items": ["东门道闸修好", "垃圾房每天冲洗"],
    "due": "2026-12-10",
    "reason": "11月检查看到的",
}


def _told(house: House) -> list[tuple[str, str]]:
    """Who was told what of 整改 so far."""
    rows = house.office.store.look(told)
    return [(row.receiver, row.message) for row in rows if row.message.startswith(("rectification_", "talk_"))]


def _sweep(house: House, at: datetime) -> None:
    house.clock.at = at
    for _ in range(2):
        house.office.store.run(lambda tx: due.sweep(tx, ABOVE))


async def _open(house: House, token: str, **more):
    status, made = await house.api("POST", "/rectifications", token, NEW | more)
    assert status == 201, made
    return made


async def _act(house: House, token: str, row: int, act: str, **fields):
    return await house.api("POST", f"/rectifications/{row}/acts", token, {"act": act, **fields})


def _tokens(house: House) -> tuple[str, str]:
    return house.token("secretary", community="海棠社区"), house.token("provider", organisation="春晖物业")


async def test_from_the_order_to_passed(house):
    """The manager hears at once and says it is done; failed once with another day, then passed; the history stays."""
    secretary, unit = _tokens(house)
    made = await _open(house, secretary)
    assert set(made) == set(ITEMS["Rectification"]["properties"])
    row = made["id"]
    assert (made["state"], made["due_at"], made["late"]) == ("open", "2026-12-10T18:00:00+08:00", False)
    assert made["acts"] == ["talk", "withdraw"]
    assert _told(house) == [("jianjl", "rectification_opened")]
    assert (await _act(house, secretary, row, "pass"))[0] == 409  # neither said to be done nor over
    assert (await _act(house, unit, row, "report"))[0] == 422
    status, seen = await _act(house, unit, row, "report", text="道闸换了电机，垃圾房装了水管")
    assert (status, seen["state"], seen["report"]) == (200, "reported", "道闸换了电机，垃圾房装了水管")
    assert (await _act(house, unit, row, "report", text="又一次"))[0] == 409
    assert _told(house)[1:] == [("linsj", "rectification_reported")]
    assert (await _act(house, secretary, row, "fail", reason="垃圾房没冲"))[0] == 422  # no day
    assert (await _act(house, secretary, row, "fail", due="2026-12-20"))[0] == 422  # no reason
    for day in ("2026-11-24", "2027-12-20", "12月", "2026-02-30"):
        assert (await _act(house, secretary, row, "fail", reason="没冲", due=day))[0] == 422
    status, now = await _act(house, secretary, row, "fail", reason="垃圾房没冲", due="2026-12-20")
    assert (status, now["state"], now["failures"], now["failed"]) == (200, "open", 1, "垃圾房没冲")
    assert (await _act(house, secretary, row, "fail", reason="没冲", due="2026-12-25"))[0] == 409  # said twice
    assert now["talks"] == []
    await _act(house, unit, row, "report", text="冲了")
    status, now = await _act(house, secretary, row, "pass")
    assert (status, now["state"], now["acts"]) == (200, "passed", ["talk"])
    for act, token in (("report", unit), ("extend", unit), ("withdraw", secretary)):
        assert (await _act(house, token, row, act, text="x", reason="x", until="2026-12-30"))[0] == 409
    names = [(one["name"].removeprefix("rectification_"), one["side"]) for one in now["history"]]
    done = [("opened", "community"), ("reported", "company"), ("failed", "community"), ("reported", "company")]
    assert names == [*done, ("passed", "community")]
    assert [one["text"] for one in now["history"]][:3] == [
        "11月检查看到的",
        "道闸换了电机，垃圾房装了水管",
        "垃圾房没冲",
    ]
    _, seen = await house.api("GET", f"/rectifications/{row}", unit)
    assert {one["by"] for one in seen["history"]} == {None}
    assert house.office.store.look(soundness.problems) == []


async def test_who_may_not_changes_and_reads_nothing(house):
    """Another community, another company, a clerk, a viewer, a worker of a company, the company about itself."""
    secretary, unit = _tokens(house)
    other, rival = house.token("secretary", community="银杏社区"), house.token("provider", organisation="金秋物业")
    clerk, viewer = house.token("clerk", community="海棠社区"), house.token("viewer", community="海棠社区")
    street = house.token("street")
    for token in (unit, clerk, viewer):
        assert (await house.api("POST", "/rectifications", token, NEW | {"community": "海棠社区"}))[0] == 403
    assert (await house.api("POST", "/rectifications", other, NEW))[0] == 422  # no company of theirs
    assert (await house.api("GET", "/rectifications", street))[1]["items"] == []
    assert _told(house) == []
    row = (await _open(house, street, community="海棠社区"))["id"]
    for token in (other, rival):
        assert (await house.api("GET", f"/rectifications/{row}", token))[0] == 404
        assert (await house.api("GET", "/rectifications", token))[1]["items"] == []
        assert (await _act(house, token, row, "withdraw", reason="x"))[0] == 404
    for token in (clerk, unit):
        assert (await house.api("GET", "/rectifications", token))[1]["items"][0]["id"] == row
        for act in ("pass", "fail", "talk", "withdraw", "grant", "no_talk"):
            fields = {"reason": "x", "due": "2026-12-20", "on": "2026-11-26", "by": "x", "agreed": "x"}
            assert (await _act(house, token, row, act, **fields))[0] == 403, act
    for token in (clerk, secretary, street):
        assert (await _act(house, token, row, "report", text="x"))[0] == 403
    assert (await _act(house, viewer, row, "withdraw", reason="x"))[0] == 403
    assert (await house.api("GET", f"/rectifications/{row}", viewer))[1]["acts"] == []
    _, now = await house.api("GET", f"/rectifications/{row}", secretary)
    assert (now["state"], len(now["history"])) == ("open", 1)


async def test_what_is_wrong_is_said_and_changes_nothing(small_house):
    """No items, too many, no reason, a day that is past or too far, a unit that is no company there, the same twice."""
    house = small_house
    secretary, _ = _tokens(house)
    for wrong in (
        {"items": []},
        {"items": ["  "]},
        {"items": ["长" * 201]},
        {"items": [f"第{n}条" for n in range(21)]},
        {"reason": ""},
        {"due": "2026-11-24"},
        {"due": "2027-11-24"},
        {"due": "十二月"},
        {"unit": "望月供水所"},
        {"unit": "金秋物业"},
        {"unit": "没有这家"},
        {"appraisal": 99},
        {"colour": "red"},
    ):
        status, said = await house.api("POST", "/rectifications", secretary, NEW | wrong)
        assert status == 422, (wrong, said)
    assert (await house.api("GET", "/rectifications", secretary))[1]["items"] == []
    first = await _open(house, secretary)
    again = NEW | {"items": [NEW["items"][1], NEW["items"][0], NEW["items"][0]]}
    assert (await house.api("POST", "/rectifications", secretary, again))[0] == 409
    await _act(house, secretary, first["id"], "withdraw", reason="下错了公司")
    made = await _open(house, secretary)  # once it is over it may be opened again
    assert made["id"] != first["id"]


async def test_it_comes_from_a_result_of_an_appraisal(small_house):
    """A round with a result of this company in this community; then no reason is needed."""
    house = small_house
    secretary, unit = _tokens(house)
    item = await _published(house, secretary)
    body = {name: value for name, value in NEW.items() if name != "reason"} | {"appraisal": item["id"]}
    status, made = await house.api("POST", "/rectifications", secretary, body)
    assert (status, made["appraisal"], made["reason"]) == (201, item["id"], "")
    other = await house.api("POST", "/appraisals", secretary, {"sheet": "month", "period": "2026-09"})
    body |= {"items": ["另一件"], "appraisal": other[1]["items"][0]["id"]}
    assert (await house.api("POST", "/rectifications", secretary, body))[0] == 422  # no result yet
    assert (await house.api("GET", f"/rectifications/{made['id']}", unit))[0] == 200


async def test_more_days_are_asked_for_once(house):
    """In time and not too many; a yes moves the day and its timers, a no leaves it; nobody asks twice."""
    secretary, unit = _tokens(house)
    row = (await _open(house, secretary))["id"]
    for wrong in ({"until": "2026-12-10"}, {"until": "2026-12-25"}, {"until": ""}, {"reason": ""}):
        given = {"until": "2026-12-17", "reason": "配件没到"} | wrong
        assert (await _act(house, unit, row, "extend", **given))[0] == 422, wrong
    assert (await _act(house, secretary, row, "grant"))[0] == 409
    status, now = await _act(house, unit, row, "extend", until="2026-12-17", reason="配件没到")
    assert (status, now["extension"], now["due_at"][:10]) == (200, "asked", "2026-12-10")
    assert (await _act(house, unit, row, "extend", until="2026-12-18", reason="再延"))[0] == 409
    _, now = await _act(house, secretary, row, "grant")
    assert (now["extension"], now["due_at"]) == ("granted", "2026-12-17T18:00:00+08:00")
    assert (await _act(house, unit, row, "extend", until="2026-12-20", reason="再延"))[0] == 409
    _sweep(house, datetime(2026, 12, 10, 10, 1, tzinfo=UTC))  # the first day is over: nothing
    assert [one for one in _told(house) if "overdue" in one[1] or "missed" in one[1]] == []
    _sweep(house, datetime(2026, 12, 15, 2, 1, tzinfo=UTC))
    assert _told(house)[-1] == ("jianjl", "rectification_reminded")
    _sweep(house, datetime(2026, 12, 17, 10, 1, tzinfo=UTC))
    assert _told(house)[-3:] == [
        ("jianjl", "rectification_overdue"),
        ("linsj", "rectification_missed"),
        ("linsj", "talk_proposed"),
    ]
    assert (await _act(house, unit, row, "extend", until="2026-12-20", reason="再延"))[0] == 409


async def test_an_answer_that_is_late_is_not_the_companys_fault(small_house):
    """Asked in time and not answered: whoever runs it hears; a no then makes it overdue, a yes too late is none."""
    house = small_house
    secretary, unit = _tokens(house)
    row = (await _open(house, secretary))["id"]
    await _act(house, unit, row, "extend", until="2026-12-12", reason="配件没到")
    _sweep(house, datetime(2026, 12, 10, 10, 1, tzinfo=UTC))
    assert _told(house)[-1] == ("linsj", "rectification_undecided")
    house.clock.at = datetime(2026, 12, 13, 2, 0, tzinfo=UTC)
    assert (await _act(house, secretary, row, "grant"))[0] == 409
    assert (await _act(house, secretary, row, "refuse"))[0] == 422
    status, now = await _act(house, secretary, row, "refuse", reason="早该订货")
    assert (status, now["extension"], now["overdues"], now["late"]) == (200, "refused", 1, True)
    assert [one["state"] for one in now["talks"]] == ["proposed"]
    second = (await _open(house, secretary, items=["补灯"], due="2026-12-20"))["id"]
    await _act(house, unit, second, "extend", until="2026-12-22", reason="要订货")
    _, now = await _act(house, unit, second, "report", text="补好了")  # before an answer: none is needed any more
    assert now["extension"] == "lapsed"
    assert (await _act(house, secretary, second, "grant"))[0] == 409


async def test_a_missed_day_proposes_a_talk_that_is_recorded(house):
    """Both sides hear once; re-checked without a report; what was agreed goes to the company and is not changed."""
    secretary, unit = _tokens(house)
    row = (await _open(house, secretary))["id"]
    _sweep(house, datetime(2026, 12, 8, 2, 1, tzinfo=UTC))
    _sweep(house, datetime(2026, 12, 10, 10, 1, tzinfo=UTC))
    told = ["opened", "reminded", "overdue", "missed"]
    assert [message for _, message in _told(house)] == [*(f"rectification_{one}" for one in told), "talk_proposed"]
    _, now = await house.api("GET", f"/rectifications/{row}", secretary)
    assert (now["late"], now["overdues"], now["acts"]) == (
        True,
        1,
        ["pass", "fail", "talk", "no_talk", "withdraw"],
    )
    talk = {"on": "2026-12-10", "by": "社区书记", "agreed": "一周内换好道闸"}
    for wrong in (
        {"on": "2026-12-11"},
        {"on": "2026-11-01"},
        {"on": ""},
        {"by": ""},
        {"agreed": ""},
        {"by": "长" * 31},
    ):
        assert (await _act(house, secretary, row, "talk", **talk | wrong))[0] == 422, wrong
    status, now = await _act(house, secretary, row, "talk", **talk)
    assert status == 200, now
    (held,) = now["talks"]
    assert {name: held[name] for name in ("state", "cause", "on", "by")} == {
        "state": "held",
        "cause": "overdue",
        "on": "2026-12-10",
        "by": "社区书记",
    }
    assert _told(house)[-1] == ("jianjl", "talk_held")
    assert (await _act(house, secretary, row, "no_talk", reason="x"))[0] == 409
    _, seen = await house.api("GET", f"/rectifications/{row}", unit)
    assert seen["talks"][0]["agreed"] == "一周内换好道闸"
    status, now = await _act(house, secretary, row, "fail", reason="还没换", due="2026-12-18")
    assert (status, now["failures"], len(now["talks"])) == (200, 1, 1)
    await _act(house, unit, row, "report", text="换了")
    _, now = await _act(house, secretary, row, "fail", reason="又坏了", due="2026-12-20")
    assert [one["cause"] for one in now["talks"]] == ["overdue", "failures"]  # from the second failure on
    _, now = await _act(house, secretary, row, "no_talk", reason="配件已经在路上")
    assert [one["state"] for one in now["talks"]] == ["held", "declined"]
    assert house.office.store.look(soundness.problems) == []


async def test_a_report_that_nobody_checks_is_reminded_of(small_house):
    """Once, some days later; one that was withdrawn or passed says nothing more."""
    house = small_house
    secretary, unit = _tokens(house)
    row = (await _open(house, secretary))["id"]
    gone = (await _open(house, secretary, items=["补灯"]))["id"]
    await _act(house, unit, row, "report", text="好了")
    _, now = await _act(house, secretary, gone, "withdraw", reason="不归这家")
    assert (now["state"], now["acts"]) == ("void", [])
    day = house.clock.at + timedelta(days=3)
    _sweep(house, day)
    assert [message for _, message in _told(house)][-1] == "rectification_check"
    before = _told(house)
    _sweep(house, datetime(2026, 12, 10, 10, 1, tzinfo=UTC))
    assert _told(house) == before


async def test_the_yearly_opinion_knows_of_it(small_house):
    """How many there were, how many passed; what was taken back does not count."""
    house = small_house
    secretary, unit = _tokens(house)
    row = (await _open(house, secretary))["id"]
    gone = (await _open(house, secretary, items=["补灯"]))["id"]
    await _act(house, secretary, gone, "withdraw", reason="不归这家")
    await _act(house, unit, row, "report", text="好了")
    await _act(house, secretary, row, "fail", reason="没冲", due="2026-12-20")
    body = {"company": "春晖物业", "year": 2026}
    status, made = await house.api("POST", "/opinions", secretary, body)
    assert status == 201, made
    (line,) = [one for one in made["figures"] if one["key"] == "rectified"]
    assert line["value"] == 1
    assert "下过 1 次整改，复查合格 0 次，复查不合格 1 次" in line["said"]
