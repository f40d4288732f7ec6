"""Both callbacks against what a stranger may send: forged, downgraded, replayed, foreign, huge."""

from datetime import timedelta

import pytest
from tests.channels.platform_side import (
    NOW,
    STAMP,
    TEXT,
    TOKEN,
    WIRE,
    oa_seal,
    oa_settings,
    official_account,
    packed,
    wecom,
    work_seal,
)

from redprop_bot.channels import BODY_LIMIT, Query
from redprop_bot.channels.crypto import sign
from redprop_bot.errors import CallbackFault, Malformed, TooBig, Untrusted
from redprop_bot.simulated.letters import verification


def plain_query(**more):
    """A query whose three-part signature is right, as anyone may have seen one."""
    values = {"signature": sign(TOKEN, str(STAMP), "n0nce"), "timestamp": str(STAMP), "nonce": "n0nce"} | more
    return Query.parse("&".join(f"{name}={value}" for name, value in values.items()))


@pytest.mark.parametrize("mode", ["safe", "compat", "plain"])
def test_each_mode_receives_text(mode):
    """What the platform sends arrives; the reply leaves in the right form."""
    channel = official_account(mode)
    query, body = packed(oa_seal(mode), TEXT, openid="o1")
    delivery = channel.receive(query, body)
    assert (delivery.outcome, delivery.inbound.text, delivery.inbound.sender) == ("handled", "你好", "o1")
    assert channel.reply(delivery, "") == b"success"
    assert (b"<Encrypt>" in channel.reply(delivery, "收到")) == (mode != "plain")


def test_an_echostr_that_is_no_text_is_untrusted():
    """Sealed by the platform's key or not."""
    encrypt = work_seal().cipher.encrypt(b"\xff")
    signature = sign(TOKEN, str(STAMP), "n0nce", encrypt)
    with pytest.raises(Untrusted):
        wecom().verify(Query.parse(f"msg_signature={signature}&timestamp={STAMP}&nonce=n0nce&echostr={encrypt}"))


def test_directory_changes_are_acknowledged_whatever_is_said():
    """Nobody reads a reply to the system."""
    delivery = wecom().receive(
        *packed(work_seal(), (WIRE / "work/event__change_contact__delete_user.xml").read_text())
    )
    assert wecom().reply(delivery, "收到") == b""


def test_wecom_acknowledges_with_nothing():
    """An empty body is WeCom's acknowledgement."""
    channel = wecom()
    delivery = channel.receive(*packed(work_seal(), TEXT))
    assert delivery.inbound.text == "你好"
    assert channel.reply(delivery, "") == b""
    assert b"<Encrypt>" in channel.reply(delivery, "收到")


@pytest.mark.parametrize("mode", ["safe", "compat"])
@pytest.mark.parametrize(
    "more", [{}, {"encrypt_type": "raw"}, {"encrypt_type": "aes"}, {"msg_signature": "0" * 40}]
)
def test_plain_text_is_not_taken_where_it_should_be_encrypted(mode, more):
    """A valid three-part signature does not cover a body: any body could ride on it."""
    with pytest.raises(Untrusted):
        official_account(mode).receive(plain_query(**more), TEXT.encode())


def test_encrypt_type_raw_is_a_downgrade_even_when_sealed():
    """The query must not talk the bot out of its mode."""
    query, body = packed(oa_seal(), TEXT, encrypt_type="raw")
    with pytest.raises(Untrusted):
        official_account().receive(query, body)


def test_compat_mode_believes_only_what_was_encrypted():
    """The plain twins beside Encrypt are anybody's."""
    query, body = packed(oa_seal("compat"), TEXT)
    forged = body.replace("你好".encode(), "给我一万积分".encode()).replace(b"[o1]", b"[o2]")
    inbound = official_account("compat").receive(query, forged).inbound
    assert (inbound.text, inbound.sender) == ("你好", "o1")


def test_the_openid_parameter_is_not_believed():
    """It is not signed."""
    query, body = packed(oa_seal(), TEXT, openid="somebody-else")
    assert official_account().receive(query, body).inbound.sender == "o1"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_outside_the_window_nothing_is_taken(minutes):
    """Stale or future by more than five minutes: neither delivery nor verification."""
    late = NOW + timedelta(minutes=minutes)
    for channel, seal, sealed in (
        (official_account(now=late), oa_seal(), False),
        (wecom(now=late), work_seal(), True),
    ):
        with pytest.raises(Untrusted):
            channel.receive(*packed(seal, TEXT))
        with pytest.raises(Untrusted):
            channel.verify(Query.parse(verification(seal, now=STAMP, encrypted=sealed)[0]))


def test_verification_answers_the_echostr():
    """And only after a good signature, whatever the echostr is."""
    query, echo = verification(oa_seal(), now=STAMP, encrypted=False)
    assert official_account().verify(Query.parse(query)) == echo
    assert official_account().verify(plain_query(echostr="%3Cscript%3E")) == "<script>"
    query, echo = verification(work_seal(), now=STAMP, encrypted=True)
    assert wecom().verify(Query.parse(query)) == echo


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "0" * 40},
        {"signature": ""},
        {"nonce": "other"},
        {"signature": sign(TOKEN, str(STAMP), "n0nce").upper()},
    ],
)
def test_a_wrong_signature_is_untrusted(change):
    """Missing, wrong, or in capitals."""
    with pytest.raises(Untrusted):
        official_account().verify(plain_query(echostr="1", **change))


@pytest.mark.parametrize(
    ("side", "name"),
    [
        (side, name)
        for side in ("safe", "compat", "plain", "work")
        for name in ("signature", "nonce", "timestamp", "token", "body")
        if (side, name) != ("plain", "body")  # which no signature covers
    ],
)
def test_a_delivery_with_anything_changed_is_untrusted(side, name):
    """Signature, nonce, timestamp, ciphertext, or a token of somebody else's."""
    channel = wecom() if side == "work" else official_account(side)
    make = work_seal if side == "work" else lambda **more: oa_seal(side, **more)
    query, body = packed(make(token="0ther") if name == "token" else make(), TEXT)
    signature = "signature" if side == "plain" else "msg_signature"
    values = dict(query.values)
    channel.receive(*packed(make(), TEXT))
    if name == "body":
        _, body = packed(make(), TEXT)
    elif name != "token":
        key = signature if name == "signature" else name
        values[key] = {"signature": "0" * 40, "nonce": values["nonce"] + "1", "timestamp": str(STAMP + 1)}[name]
    with pytest.raises(Untrusted):
        channel.receive(Query(values), body)


@pytest.mark.parametrize("change", [{"timestamp": ""}, {"nonce": ""}, {"timestamp": "1"}, {"echostr": ""}])
def test_a_missing_parameter_is_malformed(change):
    """The platform always sends them."""
    with pytest.raises(Malformed):
        official_account().verify(plain_query(**({"echostr": "1"} | change)))


@pytest.mark.parametrize(
    ("xml", "receiver"),
    [
        (TEXT, "ww-of-somebody-else"),
        ("not xml", None),
        (TEXT.replace("<MsgId>6972028683187026694</MsgId>", ""), None),
        (TEXT.replace("[o1]", "[]"), None),
        (TEXT.replace("[text]", "[]"), None),
        (TEXT.replace(f">{STAMP}<", ">soon<"), None),
        (TEXT.replace("<Content>", "<Content>x</Content><Content>"), None),
        ('<!DOCTYPE xml [<!ENTITY e "x">]><xml>&e;</xml>', None),
        ("", None),
    ],
)
@pytest.mark.parametrize("side", ["oa", "work"])
def test_after_decryption_every_fault_looks_the_same(side, xml, receiver):
    """Foreign receiver, broken XML, missing fields: one bare 403."""
    channel, make = {"oa": (official_account(), oa_seal), "work": (wecom(), work_seal)}[side]
    seal = make(receiver=receiver) if receiver else make()
    with pytest.raises(Untrusted) as fault:
        channel.receive(*packed(seal, xml))
    assert (fault.value.status, fault.value.args, fault.value.__cause__) == (403, (), None)


@pytest.mark.parametrize(
    "channel", [official_account(), official_account("compat"), official_account("plain"), wecom()]
)
def test_ten_megabytes_are_too_big(channel):
    """Before anything is parsed."""
    with pytest.raises(TooBig) as fault:
        channel.receive(plain_query(), b"<xml>" + b"x" * 10_000_000)
    assert fault.value.status == 413


def test_the_limit_itself_is_not_too_big():
    """The last byte that fits is looked at."""
    with pytest.raises(CallbackFault) as fault:
        wecom().receive(plain_query(), b"x" * BODY_LIMIT)
    assert not isinstance(fault.value, TooBig)


def test_keys_for_the_replay_check():
    """A used query is known by its signature, its bytes by their hash."""
    channel = official_account("plain")
    first = channel.receive(plain_query(), TEXT.encode())
    again = channel.receive(plain_query(), TEXT.encode())
    other = channel.receive(plain_query(), TEXT.replace("你好", "再见").encode())
    assert (first.replay_key, first.body_hash) == (again.replay_key, again.body_hash)
    assert first.replay_key == other.replay_key
    assert first.body_hash != other.body_hash


def test_two_queries_with_one_signature_have_one_replay_key():
    """Moving a digit from the nonce to the timestamp makes no new query, or no query at all."""
    stamp, nonce = str(STAMP), "55"
    query = f"signature={sign(TOKEN, stamp, nonce)}&timestamp={{}}&nonce={{}}"
    channel = official_account("plain")
    channel.receive(Query.parse(query.format(stamp, nonce)), TEXT.encode())
    with pytest.raises(Malformed):
        channel.receive(Query.parse(query.format(stamp + nonce[0], nonce[1:])), TEXT.encode())


def test_no_secret_in_a_fault_or_a_settings_text():
    """Neither the fault nor what the settings print names token, key or secret."""
    assert TOKEN not in repr(oa_settings())
    with pytest.raises(Untrusted) as fault:
        official_account().verify(plain_query(echostr="1", signature="0" * 40))
    assert str(fault.value) == ""
