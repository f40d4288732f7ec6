"""Passive replies: the XML or JSON that goes back in the answer to a callback.

Rendered by wechatpy's `TextReply`, which escapes nothing: what is handed to it here has been cut, cleaned and
split at `]]>` before. The encrypted envelope around it is ours, for its order of nodes and its signature.
"""

import json
import secrets
from datetime import datetime
from functools import cache
from typing import Any

from redprop_bot.channels.crypto import Cipher, sign
from redprop_bot.channels.texts import PASSIVE_BYTES, cut_bytes, harmless

_ENVELOPE = (
    "<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
    "<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
)


def cdata(text: str) -> str:
    """Text that may stand inside CDATA: an end mark in it is split over two sections."""
    return text.replace("]]>", "]]]]><![CDATA[>")


@cache
def _text_reply() -> Any:
    """Give the class of wechatpy, imported at its first use: loading it opens a socket."""
    from wechatpy.replies import TextReply  # noqa: PLC0415

    return TextReply


def text_xml(*, to: str, sender: str, text: str, at: datetime) -> str:
    """A text reply; `to` and `sender` are already swapped."""
    reply = _text_reply()(
        source=cdata(sender),
        target=cdata(to),
        time=int(at.timestamp()),
        content=cdata(cut_bytes(harmless(text), PASSIVE_BYTES)),
    )
    return str(reply.render())


def text_json(*, to: str, sender: str, text: str, at: datetime) -> str:
    """The same reply in the JSON form."""
    content = cut_bytes(harmless(text), PASSIVE_BYTES)
    reply = {
        "ToUserName": to,
        "FromUserName": sender,
        "CreateTime": int(at.timestamp()),
        "MsgType": "text",
        "Content": content,
    }
    return json.dumps(reply, ensure_ascii=False)


def sealed(xml: str, *, cipher: Cipher, token: str, at: datetime) -> bytes:
    """The encrypted envelope around a reply, with a nonce of our own."""
    encrypt, signature, timestamp, nonce = _sealing(xml, cipher, token, at)
    return _ENVELOPE.format(encrypt=encrypt, signature=signature, timestamp=timestamp, nonce=nonce).encode()


def sealed_json(text: str, *, cipher: Cipher, token: str, at: datetime) -> bytes:
    """The same envelope in the JSON form; its time is a number."""
    encrypt, signature, timestamp, nonce = _sealing(text, cipher, token, at)
    envelope = {"Encrypt": encrypt, "MsgSignature": signature, "TimeStamp": int(timestamp), "Nonce": nonce}
    return json.dumps(envelope).encode()


def _sealing(text: str, cipher: Cipher, token: str, at: datetime) -> tuple[str, str, str, str]:
    encrypt = cipher.encrypt(text.encode())
    timestamp, nonce = str(int(at.timestamp())), str(secrets.randbelow(9 * 10**9) + 10**9)
    return encrypt, sign(token, timestamp, nonce, encrypt), timestamp, nonce
