"""The Official Account's callback: verification, deliveries in plain, compat and safe mode, passive replies.

    mode     proven by                          content taken from        reply leaves
    plain    signature (does not cover body)    the body                  plain
    compat   msg_signature                      Encrypt; plain twins not  encrypted
    safe     msg_signature                      Encrypt                   encrypted

What came as JSON, which an account may choose instead of XML, is answered as JSON.

In compat and safe mode nothing plain is accepted, whatever the query claims: that would be a downgrade. HTTP
and storage do not live here.
"""

from redprop_bot.channels.crypto import Cipher, check
from redprop_bot.channels.delivery import Delivery, bounded, delivered, read_sealed
from redprop_bot.channels.nodes import parse_body
from redprop_bot.channels.query import Query
from redprop_bot.channels.reading import read
from redprop_bot.channels.replies import sealed, sealed_json, text_json, text_xml
from redprop_bot.errors import Untrusted
from redprop_bot.ports import Channel, Clock
from redprop_bot.settings import OfficialAccountSettings

ACKNOWLEDGED = b"success"  # in clear in every mode


class OfficialAccount:
    """The callback of one Official Account."""

    def __init__(self, settings: OfficialAccountSettings, clock: Clock) -> None:
        self._token = settings.token.get_secret_value()
        self._encrypted = settings.mode != "plain"
        key = settings.aes_key
        self._cipher = Cipher(key.get_secret_value(), settings.app_id) if key and self._encrypted else None
        self._clock = clock

    def verify(self, query: Query) -> str:
        """The echostr to answer a GET with, verbatim as `text/plain`; Untrusted or Malformed."""
        timestamp = query.fresh_timestamp(self._clock.now())
        check(query.signature("signature"), self._token, timestamp, query.need("nonce"))
        return query.need("echostr")

    def receive(self, query: Query, body: bytes) -> Delivery:
        """The delivery in a POST; raises a CallbackFault and nothing else."""
        bounded(body)
        if self._cipher is None:
            return self._receive_plain(query, body)
        return self._receive_encrypted(self._cipher, query, body)

    def reply(self, delivery: Delivery, text: str) -> bytes:
        """The response body that shows `text` to the person; nothing to say is a plain `success`."""
        if not text or not delivery.person:
            return ACKNOWLEDGED
        now = self._clock.now()
        write, seal = (text_json, sealed_json) if delivery.json else (text_xml, sealed)
        plain = write(to=delivery.person, sender=delivery.account, text=text, at=now)
        if self._cipher is None:
            return plain.encode()
        return seal(plain, cipher=self._cipher, token=self._token, at=now)

    def _receive_plain(self, query: Query, body: bytes) -> Delivery:
        timestamp = query.fresh_timestamp(self._clock.now())
        signature = query.signature("signature")
        check(signature, self._token, timestamp, query.need("nonce"))
        reading = read(Channel.OA, parse_body(body))
        return delivered(reading, replay_key=f"oa:{signature}", body=body, encrypted=False)

    def _receive_encrypted(self, cipher: Cipher, query: Query, body: bytes) -> Delivery:
        if query.get("encrypt_type") not in {"", "aes"}:
            raise Untrusted
        timestamp, nonce = query.fresh_timestamp(self._clock.now()), query.need("nonce")
        signature = query.signature("msg_signature")
        encrypt = parse_body(body).value("Encrypt")
        check(signature, self._token, timestamp, nonce, encrypt)
        reading = read_sealed(Channel.OA, cipher, encrypt)
        return delivered(reading, replay_key=f"oa:{signature}", body=body, encrypted=True)
