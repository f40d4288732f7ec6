"""The WeCom API against the twin: what each call does, what each no becomes, what never leaves the process."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from pydantic import SecretStr

from redprop_bot.channels import WorkApi, WorkSender, work_cards, work_messages
from redprop_bot.channels.client import File
from redprop_bot.channels.work_directory import Department, Member, Visitor, visitor_in
from redprop_bot.channels.work_messages import Article, Receivers
from redprop_bot.errors import CredentialError, PlatformBusy, PlatformError, PlatformRefused
from redprop_bot.ports import Channel, Form, FrozenClock, Outbound
from redprop_bot.simulated import Trouble, Twin
from redprop_bot.simulated.corp import Account

JPEG = b"\xff\xd8\xff\xe0 a picture"
TO = Receivers(users=["limgr"])
BUTTONS = work_cards.buttons("新工单", "t1", [("accept", "接单")])


@pytest.fixture
def clock():
    return FrozenClock(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))


@pytest.fixture
async def twin(clock):
    async with Twin(clock, members=["limgr", "zhousf", "WangSJ"]) as twin:
        yield twin


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(twin, clock, session):
    return WorkApi(twin.work_settings(), session, clock=clock)


def kinds(twin, userid="limgr"):
    return [entry.kind for entry in twin.ledger.shown(userid)]


async def test_every_kind_arrives(twin, api):
    """Text, markdown, card of text, news, uploaded media, mini program, template card."""
    media_id = await api.upload("image", File("楼道.jpg", "image/jpeg", JPEG))
    for message in (
        work_messages.text("你好"),
        work_messages.markdown("**好**"),
        work_messages.text_card("周报", "办结 12 件", "https://example.org"),
        work_messages.news([Article("通知", "https://example.org")]),
        work_messages.media("image", media_id),
        work_messages.media("voice", media_id),
        work_messages.media("file", media_id),
        work_messages.video(media_id),
        work_messages.mini_program("wx1", "会议提醒"),
        work_messages.template_card(work_cards.notice("通知", "https://example.org")),
    ):
        assert (await api.send(message, TO)).msgid
    assert kinds(twin) == [
        "text", "markdown", "textcard", "news", "image", "voice", "file", "video", "miniprogram_notice", "card"
    ]  # fmt: skip
    assert (await api.media(media_id)).data == JPEG


async def test_a_partial_failure_names_whom_it_missed(twin, api):
    """errcode 0, userids in lower case, licence apart; who was reached has it."""
    twin.work.desk.unlicensed.add("WangSJ")
    sent = await api.send(work_messages.text("在吗"), Receivers(users=["limgr", "NoBody", "WangSJ"]))
    assert (sent.missed, sent.unlicensed) == ({"nobody"}, {"wangsj"})
    assert [sent.why_not(userid) for userid in ("NoBody", "WangSJ", "limgr")] == [
        "invaliduser", "unlicenseduser", ""
    ]  # fmt: skip
    assert kinds(twin) == ["text"]
    with pytest.raises(PlatformRefused) as refused:
        await api.send(work_messages.text("在吗"), Receivers(users=["NoBody"]))
    assert refused.value.errcode == 81013


async def test_the_sender_refuses_where_its_one_receiver_was_missed(twin, clock, session):
    """Nobody is told "sent" who was not reached; a missing licence counts, too."""
    sender = WorkSender(twin.work_settings(), session, clock=clock)
    twin.work.desk.unlicensed.add("WangSJ")
    with pytest.raises(PlatformRefused) as refused:
        await sender.send(Outbound(Channel.WORK, "WangSJ", Form.TEXT, {"text": "在吗"}))
    assert (refused.value.errcode, refused.value.message) == (81013, "unlicenseduser")


async def test_a_department_and_a_tag_are_receivers(twin, api):
    """A department with those below it; one that is not there is named."""
    twin.work.corp.parties |= {2: ("物业", 1), 3: ("维修", 2)}
    twin.work.corp.accounts["zhousf"] = Account("zhousf", "周", (3,))
    twin.work.corp.tags[5] = {"limgr"}
    sent = await api.send(work_messages.text("集合"), Receivers(parties=[2, 9], tags=[5]))
    assert sent.missed_parties == {"9"}
    assert (kinds(twin, "zhousf"), kinds(twin), kinds(twin, "WangSJ")) == (["text"], ["text"], [])


async def test_the_same_words_again_are_shown_once(twin, clock, session):
    """A repeat whose first answer was lost; after the interval the same words are heard again."""
    sender = WorkSender(twin.work_settings(), session, clock=clock)
    words = Outbound(Channel.WORK, "limgr", Form.TEXT, {"text": "新工单"})
    await sender.send(words)
    await sender.send(words)
    assert kinds(twin) == ["text"]
    clock.at += timedelta(minutes=3)
    await sender.send(words)
    await sender.send(Outbound(Channel.WORK, "limgr", Form.TEXT, {"text": "另一件"}))
    assert kinds(twin) == ["text"] * 3


async def test_a_lost_answer_does_not_show_twice(twin, clock, session):
    """The platform did its work, the answer was cut: the second try says it again, the phone shows it once."""
    sender = WorkSender(twin.work_settings(), session, clock=clock)
    words = Outbound(Channel.WORK, "limgr", Form.TEXT, {"text": "新工单"})
    await sender.send(words)  # stands for the call whose answer was lost
    twin.work.faults.add("message/send", Trouble(cut=True))
    with pytest.raises(PlatformBusy):
        await sender.send(words)
    await sender.send(words)
    assert kinds(twin) == ["text"]


async def test_a_card_changes_to_a_text_or_to_another_card(twin, api):
    """Each code once; the other card's buttons stand where no text replaces them."""
    first = await api.send(work_messages.template_card(BUTTONS), TO)
    assert await api.update_card(first.response_code, ["limgr"], "李经理已接单") == set()
    assert twin.work.cards["limgr", "t1"].replaced == "李经理已接单"
    with pytest.raises(PlatformRefused):
        await api.update_card(first.response_code, ["limgr"], "又一次")
    second = await api.send(work_messages.template_card({**BUTTONS, "task_id": "t2"}), TO)
    other = work_cards.buttons("已接单", "t2", [("fulfil", "办好了")])
    assert await api.update_card(second.response_code, ["limgr", "zhousf"], other) == {"zhousf"}
    assert twin.work.cards["limgr", "t2"].content["button_list"][0]["key"] == "fulfil"
    third = await api.send(work_messages.template_card({**BUTTONS, "task_id": "t3"}), TO)
    await api.update_card(third.response_code, ["limgr"], {**other, "task_id": "t3"}, replaced="已处理")
    assert twin.work.cards["limgr", "t3"].replaced == "已处理"


@pytest.mark.parametrize(
    ("code", "userids", "put"),
    [("", ["limgr"], "x"), ("c", [], "x"), ("c", ["a|b"], "x"), ("c", ["limgr"], " "), ("c", ["limgr"], {})],
)
async def test_an_update_that_cannot_be_is_not_sent(twin, api, code, userids, put):
    """Found here."""
    with pytest.raises(PlatformRefused):
        await api.update_card(code, userids, put)
    assert not twin.work.calls


async def test_a_message_is_recalled_within_a_day(twin, api, clock):
    """From WeCom's phones; later it stays."""
    sent = await api.send(work_messages.template_card(BUTTONS), TO)
    late = await api.send(work_messages.text("发错了"), TO)
    await api.recall(sent.msgid)
    assert kinds(twin)[-1] == "recall"
    assert ("limgr", "t1") not in twin.work.cards
    clock.at += timedelta(hours=24, seconds=1)
    for msgid in (late.msgid, "no-such", ""):
        with pytest.raises(PlatformRefused):
            await api.recall(msgid)


async def test_media_dies_after_three_days_and_has_a_size(twin, api, clock):
    """What is too small, too big or badly named is not brought at all."""
    media_id = await api.upload("file", File("表.xlsx", "application/octet-stream", b"123456"))
    clock.at += timedelta(days=3)
    for call in (api.media(media_id), api.send(work_messages.media("file", media_id), TO)):
        with pytest.raises(PlatformRefused) as refused:
            await call
        assert refused.value.errcode == 40007
    calls = twin.work.calls["media/upload"]
    for kind, file in (
        ("image", File("a.jpg", "image/jpeg", b"12345")),
        ("voice", File("a.amr", "audio/amr", b"x" * ((2 << 20) + 1))),
        ("thumb", File("a.jpg", "image/jpeg", JPEG)),
        ("file", File('a".txt', "text/plain", JPEG)),
        ("file", File("a\r\nb.txt", "text/plain", JPEG)),
        ("file", File("../a.txt", "text/plain", JPEG)),
    ):
        with pytest.raises(PlatformRefused):
            await api.upload(kind, file)
    assert twin.work.calls["media/upload"] == calls


async def test_a_visitor_is_known_once(twin, api, clock):
    """A member by userid, another by openid; a code is good once, for five minutes."""
    code = twin.work.visit("limgr")
    visitor = await api.directory.visitor(code)
    assert (visitor, visitor.is_member) == (Visitor(userid="limgr"), True)
    assert not (await api.directory.visitor(twin.work.visit(openid="o1"))).is_member
    stale = twin.work.visit("limgr")
    clock.at += timedelta(minutes=5, seconds=1)
    for wrong in (code, stale, "x" * 513, ""):
        with pytest.raises(PlatformRefused):
            await api.directory.visitor(wrong)


async def test_the_old_casing_of_a_visitor_is_read(twin, api):
    """The call of before writes UserId and OpenId."""
    old = twin.work.reading()["user/getuserinfo"]({"code": twin.work.visit("limgr")})
    assert "UserId" in old
    assert visitor_in(old) == Visitor(userid="limgr")
    assert visitor_in({"OpenId": "o1", "external_userid": "wm1"}) == Visitor(openid="o1", external_userid="wm1")
    for strange in ({}, {"UserId": 7}, {"userid": ""}):
        with pytest.raises(PlatformBusy):
            visitor_in(strange)


async def test_the_directory_is_read(twin, api):
    """Departments, members in short and in full, one member."""
    twin.work.corp.parties |= {2: ("物业", 1), 3: ("维修", 2)}
    twin.work.corp.accounts["zhousf"] = Account("zhousf", "周师傅", (3,), "电工")
    assert await api.directory.departments(2) == [
        Department(2, "物业", 1, 100000000), Department(3, "维修", 2, 100000000)
    ]  # fmt: skip
    assert len(await api.directory.departments()) == 3
    full = Member("zhousf", "周师傅", (3,), "电工", 1)
    assert await api.directory.members_in_full(3) == [full]
    assert await api.directory.members(3) == [Member("zhousf", "周师傅", (3,))]
    assert await api.directory.member("zhousf") == full
    with pytest.raises(PlatformRefused):
        await api.directory.member("nobody")


async def test_all_userids_come_page_by_page_with_the_secret_of_the_contacts(
    twin, api, clock, session, monkeypatch
):
    """An application's own secret may not."""
    monkeypatch.setattr("redprop_bot.channels.work_directory.PAGE", 2)
    with pytest.raises(PlatformRefused) as refused:
        [row async for row in api.directory.userids()]
    assert refused.value.errcode == 48002
    settings = twin.work_settings().model_copy(update={"secret": SecretStr(twin.work.contacts_secret)})
    contacts = WorkApi(settings, session, clock=clock)
    assert [row async for row in contacts.directory.userids()] == [("limgr", 1), ("zhousf", 1), ("WangSJ", 1)]
    with pytest.raises(PlatformRefused):
        await contacts.send(work_messages.text("x"), TO)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("department/list", b'{"department":{}}'),
        ("department/list", b'{"department":[{"id":"1"}]}'),
        ("department/list", b'{"department":[1]}'),
        ("department/list", b"{}"),
        ("user/list_id", b'{"dept_user":[{"userid":7}]}'),
    ],
)
async def test_wrong_json_types_are_busy(twin, api, name, body):
    """A gateway answered, not the platform."""
    twin.work.faults.add(name, Trouble(body=body))

    async def read():
        if name == "department/list":
            return await api.directory.departments()
        return [row async for row in api.directory.userids()]

    with pytest.raises(PlatformBusy):
        await read()


async def test_a_cursor_that_never_ends_is_a_fault(twin, api, monkeypatch):
    """Bounded, whatever the answers say."""
    monkeypatch.setattr("redprop_bot.channels.work_directory._PAGES", 2)
    for cursor in ("a", "b"):
        body = f'{{"errcode":0,"next_cursor":"{cursor}","dept_user":[]}}'.encode()
        twin.work.faults.add("user/list_id", Trouble(body=body))
    with pytest.raises(PlatformBusy):
        [row async for row in api.directory.userids()]


async def test_groups_menu_and_addresses(twin, api):
    """A group is the application's own; a menu is replaced; addresses are told."""
    chat = await api.create_chat("联席会", ["limgr", "zhousf"], owner="limgr")
    await api.send_to_chat(chat, work_messages.text("明天九点"))
    assert (kinds(twin), kinds(twin, "zhousf")) == (["text"], ["text"])
    for call in (
        api.send_to_chat("another", work_messages.text("x")),
        api.send_to_chat(chat, work_messages.template_card(BUTTONS)),
        api.send_to_chat("", work_messages.text("x")),
        api.create_chat("一个人", ["limgr"]),
        api.create_chat("x", ["limgr", "zhousf"], owner="WangSJ"),
        api.create_chat("x", ["limgr", "zhousf"], chat_id="联席"),
        api.create_menu([]),
        api.create_menu([{"name": "x", "sub_button": [{}] * 6}]),
    ):
        with pytest.raises(PlatformRefused):
            await call
    menu = [{"type": "click", "name": "待办", "key": "todo"}]
    await api.create_menu(menu)
    assert twin.work.menu == menu
    assert "127.0.0.1" in await api.callback_addresses()


async def test_an_address_that_is_not_trusted_is_a_credential_fault(twin, api, clock, session):
    """With the token or already for it, as the corp is set; the hint and the address stay in the message."""
    twin.work.trusted = False
    with pytest.raises(CredentialError) as error:
        await api.send(work_messages.text("x"), TO)
    assert (error.value.errcode, error.value.api) == (60020, "message/send")
    assert "from ip: 127.0.0.1" in error.value.message
    with pytest.raises(CredentialError):
        await api.media("m")
    twin.work.token_needs_trust = True
    with pytest.raises(CredentialError) as error:
        await WorkApi(twin.work_settings(), session, clock=clock).callback_addresses()
    assert error.value.api == "gettoken"


@pytest.mark.parametrize("code", [40001, 40091])
async def test_a_wrong_secret_is_a_credential_fault_without_the_secret(twin, clock, session, code):
    """Either code; the text carries hint and address, never what was tried."""
    twin.work.secret, twin.work.secret_errcode = "another", code
    settings = twin.work_settings()
    twin.work.secret = "changed-since"
    with pytest.raises(PlatformError) as error:
        await WorkApi(settings, session, clock=clock).callback_addresses()
    assert isinstance(error.value, CredentialError)
    assert error.value.errcode == code
    assert "another" not in str(error.value)
