"""The clients against the simulated platforms: what is sent, what each trouble becomes, and what never gets out."""

import asyncio
import logging
import traceback
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from redprop_bot.channels import OfficialAccountSender, WorkSender
from redprop_bot.channels.client import Wire
from redprop_bot.channels.errcodes import platform_error
from redprop_bot.channels.patience import Patience
from redprop_bot.errors import ContentRefused, CredentialError, PlatformBusy, PlatformError, PlatformRefused
from redprop_bot.ports import Channel, Form, FrozenClock, Outbound
from redprop_bot.simulated import Trouble, Twin
from redprop_bot.simulated.faults import HTML

SEND = "message/send"
ONCE = Patience(pauses=())


@pytest.fixture
def clock():
    return FrozenClock(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))


@pytest.fixture
async def twin(clock):
    async with Twin(clock) as twin:
        yield twin


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def sender(twin, clock, session):
    return WorkSender(twin.work_settings(), session, clock=clock)


def text(receiver="wangsj", words="新工单"):
    return Outbound(Channel.WORK, receiver, Form.TEXT, {"text": words})


async def test_200_sends_at_once_fetch_one_token(twin, sender, clock, session):
    """On both platforms."""
    await asyncio.gather(*(sender.send(text(f"user{n}")) for n in range(200)))
    assert (twin.work.tokens.fetches, len(twin.ledger.entries)) == (1, 200)
    twin.oa.known.update(f"o{n}" for n in range(200))
    for n in range(200):
        twin.oa._quota.open(f"o{n}", "message")
    resident = OfficialAccountSender(twin.oa_settings(), session, clock=clock)
    await asyncio.gather(
        *(resident.send(Outbound(Channel.OA, f"o{n}", Form.TEXT, {"text": "已派单"})) for n in range(200))
    )
    assert (twin.oa.tokens.fetches, len(twin.ledger.entries)) == (1, 400)


async def test_a_revoked_token_is_renewed_once_for_all(twin, sender):
    """20 calls meet 40001 together: one fetch more, and all pass."""
    await sender.send(text())
    twin.work.tokens.revoke()
    await asyncio.gather(*(sender.send(text(words=f"新工单 {n}")) for n in range(20)))
    assert twin.work.tokens.fetches == 2
    assert len(twin.ledger.entries) == 21


async def test_a_permanent_40001_is_one_refresh_and_a_clean_error(twin, sender):
    """The call, one refresh, the call once more, one typed error; never more than three fetches a minute."""
    twin.work.tokens.refuse_all = True
    with pytest.raises(CredentialError) as error:
        await sender.send(text())
    assert error.value.errcode == 40001
    assert (twin.work.tokens.fetches, twin.work.calls[SEND]) == (2, 2)
    for _ in range(20):
        with pytest.raises(CredentialError):
            await sender.send(text())
    assert twin.work.calls["gettoken"] <= 3


@pytest.mark.parametrize("code", [40014, 42001])
async def test_the_other_stale_token_codes_are_the_same(twin, sender, code):
    """One try more, which passes."""
    twin.work.faults.add(SEND, Trouble(errcode=code))
    await sender.send(text())
    assert twin.work.calls[SEND] == 2


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(errcode=45033),
        Trouble(status=500),
        Trouble(status=500, errcode=40003),
        Trouble(status=502, body=b'{"errcode":0}'),
        Trouble(status=404, body=b'{"message":"no such page"}'),
        HTML,
        Trouble(body=b""),
        Trouble(body=b"[]"),
        Trouble(body=b'{"errcode":"none"}'),
        Trouble(body=b'{"errcode":null}'),
        Trouble(body=b'{"errcode":1.5}'),
        Trouble(body=b"[" * 100_000),
        Trouble(body=b"\xff\xfe"),
        Trouble(cut=True),
    ],
    ids=str,
)
async def test_trouble_that_may_pass_is_busy_and_nothing_is_sent_twice(twin, sender, trouble):
    """One call on the wire: repeating is the outbox's affair."""
    twin.work.faults.add(SEND, trouble)
    with pytest.raises(PlatformBusy):
        await sender.send(text())
    assert twin.work.calls[SEND] == 1
    await sender.send(text())


@pytest.mark.parametrize("code", [40003, 43004, 45015, 45047, 60011, 81013, 45002, 48001, 99999])
async def test_a_no_is_a_no(twin, sender, code):
    """The platform understood; the same call will not pass."""
    twin.work.faults.add(SEND, Trouble(errcode=code, errmsg="no rid: 65004ee5-1a2b3c4d-5e6f7a8b"))
    with pytest.raises(PlatformRefused) as error:
        await sender.send(text())
    assert (error.value.errcode, error.value.api, error.value.rid) == (code, SEND, "65004ee5-1a2b3c4d-5e6f7a8b")


@pytest.mark.parametrize("code", [60020, 40164, 40125, 89503])
async def test_address_and_secret_faults_are_credentials(twin, sender, code):
    """For the operator, not for the outbox."""
    twin.work.faults.add("gettoken", Trouble(errcode=code))
    with pytest.raises(CredentialError):
        await sender.send(text())
    twin.work.faults.add(SEND, Trouble(errcode=code))
    with pytest.raises(CredentialError):
        await sender.send(text())
    assert twin.work.calls[SEND] == 1


async def test_a_numeric_code_as_text_is_read(twin, sender):
    """JSON types are not to be relied on."""
    twin.work.faults.add(SEND, Trouble(body=b'{"errcode":"45015","errmsg":7}'))
    with pytest.raises(PlatformRefused):
        await sender.send(text())


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"access_token":""}',
        b'{"access_token":"x","expires_in":"7200"}',
        b'{"access_token":5,"expires_in":7200}',
    ],
)
async def test_a_token_answer_without_a_token_is_busy(twin, sender, body):
    """A gateway's idea of an answer."""
    twin.work.faults.add("gettoken", Trouble(body=body))
    with pytest.raises(PlatformBusy):
        await sender.send(text())


async def test_a_platform_that_hangs_or_is_away_is_busy(twin, session):
    """Time-outs everywhere, and no address in the error."""
    twin.work.faults.add("slow", Trouble(delay=5))
    wire = Wire(session, twin.work.origin, aiohttp.ClientTimeout(total=0.05), patience=ONCE)
    with pytest.raises(PlatformBusy):
        await wire.get("slow", secrets=(), access_token="s3cret")
    with pytest.raises(PlatformBusy) as error:
        await Wire(session, "http://127.0.0.1:9", patience=ONCE).get("x", secrets=(), access_token="s3cret")
    assert "127.0.0.1" not in str(error.value)


async def test_no_redirect_takes_the_token_elsewhere(session):
    """A 302 is an unreadable answer; its address is not visited."""
    visited = []

    async def elsewhere(request):
        visited.append(request.path)
        raise web.HTTPFound("/elsewhere?" + request.query_string)

    app = web.Application()
    app.router.add_get("/{path:.*}", elsewhere)
    async with TestServer(app) as server:
        wire = Wire(session, str(server.make_url("")).rstrip("/"), patience=ONCE)
        with pytest.raises(PlatformBusy):
            await wire.get("x", secrets=(), access_token="s3cret")
    assert visited == ["/cgi-bin/x"]


async def test_media_is_bounded_and_a_refusal_is_read(twin, sender, clock, session):
    """Bytes without end are cut off; JSON in their place is an answer."""
    twin.work.faults.add("media/get", Trouble(body=b"x" * (20 * 1024 * 1024 + 1)))
    with pytest.raises(ContentRefused):
        await sender.media("m")
    twin.work.faults.add("media/get", Trouble(body=b'{"video_url":"http://x"}'))
    with pytest.raises(PlatformRefused):
        await sender.media("m")
    for body in (b"", HTML.body):
        twin.work.faults.add("media/get", Trouble(body=body), times=None)
        with pytest.raises(PlatformBusy):
            await WorkSender(twin.work_settings(), session, clock=clock, patience=ONCE).media("m")
        twin.work.faults.clear()


async def test_no_secret_in_logs_errors_or_tracebacks(twin, clock, session, caplog):
    """At DEBUG, through success and every kind of failure, on both platforms."""
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    said = []
    work = WorkSender(twin.work_settings(), session, clock=clock)
    resident = OfficialAccountSender(twin.oa_settings(), session, clock=clock)
    to_resident = Outbound(Channel.OA, "o1", Form.TEXT, {"text": "x"})

    async def attempt(sender, message):
        try:
            await sender.send(message)
        except PlatformError as error:
            said.append("".join(traceback.format_exception(error)))

    await attempt(work, text())
    token = twin.work.tokens._current
    echo = Trouble(errcode=40001, errmsg=f"bad access_token={token} secret={twin.work.secret}")
    for trouble in (echo, echo, HTML, Trouble(cut=True), Trouble(status=500), Trouble(status=302, body=b"")):
        twin.work.faults.add(SEND, trouble)
    twin.oa.faults.add("stable_token", Trouble(errcode=40125, errmsg=f"invalid secret {twin.oa.secret}"))
    for _ in range(6):
        await attempt(work, text())
        await attempt(resident, to_resident)
    await twin.close()
    await attempt(work, text())
    assert len(said) >= 8
    for secret in (
        token,
        twin.work.tokens._current,
        twin.work.secret,
        twin.oa.secret,
        twin.work.token,
        twin.work.aes_key,
    ):
        assert secret not in caplog.text
        assert secret not in "".join(said)


def test_an_error_text_is_short_and_on_one_line():
    """Whatever the platform writes, a log line stays one."""
    error = platform_error("x", 40003, "a\nb\x1b[31m" + "c" * 1000)
    assert "\n" not in str(error)
    assert len(str(error)) < 300
