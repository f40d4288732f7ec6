"""The platforms' wire format, written from the published description alone: AES envelopes, signatures, messages.

Nothing of the product may be imported here; what the product reads and writes is judged by this second opinion.
"""

import base64
import hashlib
import os
import struct
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def sha1_of_sorted(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


@dataclass(frozen=True)
class Keys:
    """What one channel shares with its platform."""

    token: str
    aes_key: str
    receiver: str  # appid or corpid
    account: str = ""  # ToUserName in messages; the receiver where empty
    agent: int | None = None

    def _cipher(self) -> Cipher:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypt(
        self, message: bytes, *, receiver: str | None = None, pad: int | None = None, length: int | None = None
    ) -> str:
        """An envelope's content; `receiver`, `pad` and `length` put a wrong thing in on purpose."""
        owner = (self.receiver if receiver is None else receiver).encode()
        size = len(message) if length is None else length
        body = os.urandom(16) + struct.pack(">I", size & 0xFFFFFFFF) + message + owner
        fill = 32 - len(body) % 32
        body += bytes([fill if pad is None else pad]) * fill
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(body) + encryptor.finalize()).decode()

    def decrypt(self, content: str) -> bytes:
        decryptor = self._cipher().decryptor()
        body = decryptor.update(base64.b64decode(content)) + decryptor.finalize()
        body = body[: -body[-1]]
        (size,) = struct.unpack(">I", body[16:20])
        assert body[20 + size :].decode() == self.receiver, "the answer is for somebody else"
        return body[20 : 20 + size]

    def envelope(self, content: str) -> bytes:
        agent = f"<AgentID><![CDATA[{self.agent}]]></AgentID>" if self.agent is not None else ""
        return (
            f"<xml><ToUserName><![CDATA[{self.account or self.receiver}]]></ToUserName>"
            f"{agent}<Encrypt><![CDATA[{content}]]></Encrypt></xml>"
        ).encode()

    def query(
        self, content: str | None, *, timestamp: int | str | None = None, nonce: str | None = None, **extra: str
    ) -> dict[str, str]:
        """The query of a delivery; with `content` it carries `msg_signature` too."""
        stamp = str(int(time.time()) if timestamp is None else timestamp)
        word = nonce or str(int.from_bytes(os.urandom(5), "big"))
        query = {"timestamp": stamp, "nonce": word, **extra}
        if self.agent is None:
            query["signature"] = sha1_of_sorted(self.token, stamp, word)
        if content is not None:
            query["msg_signature"] = sha1_of_sorted(self.token, stamp, word, content)
            if self.agent is None:
                query["encrypt_type"] = "aes"
        return query

    def open_reply(self, body: bytes) -> dict[str, str]:
        """The fields of a passive reply; `success` and empty answers give {}. The signature is checked."""
        if body in {b"", b"success"}:
            return {}
        root = ET.fromstring(body)
        found = {node.tag: node.text or "" for node in root}
        if "Encrypt" not in found:
            return found
        assert list(found) == ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"], list(found)
        assert found["MsgSignature"] == sha1_of_sorted(
            self.token, found["TimeStamp"], found["Nonce"], found["Encrypt"]
        ), "an answer with a wrong signature"
        return {node.tag: "".join(node.itertext()) for node in ET.fromstring(self.decrypt(found["Encrypt"]))}


def xml(fields: dict[str, str | int]) -> bytes:
    """A message as the platforms write it: text in CDATA, numbers bare."""
    out = []
    for name, value in fields.items():
        text = (
            str(value) if isinstance(value, int) else "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
        )
        out.append(f"<{escape(name)}>{text}</{escape(name)}>")
    return ("<xml>" + "".join(out) + "</xml>").encode()


OA = Keys(
    token="lanternToken9",
    aes_key="k3JwQm9TZxV1bNc7LrYdHs2AfUeGp5Xo4MtKi8RvWyB",
    receiver="wx7c1d5e9f0a2b3c4d",
    account="gh_5d1f20ab77c3",
)
WORK = Keys(
    token="orchardToken7",
    aes_key="Zp4LmX8cVbN2qWe5RtYu7IoPaSdFgHjKl1ZxCvBnM3Q",
    receiver="ww9e8d7c6b5a4f3e2d",
    agent=1000017,
)
OA_SECRET = "oa-secret-that-must-never-be-printed-51"
WORK_SECRET = "work-secret-that-must-never-be-printed-52"
KEY_SECRET = "key-of-the-house-that-must-never-be-printed"
