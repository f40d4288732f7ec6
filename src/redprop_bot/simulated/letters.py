"""Building deliveries and judging answers: the XML, the seal and the rules for passive replies.

The seal uses `channels.crypto`, which the tests hold against published vectors and against wechatpy.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from redprop_bot.channels.crypto import Cipher, check, sign
from redprop_bot.channels.nodes import Node, parse_xml
from redprop_bot.errors import CallbackFault

TEXT_BYTES = 2048

Fields = Mapping[str, Any]

_AGENT = re.compile(r"<AgentID>[0-9]+</AgentID>")


class WrongAnswerError(Exception):
    """An answer that the platform would not show; its text says why."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Token and key of one callback; `mode` is one of the Official Account's three, or `work`."""

    token: str
    cipher: Cipher
    mode: str = "safe"

    def pack(self, xml: str, *, account: str, now: int, **query: str) -> tuple[str, bytes]:
        """Query and body of a delivery, with a fresh nonce and fresh random bytes."""
        stamp, nonce = str(now), fresh_nonce()
        short = {} if self.mode == "work" else {"signature": sign(self.token, stamp, nonce)}
        if self.mode == "plain":
            return _query(**short, timestamp=stamp, nonce=nonce, **query), xml.encode()
        encrypt = self.cipher.encrypt(xml.encode())
        signed = sign(self.token, stamp, nonce, encrypt)
        sent = _query(**short, timestamp=stamp, nonce=nonce, **query, msg_signature=signed)
        return sent, self._envelope(xml, account, element("Encrypt", encrypt)).encode()

    def _envelope(self, xml: str, account: str, encrypt: str) -> str:
        if self.mode == "compat":
            return xml.replace("</xml>", encrypt + "</xml>")
        agent = _AGENT.search(xml) if self.mode == "work" else None
        return f"<xml>{element('ToUserName', account)}{agent.group() if agent else ''}{encrypt}</xml>"

    def open(self, body: bytes) -> bytes:
        """The XML inside an answer; WrongAnswerError when the seal is not right."""
        try:
            root = parse_xml(body)
            encrypt = root.value("Encrypt")
            if not encrypt and self.mode in {"compat", "plain"}:
                return body
            check(root.value("MsgSignature"), self.token, root.value("TimeStamp"), root.value("Nonce"), encrypt)
            return self.cipher.decrypt(encrypt)
        except CallbackFault:
            raise WrongAnswerError("envelope, signature or encryption of the answer is wrong") from None


def answer_text(xml: bytes, *, person: str, account: str) -> str:
    """The text that an opened answer shows; WrongAnswerError when it breaks a rule of passive replies."""
    try:
        root = parse_xml(xml)
    except CallbackFault:
        raise WrongAnswerError("answer is not XML") from None
    if (root.value("ToUserName"), root.value("FromUserName")) != (person, account):
        raise WrongAnswerError("To and From of the answer are not swapped")
    if root.value("MsgType") != "text" or not root.value("CreateTime").isdecimal():
        raise WrongAnswerError("answer is not a text with MsgType and CreateTime")
    return _content(root, xml)


def _content(root: Node, xml: bytes) -> str:
    content = root.raw("Content")
    if not content.strip() or b"<Content><![CDATA[" not in xml:
        raise WrongAnswerError("Content is empty or not CDATA")
    if len(content.encode()) > TEXT_BYTES:
        raise WrongAnswerError(f"Content is longer than {TEXT_BYTES} bytes")
    return content


def message_xml(fields: Fields) -> str:
    """`<xml>` around the fields."""
    return "<xml>" + "".join(element(name, value) for name, value in fields.items()) + "</xml>"


def element(name: str, value: Any) -> str:
    """One node: numbers bare, text in CDATA, a mapping as children, a list as repeated nodes."""
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(element(inner, item) for inner, item in value.items())}</{name}>"
    if isinstance(value, list):
        return "".join(element(name, item) for item in value)
    if isinstance(value, str):
        return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
    return f"<{name}>{value}</{name}>"


def fresh_nonce() -> str:
    """Ten digits, as in the platforms' deliveries."""
    return str(secrets.randbelow(9 * 10**9) + 10**9)


def verification(seal: Seal, *, now: int, encrypted: bool) -> tuple[str, str]:
    """The query of a verification GET, and the body that answers it."""
    nonce, echo = fresh_nonce(), str(secrets.randbelow(10**19))
    if not encrypted:
        return _query(
            signature=sign(seal.token, str(now), nonce), timestamp=str(now), nonce=nonce, echostr=echo
        ), echo
    sealed = seal.cipher.encrypt(echo.encode())
    signed = sign(seal.token, str(now), nonce, sealed)
    return _query(msg_signature=signed, timestamp=str(now), nonce=nonce, echostr=sealed), echo


def _query(**parameters: str) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
