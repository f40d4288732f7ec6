"""Both callback addresses as a platform, a stranger and a bad network see them."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import psycopg
import pytest
from aiohttp.test_utils import TestClient, TestServer

from redprop_bot.channels import BODY_LIMIT
from redprop_bot.simulated.letters import message_xml
from redprop_bot.store.engine import sqlite_path
from redprop_bot.store.tables import Inbox, Outbox, Replay
from redprop_bot.web.app import make_app
from redprop_bot.web.callbacks import INTAKE

PATHS = ("/wechat/oa", "/wechat/work")


def _fields(house, text="海棠苑3栋2单元电梯坏了", msgid=7001, person="o-xu"):
    head = {"ToUserName": house.twin.oa.account, "FromUserName": person, "CreateTime": _now(house)}
    return {**head, "MsgType": "text", "Content": text, "MsgId": msgid}


def _now(house):
    return int(house.clock.now().timestamp())


def _packed(house, fields, **query):
    seal = house.twin.oa._seal
    return seal.pack(message_xml(fields), account=house.twin.oa.account, now=_now(house), **query)


async def _post(house, query, body, path="/wechat/oa"):
    answer = await house.client.post(f"{path}?{query}", data=body)
    return answer.status, await answer.read()


def _stored(house):
    """How many rows a delivery may have left behind."""
    return house.office.store.look(lambda tx: [len(tx.list(t)) for t in (Inbox, Replay, Outbox)])


async def test_both_addresses_are_verified(small_house):
    """Saving either address on its platform succeeds."""
    assert await small_house.twin.oa.verify()
    assert await small_house.twin.work.verify()


async def test_a_byte_identical_delivery_gets_the_stored_answer(house):
    """The same query and body again: the same text, nothing new."""
    query, body = _packed(house, _fields(house))
    answers = [await _post(house, query, body) for _ in range(2)]
    texts = [house.twin.oa._seal.open(answer) for _, answer in answers]
    assert [status for status, _ in answers] == [200, 200]
    assert texts[0] == texts[1]
    assert _stored(house)[0] == 1


async def test_a_used_query_with_another_body_is_refused(house, twin, content, reader):
    """In plain mode the signature does not cover the body: a query serves one body only, and 403 says nothing."""
    from redprop_bot.simulated.letters import Seal

    oa = house.office.settings.oa.model_copy(update={"mode": "plain"})
    from redprop_bot.channels import OfficialAccount

    house.office.official_account = OfficialAccount(oa, house.clock)
    seal = Seal(twin.oa.token, twin.oa._seal.cipher, "plain")
    query, body = seal.pack(message_xml(_fields(house)), account=twin.oa.account, now=_now(house))
    assert (await _post(house, query, body))[0] == 200
    other = message_xml(_fields(house, "荒唐", 7002)).encode()
    before = _stored(house)
    assert await _post(house, query, other) == (403, b"")
    assert _stored(house) == before
    assert (await _post(house, query, body))[0] == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda q, b: (q.replace("msg_signature=", "msg_signature=0"), b), 403),
        (lambda q, b: (q.split("&msg_signature")[0], b), 403),
        (lambda q, b: (q, b.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[A")), 403),
        (lambda q, b: (q, b"<xml><Encrypt>"), 400),
        (lambda q, b: (q, b"not xml at all"), 400),
        (lambda q, b: (q, b""), 400),
        (lambda q, b: (q, b'<!DOCTYPE a [<!ENTITY b "b">]><xml><Encrypt>&b;</Encrypt></xml>'), 400),
        (lambda q, b: (q, b"<a>" * 5000), 400),
        (lambda q, b: (q, b + b" " * BODY_LIMIT), 413),
        (lambda q, b: (q.replace("timestamp=", "timestamp=x"), b), 400),
        (lambda q, b: (q + "&timestamp=1", b), 400),
        (lambda q, b: ("", b), 400),
    ],
)
async def test_what_is_not_from_the_platform_is_refused_without_detail(small_house, change, status):
    """Each fault has its status, an empty body, and leaves nothing behind."""
    query, body = change(*_packed(small_house, _fields(small_house)))
    assert await _post(small_house, query, body) == (status, b"")
    assert _stored(small_house) == [0, 0, 0]


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_stale_or_future_query_is_refused(small_house, seconds):
    """The window is five minutes to either side."""
    query, body = _packed(small_house, _fields(small_house))
    small_house.clock.at += timedelta(seconds=seconds)
    assert await _post(small_house, query, body) == (403, b"")
    assert _stored(small_house) == [0, 0, 0]


async def test_after_decryption_every_fault_looks_the_same(small_house):
    """A foreign receiver and garbage inside the seal: one status, no body."""
    from redprop_bot.channels.crypto import Cipher
    from redprop_bot.simulated.letters import Seal

    twin = small_house.twin.oa
    foreign = Seal(twin.token, Cipher(twin.aes_key, "wx0000000000000000"), "safe")
    found = []
    for seal, xml in ((foreign, message_xml(_fields(small_house))), (twin._seal, "<xml><a>"), (twin._seal, "\0")):
        query, body = seal.pack(xml, account=twin.account, now=_now(small_house))
        found.append(await _post(small_house, query, body))
    assert found == [(403, b"")] * 3
    assert _stored(small_house) == [0, 0, 0]


async def test_a_body_of_ten_megabytes_is_not_read(small_house):
    """413 comes back although most of it was never taken."""
    query, _ = _packed(small_house, _fields(small_house))

    async def endless():
        for _ in range(160):
            yield b"x" * 65536

    answer = await small_house.client.post(f"/wechat/oa?{query}", data=endless())
    assert answer.status == 413
    assert (await small_house.client.get("/healthz")).status == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
async def test_other_methods_are_refused(small_house, path, method):
    """405 with what is allowed."""
    answer = await small_house.client.request(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET,POST")


async def test_a_channel_that_is_off_is_not_there(small_house):
    """404 for both methods, while the other channel goes on."""
    small_house.office.wecom = None
    assert (await small_house.client.get("/wechat/work")).status == 404
    assert (await small_house.client.post("/wechat/work", data=b"x")).status == 404
    assert await small_house.twin.oa.verify()


async def test_events_of_no_concern_are_acknowledged_and_unknown_ones_counted(small_house):
    """Ignored and unknown events are answered and leave no message; only the unknown one is a figure."""
    assert (await small_house.twin.oa.phones.event("o-xu", "VIEW", {"EventKey": "https://a.example/"})).ok
    assert (await small_house.twin.oa.phones.event("o-xu", "brand_new_thing", {})).ok
    text = await (await small_house.client.get("/metrics")).text()
    assert 'redprop_messages_total{channel="oa",outcome="ignored"} 1.0' in text
    assert 'redprop_messages_total{channel="oa",outcome="unknown"} 1.0' in text
    assert 'redprop_unknown_events_total{channel="oa",event="brand_new_thing"} 1.0' in text
    assert "view" not in text
    assert _stored(small_house)[2] == 0


# -- five seconds


@contextmanager
def _database_held(url):
    """Nobody else gets to write, as when a disk or a neighbour is slow."""
    if url.startswith("sqlite"):
        holder = sqlite3.connect(sqlite_path(url), isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            holder.close()
        return
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
        yield
        holder.rollback()


@asynccontextmanager
async def _impatient(house, seconds=0.3):
    """The same house with less patience than five seconds."""
    app = make_app(house.office)
    app[INTAKE].patience = seconds
    async with TestClient(TestServer(app)) as client:
        house.twin.callbacks(str(client.make_url("/")))
        yield app[INTAKE]


async def _settled(intake):
    await asyncio.wait_for(intake.finish(), 20)


async def test_a_slow_answer_follows_as_a_message_of_its_own(house):
    """The platform gets its acknowledgement in time; the resident gets the reply later, once."""
    async with _impatient(house) as intake:
        with _database_held(house.office.settings.database_url):
            outcome = await house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
        assert (outcome.ok, outcome.text) == (True, "")
        await _settled(intake)
        await house.deliver()
        shown = house.twin.ledger.shown("o-xu")
        assert [(e.kind, e.passive) for e in shown] == [("text", False)]
        assert "春晖物业" in shown[0].text
        again = await house.twin.oa.phones.again()
        assert (again.ok, again.text) == (True, "")
        await house.deliver()
        assert len(house.twin.ledger.shown("o-xu")) == 1
        assert _stored(house)[0] == 1


async def test_a_second_delivery_waits_for_the_first(house):
    """While the first is in work a twin of it neither overtakes nor doubles it: both get the one answer."""
    fields = _fields(house)
    with _database_held(house.office.settings.database_url):
        both = [asyncio.create_task(_post(house, *_packed(house, fields))) for _ in range(2)]
        done, _ = await asyncio.wait(both, timeout=0.2)
        assert not done
    answers = [await one for one in both]
    assert [status for status, _ in answers] == [200, 200]
    texts = {house.twin.oa._seal.open(body).split(b"<Content>")[1] for _, body in answers}
    assert len(texts) == 1
    assert _stored(house)[:2] == [1, 2]


async def test_every_delivery_of_a_slow_message_is_acknowledged_and_the_reply_comes_once(house):
    """Three deliveries, as the platform makes them, all too late: three acknowledgements, one message, one report."""
    async with _impatient(house, 0.1) as intake:
        with _database_held(house.office.settings.database_url):
            outcomes = [await house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")]
            outcomes += [await house.twin.oa.phones.again() for _ in range(2)]
        assert [(o.ok, o.text) for o in outcomes] == [(True, "")] * 3
        await _settled(intake)
        await house.deliver()
        assert len(house.twin.ledger.shown("o-xu")) == 1
        assert _stored(house)[0] == 1


async def test_what_breaks_after_the_acknowledgement_is_owned_up_to(house):
    """Too late and broken: the message stays in the inbox, and the resident is sent the number of the fault."""
    house.office.hears = lambda: None  # whatever is said, reading it fails
    async with _impatient(house, 0.1) as intake:
        with _database_held(house.office.settings.database_url):
            assert (await house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")).text == ""
        await _settled(intake)
        await house.deliver()
        [row] = house.office.store.look(lambda tx: tx.list(Inbox))
        [shown] = house.twin.ledger.shown("o-xu")
        assert row.status == "failed"
        assert row.reference in shown.text


async def test_a_late_failure_of_the_database_is_tried_again(sqlite_url, small_house):
    """After an acknowledgement nobody delivers again, so the service itself tries until the message is stored."""
    async with _impatient(small_house, 0.05) as intake:
        intake.pause = 0.01
        with sqlite3.connect(sqlite_path(sqlite_url)) as broken, _slowed(small_house):
            broken.execute("PRAGMA legacy_alter_table=ON")
            broken.execute("ALTER TABLE inbox RENAME TO away")
            broken.commit()
            assert (await small_house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")).text == ""
            broken.execute("ALTER TABLE away RENAME TO inbox")
            broken.commit()
        await _settled(intake)
        await small_house.deliver()
        assert len(small_house.twin.ledger.shown("o-xu")) == 1
        assert _stored(small_house)[0] == 1


async def test_a_failure_that_lasts_is_said_aloud(sqlite_url, small_house, caplog):
    """After the last try the loss stands in the log, without the words; what comes later is taken in."""
    async with _impatient(small_house, 0.05) as intake:
        intake.pause = 0.001
        with sqlite3.connect(sqlite_path(sqlite_url)) as broken, _slowed(small_house):
            broken.execute("PRAGMA legacy_alter_table=ON")
            broken.execute("ALTER TABLE inbox RENAME TO away")
            broken.commit()
            assert (await small_house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")).text == ""
            await _settled(intake)
            broken.execute("ALTER TABLE away RENAME TO inbox")
            broken.commit()
        assert "a message that was acknowledged is lost" in caplog.text
        assert "电梯坏了" not in caplog.text
        intake.patience = 20
        assert "春晖物业" in (await small_house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")).text


@contextmanager
def _slowed(house):
    """Every piece of work takes a moment longer than the patience of the test."""
    real = house.office.store.write

    async def write(job):
        await asyncio.sleep(0.1)
        return await real(job)

    house.office.store.write = write
    try:
        yield
    finally:
        house.office.store.write = real


async def test_verification_needs_no_database(house):
    """WeCom waits one second: a database that is held does not come into it, on neither address."""
    with _database_held(house.office.settings.database_url):
        assert await asyncio.wait_for(house.twin.work.verify(), 20)
        assert await asyncio.wait_for(house.twin.oa.verify(), 20)


async def test_a_message_that_is_not_stored_is_not_acknowledged(sqlite_url, small_house):
    """Without its tables the answer is 500 without detail, so that the platform delivers again; then it passes."""
    rename = "ALTER TABLE inbox RENAME TO {}"
    query, body = _packed(small_house, _fields(small_house))
    with sqlite3.connect(sqlite_path(sqlite_url)) as broken:
        broken.execute("PRAGMA legacy_alter_table=ON")
        broken.execute(rename.format("away"))
        broken.commit()
        assert await _post(small_house, query, body) == (500, b"")
        broken.execute("ALTER TABLE away RENAME TO inbox")
        broken.commit()
    assert (await _post(small_house, query, body))[0] == 200
    assert _stored(small_house)[0] == 1
