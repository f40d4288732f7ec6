"""Wishes and visits by API: who sees what of them, and each step with its refusals."""

import asyncio

import pytest
from tests.web.test_api_shop import balance

SAID = "帮海棠苑3栋2单元501的刘奶奶许个愿，想要一台血压计，电话13812345678"


async def wished(house, token, **fields):
    status, item = await house.api("POST", "/wishes", token, {"text": SAID, "community": "海棠社区"} | fields)
    assert status == 201, item
    return item


async def act(house, token, no, verb, **fields):
    return await house.api("POST", f"/wishes/{no}/acts", token, {"act": verb, **fields})


async def test_what_others_enter_waits_for_the_secretary_and_shows_nobody(house):
    """A clerk's entry is proposed; the words for the wall hold no name, phone or home; the secretary is asked."""
    clerk, viewer = house.token("clerk", community="海棠社区"), house.token("viewer")
    wish = await wished(house, clerk)
    assert wish["status"] == "proposed"
    assert not any(word in wish["text"] for word in ("刘", "138", "501", "3栋", "海棠苑"))
    assert "血压计" in wish["text"]
    assert (await house.api("GET", f"/wishes/{wish['no']}", viewer))[0] == 404
    await house.deliver()
    cards = [e for e in house.twin.ledger.shown("linsj") if e.kind == "card"]
    assert await house.twin.work.tap("linsj", cards[-1].detail["task_id"], f"publish:{wish['no']}")
    status, seen = await house.api("GET", f"/wishes/{wish['no']}", viewer)
    assert (status, seen["status"], seen["said"], seen["wisher"], seen["estate"]) == (
        200, "published", None, None, None,
    )  # fmt: skip


async def test_who_names_themselves_leaves_no_hole_in_the_words(small_house):
    """Not “a pen, I am called a neighbour”: the whole clause goes."""
    token = small_house.token("secretary", community="海棠社区")
    wish = (
        await small_house.api("POST", "/wishes", token, {"text": "想要一本字帖，我叫王小明，电话13812345678"})
    )[1]
    assert wish["text"] == "想要一本字帖"


async def test_the_secretary_s_own_entry_is_on_the_wall_at_once(small_house):
    """Who says the yes need not be asked."""
    wish = await wished(small_house, small_house.token("secretary", community="海棠社区"))
    assert wish["status"] == "published"


@pytest.mark.parametrize(
    ("said", "wall"),
    [
        ("我叫上官小燕，想要一副老花镜", "想要一副老花镜"),
        ("贾小燕想要一双棉鞋，请送到2栋1单元603", "一位邻居想要一双棉鞋"),
        ("海棠苑2-1-603贾小燕，想要个拐杖", "一位邻居，想要个拐杖"),
        ("我是贾小燕，想要一个收音机", "想要一个收音机"),
        ("孙女贾小燕上学要一个书包", "孙女上学要一个书包"),
        ("想要一床被子，打138.0000.2222找贾大妈", "想要一床被子，找一位邻居"),
        ("孙子高兴地想要一个书包", "孙子高兴地想要一个书包"),
        ("秋天想要一件毛衣", "秋天想要一件毛衣"),
        ("我是单身老人，想要人陪", "我是单身老人，想要人陪"),
    ],
)
async def test_no_name_stands_on_the_wall_and_what_is_wished_stays(small_house, said, wall):
    """Seldom names, bare ones, one behind a flat or a grandchild; words that begin like a name are none."""
    token = small_house.token("secretary", community="海棠社区")
    _, item = await small_house.api("POST", "/wishes", token, {"text": said})
    assert (item["status"], item["text"]) == ("published", wall)


async def test_where_a_name_may_be_left_somebody_looks_first(small_house):
    """A name that no list knows: proposed, until the secretary gives it other words."""
    token = small_house.token("secretary", community="海棠社区")
    _, item = await small_house.api("POST", "/wishes", token, {"text": "我叫阿依古丽·买买提，想要一个花盆"})
    assert item["status"] == "proposed"


async def test_claimed_delivered_and_received_gives_points_by_the_other_side_s_word(house):
    """A member's claim by the clerk, delivered, received: fulfilled, ten points, said once."""
    token = house.token("secretary", community="海棠社区")
    no = (await wished(house, token))["no"]
    status, claimed = await act(house, token, no, "claim", userid="weidy")
    assert (status, claimed["status"], claimed["claimer"]["userid"]) == (200, "claimed", "weidy")
    assert (await act(house, token, no, "claim", userid="weidy"))[1]["error"]["code"] == "wish_claimed_own"
    assert (await act(house, token, no, "deliver"))[1]["status"] == "delivered"
    assert await balance(house, token) == 0
    assert (await act(house, token, no, "miss"))[1]["status"] == "claimed"
    assert (await act(house, token, no, "receive", thanks="谢谢"))[1]["status"] == "claimed"
    status, done = await act(house, token, no, "deliver")
    assert (status, done["status"], done["thanks"]) == (200, "fulfilled", "谢谢")
    assert await balance(house, token) == 10
    for verb in ("deliver", "receive", "release", "withdraw", "claim", "publish"):
        assert (await act(house, token, no, verb, userid="weidy"))[0] == 409, verb
    assert await balance(house, token) == 10
    assert (await act(house, token, no, "miss"))[1]["status"] == "claimed"  # said by mistake
    assert await balance(house, token) == 0


async def test_a_unit_claims_for_itself_and_only_once(house):
    """Of two units at once one has it and the other is told; the giver's name is the unit's."""
    token = house.token("secretary", community="海棠社区")
    no = (await wished(house, token))["no"]
    units = [house.token("provider", organisation=name) for name in ("春晖物业", "望月供水所")]
    answers = await asyncio.gather(*(act(house, unit, no, "claim") for unit in units * 5))
    assert sorted(status for status, _ in answers) == [200] + [409] * 9
    seen = (await house.api("GET", f"/wishes/{no}", units[0]))[1]
    assert seen["claimer"]["organisation"] in ("春晖物业", "望月供水所")
    loser = units[1] if seen["claimer"]["organisation"] == "春晖物业" else units[0]
    assert (await act(house, loser, no, "deliver"))[0] == 403
    assert (await act(house, loser, no, "release"))[0] == 403


async def test_who_may_not(small_house):
    """Who only looks acts on nothing; units neither publish nor confirm; other communities see nothing."""
    token = small_house.token("clerk", community="海棠社区")
    no = (await wished(small_house, token))["no"]
    other = small_house.token("secretary", community="银杏社区")
    assert (await act(small_house, other, no, "publish"))[0] == 404
    assert (await act(small_house, token, no, "publish"))[0] == 403
    assert (await act(small_house, small_house.token("admin"), no, "publish"))[0] == 200
    unit, viewer = small_house.token("provider", organisation="春晖物业"), small_house.token("viewer")
    assert (await act(small_house, viewer, no, "claim"))[0] == 403
    await act(small_house, unit, no, "claim")
    for verb in ("receive", "miss", "withdraw", "publish", "decline"):
        assert (await act(small_house, unit, no, verb))[0] == 403, verb


async def test_other_words_for_the_wall_need_the_version(small_house):
    """A stale version is 409; what is written is scrubbed like what was said."""
    token = small_house.token("secretary", community="海棠社区")
    wish = await wished(small_house, token)
    path = f"/wishes/{wish['no']}"
    status, changed = await small_house.api("PATCH", path, token, {"version": 1, "text": "张大爷想要一台血压计"})
    assert (status, changed["version"]) == (200, 2)
    assert "张大爷" not in changed["text"]
    assert (await small_house.api("PATCH", path, token, {"version": 1, "text": "别的"}))[0] == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": "x"}, 422),
        ({"text": "想" * 301}, 422),
        ({"text": "想要字帖", "estate": "没有的小区"}, 422),
        ({"text": "想要字帖", "userid": "nobody"}, 404),
        ({"text": "想要字帖", "status": "published"}, 422),
    ],
)
async def test_odd_wishes_are_refused(small_house, body, status):
    """Nothing is entered."""
    token = small_house.token("admin")
    assert (await small_house.api("POST", "/wishes", token, body))[0] == status
    assert (await small_house.api("GET", "/wishes", token))[1]["items"] == []


async def test_visits_are_read_and_counted(house):
    """A grid worker's message is a visit with its numbers; words and rooms are for who keeps them."""
    await house.twin.work.say("maiwg", "走访记录：到海棠苑3栋2单元501，她说楼道灯不亮，还想要一辆轮椅")
    await house.twin.work.say("maiwg", "吃茶话事：海棠里坐了坐，大家都好")
    token, viewer = house.token("secretary", community="海棠社区"), house.token("viewer")
    _, page = await house.api("GET", "/visits", token)
    talk, home = page["items"]
    assert (home["kind"], home["worker"], home["room"], len(home["matters"])) == ("household", "小麦", "501", 2)
    assert (talk["kind"], talk["estate"], talk["matters"]) == ("talk", "海棠里", [])
    assert {no[0] for no in home["matters"]} == {"D", "W"}
    seen = (await house.api("GET", f"/visits/{home['no']}", viewer))[1]
    assert (seen["text"], seen["room"], seen["worker"]) == (None, None, "小**")
    _, counted = await house.api("GET", "/visit-stats?kind=household", token)
    assert (counted["visits"], counted["households"], counted["matters"]) == (1, 1, 2)
    assert counted["rows"][0]["estate"] == "海棠苑"
    other = house.token("secretary", community="银杏社区")
    assert (await house.api("GET", "/visits", other))[1]["items"] == []
    assert (await house.api("GET", f"/visits/{home['no']}", other))[0] == 404
    unit = house.token("provider", organisation="春晖物业")
    assert (await house.api("GET", "/visits", unit))[0] == 403
    for query, status in (("from=x", 422), ("estate=无", 422), ("worker=nobody", 422), ("kind=none", 200)):
        assert (await house.api("GET", f"/visit-stats?{query}", token))[0] == status, query
