"""Section 4 and 6 on the callbacks of both channels in safe mode: what is let in, and what every fault looks like."""

import base64
import concurrent.futures
import time

import pytest
from tests.blackbox.conftest import Town
from tests.blackbox.people import NUMBER, deliver, text_message
from tests.blackbox.service import Answer
from tests.blackbox.wire import OA, WORK, Keys, sha1_of_sorted, xml

CHANNELS = {"/wechat/oa": OA, "/wechat/work": WORK}
both = pytest.mark.parametrize("path", CHANNELS)


def post(town: Town, path: str, body: bytes, query: dict[str, str]) -> Answer:
    return town.service.call("POST", path, body=body, query=query, headers={"Content-Type": "text/xml"})


def count(town: Town) -> int:
    """How many demands there are, the later pages included."""
    found, cursor = 0, None
    while True:
        page = town.api().get("/demands", limit=100, **({"cursor": cursor} if cursor else {}))
        found += len(page["items"])
        cursor = page["next"]
        if not cursor:
            return found


def test_verification(town: Town):
    """The official account gets its echo back as it was sent, WeCom gets the decrypted one; both as plain text."""
    query = OA.query(None, echostr="<script>4375</script>")
    got = town.service.call("GET", "/wechat/oa", query=query)
    assert (got.status, got.body) == (200, b"<script>4375</script>")
    assert got.headers["content-type"].startswith("text/plain")
    assert got.headers["x-content-type-options"] == "nosniff"
    echo = WORK.encrypt(b"1616140317555161061")
    got = town.service.call("GET", "/wechat/work", query={**WORK.query(echo), "echostr": echo})
    assert (got.status, got.body) == (200, b"1616140317555161061")


@both
def test_a_wrong_verification_echoes_nothing(town: Town, path):
    """Without a good signature or within another time there is nothing to see."""
    keys = CHANNELS[path]
    echo = keys.encrypt(b"77")
    plain = keys.agent is None
    for wrong in ({"timestamp": int(time.time()) - 400}, {"timestamp": int(time.time()) + 400}, {}):
        query = keys.query(None if plain else echo, **wrong) | {"echostr": echo}
        if not wrong:
            query["signature" if plain else "msg_signature"] = "0" * 40
        got = town.service.call("GET", path, query=query)
        assert got.status == 403, wrong
        assert echo.encode() not in got.body


@both
def test_who_is_let_in(town: Town, path):
    """Signature, clock, recipient: 403; what is malformed: 400; nothing is stored of any of it."""
    keys = CHANNELS[path]
    before = count(town)
    inside = text_message("oIntruder", f"{town.stairs()}电梯坏了", keys=keys)
    content = keys.encrypt(inside)
    body = keys.envelope(content)
    good = keys.query(content)
    assert post(town, path, body, good | {"msg_signature": "0" * 40}).status == 403
    assert post(town, path, body, good | {"msg_signature": good["msg_signature"].upper()}).status == 403
    assert post(town, path, body, good | {"msg_signature": ""}).status in {400, 403}
    for missing in ("msg_signature", "timestamp", "nonce"):
        query = {name: value for name, value in good.items() if name != missing}
        assert post(town, path, body, query).status in {400, 403}, missing
    for shift in (-400, -301, 330, 86400):
        assert post(town, path, body, keys.query(content, timestamp=int(time.time()) + shift)).status == 403
    assert post(town, path, body, keys.query(content, timestamp="12")).status in {400, 403}
    foreign = keys.encrypt(inside, receiver="wx0000000000000000")
    assert post(town, path, keys.envelope(foreign), keys.query(foreign)).status == 403
    for torn in (b"", b"<xml>", b"{}", b"<xml></xml>", b"\xff\xfe<xml/>"):
        assert post(town, path, torn, good).status in {400, 403}, torn
    assert count(town) == before


@both
def test_forged_plain_text_is_refused(town: Town, path):
    """In safe mode a plain body is refused, with a good three-part signature too, and so is a downgrade."""
    keys = CHANNELS[path]
    before = count(town)
    plain = text_message("oForger", f"{town.stairs()}电梯坏了", keys=keys)
    stamp, nonce = str(int(time.time())), "8844"
    query = {
        "timestamp": stamp,
        "nonce": nonce,
        "signature": sha1_of_sorted(keys.token, stamp, nonce),
        "openid": "oForger",
    }
    for extra in ({}, {"encrypt_type": "raw"}, {"encrypt_type": "aes"}):
        assert post(town, path, plain, query | extra).status in {400, 403}
    assert count(town) == before


@both
def test_faults_behind_the_lock_all_look_the_same(town: Town, path):
    """After a good signature every fault of what is inside gives one status and one body."""
    keys = CHANNELS[path]
    inside = text_message("oInside", "电梯坏了", keys=keys)
    wrong = [
        keys.encrypt(inside, pad=0),
        keys.encrypt(inside, pad=255),
        keys.encrypt(inside, length=len(inside) + 500),
        keys.encrypt(inside, length=-1),
        keys.encrypt(inside, length=3),
        keys.encrypt(b"\xff\xfe\xfd"),
        keys.encrypt(b"no markup"),
        keys.encrypt(b"<xml><a></xml>"),
        keys.encrypt(xml({"ToUserName": "x"})),
        keys.encrypt(b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>'),
        base64.b64encode(b"x" * 32).decode(),
        base64.b64encode(b"x" * 33).decode(),
        base64.b64encode(b"").decode() or "AAAA",
        "%%% not base64 %%%",
    ]
    answers = []
    for content in wrong:
        got = post(town, path, keys.envelope(content), keys.query(content))
        answers.append((got.status, got.body))
    assert len(set(answers)) == 1, answers
    assert answers[0][0] in {400, 403}


BOMBS = {
    "entities": b'<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>',
    "system": b'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>',
    "doctype": b"<!DOCTYPE b><xml><Encrypt>a</Encrypt></xml>",
    "deep": b"<xml>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</xml>",
    "twice": b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
}


@both
@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs(town: Town, path, bomb):
    """Hostile markup is a plain 4xx and the service goes on."""
    got = post(town, path, BOMBS[bomb], CHANNELS[path].query("a"))
    assert 400 <= got.status < 500
    assert b"root:" not in got.body
    assert town.service.call("GET", "/healthz").status == 200


@both
def test_too_big_and_wrong_method(town: Town, path):
    """Ten megabytes are 413; other methods are 405."""
    keys = CHANNELS[path]
    assert post(town, path, b"<xml>" + b"a" * 10_000_000, keys.query("a")).status == 413
    for method in ("PUT", "DELETE", "PATCH"):
        assert town.service.call(method, path, query=keys.query("a")).status == 405


def test_the_same_delivery_again(town: Town):
    """Three times with fresh nonces, and byte for byte: one answer, one demand, whatever is sent to whom only once."""
    who = town.resident()
    inside = text_message(who.who, f"{town.stairs()}电梯坏了")
    before, mark = count(town), town.platform.mark()
    replies = [OA.open_reply(deliver(town.service, OA, inside).body)["Content"] for _ in range(3)]
    assert replies[0]
    assert replies[0] == replies[1] == replies[2]
    content = OA.encrypt(inside)
    query, body = OA.query(content), OA.envelope(content)
    first, again = post(town, "/wechat/oa", body, query), post(town, "/wechat/oa", body, query)
    assert OA.open_reply(first.body)["Content"] == replies[0]
    assert OA.open_reply(again.body)["Content"] == replies[0]
    assert count(town) == before + 1
    town.settle()
    (number,) = NUMBER.findall(replies[0])[:1]
    cards = [one.to for one in town.platform.about(number, since=mark)]
    assert sorted(cards) == sorted(set(cards))


def test_a_used_query_with_another_body(town: Town):
    """A query that was used does not open the door for another body."""
    who = town.resident()
    content = OA.encrypt(text_message(who.who, "你好"))
    query = OA.query(content)
    assert post(town, "/wechat/oa", OA.envelope(content), query).status == 200
    other = OA.encrypt(text_message(who.who, f"{town.stairs()}电梯坏了"))
    before = count(town)
    assert post(town, "/wechat/oa", OA.envelope(other), query).status == 403
    spaced = OA.envelope(content).replace(b"<xml>", b"<xml> ")
    assert post(town, "/wechat/oa", spaced, query).status == 403
    assert count(town) == before


def test_at_once_from_several_sides(town: Town):
    """The same delivery in parallel gives one demand, and no answer that differs."""
    who = town.resident()
    inside = text_message(who.who, f"{town.stairs()}电梯坏了")
    before = count(town)
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = [job.result() for job in [pool.submit(deliver, town.service, OA, inside) for _ in range(6)]]
    assert {one.status for one in answers} == {200}
    said = {OA.open_reply(one.body).get("Content") for one in answers} - {None}
    assert len(said) == 1
    assert count(town) == before + 1


def test_two_people_may_share_a_message_number(town: Town):
    """MsgId is unique per person only, and larger than what a float holds."""
    before = count(town)
    for number in (6972028683187026694, 6972028683187026695):
        for _ in range(2):
            who = town.resident()
            deliver(town.service, OA, text_message(who.who, f"{town.stairs()}电梯坏了", number=number))
    assert count(town) == before + 4


def test_markup_in_words_stays_words(town: Town):
    """`]]>` and tags in a message come to the staff as they were said and break no envelope."""
    nasty = "]]></Content><Content>x</Content><![CDATA["
    who = town.resident()
    mark = town.platform.mark()
    number = who.reports(f"{town.stairs()}电梯坏了{nasty}")
    assert nasty in town.api().demand(number)["text"]
    assert "x</Content>" in town.platform.wait_for(number, to="fangjl", since=mark).words


@both
def test_events_that_mean_nothing_here(town: Town, path):
    """Known-but-unused and unknown events are acknowledged with `success` or nothing."""
    keys = CHANNELS[path]
    for name in (
        "unsubscribe",
        "TEMPLATESENDJOBFINISH",
        "kf_create_session",
        "batch_job_result",
        "brand_new_event",
    ):
        fields = {
            "ToUserName": keys.account or keys.receiver,
            "FromUserName": "oEvents",
            "CreateTime": int(time.time()),
            "MsgType": "event",
            "Event": name,
        }
        got = deliver(town.service, keys, xml(fields))
        assert got.status == 200, name
        assert got.body in {b"", b"success"}, name


def test_the_time_of_the_report(town: Town):
    """`CreateTime` is the moment of the report and the "now" of words in it, though delivered later."""
    who = town.resident()
    at = int(time.time()) - 7200
    number = who.reports(f"{town.stairs()}电梯坏了", at=at)
    from datetime import datetime

    found = town.api().demand(number)
    assert datetime.fromisoformat(found["reported_at"]).timestamp() == at
    assert datetime.fromisoformat(found["due_at"]).timestamp() == at + 24 * 3600


def test_a_photo_and_a_location(town: Town):
    """Pictures and locations are messages too; a picture after a report is added to it."""
    who = town.resident()
    number = who.reports(f"{town.stairs()}单元门玻璃碎了")
    common = {"ToUserName": OA.account, "FromUserName": who.who, "CreateTime": int(time.time())}
    who.sends(
        xml({**common, "MsgType": "image", "PicUrl": "http://10.0.0.1/x.jpg", "MediaId": "m1", "MsgId": 810001})
    )
    found = town.api().demand(number)
    assert [one["kind"] for one in found["attachments"]] == ["image"]
    other = town.resident()
    number = other.reports("单元门坏了，关不上")
    place: Keys = OA
    reply = other.sends(
        xml(
            {
                "ToUserName": place.account,
                "FromUserName": other.who,
                "CreateTime": int(time.time()),
                "MsgType": "location",
                "Location_X": "30.7001",
                "Location_Y": "117.3501",
                "Scale": "15",
                "Label": "海棠湾",
                "MsgId": 810002,
            }
        )
    )
    assert town.api().demand(number)["estate"] == "海棠湾", reply
