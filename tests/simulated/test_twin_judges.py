"""The twin judges requests, cards, answers and silence as the platforms would."""

import asyncio
import json

import pytest
from aiohttp import web

from redprop_bot.simulated import Trouble
from redprop_bot.simulated.cards import judge
from redprop_bot.simulated.letters import WrongAnswerError, answer_text
from redprop_bot.simulated.official import PROMPT
from redprop_bot.simulated.server import ApiError


async def test_an_answer_after_five_seconds_is_cut_and_tried_again(twin, bot):
    """A slow bot is asked three times with the same message, then the resident reads the platform's excuse."""
    twin.oa.phones.courier.seconds = 0.05

    async def slow(_channel, _delivery):
        await asyncio.sleep(0.2)
        return web.Response(body=b"success")

    bot.behaviour = slow
    outcome = await twin.oa.say("o1", "你好")
    assert (outcome.ok, outcome.attempts) == (False, 3)
    assert len({delivery.inbound.key for delivery in bot.deliveries}) == 1
    assert twin.ledger.shown("o1")[-1].text == PROMPT


@pytest.mark.parametrize(
    "body", [b"ok", b"<html></html>", json.dumps({"text": "x"}).encode(), b"<xml><a></xml>", "好".encode()]
)
async def test_garbage_is_not_shown(twin, bot, body):
    """An answer outside the protocol becomes the platform's excuse, at once, and is written down."""

    async def garbage(_channel, _delivery):
        return web.Response(body=body)

    bot.behaviour = garbage
    outcome = await twin.oa.say("o1", "你好")
    assert (outcome.ok, outcome.attempts) == (False, 1)
    assert len(twin.ledger.violations) == 1


async def test_a_plain_answer_in_safe_mode_is_not_shown(twin, bot):
    """Safe mode takes an encrypted answer or an acknowledgement, nothing else."""

    async def plain(_channel, delivery):
        return web.Response(text=f"<xml><ToUserName>{delivery.person}</ToUserName></xml>")

    bot.behaviour = plain
    assert not (await twin.oa.say("o1", "你好")).ok


async def test_a_failing_bot_is_tried_again(twin, bot):
    """A status other than 200 is a failure; the next attempt may pass."""
    twin.work.phones.courier.pause = 0

    async def failing(channel, delivery):
        bot.behaviour = None
        return web.Response(status=503)

    bot.behaviour = failing
    outcome = await twin.work.say("wangsj", "今天几件")
    assert (outcome.ok, outcome.attempts, outcome.text) == (True, 2, "text:今天几件")


@pytest.mark.parametrize(
    ("request_line", "body", "errcode"),
    [
        ("oa GET stable_token", None, 43002),
        ("oa POST stable_token", {"grant_type": "x"}, 40002),
        ("oa POST stable_token", {"grant_type": "client_credential", "appid": "x"}, 40013),
        ("work GET gettoken?corpid=x", None, 40013),
        ("oa POST no/such/api", {}, 40066),
        ("oa GET message/custom/send", None, 43002),
        ("oa POST message/custom/send", {}, 41001),
        ("oa POST message/custom/send?access_token=x", {}, 40001),
        ("oa POST message/custom/send?access_token=TOKEN", None, 44002),
        ("oa POST message/custom/send?access_token=TOKEN", b"[]", 47001),
        ("oa POST message/custom/send?access_token=TOKEN", b'{"a":"\\u4f60"}', 40033),
        ("oa POST message/custom/send?access_token=TOKEN", {"touser": "o1"}, 40008),
        ("oa POST message/custom/send?access_token=TOKEN", {"touser": "o1", "msgtype": "mpnews"}, 40008),
        ("oa POST message/custom/send?access_token=TOKEN", {"touser": "o1", "msgtype": "text"}, 44004),
        ("work POST message/send?access_token=TOKEN", {"agentid": "1000002"}, 40056),
        ("work POST message/send?access_token=TOKEN", {"agentid": 1}, 40056),
        ("work POST message/send?access_token=TOKEN", {"agentid": 1000002}, 82001),
        (
            "work POST message/send?access_token=TOKEN",
            {"agentid": 1000002, "touser": "limgr", "msgtype": "x"},
            40008,
        ),
    ],
)
async def test_the_twin_judges_requests_as_the_platforms_do(twin, session, request_line, body, errcode):
    """Method, token, encoding, fields, in that order; always HTTP 200 with an errcode and the platform's tail."""
    platform, method, api = request_line.split()
    side = getattr(twin, platform)
    side.known = {"o1"}
    token = side.tokens.issue()[0]
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    async with session.request(
        method, f"{side.origin}/cgi-bin/{api.replace('TOKEN', token)}", data=data
    ) as response:
        answer = json.loads(await response.text())
    assert (response.status, answer["errcode"]) == (200, errcode)
    assert ("rid: " if platform == "oa" else "hint: [") in answer["errmsg"]


@pytest.mark.parametrize(
    "change",
    [
        {"card_type": "news_notice"},
        {"main_title": {}},
        {"horizontal_content_list": [{"keyname": "k"}] * 7},
        {"horizontal_content_list": [{"value": "v"}]},
        {"task_id": "工单"},
        {"button_list": [{"text": "接单", "key": f"k{n}"} for n in range(7)]},
        {"button_list": [{"text": "一二三四五六七八九十一", "key": "k"}]},
        {"button_list": [{"text": "接单", "key": "k" * 1025}]},
        {"button_list": [{"text": "接单", "key": "k", "style": 5}]},
        {"button_list": [{"text": "接单", "key": "k"}] * 2},
        {"card_type": "text_notice"},
        {"card_action": {"type": 1}},
    ],
)
def test_the_twin_judges_cards_as_wecom_does(change):
    """A card out of its limits is an error, not a shorter card."""
    good = {
        "card_type": "button_interaction",
        "main_title": {"title": "新工单"},
        "task_id": "t",
        "button_list": [{"text": "接单", "key": "accept"}],
    }
    judge(good)
    with pytest.raises(ApiError):
        judge({**good, **change})


async def test_trouble_is_taken_in_order_and_ends(twin):
    """So many times, or until it is cleared."""
    first, second = Trouble(errcode=1), Trouble(errcode=2)
    twin.oa.faults.add("x", first, times=2)
    twin.oa.faults.add("x", second, times=None)
    assert [twin.oa.faults.take("x") for _ in range(5)] == [first, first, second, second, second]
    twin.oa.faults.clear()
    assert twin.oa.faults.take("x") is None


GOOD = (
    "<xml><ToUserName>o1</ToUserName><FromUserName>gh_1</FromUserName><CreateTime>1764061200</CreateTime>"
    "<MsgType>text</MsgType><Content><![CDATA[好]]></Content></xml>"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ToUserName>o1", "<ToUserName>gh_1"),
        (">text<", ">markdown<"),
        (">1764061200<", ">now<"),
        ("<![CDATA[好]]>", "<![CDATA[ ]]>"),
        ("<![CDATA[好]]>", "好"),
        ("好", "好" * 683),
        ("</Content>", "</Content><Content>evil</Content>"),
    ],
)
def test_the_twin_judges_answers_as_the_platforms_do(old, new):
    """Direction, type, time, CDATA, content, length: what breaks a rule is not shown."""
    assert answer_text(GOOD.encode(), person="o1", account="gh_1") == "好"
    with pytest.raises(WrongAnswerError):
        answer_text(GOOD.replace(old, new).encode(), person="o1", account="gh_1")


@pytest.mark.parametrize("body", [b"success", b""])
async def test_an_acknowledgement_shows_nothing(twin, bot, body):
    """`success` and an empty body are the two ways to say nothing, in clear even in safe mode."""

    async def acknowledge(_channel, _delivery):
        return web.Response(body=body)

    bot.behaviour = acknowledge
    assert (await twin.oa.say("o1", "你好")).ok
    assert twin.ledger.shown("o1") == twin.ledger.violations == []
