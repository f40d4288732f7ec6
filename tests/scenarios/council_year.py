"""The projects and the mediations of the year: what meetings open, what neighbours are brought to agree on."""

from redprop_bot.council import conducting
from redprop_bot.council.hands import Hand
from redprop_bot.store import mediations

PLANS = [
    ("老旧电梯更新", "2027-05-31", "2027-06-30", 120000),
    ("外墙排险", "2027-06-10", "2027-06-20", 36000.5),
    ("充电棚搬家", "2027-09-30", "2027-11-30", 8000),
]
QUARRELS = [
    ("一号楼的老许", "楼上的小范", "半夜挪桌子"),
    ("老凌", "老幸", "过道放鞋柜"),
    ("老司", "老黎", "空调滴水"),
]
QUARRELS += [("老薄", "老印", "阳台漏水"), ("老宿", "老白", "狗叫")]
KEPT, FAILED, WITHDRAWN = range(3), 3, 4


async def open_projects(year, meeting):
    """Three, opened by a meeting, each with two measures, money and a milestone."""
    made = []
    for title, first, second, money in PLANS:
        body = {
            "title": title,
            "community": "海棠社区",
            "lead": "春晖物业",
            "meeting": meeting["id"],
            "ends_at": "2027-12-20",
            "budget": [{"title": "工程", "planned": money, "source": "维修资金"}],
            "milestones": [{"title": "方案定了", "due_at": first, "percent": 50}],
            "measures": [
                {"title": f"{title}的方案", "owner": "简经理", "due_at": first},
                {"title": f"{title}的施工", "owner": "郝师傅", "due_at": second},
            ],
        }
        status, item = await year.house.api("POST", "/projects", year.secretary, body)
        assert (status, item["meeting"]) == (201, meeting["id"]), item
        made.append(item["no"])
    return made


async def finish(year, no, measure):
    """The unit has done one measure of a project."""
    unit = year.house.token("provider", organisation="春晖物业")
    status, item = await year.house.api(
        "POST", f"/projects/{no}/acts", unit, {"act": "finish", "measure": measure}
    )
    assert status == 200, item
    return item


async def complete(year, no, result):
    """The secretary ends a project whose measures are done."""
    body = {"act": "complete", "result": result}
    status, item = await year.house.api("POST", f"/projects/{no}/acts", year.secretary, body)
    assert (status, item["stage"], item["percent"]) == (200, "done", 100), item


async def mediate(year):
    """Five: three sign, one comes to nothing, one takes it back."""
    made = []
    for n, (one, other, matter) in enumerate(QUARRELS):
        body = {"community": "海棠社区", "one": one, "other": other, "matter": matter}
        status, case = await year.house.api("POST", "/mediations", year.secretary, body)
        assert status == 201, case
        made.append(case["no"])
        if n == WITHDRAWN:
            await step(year, case["no"], "withdraw", reason="两家自己说开了")
            continue
        await step(year, case["no"], "ask", mediator="卫党员")
        year.house.office.store.run(lambda tx, no=case["no"]: _take(tx, no))
        if n == FAILED:
            await step(year, case["no"], "fail", reason="一方不愿意再谈")
            continue
        await step(year, case["no"], "offer", offer="各让一步，晚上十点以后不出声")
        for side in "ab":
            signed = await step(year, case["no"], "sign", side=side)
        assert signed["stage"] == "agreed"
    return made


async def look_back(year, cases):
    """Thirty days later both sides of each that was signed say that it is kept."""
    for n in KEPT:
        for side in "ab":
            case = await step(year, cases[n], "kept", side=side, kept=True)
        assert case["stage"] == "kept"


async def step(year, no, act, **fields):
    """One act on a case."""
    status, case = await year.house.api("POST", f"/mediations/{no}/acts", year.secretary, {"act": act, **fields})
    assert status == 200, case
    return case


def _take(tx, no):
    case = mediations.by_no(tx, no)
    conducting.take(tx, case, Hand("卫党员", case.mediator_id))


async def as_it_was(year, projects, cases):
    """Each project with its meeting, its money, its late measure; the figures of the mediations."""
    for no in projects:
        _, item = await year.house.api("GET", f"/projects/{no}", year.admin)
        assert (item["stage"], [m["stage"] for m in item["measures"]]) == ("done", ["done", "done"])
        acts = [event["act"] for event in item["events"]]
        assert acts.count("measure_late") == (1 if no == projects[1] else 0), acts
    period = "from=2027-01-01&to=2028-01-01"
    _, figures = await year.house.api("GET", f"/mediations/figures?{period}", year.house.token("viewer"))
    assert (figures["opened"], figures["kept"], figures["success"]) == (5, 3, 75)
    assert len(cases) == 5
