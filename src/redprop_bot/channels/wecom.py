"""The WeCom application's callback: verification with an encrypted echostr, deliveries, passive replies.

Always encrypted; the receiver id is the corp id. HTTP and storage do not live here.
"""

from redprop_bot.channels.crypto import Cipher, check
from redprop_bot.channels.delivery import Delivery, bounded, delivered, read_sealed
from redprop_bot.channels.nodes import parse_xml
from redprop_bot.channels.query import Query
from redprop_bot.channels.replies import sealed, text_xml
from redprop_bot.errors import Untrusted
from redprop_bot.ports import Channel, Clock
from redprop_bot.settings import WorkSettings

ACKNOWLEDGED = b""  # WeCom takes any 200 with an empty body; `success` is the other platform's word
SYSTEM = "sys"  # the sender of directory changes: nobody reads a reply


class WeCom:
    """The callback of one WeCom application."""

    def __init__(self, settings: WorkSettings, clock: Clock) -> None:
        self._token = settings.token.get_secret_value()
        self._cipher = Cipher(settings.aes_key.get_secret_value(), settings.corp_id)
        self._clock = clock

    def verify(self, query: Query) -> str:
        """The decrypted echostr to answer a GET with, verbatim as `text/plain`; Untrusted or Malformed."""
        echo = query.need("echostr")
        self._check(query, echo)
        try:
            return self._cipher.decrypt(echo).decode()
        except UnicodeDecodeError:
            raise Untrusted from None

    def receive(self, query: Query, body: bytes) -> Delivery:
        """The delivery in a POST; raises a CallbackFault and nothing else."""
        encrypt = parse_xml(bounded(body)).value("Encrypt")
        signature = self._check(query, encrypt)
        reading = read_sealed(Channel.WORK, self._cipher, encrypt)
        return delivered(reading, replay_key=f"work:{signature}", body=body, encrypted=True)

    def reply(self, delivery: Delivery, text: str) -> bytes:
        """The response body that shows `text` to the member; nothing to say is an empty body."""
        if not text or delivery.person in {"", SYSTEM}:
            return ACKNOWLEDGED
        now = self._clock.now()
        xml = text_xml(to=delivery.person, sender=delivery.account, text=text, at=now)
        return sealed(xml, cipher=self._cipher, token=self._token, at=now)

    def _check(self, query: Query, encrypt: str) -> str:
        timestamp, nonce = query.fresh_timestamp(self._clock.now()), query.need("nonce")
        signature = query.signature("msg_signature")
        check(signature, self._token, timestamp, nonce, encrypt)
        return signature
