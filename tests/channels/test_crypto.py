"""The seal is strict, says nothing about why, and agrees with another implementation."""

import base64
import itertools

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.platform_side import APP_ID, CORP_ID, KEY, NOW, STAMP, TOKEN
from wechatpy.crypto import WeChatCrypto as OfficialCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WorkCrypto

from redprop_bot.channels.crypto import Cipher, check, sign
from redprop_bot.channels.nodes import parse_xml
from redprop_bot.channels.replies import sealed
from redprop_bot.errors import Untrusted

CIPHER = Cipher(KEY, APP_ID)
OURS = APP_ID.encode()


def raw(plain: bytes) -> str:
    """Encrypt bytes as they are: no framing, no padding."""
    key = base64.b64decode(KEY + "=")
    encryptor = BlockCipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def framed(message=b"<xml/>", receiver=OURS, length=None, pad=None):
    """A plaintext with one thing wrong, at will."""
    length = len(message) if length is None else length
    data = b"r" * 16 + (length % 2**32).to_bytes(4, "big") + message + receiver
    count = 32 - len(data) % 32
    return data + (bytes([count]) * count if pad is None else pad(count))


FAULTS = {
    "foreign receiver": raw(framed(receiver=b"wx0000000000000002")),
    "receiver cut": raw(framed(receiver=APP_ID[:-1].encode())),
    "receiver longer": raw(framed(receiver=APP_ID.encode() + b"x")),
    "no receiver": raw(framed(receiver=b"")),
    "length beyond": raw(framed(length=10_000)),
    "length one more": raw(framed(length=7)),
    "length one less": raw(framed(length=5)),
    "length negative": raw(framed(length=-1)),
    "pad zero": raw(framed(pad=lambda n: b"\0" * n)),
    "pad 33": raw(framed(pad=lambda n: bytes([33]) * n)),
    "pad 255": raw(framed(pad=lambda n: b"\xff" * n)),
    "pad inconsistent": raw(framed(pad=lambda n: b"\x01" * (n - 1) + bytes([n]))),
    "pad 33 and more, consistent": raw(framed(pad=lambda n: bytes([n + 32]) * (n + 32))),
    "no padding": raw(framed(message=b"x" * 26, pad=lambda n: b"")),
    "padded to 16": raw(framed(pad=lambda n: bytes([4]) * 4)),
    "only padding": raw(bytes([32]) * 32),
    "one block of AES": raw(bytes([16]) * 16),
    "not base64": "!!!!",
    "base64 with a space": raw(framed())[:8] + " " + raw(framed())[8:],
    "not ascii": "密文",
    "empty": "",
    "cut": raw(framed())[:-4],
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_the_same_bare_untrusted(name):
    """Padding, length, receiver and Base64 faults cannot be told apart."""
    with pytest.raises(Untrusted) as fault:
        CIPHER.decrypt(FAULTS[name])
    assert fault.value.args == ()
    assert fault.value.__cause__ is None


def test_the_frame_used_for_the_faults_is_right():
    """Without a fault it opens: the list above fails for the reason it names."""
    assert CIPHER.decrypt(raw(framed())) == b"<xml/>"


def test_the_empty_receiver_of_a_smart_robot_does_not_loosen_the_length():
    """With no receiver id, a length beyond the content is still refused."""
    cipher = Cipher(KEY, "")
    assert cipher.decrypt(raw(framed(receiver=b""))) == b"<xml/>"
    with pytest.raises(Untrusted):
        cipher.decrypt(raw(framed(receiver=b"", length=10_000)))


@pytest.mark.parametrize(("length", "pad"), [(0, 32), (1, 31), (31, 1), (32, 32)])
def test_padding_to_32(length, pad):
    """The published table: a full block of padding where the content is aligned."""
    message = b"x" * (length + 32 - 20)  # with the 20 bytes of the frame
    assert len(base64.b64decode(Cipher(KEY, "").encrypt(message))) == 32 + length + pad


@given(st.binary(max_size=500))
def test_whatever_is_sealed_opens(message):
    """Any bytes survive, with fresh random bytes each time."""
    first, second = CIPHER.encrypt(message), CIPHER.encrypt(message)
    assert first != second
    assert CIPHER.decrypt(first) == CIPHER.decrypt(second) == message


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_wechatpy_opens_what_we_seal_and_we_open_what_it_seals(text):
    """Both directions, both platforms, against another implementation."""
    for crypto, receiver in ((OfficialCrypto, APP_ID), (WorkCrypto, CORP_ID)):
        theirs, ours = crypto(TOKEN, KEY, receiver), Cipher(KEY, receiver)
        envelope = sealed(text, cipher=ours, token=TOKEN, at=NOW)
        root = parse_xml(envelope)
        opened = theirs.decrypt_message(envelope, root.value("MsgSignature"), str(STAMP), root.value("Nonce"))
        assert opened == text
        back = parse_xml(theirs.encrypt_message(text, "nonce", str(STAMP)).encode())
        check(back.value("MsgSignature"), TOKEN, str(STAMP), "nonce", back.value("Encrypt"))
        assert ours.decrypt(back.value("Encrypt")).decode() == text


def test_signatures_are_compared_whole():
    """Wrong length, case and characters are wrong, and none raises anything else."""
    good = sign("a", "b")
    check(good, "a", "b")
    for bad in ("", good.upper(), good[:-1], good + "0", "é" * 40, good[:-1] + "g"):
        with pytest.raises(Untrusted):
            check(bad, "a", "b")


def test_parts_are_joined_without_a_separator():
    """Why timestamps have ten digits and replays are known by signature: these two queries share one."""
    assert sign(TOKEN, "12", "3") == sign(TOKEN, "1", "23")
    assert len({sign(TOKEN, *parts) for parts in itertools.permutations(("1", "2"))}) == 1
