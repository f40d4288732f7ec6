"""Published numbers of both platforms: whoever implements the protocol gets exactly these."""

import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from tests.channels.platform_side import WIRE, oa_settings, work_settings

from redprop_bot.channels import OfficialAccount, Query, WeCom
from redprop_bot.channels.crypto import Cipher, sign
from redprop_bot.errors import Malformed
from redprop_bot.ports import FrozenClock

VECTORS = {vector["id"]: vector for vector in json.loads((WIRE / "vectors.json").read_text())}
SEALED = [v for v in VECTORS.values() if v.get("receiveid")]
SIGNED = [v for v in VECTORS.values() if v.get("msg_signature")]
named = pytest.mark.parametrize


def clock(vector):
    return FrozenClock(datetime.fromtimestamp(int(vector["timestamp"]), UTC))


@named("vector", SEALED, ids=lambda v: v["id"])
def test_decrypts_to_the_published_message(vector):
    """The ciphertext opens, whatever bytes its random part has."""
    cipher = Cipher(vector["encoding_aes_key"], vector["receiveid"])
    assert cipher.decrypt(vector["encrypt"]).decode() == vector["plaintext"]


@named("vector", SEALED, ids=lambda v: v["id"])
def test_encrypts_to_the_published_ciphertext(vector):
    """With the same random bytes the ciphertext is the same to the last character."""
    cipher = Cipher(vector["encoding_aes_key"], vector["receiveid"])
    random = bytes.fromhex(vector["random_hex"])
    assert cipher.encrypt(vector["plaintext"].encode(), random) == vector["encrypt"]


@named("vector", SIGNED, ids=lambda v: v["id"])
def test_signs_as_published(vector):
    """Token, timestamp, nonce and ciphertext give the published signature."""
    assert (
        sign(vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"]) == vector["msg_signature"]
    )


@named("name", ["O1", "O2", "O3"])
def test_three_part_signatures(name):
    """The Official Account signs the query alone, too."""
    vector = VECTORS[name]
    assert sign(vector["token"], vector["timestamp"], vector["nonce"]) == vector["signature"]


@named("vector", [v for v in SEALED if v["kind"] == "wecom_get_echostr"], ids=lambda v: v["id"])
@named("escape", [quote, str], ids=["percent", "raw plus"])
def test_wecom_verification(vector, escape):
    """The echostr comes back decrypted, whether its plus signs travelled escaped or not."""
    settings = work_settings(
        corp_id=vector["receiveid"], token=vector["token"], aes_key=vector["encoding_aes_key"]
    )
    query = (
        f"msg_signature={vector['msg_signature']}&timestamp={vector['timestamp']}"
        f"&nonce={vector['nonce']}&echostr={escape(vector['encrypt'])}"
    )
    assert WeCom(settings, clock(vector)).verify(Query.parse(query)) == vector["plaintext"]


def test_official_account_verification():
    """The echostr comes back as it was."""
    vector = VECTORS["O1"]
    channel = OfficialAccount(oa_settings(token=vector["token"]), clock(vector))
    query = "&".join(f"{name}={vector[name]}" for name in ("signature", "timestamp", "nonce", "echostr"))
    assert channel.verify(Query.parse(query)) == vector["echostr"]


@named("vector", [v for v in SEALED if v["kind"] == "wecom_post"], ids=lambda v: v["id"])
def test_wecom_deliveries(vector):
    """A published delivery is received whole."""
    settings = work_settings(
        corp_id=vector["receiveid"], token=vector["token"], aes_key=vector["encoding_aes_key"]
    )
    query = Query.parse(
        f"msg_signature={vector['msg_signature']}&timestamp={vector['timestamp']}&nonce={vector['nonce']}"
    )
    body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{vector['encrypt']}]]></Encrypt></xml>"
    inbound = WeCom(settings, clock(vector)).receive(query, body.encode()).inbound
    assert inbound.text in vector["plaintext"]
    assert inbound.text
    assert inbound.sender in vector["plaintext"]


def test_official_account_in_safe_mode_reaches_the_content():
    """O3 opens: an event in JSON, a format that an account may be set to; nothing of ours hangs on it."""
    vector = VECTORS["O3"]
    settings = oa_settings(token=vector["token"], aes_key=vector["encoding_aes_key"], app_id=vector["receiveid"])
    query = Query.parse(
        f"signature={vector['signature']}&timestamp={vector['timestamp']}&nonce={vector['nonce']}"
        f"&encrypt_type=aes&msg_signature={vector['msg_signature']}"
    )
    body = f"<xml><Encrypt><![CDATA[{vector['encrypt']}]]></Encrypt></xml>".encode()
    delivery = OfficialAccount(settings, clock(vector)).receive(query, body)
    assert delivery.replay_key.endswith(vector["msg_signature"])
    assert delivery.inbound is None  # an event that nobody knows is acknowledged and counted


def test_plain_mode_accepts_the_published_query():
    """O2's query is right: what is refused then is only the missing body."""
    vector = VECTORS["O2"]
    channel = OfficialAccount(oa_settings("plain", token=vector["token"]), clock(vector))
    query = "&".join(f"{name}={vector[name]}" for name in ("signature", "timestamp", "nonce"))
    with pytest.raises(Malformed):
        channel.receive(Query.parse(query), b"")


def test_no_vector_is_left_out():
    """All sixteen are used above but J1, which waits for the JS-SDK."""
    used = {vector["id"] for vector in SEALED + SIGNED} | {"O1", "O2"}
    assert set(VECTORS) - used == {"J1"}
    assert len(VECTORS) == 16
