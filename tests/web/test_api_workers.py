"""社区工作者考核 by API: what is counted of whom, who reads it and who does not, assessments and answers."""

from datetime import UTC, datetime, timedelta

from tests.web.conftest import House

from redprop_bot.appraise import worker_sheets
from redprop_bot.appraise import workers as steps
from redprop_bot.loop.actor import speaking
from redprop_bot.loop.acts import perform
from redprop_bot.loop.speak import tend
from redprop_bot.notify import outbox
from redprop_bot.registry.accused import against
from redprop_bot.registry.people import speaker
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.rules.telling import Weight
from redprop_bot.store import demands, events
from redprop_bot.store.tables import Outbox, Task, Visit, WorkerEvent
from redprop_bot.web.api.document import ITEMS

MONTH = "2026-11"


def _key(house: House, name: str) -> int:
    return house.office.store.look(lambda tx: register(tx).person_named(name).id)


def _happened(house: House) -> None:
    """小麦 visited twice and was praised by name; somebody else was praised, and in another month."""

    def job(tx):
        reg = register(tx)
        grid, home = reg.person_named("小麦"), reg.communities
        here = next(key for key, one in home.items() if one.name == "海棠社区")
        for no, day, homes in (("V1", 3, 1), ("V2", 4, 5), ("V3", 31, 9)):
            at = datetime(2026, 10 if day == 31 else 11, day, 3, tzinfo=UTC)
            tx.insert(
                Visit, no=no, community_id=here, kind="home", households=homes, text="看看", worker_id=grid.id,
                worker_name="小麦", visited_at=at, created_at=tx.now,
            )  # fmt: skip
        for no, text in (("T1", "表扬小麦，帮3栋501的李秀英搬米，13912345678"), ("T2", "表扬林书记")):
            tx.insert(
                Task,
                no=no,
                kind="praise",
                community_id=here,
                text=text,
                created_at=datetime(2026, 11, 5, tzinfo=UTC),
            )

    house.office.store.run(job)


async def _sheet(house: House, token: str, name: str, period: str = MONTH):
    return await house.api("GET", f"/workers/{_key(house, name)}?period={period}", token)


def _told(item) -> dict[str, str]:
    return {one["key"]: one["told"] for one in item["figures"]}


async def test_figures_come_from_what_happened(house):
    """Visits, households, praise; each with its definition; what was before the month is not in it; the year has both."""
    _happened(house)
    secretary = house.token("secretary", community="海棠社区")
    status, item = await _sheet(house, secretary, "小麦")
    assert status == 200, item
    shape = ITEMS["WorkerSheet"]["properties"]
    assert set(item) == set(shape)
    assert set(item["figures"][0]) == set(shape["figures"]["items"]["properties"])
    told = _told(item)
    assert (told["visits"], told["households"], told["praise"]) == ("2 次", "6 户", "1 条")
    assert "dispatched" not in told  # a grid worker sends nothing
    assert all(one["means"] for one in item["figures"])
    (word,) = item["words"]
    for hidden in ("李秀英", "501", "13912345678"):
        assert hidden not in word["text"]
    _, year = await _sheet(house, secretary, "小麦", "2026")
    visits = next(one for one in year["figures"] if one["key"] == "visits")
    assert (visits["number"], visits["months"][9:11]) == (3, [1, 2])
    assert "score" not in str(year)


async def test_nobody_else_reads_a_sheet(small_house):
    """Only the assessor of a worker: not an administrator, another community, a clerk, a unit, who only looks."""
    secretary, street = small_house.token("secretary", community="海棠社区"), small_house.token("street")
    _, listed = await small_house.api("GET", f"/workers?period={MONTH}", secretary)
    assert [one["name"] for one in listed["items"]] == ["小麦"]
    _, listed = await small_house.api("GET", f"/workers?period={MONTH}", street)
    assert [one["name"] for one in listed["items"]] == [
        "林书记",
        "岳书记",
    ]  # by community and name, not by figures
    others = [
        small_house.token("admin"),
        small_house.token("secretary", community="银杏社区"),
        small_house.token("clerk", community="海棠社区"),
        small_house.token("viewer", community="海棠社区"),
        small_house.token("provider", organisation="春晖物业"),
        street,
    ]
    refusals = []
    for token in others:
        status, refused = await _sheet(small_house, token, "小麦")
        refusals.append((status, refused["error"]["code"]))
        body = {"act": "assess", "period": "2026-10", "level": "优秀", "reason": "好"}
        assert (await small_house.api("POST", f"/workers/{_key(small_house, '小麦')}/acts", token, body))[0] == 403
    assert set(refusals) == {(403, "worker_others")}
    assert (await _sheet(small_house, secretary, "林书记"))[0] == 403
    nobody = await small_house.api("GET", f"/workers/999?period={MONTH}", secretary)
    assert nobody[1]["error"] == refused["error"]  # the same whether there is one or not
    for token in (others[0], others[2], others[3], others[4]):
        assert (await small_house.api("GET", "/workers", token))[0] == 403
    assert small_house.office.store.look(lambda tx: tx.list(WorkerEvent)) == []


async def test_an_assessment_is_added_never_changed(house):
    """With a level and a reason, when the month is over; a second is the second; an old page is refused."""
    _happened(house)
    secretary = house.token("secretary", community="海棠社区")
    path = f"/workers/{_key(house, '小麦')}/acts"
    body = {"act": "assess", "period": "2026-10", "level": "优秀", "reason": "走得勤，回得快"}
    wrong = [
        ({"period": MONTH}, 409),  # not over
        ({"period": "2027-01"}, 422),
        ({"period": "2026-13"}, 422),
        ({"period": "昨天"}, 422),
        ({"level": "满分"}, 422),
        ({"reason": ""}, 422),
        ({"reason": "好" * 301}, 422),
        ({"corrects": 3}, 409),
        ({"act": "praise"}, 422),
    ]
    for change, status in wrong:
        assert (await house.api("POST", path, secretary, body | change))[0] == status, change
    assert house.office.store.look(lambda tx: tx.list(WorkerEvent)) == []
    status, item = await house.api("POST", path, secretary, body)
    assert (status, item["assessments"][0]["name"], item["assessments"][0]["level"]) == (200, "优秀", "excellent")
    assert (await house.api("POST", path, secretary, body))[0] == 409  # seen by nobody, written over nothing
    status, item = await house.api("POST", path, secretary, body | {"level": "competent", "corrects": 1})
    assert [(one["number"], one["name"]) for one in item["assessments"]] == [(1, "优秀"), (2, "称职")]
    kept = house.office.store.look(lambda tx: [row.data for row in tx.list(WorkerEvent)])
    assert kept[0]["visits"] == [1, 0, 0, 0]
    assert item["assessments"][0]["seen"] == ["走访：1 次", "走访户数：9 户"]  # as it was then
    letters = house.office.store.look(
        lambda tx: [row for row in tx.list(Outbox) if row.message == "worker_assessed"]
    )
    assert {row.receiver for row in letters} == {"maiwg"}
    assert not [row for row in letters if "优秀" in str(row.payload) or "走得勤" in str(row.payload)]
    answer = {"act": "answer", "period": "2026-10", "text": "谢谢"}
    assert (await house.api("POST", path, secretary, answer))[0] == 403  # theirs to say


def _acts(house: House, name: str, no: str, act: Act, **fields) -> None:
    """Somebody of the register does something with an order."""

    def job(tx):
        reg = register(tx)
        actor = speaking(speaker(reg, reg.person_named(name), {}))
        perform(tx, demands.by_no(tx, no), act, actor, fields)

    house.office.store.run(job)


async def test_what_they_did_with_orders(house):
    """Sent and rated; how long it took is working time; who rated is not named, and who had no part has none in it."""
    admin, street = house.token("admin"), house.token("street")
    secretary = house.token("secretary", community="海棠社区")
    item = await house.report(admin, "海棠里3栋楼道灯不亮")  # nobody answers for it by the list
    house.clock.at += timedelta(minutes=30)
    _acts(house, "林书记", item["no"], Act.DISPATCH, to="春晖物业")
    house.clock.at += timedelta(hours=20)
    for act in ("accept", "fulfil"):
        await house.act(admin, item["no"], act)
    assert (await house.act(admin, item["no"], "rate", stars=4, reason="小麦和林书记来得快"))[0] == 200
    status, sheet = await _sheet(house, street, "林书记")
    told = _told(sheet)
    assert (status, told["dispatched"], told["rated"]) == (200, "1 次，平均用时 30 分钟", "1 个，满意 1 个"), told
    assert [(word["stars"], "林书记" in word["text"]) for word in sheet["words"]] == [(4, False)]
    _, grid = await _sheet(house, secretary, "小麦")
    assert (_told(grid)["rated"], grid["words"]) == ("没有", [])


async def test_only_residents_rate_a_worker(small_house):
    """Three stars are content, as the sheet says; what a unit was given for its part is no rating of theirs."""
    admin, street = small_house.token("admin"), small_house.token("street")
    item = await small_house.report(admin, "海棠里3栋楼道灯不亮")
    _acts(small_house, "林书记", item["no"], Act.DISPATCH, to="春晖物业")
    for act in ("accept", "fulfil"):
        await small_house.act(admin, item["no"], act)
    assert (await small_house.act(admin, item["no"], "rate", stars=3))[0] == 200
    given = events.Happening("whistle_rated", Act.RATE, None, "管理员", "来得太慢", {"given": "1"})
    small_house.office.store.run(lambda tx: events.append(tx, demands.by_no(tx, item["no"]), [given]))
    _, sheet = await _sheet(small_house, street, "林书记")
    assert (_told(sheet)["rated"], sheet["words"]) == ("1 个，满意 1 个", [])
    assert "三星以上" in next(one["means"] for one in sheet["figures"] if one["key"] == "rated")


async def test_a_danger_and_a_reminder_that_were_answered(small_house):
    """Whoever was there counts once with the minutes; a reminder is heeded by what they do on that order in time."""
    admin, street = small_house.token("admin"), small_house.token("street")
    fire = await small_house.report(admin, "海棠苑3栋2单元着火了，快来人")
    assert fire["urgency"] == "emergency"
    small_house.clock.at += timedelta(minutes=6)
    for text in ("我到了，正在疏散", "消防也到了"):
        small_house.office.store.run(
            lambda tx, text=text: tend(
                tx,
                demands.by_no(tx, fire["no"]),
                speaking(speaker(register(tx), register(tx).person_named("林书记"), {})),
                note=text,
            )
        )
    lamp = await small_house.report(admin, "海棠里3栋楼道灯不亮")
    leak = await small_house.report(admin, "海棠里2栋水管漏水")

    def remind(tx):
        reg = register(tx)
        who = reg.person_named("林书记")
        for no in (lamp["no"], leak["no"]):
            one = demands.by_no(tx, no)
            for message in ("sign_for", "sign_for_copy"):
                draft = outbox.Draft(
                    key=f"{no}:remind:{message}", message=message, text="请看", weight=Weight.PLAIN
                )
                outbox.queue(tx, [(who, draft)], one)

    small_house.office.store.run(remind)
    await small_house.deliver()
    small_house.clock.at += timedelta(minutes=20)
    _acts(small_house, "林书记", lamp["no"], Act.DISPATCH, to="春晖物业")
    small_house.clock.at += timedelta(hours=25)
    _acts(small_house, "林书记", leak["no"], Act.DISPATCH, to="望月供水所")
    _, sheet = await _sheet(small_house, street, "林书记")
    told = _told(sheet)
    assert told["alarms"] == "1 次，有回应 1 次，平均用时 6 分钟"
    assert told["heeded"] == "2 条，有回应 1 条"


async def test_a_complaint_about_them_is_not_there_for_them(small_house):
    """What complains of a secretary counts nowhere in their own sheet, and stands in nobody's words."""
    admin = small_house.token("admin")
    item = await small_house.report(admin, "投诉海棠社区林书记态度恶劣", estate="海棠苑")
    assert item["intent"] == "complaint"

    def entered(tx):
        """As if the secretary had had a part in it before it was read as a complaint."""
        row = demands.by_no(tx, item["no"])
        reg = register(tx)
        who = reg.person_named("林书记")
        events.append(tx, row, [events.Happening("urged", Act.URGE, who.id, "林书记", "")])
        events.append(tx, row, [events.Happening("dispatched", Act.DISPATCH, who.id, "林书记", "")])
        said = {"stars": 1}
        events.append(tx, row, [events.Happening("rated", Act.RATE, None, "居民", "林书记骂人", said)])
        of_it = steps.roll(tx)
        worker = next(one for one in of_it if one.name == "林书记")
        span = steps.the_span(tx, MONTH)
        found = []
        for unseen in (frozenset(), against(tx, worker.key, None)):
            (sheet,) = worker_sheets.sheets(tx, [worker], span, unseen=unseen)
            counts = {line.row.key.value: line.count.number for line in sheet.lines}
            found.append((counts["dispatched"], counts["rated"], len(sheet.words)))
        return found

    assert small_house.office.store.run(entered) == [(1, 0, 0), (0, 0, 0)]
