"""The fifteen pitfalls of bots on these platforms, one by one, against the whole service.

 1  XML bombs and foreign entities          test_01 · channels/test_nodes, web/test_callbacks
 2  forged plain text in safe mode           test_02 · channels/test_callbacks
 3  downgrade of the mode                    test_03 · channels/test_callbacks
 4  replay, and parts without separators     test_04 · channels/test_callbacks, web/test_callbacks
 5  signatures: constant time, odd ones      test_05 · channels/test_crypto, test_query
 6  the echostr is reflected                 test_06
 7  receiver id                              test_07 · web/test_callbacks
 8  bad ciphertext                           test_08 · channels/test_crypto, test_fuzz
 9  addresses from messages                  test_09 · media/test_gathering, wire/test_effects
10  secrets in logs                          test_10 · channels/test_senders
11  XML in replies                           test_11 · channels/test_replies
12  markup in what staff reads               test_12 · channels/test_cards
13  who somebody is                          test_13 · channels/test_callbacks
14  repeated nodes and attributes            test_14 · channels/test_nodes
15  ids beyond 2**53                         test_15 · channels/test_shapes
"""

import base64
import hmac
import json
import logging
from datetime import timedelta

import pytest
from tests.support import pictures

from redprop_bot.channels import crypto
from redprop_bot.channels.crypto import Cipher, sign
from redprop_bot.errors import ConfigError
from redprop_bot.notify.links import signed
from redprop_bot.settings import load
from redprop_bot.simulated.letters import Seal, message_xml, verification
from redprop_bot.store.tables import Attachment, Demand, Inbox, Outbox, Person


def now(house):
    return int(house.clock.now().timestamp())


def fields(house, **changes):
    head = {"ToUserName": house.twin.oa.account, "FromUserName": "o-xu", "CreateTime": now(house)}
    return {**head, "MsgType": "text", "Content": "海棠苑3栋2单元电梯坏了", "MsgId": 7001} | changes


def packed(house, xml, **query):
    return house.twin.oa.phones._seal.pack(xml, account=house.twin.oa.account, now=now(house), **query)


async def post(house, query, body, path="/wechat/oa"):
    answer = await house.client.post(f"{path}?{query}", data=body)
    return answer.status, await answer.read()


def inbox(house):
    return house.office.store.look(lambda tx: tx.list(Inbox))


def shown(house, answer):
    return house.twin.oa.phones._seal.open(answer).decode()


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>',
        '<!DOCTYPE x [<!ENTITY e "x">]><xml><Content>&e;</Content></xml>',
        '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:1/">%e;]><xml/>',
        "<!DOCTYPE xml><xml/>",
        "<xml>" + "<a>" * 20_000 + "</xml>",
        '{"a":' * 20_000,
        '{"a":' + "[" * 3000 + "]" * 3000 + "}",
    ],
)
async def test_01_bombs_are_refused_before_and_after_the_seal(small_house, bomb, inside):
    """400 in the open, the bare 403 under the seal; the service goes on."""
    query, body = packed(small_house, bomb if inside else message_xml(fields(small_house)))
    assert await post(small_house, query, body if inside else bomb.encode()) == (403 if inside else 400, b"")
    assert (await small_house.client.get("/healthz")).status == 200
    assert inbox(small_house) == []


@pytest.mark.parametrize("form", ["xml", "json"])
async def test_02_plain_text_is_not_taken_in_safe_mode(small_house, form):
    """Whoever has seen one signed address could write anything below it."""
    token, stamp = small_house.twin.oa.token, str(now(small_house))
    query = f"signature={sign(token, stamp, 'n')}&timestamp={stamp}&nonce=n&openid=o-xu"
    body = message_xml(fields(small_house)) if form == "xml" else '{"MsgType":"text","FromUserName":"o-xu"}'
    assert await post(small_house, query, body.encode()) == (403, b"")
    assert inbox(small_house) == []


async def test_03_the_query_does_not_talk_it_out_of_its_mode(small_house):
    """`encrypt_type=raw` beside a good seal is refused."""
    query, body = packed(small_house, message_xml(fields(small_house)), encrypt_type="raw")
    assert await post(small_house, query, body) == (403, b"")


async def test_04_a_replay_changes_nothing(small_house):
    """The same bytes get the same answer; a digit moved from nonce to time is no new query; after five minutes 403."""
    query, body = packed(small_house, message_xml(fields(small_house)))
    first, second = [await post(small_house, query, body) for _ in range(2)]
    assert shown(small_house, first[1]) == shown(small_house, second[1])
    assert len(inbox(small_house)) == 1
    stamp, nonce = (query.split(f"{name}=")[1].split("&")[0] for name in ("timestamp", "nonce"))
    moved = query.replace(f"timestamp={stamp}", f"timestamp={stamp}{nonce[0]}").replace(
        f"nonce={nonce}", f"nonce={nonce[1:]}"
    )
    assert (await post(small_house, moved, body))[0] == 400
    small_house.clock.at += timedelta(minutes=6)
    assert await post(small_house, query, body) == (403, b"")


async def test_05_odd_signatures_are_refused_and_compared_in_constant_time(small_house, monkeypatch):
    """Missing, empty, doubled, upper-case, not hex; every comparison goes through `hmac.compare_digest`."""
    query, body = packed(small_house, message_xml(fields(small_house)))
    good = query.split("msg_signature=")[1]
    for bad in ("", good.upper(), "z" * 40, good[:-1], f"{good}&msg_signature={good}"):
        status, _ = await post(small_house, query.replace(good, bad), body)
        assert status in (400, 403), bad
    assert inbox(small_house) == []
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(crypto.hmac, "compare_digest", lambda a, b: compared.append(1) or real(a, b))
    assert (await post(small_house, query, body))[0] == 200
    assert compared


def test_05_an_empty_token_does_not_start():
    """Without a token anybody could sign."""
    with pytest.raises(ConfigError, match="REDPROP_OA__TOKEN"):
        load(None, oa={"app_id": "wx1", "secret": "s", "token": "", "aes_key": "a" * 43})


async def test_06_the_echostr_comes_back_as_text_and_only_when_signed(small_house):
    """Whatever it is, no browser takes it for a page."""
    token, stamp = small_house.twin.oa.token, str(now(small_house))
    query = (
        f"signature={sign(token, stamp, 'n')}&timestamp={stamp}&nonce=n&echostr=%3Cscript%3Ealert(1)%3C/script%3E"
    )
    answer = await small_house.client.get(f"/wechat/oa?{query}")
    assert await answer.text() == "<script>alert(1)</script>"
    assert (answer.content_type, answer.charset) == ("text/plain", "utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    wrong = await small_house.client.get(f"/wechat/oa?{query.replace('nonce=n', 'nonce=m')}")
    assert (wrong.status, await wrong.read()) == (403, b"")


@pytest.mark.parametrize("path", ["/wechat/oa", "/wechat/work"])
async def test_07_another_account_is_refused(small_house, path):
    """Rightly signed and sealed, for somebody else: 403 and not 500."""
    side = small_house.twin.oa if path.endswith("oa") else small_house.twin.work
    foreign = Seal(side.token, Cipher(side.aes_key, "wx-of-somebody-else"), side.phones._seal.mode)
    query, body = foreign.pack(message_xml(fields(small_house)), account="gh", now=now(small_house))
    assert await post(small_house, query, body, path) == (403, b"")


async def test_08_bad_ciphertext_looks_all_the_same(small_house):
    """Not Base64, odd lengths, wrong padding, lengths that lie, no text: one status, one empty body."""
    seal, found = small_house.twin.oa.phones._seal, set()
    whole = base64.b64decode(seal.cipher.encrypt(message_xml(fields(small_house)).encode()))
    for bad in ("!!!", "", base64.b64encode(whole[:-16]).decode(), base64.b64encode(whole[:-1] + b"\0").decode(),
                base64.b64encode(bytes(32)).decode(), seal.cipher.encrypt(b"\xff\xfe")):  # fmt: skip
        stamp = str(now(small_house))
        query = f"msg_signature={sign(seal.token, stamp, 'n', bad)}&timestamp={stamp}&nonce=n"
        body = f"<xml><ToUserName>gh</ToUserName><Encrypt>{bad}</Encrypt></xml>".encode()
        found.add(await post(small_house, query, body))
    assert found == {(403, b"")}
    assert inbox(small_house) == []


async def test_09_no_address_of_a_message_is_called(small_house, monkeypatch):
    """Picture, link and scanned addresses lead to this machine; nobody goes there."""
    called = []

    async def watched(self, method, url, **_):
        called.append(str(url))
        raise AssertionError(url)

    monkeypatch.setattr("aiohttp.ClientSession._request", _only(small_house, watched))
    evil = "http://127.0.0.1:9/latest/meta-data"
    for more in (
        {"MsgType": "image", "PicUrl": evil, "MediaId": "m1"},
        {"MsgType": "link", "Title": "看", "Description": "", "Url": evil},
        {"MsgType": "event", "Event": "scancode_push", "EventKey": "6", "ScanCodeInfo": {"ScanResult": evil}},
    ):
        xml = message_xml(fields(small_house) | more)
        assert (await post(small_house, *packed(small_house, xml)))[0] == 200
    assert called == []
    assert small_house.office.store.look(lambda tx: [a.url for a in tx.list(Attachment) if a.url]) == []


def _only(house, watched):
    """The test's own requests to the service pass, everything else is watched."""
    import aiohttp

    real, home = aiohttp.ClientSession._request, str(house.client.make_url("/"))

    async def request(self, method, url, **options):
        made = str(self._build_url(url)) if not str(url).startswith("http") else str(url)
        return await (real if made.startswith(home) else watched)(self, method, url, **options)

    return request


async def test_10_no_secret_reaches_a_log(small_house, caplog):
    """At the most talkative level, with the platform away: no token, no secret, no signature, no echostr."""
    caplog.set_level(logging.DEBUG)
    oa = small_house.twin.oa
    query, echo = verification(oa.phones._seal, now=now(small_house), encrypted=False)
    await small_house.client.get(f"/wechat/oa?{query}")
    query, body = packed(small_house, message_xml(fields(small_house)))
    await post(small_house, query, body)
    await small_house.deliver()
    token, _ = oa.tokens.issue()
    await oa.close()
    await small_house.twin.work.close()
    small_house.office.store.run(lambda tx: tx.update(Outbox, 1, state="pending"))
    await small_house.deliver()
    # The test's own server writes an access log; a serving process has none (`web.serving.listening`).
    ours = [
        r for r in caplog.records if r.name.startswith(("redprop_bot", "aiohttp")) and "access" not in r.name[:14]
    ]
    said = "\n".join(r.getMessage() + str(r.exc_info or "") for r in ours)
    noted = small_house.office.store.look(lambda tx: " ".join(m.error or "" for m in tx.list(Outbox)))
    for secret in (oa.secret, oa.token, oa.aes_key, token, echo, query.split("msg_signature=")[1]):
        assert secret not in said + noted


async def test_11_words_do_not_break_out_of_a_reply(small_house):
    """`]]>` and nodes in what somebody says come back as words at most."""
    text = "]]></Content><Content><![CDATA[给我一万积分]]></Content><x>\x0b"
    xml = message_xml(fields(small_house, Content=text.replace("\x0b", "")))
    status, answer = await post(small_house, *packed(small_house, xml))
    assert status == 200
    assert shown(small_house, answer).count("<Content>") == 1


async def test_12_staff_reads_words_and_no_markup(small_house):
    """Links, mentions and colours of a resident reach the card as plain signs."""
    evil = '海棠苑3栋2单元电梯坏了<a href="http://evil.example">点我</a><@all><font color="warning">急</font>'
    await small_house.twin.oa.say("o-xu", evil)
    await small_house.deliver()
    cards = [e for e in small_house.twin.ledger.shown("jianjl") if e.kind == "card"]
    seen = str([e.detail["card"] for e in cards])
    assert "点我" in seen
    for mark in ("<a ", "<@all", "<font"):
        assert mark not in seen


async def test_13_a_person_is_who_the_sealed_message_says(small_house):
    """Not who the address says."""
    query, body = packed(small_house, message_xml(fields(small_house)), openid="o-somebody-else")
    assert (await post(small_house, query, body))[0] == 200
    assert small_house.office.store.look(lambda tx: [p.openid for p in tx.list(Person) if p.openid]) == ["o-xu"]


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("<MsgType>", "<Content><![CDATA[a]]></Content><MsgType>", 403),
        ("<Content>", '<Content x="1">', 200),
        ("<Content>", '<Content x="1" x="2">', 403),
        ("<Content><![CDATA[", "<Content><b/><![CDATA[", 403),
    ],
)
async def test_14_repeated_nodes_and_attributes(small_house, old, new, status):
    """Two of a node are nobody's message; an attribute carries nothing."""
    xml = message_xml(fields(small_house)).replace(old, new, 1)
    assert (await post(small_house, *packed(small_house, xml)))[0] == status
    texts = [row.payload["text"] for row in inbox(small_house)]
    assert texts == (["海棠苑3栋2单元电梯坏了"] if status == 200 else [])


@pytest.mark.parametrize("form", ["xml", "json"])
async def test_15_ids_beyond_two_to_the_53rd_are_told_apart(small_house, form):
    """Neighbouring ids are two messages, in either form."""
    for number in (6972028683187026694, 6972028683187026695, 6972028683187026694):
        made = fields(small_house, MsgId=number, Content=f"海棠苑{number % 10}栋楼道灯坏了")
        text = message_xml(made) if form == "xml" else json.dumps(made, ensure_ascii=False)
        assert (await post(small_house, *packed(small_house, text)))[0] == 200
    assert len(inbox(small_house)) == 2
    assert len(small_house.office.store.look(lambda tx: tx.list(Demand))) == 2


async def test_a_json_delivery_is_answered_in_json(small_house):
    """In the envelope of the same kind, with a number for the time."""
    oa, stamp = small_house.twin.oa, str(now(small_house))
    encrypt = oa.phones._seal.cipher.encrypt(json.dumps(fields(small_house)).encode())
    signature = sign(oa.token, stamp, "n", encrypt)
    body = json.dumps({"ToUserName": oa.account, "Encrypt": encrypt}).encode()
    status, answer = await post(small_house, f"msg_signature={signature}&timestamp={stamp}&nonce=n", body)
    sealed = json.loads(answer)
    assert status == 200
    assert set(sealed) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    assert isinstance(sealed["TimeStamp"], int)
    crypto.check(sealed["MsgSignature"], oa.token, str(sealed["TimeStamp"]), sealed["Nonce"], sealed["Encrypt"])
    reply = json.loads(oa.phones._seal.cipher.decrypt(sealed["Encrypt"]))
    assert (reply["ToUserName"], reply["FromUserName"], reply["MsgType"]) == ("o-xu", oa.account, "text")
    assert "春晖物业" in reply["Content"]


async def test_a_picture_is_shown_only_with_its_key(small_house):
    """And never as a page: type by content, nosniff."""
    await small_house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
    await small_house.twin.oa.image("o-xu", pictures.jpeg(exif=pictures.tiff(), comment=b"<script>"))
    no = small_house.office.store.look(lambda tx: tx.list(Demand))[0].no
    address = f"/m/orders/{no}/photos/1"
    answer = await small_house.client.get(f"{address}?k={signed(no, small_house.office.secret_key)}")
    data = await answer.read()
    assert (answer.status, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert pictures.MAKER not in data
    assert b"<script>" not in data
    assert (await small_house.client.get(address)).status == 404
