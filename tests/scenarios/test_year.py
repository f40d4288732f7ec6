"""A year of a community: four quarters, two meetings of the street, one quarter missed, forty tabled orders, three
projects and five mediations.

Each decision is followed from who reported it to its closing, by chat, by API, on the pages; nothing of a person
reaches a public one. `run-due` is the clock all along, twice for every moment.
"""

import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.scenarios import council_year

from redprop_bot.clock import sweeping
from redprop_bot.ports import Channel, Inbound, Kind
from redprop_bot.store import people, soundness
from redprop_bot.store.tables import Outbox, Person

ZONE = ZoneInfo("Asia/Shanghai")
HOMES = {"海棠社区": ("海棠苑", "春晖物业"), "银杏社区": ("银杏里", "金秋物业")}
MATTERS = [
    ("elevator", "电梯老停"),
    ("building", "外墙掉砖"),
    ("parking", "车位不够"),
    ("sanitation", "垃圾没人清"),
    ("power", "楼道灯不亮"),
]
NAMES = ["冯桂兰", "施建业", "华秀芝", "戚国栋", "窦美云", "章立新", "云桂香", "柏志强", "水玉珍", "解长河"]


class Year:
    """The house through a year, with what happened in it."""

    def __init__(self, house):
        self.house, self.keys = house, itertools.count(1)
        self.admin = house.token("admin")
        self.secretary = house.token("secretary", community="海棠社区")
        self.orders, self.decided = [], []

    async def at(self, month, day, hour=10, minute=0, year=2027):
        """Move the clock and sweep twice: the second must find nothing to do."""
        self.house.clock.at = datetime(year, month, day, hour, minute, tzinfo=ZONE)
        await sweeping.sweep(self.house.office.store)
        again = await sweeping.sweep(self.house.office.store)
        assert sum(again.values()) == 0, (month, day, again)

    async def say(self, who, text, channel=Channel.WORK):
        """A message; the reply."""
        now = self.house.clock.now()
        inbound = Inbound(channel, f"y{next(self.keys)}", who, Kind.TEXT, now, text=text)
        return (await self.house.office.receive(inbound)).text

    async def tabled(self, number, community="海棠社区"):
        """So many orders of residents, each raised to the table by the secretary."""
        estate, _unit = HOMES[community]
        made = []
        for _ in range(number):
            n = len(self.orders)
            category, words = MATTERS[n % len(MATTERS)]
            body = {
                "text": f"{estate}{n + 1}栋{words}",
                "estate": estate,
                "building": str(n + 1),
                "category": category,
                "urgency": "normal",
                "reporter": {"openid": f"o-{n % len(NAMES)}"},
            }
            status, item = await self.house.api("POST", "/demands", self.admin, body)
            assert (status, item["outcome"]) == (201, "created"), item
            status, item = await self.house.act(self.admin, item["no"], "escalate", reason="维修资金不够")
            assert (status, item["stage"]) == (200, "tabled")
            self.orders.append(item["no"])
            made.append(item["no"])
        return made

    async def meeting(self, key, token=None):
        return (await self.house.api("GET", f"/meetings/{key}", token or self.secretary))[1]

    async def act(self, key, act, token=None, **fields):
        status, item = await self.house.api(
            "POST", f"/meetings/{key}/acts", token or self.secretary, {"act": act, **fields}
        )
        assert status == 200, item
        return item

    async def decide(self, key, groups, unit, token=None):
        """One decision for each group of orders; an empty group makes an order of its own."""
        for nos in groups:
            text = f"由{unit}把{'、'.join(nos)}办好" if nos else "在北门装一个充电棚"
            item = await self.act(key, "resolve", token, text=text, demands=nos, handler=unit)
            self.decided.append((key, item["resolutions"][-1]))

    async def written(self, key, token=None, *, present):
        """Attendance, minutes, approval."""
        for name in present:
            await self.act(key, "attend", token, person=name)
        await self.act(key, "minutes", token, remarks="散会后由物业贴出通知")
        return await self.act(key, "approve", token)

    async def done(self, nos, community="海棠社区"):
        """The units do it, the residents are content."""
        for no in nos:
            _, item = await self.house.api("GET", f"/demands/{no}", self.admin)
            provider = self.house.token("provider", organisation=item["handler"])
            assert (await self.house.act(provider, no, "fulfil", note="办好了"))[0] == 200
            assert (await self.house.act(self.admin, no, "close", reason="solved"))[0] == 200

    def told(self, message):
        table = Outbox.__table__
        rows = self.house.office.store.look(
            lambda tx: tx.list(Outbox, table.c.message == message, order=table.c.id)
        )
        return [row.receiver for row in rows]


def _people(house):
    def job(tx):
        for n, name in enumerate(NAMES):
            person = people.add(tx, Channel.OA, f"o-{n}")
            tx.update(Person, person.id, name=name, phone=f"1391234{n:04d}")

    house.office.store.run(job)


async def test_a_year_of_meetings(small_house):
    """Held, held, missed and told to the street, held; 25 decisions that everybody can follow to their end."""
    _people(small_house)
    year = Year(small_house)

    # -- the first quarter: the bot proposes, the secretary agrees
    await year.at(1, 4)
    assert year.told("meeting_proposed") == ["linsj", "yuesj"]
    _, page = await small_house.api("GET", "/meetings?state=proposed", year.secretary)
    (proposed,) = page["items"]
    first = await year.act(proposed["id"], "call")
    assert (first["state"], first["quarter"]) == ("called", 20271)
    nos = await year.tabled(10)
    assert "议题" in await year.say("o-1", "海棠苑提议题：东门晚上留个小门", Channel.OA)
    day = datetime.fromisoformat(first["starts_at"])
    await year.at(day.month, day.day, 9, 0)
    first = await year.meeting(first["id"])
    assert sum(len(p["demands"]) for p in first["agenda"] if p["kind"] == "matter") == 10
    assert "东门晚上留个小门" in first["topics"]
    assert "签到好了" in await year.say("jianjl", f"签到 {first['code']}")
    await year.decide(first["id"], [[nos[n]] for n in range(6)] + [[]], "春晖物业")
    await year.written(first["id"], present=["林书记", "冉主任"])
    told = year.told("discussed")
    assert sorted(told) == [f"o-{n}" for n in range(6)]
    assert year.told("meeting_topic_done") == ["o-1"]
    await year.done(nos[:6])

    # -- the second: called in a sentence; the street meets, too
    await year.at(4, 6)
    answer = await year.say("linsj", "4月28日上午九点半开联席会议，社区活动室，议题停车")
    assert "定下了" in answer
    nos += await year.tabled(10)
    streets = await year.tabled(2, "银杏社区")
    await year.at(4, 28, 9, 40)
    (second,) = (await small_house.api("GET", "/meetings?quarter=20272&state=called", year.secretary))[1]["items"]
    report = second["agenda"][0]
    assert (report["kind"], "7 条，办好 6 条" in report["title"]) == ("report", True)
    answer = await year.say("linsj", f"会议决定：由春晖物业5月20日前办好{nos[10]}")
    assert "决议第 1 条" in answer
    year.decided.append((second["id"], (await year.meeting(second["id"]))["resolutions"][-1]))
    await year.decide(second["id"], [[no] for no in nos[11:16]], "春晖物业")
    await year.written(second["id"], present=["林书记", "简经理"])
    assert "定下了" in await year.say("hejd", "5月12日下午三点开街道联席会议")
    await year.at(5, 12, 15, 5)
    _, page = await small_house.api("GET", "/meetings?quarter=20272", year.admin)
    street = next(one for one in page["items"] if one["community"] is None)
    assert set(streets) <= {no for point in street["agenda"] for no in point["demands"]}
    await year.decide(street["id"], [[streets[0]], [streets[1]], []], "金秋物业", year.admin)
    await year.written(street["id"], year.admin, present=["何街道"])
    await year.done(nos[10:16] + streets)
    projects = await council_year.open_projects(year, await year.meeting(second["id"]))
    cases = await council_year.mediate(year)
    for measure in (1, 2):
        await council_year.finish(year, projects[0], measure)
    await council_year.complete(year, projects[0], "三台电梯都换好了")
    await council_year.finish(year, projects[1], 1)

    # -- the third: nobody calls one
    await year.at(6, 21)
    assert "haosf" in year.told("measure_late")
    await council_year.finish(year, projects[1], 2)
    await council_year.complete(year, projects[1], "掉砖的墙面都铲了")
    await council_year.look_back(year, cases)
    await year.at(7, 1)
    for measure in (1, 2):
        await council_year.finish(year, projects[2], measure)
    await year.at(8, 28)
    await year.at(8, 29, 9, 5)
    assert "linsj" in year.told("meeting_lacking")
    before = year.told("meeting_alarm").count("hejd")
    nos += await year.tabled(8)
    await year.at(9, 18, 9, 5)
    assert year.told("meeting_alarm").count("hejd") == before + 2  # both communities
    _, page = await small_house.api("GET", "/meetings?state=called", year.secretary)
    assert page["items"] == []  # what was proposed has lapsed

    # -- the fourth: what waited is decided, and the street meets again
    await year.at(10, 8)
    assert "定下了" in await year.say("linsj", "11月10日上午九点半开联席会议，社区活动室")
    nos += await year.tabled(8)
    streets += await year.tabled(2, "银杏社区")
    assert len(year.orders) == 40
    await year.at(11, 10, 9, 40)
    _, page = await small_house.api("GET", "/meetings?quarter=20274&state=called", year.secretary)
    fourth = next(one for one in page["items"] if one["kind"] == "joint" and one["resolutions"] == [])
    waits = [no for point in fourth["agenda"] if point["kind"] == "matter" for no in point["demands"]]
    # four of the first quarter, four of the second, eight each of the third and the fourth; and the order that the
    # first meeting made, which nobody did and which climbed by itself
    assert len(waits) == 25
    groups = [waits[0:6], waits[6:12], waits[12:18], waits[18:22], waits[22:24], waits[24:25]]
    await year.decide(fourth["id"], groups, "春晖物业")
    await year.written(fourth["id"], present=["林书记", "简经理", "冉主任"])
    assert "定下了" in await year.say("hejd", "12月8日下午三点开街道联席会议")
    await year.at(12, 8, 15, 5)
    _, page = await small_house.api("GET", "/meetings?quarter=20274", year.admin)
    last = next(one for one in page["items"] if one["community"] is None)
    await year.decide(last["id"], [[streets[2]], [streets[3]], []], "金秋物业", year.admin)
    await year.written(last["id"], year.admin, present=["何街道"])
    await year.done(waits + streets[2:])
    await council_year.complete(year, projects[2], "充电棚搬到了北门")
    await year.at(12, 30)
    await _as_it_was(small_house, year)
    await council_year.as_it_was(year, projects, cases)
    await _in_public(small_house, year)


async def _as_it_was(house, year):
    """25 decisions, each followed to its end by API and on the order's page; the record of the year."""
    assert len(year.decided) == 25
    closed = 0
    for key, resolution in year.decided:
        item = await year.meeting(key, year.admin)
        now = next(one for one in item["resolutions"] if one["id"] == resolution["id"])
        assert (now["handler"], now["demands"], now["due_at"]) == (
            resolution["handler"],
            resolution["demands"],
            resolution["due_at"],
        )
        for no in now["demands"]:
            _, order = await house.api("GET", f"/demands/{no}", year.admin)
            assert any(event["note"].startswith(resolution["text"][:10]) for event in order["events"]), no
            page = await (await house.client.get(f"/m/orders/{no}")).text()
            assert no in page
        closed += now["stage"] == "closed"
    assert closed == 23  # all but the two orders of the street that nobody has done yet
    _, answer = await house.api("GET", "/meetings/quarters?year=2027", year.secretary)
    quarters = answer["items"][0]["quarters"]
    assert [one["state"] for one in quarters] == ["held", "held", "missed", "held"]
    assert [one["resolutions"] for one in quarters] == [7, 6, 0, 6]
    assert [one["done"] for one in quarters] == [7, 6, 0, 6]
    assert len(year.told("discussed")) == 40  # every order of a resident
    assert house.office.store.look(soundness.problems) == []


async def _in_public(house, year):
    """No public page and no calendar has a name, a phone or an account of a resident."""
    parties = {name for one, other, _matter in council_year.QUARRELS for name in (one, other)}
    private = {
        *NAMES,
        *parties,
        *(f"1391234{n:04d}" for n in range(len(NAMES))),
        *(f"o-{n}" for n in range(len(NAMES))),
    }
    _, page = await house.api("GET", "/meetings?limit=200", year.admin)
    paths = [f"/m/meetings/{one['no']}" for one in page["items"]]
    paths += ["/board/海棠社区", "/board/银杏社区", "/board/海棠社区/海棠苑"]
    _, me = await house.api("GET", "/me", year.admin)
    paths.append(me["calendar"].removeprefix(house.office.content.address))
    for path in paths:
        answer = await house.client.get(path)
        assert answer.status == 200, path
        text = await answer.text()
        assert [
            word for word in private if f">{word}<" in text or (word in text and not word.startswith("o-"))
        ] == []
    board = await (await house.client.get("/board/海棠社区")).text()
    assert "没有开" in board
    assert "由春晖物业把" in board
