"""The WeCom half of the twin keeps the platform's own accounts: pace, codes, secrets, directory, callbacks."""

import json
from datetime import timedelta

import pytest

from redprop_bot.channels import WorkApi, work_cards, work_messages
from redprop_bot.channels.work_messages import Receivers
from redprop_bot.errors import PlatformRefused

TO = Receivers(users=["limgr"])
VOTE = work_cards.vote("哪天", "v1", "day", [work_cards.Option("a", "周一"), work_cards.Option("b", "周二")],
                       several=True, submit=("ok", "提交"))  # fmt: skip


@pytest.fixture
def api(twin, clock, session):
    return WorkApi(twin.work_settings(), session, clock=clock)


async def test_the_thirty_first_in_a_minute_is_dropped_without_a_word(twin, clock, api):
    """errcode 0 and a msgid, and nothing on the phone; another member and the next minute are free."""
    for n in range(32):
        assert (await api.send(work_messages.text(str(n)), TO)).msgid
    assert len(twin.ledger.shown("limgr")) == 30
    assert twin.work.desk.dropped == [("limgr", "text")] * 2
    await api.send(work_messages.text("x"), Receivers(users=["wangsj"]))
    assert len(twin.ledger.shown("wangsj")) == 1
    clock.at += timedelta(minutes=1)
    await api.send(work_messages.text("x"), TO)
    assert len(twin.ledger.shown("limgr")) == 31


async def test_a_thousand_an_hour_and_a_switch(twin, clock, api):
    """The hour counts beside the minute; a test that is about something else turns it off."""
    desk = twin.work.desk
    for n in range(1010):
        if n % 30 == 0:
            clock.at += timedelta(minutes=1)
        desk.send({"agentid": twin.work.agent_id, "touser": "limgr", "msgtype": "text", "text": {"content": "x"}})
    assert (len(twin.ledger.shown("limgr")), len(desk.dropped)) == (1000, 10)
    desk.pace.off = True
    await api.send(work_messages.text("x"), TO)
    assert len(twin.ledger.shown("limgr")) == 1001


async def test_a_vote_comes_back_in_the_platforms_own_spelling(twin, bot, api):
    """OpitonIds, one item or several; an option that was not offered cannot be chosen."""
    await api.send(work_messages.template_card(VOTE), TO)
    await twin.work.tap("limgr", "v1", "ok", {"day": ["a", "b"]})
    inbound = bot.deliveries[-1].inbound
    assert (inbound.event_key, inbound.extra["selected.day"]) == ("ok", "a,b")
    assert "OpitonIds" in json.dumps(twin.work.phones.last)
    await twin.work.tap("limgr", "v1", "ok", {"day": ["b"]})
    assert bot.deliveries[-1].inbound.extra["selected.day"] == "b"
    with pytest.raises(LookupError):
        await twin.work.tap("limgr", "v1", "ok", {"day": ["c"]})


async def test_each_code_of_a_card_is_good_once_for_72_hours(twin, bot, clock, api):
    """The one of the sending and the one of the tap are two."""
    sent = await api.send(work_messages.template_card(VOTE), TO)
    await twin.work.tap("limgr", "v1", "ok")
    tapped = bot.deliveries[-1].inbound.response_code
    assert tapped not in ("", sent.response_code)
    await api.update_card(tapped, ["limgr"], "已收到")
    clock.at += timedelta(hours=72, seconds=1)
    for code in (tapped, sent.response_code, "made-up"):
        with pytest.raises(PlatformRefused):
            await api.update_card(code, ["limgr"], "又一次")


async def test_one_token_per_secret(twin):
    """That of the contacts and that of the application are two, and each comes again while it is good."""

    def ask(secret):
        return twin.work.give_token({"corpid": twin.work.corp_id, "corpsecret": secret})["access_token"]

    assert ask(twin.work.secret) == ask(twin.work.secret)
    assert ask(twin.work.secret) != ask(twin.work.contacts_secret)


async def test_every_change_of_the_directory_is_pushed(twin, bot):
    """As `sys`, without an AgentID, with what has changed and no more."""
    corp = twin.work.corp
    await corp.hire("zhousf", "周师傅", departments=(1, 2), position="维修", mobile="13800000000")
    await corp.change("zhousf", new_userid="zhou", name="周大")
    await corp.change("zhou", status=2)
    await corp.leave("zhou")
    await corp.add_party(2, "物业")
    await corp.change_party(2, "物业部")
    await corp.drop_party(2)
    await corp.tag(1, add=["limgr"], drop_parties=[3])
    seen = [delivery.inbound for delivery in bot.deliveries]
    assert {(i.sender, i.event, i.extra.get("agent_id")) for i in seen} == {("sys", "change_contact", None)}
    assert [i.extra["change_type"] for i in seen] == [
        "create_user", "update_user", "update_user", "delete_user",
        "create_party", "update_party", "delete_party", "update_tag",
    ]  # fmt: skip
    assert seen[0].extra["department"] == "1,2"
    assert (seen[1].extra["new_user_id"], seen[1].extra["name"], "position" in seen[1].extra) == (
        "zhou",
        "周大",
        False,
    )
    assert (seen[2].extra["status"], seen[7].extra["add_user_items"]) == ("2", "limgr")
    assert len({i.key for i in seen}) == len(seen)


async def test_whoever_left_or_is_disabled_is_reached_no_more(twin, bot, api):
    """81013 from that moment."""
    await twin.work.corp.change("wangsj", status=2)
    await twin.work.corp.leave("limgr")
    for userid in ("wangsj", "limgr"):
        with pytest.raises(PlatformRefused) as refused:
            await api.send(work_messages.text("x"), Receivers(users=[userid]))
        assert refused.value.errcode == 81013


async def test_the_other_callbacks_are_acknowledged(twin, bot):
    """Known and nothing of ours: a finished job, an opened application; voice, video and link are messages."""
    assert (await twin.work.corp.job_done("J1")).ok
    assert (await twin.work.event("limgr", "enter_agent")).ok
    assert [delivery.outcome for delivery in bot.deliveries] == ["ignored", "ignored"]
    await twin.work.voice("limgr", b"amr")
    await twin.work.video("limgr", b"mp4")
    await twin.work.link("limgr", "通知", "https://example.org")
    assert [delivery.inbound.kind for delivery in bot.deliveries[2:]] == ["voice", "video", "link"]


@pytest.mark.parametrize(
    ("line", "body", "errcode"),
    [
        ("GET gettoken", None, 41002),
        ("GET gettoken?corpid=CORP", None, 41004),
        ("GET gettoken?corpid=CORP&corpsecret=x", None, 40001),
        ("POST department/list?access_token=TOKEN", {}, 43001),
        ("GET department/list", None, 41001),
        ("GET user/simplelist?access_token=TOKEN&department_id=9", None, 60003),
        ("GET user/simplelist?access_token=TOKEN&department_id=x", None, 40058),
        ("GET user/get?access_token=TOKEN&userid=x", None, 60111),
        ("GET auth/getuserinfo?access_token=TOKEN&code=x", None, 40029),
        ("POST user/list_id?access_token=TOKEN", {}, 48002),
        ("POST menu/create?access_token=TOKEN", {"button": [{}]}, 40056),
        ("POST menu/create?access_token=TOKEN&agentid=1000002", {"button": []}, 40016),
        ("POST menu/create?access_token=TOKEN&agentid=1000002", {"button": [{"sub_button": [{}] * 6}]}, 40023),
        ("POST media/upload?access_token=TOKEN&type=thumb", {}, 40004),
        ("POST message/recall?access_token=TOKEN", {"msgid": "x"}, 40058),
        ("POST appchat/send?access_token=TOKEN", {"chatid": "x"}, 86008),
        ("POST appchat/create?access_token=TOKEN", {"userlist": ["limgr"]}, 86005),
        ("POST appchat/create?access_token=TOKEN", {"userlist": ["limgr", "nobody"]}, 60111),
        ("GET webhook/send?key=x", None, 43002),
        ("POST webhook/send?key=x", {}, 93000),
        ("POST webhook/send?key=KEY", b"x", 47001),
        ("POST webhook/send?key=KEY", {"msgtype": "text", "text": {"content": ""}}, 44004),
        ("POST webhook/send?key=KEY", {"msgtype": "markdown", "markdown": {"content": "x" * 4097}}, 40058),
        ("POST webhook/send?key=KEY", {"msgtype": "image", "image": {"base64": "eHg=", "md5": "0"}}, 40058),
        ("POST webhook/send?key=KEY", {"msgtype": "template_card", "template_card": {"card_type": "x"}}, 40058),
        ("POST webhook/send?key=KEY", {"msgtype": "music", "music": {"x": 1}}, 40008),
        ("POST webhook/other?key=KEY", {}, 40066),
    ],
)
async def test_the_twin_judges_requests_as_wecom_does(twin, session, line, body, errcode):
    """HTTP 200, an errcode, the hint and the address."""
    method, address = line.split()
    key, token = twin.work.robots.add("群").key, twin.work.tokens.issue()[0]
    address = address.replace("KEY", key).replace("CORP", twin.work.corp_id)
    address = address.replace("TOKEN", token)  # last: it is random, and may spell one of the others
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    async with session.request(method, f"{twin.work.origin}/cgi-bin/{address}", data=data) as response:
        answer = json.loads(await response.text())
    assert (response.status, answer["errcode"]) == (200, errcode)
    assert answer["errmsg"].endswith(f"from ip: 127.0.0.1, more info at "
                                     f"https://open.work.weixin.qq.com/devtool/query?e={errcode}")  # fmt: skip
