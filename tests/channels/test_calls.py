"""How a call is repeated, given up, and when an API is left alone; every failure typed, none with a token in it."""

import asyncio
import logging
import traceback
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from tests.channels.account import api, clock, pauses, session, twin

from redprop_bot.channels import OfficialAccountSender, WorkSender, oa_messages
from redprop_bot.channels.client import Wire
from redprop_bot.channels.errcodes import platform_error
from redprop_bot.channels.oa_api import OfficialAccountApi
from redprop_bot.channels.patience import Patience
from redprop_bot.errors import (
    AddressRefused,
    ContentRefused,
    CredentialError,
    NotEntitled,
    NotGranted,
    PlatformAway,
    PlatformBusy,
    PlatformError,
    PlatformLimited,
    PlatformRefused,
    Unreachable,
    WindowClosed,
)
from redprop_bot.ports import Channel, Form, Outbound
from redprop_bot.simulated import Trouble
from redprop_bot.simulated.faults import HTML

__all__ = ["api", "clock", "pauses", "session", "twin"]

CUSTOM = "message/custom/send"
HELLO = oa_messages.text("您好")
UNSURE = [
    Trouble(status=500),
    Trouble(status=503, errcode=-1),
    HTML,
    Trouble(cut=True),
    Trouble(cut=True, body=b'{"errcode":0,"errmsg":"ok"}'),
    Trouble(body=b"[]"),
    Trouble(body=b'{"errcode":"none"}'),
    Trouble(body=b'{"errcode":null}'),
    Trouble(body=b'{"errcode":{"a":1}}'),
]


async def test_busy_is_tried_again_even_for_a_send(twin, api, pauses):
    """errcode -1 says that nothing was done: up to three times more, with growing pauses; the person gets one."""
    twin.oa.faults.add(CUSTOM, Trouble(errcode=-1, errmsg="system error"), times=3)
    await api.send("o1", HELLO)
    assert (twin.oa.calls[CUSTOM], len(twin.ledger.shown("o1"))) == (4, 1)
    assert pauses.seconds == sorted(pauses.seconds)
    assert len(set(pauses.seconds)) == 3


async def test_busy_for_long_is_given_back(twin, api):
    """After the third repetition it is the caller's turn."""
    twin.oa.faults.add(CUSTOM, Trouble(errcode=-1), times=None)
    with pytest.raises(PlatformBusy) as error:
        await api.send("o1", HELLO)
    assert (error.value.errcode, twin.oa.calls[CUSTOM]) == (-1, 4)


def test_pauses_have_jitter():
    """Two who met do not meet again at the same moment."""
    patience = Patience()
    assert len({patience.jitter() for _ in range(20)}) > 1
    assert all(0.4 < patience.jitter() < 1.6 for _ in range(100))


async def test_no_try_begins_late(pauses):
    """A slow platform does not stretch a call beyond the lease of a message."""
    patience = Patience(sleep=pauses, within=0)
    assert not await patience.pause(0, asyncio.get_running_loop().time())
    assert pauses.seconds == []


@pytest.mark.parametrize("trouble", UNSURE, ids=str)
async def test_a_send_whose_outcome_is_unknown_is_not_repeated_here(twin, api, trouble):
    """It may have arrived: repeating is the outbox's decision."""
    twin.oa.faults.add(CUSTOM, trouble)
    with pytest.raises(PlatformBusy):
        await api.send("o1", HELLO)
    assert twin.oa.calls[CUSTOM] == 1


@pytest.mark.parametrize("trouble", UNSURE, ids=str)
async def test_what_does_no_harm_twice_is_repeated(twin, api, trouble):
    """A question is asked again, and the token is."""
    twin.oa.faults.add("user/info", trouble)
    twin.oa.faults.add("stable_token", trouble)
    assert (await api.follower("o1")).following
    assert (twin.oa.calls["user/info"], twin.oa.calls["stable_token"]) == (2, 2)


async def test_a_template_message_with_an_id_of_ours_is_repeated(twin, api):
    """The platform drops its twin; without such an id it is a send like any other."""
    twin.oa.faults.add("message/template/send", Trouble(status=502))
    assert await api.send_template("o1", "t", {"thing1": "电梯"}, client_id="outbox-1")
    twin.oa.faults.add("message/template/send", Trouble(status=502))
    with pytest.raises(PlatformBusy):
        await api.send_template("o1", "t", {"thing1": "电梯"})


async def test_an_oauth_code_is_not_used_twice(twin, api):
    """A lost answer is a failure: the code is gone."""
    twin.oa.faults.add("/sns/oauth2/access_token", Trouble(status=502))
    with pytest.raises(PlatformBusy):
        await api.person(twin.oa.visit("o1"))
    assert twin.oa.calls["/sns/oauth2/access_token"] == 1


@pytest.mark.parametrize(
    "trouble", [Trouble(delay=5), Trouble(body=b"{" + b" " * 500, pace=0.02)], ids=["hangs", "drips"]
)
async def test_a_body_that_does_not_come_or_never_ends_is_busy(twin, session, trouble):
    """Time-outs cover the whole answer."""
    twin.oa.faults.add("slow", trouble, times=None)
    wire = Wire(session, twin.oa.origin, aiohttp.ClientTimeout(total=0.1), patience=Patience(pauses=()))
    with pytest.raises(PlatformBusy):
        await wire.get("slow", secrets=())


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "text/html"])
async def test_the_content_type_is_not_looked_at(twin, api, kind):
    """JSON is JSON, whatever it is called."""
    twin.oa.content_type = kind
    await api.send("o1", HELLO)
    assert (await api.follower("o1")).following


# -- quotas


async def test_a_daily_quota_stops_the_api_until_midnight_in_shanghai(twin, api, clock):
    """One call meets 45009; then nobody calls before the day is over. Other APIs go on."""
    twin.oa.limits.daily[CUSTOM] = 1
    await api.send("o1", HELLO)
    for _ in range(3):
        with pytest.raises(PlatformLimited) as error:
            await api.send("o1", HELLO)
        assert error.value.errcode == 45009
        assert error.value.until == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    assert twin.oa.calls[CUSTOM] == 2
    assert (await api.follower("o1")).following
    clock.at = datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)
    with pytest.raises(PlatformLimited):
        await api.send("o1", HELLO)
    clock.at += timedelta(seconds=1)
    await api.send("o1", HELLO)
    assert twin.oa.calls[CUSTOM] == 3


async def test_a_minute_quota_stops_the_api_until_the_next_minute(twin, api, clock):
    """45011, and the moment in the error."""
    twin.oa.limits.minute["user/info"] = 2
    for _ in range(2):
        await api.follower("o1")
    for _ in range(3):
        with pytest.raises(PlatformLimited) as error:
            await api.follower("o1")
    assert (error.value.errcode, error.value.until) == (45011, datetime(2026, 11, 25, 9, 1, tzinfo=UTC))
    assert twin.oa.calls["user/info"] == 3
    clock.at += timedelta(seconds=30)
    await api.follower("o1")


async def test_two_accounts_do_not_stop_each_other(twin, clock, session):
    """WeCom blocks for a minute, and only WeCom."""
    work = WorkSender(twin.work_settings(), session, clock=clock)
    resident = OfficialAccountSender(twin.oa_settings(), session, clock=clock)
    twin.oa._acted("o1", "message")
    message = Outbound(Channel.WORK, "limgr", Form.TEXT, {"text": "新工单"})
    twin.work.faults.add("message/send", Trouble(errcode=45009, errmsg="api freq out of limit"))
    for _ in range(3):
        with pytest.raises(PlatformLimited) as error:
            await work.send(message)
    assert error.value.until == datetime(2026, 11, 25, 9, 1, tzinfo=UTC)
    await resident.send(Outbound(Channel.OA, "o1", Form.TEXT, {"text": "已派单"}))
    clock.at += timedelta(minutes=1)
    await work.send(message)
    assert twin.work.calls["message/send"] == 2


# -- codes and errors


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, PlatformBusy), (45033, PlatformBusy), (45009, PlatformLimited), (45011, PlatformLimited),
        (45015, WindowClosed), (45047, WindowClosed), (43101, NotGranted),
        (43004, Unreachable), (43019, Unreachable), (48002, Unreachable), (40003, Unreachable), (81013, Unreachable),
        (47003, ContentRefused), (45002, ContentRefused), (45008, ContentRefused), (47001, ContentRefused),
        (48001, NotEntitled), (48004, NotEntitled), (50002, NotEntitled),
        (40164, AddressRefused), (60020, AddressRefused), (89503, AddressRefused),
        (40001, CredentialError), (40125, CredentialError), (40013, CredentialError),
        (40037, PlatformRefused), (99999, PlatformRefused),
    ],
)  # fmt: skip
async def test_each_code_is_a_kind_of_failure(twin, api, errcode, kind):
    """With errcode, request id and API name."""
    twin.oa.faults.add(CUSTOM, Trouble(errcode=errcode), times=None)
    with pytest.raises(PlatformError) as error:
        await api.send("o1", HELLO)
    assert type(error.value) is kind
    assert (error.value.errcode, error.value.api) == (errcode, CUSTOM)
    assert error.value.rid
    assert error.value.rid.startswith(f"{int(twin.oa._clock.now().timestamp()):x}-")


def test_a_request_id_behind_a_long_text_is_found():
    """The message is cut, the id is not."""
    error = platform_error(CUSTOM, 47003, "x " * 250 + " rid: 65004ee5-1a2b3c4d-5e6f7a8b")
    assert error.rid == "65004ee5-1a2b3c4d-5e6f7a8b"
    assert len(error.message) <= 200


async def test_a_permanent_40001_is_two_calls_and_a_clean_error(twin, api):
    """Never a loop, never more than three fetches a minute."""
    twin.oa.tokens.refuse_all = True
    with pytest.raises(CredentialError):
        await api.send("o1", HELLO)
    assert (twin.oa.calls[CUSTOM], twin.oa.tokens.fetches) == (2, 2)
    for _ in range(10):
        with pytest.raises(CredentialError):
            await api.follower("o1")
    assert twin.oa.tokens.fetches == 3


async def test_an_address_that_is_not_listed_is_told_as_that(twin, api):
    """For the operator: which address, and that it is about the list."""
    twin.oa.trusted = False
    with pytest.raises(AddressRefused) as error:
        await api.follower("o1")
    assert error.value.errcode == 40164
    assert "127.0.0.1" in error.value.message


async def test_200_sends_at_once_fetch_one_token(twin, api):
    """And a revoked one is renewed once for all of them."""
    for n in range(200):
        twin.oa._acted(f"p{n}", "message")
    await asyncio.gather(*(api.send(f"p{n}", HELLO) for n in range(200)))
    assert twin.oa.tokens.fetches == 1
    twin.oa.tokens.revoke()
    await asyncio.gather(*(api.send(f"p{n}", HELLO) for n in range(200)))
    assert twin.oa.tokens.fetches == 2
    assert len(twin.ledger.entries) == 400


async def test_no_secret_gets_out_of_any_call(twin, clock, session, caplog):
    """At DEBUG, through every kind of call and failure: token, secret, ticket, OAuth code."""
    caplog.set_level(logging.DEBUG)
    said = []
    code = twin.oa.visit("o1")
    api = OfficialAccountApi(twin.oa_settings(), session, clock=clock, patience=Patience(pauses=()))
    await api.page_config("https://example.org/m")
    token, ticket = twin.oa.tokens._current, twin.oa.assets._ticket[0]
    echo = Trouble(errcode=40003, errmsg=f"no {token} {twin.oa.secret} {code} {ticket}")
    for call, path in (
        (lambda: api.send("o1", HELLO), CUSTOM),
        (lambda: api.follower("o1"), "user/info"),
        (lambda: api.person(code), "/sns/oauth2/access_token"),
        (lambda: api.media("m"), "media/get"),
    ):
        for trouble in (echo, HTML, Trouble(cut=True), Trouble(status=302), Trouble(body=b"[]")):
            twin.oa.faults.clear()
            twin.oa.faults.add(path, trouble, times=None)
            with pytest.raises(PlatformError) as error:
                await call()
            said.append("".join(traceback.format_exception(error.value)))
    assert len(said) == 20
    for secret in (token, twin.oa.secret):
        assert secret not in caplog.text + "".join(said)
    assert code not in caplog.text + "".join(text for text in said if "/sns/" in text)
    assert ticket not in caplog.text


async def test_a_platform_that_was_never_reached_is_told_apart(session):
    """No connection: nothing was sent, and no address is in the error. A cut one may have been."""
    with pytest.raises(PlatformAway) as error:
        await Wire(session, "http://127.0.0.1:9", patience=Patience(pauses=())).post(
            CUSTOM, {}, secrets=(), access_token="s3cret"
        )
    assert "127.0.0.1" not in str(error.value)
    assert "s3cret" not in str(error.value)


async def test_a_connection_that_was_cut_is_not_taken_for_none(twin, api):
    """It may have been sent."""
    twin.oa.faults.add(CUSTOM, Trouble(cut=True))
    with pytest.raises(PlatformBusy) as error:
        await api.send("o1", HELLO)
    assert not isinstance(error.value, PlatformAway)
