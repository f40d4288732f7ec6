"""Passive replies: the XML that goes back in the answer to a callback.

Rendered by wechatpy's `TextReply`, which escapes nothing: what is handed to it here has been cut, cleaned and
split at `]]>` before. The encrypted envelope around it is ours, for its order of nodes and its signature.
"""

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


def sealed(xml: str, *, cipher: Cipher, token: str, at: datetime) -> bytes:
    """The encrypted envelope around a reply, with a nonce of our own."""
    encrypt = cipher.encrypt(xml.encode())
    timestamp, nonce = str(int(at.timestamp())), str(secrets.randbelow(9 * 10**9) + 10**9)
    signature = sign(token, timestamp, nonce, encrypt)
    return _ENVELOPE.format(encrypt=encrypt, signature=signature, timestamp=timestamp, nonce=nonce).encode()
