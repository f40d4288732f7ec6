"""The simulated Official Account as such: both kinds of token, events after the call, ledgers, switches."""

import json
from datetime import timedelta

import pytest
from tests.simulated.echo import serving

from redprop_bot.simulated import Twin
from redprop_bot.simulated.oa_keywords import judge
from redprop_bot.simulated.server import ApiError


@pytest.fixture
def ask(twin, session):
    """One call; the JSON of its answer."""

    async def call(method, path, body=None, token="", **query):
        if token:
            query["access_token"] = token
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        async with session.request(method, twin.oa.origin + path, data=data, params=query) as response:
            assert response.status == 200
            return json.loads(await response.text())

    return call


def credentials(twin, **more):
    return {"grant_type": "client_credential", "appid": twin.oa.app_id, "secret": twin.oa.secret, **more}


async def good(ask, token):
    return (await ask("GET", "/cgi-bin/user/get", token=token)).get("errcode", 0)


async def test_the_stable_token_stays_until_five_minutes_before_its_end(twin, ask, clock):
    """Then a new one, and both work for the rest."""
    first = await ask("POST", "/cgi-bin/stable_token", credentials(twin))
    clock.at += timedelta(seconds=6899)
    again = await ask("POST", "/cgi-bin/stable_token", credentials(twin))
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 301)
    clock.at += timedelta(seconds=1)
    second = await ask("POST", "/cgi-bin/stable_token", credentials(twin))
    assert second["access_token"] != first["access_token"]
    assert [await good(ask, t["access_token"]) for t in (first, second)] == [0, 0]
    clock.at += timedelta(seconds=300)
    assert [await good(ask, t["access_token"]) for t in (first, second)] == [42001, 0]


async def test_force_kills_the_old_token_but_not_too_often(twin, ask, clock):
    """Once in 30 seconds, twenty times a day; otherwise nothing is refreshed."""
    first = (await ask("POST", "/cgi-bin/stable_token", credentials(twin)))["access_token"]
    second = (await ask("POST", "/cgi-bin/stable_token", credentials(twin, force_refresh=True)))["access_token"]
    assert [await good(ask, token) for token in (first, second)] == [40001, 0]
    clock.at += timedelta(seconds=29)
    again = await ask("POST", "/cgi-bin/stable_token", credentials(twin, force_refresh=True))
    assert again["access_token"] == second
    seen = {second}
    for _ in range(30):
        clock.at += timedelta(seconds=30)
        seen.add(
            (await ask("POST", "/cgi-bin/stable_token", credentials(twin, force_refresh=True)))["access_token"]
        )
    assert len(seen) == 20


async def test_the_two_families_know_nothing_of_each_other(twin, ask, clock):
    """A minted token lives five minutes beside its successor; the stable one is not touched."""
    stable = (await ask("POST", "/cgi-bin/stable_token", credentials(twin)))["access_token"]
    minted = [(await ask("GET", "/cgi-bin/token", **credentials(twin)))["access_token"] for _ in range(3)]
    assert len({stable, *minted}) == 4
    assert [await good(ask, token) for token in (stable, *minted)] == [0, 0, 0, 0]
    clock.at += timedelta(minutes=5)
    assert [await good(ask, token) for token in (stable, *minted)] == [0, 42001, 42001, 0]


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"grant_type": "x"}, 40002),
        ({"appid": ""}, 41002),
        ({"appid": "wx0", "secret": "x"}, 40013),
        ({"secret": ""}, 41004),
        ({"secret": "x"}, 40125),
    ],
)
async def test_token_calls_are_judged_in_order(twin, ask, change, errcode):
    """The app id before the secret; at both doors alike, with a request id."""
    for answer in (
        await ask("POST", "/cgi-bin/stable_token", {**credentials(twin), **change}),
        await ask("GET", "/cgi-bin/token", **{**credentials(twin), **change}),
    ):
        assert answer["errcode"] == errcode
        assert " rid: " in answer["errmsg"]


async def test_the_address_list_is_a_switch(twin, ask):
    """40164 with the address in it."""
    twin.oa.trusted = False
    answer = await ask("POST", "/cgi-bin/stable_token", credentials(twin))
    assert (answer["errcode"], "127.0.0.1" in answer["errmsg"]) == (40164, True)


async def test_token_quotas_are_those_of_the_platform(twin, ask):
    """2 000 minted ones a day; a limit may be set for any API."""
    assert (twin.oa.limits.daily["token"], twin.oa.limits.minute["stable_token"]) == (2000, 10_000)
    twin.oa.limits.daily["token"] = 1
    await ask("GET", "/cgi-bin/token", **credentials(twin))
    assert (await ask("GET", "/cgi-bin/token", **credentials(twin)))["errcode"] == 45009
    token = twin.oa.tokens.issue()[0]
    bad = await ask("POST", "/cgi-bin/openapi/quota/get", {"cgi_path": "message/custom/send"}, token)
    assert bad["errcode"] == 76003


async def test_outcomes_are_told_to_the_bot_afterwards(twin, bot, ask):
    """Template, notice and publication each bring their event; a blocked person's message fails there."""
    await twin.oa.subscribe("o1")
    token = twin.oa.tokens.issue()[0]
    send = {"touser": "o1", "template_id": "t", "data": {"thing1": {"value": "电梯"}}}
    sent = await ask("POST", "/cgi-bin/message/template/send", send, token)
    await twin.oa.answer_popup("o1", {"t": True, "u": False})
    assert (await ask("POST", "/cgi-bin/message/subscribe/bizsend", send, token))["errcode"] == 0
    await twin.oa.settle()
    twin.oa.sending.blocked.add("o1")
    await ask("POST", "/cgi-bin/message/template/send", send, token)
    await twin.oa.settle()
    events = [delivery.event for delivery in bot.deliveries]
    assert sorted(events) == sorted(
        [
            "subscribe",
            "templatesendjobfinish",
            "subscribe_msg_popup_event",
            "subscribe_msg_sent_event",
            "templatesendjobfinish",
        ]
    )
    assert isinstance(sent["msgid"], int)
    assert [e.kind for e in twin.ledger.shown("o1") if e.kind != "text"] == ["template", "subscription"]
    assert twin.ledger.violations == []


async def test_grants_are_a_ledger(twin, bot):
    """A yes is one; refusing in the settings takes all; leaving, too."""
    await twin.oa.subscribe("o1")
    for _ in range(2):
        await twin.oa.answer_popup("o1", {"t": True})
    assert twin.oa.sending.grants["o1", "t"] == 2
    await twin.oa.refuse("o1", "t")
    assert twin.oa.sending.grants["o1", "t"] == 0
    await twin.oa.answer_popup("o1", {"t": True})
    await twin.oa.unsubscribe("o1")
    assert not twin.oa.sending.grants["o1", "t"]


async def test_the_rest_of_what_a_resident_does_arrives(twin, bot):
    """Videos, links, menu pages, codes that the account made; a page view opens no window."""
    await twin.oa.video("o1", b"mp4")
    await twin.oa.video("o1", b"mp4", short=True)
    await twin.oa.link("o1", "通知", "https://example.org", "停水")
    await twin.oa.view("o2", "https://example.org/m")
    assert twin.oa._quota.left("o2") == 0
    token = twin.oa.tokens.issue()[0]
    assert token
    assert [delivery.event for delivery in bot.deliveries][:3] == [
        "message:video",
        "message:shortvideo",
        "message:link",
    ]
    assert twin.oa.media[bot.deliveries[0].inbound.media_id] == b"mp4"


async def test_a_code_brings_a_follower_with_its_scene(twin, bot, ask):
    """Scanned before following and after."""
    token = twin.oa.tokens.issue()[0]
    wanted = {
        "expire_seconds": 60,
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": "estate:1"}},
    }
    ticket = (await ask("POST", "/cgi-bin/qrcode/create", wanted, token))["ticket"]
    await twin.oa.scan_code("o1", ticket)
    await twin.oa.scan_code("o1", ticket)
    seen = [(delivery.event, delivery.inbound.event_key) for delivery in bot.deliveries]
    assert seen == [("subscribe", "estate:1"), ("scan", "estate:1")]
    told = await ask("GET", "/cgi-bin/user/info", token=token, openid="o1")
    assert (told["subscribe"], told["qr_scene_str"], "nickname" in told) == (1, "estate:1", False)


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        ("menu/create", {"button": [{"name": "一二三四五六", "type": "click", "key": "k"}]}, 40018),
        ("menu/create", {"button": [{"name": "钮", "type": "click", "key": "k"}] * 4}, 40016),
        (
            "menu/create",
            {"button": [{"name": "钮", "sub_button": [{"name": "钮", "type": "view", "url": "u"}] * 6}]},
            40023,
        ),
        (
            "menu/create",
            {"button": [{"name": "钮", "sub_button": [{"name": "字" * 21, "type": "view", "url": "u"}]}]},
            40025,
        ),
        ("menu/create", {"button": [{"name": "钮", "type": "view"}]}, 40020),
        ("qrcode/create", {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}}, 40053),
        (
            "qrcode/create",
            {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}},
            40053,
        ),
        ("qrcode/create", {"action_name": "QR_OTHER", "action_info": {"scene": {"scene_id": 1}}}, 40035),
        (
            "qrcode/create",
            {"action_name": "QR_SCENE", "expire_seconds": 2592001, "action_info": {"scene": {"scene_id": 1}}},
            40035,
        ),
        (
            "message/custom/send",
            {"touser": "o1", "msgtype": "news", "news": {"articles": [{"title": "a"}, {"title": "b"}]}},
            45008,
        ),
        ("message/custom/send", {"touser": "o1", "msgtype": "image", "image": {"media_id": "gone"}}, 40007),
        ("message/custom/typing", {"touser": "o1", "command": "Dance"}, 45072),
        (
            "message/subscribe/bizsend",
            {"touser": "o1", "template_id": "t", "data": {"thing1": {"value": "x"}}},
            43101,
        ),
        ("message/template/send", {"touser": "o1", "template_id": "t", "data": {"thing1": {"value": ""}}}, 47003),
        ("message/template/send", {"touser": "o1", "template_id": "", "data": {"thing1": {"value": "x"}}}, 40037),
        ("draft/add", {"articles": [{"title": "t", "content": "c", "thumb_media_id": "temporary"}]}, 40007),
        ("freepublish/submit", {"media_id": "none"}, 53404),
        ("freepublish/get", {"publish_id": "1"}, 53600),
        ("media/upload", {}, 40004),
    ],
)
async def test_requests_are_judged(twin, ask, path, body, errcode):
    """What the platform would not take, by its own codes."""
    twin.oa._acted("o1", "message")
    assert (await ask("POST", f"/cgi-bin/{path}", body, twin.oa.tokens.issue()[0]))["errcode"] == errcode


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("thing1", "电梯坏了", "字" * 21),
        ("thing1", "一行", "两\n行"),
        ("number2", "12.5", "十二"),
        ("letter3", "ABC", "AB1"),
        ("symbol4", "!!", "a"),
        ("character_string5", "D20261125-0001", "工单1"),
        ("time6", "2026年11月25日 17:00", "明天"),
        ("date7", "2026年11月25日", "11月"),
        ("amount8", "￥12.50元", "很多"),
        ("phone_number9", "+86-13800000001", "电话" * 3),
        ("car_number10", "皖H12345", "皖H1234567"),
        ("name11", "王书记", "王" * 11),
        ("phrase12", "已派单", "已派单给物业"),
        ("const13", "维修", "字" * 21),
    ],
)
def test_keywords_are_judged_by_their_kind_alike_by_both(key, good, bad):
    """The product's own check and the simulated platform's, written apart, agree."""
    from redprop_bot.rules import keywords

    judge({key: {"value": good}}, {})
    assert keywords.wrong(key, good) is None
    with pytest.raises(ApiError) as error:
        judge({key: {"value": bad}}, {})
    assert f"data.{key}.value" in error.value.errmsg
    assert keywords.wrong(key, bad)


async def test_an_account_of_the_other_kind(clock):
    """A subscription account gets through what it has and 48001 for the rest; passive replies go on."""
    from redprop_bot.simulated.official import UNCERTIFIED

    async with Twin(clock) as twin:
        twin.oa.lacks = UNCERTIFIED
        async for _ in serving(twin, clock):
            assert (await twin.oa.say("o1", "你好")).text == "text:你好"
