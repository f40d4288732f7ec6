"""Whatever arrives, only a CallbackFault leaves: a stranger causes 4xx, never 500."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st
from tests.channels.platform_side import STAMP, TEXT, TOKEN, oa_seal, official_account, packed, wecom, work_seal

from redprop_bot.channels import Delivery, Query
from redprop_bot.channels.crypto import sign
from redprop_bot.errors import CallbackFault
from redprop_bot.simulated.letters import message_xml

CHANNELS = [
    (official_account("safe"), oa_seal("safe")),
    (official_account("compat"), oa_seal("compat")),
    (official_account("plain"), oa_seal("plain")),
    (wecom(), work_seal()),
]
NAMES = st.sampled_from(
    [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "MsgId",
        "Event",
        "EventKey",
        "Content",
        "MediaId",
        "Location_X",
        "Location_Y",
        "Latitude",
        "Longitude",
        "Recognition",
        "TaskId",
        "SelectedItems",
        "SubscribeMsgPopupEvent",
        "List",
        "Encrypt",
        "AgentID",
        "ChangeType",
    ]
)
KINDS = st.sampled_from(
    [
        "text",
        "image",
        "voice",
        "video",
        "location",
        "link",
        "event",
        "file",
        "subscribe",
        "LOCATION",
        "template_card_event",
    ]
)
VALUES = st.recursive(
    st.one_of(st.text(max_size=30), st.integers(), KINDS, st.just("1764061200"), st.just("o1")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)


def receive(channel, query, body):
    with contextlib.suppress(CallbackFault):
        delivery = channel.receive(query, body)
        assert isinstance(delivery, Delivery)
        assert isinstance(channel.reply(delivery, "好"), bytes)
        assert (delivery.inbound is None) == (delivery.outcome != "handled")


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)), st.binary(max_size=400))
def test_any_query_and_any_body(raw, body):
    """Noise."""
    for channel, _ in CHANNELS:
        with contextlib.suppress(CallbackFault):
            channel.verify(Query.parse(raw))
        with contextlib.suppress(CallbackFault):
            receive(channel, Query.parse(raw), body)


@given(st.binary(max_size=300))
def test_any_body_under_a_good_signature(body):
    """Noise inside the envelope, and noise as a plain body with a good query."""
    query = Query.parse(f"timestamp={STAMP}&nonce=1&signature={sign(TOKEN, str(STAMP), '1')}")
    for channel, seal in CHANNELS:
        receive(channel, query, body)
        encrypt = seal.cipher.encrypt(body)
        signed = Query.parse(f"timestamp={STAMP}&nonce=1&msg_signature={sign(TOKEN, str(STAMP), '1', encrypt)}")
        receive(channel, signed, f"<xml><Encrypt>{encrypt}</Encrypt></xml>".encode())


@given(st.text(max_size=200))
def test_any_ciphertext_under_a_good_signature(encrypt):
    """The signature proves the sender, not that the text is Base64."""
    signed = Query.parse(
        f"timestamp={STAMP}&nonce=1&msg_signature={sign(TOKEN, str(STAMP), '1', encrypt.strip())}"
    )
    for channel, _ in CHANNELS:
        receive(channel, signed, f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode())


@given(st.dictionaries(NAMES, VALUES, max_size=12), KINDS)
def test_any_fields_well_sealed(fields, kind):
    """Every node may be missing, of the wrong kind, repeated or nested."""
    for channel, seal in CHANNELS:
        for xml in (
            message_xml(fields),
            message_xml({**fields, "MsgType": kind, "Event": kind, "FromUserName": "o1"}),
        ):
            receive(channel, *packed(seal, xml))


@given(st.integers(0, len(TEXT.encode())), st.binary(max_size=5))
def test_a_damaged_message(at, damage):
    """A message with some bytes changed."""
    data = TEXT.encode()
    damaged = data[:at] + damage + data[at + len(damage) :]
    for channel, seal in CHANNELS:
        encrypt = seal.cipher.encrypt(damaged)
        signed = Query.parse(f"timestamp={STAMP}&nonce=1&msg_signature={sign(TOKEN, str(STAMP), '1', encrypt)}")
        receive(channel, signed, f"<xml><Encrypt>{encrypt}</Encrypt></xml>".encode())
