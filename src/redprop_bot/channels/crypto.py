"""Signatures and AES of both platforms, strict: any fault in a ciphertext ends in one bare `Untrusted`.

Written on `cryptography` directly: wechatpy's own crypto compares signatures with `!=`, never verifies the
padding and leaks six kinds of exceptions. The tests hold the two against each other. No XML, no clock here.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes

from redprop_bot.errors import Untrusted

_BLOCK = 32  # the platforms pad to 32, not to the 16 of AES
_RANDOM = 16


def sign(*parts: str) -> str:
    """The SHA-1 that both platforms use: parts sorted, joined without a separator, lower-case hex."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def check(given: str, *parts: str) -> None:
    """Raise Untrusted unless `given` is the signature of the parts; in the same time wherever they differ."""
    if not hmac.compare_digest(given.encode(), sign(*parts).encode()):
        raise Untrusted


class Cipher:
    """AES-256-CBC with the platforms' framing: random(16) ‖ length(4) ‖ message ‖ receiver id, padded to 32.

    Three of four random 43-character keys carry stray bits in their last character (so do the official
    examples): they are accepted, as the platforms accept them.
    """

    def __init__(self, aes_key: str, receiver: str) -> None:
        key = base64.b64decode(aes_key + "=")
        self._cipher = BlockCipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._receiver = receiver.encode()

    def encrypt(self, message: bytes, random: bytes | None = None) -> str:
        """Frame, pad and encrypt; `random` is given only by tests with known answers."""
        framed = (
            (random or secrets.token_bytes(_RANDOM)) + len(message).to_bytes(4, "big") + message + self._receiver
        )
        pad = _BLOCK - len(framed) % _BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(framed + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message inside; Untrusted for every fault alike: none tells the sender more than another."""
        try:
            data = base64.b64decode(encrypted, validate=True)
        except ValueError:
            raise Untrusted from None
        if not data or len(data) % _BLOCK:
            raise Untrusted
        decryptor = self._cipher.decryptor()
        return self._unframe(decryptor.update(data) + decryptor.finalize())

    def _unframe(self, plain: bytes) -> bytes:
        # Every check is made, whatever the ones before said.
        pad = plain[-1]
        padded = (1 <= pad <= _BLOCK) & hmac.compare_digest(plain[len(plain) - pad :], bytes([pad]) * pad)
        content = plain[_RANDOM : len(plain) - pad * padded]
        end = 4 + int.from_bytes(content[:4], "big")
        fits = 4 <= end <= len(content)
        ours = hmac.compare_digest(content[end:], self._receiver)
        if not (padded & fits & ours):
            raise Untrusted
        return content[4:end]
