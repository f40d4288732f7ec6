"""What one callback turned out to be, and the checks that both platforms share.

Delivery.outcome   handled    `inbound` is set: give it to the dialogue
                   ignored    known, and nothing of ours: acknowledge
                   unknown    not in any list: acknowledge, log, count by `event`
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

from redprop_bot.channels.crypto import Cipher
from redprop_bot.channels.nodes import is_json, parse_body
from redprop_bot.channels.reading import Reading, read
from redprop_bot.errors import Malformed, TooBig, Untrusted
from redprop_bot.ports import Channel, Inbound

# The longest known delivery: a tag change naming 1 000 members of 64 characters twice, in Base64, 171 KiB.
BODY_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified callback.

    `replay_key` is the same for every use of the same signed query, `body_hash` for the same bytes: a known
    replay_key with the same body_hash gets the stored answer again, with another one it is Untrusted.
    `event` is lower-case and safe as a label: the event, or `message:<type>`.
    `person` and `account` are From and To as sent; `encrypted` and `json` say how the reply must leave.
    """

    inbound: Inbound | None
    replay_key: str
    body_hash: str
    outcome: Literal["handled", "ignored", "unknown"]
    event: str
    person: str
    account: str
    encrypted: bool
    json: bool = False


def bounded(body: bytes) -> bytes:
    """The body; TooBig above the limit."""
    if len(body) > BODY_LIMIT:
        raise TooBig
    return body


def read_sealed(channel: Channel, cipher: Cipher, encrypt: str) -> Reading:
    """What a ciphertext says; a fault of any kind inside is the same bare Untrusted."""
    try:
        return read(channel, parse_body(cipher.decrypt(encrypt)))
    except Malformed:
        raise Untrusted from None


def delivered(reading: Reading, *, replay_key: str, body: bytes, encrypted: bool) -> Delivery:
    """Put the reading together with what the platform's envelope said."""
    return Delivery(
        inbound=reading.inbound,
        replay_key=replay_key,
        body_hash=hashlib.sha256(body).hexdigest(),
        outcome=reading.outcome,
        event=reading.event,
        person=reading.person,
        account=reading.account,
        encrypted=encrypted,
        json=is_json(body),
    )
