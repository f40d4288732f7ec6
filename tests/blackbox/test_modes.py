"""The other two modes of the Official Account, and a channel that is off."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.blackbox.conftest import Town, open_town
from tests.blackbox.people import NUMBER, text_message
from tests.blackbox.service import Answer
from tests.blackbox.wire import OA, WORK, xml


@pytest.fixture(scope="module", params=["plain", "compat"])
def other(
    request: pytest.FixtureRequest, seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A town whose Official Account does not use the safe mode."""
    with open_town(tmp_path_factory.mktemp(request.param), seeded, REDPROP_OA__MODE=request.param) as found:
        yield found


@pytest.fixture(scope="module")
def deaf(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town without any channel."""
    with open_town(tmp_path_factory.mktemp("deaf"), seeded) as found:
        found.service.stop()
        for name in [name for name in found.house.env if name.startswith(("REDPROP_OA__", "REDPROP_WORK__"))]:
            del found.house.env[name]
        found.service = found.house.serve()
        yield found


def mode(town: Town) -> str:
    return town.house.env["REDPROP_OA__MODE"]


def post(town: Town, body: bytes, query: dict[str, str]) -> Answer:
    return town.service.call("POST", "/wechat/oa", body=body, query=query, headers={"Content-Type": "text/xml"})


def test_a_report(other: Town):
    """Plain mode answers in plain; compat mode goes by the decrypted content and not by its plain twin."""
    who, lives = "oOtherMode", other.stairs()
    inside = text_message(who, f"{lives}电梯坏了")
    if mode(other) == "plain":
        got = post(other, inside, OA.query(None))
        assert b"Encrypt" not in got.body
    else:
        content = OA.encrypt(inside)
        lie = inside.replace("电梯坏了".encode(), "假的内容".encode()).replace(b"</xml>", b"")
        got = post(other, lie + f"<Encrypt><![CDATA[{content}]]></Encrypt></xml>".encode(), OA.query(content))
    assert got.status == 200, got.text
    words = OA.open_reply(got.body)["Content"]
    (number,) = NUMBER.findall(words)[:1]
    assert other.api().demand(number)["text"] == f"{lives}电梯坏了"


def test_wrong_signatures(other: Town):
    """A wrong signature, or none, or a stale time is 403 in every mode."""
    inside = text_message("oOtherMode", f"{other.stairs()}电梯坏了")
    assert post(other, inside, OA.query(None) | {"signature": "0" * 40}).status == 403
    assert post(other, inside, OA.query(None, timestamp=int(time.time()) - 1000)).status == 403
    assert post(other, inside, {}).status in {400, 403}
    bomb = b'<!DOCTYPE b [<!ENTITY a "ha">]><xml><Content>&a;</Content></xml>'
    assert post(other, bomb, OA.query(None)).status in {400, 403}
    assert post(other, b"<xml>" + b"a" * 10_000_000, OA.query(None)).status == 413


def test_a_used_query_with_another_body(other: Town):
    """A query that was seen once does not carry another body."""
    hello, report = text_message("oOtherMode", "你好"), text_message("oOtherMode", f"{other.stairs()}电梯坏了")
    if mode(other) == "plain":
        query = OA.query(None)
    else:
        content = OA.encrypt(hello)
        query = OA.query(content)
        hello, report = OA.envelope(content), OA.envelope(OA.encrypt(report))
    assert post(other, hello, query).status == 200
    assert post(other, report, query).status == 403


def test_a_channel_that_is_off(deaf: Town):
    """Without values a channel is not there; the rest of the house works."""
    content = WORK.encrypt(xml({"ToUserName": "x"}))
    for path, keys in (("/wechat/oa", OA), ("/wechat/work", WORK)):
        assert (
            deaf.service.call("POST", path, body=keys.envelope(content), query=keys.query(content)).status == 404
        )
        assert deaf.service.call("GET", path, query=keys.query(None, echostr="1")).status == 404
    assert deaf.service.call("GET", "/readyz").status == 200
