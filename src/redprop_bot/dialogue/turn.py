"""One message: who speaks, what is meant, what is done, what is answered — inside one transaction.

This is the only place that catches what a step refuses. A handler that breaks leaves the message in the inbox,
marked failed, with a reference that the person is told; it can be replayed from there.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from redprop_bot.dialogue import platform
from redprop_bot.dialogue.session import Session
from redprop_bot.errors import Refused, Untrusted
from redprop_bot.loop.actor import Actor, speaking
from redprop_bot.notify import waiting, words
from redprop_bot.notify.words import Reads
from redprop_bot.ports import Channel, Inbound, Kind
from redprop_bot.registry import people as registry_people
from redprop_bot.registry.people import Speaker
from redprop_bot.registry.register import REVISION, Register, register, seen
from redprop_bot.rules.flow import AT_WORK
from redprop_bot.rules.roles import BYSTANDERS, CONFIDENTIAL, TRUSTED, Capacity
from redprop_bot.store import arrivals, messages, people
from redprop_bot.store.tables import Demand, Inbox
from redprop_bot.store.tx import Tx
from redprop_bot.understand.reader import Reader

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of a reply: the key of its wording and the slots in it."""

    key: str
    slots: dict[str, Any]


@dataclass
class Turn:
    """Everything a handler needs; it adds to `said` and to the transaction."""

    tx: Tx
    inbound: Inbound
    speaker: Speaker
    session: Session
    reader: Reader
    said: list[Said] = field(default_factory=list)
    keeps_place: bool = True  # False: the position in this message was used and is not kept
    goes_with: str | None = None  # what the words of this message, and of the answer, are let go with

    @property
    def actor(self) -> Actor:
        """The speaker as the loop sees them."""
        return speaking(self.speaker)

    @property
    def person_id(self) -> int:
        """Key of the speaker."""
        assert self.speaker.person.id is not None
        return self.speaker.person.id

    @property
    def register(self) -> Register:
        """The register as of this transaction."""
        return register(self.tx)

    def say(self, key: str, **slots: Any) -> None:
        """Add to the reply."""
        self.said.append(Said(key, slots))

    def about(self, demand: Demand, *, contact: bool = False) -> dict[str, Any]:
        """The slots about a demand, as far as the speaker may know it; `contact` is for those who go there.

        No due time while nobody has it or its clock stands still: that would be a promise that nobody made.
        """
        found = words.slots(self.tx, demand, self._reads(demand, contact=contact))
        return found if demand.stage in AT_WORK else {**found, "due": ""}

    def _reads(self, demand: Demand, *, contact: bool) -> Reads:
        if demand.reporter_id == self.person_id:
            return Reads.CONTACT if contact else Reads.STAFF
        held = self.actor.capacities(self.tx, demand)
        if not held - BYSTANDERS and (self.speaker.posts or self.speaker.member):
            return Reads.PASSER_BY
        if not held - BYSTANDERS - {Capacity.SUPPORTER}:
            return Reads.RESIDENTS  # a neighbour who reported the same
        if demand.intent in CONFIDENTIAL and not held & TRUSTED:
            return Reads.ACCUSED
        return Reads.CONTACT if contact else Reads.STAFF

    def attempt(self, step: Callable[[], Demand]) -> Demand | None:
        """Do a step; what it refuses is undone and becomes words."""
        try:
            with self.tx.savepoint():
                return step()
        except Refused as refusal:
            self.refuse(refusal)
            return None

    def refuse(self, refusal: Refused) -> None:
        """Say why something was not done."""
        key = f"error.{refusal.code}"
        known = key in self.tx.content.replies
        labels = self.tx.content.labels
        slots = {"no": "", **refusal.slots}
        if "act" in slots:
            slots["act"] = labels.act.get(slots["act"], slots["act"])
        if "now" in slots:  # where a mediation stands
            slots["now"] = labels.mediation.get(slots["now"], slots["now"])
        if "stage" in slots:
            slots["stage"] = labels.stage.get(slots["stage"], slots["stage"])
        self.say(key if known else "error.refused", **slots)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the callback answers; `text` may be empty: nothing is said then. `said` is for those who test."""

    text: str
    repeated: bool = False
    failed: bool = False
    said: tuple[Said, ...] = ()
    keeps_place: bool = True
    goes_with: str | None = None


Handler = Callable[[Turn], None]


def take(
    tx: Tx, inbound: Inbound, handler: Handler, reader: Reader, *, replay_key: str = "", body_hash: str = ""
) -> Answer:
    """Take in one delivery. The same message again gets the stored answer and changes nothing."""
    if replay_key and not messages.used(tx, replay_key, body_hash):
        raise Untrusted
    people.in_turn(tx, inbound.channel, inbound.sender)
    arrival = arrivals.look(tx, inbound.channel, inbound.key, inbound.sender, revision=REVISION)
    if arrival.reply is not None:
        return Answer(arrival.reply, repeated=True)
    seen(tx, arrival.revision)

    def who() -> Speaker:
        person = arrival.person or people.add(tx, inbound.channel, inbound.sender)
        return registry_people.speaker(register(tx), person, arrival.talk, is_new=arrival.person is None)

    handled = _handle(tx, inbound, who, handler, reader)
    waits = waiting.heard(tx, inbound)  # the platform counts from it, whatever became of it here
    if isinstance(handled, Exception):
        row = tx.insert(Inbox, **_received(tx, inbound), status="failed")
        assert row.id is not None
        return _failed(tx, row.id, handled)
    if waits:
        alarm = any(said.slots.get("lead") for said in handled.said)
        handled = replace(handled, text=waiting.beside(tx, inbound.sender, handled.text, alarm=alarm))
    kept = inbound if handled.keeps_place else replace(inbound, latitude=None, longitude=None, label="")
    answered = {"status": "done", "reply": handled.text, "reference": handled.goes_with}
    tx.insert_many(Inbox, [_received(tx, kept) | answered])
    return handled


def replay(tx: Tx, row: Inbox, handler: Handler, reader: Reader) -> Answer:
    """Handle a failed message of the inbox once more."""
    assert row.id is not None
    inbound = inbound_of(row)
    who = partial(registry_people.identify, tx, inbound.channel, inbound.sender)
    handled = _handle(tx, inbound, who, handler, reader)
    if isinstance(handled, Exception):
        return _failed(tx, row.id, handled)
    messages.settle(tx, row.id, status="done", reply=handled.text)
    return handled


def _handle(
    tx: Tx, inbound: Inbound, who: Callable[[], Speaker], handler: Handler, reader: Reader
) -> Answer | Exception:
    """The answer, or what broke: nothing of the step has happened then."""
    try:
        with tx.savepoint():
            said: tuple[Said, ...] = ()
            keeps_place, goes_with = True, None
            if inbound.event in platform.EVENTS:
                platform.take(tx, inbound)
            else:
                turn = _spoken(tx, inbound, who(), handler, reader)
                said, keeps_place, goes_with = tuple(turn.said), turn.keeps_place, turn.goes_with
            text = "\n\n".join(tx.content.replies.say(s.key, **s.slots) for s in said)
    except Exception as error:
        if tx.must_pass(error):
            raise
        return error
    return Answer(text, said=said, keeps_place=keeps_place, goes_with=goes_with)


def _spoken(tx: Tx, inbound: Inbound, speaker: Speaker, handler: Handler, reader: Reader) -> Turn:
    people.meet(tx, speaker.person)
    turn = Turn(tx, inbound, speaker, Session.load(speaker.talk, tx.now), reader)
    handler(turn)
    people.keep_talk(tx, turn.person_id, turn.session.save())
    return turn


def _failed(tx: Tx, inbox_id: int, error: Exception) -> Answer:
    reference = f"F{inbox_id:04d}"
    log.error("message %s of the inbox could not be handled", inbox_id, exc_info=error)
    text = tx.content.replies.say("error.failed", reference=reference)
    messages.settle(tx, inbox_id, status="failed", reply=text, error=type(error).__name__, reference=reference)
    return Answer(text, failed=True)


def _received(tx: Tx, inbound: Inbound) -> dict[str, Any]:
    return {
        "channel": inbound.channel.value,
        "key": inbound.key,
        "sender": inbound.sender,
        "kind": inbound.kind.value,
        "payload": _payload(inbound),
        "created_at": inbound.created_at,
        "received_at": tx.now,
    }


def _payload(inbound: Inbound) -> dict[str, Any]:
    return {
        "text": inbound.text,
        "media_id": inbound.media_id,
        "event": inbound.event,
        "event_key": inbound.event_key,
        "latitude": inbound.latitude,
        "longitude": inbound.longitude,
        "label": inbound.label,
        "task_id": inbound.task_id,
        "response_code": inbound.response_code,
        "extra": dict(inbound.extra),
    }


def inbound_of(row: Inbox) -> Inbound:
    """The message of an inbox row."""
    return Inbound(Channel(row.channel), row.key, row.sender, Kind(row.kind), row.created_at, **row.payload)
